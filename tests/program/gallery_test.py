"""The recipe inside a PNG: what it says, that it makes the same bytes again, and what becomes of forged ones; the gallery's commands."""

import hashlib
import json
import os
import shutil
import struct
import sys
import zlib

from support import Workplace, check, png, refused, small_recipe


def chunks(content):
    at = 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at:at + 8])
        data = content[at + 8:at + 8 + length]
        check(struct.unpack(">I", content[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + data), f"{kind}'s checksum")
        yield kind, data
        at += 12 + length


def recipe_in(content):
    """The text under “spritekiln”, read by Python alone."""
    for kind, data in chunks(content):
        if kind == b"iTXt" and data.startswith(b"spritekiln\0"):
            compressed, rest = data[11], data[13:].split(b"\0", 2)[2]
            return json.loads(zlib.decompress(rest) if compressed else rest)
    return None


def with_recipe(text, compress=False):
    """A PNG of 16×16 with that text as its recipe, of any kind."""
    plain = png(16, 16, lambda x, y: (x, y, 0, 255))
    data = b"spritekiln\0" + bytes([compress, 0]) + b"\0\0" + (zlib.compress(text, 9) if compress else text)
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", zlib.crc32(b"iTXt" + data))
    return plain[:33] + chunk + plain[33:]


def sample(place, name, *more):
    out, _ = place.run("sample", "--model", place.path("m.safetensors"), "--threads", "1", "--steps", "4", "--precision", "fp32", "--device",
                       "cpu", "--out", place.path(name), "--force", "--json", *more)
    return json.loads(out)["sprites"]


def again(place, name, *more):
    place.run("sample", "--from-png", place.path(name), "--out", place.path("again.png"), "--force", *more)
    return place.read("again.png")


def repeated(place):
    model = hashlib.sha256(place.read("m.safetensors")).hexdigest()
    told = sample(place, "sheet.png", "--count", "5", "--seed", "40", "--class", "potion", "--class", "sword=0.5,key=0.5", "--columns", "3",
                  "--padding", "2", "--scale", "2", "--palette", "auto:6", "--sampler", "ddpm", "--guidance", "3", "--negative", "sword")
    recipe = recipe_in(place.read("sheet.png"))
    check(recipe["sprites"] == told, "the file says what --json says")
    check((recipe["columns"], recipe["padding"], recipe["scale"]) == (3, 2, 2), f"the layout: {recipe}")
    check({s["model_hash"] for s in told} == {model}, "the model's SHA-256")
    check([s["seed"] for s in told] == [40, 41, 42, 43, 44], "a seed for each sprite")
    given = "--model", place.path("m.safetensors")
    check(again(place, "sheet.png", *given) == place.read("sheet.png"), "the sheet is made again, to the byte")
    # However it is laid out, with empty cells and a row for each class.
    for name, layout in (("cells.png", ["--cells", "2,-,0,1,-,4,3", "--columns", "4", "--extrude", "1", "--border", "2"]),
                         ("rows.png", ["--class-rows", "--trim", "--power-of-two"])):
        sample(place, name, "--count", "5", "--seed", "40", "--class", "potion", "--class", "sword", *layout)
        check(again(place, name, *given) == place.read(name), f"{name} is made again, to the byte")
    out = ["--model", place.path("m.safetensors"), "--count", "3", "--out", place.path("no.png"), "--cells"]
    for cells, word in (("0,1", "3 sprites"), ("0,1,1", "3 sprites"), ("0,1,x", "“x”"), ("0,1,-1", "“-1”")):
        refused(place, "sample", *out, cells, words=["--cells", word])
    sample(place, "one.png", "--count", "1", "--seed", "42", "--class", "potion", "--init-image", place.path("sheet-cell.png"), "--strength", "0.6")
    check(again(place, "one.png", *given) == place.read("one.png"), "a sprite from an image is made again, to the byte")
    # Sprites that are of no one batch, in one picture.
    mixed = dict(recipe, sprites=[told[3], told[0]], columns=2)
    with open(place.path("mixed.png"), "wb") as file:
        file.write(with_recipe(json.dumps(mixed).encode()))
    place.run("sample", "--from-png", place.path("mixed.png"), *given, "--out", place.path("mixed.npy"))
    place.run("sample", "--from-png", place.path("sheet.png"), *given, "--out", place.path("all.npy"))
    size = 16 * 16 * 4
    two, all_of_them = place.read("mixed.npy")[-2 * size:], place.read("all.npy")[-5 * size:]
    check(two == all_of_them[3 * size:4 * size] + all_of_them[:size], "each sprite by its own recipe")


def models(place):
    file = place.path("sheet.png")
    refused(place, "sample", "--from-png", file, words=["“m”", "not here", "SHA-256", "models"])
    os.makedirs(place.path("home/models"))
    shutil.copy(place.path("m.safetensors"), place.path("home/models/renamed.safetensors"))
    check(recipe_in(again(place, "sheet.png"))["sprites"][0]["model"] == "renamed", "the model is found by what is in it")
    shutil.copy(place.path("other.safetensors"), place.path("home/models/m.safetensors"))
    place.run("sample", "--from-png", file, "--force", "--out", place.path("again.png"))
    refused(place, "sample", "--from-png", file, "--model", place.path("other.safetensors"), words=["not here", "“m”"])
    refused(place, "sample", "--from-png", file, "--seed", "5", words=["--seed", "--from-png"])
    refused(place, "sample", "--out", place.path("x.png"), words=["--model", "--from-png"])


def forged(place):
    good = json.dumps(recipe_in(place.read("one.png"))).encode()

    def bad(name, content, *words):
        with open(place.path(name), "wb") as file:
            file.write(content)
        refused(place, "sample", "--from-png", place.path(name), "--model", place.path("m.safetensors"), words=[name, *words])

    bad("plain.png", png(16, 16, lambda x, y: (0, 0, 0, 255)), "no recipe")
    bad("text.png", b"no image", "no recipe")
    bad("long.png", with_recipe(b"x" * (50 << 20)), "damaged")
    bad("bomb.png", with_recipe(b"[" * (50 << 20), True), "damaged")
    bad("half.png", with_recipe(good[:200]), "damaged or forged")
    bad("absurd.png", with_recipe(good.replace(b'"guidance": 2.0', b'"guidance": 1e300')), "damaged or forged")
    bad("weight.png", with_recipe(good.replace(b'"potion": 1.0', b'"potion": -5')), "damaged or forged")
    bad("later.png", with_recipe(good.replace(b'"version": 1', b'"version": 7')), "later version")
    unknown = good.replace(b'"sampler": "ddim"', b'"sampler": "nothing"')
    with open(place.path("sampler.png"), "wb") as file:
        file.write(with_recipe(unknown))
    refused(place, "sample", "--from-png", place.path("sampler.png"), "--model", place.path("m.safetensors"), words=["nothing"])


def gallery(place):
    def run(*arguments):
        return place.run("gallery", *arguments)[0]

    check(json.loads(run("list", "--json")) == [], "an empty gallery")
    kept = run("keep", place.path("one.png"), place.path("plain.png")).split()
    check([os.path.basename(path) for path in kept] == ["potion-0001.png", "plain-0001.png"], f"names: {kept}")
    check(place.read("home/gallery/potion-0001.png") == place.read("one.png"), "kept byte for byte")
    check(json.loads(run("show", "potion-0001.png")) == recipe_in(place.read("one.png")), "the recipe is shown")
    run("star", "potion-0001.png")
    run("collect", "Shop", "potion-0001.png", "plain-0001.png")
    found = json.loads(run("list", "--search", "POTION m", "--json"))
    check(len(found) == 1 and found[0]["starred"] and found[0]["collections"] == ["Shop"] and found[0]["seed"] == 42, f"found: {found}")
    check("potion-0001.png" in run("list", "--starred") and "plain" not in run("list", "--starred"), "the star")
    check(len(json.loads(run("list", "--collection", "Shop", "--json"))) == 2, "the collection")
    run("remove", "potion-0001.png")
    check(run("list", "--bin").split() == ["potion-0001.png"], "the bin")
    run("restore", "potion-0001.png")
    check(place.read("home/gallery/potion-0001.png") == place.read("one.png"), "back again")
    place.run("sample", "--from-png", place.path("home/gallery/potion-0001.png"), "--force", "--out", place.path("again.png"), "--model", place.path("m.safetensors"))
    check(place.read("again.png") == place.read("one.png"), "a kept sprite is made again")
    refused(place, "gallery", "show", "plain-0001.png", words=["plain-0001.png", "no recipe"])
    refused(place, "gallery", "remove", "../m.safetensors", words=["m.safetensors"])
    refused(place, "gallery", "star", "nothing.png", words=["nothing.png"])
    refused(place, "gallery", "list", "--order", "newst", words=["newst", "newest"])


with Workplace(sys.argv[1]) as place:
    for name, steps in ("m.safetensors", 2), ("other.safetensors", 3):
        place.run("train", "--data", place.path("data"), "--out", place.path(name), *small_recipe(steps))
    with open(place.path("sheet-cell.png"), "wb") as file:
        file.write(png(16, 16, lambda x, y: (16 * x, 16 * y, 90, 255)))
    repeated(place)
    models(place)
    forged(place)
    gallery(place)
print("a PNG's recipe makes its sprites again, to the byte")
