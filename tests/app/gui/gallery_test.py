"""The gallery with a real pointer: keep with the star, search, the bin and back, settings back from the gallery and from a dropped file."""

import json
import pathlib
import struct
import sys
import time
import zlib

from drop import drop
from support import Picture, Studio, matches_screen

program, model = sys.argv[1:3]
SIDE = 16


def files(studio):
    folder = studio.home / "gallery"
    return sorted(path.name for path in folder.glob("*.png")) if folder.exists() else []


def wait_for_files(studio, count):
    until = time.monotonic() + 60
    while len(files(studio)) != count:
        assert time.monotonic() < until, f"{count} files expected: {files(studio)}"
        time.sleep(0.05)


def pixels(path):
    return Picture.from_png(pathlib.Path(path).read_bytes()).data


def make(studio):
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class.potion" in m["widgets"])
    studio.type_into_slider("generate.steps", "6")
    studio.type_into_slider("generate.count", "4")
    studio.type_into_slider("generate.guidance", "3")
    studio.type_into_field("generate.seed", "77")
    studio.click("generate.class.potion")
    studio.generate()


def keep_by_star(studio):
    """Of the sprite under the pointer; again takes it out, into the bin."""
    studio.point_at("grid.2")
    studio.click("grid.star.2")
    studio.expect("grid.star.2", True)
    wait_for_files(studio, 1)
    assert files(studio) == ["potion-0001.png"], files(studio)
    studio.click("grid.0")
    studio.press("s")
    studio.expect("grid.star.0", True)
    wait_for_files(studio, 2)
    studio.click("grid.star.0")
    wait_for_files(studio, 1)
    assert (studio.home / "gallery/.bin/potion-0002.png").exists()
    studio.click("generate.class_clear" if "generate.class_clear" in studio.map()["widgets"] else "tab.generate")
    assert studio.value("grid.star.2") is True, "a kept sprite shows its star"


def shown_in_the_gallery(studio):
    studio.click("tab.gallery")
    studio.expect("gallery.count", 1)
    studio.click("gallery.item.0")
    studio.expect("gallery.large", "potion-0001.png")
    studio.settle()
    rect = studio.widget("gallery.large")["rect"]
    zoom = rect[2] // SIDE
    left = rect[0] + (rect[2] - zoom * SIDE) // 2, rect[1] + (rect[3] - zoom * SIDE) // 2
    picture = Picture.from_png((studio.home / "gallery/potion-0001.png").read_bytes())
    matches_screen(picture, 0, 0, 1, SIDE, studio.display.screenshot(), (*left, zoom * SIDE, zoom * SIDE))


def search_star_and_collections(studio):
    # A picture of another program, and one that is no picture, come from outside.
    other = bytearray(4 * 40 * 20)
    other[3::4] = bytes([255]) * 800
    Picture(40, 20, 4, bytes(other)).save_png(studio.home / "gallery/foreign.png")
    studio.expect("gallery.count", 2)
    studio.type_into_field("gallery.search", "potion dawn")
    studio.expect("gallery.count", 1)
    studio.expect("gallery.item.0", "potion-0001.png")
    studio.type_into_field("gallery.search", "nothing like it")
    studio.expect("gallery.count", 0)
    studio.click("gallery.search")
    studio.with_ctrl(lambda: studio.press("a"))
    studio.press("BackSpace")
    studio.expect("gallery.count", 2)
    studio.click("gallery.starred")
    studio.expect("gallery.count", 0)
    studio.click("gallery.starred")
    studio.click("gallery.star")  # of the chosen one
    studio.click("gallery.starred")
    studio.expect("gallery.count", 1)
    studio.click("gallery.starred")
    studio.type_into_field("gallery.new_collection", "Shop")
    studio.click("gallery.collect")
    studio.expect("gallery.in.Shop", True)
    marks = json.loads((studio.home / "gallery/collections.json").read_text())
    assert marks == {"starred": ["potion-0001.png"], "collections": {"Shop": ["potion-0001.png"]}}, marks


def bin_and_undo(studio):
    before = (studio.home / "gallery/potion-0001.png").read_bytes()
    studio.click("gallery.item.0" if studio.value("gallery.item.0") == "potion-0001.png" else "gallery.item.1")
    studio.click("gallery.delete")
    studio.expect("gallery.count", 1)
    assert files(studio) == ["foreign.png"], files(studio)
    studio.click("gallery.undo")
    studio.expect("gallery.count", 2)
    assert (studio.home / "gallery/potion-0001.png").read_bytes() == before
    (studio.home / "gallery/foreign.png").unlink()
    studio.expect("gallery.count", 1)


