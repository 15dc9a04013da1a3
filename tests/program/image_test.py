"""Sprites from an image, within a mask and away from a class: what is kept keeps its bytes, and a recipe makes a sprite again."""

import ast
import hashlib
import json
import struct
import sys
import zlib

from support import Workplace, check, png, png_of_rows, refused, small_recipe

SIDE = 16


def drawn(x, y):
    """With all that finishing a sprite would change: no palette's colours, colour where nothing is seen, alpha in between."""
    return x * 16, y * 16, 7 * x ^ y, (255, 0, 120, 255)[(x + y) % 4]


def anew(x, y):
    return 4 <= x < 12 and y < 9


PHOTO_WIDTH, PHOTO_HEIGHT = 24, 20


def photo(x, y):
    """Without a grid, opaque, and larger than a sprite."""
    return x * 10, y * 12, (x * 53 + y * 29) % 256, 255


def in_rim(x, y):
    """Ten times a drawing that is opaque at all of its edges, with transparent pixels around it."""
    return (0, 0, 0, 0) if not (0 <= x < 10 * SIDE and 0 <= y < 10 * SIDE) else (*drawn(x // 10, y // 10)[:3], 255)


def to_oklab(colour):
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)]
    cones = [sum(a * b for a, b in zip(row, linear)) ** (1 / 3) for row in
             ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566), (0.0883024619, 0.2817188376, 0.6299787005))]
    return [sum(a * b for a, b in zip(row, cones)) for row in
            ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099), (0.0259040371, 0.7827717662, -0.8086757660))]


def to_rgb(l, a, b):
    cones = [(l + p * a + q * b) ** 3 for p, q in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))]
    linear = [sum(a * b for a, b in zip(row, cones)) for row in
              ((4.0767416621, -3.3077115913, 0.2309699292), (-1.2684380046, 2.6097574011, -0.3413193965), (-0.0041960863, -0.7034186147, 1.7076147010))]
    return [255 * min(1, max(0, 12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055)) for v in linear]


def reduced_photo(width, height):
    """Each pixel is the mean by area of what it covers, in OKLab."""
    rows = []
    for y in range(height):
        for x in range(width):
            total = [0.0, 0.0, 0.0]
            for row in range(PHOTO_HEIGHT):
                for column in range(PHOTO_WIDTH):
                    high = min((row + 1) * height, (y + 1) * PHOTO_HEIGHT) - max(row * height, y * PHOTO_HEIGHT)
                    wide = min((column + 1) * width, (x + 1) * PHOTO_WIDTH) - max(column * width, x * PHOTO_WIDTH)
                    if high > 0 and wide > 0:
                        total = [t + v * high * wide for t, v in zip(total, to_oklab(photo(column, row)[:3]))]
            rows.append(to_rgb(*(t / (PHOTO_WIDTH * PHOTO_HEIGHT) for t in total)))
    return rows


