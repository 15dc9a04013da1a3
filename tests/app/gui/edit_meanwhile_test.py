"""The pixel editor while the engine makes sprites, with a real pointer: finished ones are edited and kept, what comes waits, and nothing that
is drawn is lost to it."""

import sys
import time

from edit_hand import RED, Sprite, exported, looks_like, redo, set_colour, stroke, undo, use
from support import Picture, Studio

program, model = sys.argv[1:3]
MANY, LONG = 48, "1000"  # sprites and steps
ENOUGH_S = 40  # longer than what is done meanwhile takes
COMING_S = 10  # until sprites come while one is edited
steps_a_second = 1


def speed(studio):
    """Steps a second of what is being made, over its first ones."""
    from_step, since = studio.job()["step"], time.monotonic()
    now = studio.wait("more steps", lambda m: m["job"]["step"] >= from_step + 3 or m["job"]["state"] != "running")["job"]
    return (now["step"] - from_step) / (time.monotonic() - since)


def begin_job(studio, begin):
    before = studio.job()["id"]
    begin()
    studio.wait("sprites being made", lambda m: m["job"]["id"] > before and m["job"]["state"] == "running" and m["job"]["step"] > 0)


def begins(studio, begin):
    """Sprites are being made, by a click, and will not be done meanwhile: a machine that is too fast for that is told to stop there."""
    global steps_a_second
    begin_job(studio, begin)
    steps_a_second = max(speed(studio), 0.01)
    if int(LONG) / steps_a_second < ENOUGH_S:
        studio.click("generate.stop")
        studio.wait("the stop", lambda m: m["job"]["state"] == "paused")


def ends(studio):
    """What is being made is stopped and kept."""
    studio.click("generate.keep")
    studio.wait("the end", lambda m: m["job"]["state"] == "done")


def can_be_edited(studio, wanted):
    studio.wait(f"edit.open to be {wanted}", lambda m: m["widgets"].get("edit.open", {}).get("enabled") is wanted, 60)


def open_from_before(studio, place):
    for _ in range(5):
        studio.point_at(f"grid.before.{place}")
        studio.xdotool("click", "--repeat", 2, "--delay", 80, 1)
        try:
            studio.wait("the editor", lambda m: "edit.sprite" in m["widgets"], 10)
            return studio.expect("edit.sprite", place)
        except AssertionError as failure:
            last = failure
    raise last


def draws_meanwhile(studio, sprite):
    """A stroke, taken back and done again, while the engine goes on; the sprite with it."""
    set_colour(studio, "#ff0000")
    use(studio, "pencil", "b")
    stroke(studio, (2, 2), (5, 2))
    studio.wait("the stroke", lambda m: m["widgets"]["edit.undo"]["enabled"], 60)
    undo(studio)
    studio.wait("it taken back", lambda m: m["widgets"]["edit.redo"]["enabled"], 60)
    redo(studio)
    studio.wait("it done again", lambda m: not m["widgets"]["edit.redo"]["enabled"], 60)
    drawn = sprite.copy()
    drawn.put([(x, 2) for x in range(2, 6)], RED)
    return drawn


def not_done(studio):
    assert studio.job()["state"] in ("running", "paused"), f"nothing was made meanwhile: {studio.job()}"


def kept_files(studio, count):
    """The newest last."""
    studio.wait(f"{count} kept", lambda m: len(list((studio.home / "gallery").glob("*.png"))) == count, 60)
    return sorted((studio.home / "gallery").glob("*.png"), key=lambda path: path.stat().st_mtime_ns)