def several_at_once(studio):
    """Selected as in the grid of the Generate tab; star, collection and bin are of all that are selected."""
    folder = studio.home / "gallery"
    others = ["a.png", "b.png", "c.png"]
    for place, name in enumerate(others):
        Picture(16, 16, 4, bytes([60 * place, 200, 90, 255]) * 256).save_png(folder / name)
    studio.expect("gallery.count", 4)
    studio.click("gallery.order")
    studio.click("gallery.order.name")
    studio.expect("gallery.item.3", "potion-0001.png")
    selected = lambda *names: studio.expect("gallery.selection", ",".join(names))
    studio.click("gallery.item.0")
    selected("a.png")
    studio.with_shift(lambda: studio.click("gallery.item.2"))
    selected(*others)
    studio.with_ctrl(lambda: studio.click("gallery.item.1"))
    selected("a.png", "c.png")
    studio.click("gallery.star")
    studio.type_into_field("gallery.new_collection", "Pair")
    studio.click("gallery.collect")
    studio.expect("gallery.in.Pair", True)
    marks = json.loads((folder / "collections.json").read_text())
    assert marks["collections"]["Pair"] == ["a.png", "c.png"] and {"a.png", "c.png"} <= set(marks["starred"]), marks
    studio.with_ctrl(lambda: studio.press("a"))
    selected(*others, "potion-0001.png")
    studio.expect("gallery.in.Pair", False)  # some are not
    studio.click("gallery.item.0")
    studio.press("Right")
    selected("b.png")
    studio.with_shift(lambda: studio.press("Right"))
    selected("b.png", "c.png")
    studio.type_into_field("gallery.search", "b.png")  # what is not shown any more is not selected any more
    studio.expect("gallery.count", 1)
    selected("b.png")
    studio.click("gallery.search")
    studio.with_ctrl(lambda: studio.press("a"))
    studio.press("BackSpace")
    studio.expect("gallery.count", 4)
    studio.click("gallery.item.0")
    studio.with_shift(lambda: studio.click("gallery.item.2"))
    selected(*others)
    studio.press("Delete")
    studio.expect("gallery.count", 1)
    assert files(studio) == ["potion-0001.png"], files(studio)
    selected("potion-0001.png")
    studio.click("gallery.undo")
    studio.expect("gallery.count", 4)
    for name in others:
        (folder / name).unlink()
    studio.expect("gallery.count", 1)


def spoil(studio):
    """All settings other than those that the sprite was made with."""
    studio.click("tab.generate")
    for name, text in (("generate.steps", "3"), ("generate.guidance", "1.5")):
        studio.scroll_to(name)
        studio.type_into_slider(name, text)
    studio.scroll_to("generate.seed")
    studio.type_into_field("generate.seed", "5")
    studio.scroll_to("generate.class.scroll")
    studio.click("generate.class.scroll")
    studio.generate()


def same_sprites(studio, path, button):
    """What Generate makes now, exported, are the pixels of that file."""
    studio.generate()
    out = studio.folder / "again.png"
    out.unlink(missing_ok=True)
    studio.type_into_field("export.path", str(out))
    studio.click(button)
    until = time.monotonic() + 60
    while not out.exists():
        assert time.monotonic() < until, "no export"
        time.sleep(0.05)
    assert pixels(out) == pixels(path), f"{path} is not made again"
    return out


def settings_back_from_the_gallery(studio):
    spoil(studio)
    studio.click("tab.gallery")
    studio.click("gallery.item.0")
    studio.click("gallery.use")
    studio.expect("generate.seed", 79)
    studio.expect("generate.steps", 6)
    studio.expect("generate.count", 1)
    studio.expect("generate.class.potion", True)
    kept = studio.home / "gallery/potion-0001.png"
    assert same_sprites(studio, kept, "export.png").read_bytes() == kept.read_bytes(), "the exported PNG carries the same recipe"
    studio.widget("grid.star.0")  # made again, it is known to be kept
    assert studio.value("grid.star.0") is True


def edited_is_another(studio):
    """A sprite that was drawn on is not the one that was kept; it can be kept beside it, and undo brings the kept one back."""
    before = len(files(studio))
    studio.click("grid.0")
    studio.press("e")
    studio.widget("edit.pencil")
    studio.press("h")  # flips it
    studio.wait("the change", lambda m: m["widgets"].get("edit.undo", {}).get("enabled"))
    studio.press("Escape")
    studio.point_at("grid.0")
    studio.expect("grid.star.0", False)
    studio.press("s")
    studio.expect("grid.star.0", True)
    wait_for_files(studio, before + 1)
    studio.with_ctrl(lambda: studio.press("z"))
    studio.expect("grid.star.0", True)
    assert len(files(studio)) == before + 1


