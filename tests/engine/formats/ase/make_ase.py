#!/usr/bin/env python3
"""Makes tests/golden/formats/*.aseprite, and ase.json with what reading them must give.

The files are written byte by byte after ase-file-specs.md, and their pixels composited here in floating point after the W3C's
“Compositing and Blending Level 1”, independently of the engine. Run it in any folder: tests/engine/formats/ase/make_ase.py
"""
import json
import math
import os
import random
import struct
import zlib

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../golden/formats")
expected = {}


# --- writing -------------------------------------------------------------------------------------------------------------------

def text(s):
    raw = s if isinstance(s, bytes) else s.encode()
    return struct.pack("<H", len(raw)) + raw


def chunk(kind, content):
    return struct.pack("<IH", 6 + len(content), kind) + content


def frame(chunks, milliseconds=100, new_count=True):
    body = b"".join(chunks)
    counts = (len(chunks), len(chunks)) if new_count else (len(chunks), 0)
    return struct.pack("<IHHH2xI", 16 + len(body), 0xF1FA, counts[0], milliseconds, counts[1]) + body


def file(name, width, height, depth, frames, flags=1, speed=70, transparent=0, ratio=(1, 1)):
    body = b"".join(frames)
    header = struct.pack("<IHHHHHIHIIB3xHBB92x", 128 + len(body), 0xA5E0, len(frames), width, height, depth, flags, speed, 0, 0,
                         transparent, 0, *ratio)
    assert len(header) == 128
    with open(os.path.join(FOLDER, name), "wb") as out:
        out.write(header + body)


def layer(name, flags=1, kind=0, level=0, mode=0, opacity=255, tileset=None):
    end = struct.pack("<I", tileset) if tileset is not None else b""
    return chunk(0x2004, struct.pack("<HHHHHHB3x", flags, kind, level, 0, 0, mode, opacity) + text(name) + end)


def cel_head(index, x, y, opacity, kind, z):
    return struct.pack("<HhhBHh5x", index, x, y, opacity, kind, z)


def cel(index, picture, x=0, y=0, opacity=255, z=0, raw=False):
    """`picture`: rows of pixels, each pixel the bytes as they are stored."""
    data = b"".join(bytes(p) for row in picture for p in row)
    size = struct.pack("<HH", len(picture[0]), len(picture))
    return chunk(0x2005, cel_head(index, x, y, opacity, 0 if raw else 2, z) + size + (data if raw else zlib.compress(data, 9)))


def link(index, to, x=0, y=0, opacity=255, z=0):
    return chunk(0x2005, cel_head(index, x, y, opacity, 1, z) + struct.pack("<H", to))


def tilemap(index, rows, x=0, y=0, opacity=255, z=0):
    data = b"".join(struct.pack("<I", t) for row in rows for t in row)
    bits = struct.pack("<HIIII10x", 32, 0x1FFFFFFF, 0x80000000, 0x40000000, 0x20000000)
    return chunk(0x2005, cel_head(index, x, y, opacity, 3, z) + struct.pack("<HH", len(rows[0]), len(rows)) + bits + zlib.compress(data))


def tileset(number, tiles, flags=2 | 4):
    data = zlib.compress(b"".join(bytes(p) for t in tiles for row in t for p in row)) if flags & 2 else b""
    outside = struct.pack("<II", 1, 0) if flags & 1 else b""
    inside = struct.pack("<I", len(data)) + data if flags & 2 else b""
    head = struct.pack("<IIIHHh14x", number, flags, len(tiles), len(tiles[0][0]), len(tiles[0]), 1)
    return chunk(0x2023, head + text("tiles") + outside + inside)


def palette(colours, first=0, size=None, named=()):
    size = first + len(colours) if size is None else size
    body = struct.pack("<III8x", size, first, first + len(colours) - 1)
    for i, c in enumerate(colours):
        body += struct.pack("<HBBBB", 1 if i in named else 0, *c) + (text("colour") if i in named else b"")
    return chunk(0x2019, body)


def old_palette(kind, packets):
    body = struct.pack("<H", len(packets))
    for skip, colours in packets:
        body += struct.pack("<BB", skip, len(colours) % 256) + b"".join(bytes(c) for c in colours)
    return chunk(kind, body)


