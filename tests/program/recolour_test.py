"""Other colours for a file: shapes and alpha stay, shades keep their order, and what cannot be done is called what it is."""

import sys

from support import Workplace, check, png, refused

REDS = [(42, 12, 16), (107, 29, 36), (177, 62, 83), (239, 125, 87)]
GREENS = [(15, 56, 15), (48, 98, 48), (139, 172, 15), (155, 188, 15)]


def sprite(shades):
    """Stripes of four shades, half transparent below, nothing at the right."""
    return png(5, 2, lambda x, y: (*shades[x], 255 - 100 * y) if x < 4 else (0, 0, 0, 0))


def recolour(place, *options):
    place.run("recolour", place.path("in.png"), *options, "--force", "--out", place.path("out.png"))
    return place.read("out.png")


def pixels(place, content):
    with open(place.path("again.png"), "wb") as file:
        file.write(content)
    place.run("recolour", place.path("again.png"), "--hue", "0", "--force", "--out", place.path("same.png"))
    return place.read("same.png")


with Workplace(sys.argv[1]) as place:
    with open(place.path("in.png"), "wb") as file:
        file.write(sprite(REDS))
    with open(place.path("green.hex"), "w") as file:
        file.write("\n".join("%02x%02x%02x" % colour for colour in (GREENS[2], GREENS[0], GREENS[3], GREENS[1])))
    green = recolour(place, "--palette", place.path("green.hex"))
    check(green == pixels(place, sprite(GREENS)), "four reds become four greens, in their order, and alpha stays")
    listed = recolour(place, "--palette", ",".join("#%02x%02x%02x" % colour for colour in GREENS))
    check(listed == green, "the same palette, listed")
    check(recolour(place, "--palette", "auto:4") == pixels(place, sprite(REDS)), "its own colours stay")
    turned = recolour(place, "--hue", "120")
    check(turned != green and turned == recolour(place, "--hue", "-240"), "a hue turns all the way round")
    both = recolour(place, "--hue", "120", "--palette", place.path("green.hex"))
    check(both == green, "four shades of any hue become four greens")
    indexed = recolour(place, "--palette", place.path("green.hex"), "--indexed")
    check(indexed[25] == 3 and green[25] == 6, "a palette in the PNG")
    check(pixels(place, indexed) == green, "with the same pixels")
    order = b"".join(bytes(colour) for colour in (GREENS[2], GREENS[0], GREENS[3], GREENS[1]))
    check(order in indexed, "the colours of the palette's file, in its order")
    with open(place.path("many.png"), "wb") as file:
        file.write(png(20, 20, lambda x, y: (x * 12, y * 12, 0, 255)))
    refused(place, "recolour", place.path("many.png"), "--hue", "0", "--indexed", "--out", place.path("no.png"), words=["400 colours", "256"])
    before = place.read("in.png")
    refused(place, "recolour", place.path("in.png"), "--hue", "9", "--out", place.path("in.png"), words=["in.png", "--force"])
    check(place.read("in.png") == before, "what is there stays")
    out = ["--out", place.path("no.png")]
    refused(place, "recolour", place.path("in.png"), *out, words=["--palette", "--hue"])
    refused(place, "recolour", place.path("in.png"), "--hue", "blue", *out, words=["blue", "degrees"])
    refused(place, "recolour", place.path("none.png"), "--hue", "9", *out, words=["none.png"])
    refused(place, "recolour", place.path("in.png"), "--palette", place.path("in.txt"), *out, words=["in.txt"])
