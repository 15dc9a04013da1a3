"""Steering with a real pointer: from an image, repairing a part, away from a class, more like one, tiles, symmetry, and live."""

import hashlib
import re
import sys

from drop import drop
from support import Picture, Studio

program, model = sys.argv[1:3]
SIDE, COUNT = 16, 4


def exported(studio, name, button):
    path = studio.folder / name
    path.unlink(missing_ok=True)
    studio.type_into_field("export.path", path)
    studio.click(button)
    studio.wait(f"{name} saved", lambda m: any(n["kind"] == "done" and name in n["message"] for n in m["notices"]) and path.exists())
    return Picture.from_png(path.read_bytes())


exports = 0


def sprites(studio):
    """The pixels of all sprites, in order."""
    global exports
    exports += 1
    sheet = exported(studio, f"sheet{exports}.png", "export.sheet")
    columns = sheet.width // SIDE
    count = len([name for name in studio.map()["widgets"] if re.fullmatch(r"grid\.\d+", name)])
    return [sheet.region((i % columns * SIDE, i // columns * SIDE, SIDE, SIDE)) for i in range(count)]


def distance(a, b):
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)


def job_after(studio, before, holds=lambda job: True):
    return studio.wait("the next job's end",
                       lambda m: m["job"] and m["job"]["id"] > before and m["job"]["state"] == "done" and holds(m["job"]), 300)["job"]


def does(studio, button):
    before = studio.job()["id"]
    studio.click(button)
    return job_after(studio, before)


def from_a_sprite(studio, plain):
    studio.click("grid.1")
    studio.expect("sprite", 1)
    studio.click("sprite.start_from")
    digest = studio.widget("generate.start_image")["value"]
    kept = (studio.home / "inputs" / (digest + ".png")).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == digest
    assert Picture.from_png(kept).data == plain[1], "the start image is not the sprite"
    studio.type_into_slider("generate.strength", "0.15")
    studio.generate()
    near = sprites(studio)
    studio.type_into_slider("generate.strength", "0.9")
    studio.generate()
    far = sprites(studio)
    assert all(distance(a, plain[1]) < distance(b, plain[1]) for a, b in zip(near, far)), "strength says how near they stay"
    studio.scroll_to("generate.strengths")
    studio.click("generate.strengths")
    studio.generate()
    spread = sprites(studio)
    assert spread[-1] == far[-1], "the last has the strength that is set"
    assert distance(spread[0], plain[1]) < distance(spread[-1], plain[1]), "the first stays near"
    assert len(set(spread)) == COUNT
    studio.click("generate.strengths")
    studio.scroll_to("generate.start_image.remove")
    studio.click("generate.start_image.remove")
    studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"])
    studio.generate()
    assert sprites(studio) == plain, "without it they are as before"


def from_a_dropped_image(studio, plain):
    rows = [bytes(8 * SIDE * 4)] * 8
    for row in range(SIDE * 8):
        line = plain[2][row // 8 * SIDE * 4:(row // 8 + 1) * SIDE * 4]
        rows.append(b"".join(line[4 * x:4 * x + 4] * 8 for x in range(SIDE)))
    Picture(8 * SIDE, 8 * SIDE, 4, b"".join(rows[8:])).save_png(studio.folder / "large.png")
    drop(studio, studio.folder / "large.png")
    digest = studio.widget("generate.start_image")["value"]
    kept = Picture.from_png((studio.home / "inputs" / (digest + ".png")).read_bytes())
    assert (kept.width, kept.height, kept.data) == (SIDE, SIDE, plain[2]), "an enlargement is reduced"
    studio.expect("generate.start_image.fit", "128×128 was reduced to its true pixels, 16×16")
    assert "generate.start_image.sheet" not in studio.map()["widgets"], "it is no sheet"
    studio.click("generate.start_image.remove")
    studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"])


def photo(width, height):
    """Opaque, without a grid."""
    return Picture(width, height, 4, bytes(v for y in range(height) for x in range(width) for v in (x * 7 % 256, y * 11 % 256, (x * 53 + y * 29) % 256, 255)))


def dropped_start(studio, picture, name, fit):
    """What sprites start from after that was dropped."""
    studio.scroll_to_top()
    before = studio.map()["widgets"].get("generate.start_image", {}).get("value")
    picture.save_png(studio.folder / name)
    drop(studio, studio.folder / name)
    studio.wait("another start image", lambda m: m["widgets"].get("generate.start_image", {}).get("value") not in (None, before), 60)
    studio.expect("generate.start_image.fit", fit)
    digest = studio.value("generate.start_image")
    return Picture.from_png((studio.home / "inputs" / (digest + ".png")).read_bytes())


def from_a_larger_image(studio, plain):
    """It is reduced in its proportions, which is said; sprites start from it, and a sheet among such images is one click away."""
    kept = dropped_start(studio, photo(24, 20), "photo.png", "24×20 was reduced to 16×13")
    assert (kept.width, kept.height) == (SIDE, SIDE)
    rows = [kept.region((0, y, SIDE, 1)) for y in range(SIDE)]
    assert rows[0] + rows[14] + rows[15] == bytes(3 * SIDE * 4), "it lies in the middle"
    assert all(set(row[3::4]) == {255} for row in rows[1:14]), "what was opaque is"
    assert any("24×20 was reduced to 16×13" in n["message"] for n in studio.map()["notices"]), studio.map()["notices"]
    studio.picture("from_a_larger_image")
    studio.scroll_to("generate.strength")
    studio.type_into_slider("generate.strength", "0.15")
    studio.generate()
    near = sprites(studio)
    assert near != plain and all(distance(sprite, kept.data) < distance(plain[0], kept.data) for sprite in near), "they do not start from it"
    kept = dropped_start(studio, photo(64, 64), "square.png", "64×64 was reduced to 16×16")
    assert set(kept.data[3::4]) == {255}
    inside = photo(12, 10)
    rows = [bytes(24 * 4)] * 4 + [bytes(20) + inside.region((0, y, 12, 1)) + bytes(28) for y in range(10)] + [bytes(24 * 4)] * 6
    kept = dropped_start(studio, Picture(24, 20, 4, b"".join(rows)), "margins.png", "24×20 was cut to what is drawn, 12×10")
    assert kept.region((2, 3, 12, 10)) == inside.data, "what is drawn has its own pixels"
    dropped_start(studio, photo(48, 32), "sheet.png", "48×32 was reduced to 16×11")
    studio.scroll_to("generate.start_image.sheet")
    studio.click("generate.start_image.sheet")
    studio.wait("the sheet in the Data tab", lambda m: "data.sheet" in m["widgets"])
    studio.click("tab.generate")
    studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"] and "generate.run" in m["widgets"])
    studio.generate()
    assert sprites(studio) == plain, "without it they are as before"


def at_pixel(studio, x, y):
    left, top, width, _ = studio.widget("repair.canvas")["rect"]
    zoom = width // SIDE
    return left + x * zoom + zoom // 2, top + y * zoom + zoom // 2


def drag(studio, start, end, button=1):
    studio.xdotool("mousemove", *at_pixel(studio, *start))
    frames = studio.map()["frames"]
    studio.xdotool("mousedown", button)
    studio.next_frame(frames)
    studio.xdotool("mousemove", *at_pixel(studio, *end))
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mouseup", button)
    studio.settle()


def repair(studio, plain):
    studio.click("grid.2")
    studio.click("sprite.repair")
    assert not studio.widget("repair.run")["enabled"], "nothing is marked yet"
    studio.click("repair.rectangle")
    drag(studio, (4, 3), (9, 8))
    studio.expect("repair.canvas", 36)
    drag(studio, (4, 3), (4, 8), button=3)
    studio.expect("repair.canvas", 30)
    studio.click("repair.brush")
    studio.type_into_slider("repair.size", "1")
    drag(studio, (0, 15), (15, 15))
    studio.expect("repair.canvas", 46)
    studio.click("repair.colour")
    clear = [i for i in range(SIDE * SIDE) if plain[2][4 * i + 3] == 0]
    if clear:
        drag(studio, (clear[0] % SIDE, clear[0] // SIDE), (clear[0] % SIDE, clear[0] // SIDE))
        studio.expect("repair.canvas", len({*clear, *marked((5, 10), (3, 9)), *marked((0, 16), (15, 16))}))
    studio.click("repair.clear")
    studio.expect("repair.canvas", 0)
    studio.click("repair.rectangle")
    drag(studio, (4, 3), (9, 8))
    does(studio, "repair.run")
    made, anew = sprites(studio), marked((4, 10), (3, 9))
    assert len(made) == 8, len(made)
    for sprite in made:
        assert all(sprite[4 * i:4 * i + 4] == plain[2][4 * i:4 * i + 4] for i in range(SIDE * SIDE) if i not in anew), "a byte outside the mask"
    assert len(set(made)) > 1 and any(sprite != plain[2] for sprite in made), "nothing was made anew"
    studio.picture("repaired")
    studio.click("grid.5")
    studio.expect("sprite", 5)
    studio.click("repair.close")
    studio.widget("sprite.repair")


def marked(columns, rows):
    return {y * SIDE + x for y in range(*rows) for x in range(*columns)}


def repair_only_a_little(studio, plain):
    """With less strength, what is made anew stays nearer to what was there."""
    away = []
    for strength in ("1", "0.1"):
        studio.generate()
        studio.click("grid.2")
        studio.click("sprite.repair")
        studio.click("repair.rectangle")
        drag(studio, (2, 2), (13, 13))
        studio.type_into_slider("repair.strength", strength)
        does(studio, "repair.run")
        away.append(sum(distance(sprite, plain[2]) for sprite in sprites(studio)))
        studio.click("repair.close")
        studio.widget("sprite.repair")
    assert away[1] < away[0], away


def more_like_one(studio, plain):
    studio.generate()
    studio.click("grid.3")
    studio.type_into_slider("sprite.variation", "0.1")
    does(studio, "sprite.more_like")
    near = sprites(studio)
    assert len(near) == COUNT and len(set(near)) > 1
    assert sum(distance(a, plain[3]) for a in near) < sum(distance(a, plain[3]) for a in plain[:3]), "they are not like it"
    assert not studio.widget("sprite.more_like")["enabled"], "a variation is not varied again"


def away_from_a_class(studio, plain):
    own = studio.value("generate.guidance")  # as the model's file says
    studio.choose("generate.negative", "demon")
    studio.expect("generate.negative", "demon")
    studio.generate()
    assert sprites(studio) != plain
    studio.type_into_slider("generate.guidance", "1")
    studio.wait("no negative class", lambda m: not m["widgets"]["generate.negative"]["enabled"])
    studio.generate()
    studio.double_click_until("generate.guidance", own)
    studio.choose("generate.negative", "none")
    studio.generate()
    assert sprites(studio) == plain


def symmetric_and_tiling(studio, plain):
    studio.scroll_to("generate.more")
    studio.click("generate.more")
    for name, value in [("generate.symmetry", "left_right"), ("generate.tile", "xy")]:
        studio.choose(name, value)
        studio.expect(name, value)
    studio.generate()
    for sprite in sprites(studio):
        rows = [[sprite[4 * (y * SIDE + x):4 * (y * SIDE + x) + 4] for x in range(SIDE)] for y in range(SIDE)]
        assert all(row == row[::-1] for row in rows), "not symmetric"
    for name in ["generate.symmetry", "generate.tile"]:
        studio.choose(name, "off")
    studio.choose("generate.outline", "dark")
    studio.generate()
    assert sprites(studio) != plain, "no outline"
    studio.choose("generate.outline", "off")
    studio.generate()
    assert sprites(studio) == plain


def guided_for_a_part_of_the_way(studio, plain):
    studio.scroll_to("generate.guidance_from")
    own = studio.value("generate.guidance_from")
    studio.type_into_slider("generate.guidance_from", "0.6")
    studio.generate()
    assert sprites(studio) != plain, "guidance is the same from the first step on"
    studio.double_click_until("generate.guidance_from", own)
    studio.generate()
    assert sprites(studio) == plain
    studio.scroll_to("generate.more")
    studio.click("generate.more")


def a_mix_of_classes(studio, plain):
    studio.scroll_to("generate.mix")
    studio.click("generate.mix")
    found = studio.wait("the weights", lambda m: sum(name.startswith("generate.mix.") for name in m["widgets"]) > 1)["widgets"]
    weights = sorted((name for name in found if name.startswith("generate.mix.")), key=lambda name: found[name]["rect"][1::-1])
    for name in weights[:2]:
        studio.type_into_slider(name, "0.5")
    studio.generate()
    assert " + " in studio.value("grid.0"), studio.value("grid.0")
    studio.picture("mix")
    assert sprites(studio) != plain
    studio.click("generate.mix")
    studio.click("generate.class.potion")
    studio.generate()
    assert sprites(studio) == plain


LIVE_STEPS = 2  # of the model distilled from the bundled one
MANY_STEPS = 200  # more than the fastest machine does in a moment


def live(studio):
    studio.scroll_to("generate.count")
    studio.type_into_slider("generate.count", "16")
    studio.scroll_to("generate.steps")
    studio.type_into_slider("generate.steps", str(MANY_STEPS))
    studio.click("generate.live")
    studio.expect("generate.live", True)
    studio.scroll_to("generate.guidance")
    x, y, w, h = studio.widget("generate.guidance")["rect"]
    before = studio.job()["id"]
    studio.xdotool("mousemove", x + w // 2, y + h // 2)
    studio.xdotool("mousedown", 1)
    seen = set()
    batches = set()
    for place in range(24):
        studio.xdotool("mousemove", x + w // 15 + place * 3 // 2, y + h // 2)  # from guidance 1 on, to below 4
        last = max([before, *seen])
        job = job_after(studio, last)
        assert job["total"] == LIVE_STEPS, f"{job}: a held slider is followed by the model made for it"
        seen.add(job["id"])
        drawn = studio.map()["frames"]
        studio.wait("the sprites on the screen", lambda m: m["frames"] > drawn + 2)
        batches.add(studio.display.fingerprint([w["rect"] for name, w in studio.map()["widgets"].items() if re.fullmatch(r"grid\.\d+", name)]))
    assert len(batches) >= 20, f"only {len(batches)} different batches in 24 places of the slider"
    studio.xdotool("mouseup", 1)
    job_after(studio, max(seen), lambda job: job["total"] == MANY_STEPS)
    held = sprites(studio)
    studio.click("generate.live")
    studio.generate()
    assert sprites(studio) == held, "what settles in is what Generate makes"


with Studio(program, "--model", model) as studio:
    studio.widget("generate.class.potion")
    studio.click("generate.class.potion")
    studio.type_into_slider("generate.count", str(COUNT))
    studio.type_into_slider("generate.steps", "12")
    studio.type_into_field("generate.seed", "7")
    studio.expect("generate.seed_lock", True)
    studio.generate()
    first = sprites(studio)
    from_a_sprite(studio, first)
    studio.picture("from_a_sprite")
    from_a_dropped_image(studio, first)
    studio.picture("from_a_dropped_image")
    from_a_larger_image(studio, first)
    repair(studio, first)
    studio.picture("repair")
    repair_only_a_little(studio, first)
    studio.picture("repair_only_a_little")
    more_like_one(studio, first)
    studio.picture("more_like_one")
    away_from_a_class(studio, first)
    studio.picture("away_from_a_class")
    symmetric_and_tiling(studio, first)
    studio.picture("symmetric_and_tiling")
    guided_for_a_part_of_the_way(studio, first)
    studio.picture("guided_for_a_part_of_the_way")
    a_mix_of_classes(studio, first)
    studio.picture("a_mix_of_classes")
    live(studio)
    studio.picture("live")
    assert studio.quit() == 0
