"""Images to and from another program: copied, pasted, and dragged out of the window, with a real pointer and a real other program."""

import hashlib
import pathlib
import random
import struct
import sys
import time
import urllib.parse

from other_program import OtherProgram
from support import Picture, Studio

program, model = sys.argv[1:3]
SIDE, COUNT = 16, 4
noise = random.Random(5).randbytes


def sprite(seed=0):
    pixels = bytearray(noise(SIDE * SIDE * 4))
    pixels[3::4] = bytes([255]) * (SIDE * SIDE)
    pixels[0] = seed
    return Picture(SIDE, SIDE, 4, bytes(pixels))


def enlarged(picture, times):
    step, rows = picture.channels, []
    for y in range(picture.height):
        line = picture.data[y * picture.width * step:(y + 1) * picture.width * step]
        rows += [b"".join(line[step * x:step * x + step] * times for x in range(picture.width))] * times
    return Picture(picture.width * times, picture.height * times, step, b"".join(rows))


def bmp(picture):
    """24 bits, rows from the last to the first."""
    rows = b"".join(bytes(c for x in range(SIDE) for c in picture.pixel(x, y)[2::-1]) for y in reversed(range(SIDE)))
    return struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54 + len(rows), 0, 0, 54, 40, SIDE, SIDE, 1, 24, 0, len(rows), 0, 0, 0, 0) + rows


