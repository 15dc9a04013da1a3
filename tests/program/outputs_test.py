"""Outputs are what their names say, and nothing that is there is replaced unasked."""

import os
import sys

from support import Workplace, check, refused, small_recipe


def sample(place, *more):
    return ["sample", "--model", place.path("m.safetensors"), "--count", "1", "--steps", "2", "--threads", "1", *more]


def endings(place):
    for name in ["a.jpg", "a.webp", "a.gif", "a.JPEG", "a.bmp"]:
        refused(place, *sample(place, "--out", place.path(name)), words=[name, ".png"])
        check(not os.path.exists(place.path(name)), f"{name} is not written")
    refused(place, *sample(place, "--out", place.path("a.png"), "--gif", place.path("a.png")), words=["--gif", ".gif"])
    place.run(*sample(place, "--out", place.path("array.NPY")))
    check(place.read("array.NPY").startswith(b"\x93NUMPY"), "an array, whatever the letters' case")
    place.run(*sample(place, "--out", place.path("sheet.PNG")))
    check(place.read("sheet.PNG").startswith(b"\x89PNG"), "a picture")


def seeds(place):
    sheets = {}
    for seed in [7, 2**32 + 7, 2**33 + 7, 2**53 - 1]:
        place.run(*sample(place, "--out", place.path("s.png"), "--force", "--seed", str(seed)))
        sheets[seed] = place.read("s.png")
    check(len(set(sheets.values())) == len(sheets), "each seed has its own sprite")
    refused(place, *sample(place, "--out", place.path("s.png"), "--seed", str(2**64)), words=["seed", "9007199254740991"])
    refused(place, *sample(place, "--out", place.path("s.png"), "--seed", "-1"), words=["seed", "9007199254740991"])


def train(place, *more):
    return ["train", "--data", place.path("data"), "--out", place.path("m.safetensors"), *small_recipe(2), *more]


def runs(place):
    model = place.read("m.safetensors")
    refused(place, *train(place), words=["m.safetensors", "--resume", "--force"])
    os.rename(place.path("m.safetensors"), place.path("kept.safetensors"))
    refused(place, *train(place), words=["m.run", "--force"])
    place.run(*train(place, "--force"))
    check(place.read("m.safetensors") == model, "the same run again")


with Workplace(sys.argv[1]) as place:
    place.run(*train(place))
    endings(place)
    seeds(place)
    runs(place)
print("outputs are what their names say")
