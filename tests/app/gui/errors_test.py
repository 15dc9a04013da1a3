"""What goes wrong is told in two lines, and nothing is lost by it. An idle window draws nothing."""

import pathlib
import sys
import time

from support import Studio

program, model = sys.argv[1:3]


def error_told(studio, words):
    found = studio.wait(f"an error about {words}", lambda m: any(n["kind"] == "error" and words in n["message"] + n["hint"] for n in m["notices"]))
    notice = next(n for n in found["notices"] if n["kind"] == "error" and words in n["message"] + n["hint"])
    assert notice["message"] and notice["hint"], notice


def unwritable_destination(studio):
    studio.type_into_slider("generate.steps", "5")
    studio.generate()
    (studio.folder / "file").write_text("in the way")
    studio.type_into_field("export.path", studio.folder / "file" / "sheet.png")
    studio.click("export.sheet")
    error_told(studio, "cannot be written")
    assert (studio.folder / "file").read_text() == "in the way"
    studio.click("notice.dismiss")
    studio.wait("nothing told", lambda m: not m["notices"])


def cut_off_model(studio):
    studio.click("generate.model")
    studio.click("generate.model.cut")
    error_told(studio, "cut")
    studio.expect("generate.model", str(model))  # the one that was open is not lost
    studio.generate()


def idle_window_sleeps(studio):
    studio.xdotool("mousemove", 5, 300)
    studio.settle()
    time.sleep(1.5)
    before = studio.map()["frames"]
    time.sleep(3)
    assert studio.map()["frames"] - before <= 3, f"{studio.map()['frames'] - before} frames were drawn with nothing to show"


def no_engine():
    with Studio(program, "--model", model, environment={"SPRITEKILN_ENGINE": "/nonexistent/engine.so"}) as studio:
        error_told(studio, "")
        assert studio.map()["engine"] == "failed"
        assert studio.widget("generate.run")["enabled"] is False
        assert studio.quit() == 0


with Studio(program, "--model", model) as studio:
    (studio.home / "models").mkdir()
    (studio.home / "models" / "cut.safetensors").write_bytes(pathlib.Path(model).read_bytes()[:5000])
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
    unwritable_destination(studio)
    cut_off_model(studio)
    idle_window_sleeps(studio)
    assert studio.quit() == 0
no_engine()
