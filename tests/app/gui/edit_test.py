"""The pixel editor with a real pointer: what is drawn is in the exported file, byte for byte, and can be undone, there and in the grid."""

import sys
import time

from edit_hand import CLEAR, GREEN, RED, SIDE, exported, looks_like, redo, set_colour, stroke, undo, use
from support import Studio

program, model = sys.argv[1:3]


def while_enabled(studio, name, action):
    for _ in range(60):
        studio.settle()
        if not studio.widget(name)["enabled"]:
            return
        action(studio)
    raise AssertionError(f"{name} has no end")


def back(studio):
    studio.press("Escape")
    studio.widget("edit.open")


def opens(studio):
    """By the button, by its key, by a double click; Escape and Done close it."""
    studio.click("grid.2")
    studio.click("edit.open")
    studio.expect("edit.sprite", 2)
    studio.click("edit.done")
    studio.click("grid.5")
    studio.press("e")
    studio.expect("edit.sprite", 5)
    back(studio)
    studio.point_at("grid.3")
    studio.xdotool("click", "--repeat", 2, "--delay", 80, 1)
    studio.expect("edit.sprite", 3)


def draws(studio, sprite):
    """Pencil, eraser, fill, line, rectangle, right button, mirror drawing; the screen shows each at once."""
    set_colour(studio, "#ff0000")
    use(studio, "pencil", "b")
    stroke(studio, (1, 1), (4, 1), (4, 3))
    sprite.put([(1, 1), (2, 1), (3, 1), (4, 1), (4, 2), (4, 3)], RED)
    looks_like(studio, sprite, "edit.sprite")
    stroke(studio, (2, 1), (3, 1), button=3)
    sprite.put([(2, 1), (3, 1)], CLEAR)
    use(studio, "eraser", "e")
    stroke(studio, (4, 3))
    sprite.put([(4, 3)], CLEAR)
    set_colour(studio, "#00ff00")
    use(studio, "fill", "g")
    sprite.put(sprite.area((0, 0)), GREEN)
    stroke(studio, (0, 0))
    use(studio, "line", "l")
    stroke(studio, (8, 8), (2, 2), (12, 10))
    sprite.put([(8, 8), (9, 9), (10, 9), (11, 10), (12, 10)], GREEN)
    use(studio, "rectangle", "u")
    stroke(studio, (9, 3), (6, 5))
    sprite.put([(x, y) for x in range(6, 10) for y in range(3, 6) if y != 4 or x in (6, 9)], GREEN)
    studio.press("x")
    studio.expect("edit.mirror_x", True)
    set_colour(studio, "#ff0000")
    use(studio, "pencil", "b")
    stroke(studio, (0, 5), (2, 7))
    sprite.put([(0, 5), (1, 6), (2, 7), (SIDE - 1, 5), (SIDE - 2, 6), (SIDE - 3, 7)], RED)
    studio.press("x")
    looks_like(studio, sprite, "edit.sprite")


def picks_and_replaces(studio, sprite):
    use(studio, "picker", "i")
    stroke(studio, (8, 8))
    studio.expect("edit.colour", "#00ff00")
    set_colour(studio, "#0102ff")
    studio.click("palette.replace")
    stroke(studio, (8, 8))
    for row in sprite.pixels:
        row[:] = [(1, 2, 255, 255) if pixel == GREEN else pixel for pixel in row]
    looks_like(studio, sprite, "edit.sprite")


def moves(studio, sprite):
    """Arrows, flips, turns, and a selection that is dragged."""
    studio.press("Right")
    studio.press("Up")
    studio.press("h")
    studio.click("edit.turn_right")
    n = SIDE - 1
    sprite = sprite.rearranged(lambda x, y: ((x - 1) % SIDE, (y + 1) % SIDE)).rearranged(lambda x, y: (n - x, y))
    sprite = sprite.rearranged(lambda x, y: (y, n - x))
    looks_like(studio, sprite, "edit.sprite")
    use(studio, "select", "m")
    stroke(studio, (1, 1), (3, 4))
    stroke(studio, (2, 2), (6, 7))
    part = {(x, y): sprite.pixels[y][x] for x in range(1, 4) for y in range(1, 5)}
    sprite.put(part, CLEAR)
    for (x, y), value in part.items():
        if value[3]:
            sprite.put([(x + 4, y + 5)], value)
    looks_like(studio, sprite, "edit.sprite")
    studio.press("Escape")  # the selection
    studio.widget("edit.sprite")
    return sprite


