"""Sheets and their data files, as a user writes them; read by other programs where they are installed."""

import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree
import zlib

from support import Workplace, check, png, refused, small_recipe, takes_pil

SIDE, COLOURS = 8, [(200, 30, 30, 255), (30, 200, 30, 255), (30, 30, 200, 255)]


def pixel_of(number):
    """A rectangle of one colour with a corner of another, amid nothing."""
    def pixel(x, y):
        if x < 2 or y < 1 or x > 6 or y > 5 + number % 2:
            return (0, 0, 0, 0)
        return (250, 240, 10 * number, 255) if (x, y) == (2, 1) else COLOURS[number % 3]
    return pixel


def write(place, name, content):
    path = place.path(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def sprites(place):
    """Two classes of two; the pixels of each in the order in which they are packed."""
    for number, name in enumerate(["cat/a.png", "cat/b.png", "potion/a.png", "potion/b.png"]):
        write(place, f"set/{name}", png(SIDE, SIDE, pixel_of(number)))
    return [pixel_of(number) for number in range(4)]


def decoded(raw):
    """Width, height and the RGBA pixels of a PNG, by Python alone; of indexed ones, too."""
    at, packed, palette, alpha = 8, b"", b"", b""
    while at < len(raw):
        length, kind = struct.unpack(">I4s", raw[at:at + 8])
        body = raw[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        packed += body if kind == b"IDAT" else b""
        palette = body if kind == b"PLTE" else palette
        alpha = body if kind == b"tRNS" else alpha
        at += length + 12
    step = 4 if colour == 6 else 1
    line = (width * step * depth + 7) // 8
    data, before, rows = zlib.decompress(packed), bytes(line), []
    for y in range(height):
        kind, row = data[y * (line + 1)], bytearray(data[y * (line + 1) + 1:(y + 1) * (line + 1)])
        for i in range(line):
            left, corner = (row[i - step], before[i - step]) if i >= step else (0, 0)
            up = before[i]
            p = left + up - corner
            paeth = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))[2]
            row[i] = (row[i] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
        before = bytes(row)
        rows.append(before)

    def pixel(x, y):
        if colour == 6:
            return tuple(rows[y][4 * x:4 * x + 4])
        bit = x * depth
        index = rows[y][bit // 8] >> (8 - depth - bit % 8) & ((1 << depth) - 1)
        return tuple(palette[3 * index:3 * index + 3]) + ((alpha[index] if index < len(alpha) else 255),)

    return width, height, pixel, colour


def shows(pixel, x, y, wanted, scale=1):
    return all(pixel(x + column, y + row) == tuple(wanted(column // scale, row // scale)) for row in range(SIDE * scale) for column in range(SIDE * scale))


def pack(place, *more, expect=0):
    return place.run("pack", place.path("set"), *more, expect=expect)


def layouts(place, wanted):
    pack(place, "--out", place.path("plain.png"))
    width, height, pixel, _ = decoded(place.read("plain.png"))
    check((width, height) == (16, 16), f"two by two: {width}×{height}")
    check(all(shows(pixel, 8 * (i % 2), 8 * (i // 2), wanted[i]) for i in range(4)), "the sprites as they are")
    pack(place, "--out", place.path("wide.png"), "--columns", "3", "--padding", "1", "--border", "2", "--scale", "2", "--power-of-two")
    width, height, pixel, _ = decoded(place.read("wide.png"))
    check((width, height) == (64, 64), f"(2 + 3·8 + 2·1 + 2)·2 = 60 becomes 64: {width}×{height}")
    check(all(shows(pixel, 4 + 18 * (i % 3), 4 + 18 * (i // 3), wanted[i], 2) for i in range(4)), "moved by border and padding, and enlarged")
    pack(place, "--out", place.path("indexed.png"), "--indexed", "--extrude", "1")
    width, height, pixel, colour = decoded(place.read("indexed.png"))
    check((width, height, colour) == (20, 20, 3), "indexed, with a rim of one pixel around each")
    check(all(shows(pixel, 1 + 10 * (i % 2), 1 + 10 * (i // 2), wanted[i]) for i in range(4)), "the same colours")


def both_or_neither(place):
    pack(place, "--out", place.path("a/s.png"), "--atlas", "tiled")
    before = place.read("a/s.png"), place.read("a/s.tsx")
    refused(place, "pack", place.path("set"), "--out", place.path("a/s.png"), words=["s.png", "is there already", "--force"])
    refused(place, "pack", place.path("set"), "--out", place.path("a/s.png"), "--atlas", "css", words=["s.png", "--force"])
    check(not os.path.exists(place.path("a/s.css")), "no half of a refused export")
    os.remove(place.path("a/s.png"))
    refused(place, "pack", place.path("set"), "--out", place.path("a/s.png"), "--atlas", "tiled", words=["s.tsx", "--force"])
    check(sorted(os.listdir(place.path("a"))) == ["s.tsx"], "neither")
    pack(place, "--out", place.path("a/s.png"), "--atlas", "tiled", "--force", "--scale", "2")
    check(place.read("a/s.png") != before[0] and place.read("a/s.tsx") != before[1], "both are replaced")
    pack(place, "--out", place.path("f/{class}_{n}.png"))
    refused(place, "pack", place.path("set"), "--out", place.path("f/{class}_{n}.png"), words=["cat_0.png", "--force"])
    check(len(os.listdir(place.path("f"))) == 4, "nothing but the four files")


def refusals(place):
    for name in ["x.jpg", "x.gif", "x.tsx"]:
        refused(place, "pack", place.path("set"), "--out", place.path(name), words=[name, ".png or .npy or .npz"])
    refused(place, "pack", place.path("set"), "--out", place.path("x.png"), "--atlas", "unreal", words=["unreal", "unity"])
    refused(place, "pack", place.path("set"), "--out", place.path("{m}.png"), words=["{m}", "{class}_{n:03}.png"])
    refused(place, "pack", place.path("set"), "--out", place.path("{class}.png"), words=["cat.png", "{n}"])
    refused(place, "pack", place.path("set"), "--out", place.path("x.png"), "--atlas", "tiled", "--trim", words=["one size", "trim"])
    refused(place, "pack", place.path("set"), "--out", place.path("x.png"), "--extrude", "1", "--inner-padding", "1", words=["extrude"])
    many = png(20, 20, lambda x, y: (x * 12, y * 12, 0, 255))
    write(place, "many/a/a.png", many)
    refused(place, "pack", place.path("many"), "--out", place.path("x.png"), "--indexed", words=["400 colours", "256"])
    check(not any(name.startswith("x.") for name in os.listdir(place.folder)), "nothing is written")


def own_reader(place):
    for number, options in enumerate([["--trim", "--padding", "2"], ["--inner-padding", "1"], ["--extrude", "2", "--border", "1", "--indexed"]]):
        out = place.path(f"own{number}.png")
        pack(place, "--out", out, "--atlas", "aseprite-hash", *options)
        place.run("dataset", "convert", place.path(f"own{number}.json"), place.path(f"own{number}"))
        place.run("pack", place.path(f"own{number}"), "--out", place.path(f"again{number}.png"))
        check(place.read(f"again{number}.png") == place.read("plain.png"), f"the same sprites come back from {options}")
    pack(place, "--out", place.path("s.npz"))
    place.run("dataset", "convert", place.path("s.npz"), place.path("arrays"))
    check(sum(len(files) for _, _, files in os.walk(place.path("arrays"))) >= 4, "and from an archive")


def tiled(place, wanted):
    pack(place, "--out", place.path("t/tiles.png"), "--atlas", "tiled", "--padding", "1", "--extrude", "1", "--border", "3", "--power-of-two")
    tileset = xml.etree.ElementTree.parse(place.path("t/tiles.tsx")).getroot()
    ids = [int(tile.get("id")) for tile in tileset.findall("tile")]
    check([tile.get("type") for tile in tileset.findall("tile")] == ["cat", "cat", "potion", "potion"], "each tile has its class")
    program = shutil.which("tmxrasterizer")
    if not program:
        return print("Tiled is not installed: its drawing of a map is left out")
    write(place, "t/map.tmx", f"""<?xml version="1.0" encoding="UTF-8"?>
<map version="1.8" orientation="orthogonal" renderorder="right-down" width="4" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" source="tiles.tsx"/>
 <layer id="1" name="all" width="4" height="1"><data encoding="csv">{",".join(str(1 + i) for i in ids)}</data></layer>
</map>""".encode())
    subprocess.run([program, place.path("t/map.tmx"), place.path("t/map.png")], check=True, timeout=120,
                   env=dict(os.environ, QT_QPA_PLATFORM="offscreen", HOME=place.folder))
    width, height, pixel, _ = decoded(place.read("t/map.png"))
    check((width, height) == (32, 8), f"the map is of four tiles: {width}×{height}")
    check(all(shows(pixel, 8 * i, 0, wanted[i]) for i in range(4)), "Tiled draws the sprites as they are")
    pack(place, "--out", place.path("t/each/{class}_{n}.png"), "--atlas", "tiled")
    write(place, "t/each/map.tmx", f"""<?xml version="1.0" encoding="UTF-8"?>
<map version="1.8" orientation="orthogonal" renderorder="right-down" width="4" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" source="sprites.tsx"/>
 <layer id="1" name="all" width="4" height="1"><data encoding="csv">4,3,2,1</data></layer>
</map>""".encode())
    subprocess.run([program, place.path("t/each/map.tmx"), place.path("t/each/map.png")], check=True, timeout=120,
                   env=dict(os.environ, QT_QPA_PLATFORM="offscreen", HOME=place.folder))
    width, height, pixel, _ = decoded(place.read("t/each/map.png"))
    check((width, height) == (32, 8), f"a map of four images: {width}×{height}")
    check(all(shows(pixel, 8 * i, 0, wanted[3 - i]) for i in range(4)), "Tiled draws a collection of images, too")


GODOT = """extends SceneTree
func _init():
    var frames = load("res://s.tres")
    for name in frames.get_animation_names():
        for i in frames.get_frame_count(name):
            var t = frames.get_frame(name, i)
            print("frame ", name, " ", t.region, " ", t.margin, " ", t.get_size(), " ", t.atlas.get_size())
    quit()
"""


def godot(place):
    program = shutil.which("godot3-server")
    if not program:
        return print("Godot 3 is not installed: its reading of a resource is left out")
    pack(place, "--out", place.path("g/s.png"), "--atlas", "godot3", "--trim")
    write(place, "g/project.godot", b"config_version=4\n[application]\nconfig/name=\"x\"\n")
    write(place, "g/read.gd", GODOT.encode())
    environment = dict(os.environ, HOME=place.path("g"))
    for arguments in [["--editor", "--quit"], ["-s", "read.gd"]]:
        done = subprocess.run([program, "--path", place.path("g"), *arguments], env=environment, capture_output=True, text=True, timeout=300)
    found = re.findall(r"frame (\w+) (\(.*\)) (\(.*\)) (\(.*\)) (\(.*\))", done.stdout)
    numbers = [(name, *[[float(n) for n in re.findall(r"[\d.]+", part)] for part in parts]) for name, *parts in found]
    check([n[0] for n in numbers] == ["cat", "cat", "potion", "potion"], f"Godot finds an animation for each class: {done.stdout}{done.stderr}")
    check(all(n[1][2:] == [5, 5 + i % 2] and n[2] == [2, 1, 3, 3 - i % 2] and n[3] == [8, 8] for i, n in enumerate(numbers)),
          f"trimmed frames are whole for Godot: {numbers}")


def image_magick(place, wanted):
    program = shutil.which("magick") or shutil.which("convert")  # of version 7, or 6
    version = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60).stdout if program else ""
    if not version.startswith("Version: ImageMagick"):
        return print("ImageMagick is not installed: its reading of pixels is left out")
    for name, side, first in ("plain.png", 16, 0), ("indexed.png", 20, 1):
        done = subprocess.run([program, place.path(name), "-depth", "8", "rgba:-"], capture_output=True, timeout=60)
        check(done.returncode == 0 and len(done.stdout) == 4 * side * side, f"ImageMagick reads {name}: {done.stderr}")

        def pixel(x, y):
            at = 4 * (y * side + x)
            rgba = tuple(done.stdout[at:at + 4])
            return rgba if rgba[3] else (0, 0, 0, 0)

        step = side // 2
        check(all(shows(pixel, first + step * (i % 2), first + step * (i // 2), wanted[i]) for i in range(4)), f"the pixels of {name} as ImageMagick reads them")


def other_readers(place, wanted):
    if not shutil.which("pngcheck"):
        print("pngcheck is not installed, and left out")
    else:
        done = subprocess.run(["pngcheck", "-q", place.path("indexed.png"), place.path("plain.png")], capture_output=True, text=True, timeout=60)
        said = [line for line in done.stderr.splitlines() if line and not line.lstrip().startswith("zlib warning")]  # built with another zlib
        check(done.returncode == 0 and not said, f"pngcheck: {done.stdout}{done.stderr}")
    image_magick(place, wanted)
    if not takes_pil():
        return print("PIL is not installed, and left out")
    from PIL import Image
    with Image.open(place.path("indexed.png")) as image:
        check(image.mode == "P", "PIL sees a palette")
        rgba = image.convert("RGBA")
        check(all(shows(lambda x, y: rgba.getpixel((x, y)), 1 + 10 * (i % 2), 1 + 10 * (i // 2), wanted[i]) for i in range(4)), "PIL reads its pixels")


def fades(place):
    model = place.path("m.safetensors")
    place.run("train", "--data", place.path("data"), "--out", model, *small_recipe(2))
    sample = ["sample", "--model", model, "--count", "2", "--steps", "4", "--threads", "1", "--class", "potion", "--class", "sword",
              "--palette", "auto:16"]
    place.run(*sample, "--out", place.path("m.png"), "--apng", place.path("fade.png"), "--atlas", "tiled", "--indexed")
    fade = place.read("fade.png")
    check(fade.count(b"fcTL") == 4 and b"acTL" in fade, "an animated PNG of four frames")
    properties = {p.get("name"): p.get("value") for p in xml.etree.ElementTree.parse(place.path("m.tsx")).find("tile").iter("property")}
    check(properties["sampler"] == "ddim" and properties["steps_done"] == "4" and "strength" not in properties, f"… all of it: {properties}")
    check(properties["model"] == "m" and properties["steps"] == "4" and properties["class"] == "potion=1", f"a tile knows its recipe: {properties}")
    refused(place, *sample, "--out", place.path("m.png"), words=["m.png", "--force"])
    refused(place, *sample, "--out", place.path("n.png"), "--apng", place.path("fade.png"), words=["fade.png", "--force"])
    refused(place, *sample, "--out", place.path("n.png"), "--apng", place.path("n.gif"), words=["--apng", ".png or .apng"])
    check(not os.path.exists(place.path("n.png")), "nothing is sampled for a refused name")
    place.run(*sample, "--out", place.path("m.png"), "--force")
    place.run(*sample, "--out", place.path("c/{class}_{seed}.png"), "--seed", "5")
    check(sorted(os.listdir(place.path("c"))) == ["potion_5.png", "sword_6.png"], "files are named after class and seed")


takes_pil()
with Workplace(sys.argv[1]) as place:
    wanted = sprites(place)
    layouts(place, wanted)
    both_or_neither(place)
    refusals(place)
    own_reader(place)
    tiled(place, wanted)
    godot(place)
    other_readers(place, wanted)
    fades(place)
print("sheets are what other programs read")
