"""Variations of a seed, sprites that tile, symmetric ones, and the way from one sprite to another, as a user makes them."""

import json
import os
import random
import struct
import sys

from support import Workplace, arrays, check, png, refused, small_recipe

SIDE = 16


def arguments(place, *more):
    return ["sample", "--model", place.path("m.safetensors"), "--threads", "1", "--steps", "6", "--precision", "fp32", "--device", "cpu",
            "--palette", "off", "--out", place.path("out.npy"), "--force", "--json", *more]


def sample(place, *more):
    out, _ = place.run(*arguments(place, *more))
    return arrays(place.read("out.npy")), json.loads(out)["sprites"]


def distance(a, b):
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)


def variations(place):
    for sampler in ["ddim", "ddpm"]:
        of, _ = sample(place, "--class", "potion", "--count", "1", "--seed", "7", "--sampler", sampler)
        free, _ = sample(place, "--class", "potion", "--count", "4", "--seed", "50", "--sampler", sampler)
        same, _ = sample(place, "--class", "potion", "--count", "4", "--seed", "50", "--sampler", sampler, "--variation", "0", "--variation-of", "7")
        check(same == free, "variation 0 is off")
        near, recipes = sample(place, "--class", "potion", "--count", "4", "--seed", "50", "--sampler", sampler, "--variation", "0.05",
                               "--variation-of", "7")
        far, _ = sample(place, "--class", "potion", "--count", "4", "--seed", "50", "--sampler", sampler, "--variation", "0.6", "--variation-of", "7")
        for a, b, c in zip(near, far, free):
            check(0 < distance(a, of[0]) < distance(b, of[0]), "more variation is farther away")
            check(distance(a, of[0]) < 0.5 * distance(c, of[0]), "little variation stays near")
        again, _ = sample(place, "--class", "potion", "--count", "1", "--seed", str(recipes[2]["seed"]), "--sampler", sampler,
                          "--variation", str(recipes[2]["parameters"]["variation"]),
                          "--variation-of", str(recipes[2]["parameters"]["variation_of"]))
        check(again == [near[2]], "its recipe makes a variation again")


def symmetry(place):
    for sampler in ["ddim", "ddpm", "dpmpp_2m", "dpmpp_2m_sde"]:
        made, _ = sample(place, "--count", "3", "--sampler", sampler, "--symmetry", "left_right")
        for sprite in made:
            rows = [[sprite[4 * (y * SIDE + x):4 * (y * SIDE + x) + 4] for x in range(SIDE)] for y in range(SIDE)]
            check(all(row == row[::-1] for row in rows), f"a sprite by {sampler} is its own mirror image")
    refused(place, *arguments(place, "--symmetry", "upside"), words=["symmetry", "left_right"])


def outlines(place):
    def brightness(*more):
        """Mean of the colours at the edges of the sprites, and within."""
        made, _ = sample(place, "--class", "potion", "--count", "8", "--seed", "3", *more)
        edge, within = [], []
        for sprite in made:
            opaque = lambda x, y: 0 <= x < SIDE and 0 <= y < SIDE and sprite[4 * (y * SIDE + x) + 3] > 0
            for y in range(SIDE):
                for x in range(SIDE):
                    if opaque(x, y):
                        inner = opaque(x - 1, y) and opaque(x + 1, y) and opaque(x, y - 1) and opaque(x, y + 1)
                        (within if inner else edge).append(sum(sprite[4 * (y * SIDE + x):4 * (y * SIDE + x) + 3]) / 3)
        return sum(edge) / len(edge), sum(within) / max(1, len(within))

    off, _ = brightness()
    dark, within = brightness("--outline", "dark")
    check(dark < 0.5 * within and dark < 0.5 * off, f"a dark outline is dark: {dark}, within {within}, without {off}")
    selective, within = brightness("--outline", "selective")
    check(dark < selective < 0.6 * within, f"a selective one is a darker shade: {selective}, within {within}")
    none, within = brightness("--outline", "none")
    check(none > 0.75 * within, f"none is as bright as what is within: {none}, {within}")
    rows = sample(place, "--count", "3", "--symmetry", "left_right", "--outline", "selective")[0]
    for sprite in rows:
        lines = [[sprite[4 * (y * SIDE + x):4 * (y * SIDE + x) + 4] for x in range(SIDE)] for y in range(SIDE)]
        check(all(line == line[::-1] for line in lines), "an outline leaves a sprite symmetric")
    refused(place, *arguments(place, "--outline", "thick"), words=["outline", "selective"])