def undoes(studio, sprite, start):
    """Step by step to the beginning and all the way back, with buttons and keys; then in the grid."""
    studio.click("edit.undo")
    while_enabled(studio, "edit.undo", undo)
    looks_like(studio, start, "edit.sprite")
    studio.click("edit.redo")
    while_enabled(studio, "edit.redo", redo)
    looks_like(studio, sprite, "edit.sprite")
    studio.click("tab.data")
    studio.click("tab.generate")
    looks_like(studio, sprite, "edit.sprite")  # still there, and still open
    back(studio)
    assert exported(studio) == sprite, "the file is not what was drawn"
    looks_like(studio, sprite, "grid.3")
    studio.click("sprite.copy_seed")  # away from the field
    undo(studio)
    undo(studio)
    changed = exported(studio)
    assert changed != sprite, "undo does nothing in the grid"
    studio.click("sprite.copy_seed")
    redo(studio)
    redo(studio)
    assert exported(studio) == sprite, "redo does not bring it back"


def palettes(studio):
    """A palette file; its colours reordered; the sprite and all others in its colours."""
    greens = ["#0f380f", "#306230", "#8bac0f", "#9bbc0f"]
    (studio.home / "handheld.hex").write_text("\n".join(c[1:] for c in greens) + "\n")
    (studio.home / "empty.gpl").write_text("GIMP Palette\nName: empty\n")
    studio.press("e")
    studio.click("palette.source")
    studio.click("palette.source.batch")
    studio.expect("palette.source", "All sprites' colours")
    studio.widget("palette.swatch.5")
    studio.click("palette.load")
    studio.click("palette.browser.home")
    studio.click("palette.browser.entry.empty.gpl")
    studio.wait("a refusal", lambda m: any(n["kind"] == "error" and "empty.gpl" in n["message"] for n in m["notices"]))
    studio.expect("palette.source", "All sprites' colours")
    studio.click("palette.load")
    studio.click("palette.browser.entry.handheld.hex")
    studio.expect("palette.swatch.3", greens[3])
    studio.click("palette.swatch.1")
    studio.expect("edit.colour", greens[1])
    studio.point_at("palette.swatch.0")
    studio.xdotool("mousedown", 1)
    time.sleep(0.1)
    x, y, w, h = studio.widget("palette.swatch.2")["rect"]
    for step in range(1, 5):
        at = studio.widget("palette.swatch.0")["rect"]
        studio.xdotool("mousemove", at[0] + at[2] // 2 + (x - at[0]) * step // 4, y + h // 2)
        time.sleep(0.1)
    studio.xdotool("mouseup", 1)
    studio.expect("palette.swatch.2", greens[0])
    studio.expect("palette.swatch.0", greens[1])
    allowed = {tuple(int(c[i:i + 2], 16) for i in (1, 3, 5)) for c in greens}
    swaps_the_selected(studio, allowed)
    studio.click("palette.swap_all")
    back(studio)
    for grid in ("grid.3", "grid.7"):
        studio.click(grid)
        seen = {pixel[:3] for row in exported(studio).pixels for pixel in row if pixel[3]}
        assert seen and seen <= allowed, f"{grid} has {seen}"
    studio.press("e")
    before = studio.widget("edit.undo")
    studio.click("edit.undo")
    back(studio)
    studio.click("grid.7")
    studio.press("e")
    studio.expect("edit.sprite", 7)
    studio.click("edit.variants")
    studio.widget("edit.variant.0")
    studio.click("edit.variants_within")
    studio.click("edit.variant.2")
    studio.wait("a variant is used", lambda m: m["widgets"]["edit.redo"]["enabled"] is False)
    assert before["enabled"]
    back(studio)


def swaps_the_selected(studio, allowed):
    back(studio)
    studio.click("grid.1")
    studio.with_shift(lambda: studio.click("grid.2"))
    studio.press("e")
    studio.click("palette.swap_selected")
    studio.picture("swapped")
    back(studio)
    for grid, swapped in (("grid.1", True), ("grid.2", True), ("grid.7", False)):
        studio.click(grid)
        seen = {pixel[:3] for row in exported(studio).pixels for pixel in row if pixel[3]}
        assert (seen <= allowed) == swapped, f"{grid} has {seen}"
    studio.click("grid.3")
    studio.press("e")
    studio.expect("edit.sprite", 3)


def generating_keeps_edits(studio):
    edited = exported(studio)
    studio.generate()
    studio.wait("it is told", lambda m: any("edited are kept" in n["message"] for n in m["notices"]))
    studio.click("grid.7")
    assert exported(studio) != edited
    studio.click("sprite.copy_seed")
    undo(studio)
    studio.click("grid.7")
    assert exported(studio) == edited, "the edited sprites did not come back"


def variants_as_sprites(studio):
    """All recolour variants become sprites behind the others, selected; one undo takes them away."""
    count = len([n for n in studio.map()["widgets"] if n[:5] == "grid." and n[5:].isdigit()])
    studio.click("grid.2")
    plain = exported(studio)
    studio.press("e")
    studio.expect("edit.sprite", 2)
    if "edit.variant.0" not in studio.map()["widgets"]:
        studio.click("edit.variants")
    studio.widget("edit.variant.0")
    studio.click("edit.variants_add")
    chosen = studio.wait("the variants", lambda m: m["widgets"].get("grid.selection", {}).get("value"))["widgets"]["grid.selection"]["value"]
    added = [int(place) for place in chosen.split(",")]
    assert len(added) >= 4 and added == list(range(count, count + len(added))), added
    studio.widget(f"grid.{added[-1]}")
    first = exported(studio)
    assert first != plain and [[p[3] for p in row] for row in first.pixels] == [[p[3] for p in row] for row in plain.pixels], "it is not recoloured"
    undo(studio)
    studio.wait("the batch as before", lambda m: f"grid.{count}" not in m["widgets"] and f"grid.{count - 1}" in m["widgets"])
    studio.click("grid.2")
    assert exported(studio) == plain


def locks_the_palette(studio):
    """Sprites are made in the colours of the palette that is shown."""
    studio.press("e")
    studio.expect("palette.swatch.3", "#9bbc0f")
    studio.click("palette.lock")
    studio.expect("palette.lock", True)
    back(studio)
    studio.generate()
    allowed = {(0x0f, 0x38, 0x0f), (0x30, 0x62, 0x30), (0x8b, 0xac, 0x0f), (0x9b, 0xbc, 0x0f)}
    for grid in ("grid.0", "grid.9"):
        studio.click(grid)
        seen = {pixel[:3] for row in exported(studio).pixels for pixel in row if pixel[3]}
        assert len(seen) > 1 and seen <= allowed, f"{grid} has {seen}"
    studio.press("e")
    studio.click("palette.lock")
    studio.expect("palette.lock", False)
    back(studio)
    studio.expect("generate.palette", "model")


with Studio(program, model) as studio:
    studio.wait("the model", lambda m: any(n.startswith("generate.class.") for n in m["widgets"]))
    studio.type_into_slider("generate.steps", "10")
    studio.type_into_field("generate.seed", "7")
    studio.generate()
    studio.click("grid.3")
    start = exported(studio)
    opens(studio)
    studio.picture("opens")
    sprite = start.copy()
    draws(studio, sprite)
    studio.picture("draws")
    picks_and_replaces(studio, sprite)
    studio.picture("picks_and_replaces")
    sprite = moves(studio, sprite)
    studio.picture("moves")
    undoes(studio, sprite, start)
    studio.picture("undoes")
    palettes(studio)
    studio.picture("palettes")
    generating_keeps_edits(studio)
    studio.picture("generating_keeps_edits")
    variants_as_sprites(studio)
    locks_the_palette(studio)
    studio.picture("locks_the_palette")
    assert studio.quit() == 0
