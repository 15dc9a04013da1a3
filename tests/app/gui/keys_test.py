"""Keys given to actions in the F1 window, with a real pointer: they work at once and after a restart, and none has two meanings."""

import json
import pathlib
import shutil
import sys
import tempfile

from support import Studio

program = sys.argv[1]
ARGUMENTS = ("--model", "made-up.safetensors", "--step-ms", 1)


def row(studio, name):
    """Brings the action's row into view, whole, and returns its widget."""
    name = f"shortcuts.{name}"
    x, y, w, h = studio.widget("shortcuts.close")["rect"]
    over = "mousemove", x + w, y - 320
    studio.xdotool(*over, "click", "--repeat", 80, "--delay", 5, 4)
    for _ in range(80):
        studio.settle()
        found = studio.map()["widgets"].get(name)
        if found and found["rect"][3] >= 12:
            return name
        studio.xdotool(*over, "click", 5)
    raise AssertionError(f"{name} is not in the list")


def open_list(studio):
    studio.press("F1")
    studio.widget("shortcuts.close")


def close_list(studio):
    studio.click("shortcuts.close")
    studio.wait("the list to close", lambda m: "shortcuts.close" not in m["widgets"], 20)


def ready(studio):
    studio.wait("the model", lambda m: m["engine"] == "ready" and m["widgets"].get("generate.run", {}).get("enabled"))


def start_image(studio, there):
    studio.wait("a start image" if there else "none", lambda m: ("generate.start_image" in m["widgets"]) == there, 30)


def given_and_used(studio):
    open_list(studio)
    name = row(studio, "start_from")
    assert studio.value(name) == ""
    studio.click(name)
    studio.with_ctrl(lambda: studio.press("e"))
    studio.expect(name, "Ctrl+E")
    close_list(studio)
    studio.click("grid.1")
    studio.with_ctrl(lambda: studio.press("e"))
    start_image(studio, True)
    studio.click("generate.start_image.remove")
    start_image(studio, False)


def not_while_typing(studio):
    studio.click("export.path")
    studio.with_ctrl(lambda: studio.press("e"))
    studio.press("Tab")
    studio.settle()
    start_image(studio, False)


def refused_left_and_taken_away(studio):
    open_list(studio)
    name = row(studio, "compare")
    studio.click(name)
    studio.press("r")
    studio.wait("why not", lambda m: "“Make the selected sprites anew”" in m["widgets"].get("shortcuts.told", {}).get("value", ""), 20)
    studio.press("Escape")
    studio.expect(name, "B")
    studio.press("F1")
    studio.wait("the list to close", lambda m: "shortcuts.close" not in m["widgets"], 20)
    open_list(studio)
    studio.click(row(studio, "compare"))
    studio.press("Delete")
    studio.expect("shortcuts.compare", "")
    assert studio.widget(row(studio, "select.left"))["enabled"] is False, "a fixed key can be changed"
    close_list(studio)
    studio.click("grid.0")
    studio.press("b")
    studio.settle()
    assert "grid.before.0" not in studio.map()["widgets"], "B still compares"
    studio.with_ctrl(lambda: studio.press("2"))
    studio.widget("gallery.search")
    studio.with_ctrl(lambda: studio.press("1"))
    studio.widget("generate.run")


def kept_over_a_restart(home):
    with Studio(program, *ARGUMENTS, home=home) as studio:
        ready(studio)
        studio.generate()
        studio.click("grid.0")
        studio.with_ctrl(lambda: studio.press("e"))
        start_image(studio, True)
        open_list(studio)
        studio.expect(row(studio, "start_from"), "Ctrl+E")
        studio.click("shortcuts.reset")
        studio.expect(row(studio, "start_from"), "")
        studio.expect(row(studio, "compare"), "B")
        close_list(studio)
        assert studio.quit() == 0
    assert json.loads((home / "settings.json").read_text())["keys"] == {}


def keys_that_cannot_be(home):
    settings = json.loads((home / "settings.json").read_text())
    settings["keys"] = {"no.such": "q", "tile": "b", "live": "ctrl+l"}
    (home / "settings.json").write_text(json.dumps(settings))
    with Studio(program, *ARGUMENTS, home=home) as studio:
        ready(studio)
        told = studio.map()["notices"]
        assert any("no.such" in n["message"] and "tile" in n["message"] and "live" not in n["message"] for n in told), told
        open_list(studio)
        studio.expect(row(studio, "live"), "Ctrl+L")
        studio.expect(row(studio, "tile"), "T")
        close_list(studio)
        assert studio.quit() == 0


own_home = pathlib.Path(tempfile.mkdtemp(prefix="spritekiln-home-"))
try:
    with Studio(program, *ARGUMENTS, home=own_home) as studio:
        ready(studio)
        studio.generate()
        studio.generate()
        given_and_used(studio)
        not_while_typing(studio)
        refused_left_and_taken_away(studio)
        assert studio.quit() == 0
    assert json.loads((own_home / "settings.json").read_text())["keys"] == {"compare": "", "start_from": "Ctrl+E"}
    kept_over_a_restart(own_home)
    keys_that_cannot_be(own_home)
finally:
    shutil.rmtree(own_home)
print("keys are given, refused, taken away and remembered")