def steps_between(sprites, axis):
    """Mean difference of neighbours within the sprites, and of those that meet where they are laid side by side."""
    within, across = [], []
    for sprite in sprites:
        rows = [[sprite[4 * (y * SIDE + x):4 * (y * SIDE + x) + 4] for x in range(SIDE)] for y in range(SIDE)]
        lines = rows if axis == "y" else list(zip(*rows))
        within += [sum(distance(a, b) for a, b in zip(one, two)) / SIDE for one, two in zip(lines, lines[1:])]
        across.append(sum(distance(a, b) for a, b in zip(lines[-1], lines[0])) / SIDE)
    return sum(within) / len(within), sum(across) / len(across)


def ground(place):
    """Crops of smooth noise, whose opposite edges do not meet, and a model of them."""
    rng, wide = random.Random(3), 64
    os.makedirs(place.path("ground/ground"))
    for name in range(6):
        level = [[rng.gauss(0, 1) for _ in range(wide)] for _ in range(wide)]
        for _ in range(3):
            level = [[sum(level[(y + dy) % wide][(x + dx) % wide] for dy in range(-2, 3) for dx in range(-2, 3)) / 25 for x in range(wide)]
                     for y in range(wide)]
        most = max(abs(v) for row in level for v in row)
        for cell in range(16):
            left, top = 12 * (cell % 4), 12 * (cell // 4)
            grey = [[int(128 + 110 * level[top + y][left + x] / most) for x in range(SIDE)] for y in range(SIDE)]
            with open(place.path(f"ground/ground/{name}-{cell:02}.png"), "wb") as file:
                file.write(png(SIDE, SIDE, lambda x, y: (grey[y][x], grey[y][x] // 2 + 60, 90, 255)))
    recipe = small_recipe(300, multipliers="1,1.5", batch=16, warmup=20, validation_share=0, checkpoint_every=1000, dropout=0, channels="rgb")
    place.run("train", "--data", place.path("ground"), "--out", place.path("ground.safetensors"), *recipe)


def seams(place):
    """Laid side by side, tiles have no edge that is not within them as well."""
    ground(place)

    def made(*more):
        place.run("sample", "--model", place.path("ground.safetensors"), "--count", "32", "--steps", "20", "--seed", "3", "--palette", "off", "--force",
                  "--threads", "1", "--out", place.path("out.npy"), "--device", "cpu", *more)
        return arrays(place.read("out.npy"))

    plain, tiled = made(), made("--tile", "xy")
    for axis in ["x", "y"]:
        within, across = steps_between(tiled, axis)
        check(across <= 1.1 * within, f"no seam along {axis}: {across:.2f} across, {within:.2f} within")
        within, across = steps_between(plain, axis)
        check(across > 1.5 * within, f"without it there is one along {axis}: {across:.2f} across, {within:.2f} within")


def strengths(place):
    start, _ = sample(place, "--class", "potion", "--count", "1", "--seed", "7")
    place.run(*[place.path("start.png") if a == place.path("out.npy") else a
                for a in arguments(place, "--class", "potion", "--count", "1", "--seed", "7")])
    each, recipes = sample(place, "--class", "potion", "--count", "5", "--seed", "9", "--init-image", place.path("start.png"), "--strength",
                           "0.1", "--strength-to", "0.9")
    check([round(r["parameters"]["strength"], 6) for r in recipes] == [0.1, 0.3, 0.5, 0.7, 0.9], "evenly from one strength to another")
    check([r["seed"] for r in recipes] == [9, 10, 11, 12, 13], "seeds follow one another")
    check(distance(each[0], start[0]) < distance(each[-1], start[0]), "the first stays nearer")
    alone, _ = sample(place, "--class", "potion", "--count", "1", "--seed", "11", "--init-image", place.path("start.png"), "--strength", "0.5")
    check(alone == [each[2]], "each can be made alone")
    refused(place, *arguments(place, "--strength-to", "0.5"), words=["--init-image"])


def tiles(place):
    off, _ = sample(place, "--count", "3")
    check(off == sample(place, "--count", "3", "--tile", "off")[0], "off is as without")
    for axes in ["x", "y", "xy"]:
        made, recipes = sample(place, "--count", "3", "--tile", axes)
        check(made != off, f"tile {axes} makes other sprites")
        check(recipes[1]["parameters"]["tile"] == axes, "the recipe says so")
        alone, _ = sample(place, "--count", "1", "--seed", str(recipes[1]["seed"]), "--tile", axes, "--class",
                          ",".join(recipes[1]["class"]))
        check(alone == [made[1]], "and makes it again")
    seams(place)
    refused(place, *arguments(place, "--tile", "z"), words=["tile", "xy"])


def morph(place):
    def run(*more):
        place.run("morph", "--model", place.path("m.safetensors"), "--threads", "1", "--steps", "6", "--precision", "fp32", "--device", "cpu",
                  "--palette", "off", "--force", "--out", place.path("out.npy"), *more)
        return arrays(place.read("out.npy"))

    first, _ = sample(place, "--class", "potion", "--count", "1", "--seed", "7")
    last, _ = sample(place, "--class", "potion", "--count", "1", "--seed", "90")
    other, _ = sample(place, "--class", "sword", "--count", "1", "--seed", "90")
    frames = run("--class", "potion", "--seed", "7", "--to-seed", "90", "--frames", "9")
    check(len(frames) == 9 and frames[0] == first[0] and frames[-1] == last[0], "it begins and ends at the seeds' sprites")
    check(max(distance(a, b) for a, b in zip(frames, frames[1:])) < distance(first[0], last[0]), "and goes there step by step")
    frames = run("--class", "potion", "--to-class", "sword", "--seed", "7", "--to-seed", "90", "--frames", "3")
    check(frames[0] == first[0] and frames[2] == other[0], "and from class to class")
    half, _ = sample(place, "--class", "potion=0.5,sword=0.5", "--count", "1", "--seed", "90", "--variation", "0.5", "--variation-of", "7")
    check(frames[1] == half[0], "a frame between is a variation of a mix")
    place.run("morph", "--model", place.path("m.safetensors"), "--steps", "2", "--class", "potion", "--to-seed", "3", "--frames", "4", "--gif",
              place.path("m.gif"), "--out", place.path("strip.png"))
    check(struct.unpack(">II", place.read("strip.png")[16:24]) == (4 * SIDE, SIDE), "frames are a strip")
    check(place.read("m.gif")[:6] == b"GIF89a", "and an animation")
    refused(place, "morph", "--model", place.path("m.safetensors"), "--class", "potion", words=["--to-seed", "--to-class"])
    refused(place, "morph", "--model", place.path("m.safetensors"), "--class", "potion", "--to-seed", "1", "--frames", "1", words=["--frames"])


with Workplace(sys.argv[1]) as place:
    place.run("train", "--data", place.path("data"), "--out", place.path("m.safetensors"), *small_recipe(20))
    variations(place)
    symmetry(place)
    outlines(place)
    tiles(place)
    strengths(place)
    morph(place)
print("variations are near, symmetric sprites are symmetric, and a morph goes from one sprite to another")