def a_kept_one_is_edited(studio):
    """It comes into the batch as one more sprite; what is drawn on it is kept as another file, and its own file stays."""
    before = {name: (studio.home / "gallery" / name).read_bytes() for name in files(studio)}
    sprites = len([n for n in studio.map()["widgets"] if n[:5] == "grid." and n[5:].isdigit()])
    studio.click("tab.gallery")
    studio.click("gallery.item.0")
    studio.click("gallery.edit")
    studio.expect("edit.sprite", sprites)
    studio.press("v")  # flipped the other way, it would be the one before
    studio.wait("the change", lambda m: m["widgets"].get("edit.undo", {}).get("enabled"))
    studio.press("Escape")
    studio.point_at(f"grid.{sprites}")
    studio.expect(f"grid.star.{sprites}", False)
    studio.press("s")
    studio.expect(f"grid.star.{sprites}", True)
    wait_for_files(studio, len(before) + 1)
    assert all((studio.home / "gallery" / name).read_bytes() == content for name, content in before.items()), "a kept file was changed"
    for _ in range(2):
        studio.with_ctrl(lambda: studio.press("z"))
    studio.wait("the batch as before", lambda m: f"grid.{sprites}" not in m["widgets"] and f"grid.{sprites - 1}" in m["widgets"])


def settings_back_from_a_dropped_sheet(studio):
    studio.type_into_slider("generate.count", "4")
    studio.generate()
    sheet = studio.folder / "sheet.png"
    studio.type_into_field("export.path", str(sheet))
    studio.click("export.sheet")
    studio.wait("the export", lambda m: sheet.exists())
    spoil(studio)
    drop(studio, sheet)
    studio.expect("generate.count", 4)
    studio.expect("generate.seed", 79)
    same_sprites(studio, sheet, "export.sheet")


def a_recipe_replaces_what_is_set(studio):
    """A start image, a class to lead away from, and a number that is still being typed."""
    spoil(studio)
    studio.choose("generate.negative", "demon")
    studio.click("grid.0")
    studio.click("sprite.start_from")
    studio.widget("generate.start_image")
    studio.scroll_to("generate.steps")
    studio.with_ctrl(lambda: studio.click("generate.steps"))
    time.sleep(0.15)
    studio.with_ctrl(lambda: studio.press("a"))
    studio.xdotool("type", "--delay", 40, "9")
    studio.expect("generate.steps", 9)
    sheet = studio.folder / "sheet.png"
    drop(studio, sheet)
    studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"], 60)
    for name, value in (("generate.steps", 6), ("generate.negative", "")):
        studio.scroll_to(name)
        studio.expect(name, value)
    same_sprites(studio, sheet, "export.sheet")


def settings_back_of_sprites_from_an_image(studio):
    studio.click("grid.1")
    studio.click("sprite.start_from")
    digest = studio.widget("generate.start_image")["value"]
    studio.scroll_to("generate.strength")
    studio.type_into_slider("generate.strength", "0.4")
    studio.choose("generate.negative", "demon")
    studio.generate()
    sheet = studio.folder / "started.png"
    studio.type_into_field("export.path", str(sheet))
    studio.click("export.sheet")
    studio.wait("the export", lambda m: sheet.exists())
    studio.choose("generate.negative", "none")
    studio.scroll_to("generate.strength")
    studio.type_into_slider("generate.strength", "0.9")
    studio.scroll_to("generate.start_image.remove")
    studio.click("generate.start_image.remove")
    studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"])
    spoil(studio)
    drop(studio, sheet)
    for name, value in (("generate.start_image", digest), ("generate.strength", 0.4), ("generate.negative", "demon")):
        studio.scroll_to(name)
        studio.expect(name, value)
    studio.picture("from an image")
    same_sprites(studio, sheet, "export.sheet")
    (studio.home / "inputs" / (digest + ".png")).unlink()
    drop(studio, sheet)
    studio.wait("that it is gone", lambda m: any("is gone" in n["hint"] for n in m["notices"]), 60)
    studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"], 60)


def start_from_a_kept_one(studio):
    """The file as it is, not the small picture of it; an enlargement is reduced."""
    kept = studio.home / "gallery/potion-0001.png"
    small = Picture.from_png(kept.read_bytes())
    rows = [b"".join(small.data[4 * (y * SIDE + x):4 * (y * SIDE + x) + 4] * 8 for x in range(SIDE)) for y in range(SIDE)]
    Picture(8 * SIDE, 8 * SIDE, 4, b"".join(row * 8 for row in rows)).save_png(studio.home / "gallery/enlarged.png")
    studio.click("tab.gallery")
    for name in ("potion-0001.png", "enlarged.png"):
        studio.click("tab.gallery")
        studio.type_into_field("gallery.search", name)
        studio.expect("gallery.item.0", name)
        studio.click("gallery.item.0")
        studio.expect("gallery.large", name)
        studio.click("gallery.start_from")
        digest = studio.widget("generate.start_image")["value"]
        assert pixels(studio.home / "inputs" / (digest + ".png")) == small.data, f"sprites start from something else than {name}"
        studio.scroll_to("generate.start_image.remove")
        studio.click("generate.start_image.remove")
        studio.wait("no start image", lambda m: "generate.start_image" not in m["widgets"])