def draw(place):
    empty_rows = zlib.compressobj(1)
    row = bytes(1 + 4 * 10000)
    for name, content in {
            "init.png": png(SIDE, SIDE, drawn),
            "large.png": png(10 * SIDE, 10 * SIDE, lambda x, y: drawn(x // 10, y // 10)),
            "mask.png": png(SIDE, SIDE, lambda x, y: (0, 0, 0, 1) if anew(x, y) else (255, 255, 255, 0)),
            "black.png": png(SIDE, SIDE, lambda x, y: (0, 1, 0, 255) if anew(x, y) else (0, 0, 0, 255)),
            "empty.png": png(SIDE, SIDE, lambda x, y: (0, 0, 0, 255)),
            "other.png": png(20, 12, lambda x, y: (x, y, 0, 255)),
            "photo.png": png(PHOTO_WIDTH, PHOTO_HEIGHT, photo),
            "enlarged.png": png(2 * PHOTO_WIDTH, 2 * PHOTO_HEIGHT, lambda x, y: photo(x // 2, y // 2)),
            "rimmed.png": png(10 * SIDE + 3, 10 * SIDE + 3, lambda x, y: in_rim(x - 1, y - 2)),
            "part.png": png(PHOTO_WIDTH, PHOTO_HEIGHT, lambda x, y: (0, 0, 0, 255 if (x, y) == (1, 1) else 0)),
            "absurd.png": png_of_rows(10000, 10000, b"".join(empty_rows.compress(row) for _ in range(10000)) + empty_rows.flush()),
    }.items():
        with open(place.path(name), "wb") as file:
            file.write(content)


def arguments(place, *more):
    return ["sample", "--model", place.path("m.safetensors"), "--threads", "1", "--steps", "5", "--precision", "fp32", "--device", "cpu",
            "--out", place.path("out.npy"), "--force", "--json", *more]


def sample(place, *more):
    """The bytes of each sprite, and its recipe."""
    out, _ = place.run(*arguments(place, *more))
    content = place.read("out.npy")
    end = 10 + struct.unpack("<H", content[8:10])[0]
    count, height, width, _ = ast.literal_eval(content[10:end].decode())["shape"]
    size = height * width * 4
    return [content[end + i * size:end + (i + 1) * size] for i in range(count)], json.loads(out)["sprites"]


def strengths(place):
    plain, recipes = sample(place, "--count", "3", "--seed", "5")
    check(not {"negative", "init_image", "mask"} & set(recipes[0]), "a plain recipe says nothing of images")
    check("strength" not in recipes[0]["parameters"], "nor of strength")
    init = "--init-image", place.path("init.png")
    whole, _ = sample(place, "--count", "3", "--seed", "5", *init, "--strength", "1")
    check(whole == plain, "strength 1 is no image")
    some, recipes = sample(place, "--count", "3", "--seed", "5", *init, "--strength", "0.4")
    check(some != plain and recipes[0]["steps_done"] == 2, "fewer steps from the image")
    large, _ = sample(place, "--count", "3", "--seed", "5", "--init-image", place.path("large.png"), "--strength", "0.4")
    check(large == some, "an enlargement is reduced")


def told(place, *more):
    """What is said on stderr of such a run."""
    return place.run(*arguments(place, "--count", "2", "--seed", "5", "--strength", "0.4", *more))[1].strip().splitlines()


def larger(place):
    """One that has does not fit is reduced, which is said; a mask of its size follows it, and what that keeps are the reduced image's bytes."""
    start = "--init-image", place.path("photo.png"), "--mask", place.path("part.png")
    check(told(place, *start) == ["note: “photo.png”: 24×20 was reduced to 16×13"], f"it is said: {told(place, *start)}")
    several = "--init-image", place.path("photo.png"), "--strength-to", "0.8"
    check(len(told(place, *several)) == 1, f"it is said once for several strengths: {told(place, *several)}")
    made, recipes = sample(place, "--count", "2", "--seed", "5", "--strength", "0.4", *start)
    expected, top = reduced_photo(16, 13), 1
    for i in range(SIDE * SIDE):
        x, y = i % SIDE, i // SIDE - top
        pixel = made[1][4 * i:4 * i + 4]
        if x < 2 and 0 <= y < 2:
            continue  # the marked pixel lies over these
        if 0 <= y < 13:
            near = all(abs(a - b) <= 1 for a, b in zip(pixel, expected[y * SIDE + x]))
            check(near and pixel[3] == 255, f"pixel {x}, {y} is {tuple(pixel)}, not {expected[y * SIDE + x]}")
        else:
            check(pixel == bytes(4), "above and below it is nothing")
    check(recipes[1]["init_image"]["path"] == place.path("photo.png"), "the recipe names the file itself")
    place.run("sample", "--model", place.path("m.safetensors"), "--threads", "1", "--steps", "5", "--device", "cpu", "--precision", "fp32", "--count", "2",
              "--seed", "5", "--strength", "0.4", *start, "--out", place.path("started.png"))
    _, err = place.run("sample", "--from-png", place.path("started.png"), "--model", place.path("m.safetensors"), "--out", place.path("again.png"))
    check(place.read("again.png") == place.read("started.png"), "its recipe makes it again, to the byte")
    check(err.count("note: ") == 1, f"and says it again, once: {err}")


def other_sizes(place):
    """What can be had without a loss is."""
    plain, _ = sample(place, "--count", "2", "--seed", "5", "--strength", "0.4", "--init-image", place.path("photo.png"))
    large, _ = sample(place, "--count", "2", "--seed", "5", "--strength", "0.4", "--init-image", place.path("enlarged.png"))
    check(large == plain, "an enlargement of a larger image is taken at its true pixels first")
    for name, words in [("large.png", "160×160 was reduced to its true pixels, 16×16"),
                        ("enlarged.png", "48×40 was reduced to its true pixels, 24×20, then reduced to 16×13"),
                        ("rimmed.png", "163×163 was reduced to its true pixels, 18×18, then cut to what is drawn, 16×16")]:
        said = told(place, "--init-image", place.path(name))
        check(said == [f"note: “{name}”: {words}"], f"{name}: {said}")
    check(told(place, "--init-image", place.path("init.png")) == [], "nothing is said where nothing is done")


def masks(place):
    for sampler in ["ddim", "ddpm", "dpmpp_2m", "dpmpp_2m_sde"]:
        for mask in ["mask.png", "black.png"]:
            made, _ = sample(place, "--count", "2", "--sampler", sampler, "--palette", "auto:4", "--init-image", place.path("init.png"),
                             "--mask", place.path(mask), "--resample", "2")
            for sprite in made:
                for i in range(SIDE * SIDE):
                    x, y = i % SIDE, i // SIDE
                    if not anew(x, y):
                        check(tuple(sprite[4 * i:4 * i + 4]) == drawn(x, y), f"pixel {x}, {y} is as drawn with {sampler} and {mask}")
            check(made[0] != made[1], "what is made anew is of each sprite's own seed")


def recipes(place):
    paths = {key: place.path(name) for key, name in [("init_image", "init.png"), ("mask", "mask.png")]}
    made, told = sample(place, "--count", "3", "--seed", "70", "--class", "potion", "--negative", "sword=0.5,key=0.5", "--guidance", "3",
                        "--palette", "auto:4", "--init-image", paths["init_image"], "--mask", paths["mask"], "--strength", "0.8", "--resample", "3")
    recipe = told[2]
    for key, path in paths.items():
        with open(path, "rb") as file:
            check(recipe[key] == {"path": path, "sha256": hashlib.sha256(file.read()).hexdigest()}, f"{key}: {recipe[key]}")
    check(recipe["negative"] == {"sword": 0.5, "key": 0.5}, "the negative condition")
    flags = []
    for key, value in recipe["parameters"].items():
        if key != "preview_every":
            flags += ["--" + key.replace("_", "-"), str(value).lower() if isinstance(value, bool) else str(value)]
    out = ["--class", ",".join(f"{k}={v}" for k, v in recipe["class"].items()), "--negative",
           ",".join(f"{k}={v}" for k, v in recipe["negative"].items()), "--init-image", recipe["init_image"]["path"], "--mask",
           recipe["mask"]["path"], "--sampler", recipe["sampler"]]
    place.run("sample", "--model", place.path("m.safetensors"), "--out", place.path("again.npy"), *out, *flags)
    check(place.read("again.npy")[-SIDE * SIDE * 4:] == made[2], "the recipe makes the sprite again")
    plain, _ = sample(place, "--count", "1", "--seed", "70", "--guidance", "3")
    null, _ = sample(place, "--count", "1", "--seed", "70", "--guidance", "3", "--negative", "sword=0")
    check(null == plain, "a null negative condition is none")


def refusals(place):
    def bad(*more, words):
        refused(place, *arguments(place, "--count", "1", *more), words=words)

    init = "--init-image", place.path("init.png")
    bad("--init-image", place.path("absurd.png"), words=["absurd.png", "10000×10000"])
    bad("--init-image", place.path("nothing.png"), words=["nothing.png", "check the path"])
    bad("--init-image", place.path("m.safetensors"), words=["m.safetensors"])
    bad(*init, "--mask", place.path("other.png"), words=["other.png", "20×12", "16×16"])
    bad("--init-image", place.path("photo.png"), "--mask", place.path("other.png"), words=["other.png", "20×12", "16×16", "24×20"])
    bad(*init, "--mask", place.path("empty.png"), words=["empty.png", "empty", "not black"])
    bad("--mask", place.path("mask.png"), words=["mask.png", "--init-image"])
    bad("--strength", "0.5", words=["Strength", "--init-image"])
    bad(*init, "--strength", "0", words=["strength", "0.001"])
    bad(*init, "--resample", "2", words=["--mask"])
    bad(*init, "--mask", place.path("mask.png"), "--resample", "11", words=["resample", "10"])
    bad("--negative", "swrod", words=["swrod", "sword"])
    bad("--negative", "sword=much", words=["sword=much", "--negative"])
    bad("--negative", "sword", "--guidance", "1", words=["guidance", "above 1"])


with Workplace(sys.argv[1]) as place:
    place.run("train", "--data", place.path("data"), "--out", place.path("m.safetensors"), *small_recipe(2))
    draw(place)
    strengths(place)
    larger(place)
    other_sizes(place)
    masks(place)
    recipes(place)
    refusals(place)
print("what is kept keeps its bytes, and a recipe makes a sprite again")
