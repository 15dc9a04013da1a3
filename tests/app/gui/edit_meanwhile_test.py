"""The pixel editor while the engine makes sprites, with a real pointer: finished ones are edited and kept, what comes waits, and nothing that
is drawn is lost to it."""

import sys

from edit_hand import RED, Sprite, exported, looks_like, redo, set_colour, stroke, undo, use
from support import Picture, Studio

program, model = sys.argv[1:3]
MANY, LONG = 48, "1000"  # sprites and steps: they take longer than what is done meanwhile


def begins(studio, begin):
    """Sprites that take long are being made, by a click."""
    before = studio.job()["id"]
    begin()
    studio.wait("sprites being made", lambda m: m["job"]["id"] > before and m["job"]["state"] == "running" and m["job"]["step"] > 0)


def ends(studio):
    """What is being made is stopped and kept, unless it is done."""
    if studio.job()["state"] == "running":
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


def still_runs(studio):
    assert studio.job()["state"] == "running", f"nothing was made meanwhile: {studio.job()}"


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
    still_runs(studio)
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
    still_runs(studio)
    studio.picture("edits_the_batch_before")
    studio.click("edit.done")
    studio.wait("word of it", lambda m: any("stays in its batch" in n["message"] for n in m["notices"]), 60)
    can_be_edited(studio, False)
    studio.press("b")
    ends(studio)
    studio.wait("word of it", lambda m: any("edited are kept" in n["message"] for n in m["notices"]), 60)
    goes_back_to(studio, 7, drawn)


def sprites_come_while_one_is_edited(studio):
    studio.type_into_slider("generate.steps", "200")
    studio.click("grid.9")
    sprite = exported(studio)
    begins(studio, lambda: studio.click("generate.run"))
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
