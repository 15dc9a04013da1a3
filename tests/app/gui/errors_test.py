"""What goes wrong is told in two lines, and nothing is lost by it. An idle window draws nothing."""

import pathlib
import sys
import time

from drop import drop
from support import Picture, Studio

program, model = sys.argv[1:3]


def error_told(studio, words):
    found = studio.wait(f"an error about {words}", lambda m: any(n["kind"] == "error" and words in n["message"] + n["hint"] for n in m["notices"]))
    notice = next(n for n in found["notices"] if n["kind"] == "error" and words in n["message"] + n["hint"])
    assert notice["message"] and notice["hint"], notice
    return notice


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
    error_can_be_copied(studio)
    studio.expect("generate.model", str(model))  # the one that was open is not lost
    studio.generate()


def error_can_be_copied(studio):
    """Whole, with what only a report needs."""
    notice = studio.map()["notices"][-1]
    path = studio.value("export.path")
    studio.click("notice.copy")
    copied = studio.pasted()
    for part in ("hint", "detail"):
        assert "".join(c for c in notice[part] if c >= " ") in copied, (part, notice, copied)
    assert notice["message"][1:] in copied
    studio.type_into_field("export.path", path)


def told_where_the_hand_is(studio):
    """In every tab, and in the windows that lie over one; others that are told can be looked at."""
    picture = Picture(16, 16, 4, bytes(1024)).to_png()
    (studio.folder / "damaged.png").write_bytes(picture[:-20])
    studio.click("tab.lab")
    drop(studio, studio.folder / "damaged.png")
    error_told(studio, "damaged.png")
    for tab in ("lab", "gallery", "data", "train", "generate"):
        studio.click(f"tab.{tab}")
        studio.wait(f"it in {tab}", lambda m: "damaged.png" in m["widgets"].get("notice", {}).get("value", ""), 20)
        studio.picture(tab)
    studio.click("grid.0")
    studio.press("e")
    studio.widget("edit.sprite")
    assert "damaged.png" in studio.value("notice")
    studio.press("Escape")
    studio.widget("edit.open")
    studio.type_into_field("export.path", studio.folder / "file" / "sheet.png")
    studio.click("export.options")
    studio.click("export.run")
    notice = error_told(studio, "cannot be written")
    studio.wait("it in the window", lambda m: m["widgets"]["notice"]["value"][1:] == notice["message"][1:])
    row, told = studio.widget("export.close")["rect"], studio.widget("notice")["rect"]
    assert abs(row[1] + row[3] / 2 - told[1] - told[3] / 2) < 6, "it is told behind the window"
    studio.picture("export")
    studio.click("notice.next")
    studio.wait("the other one", lambda m: "damaged.png" in m["widgets"]["notice"]["value"])
    studio.click("notice.dismiss")
    studio.click("export.close")
    studio.wait("the window to close", lambda m: "export.close" not in m["widgets"])
    while studio.map()["notices"]:
        studio.click("notice.dismiss")
        studio.settle()


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
    studio.picture("unwritable_destination")
    cut_off_model(studio)
    studio.picture("cut_off_model")
    told_where_the_hand_is(studio)
    studio.picture("told_where_the_hand_is")
    idle_window_sleeps(studio)
    studio.picture("idle_window_sleeps")
    assert studio.quit() == 0
no_engine()