def with_text(png, text):
    """The PNG with that text in place of a recipe."""
    body = b"spritekiln\0\0\0\0\0" + text
    return png[:33] + struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body)) + png[33:]


def recipe_in(path):
    """The recipe that the program wrote into a PNG."""
    raw, at = path.read_bytes(), 8
    while True:
        length, kind = struct.unpack(">I4s", raw[at:at + 8])
        body = raw[at + 8:at + 8 + length]
        if kind == b"iTXt" and body.startswith(b"spritekiln\0"):
            packed, text = body[11], body[15:]  # behind two flags and two empty texts
            return json.loads(zlib.decompress(text) if packed else text)
        at += length + 12


def forged(recipe, **changes):
    """The recipe with other values in its first sprite; those of `parameters` one by one."""
    recipe = json.loads(json.dumps(recipe))
    recipe["sprites"][0]["parameters"].update(changes.pop("parameters", {}))
    recipe["sprites"][0].update(changes)
    return json.dumps(recipe).encode()


def forged_recipes_are_refused(studio):
    """One sentence each, with what to do; the settings stay as they are."""
    studio.scroll_to("generate.seed")
    seed = studio.value("generate.seed")
    plain = Picture(16, 16, 4, bytes(1024)).to_png()
    real = recipe_in(studio.home / "gallery/potion-0001.png")
    for name, text, words in (
            ("forged.png", b'{"version":1,"columns":1,"padding":0,"scale":1,"sprites":[{}]}', "forged.png"),
            ("large.png", b"[" * (50 << 20), "large.png"),
            ("stranger.png", forged(real, model="never-seen", model_hash="0" * 64), "never-seen"),
            ("steps.png", forged(real, parameters={"steps": 10**18}), "steps.png"),
            ("seed.png", forged(real, parameters={"seed": -1e308}), "seed.png"),
            ("weight.png", forged(real, **{"class": {"potion": 1e300}}), "weight.png"),
            ("infinite.png", forged(real).replace(b'"steps_done"', b'"steps_done": 1e999, "was"'), "infinite.png"),
            ("done.png", forged(real, steps_done=2**63), "done.png")):
        (studio.folder / name).write_bytes(with_text(plain, text))
        drop(studio, studio.folder / name)
        found = studio.wait(f"{name} refused", lambda m: any(n["kind"] == "error" and words in n["message"] for n in m["notices"]), 60)
        told = next(n for n in found["notices"] if words in n["message"])
        assert told["hint"] and "\n" not in told["message"] and len(told["message"]) < 200, told
        studio.settle()
        while studio.map()["notices"]:
            studio.click("notice.dismiss")
            studio.settle()
    assert studio.value("generate.seed") == seed
    assert "generate.start_image" not in studio.map()["widgets"]


def dropped_without_a_recipe(studio):
    plain = studio.folder / "plain.png"
    Picture(32, 16, 4, bytes([9, 9, 9, 255]) * 512).save_png(plain)
    studio.scroll_to_top()
    drop(studio, plain)
    studio.expect("generate.start_image.fit", "32×16 was reduced to 16×8")


with Studio(program, "--model", model) as studio:
    make(studio)
    studio.picture("make")
    keep_by_star(studio)
    studio.picture("keep_by_star")
    shown_in_the_gallery(studio)
    studio.picture("shown_in_the_gallery")
    search_star_and_collections(studio)
    studio.picture("search_star_and_collections")
    bin_and_undo(studio)
    studio.picture("bin_and_undo")
    several_at_once(studio)
    studio.picture("several_at_once")
    settings_back_from_the_gallery(studio)
    studio.picture("settings_back_from_the_gallery")
    edited_is_another(studio)
    studio.picture("edited_is_another")
    a_kept_one_is_edited(studio)
    settings_back_from_a_dropped_sheet(studio)
    studio.picture("settings_back_from_a_dropped_sheet")
    a_recipe_replaces_what_is_set(studio)
    studio.picture("a_recipe_replaces_what_is_set")
    settings_back_of_sprites_from_an_image(studio)
    studio.picture("settings_back_of_sprites_from_an_image")
    start_from_a_kept_one(studio)
    studio.picture("start_from_a_kept_one")
    forged_recipes_are_refused(studio)
    studio.picture("forged_recipes_are_refused")
    dropped_without_a_recipe(studio)
    studio.picture("dropped_without_a_recipe")
    assert studio.quit() == 0
print("kept, found, thrown away and brought back; the same settings make the same sprites")
