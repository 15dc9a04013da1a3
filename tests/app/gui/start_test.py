"""What an artist does first, while the engine still starts, is done as soon as it is there."""

import pathlib
import sys
import tempfile

from support import Studio

program = sys.argv[1]


def with_starting_engine(test):
    """Calls `test` with a window whose engine is not there until the function that it gets, too, is called."""
    with tempfile.TemporaryDirectory(prefix="spritekiln-gui-") as folder:
        gate = pathlib.Path(folder) / "gate"
        with Studio(program, "--model", "small16.safetensors", "--step-ms", 20, "--wait-for", gate) as studio:
            studio.wait("the window", lambda m: m["engine"] == "starting" and "generate.run" in m["widgets"])
            test(studio, gate.touch)
            gate.touch()


def generate_is_remembered(studio, start):
    studio.click("generate.run")
    studio.widget("generate.wait")
    assert studio.job() is None
    start()
    studio.wait("the sprites", lambda m: m["job"] and m["job"]["state"] == "done", 60)


def generate_by_key_can_be_taken_back(studio, start):
    studio.xdotool("key", "ctrl+Return")
    studio.widget("generate.wait")
    studio.click("generate.wait")
    studio.widget("generate.run")
    studio.xdotool("key", "ctrl+Return")
    studio.widget("generate.wait")
    studio.xdotool("key", "Escape")
    studio.widget("generate.run")
    start()
    studio.wait("the engine", lambda m: m["engine"] == "ready")
    studio.settle()
    assert studio.job() is None, "what was taken back was done"


def a_set_is_opened(studio, start):
    sprites = studio.home / "sprites"
    sprites.mkdir()
    studio.click("tab.data")
    studio.click("data.path")
    studio.xdotool("type", "--delay", 0, str(sprites))
    studio.xdotool("key", "Return")
    studio.wait("the set waiting to be read", lambda m: m["data"]["busy"])


with_starting_engine(generate_is_remembered)
with_starting_engine(generate_by_key_can_be_taken_back)
with_starting_engine(a_set_is_opened)
