"""Outputs are what their names say, and nothing that is there is replaced unasked."""

import json
import os
import shutil
import sys

from support import Workplace, check, refused, small_recipe


def sample(place, *more):
    return ["sample", "--model", place.path("m.safetensors"), "--count", "1", "--steps", "2", "--threads", "1", *more]


def endings(place):
    for name in ["a.jpg", "a.webp", "a.gif", "a.JPEG", "a.bmp"]:
        refused(place, *sample(place, "--out", place.path(name)), words=[name, ".png"])
        check(not os.path.exists(place.path(name)), f"{name} is not written")
    refused(place, *sample(place, "--out", place.path("a.png"), "--gif", place.path("a.png")), words=["--gif", ".gif"])
    model = place.path("m.safetensors")
    for name in ["r.jpg", "r.webp", "r"]:
        refused(place, "recolour", place.path("data/potion/00000.png"), "--hue", "30", "--out", place.path(name), words=[name, ".png"])
        refused(place, "lab", "--model", model, "--sprite", place.path("data/potion/00000.png"), "--out", place.path(name), words=[name, ".png"])
        refused(place, "evaluate", "--model", model, "--data", place.path("data"), "--report", place.path(name), words=[name, ".png"])
        check(not os.path.exists(place.path(name)), f"{name} is not written")
    for name in ["m.png", "m.pth", "mm"]:
        refused(place, "train", "--data", place.path("data"), "--out", place.path(name), *small_recipe(2), words=[name, ".safetensors"])
        refused(place, "sweep", "--data", place.path("data"), "--out", place.path(name), "--vary", "width=16,32", words=[name, ".safetensors"])
        refused(place, "import", model, "--out", place.path(name), words=[name, ".safetensors"])
        refused(place, "defaults", model, "--guidance", "3", "--out", place.path(name), words=[name, ".safetensors"])
        check(not os.path.exists(place.path(name)), f"{name} is not written")
    place.run(*sample(place, "--out", place.path("array.NPY")))
    check(place.read("array.NPY").startswith(b"\x93NUMPY"), "an array, whatever the letters' case")
    place.run(*sample(place, "--out", place.path("sheet.PNG")))
    check(place.read("sheet.PNG").startswith(b"\x89PNG"), "a picture")


def seeds(place):
    sheets = {}
    for seed in [7, 2**32 + 7, 2**33 + 7, 2**53, 2**53 + 1, 2**64 - 2, 2**64 - 1]:
        place.run(*sample(place, "--out", place.path("s.png"), "--force", "--seed", str(seed)))
        sheets[seed] = place.read("s.png")
    check(len(set(sheets.values())) == len(sheets), "each seed has its own sprite")
    out, _ = place.run(*sample(place, "--out", place.path("s.png"), "--force", "--seed", str(2**64 - 1), "--json"))
    check(f'"seed": {2**64 - 1}' in out, f"a seed is exact in JSON: {out}")
    place.run("sample", "--from-png", place.path("s.png"), "--model", place.path("m.safetensors"), "--out", place.path("again.png"))
    check(place.read("again.png") == sheets[2**64 - 1], "a picture's recipe makes it again")
    model, data = place.path("m.safetensors"), place.path("data")
    for seed in [str(2**64), "-1"]:
        for arguments in [sample(place, "--out", place.path("s.png"), "--seed", seed),
                          ["evaluate", "--model", model, "--data", data, "--seed", seed],
                          ["morph", "--model", model, "--to-seed", seed, "--out", place.path("s.png")],
                          ["train", "--data", data, "--out", place.path("x.safetensors"), "--set", "seed=" + seed],
                          ["sweep", "--data", data, "--out", place.path("x.safetensors"), "--vary", "width=16,32", "--seed", seed],
                          ["dataset", "starter", place.path("x"), "--seed", seed]]:
            refused(place, *arguments, words=["seed", seed, str(2**64 - 1)])
    losses = set()
    for seed in [2**53, 2**53 + 1, 2**64 - 1]:
        place.run("train", "--data", data, "--out", place.path("seeded.safetensors"), *small_recipe(2, seed=seed), "--force")
        check(json.loads(place.read("seeded.run/recipe.json"))["seed"] == seed, "the run's recipe keeps it")
        losses.add(json.loads(place.read("seeded.run/metrics.jsonl").splitlines()[-1])["validation_loss"])
    check(len(losses) == 3, f"each seed has a run of its own: {losses}")