def make(studio):
    """The pixels of all sprites, and the PNG of the first as the program exports it."""
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class.potion" in m["widgets"])
    studio.type_into_slider("generate.steps", "6")
    studio.type_into_slider("generate.count", str(COUNT))
    studio.type_into_field("generate.seed", "77")
    studio.click("generate.class.potion")
    studio.generate()
    exported = {}
    for name, button in (("sheet", "export.sheet"), ("first", "export.png")):
        path = studio.folder / f"{name}.png"
        studio.type_into_field("export.path", path)
        studio.click(button)
        studio.wait(f"{name} saved", lambda m: any(n["kind"] == "done" and path.name in n["message"] for n in m["notices"]) and path.exists())
        exported[name] = path.read_bytes()
    sheet = Picture.from_png(exported["sheet"])
    columns = sheet.width // SIDE
    return [sheet.region((i % columns * SIDE, i // columns * SIDE, SIDE, SIDE)) for i in range(COUNT)], exported["first"]


def notice(studio, words):
    studio.wait(f"“{words}”", lambda m: any(words in n["message"] for n in m["notices"]), 60)


def copied(studio, other, action):
    """The PNG that the other program finds on the clipboard after `action`."""
    other.own({"UTF8_STRING": b"something else"})
    action()
    until = time.monotonic() + 60
    while "image/png" not in (types := other.types()):
        assert time.monotonic() < until, types
        time.sleep(0.05)
    assert types[0] == "TARGETS" and "TIMESTAMP" in types and "MULTIPLE" in types, types
    kind, png = other.ask("image/png")
    assert kind == "image/png"
    return png


def copy_by_keys(studio):
    studio.with_ctrl(lambda: studio.with_shift(lambda: studio.press("c")))


def copies_the_chosen_sprite(studio, other, sprites, first):
    studio.click("grid.0")
    studio.expect("sprite", 0)
    assert copied(studio, other, lambda: studio.click("sprite.copy_image")) == first, "not the PNG with its recipe"
    studio.click("grid.2")
    studio.expect("sprite", 2)
    png = copied(studio, other, lambda: copy_by_keys(studio))
    assert Picture.from_png(png).data == sprites[2] and b"spritekiln" in png
    assert other.ask("UTF8_STRING") is None and other.ask("text/html") is None
    assert other.ask("MULTIPLE", pairs=[("image/png", "ONE"), ("text/html", "TWO")])[0] == "ATOM_PAIR"
    assert other.property(other.window, other.atom("ONE")) == ("image/png", png)


def text_stays_what_it_was(studio, other):
    """Ctrl+C and Ctrl+V in a field are about text, whoever had the clipboard."""
    studio.type_into_field("export.path", "/tmp/some words.png")
    studio.click("export.path")
    studio.with_ctrl(lambda: (studio.press("a"), studio.press("v")))  # an image is no text
    studio.expect("export.path", "/tmp/some words.png")
    studio.with_ctrl(lambda: (studio.press("a"), studio.press("c")))
    until = time.monotonic() + 20
    while other.ask("UTF8_STRING") != ("UTF8_STRING", b"/tmp/some words.png"):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert "image/png" not in other.types()
    studio.press("Escape")


def paste(studio, other, contents, holds, what):
    other.own(contents)
    studio.with_ctrl(lambda: studio.press("v"))
    other.serve(lambda: holds(studio.map()), what)


def pasted_start_image(studio, other, contents):
    before = studio.map()["widgets"].get("generate.start_image", {}).get("value")
    changed = lambda m: m["widgets"].get("generate.start_image", {}).get("value") not in (None, before)
    paste(studio, other, contents, changed, "another start image")
    digest = studio.value("generate.start_image")
    kept = (studio.home / "inputs" / f"{digest}.png").read_bytes()
    assert hashlib.sha256(kept).hexdigest() == digest
    return Picture.from_png(kept).data


def pastes_become_the_start_image(studio, other):
    studio.point_at("grid.3")
    small = sprite(1)
    assert pasted_start_image(studio, other, {"image/bmp": b"not this one", "image/png": small.to_png()}) == small.data
    large, picture = enlarged(sprite(2), 24), sprite(2)
    picture = Picture(SIDE, SIDE, 4, b"".join(large.region((x * 24, y * 24, 1, 1)) for y in range(SIDE) for x in range(SIDE)))
    png = large.to_png(level=0)
    assert len(png) > 550 << 10
    assert pasted_start_image(studio, other, {"image/png": png}) == picture.data, "in pieces, an enlargement is reduced"
    assert not other.transfers
    as_bmp = sprite(3)
    assert pasted_start_image(studio, other, {"image/bmp": bmp(as_bmp)}) == as_bmp.data
    value = studio.value("generate.start_image")
    tell = lambda words: lambda m: any(words in n["message"] for n in m["notices"])
    paste(studio, other, {"image/png": b"no PNG at all"}, tell("clipboard"), "what is damaged")
    paste(studio, other, {"UTF8_STRING": b"words"}, tell("no image on the clipboard"), "words are no image")
    assert studio.value("generate.start_image") == value
    reduced = pasted_start_image(studio, other, {"image/png": Picture(48, 31, 4, noise(48 * 31 * 4)).to_png()})
    assert len(reduced) == SIDE * SIDE * 4, "what is larger is not reduced"
    studio.wait("what was done", lambda m: any("48×31 was reduced to 16×10" in n["message"] for n in m["notices"]))


def an_owner_that_never_answers(studio, other):
    other.own({"image/png": sprite(4).to_png()})
    words = "does not answer"
    frames, seen = studio.map()["frames"], 0
    studio.with_ctrl(lambda: studio.press("v"))
    until, x = time.monotonic() + 60, 0
    while True:
        shown = studio.map()
        if any(words in n["message"] for n in shown["notices"]):
            break
        seen += shown["frames"] > frames
        frames = shown["frames"]
        studio.xdotool("mousemove", 400 + x % 50, 300)
        x += 7
        assert time.monotonic() < until, "no notice"
        time.sleep(0.02)
    assert seen > 3, "no frames while nobody answered"
    paste(studio, other, {"image/png": sprite(5).to_png()}, lambda m: m["widgets"]["generate.start_image"]["value"], "the next one")


def own_image_comes_back(studio, other, sprites):
    studio.click("grid.1")
    copied(studio, other, lambda: studio.click("sprite.copy_image"))
    studio.point_at("grid.1")
    studio.with_ctrl(lambda: studio.press("v"))
    kept = lambda m: (studio.home / "inputs" / (m["widgets"]["generate.start_image"]["value"] + ".png")).read_bytes()
    studio.wait("its own image", lambda m: Picture.from_png(kept(m)).data == sprites[1], 60)
    studio.click("generate.start_image.remove")


def middle(studio, name):
    x, y, width, height = studio.widget(name)["rect"]
    return x + width // 2, y + height // 2


def alt_drag(studio, name, ways, release=lambda: None):
    """Presses on a widget with Alt held, goes these ways, and lets go after `release`."""
    studio.point_at(name)
    studio.xdotool("keydown", "alt")
    time.sleep(0.15)
    for step in (("mousedown", 1), *(("mousemove", *at) for at in ways)):
        frames = studio.map()["frames"]
        studio.xdotool(*step)
        studio.next_frame(frames)
    release()
    studio.xdotool("mouseup", 1)
    time.sleep(0.1)
    studio.xdotool("keyup", "alt")


def file_of(uris):
    assert uris.endswith("\r\n") and uris.count("\r\n") == 1, uris
    parts = urllib.parse.urlsplit(uris.strip())
    assert parts.scheme == "file" and not parts.netloc, uris
    return pathlib.Path(urllib.parse.unquote(parts.path))


def drag_to_other(studio, other, name, waits=True):
    """The file that the other program is given."""
    x, y = middle(studio, name)
    other.told, other.dropped = [], None
    over = lambda: other.serve(lambda: "XdndPosition" in other.told, "a position")
    alt_drag(studio, name, [(x + 9, y + 9), (60, studio.map()["window"][1] - 60)], over if waits else lambda: None)
    path = file_of(other.serve(lambda: other.dropped, "a drop"))
    assert other.told[0] == "XdndEnter" and other.told[-1] == "XdndDrop", other.told
    assert path.parent == studio.home / "drags", path
    return path


def drags(studio, other, sprites, first):
    height = studio.map()["window"][1]
    other.show(10, height - 110, 100, 100)
    selected = studio.value("grid.selection")
    path = drag_to_other(studio, other, "grid.0")
    assert path.name == "potion-77.png" and path.read_bytes() == first
    assert studio.value("grid.selection") == selected, "it was no rubber band"
    written = path.stat().st_mtime_ns
    assert drag_to_other(studio, other, "grid.0", waits=False) == path and path.stat().st_mtime_ns == written, "the same file again"
    path.write_bytes(b"of the artist")
    again = drag_to_other(studio, other, "grid.0")
    assert again.name == "potion-77-2.png" and again.read_bytes() == first and path.read_bytes() == b"of the artist"
    last = drag_to_other(studio, other, "grid.3")
    assert last.name == "potion-80.png" and Picture.from_png(last.read_bytes()).data == sprites[3]
    other.accepts, other.told = False, []
    alt_drag(studio, "grid.1", [(60, height - 60)], lambda: other.serve(lambda: "XdndPosition" in other.told, "a position"))
    other.serve(lambda: other.told[-1] == "XdndLeave", "that it goes away")
    assert "XdndDrop" not in other.told
    other.accepts, other.told = True, []
    files = sorted(p.name for p in (studio.home / "drags").iterdir())
    alt_drag(studio, "grid.1", [(60, height - 60), middle(studio, "grid.2")], lambda: other.serve(lambda: "XdndLeave" in other.told, "that it goes away"))
    other.hide()
    alt_drag(studio, "grid.2", [middle(studio, "grid.1"), middle(studio, "tab.gallery")])
    studio.settle()
    assert "XdndDrop" not in other.told and studio.value("tab.generate") is True
    assert sorted(p.name for p in (studio.home / "drags").iterdir()) in (files, sorted([*files, "potion-78.png"]))
    studio.click("grid.0")
    studio.expect("sprite", 0)


def in_the_editor(studio, other, sprites):
    """Pasted, it is a selection over the middle; copied, the sprite is as it was drawn."""
    studio.click("grid.1")
    studio.press("e")
    studio.widget("edit.pencil")
    part = Picture(4, 4, 4, bytes([255, 0, 0, 255]) * 16)
    paste(studio, other, {"image/png": part.to_png()}, lambda m: m["widgets"]["edit.undo"]["enabled"], "the change")
    studio.expect("edit.select", True)
    drawn = bytearray(sprites[1])
    for y in range(6, 10):
        drawn[4 * (16 * y + 6):4 * (16 * y + 10)] = part.data[:16]
    assert Picture.from_png(copied(studio, other, lambda: copy_by_keys(studio))).data == bytes(drawn)
    studio.press("Left")  # moves it, and what was under it comes back
    moved = bytearray(sprites[1])
    for y in range(6, 10):
        moved[4 * (16 * y + 5):4 * (16 * y + 9)] = part.data[:16]
    assert Picture.from_png(copied(studio, other, lambda: studio.click("edit.copy_image"))).data == bytes(moved)
    for _ in range(2):
        studio.with_ctrl(lambda: studio.press("z"))
    studio.wait("nothing to undo", lambda m: not m["widgets"]["edit.undo"]["enabled"])
    studio.click("edit.done")
    studio.widget("grid.0")


def in_the_gallery(studio, other):
    studio.click("grid.0")
    studio.press("s")
    kept = studio.home / "gallery/potion-0001.png"
    studio.wait("the file", lambda m: kept.exists())
    large = enlarged(sprite(7), 26)
    (kept.parent / "own work.png").write_bytes(large.to_png(level=0))
    studio.click("tab.gallery")
    studio.expect("gallery.count", 2)
    places = {studio.value(f"gallery.item.{i}"): f"gallery.item.{i}" for i in range(2)}
    studio.click(places["potion-0001.png"])
    studio.expect("gallery.large", "potion-0001.png")
    assert copied(studio, other, lambda: studio.click("gallery.copy_image")) == kept.read_bytes()
    assert file_of(other.ask("text/uri-list")[1].decode()) == kept
    studio.click(places["own work.png"])
    studio.expect("gallery.large", "own work.png")
    assert copied(studio, other, lambda: copy_by_keys(studio)) == large.to_png(level=0), "in pieces"
    other.show(10, studio.map()["window"][1] - 110, 100, 100)
    path = drag_to_other(studio, other, places["potion-0001.png"])
    assert path.name.startswith("potion-77") and path.read_bytes() == kept.read_bytes()
    path = drag_to_other(studio, other, places["own work.png"])
    assert path.name == "own work.png" and path.read_bytes() == large.to_png(level=0)
    other.hide()
    studio.click("tab.generate")


with Studio(program, "--model", model) as studio:
    sprites, first = make(studio)
    studio.picture("make")
    other = OtherProgram(studio.display.name)
    copies_the_chosen_sprite(studio, other, sprites, first)
    studio.picture("copies_the_chosen_sprite")
    text_stays_what_it_was(studio, other)
    studio.picture("text_stays_what_it_was")
    pastes_become_the_start_image(studio, other)
    studio.picture("pastes_become_the_start_image")
    an_owner_that_never_answers(studio, other)
    studio.picture("an_owner_that_never_answers")
    own_image_comes_back(studio, other, sprites)
    studio.picture("own_image_comes_back")
    drags(studio, other, sprites, first)
    studio.picture("drags")
    in_the_editor(studio, other, sprites)
    studio.picture("in_the_editor")
    in_the_gallery(studio, other)
    studio.picture("in_the_gallery")
    assert studio.quit() == 0
print("images come from other programs and go to them, on the clipboard and as files")
