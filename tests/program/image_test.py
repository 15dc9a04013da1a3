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
    bad("--init-image", place.path("other.png"), words=["other.png", "20×12", "16×16"])
    bad("--init-image", place.path("absurd.png"), words=["absurd.png", "10000×10000"])
    bad("--init-image", place.path("nothing.png"), words=["nothing.png", "check the path"])
    bad("--init-image", place.path("m.safetensors"), words=["m.safetensors"])
    bad(*init, "--mask", place.path("other.png"), words=["other.png", "20×12", "16×16"])
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
    masks(place)
    recipes(place)
    refusals(place)
print("what is kept keeps its bytes, and a recipe makes a sprite again")
