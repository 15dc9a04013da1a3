"""What is played: animations that a model draws, morphs and fades as GIF and APNG and in data files, and sheets that come back as they were."""

import collections
import json
import os
import sys
import xml.etree.ElementTree

from support import Workplace, check, frames_of, refused, small_recipe, takes_pil


def cells(path, columns, side=16):
    """RGBA pixels of each cell of a sheet."""
    from PIL import Image
    with Image.open(path) as image:
        rgba = image.convert("RGBA")
    return [list(rgba.crop((x, y, x + side, y + side)).getdata()) for y in range(0, rgba.height, side) for x in range(0, columns * side, side)]


def enlarged(path, scale):
    """The pixels of a PNG, each as so many, and the size of that."""
    from PIL import Image
    with Image.open(path) as image:
        rgba = image.convert("RGBA").resize((image.width * scale, image.height * scale), Image.NEAREST)
    return list(rgba.getdata()), rgba.size


def changes(pictures):
    """Without those that are as the one before, which a player shows as one."""
    return [picture for i, picture in enumerate(pictures) if i == 0 or picture != pictures[i - 1]]


def set_of(folder):
    """Of each file of a set: its class, its bytes and its frame, without the file's name; sorted."""
    frames, sprites = {}, []
    if os.path.exists(os.path.join(folder, "spritekiln.json")):
        with open(os.path.join(folder, "spritekiln.json")) as file:
            frames = json.load(file).get("frames", {})
    for class_name in os.listdir(folder):
        if not os.path.isdir(os.path.join(folder, class_name)):
            continue
        for name in os.listdir(os.path.join(folder, class_name)):
            with open(os.path.join(folder, class_name, name), "rb") as file:
                sprites.append((class_name, file.read(), frames.get(f"{class_name}/{name}", -1)))
    return sorted(sprites)


def comes_back(place):
    """Classes and animations of a set, by way of a sheet; of look-alikes that are no animation, too."""
    place.run("dataset", "starter", place.path("moving"), "--animated", "--count", "2")
    before = set_of(place.path("moving"))
    check(any(frame > 0 for _, _, frame in before), "the set has animations")
    for atlas in "aseprite-array", "aseprite-hash":
        place.run("pack", place.path("moving"), "--out", place.path("moving.png"), "--atlas", atlas, "--force")
        tags = json.loads(place.read("moving.json"))["meta"]["frameTags"]
        check([tag["name"] for tag in tags if "walker" in tag["name"]] == ["walker", "walker 2"], f"a tag for each of two walkers: {tags}")
        place.run("dataset", "convert", place.path("moving.json"), place.path(atlas))
        check(set_of(place.path(atlas)) == before, f"the same classes, pixels and frames from {atlas}")
    out, _ = place.run("dataset", "check", place.path("moving.json"))
    check("6 animations of 4 to 6 frames" in out, f"two of each of three classes: {out}")
    model = place.path("still.safetensors")
    place.run("train", "--data", place.path("data"), "--out", model, *small_recipe(2))
    place.run("sample", "--model", model, "--class", "potion", "--class", "sword", "--count", "12", "--steps", "8", "--threads", "1",
              "--init-image", place.path(f"data/potion/{os.listdir(place.path('data/potion'))[0]}"), "--strength", "0.3", "--out", place.path("pot.png"), "--atlas", "aseprite-array")
    out, _ = place.run("dataset", "check", place.path("pot.json"))
    check("12 sprites" in out and "animation" not in out, f"two classes, no animation: {out}")
    place.run("dataset", "convert", place.path("pot.json"), place.path("pots"))
    kinds = collections.Counter((class_name, frame) for class_name, _, frame in set_of(place.path("pots")))
    check(kinds == {("potion", -1): 6, ("sword", -1): 6}, f"no frames are made up: {kinds}")


def fades(place):
    sample = ["sample", "--model", place.path("still.safetensors"), "--count", "2", "--steps", "4", "--threads", "1", "--padding", "1", "--force",
              "--out", place.path("two.png"), "--gif", place.path("fade.gif"), "--apng", place.path("fade.apng")]
    for options, scale, grown in ([], 4, 4), (["--scale", "1"], 1, 1), (["--scale", "2"], 2, 1):
        place.run(*sample, *options)
        wanted, size = enlarged(place.path("two.png"), grown)
        for name in "fade.gif", "fade.apng":
            frames, shown = frames_of(place.path(name))
            check(shown == size == (33 * scale, 16 * scale), f"{name} with {options}: {shown}")
            check(sum(ms for _, ms in frames) == 3 * 80 + 1500 and len(frames) > 2, f"four frames, the last one stands: {[ms for _, ms in frames]}")
            check(frames[-1][0] == wanted, f"{name} ends with the sheet")
            check(frames[0][0] != wanted, f"{name} begins with noise")