def pixels(place, name):
    """The bytes of a NumPy array of sprites."""
    data = place.read(name)
    return data[data.index(b"\n") + 1:]


def sheets(place):
    """A set of sheets holds the sprites of one, whoever writes which of them."""
    many = ["sample", "--model", place.path("m.safetensors"), "--count", "11", "--steps", "2", "--seed", "5", "--threads", "1"]
    place.run(*many, "--out", place.path("one.npy"))
    out, _ = place.run(*many, "--out", place.path("set.npy"), "--sheet-sprites", "4")
    names = [f"set-0000{i}.npy" for i in range(3)]
    check(out.split() == [place.path(name) for name in names], f"the sheets are told:\n{out}")
    check(b"".join(pixels(place, name) for name in names) == pixels(place, "one.npy"), "the same sprites")
    whole = [place.read(name) for name in names]
    refused(place, *many, "--out", place.path("set.npy"), "--sheet-sprites", "4", words=["set-00000.npy", "--force"])
    for name in names:
        os.remove(place.path(name))
    for shard in ["1", "0"]:
        place.run(*many, "--out", place.path("set.npy"), "--sheet-sprites", "4", "--shards", "2", "--shard", shard)
        check(os.path.exists(place.path("set-00001.npy")) and os.path.exists(place.path("set-00000.npy")) == (shard == "0"), "each shard writes its own")
    check([place.read(name) for name in names] == whole, "shards write the same sheets")
    refused(place, *many, "--out", place.path("set.npy"), "--shards", "2", "--shard", "2", words=["shard 2 of 2"])
    refused(place, *many, "--out", place.path("{n}.png"), "--shards", "2", words=["braces"])
    refused(place, *many, "--out", place.path("x.png"), "--shards", "2", "--gif", place.path("x.gif"), words=["--gif"])


def train(place, *more):
    return ["train", "--data", place.path("data"), "--out", place.path("m.safetensors"), *small_recipe(2), *more]


def runs(place):
    model = place.read("m.safetensors")
    refused(place, *train(place), words=["m.safetensors", "--resume", "--force"])
    os.rename(place.path("m.safetensors"), place.path("kept.safetensors"))
    refused(place, *train(place), words=["m.run", "--force"])
    place.run(*train(place, "--force"))
    check(place.read("m.safetensors") == model, "the same run again")


def parts(place):
    """A set that was split: val is measured on, and written as it was split."""
    shutil.copytree(place.path("data"), place.path("parts/train"))
    shutil.copytree(place.path("data"), place.path("parts/val"))
    out, _ = place.run("dataset", "check", place.path("parts"), "--json")
    found = [finding["flag"] for finding in json.loads(out)["findings"] if finding["id"] == "splits"]
    check(found == ["--hold-out val"], f"the split can be taken as it is: {found}")
    place.run("train", "--data", place.path("parts"), "--out", place.path("split.safetensors"), *small_recipe(2, validation_share=0), "--hold-out", "val")
    check(json.loads(place.read("split.run/data.json"))["preprocessing"]["hold_out"] == ["val"], "the run keeps it")
    line = json.loads(place.read("split.run/metrics.jsonl").splitlines()[-1])
    check(line["validation_loss"] > 0, f"the loss is measured on val: {line}")
    place.run("dataset", "convert", place.path("parts"), place.path("parts2"), "--hold-out", "val")
    check(sorted(name for name in os.listdir(place.path("parts2")) if name[0] != ".") == ["train", "val"], "the split is kept")
    refused(place, "dataset", "check", place.path("parts"), "--hold-out", "vla", words=["“vla”", "val"])


with Workplace(sys.argv[1]) as place:
    place.run(*train(place))
    endings(place)
    seeds(place)
    sheets(place)
    runs(place)
    parts(place)
print("outputs are what their names say")
