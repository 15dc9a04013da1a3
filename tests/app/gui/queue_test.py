"""Batches that wait, with a real pointer: asked for while sprites are made, listed, moved, taken away; none that was made is lost."""

import sys

from support import Studio

program = sys.argv[1]
SLOW = "1000"  # steps: long enough to look at what waits


def choose(studio, name, steps):
    studio.type_into_slider("generate.steps", steps)
    studio.click(f"generate.class.{name}")
    studio.expect(f"generate.class.{name}", True)


def waits(studio, count):
    return studio.wait(f"{count} waiting", lambda m: m["widgets"].get("header.queue", {}).get("value") == (count or None), 60)


def listed(studio, *classes):
    def holds(m):
        names = [m["widgets"].get(f"queue.{i}", {}).get("value", "").split(",")[0] for i in range(len(classes) + 1)]
        return names == [*classes, ""]
    studio.wait(f"{classes} listed", holds, 60)


def wait_for_end(studio, name):
    studio.wait(f"sprites of {name}", lambda m: m["job"]["state"] == "done" and m["widgets"]["grid.0"]["value"] == name, 120)


def ask_while_made(studio):
    choose(studio, "potion", SLOW)
    studio.click("generate.run")
    studio.widget("generate.queue")
    choose(studio, "bird", "4")
    studio.click("generate.queue")
    waits(studio, 1)
    for name in ("food", "beast", "door"):
        studio.click(f"generate.class.{name}")
        studio.expect(f"generate.class.{name}", True)
        studio.with_ctrl(lambda: studio.press("Return"))
    waits(studio, 4)
    assert studio.job()["state"] == "running"


def move_and_remove(studio):
    studio.click("header.queue")
    listed(studio, "bird", "food", "beast", "door")
    shown = studio.map()["widgets"]
    assert shown["queue.1"]["value"] == "food, 16 sprites, 4 steps", shown["queue.1"]
    assert not shown["queue.0.up"]["enabled"] and not shown["queue.3.down"]["enabled"]
    studio.click("queue.2.up")
    listed(studio, "bird", "beast", "food", "door")
    studio.click("queue.0.down")
    listed(studio, "beast", "bird", "food", "door")
    studio.click("queue.3.remove")
    listed(studio, "beast", "bird", "food")
    studio.press("Escape")
    studio.wait("the list to close", lambda m: "queue.0" not in m["widgets"])
    assert studio.job()["state"] == "running", "Escape closed the list and stopped nothing"
    for menu, inside in [("view.open", "view.theme.light")]:
        studio.click(menu)
        studio.widget(inside)
        studio.press("Escape")
        studio.wait("the menu to close", lambda m: inside not in m["widgets"])
        assert studio.job()["state"] == "running", f"nor does it in {menu}"


def one_after_the_other(studio):
    """Discard leads to the next; the last is shown, and all that were made come back."""
    first = studio.job()["id"]
    studio.click("generate.keep")
    wait_for_end(studio, "food")
    waits(studio, 0)
    assert studio.job()["id"] == first + 3, studio.job()
    for name in ("bird", "beast", "potion"):
        studio.with_ctrl(lambda: studio.press("z"))
        studio.expect("grid.0", name)
    for name in ("beast", "bird", "food"):
        studio.with_ctrl(lambda: studio.press("y"))
        studio.expect("grid.0", name)


def remove_all(studio):
    choose(studio, "potion", SLOW)
    studio.click("generate.run")
    studio.widget("generate.queue")
    studio.press("Escape")
    studio.wait("a pause", lambda m: m["job"]["state"] == "paused", 60)
    for count in (1, 2):
        studio.with_ctrl(lambda: studio.press("Return"))
        waits(studio, count)
    studio.click("header.queue")
    studio.click("queue.clear")
    waits(studio, 0)
    studio.wait("the list to close", lambda m: "queue.clear" not in m["widgets"])
    studio.click("generate.discard")
    studio.wait("the end", lambda m: m["job"]["state"] == "cancelled", 60)
    studio.expect("grid.0", "food")


with Studio(program, "--model", "made-up.safetensors", "--step-ms", 150) as studio:
    studio.widget("generate.class.potion")
    ask_while_made(studio)
    studio.picture("ask_while_made")
    move_and_remove(studio)
    studio.picture("move_and_remove")
    one_after_the_other(studio)
    studio.picture("one_after_the_other")
    remove_all(studio)
    studio.picture("remove_all")
    assert studio.quit() == 0