def tags(entries):
    body = struct.pack("<H8x", len(entries))
    for name, first, last, direction in entries:
        body += struct.pack("<HHBH6x3Bx", first, last, direction, 0, 1, 2, 3) + text(name)
    return chunk(0x2018, body)


def slice_chunk(name, keys, flags=0):
    body = struct.pack("<II4x", len(keys), flags) + text(name)
    for number, x, y, w, h in keys:
        body += struct.pack("<IiiII", number, x, y, w, h)
        body += struct.pack("<iiII", 1, 1, 1, 1) if flags & 1 else b""
        body += struct.pack("<ii", 2, 2) if flags & 2 else b""
    return chunk(0x2022, body)


USER_DATA = chunk(0x2020, struct.pack("<I", 3) + text("note") + bytes([1, 2, 3, 4]))
SRGB = chunk(0x2007, struct.pack("<HHI8x", 1, 0, 0))


# --- compositing ---------------------------------------------------------------------------------------------------------------

def lum(c):
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def clip_color(c):
    l, n, x = lum(c), min(c), max(c)
    if n < 0 and l - n > 1e-12:
        c = [l + (v - l) * l / (l - n) for v in c]
    if x > 1 and x - l > 1e-12:
        c = [l + (v - l) * (1 - l) / (x - l) for v in c]
    return c


def set_lum(c, l):
    return clip_color([v + l - lum(c) for v in c])


def sat(c):
    return max(c) - min(c)


def set_sat(c, s):
    order = sorted(range(3), key=lambda i: c[i])
    low, mid, high = (c[i] for i in order)
    out = [0.0, 0.0, 0.0]
    if high > low:
        out[order[1]] = (mid - low) * s / (high - low)
        out[order[2]] = s
    return out


def soft_light(b, s):
    if s <= 0.5:
        return b - (1 - 2 * s) * b * (1 - b)
    d = ((16 * b - 12) * b + 4) * b if b <= 0.25 else math.sqrt(b)
    return b + (2 * s - 1) * (d - b)


def hard_light(b, s):
    return b * 2 * s if s <= 0.5 else b + (2 * s - 1) - b * (2 * s - 1)


SEPARABLE = {
    0: lambda b, s: s,
    1: lambda b, s: b * s,
    2: lambda b, s: b + s - b * s,
    3: lambda b, s: hard_light(s, b),
    4: min,
    5: max,
    6: lambda b, s: 0 if b == 0 else 1 if s == 1 else min(1, b / (1 - s)),
    7: lambda b, s: 1 if b == 1 else 0 if s == 0 else 1 - min(1, (1 - b) / s),
    8: hard_light,
    9: soft_light,
    10: lambda b, s: abs(b - s),
    11: lambda b, s: b + s - 2 * b * s,
    16: lambda b, s: min(1, b + s),
    17: lambda b, s: max(0, b - s),
    18: lambda b, s: 0 if b == 0 else 1 if b >= s else b / s,
}
WHOLE = {
    12: lambda b, s: set_lum(set_sat(s, sat(b)), lum(b)),
    13: lambda b, s: set_lum(set_sat(b, sat(s)), lum(b)),
    14: lambda b, s: set_lum(s, lum(b)),
    15: lambda b, s: set_lum(b, lum(s)),
}


def over(below, above, mode=0, opacity=1.0):
    """RGBA as 0-255; the result is not rounded."""
    b, s = [v / 255 for v in below[:3]], [v / 255 for v in above[:3]]
    ab, a_s = below[3] / 255, above[3] / 255 * opacity
    alpha = a_s + ab - a_s * ab
    if alpha == 0:
        return [0, 0, 0, 0]
    mixed = WHOLE[mode](b, s) if mode in WHOLE else [SEPARABLE[mode](x, y) for x, y in zip(b, s)]
    colour = [((1 - ab) * a_s * y + ab * a_s * m + (1 - a_s) * ab * x) / alpha for x, y, m in zip(b, s, mixed)]
    return [255 * v for v in colour] + [255 * alpha]