def edits_while_others_are_made_anew(studio):
    """All but one: that one is drawn on and kept. Those that fade in cannot be edited yet."""
    studio.type_into_slider("generate.count", str(MANY))
    studio.type_into_slider("generate.steps", "4")
    studio.generate()
    studio.type_into_slider("generate.steps", LONG)
    studio.click("grid.6")
    sprite = exported(studio)
    studio.click("grid.6")
    studio.with_ctrl(lambda: studio.press("a"))
    studio.with_ctrl(lambda: studio.click("grid.6"))
    begins(studio, lambda: studio.click("grid.regenerate"))
    studio.click("grid.5")
    can_be_edited(studio, False)
    studio.press("e")
    studio.click("grid.6")
    can_be_edited(studio, True)
    studio.click("edit.open")
    studio.expect("edit.sprite", 6)
    drawn = draws_meanwhile(studio, sprite)
    not_done(studio)
    studio.press("s")
    assert Sprite(Picture.from_png(kept_files(studio, 1)[0].read_bytes())) == drawn, "something else was kept"
    studio.picture("edits_while_others_are_made_anew")
    studio.click("edit.done")
    studio.click("grid.6")
    assert exported(studio) == drawn, "what was drawn is not exported"
    ends(studio)
    studio.click("grid.6")
    assert exported(studio) == drawn, "the others took its place"
    studio.click("sprite.copy_seed")  # away from the field
    undo(studio)
    studio.click("grid.6")
    assert exported(studio) == drawn, "it was undone with the others"


def edits_the_batch_before(studio):
    """While the next one is made. What was drawn stays in its batch, to which undo goes back."""
    studio.click("grid.7")
    sprite = exported(studio)
    begins(studio, lambda: studio.click("generate.run"))
    can_be_edited(studio, False)
    studio.press("b")
    open_from_before(studio, 7)
    drawn = draws_meanwhile(studio, sprite)
    not_done(studio)
    studio.picture("edits_the_batch_before")
    studio.click("edit.done")
    studio.wait("word of it", lambda m: any("stays in its batch" in n["message"] for n in m["notices"]), 60)
    can_be_edited(studio, False)
    studio.press("b")
    ends(studio)
    studio.wait("word of it", lambda m: any("edited are kept" in n["message"] for n in m["notices"]), 60)
    goes_back_to(studio, 7, drawn)


def sprites_come_while_one_is_edited(studio):
    studio.type_into_slider("generate.steps", str(min(int(LONG), max(50, int(COMING_S * steps_a_second)))))
    studio.click("grid.9")
    sprite = exported(studio)
    begin_job(studio, lambda: studio.click("generate.run"))
    studio.press("b")
    open_from_before(studio, 9)
    drawn = draws_meanwhile(studio, sprite)
    studio.wait("the sprites", lambda m: m["job"]["state"] == "done", 600)
    stroke(studio, (2, 4))
    drawn.put([(2, 4)], RED)
    studio.expect("edit.sprite", 9)
    looks_like(studio, drawn, "edit.sprite")
    studio.picture("sprites_come_while_one_is_edited")
    studio.click("edit.done")
    studio.widget("grid.before.9")
    studio.press("b")
    goes_back_to(studio, 9, drawn)


def goes_back_to(studio, place, drawn):
    studio.wait("one batch alone", lambda m: f"grid.before.{place}" not in m["widgets"] and f"grid.{place}" in m["widgets"], 60)
    studio.click(f"grid.{place}")
    assert exported(studio) != drawn, "the new batch has it"
    studio.click("sprite.copy_seed")
    undo(studio)
    studio.click(f"grid.{place}")
    assert exported(studio) == drawn, "what was drawn is lost"


def edits_a_kept_one_meanwhile(studio):
    """As one more sprite of the batch that is there again when the next one is discarded."""
    studio.type_into_slider("generate.steps", LONG)
    begins(studio, lambda: studio.click("generate.run"))
    studio.click("tab.gallery")
    studio.click("gallery.item.0")
    studio.click("gallery.edit")
    studio.expect("edit.sprite", MANY)
    stroke(studio, (3, 6))
    studio.press("s")
    drawn = Sprite(Picture.from_png(kept_files(studio, 2)[-1].read_bytes()))
    assert drawn.pixels[6][3] == RED, "the stroke is not in what was kept"
    studio.click("edit.done")
    studio.click("generate.discard")
    studio.wait("the batch as it was", lambda m: m["job"]["state"] == "cancelled" and f"grid.{MANY}" in m["widgets"], 60)
    studio.click(f"grid.{MANY}")
    assert exported(studio) == drawn, "what was drawn is lost"


with Studio(program, "--model", model) as studio:
    studio.wait("the model", lambda m: any(n.startswith("generate.class.") for n in m["widgets"]))
    edits_while_others_are_made_anew(studio)
    edits_the_batch_before(studio)
    sprites_come_while_one_is_edited(studio)
    edits_a_kept_one_meanwhile(studio)
    assert studio.quit() == 0
