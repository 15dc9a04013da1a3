"""The grid with a real pointer: selecting, making some sprites anew, deleting and undoing, commands that make them again, comparing; and
the first start, which shows sprites by itself, and the next, which shows the same ones."""

import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from support import Picture, Studio

program, model = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3])


def rect(studio, name):
    return studio.widget(name)["rect"]


def pixels(studio, name):
    return studio.display.fingerprint([rect(studio, name)])


def selected(studio, *places):
    wanted = ",".join(map(str, places))
    studio.wait(f"{wanted or 'nothing'} selected", lambda m: m["widgets"].get("grid.selection", {}).get("value") == wanted, 20)


def with_key(studio, key, action):
    studio.xdotool("keydown", key)
    time.sleep(0.15)
    action()
    studio.xdotool("keyup", key)
    time.sleep(0.1)


def away(studio):
    """Where the pointer hovers over nothing that changes by it."""
    studio.xdotool("mousemove", 500, 20)
    studio.settle()


def drag(studio, start, end):
    studio.xdotool("mousemove", *start)
    time.sleep(0.1)
    studio.xdotool("mousedown", 1)
    time.sleep(0.1)
    studio.xdotool("mousemove", (start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
    time.sleep(0.1)
    studio.xdotool("mousemove", *end)
    time.sleep(0.1)
    studio.xdotool("mouseup", 1)


def middle(studio, name):
    x, y, w, h = rect(studio, name)
    return x + w // 2, y + h // 2


def selecting(studio):
    studio.click("grid.1")
    selected(studio, 1)
    with_key(studio, "shift", lambda: studio.click("grid.4"))
    selected(studio, 1, 2, 3, 4)
    studio.with_ctrl(lambda: studio.click("grid.2"))
    selected(studio, 1, 3, 4)
    x, y, w, h = rect(studio, "grid.0")
    drag(studio, (x - 5, y - 5), middle(studio, "grid.1"))  # from empty space
    selected(studio, 0, 1)
    drag(studio, middle(studio, "grid.3"), middle(studio, "grid.4"))  # from a cell, in the second row of three
    selected(studio, 3, 4)
    studio.press("Right")
    selected(studio, 5)
    with_key(studio, "shift", lambda: studio.press("Up"))
    selected(studio, 2, 3, 4, 5)
    studio.with_ctrl(lambda: studio.press("a"))
    selected(studio, *range(6))
    studio.press("Escape")
    selected(studio)


def regenerating(studio):
    for name, key in (("grid.1", None), ("grid.4", "r")):
        studio.press("Escape")
        away(studio)
        before = {i: pixels(studio, f"grid.{i}") for i in range(6)}
        studio.click(name)
        job = studio.job()["id"]
        if key:
            studio.press(key)
        else:
            studio.click("grid.regenerate")
        studio.wait("the new sprite", lambda m: m["job"]["id"] > job and m["job"]["state"] == "done", 120)
        studio.press("Escape")
        away(studio)
        changed = [i for i in before if pixels(studio, f"grid.{i}") != before[i]]
        assert changed == [int(name[5:])], f"sprites {changed} have other pixels"
        studio.with_ctrl(lambda: studio.press("z"))
        away(studio)
        assert all(pixels(studio, f"grid.{i}") == before[i] for i in before), "undo did not bring them back"
        studio.with_ctrl(lambda: studio.press("y"))
        away(studio)


def deleting(studio):
    away(studio)
    before = {i: pixels(studio, f"grid.{i}") for i in range(6)}
    for delete in (lambda: studio.press("Delete"), lambda: studio.click("grid.delete")):
        studio.click("grid.0")
        with_key(studio, "shift", lambda: studio.click("grid.1"))
        delete()
        studio.wait("four sprites", lambda m: "grid.3" in m["widgets"] and "grid.4" not in m["widgets"], 20)
        studio.click("grid.undo")
        studio.wait("six sprites", lambda m: "grid.5" in m["widgets"], 20)
        studio.press("Escape")
        away(studio)
        assert all(pixels(studio, f"grid.{i}") == before[i] for i in before), "undo did not bring them back"


def exported(studio, name, button):
    path = studio.folder / name
    studio.type_into_field("export.path", path)
    studio.click(button)
    studio.wait(f"{name} saved", lambda m: any(n["kind"] == "done" and name in n["message"] for n in m["notices"]), 60)
    return Picture.from_png(path.read_bytes())


def selection_is_exported(studio):
    studio.click("grid.2")
    single = exported(studio, "one.png", "export.png")
    with_key(studio, "shift", lambda: studio.click("grid.3"))
    sheet = exported(studio, "two.png", "export.sheet")
    assert (sheet.width, sheet.height) == (2 * single.width, single.height), (sheet.width, sheet.height)
    assert sheet.region((0, 0, single.width, single.height)) == single.data
    studio.press("Escape")
    sheet = exported(studio, "all.png", "export.sheet")
    assert (sheet.width, sheet.height) == (3 * single.width, 2 * single.height), (sheet.width, sheet.height)


def commands_make_the_same_sprite(studio):
    for place in (1, 5):  # made anew, and with the batch
        studio.click(f"grid.{place}")
        wanted = exported(studio, f"shown{place}.png", "export.png")
        studio.click(f"grid.{place}")
        if place == 1:
            studio.click("sprite.copy_command")
        else:
            studio.with_ctrl(lambda: studio.press("c"))
        words = shlex.split(studio.pasted())
        assert words[:2] == ["spritekiln", "sample"], words
        subprocess.run([program, *words[1:]], cwd=studio.folder, check=True, stdout=subprocess.DEVNULL)
        made = Picture.from_png((studio.folder / words[words.index("--out") + 1]).read_bytes())
        assert made.data == wanted.data, f"the command makes another sprite: {words}"


def tiles_and_background(studio):
    away(studio)
    large, cell = pixels(studio, "large"), pixels(studio, "grid.0")
    studio.click("grid.tile")
    studio.expect("grid.tile", True)
    away(studio)
    assert pixels(studio, "large") != large
    x, y, w, h = rect(studio, "sprite")
    screen = studio.display.screenshot()
    assert screen.region((x, y, w, h)) == screen.region((x - w, y, w, h)) == screen.region((x, y + h, w, h)), "the copies are not alike"
    studio.click("grid.tile")
    seen = {cell}
    for background in ("colour", "meadow", "dungeon", "night"):
        studio.click("grid.background")
        studio.click(f"grid.background.{background}")
        away(studio)
        seen.add(pixels(studio, "grid.0"))
    assert len(seen) == 5, "the background did not change"
    studio.click("grid.background")
    studio.click("grid.background.checkerboard")
    away(studio)
    assert (pixels(studio, "large"), pixels(studio, "grid.0")) == (large, cell)
    zoom = studio.value("large")
    studio.xdotool("mousemove", *middle(studio, "large"), "click", "--repeat", 2, "--delay", 100, 4)
    studio.wait("a larger sprite", lambda m: m["widgets"]["large"]["value"] > zoom, 20)
    left = rect(studio, "sprite")
    studio.xdotool("mousedown", 2)
    time.sleep(0.1)
    studio.xdotool("mousemove_relative", 30, 0)
    time.sleep(0.1)
    studio.xdotool("mouseup", 2)
    studio.settle()
    assert rect(studio, "sprite") != left, "it did not move"
    studio.xdotool("click", "--repeat", 2, "--delay", 80, 1)
    studio.expect("large", zoom)


def comparing(studio):
    away(studio)
    studio.generate()
    for compare in (lambda: studio.press("b"), lambda: studio.click("grid.compare")):
        compare()
        studio.widget("grid.before.5")
        studio.picture("compared")
        compare()
        studio.wait("one batch alone", lambda m: "grid.before.5" not in m["widgets"], 20)


def keeping_several(studio):
    """S keeps all selected sprites in the gallery, and where all are kept, takes all of them out together."""
    def kept(*places):
        studio.wait(f"{places} kept", lambda m: [m["widgets"].get(f"grid.star.{i}", {}).get("value") for i in range(4)] ==
                    [True if i in places else None for i in range(4)], 60)
    studio.click("grid.1")
    studio.press("s")
    away(studio)
    kept(1)
    with_key(studio, "shift", lambda: studio.click("grid.3"))
    selected(studio, 1, 2, 3)
    away(studio)
    studio.press("s")
    kept(1, 2, 3)
    studio.wait("files", lambda m: len(list((studio.home / "gallery").glob("*.png"))) == 3, 60)
    studio.settle()
    studio.press("s")
    kept()
    studio.wait("no files", lambda m: not list((studio.home / "gallery").glob("*.png")), 60)
    studio.click("tab.gallery")
    studio.click("gallery.undo")
    studio.expect("gallery.count", 3)  # they come back together
    studio.click("tab.generate")
    studio.press("Escape")


def first_start(home):
    with Studio(program, "--model", model, home=home, greets=True) as studio:
        found = studio.wait("sprites without a click", lambda m: m["job"] and m["job"]["state"] == "done", 120)
        assert {"hint.class", "hint.generate", "hint.sprite"} <= set(found["widgets"]), sorted(found["widgets"])
        studio.click("grid.3")
        studio.wait("no hints", lambda m: not any(name.startswith("hint.") for name in m["widgets"]), 20)
        studio.press("Escape")
        away(studio)
        names = sorted(name for name in studio.map()["widgets"] if name[:5] == "grid." and name[5:].isdigit())
        shown = [pixels(studio, name) for name in names]
        assert len(set(shown)) == len(shown) >= 4, "the sprites are alike"
        assert studio.quit() == 0
    return shown


def next_start(home, shown):
    with Studio(program, "--model", model, home=home, greets=True) as studio:
        studio.wait("the last sprites", lambda m: f"grid.{len(shown) - 1}" in m["widgets"])
        studio.press("Right")
        studio.press("Right")
        studio.press("Right")
        studio.press("Escape")
        away(studio)
        assert [pixels(studio, f"grid.{i}") for i in range(len(shown))] == shown, "the sprites are others"
        assert studio.job() is None, "they were made again"
        assert studio.quit() == 0


def damaged_batch(home):
    (home / "last-batch.cbor").write_bytes((home / "last-batch.cbor").read_bytes()[:500])
    with Studio(program, "--model", model, home=home, greets=True) as studio:
        studio.wait("new sprites", lambda m: m["job"] and m["job"]["state"] == "done", 120)
        studio.generate()
        assert studio.quit() == 0
    assert "last batch could not be read" in (home / "log.txt").read_text()


with Studio(program, "--model", model) as studio:
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
    studio.type_into_slider("generate.count", "6")
    studio.type_into_slider("generate.steps", "6")
    studio.type_into_field("generate.seed", "7")
    studio.generate()
    selecting(studio)
    studio.picture("selecting")
    regenerating(studio)
    studio.picture("regenerating")
    deleting(studio)
    studio.picture("deleting")
    selection_is_exported(studio)
    studio.picture("selection_is_exported")
    commands_make_the_same_sprite(studio)
    studio.picture("commands_make_the_same_sprite")
    tiles_and_background(studio)
    studio.picture("tiles_and_background")
    comparing(studio)
    keeping_several(studio)
    studio.picture("comparing")
    assert studio.quit() == 0
own_home = pathlib.Path(tempfile.mkdtemp(prefix="spritekiln-home-"))
try:
    sprites = first_start(own_home)
    next_start(own_home, sprites)
    damaged_batch(own_home)
finally:
    shutil.rmtree(own_home)