class Canvas:
    def __init__(self, width, height):
        self.rows = [[[0, 0, 0, 0] for _ in range(width)] for _ in range(height)]

    def draw(self, picture, x=0, y=0, mode=0, opacity=1.0):
        for v, row in enumerate(picture):
            for u, pixel in enumerate(row):
                if 0 <= y + v < len(self.rows) and 0 <= x + u < len(self.rows[0]):
                    self.rows[y + v][x + u] = over(self.rows[y + v][x + u], pixel, mode, opacity)
        return self

    def hex(self):
        pixels = [[math.floor(v + 0.5) for v in p] for row in self.rows for p in row]
        return "".join("%02x%02x%02x%02x" % tuple(p if p[3] else (0, 0, 0, 0)) for p in pixels)


def expect(name, frames, **more):
    """`frames`: (sprite, class, milliseconds, canvas)."""
    expected[name] = {"frames": [{"name": n, "class": c, "ms": ms, "pixels": canvas.hex()} for n, c, ms, canvas in frames], **more}


def noise(width, height, seed, alpha=None):
    """Random colours, the ends of the range among them; alpha too, if none is given."""
    r = random.Random(seed)

    def value():
        return r.choice([0, 255, r.randrange(256), r.randrange(256), r.randrange(256)])
    return [[[value(), value(), value(), value() if alpha is None else alpha] for _ in range(width)] for _ in range(height)]


# --- the files -----------------------------------------------------------------------------------------------------------------

def make_layers():
    a, b, c = noise(5, 4, 1), noise(3, 3, 2), noise(7, 7, 3)
    layers = [layer("under"), layer("over", opacity=128), layer("wide")]
    file("layers.aseprite", 5, 4, 32,
         [frame([SRGB, *layers, USER_DATA, cel(0, a), cel(1, b, 1, 2, 200), USER_DATA, cel(2, c, -2, -1, 77, raw=True)], 40),
          frame([], 0, new_count=False)])
    canvas = Canvas(5, 4).draw(a).draw(b, 1, 2, 0, 128 * 200 / 255 ** 2).draw(c, -2, -1, 0, 77 / 255)
    expect("layers.aseprite", [("0", "", 40, canvas), ("1", "", 70, Canvas(5, 4))], notes=[])
    # The same without the flag that makes layers' opacities valid.
    file("opaque_layers.aseprite", 5, 4, 32, [frame([*layers, cel(1, b, 1, 2, 200)], 40)], flags=0)
    expect("opaque_layers.aseprite", [("0", "", 40, Canvas(5, 4).draw(b, 1, 2, 0, 200 / 255))], notes=[])


def make_blend():
    """One layer and frame for each mode, over opaque, half-transparent and no backdrop."""
    below = noise(6, 4, 4, 255)
    for row in below:
        row[4][3], row[5][3] = 100, 0
    above = noise(6, 4, 5)
    above[0] = [[*p[:3], 255] for p in above[0]]
    above[1][0], below[1][0] = [128, 128, 128, 255], [90, 90, 90, 255]
    layers = [layer("below")] + [layer("mode %d" % m, mode=m, opacity=230) for m in range(19)]
    frames, want = [], []
    for m in range(19):
        under = cel(0, below) if m == 0 else link(0, 0)
        source = cel(1 + m, above) if m == 0 else cel(1 + m, above)
        frames.append(frame(([SRGB, *layers] if m == 0 else []) + [under, source]))
        want.append((str(m), "", 100, Canvas(6, 4).draw(below).draw(above, mode=m, opacity=230 / 255)))
    file("blend.aseprite", 6, 4, 32, frames)
    expect("blend.aseprite", want, notes=[])


COLOURS = [(0, 0, 0, 255), (255, 0, 0, 255), (0, 255, 0, 128), (18, 52, 86, 255)]


def shown(picture, colours, transparent):
    return [[(0, 0, 0, 0) if p[0] == transparent or p[0] >= len(colours) else colours[p[0]] for p in row] for row in picture]


def indices(*rows):
    return [[[int(c)] for c in row] for row in rows]


