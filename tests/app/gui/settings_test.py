"""What was set is there again after a restart, and broken settings do no harm."""

import pathlib
import shutil
import sys
import tempfile

from support import Studio

program, model = sys.argv[1:3]
NUMBERS = {"generate.count": ("4", 4), "generate.steps": ("12", 12), "generate.guidance": ("5.5", 5.5), "export.scale": ("3", 3)}


def ready(studio):
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])


def set_everything(home):
    with Studio(program, "--model", model, home=home) as studio:
        ready(studio)
        for name, (text, value) in NUMBERS.items():
            studio.type_into_slider(name, text)
            studio.expect(name, value)
        studio.click("generate.palette")
        studio.click("generate.palette.fitted")
        studio.expect("generate.palette", "auto:16")
        studio.type_into_slider("generate.palette.count", "8")
        studio.expect("generate.palette", "auto:8")
        studio.click("generate.sampler")
        studio.click("generate.sampler.ddpm")
        studio.expect("generate.sampler", "ddpm")
        studio.click("generate.seed_lock")
        studio.expect("generate.seed_lock", True)
        seed = studio.value("generate.seed")
        studio.double_click_until("generate.count", 16)  # its default
        studio.type_into_slider("generate.count", "4")
        studio.expect("generate.count", 4)
        assert studio.quit() == 0
    return seed


def everything_is_there(home, seed):
    with Studio(program, home=home) as studio:
        ready(studio)
        for name, (_, value) in NUMBERS.items():
            studio.expect(name, value)
        studio.expect("generate.sampler", "ddpm")
        studio.expect("generate.palette", "auto:8")
        studio.expect("generate.seed_lock", True)
        studio.expect("generate.seed", seed)
        studio.expect("generate.model", str(model))
        assert studio.quit() == 0


def broken_settings(home, content):
    (home / "settings.json").write_bytes(content)
    with Studio(program, "--model", model, home=home) as studio:
        ready(studio)
        studio.wait("what became of the settings", lambda m: any("settings" in notice["message"] for notice in m["notices"]))
        studio.expect("generate.count", 16)
        assert studio.quit() == 0


home = pathlib.Path(tempfile.mkdtemp(prefix="spritekiln-home-"))
try:
    everything_is_there(home, set_everything(home))
    broken_settings(home, (home / "settings.json").read_bytes()[:100])
    broken_settings(home, b'{"generate": {"count": {}}}')
finally:
    shutil.rmtree(home)