def morphs(place):
    morph = ["morph", "--model", place.path("still.safetensors"), "--class", "potion", "--steps", "4", "--threads", "1", "--frames", "4", "--force",
             "--out", place.path("way.png"), "--gif", place.path("way.gif"), "--apng", place.path("way.apng")]
    for options, name, ms in ([], "morph", 80), (["--tag", "brew", "--frame-ms", "50"], "brew", 50):
        place.run(*morph, "--to-class", "sword", "--seed", "1", "--to-seed", "2", *options, "--atlas", "aseprite-array")
        data = json.loads(place.read("way.json"))
        check([(tag["name"], tag["from"], tag["to"]) for tag in data["meta"]["frameTags"]] == [(name, 0, 3)], f"one animation: {data['meta']}")
        check([frame["duration"] for frame in data["frames"]] == [ms] * 4, "of such frames")
        strip = cells(place.path("way.png"), 4)
        check(strip[0] != strip[3], "it goes somewhere")
        for animation in "way.gif", "way.apng":
            frames, size = frames_of(place.path(animation))
            check(size == (64, 64), f"four times as large: {size}")
            check(sum(each for _, each in frames) == 3 * ms + 600, f"the last one stands: {frames}")
            shown = [[pixels[64 * 4 * y + 4 * x] for y in range(16) for x in range(16)] for pixels, _ in frames]
            check(changes(strip) == changes(shown), f"{animation} has the frames of the strip")
    place.run(*morph, "--seed", "1", "--to-seed", "2", "--atlas", "tiled")
    tiles = xml.etree.ElementTree.parse(place.path("way.tsx")).getroot()
    played = [(frame.get("tileid"), frame.get("duration")) for frame in tiles.iter("frame")]
    check(played == [(str(i), "80") for i in range(4)] and len(list(tiles.iter("animation"))) == 1, f"Tiled plays it: {played}")
    place.run(*morph, "--seed", "1", "--to-seed", "2", "--atlas", "css")
    css = place.read("way.css").decode()
    check("@keyframes morph {" in css and "animation: morph 320ms" in css and css.count("%") == 4, f"a web page plays it: {css}")


def drawn_animations(place):
    model = place.path("moving.safetensors")
    place.run("dataset", "starter", place.path("more"), "--animated", "--count", "6")
    place.run("train", "--data", place.path("more"), "--out", model, *small_recipe(60, multipliers="1,2", batch=16, learning_rate=0.003, head_channels=16))
    sample = ["sample", "--model", model, "--steps", "3", "--threads", "1", "--seed", "5"]
    for ending in "gif", "apng":
        place.run(*sample, "--class", "walker", "--count", "6", "--columns", "6", "--frame-ms", "70", "--scale", "1", "--out", place.path("line.png"), "--force",
                  "--atlas", "aseprite-array", "--animation", place.path("walk." + ending))
        line = cells(place.path("line.png"), 6)
        frames, size = frames_of(place.path("walk." + ending))
        check(size == (16, 16) and sum(ms for _, ms in frames) == 6 * 70, f"six frames of 70 ms: {size} {[ms for _, ms in frames]}")
        check(changes([pixels for pixels, _ in frames]) == changes(line), f"walk.{ending} has the sheet's frames")
        check(len(changes(line)) > 1, "and moves")
    check([frame["duration"] for frame in json.loads(place.read("line.json"))["frames"]] == [70] * 6, "the data file says it, too")
    place.run(*sample, "--class", "walker", "--class", "flame", "--count", "20", "--out", place.path("all.png"), "--animation", place.path("a/{class}_{seed}.apng"))
    check(sorted(os.listdir(place.path("a"))) == ["flame_6.apng", "flame_8.apng", "walker_5.apng", "walker_7.apng"], f"a file each: {os.listdir(place.path('a'))}")
    check(frames_of(place.path("a/flame_6.apng"))[1] == (64, 64), "four times as large, where no scale is given")
    out = ["--out", place.path("no.png")]
    refused(place, *sample, "--class", "walker", "--count", "12", *out, "--animation", place.path("no.gif"), words=["2 animations", "{class}_{n}.gif", "--count 6"])
    refused(place, *sample, "--class", "walker", "--frame", "2", "--count", "6", *out, "--animation", place.path("no.gif"), words=["none", "--frame"])
    refused(place, "sample", "--model", place.path("still.safetensors"), *out, "--animation", place.path("no.gif"), words=["none", "animate"])
    refused(place, *sample, "--class", "walker", "--count", "6", *out, "--animation", place.path("no.png"), words=["no.png", ".gif or .apng"])
    refused(place, *sample, "--class", "walker", "--count", "6", *out, "--animation", place.path("walk.gif"), words=["walk.gif", "--force"])
    refused(place, *sample, "--class", "walker", "--count", "6", *out, "--animation", place.path("x.gif"), "--gif", place.path("x.gif"), words=["x.gif", "both"])
    check(not os.path.exists(place.path("no.png")), "nothing is drawn for what is refused")


if not takes_pil():
    print("PIL is not installed, and all of this is left out")
    sys.exit(0)

with Workplace(sys.argv[1]) as place:
    comes_back(place)
    fades(place)
    morphs(place)
    drawn_animations(place)
print("what is played is what was drawn")