def make_indexed():
    back, front = indices("0123", "3210"), indices("10", "32")
    layers = [layer("Background", flags=1 | 8, mode=1), layer("front", opacity=128)]
    # Index 3 is transparent, but not in the background; the palette changes in the second frame, in which both cels are links.
    file("indexed.aseprite", 4, 2, 8,
         [frame([palette(COLOURS, named=(1,)), old_palette(4, [(0, [(9, 9, 9)] * 4)]), *layers, cel(0, back), cel(1, front, 1, 0)]),
          frame([palette([(7, 8, 9, 255)], 1, 4), old_palette(4, [(0, [(9, 9, 9)] * 4)]), link(0, 0), link(1, 0, 2, 0, 255)])],
         transparent=3)
    later = [COLOURS[0], (7, 8, 9, 255), *COLOURS[2:]]
    want = [Canvas(4, 2).draw(shown(back, c, None)).draw(shown(front, c, 3), x, 0, 0, 128 / 255) for c, x in ((COLOURS, 1), (later, 2))]
    expect("indexed.aseprite", [("0", "", 100, want[0]), ("1", "", 100, want[1])], palette=COLOURS, notes=["palette changes"])
    # Old palettes, in packets; the older kind has six bits. One pixel is beyond the palette.
    picture = indices("0124", "4321")
    for name, kind, factor in (("old_palette.aseprite", 0x04, 1), ("older_palette.aseprite", 0x11, 255 / 63)):
        given = [[(1, 2, 3), (63, 0, 31)], [(5, 6, 7)]]
        colours = [tuple(math.floor(v * factor + 0.5) for v in c) + (255,) for c in (given[0][0], given[0][1])]
        colours += [(0, 0, 0, 0), tuple(math.floor(v * factor + 0.5) for v in given[1][0]) + (255,)]
        file(name, 4, 2, 8, [frame([old_palette(kind, [(0, given[0]), (1, given[1])]), layer("a"), cel(0, picture)])])
        expect(name, [("0", "", 100, Canvas(4, 2).draw(shown(picture, colours, 0)))], palette=colours, notes=["beyond the palette"])


def make_grey():
    picture = [[(0, 255), (255, 255), (128, 255), (77, 100), (9, 0)]]
    shade = [[(200, 128)] * 5]
    rgba = [[[(v, v, v, a) for v, a in row] for row in p] for p in (picture, shade)]
    file("grey.aseprite", 5, 1, 16, [frame([layer("a"), layer("b", mode=1), cel(0, picture), cel(1, shade)])])
    expect("grey.aseprite", [("0", "", 100, Canvas(5, 1).draw(rgba[0]).draw(rgba[1], mode=1))], notes=[])


def make_hidden():
    a = noise(3, 2, 6, 200)
    tree = [("shown", 1, 0, 0), ("hidden", 0, 0, 0), ("group", 0, 1, 0), ("in hidden group", 1, 0, 1), ("inner", 1, 1, 1),
            ("deep", 1, 0, 2), ("open", 1, 1, 0), ("in open group", 1, 0, 1), ("reference", 1 | 64, 0, 0), ("strange", 1, 0, 0)]
    layers = [layer(n, flags, kind, level, 99 if n == "strange" else 0, 255 if kind == 0 else 10) for n, flags, kind, level in tree]
    pictures = {i: noise(3, 2, 60 + i, 200) for i, t in enumerate(tree) if t[2] == 0}
    file("hidden.aseprite", 3, 2, 32, [frame(layers + [cel(i, p) for i, p in pictures.items()])], ratio=(2, 1))
    canvas = Canvas(3, 2).draw(pictures[0]).draw(pictures[7]).draw(pictures[9])
    expect("hidden.aseprite", [("0", "", 100, canvas)],
           notes=["“strange”", "3 hidden layers are left out", "1 reference layer is", "2:1"])


def make_tags():
    pictures = [[[[10 * i + 1, 2, 3, 255]]] for i in range(8)]
    frames = [frame(([layer("a"), tags([("all", 1, 6, 2), ("walk", 2, 5, 0), ("hit", 4, 4, 1), ("walk", 7, 7, 3), ("twin", 4, 4, 0)])]
                     if i == 0 else []) + [cel(0, p)], 50 + i) for i, p in enumerate(pictures)]
    file("tags.aseprite", 1, 1, 32, frames)
    names = [("0", ""), ("all 0", "all"), ("walk 0", "walk"), ("walk 1", "walk"), ("hit 0", "hit"), ("walk 2", "walk"),
             ("all 1", "all"), ("walk 3", "walk")]
    expect("tags.aseprite", [(n, c, 50 + i, Canvas(1, 1).draw(pictures[i])) for i, (n, c) in enumerate(names)], notes=["“hit” and “twin” share frames"],
           tags=[["all", 1, 6, 2], ["walk", 2, 5, 0], ["hit", 4, 4, 1], ["walk", 7, 7, 3], ["twin", 4, 4, 0]])


def make_z_index():
    p = [noise(2, 2, 70 + i, 255) for i in range(4)]
    for i in range(4):  # each leaves one pixel to those below
        p[i][i // 2][i % 2] = [0, 0, 0, 0]
    layers = [layer(n) for n in "abcd"]
    # Frame 0: a two up: b, c before a by order 2 and z-index; frame 1: d two down: order 1, before b by its z-index; frame 2: as layers.
    file("z_index.aseprite", 2, 2, 32,
         [frame([*layers, cel(0, p[0], z=2), cel(1, p[1]), cel(2, p[2])]),
          frame([cel(3, p[3], z=-2), cel(2, p[2]), cel(1, p[1]), cel(0, p[0])]),
          frame([link(3, 1), cel(0, p[0], z=-30000), cel(2, p[2], z=30000)])])
    orders = [(1, 2, 0), (0, 3, 1, 2), (0, 3, 2)]
    want = []
    for order in orders:
        canvas = Canvas(2, 2)
        for i in order:
            canvas.draw(p[i])
        want.append(canvas)
    expect("z_index.aseprite", [(str(i), "", 100, c) for i, c in enumerate(want)], notes=[])


def make_links():
    p = noise(2, 2, 8, 255)
    file("links.aseprite", 3, 3, 32,
         [frame([layer("a"), cel(0, p)]), frame([link(0, 0, 1, 1, 100)]), frame([link(0, 1, 0, 1)])])
    want = [Canvas(3, 3).draw(p), Canvas(3, 3).draw(p, 1, 1, 0, 100 / 255), Canvas(3, 3).draw(p, 0, 1)]
    expect("links.aseprite", [(str(i), "", 100, c) for i, c in enumerate(want)], notes=[])


def make_slices():
    file("slices.aseprite", 1, 1, 32,
         [frame([layer("a"), cel(0, [[[1, 2, 3, 4]]]), slice_chunk("größe", [(0, -3, 4, 5, 6)], 3),
                 slice_chunk("moves", [(0, 0, 0, 0, 0), (1, 2, 3, 4, 5), (2, 2, 3, 4, 6)], 1), slice_chunk("nowhere", [(0, 1, 1, 0, 0)]),
                 slice_chunk(b"latin \xfc\n", [(0, 1, 2, 3, 4)], 2)])])
    expect("slices.aseprite", [("0", "", 100, Canvas(1, 1).draw([[[1, 2, 3, 4]]]))], notes=["slices that change"],
           slices=[["größe", -3, 4, 5, 6], ["moves", 2, 3, 4, 5], ["latin ??", 1, 2, 3, 4]])
    pixels = [[[[1, 2, 3, 255]]], [[[4, 5, 6, 255]]]]
    file("sliced_frames.aseprite", 1, 1, 32,
         [frame([layer("a"), cel(0, pixels[0]), slice_chunk("body", [(0, 0, 0, 1, 1)])]), frame([cel(0, pixels[1])])])
    expect("sliced_frames.aseprite", [(str(i), "", 100, Canvas(1, 1).draw(p)) for i, p in enumerate(pixels)], notes=[], slices=[["body", 0, 0, 1, 1]])


def make_groups():
    """Groups with opacity and blend mode of their own, z-indices within them; and the same file without the flag for that."""
    p = [noise(2, 2, 90 + i, 180) for i in range(4)]
    layers = [layer("floor"), layer("group", kind=1, mode=1, opacity=128), layer("a", level=1), layer("inner", kind=1, level=1),
              layer("b", level=2, mode=2), layer("top")]
    numbers = [0, 2, 4, 5]
    cels = [cel(n, p[i], z=1 if n == 2 else 0) for i, n in enumerate(numbers)]
    file("groups.aseprite", 2, 2, 32, [frame([*layers, *cels])], flags=3)
    inner = Canvas(2, 2).draw(p[2])
    group = Canvas(2, 2).draw(inner.rows).draw(p[1])  # a is one up: above the inner group
    expect("groups.aseprite", [("0", "", 100, Canvas(2, 2).draw(p[0]).draw(group.rows, mode=1, opacity=128 / 255).draw(p[3]))], notes=[])
    file("plain_groups.aseprite", 2, 2, 32, [frame([*layers, *cels])])
    expect("plain_groups.aseprite", [("0", "", 100, Canvas(2, 2).draw(p[0]).draw(p[1]).draw(p[2], mode=2).draw(p[3]))], notes=[])


def flipped(tile, bits):
    if bits & 0x20000000:
        tile = [list(column) for column in zip(*tile)]
    if bits & 0x80000000:
        tile = [row[::-1] for row in tile]
    if bits & 0x40000000:
        tile = tile[::-1]
    return tile


def make_tilemap():
    empty = [[[0, 0, 0, 0]] * 3] * 3
    tiles = [empty, noise(3, 3, 11, 255), noise(3, 3, 12, 255)]
    flips = [0, 0x80000000, 0x40000000, 0x20000000, 0xA0000000, 0x60000000, 0xE0000000, 0xC0000000]
    rows = [[1 | flips[0], 2 | flips[1], 2 | flips[2], 0], [2 | flips[3], 1 | flips[4], 0, 1 | flips[5]], [2 | flips[6], 2 | flips[7], 9, 1]]
    file("tilemap.aseprite", 10, 9, 32,
         [frame([tileset(0, [[[[1, 1, 1, 1]]]], 1), tileset(5, tiles), layer("map", kind=2, tileset=5), layer("elsewhere", kind=2, tileset=0),
                 tilemap(0, rows, -1, 1, 128), tilemap(1, [[1]])]), frame([link(0, 0, 1, 1)])])
    want = []
    for x, opacity in ((-1, 128), (1, 255)):
        canvas = Canvas(10, 9)
        for v, row in enumerate(rows):
            for u, t in enumerate(row):
                index = t & 0x1FFFFFFF
                if 0 < index < 3:
                    canvas.draw(flipped(tiles[index], t), x + 3 * u, 1 + 3 * v, 0, opacity / 255)
        want.append(canvas)
    expect("tilemap.aseprite", [("0", "", 100, want[0]), ("1", "", 100, want[1])],
           notes=["“elsewhere” has its tiles in another file", "tiles that their tileset does not have"])
    # Indexed, tiles not square, no empty tile; a swap of the axes brings in what the tile does not have.
    wide = [indices("12", ), indices("34")]
    colours = [(9, 9, 9, 255), *[(40 * i, i, 255 - i, 255) for i in range(1, 5)]]
    rows = [[0, 1, 0xFFFFFFFF, 1 | 0x80000000, 1 | 0x20000000]]
    file("indexed_tilemap.aseprite", 10, 1, 8, [frame([palette(colours), tileset(0, wide, 2), layer("map", kind=2, tileset=0), tilemap(0, rows)])])
    picture = [[colours[1], colours[2], colours[3], colours[4], (0, 0, 0, 0), (0, 0, 0, 0), colours[4], colours[3], colours[3], (0, 0, 0, 0)]]
    expect("indexed_tilemap.aseprite", [("0", "", 100, Canvas(10, 1).draw(picture))], palette=colours, notes=[])


for make in (make_layers, make_blend, make_indexed, make_grey, make_hidden, make_tags, make_z_index, make_links, make_slices, make_groups,
             make_tilemap):
    make()
with open(os.path.join(FOLDER, "ase.json"), "w") as out:
    out.write("{\n" + ",\n".join(json.dumps(n) + ": " + json.dumps(e, ensure_ascii=False) for n, e in expected.items()) + "\n}\n")
