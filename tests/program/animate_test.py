"""A sprite set in motion: GIF, APNG and sheets as PIL and json read them, frames that a model draws within the outline, and refusals."""

import json
import os
import re
import shutil
import subprocess
import sys

from support import Workplace, check, frames_of, png, refused, small_recipe, takes_pil

SHADES = {".": (0, 0, 0, 0), "o": (40, 20, 20, 255), "d": (120, 40, 40, 255), "m": (180, 80, 70, 255), "l": (240, 150, 130, 255), "k": (10, 10, 10, 255)}
FACE = ["................",
        "................",
        "................",
        "....oooooooo....",
        "...olllllmmmo...",
        "..olllllllllmo..",
        "..olklllllklmo..",
        "..olklllllklmo..",
        "..olllllllllmo..",
        "..ollllllmmmdo..",
        "..ollddddmmmdo..",
        "..ollllmmmmddo..",
        "...olmmmmmddo...",
        "....oooooooo....",
        "......oooo......",
        "....oooooooo...."]


def rows_of(lines):
    return [SHADES[letter] for line in lines for letter in line]


def by_rule(place):
    face = ["animate", place.path("face.png"), "--force"]
    up = rows_of(FACE[1:] + FACE[:1])
    for ending in "gif", "apng":
        place.run(*face, "--motion", "bob", "--frame-ms", "400,100,80,60", "--out", place.path("bob." + ending))
        frames, size = frames_of(place.path("bob." + ending))
        check(size == (16, 16), f"bob.{ending} has the sprite's size")
        check([ms for _, ms in frames] in ([400, 100, 80, 60], [500, 140]), f"durations of bob.{ending}: {frames}")
        shown = [pixels for pixels, ms in frames]
        check(shown[0] == rows_of(FACE) and shown[-1] == up, f"bob.{ending} goes up by one pixel")
    place.run(*face, "--motion", "bob", "--height", "2", "--ping-pong", "--frames", "3", "--out", place.path("pong.apng"))
    check([pixels == rows_of(FACE[n:] + FACE[:n]) for (pixels, _), n in zip(frames_of(place.path("pong.apng"))[0], (0, 1, 2, 1))] == [True] * 4,
          "there and back")
    place.run(*face, "--motion", "blink", "--out", place.path("blink.apng"))
    frames = [pixels for pixels, _ in frames_of(place.path("blink.apng"))[0]]
    closed = [line.replace("k", "l") if i == 6 else line for i, line in enumerate(FACE)]
    check(frames[2][:7 * 16] == rows_of(closed[:7]) and frames[2][8 * 16:] == rows_of(closed[8:]), "the eyes are closed, and all else stays")
    check({tuple(p) for p in frames[2]} <= set(SHADES.values()), "in the sprite's own colours")
    place.run(*face, "--motion", "bob", "--margin", "1", "--scale", "2", "--out", place.path("margin.apng"))
    check(frames_of(place.path("margin.apng"))[1] == (36, 36), "a margin on each side, then enlarged")
    place.run(*face, "--motion", "hand", "--shifts", "0,1 1,0", "--frames", "4", "--out", place.path("hand.apng"))
    still, down, right, last = [pixels for pixels, _ in frames_of(place.path("hand.apng"))[0]]
    check(still == last and [tuple(p) for p in down[16:]] == [tuple(p) for p in still[:-16]], "a frame is moved down by hand")
    check(all(right[y * 16 + x + 1] == still[y * 16 + x] for y in range(16) for x in range(15)), "and one to the right")
    refused(place, *face, "--motion", "hand", "--shifts", "1", "--out", place.path("no.apng"), words=["“1”", "x,y"])
    for motion in "squash", "sway", "blink", "shine":
        place.run(*face, "--motion", motion, "--frames", "8", "--out", place.path("m.apng"), "--out", place.path("m.png"))
        for pixels, _ in frames_of(place.path("m.apng"))[0]:
            check({tuple(p) for p in pixels} <= set(SHADES.values()), f"{motion} mixes no colours")
        before = place.read("m.apng"), place.read("m.png")
        place.run(*face, "--motion", motion, "--frames", "8", "--out", place.path("m.apng"), "--out", place.path("m.png"))
        check((place.read("m.apng"), place.read("m.png")) == before, f"{motion} gives the same bytes again")


def sheets(place):
    from PIL import Image
    place.run("animate", place.path("face.png"), "--motion", "bob", "--frame-ms", "400,100,80,60", "--ping-pong", "--tag", "idle", "--scale", "2", "--padding",
              "1", "--out", place.path("sheet.png"), "--atlas", "aseprite-array", "--out", place.path("sheet.gif"))
    with open(place.path("sheet.json")) as file:
        data = json.load(file)
    check([f["duration"] for f in data["frames"]] == [400, 100, 80, 60], "each frame's duration")
    tags = data["meta"]["frameTags"]
    check(len(tags) == 1 and (tags[0]["name"], tags[0]["from"], tags[0]["to"], tags[0]["direction"]) == ("idle", 0, 3, "pingpong"), f"one tag: {tags}")
    with Image.open(place.path("sheet.png")) as sheet:
        check(sheet.size == (4 * 34 - 2, 32), f"four frames in a row: {sheet.size}")
        for i, frame in enumerate(data["frames"]):
            r = frame["frame"]
            part = sheet.convert("RGBA").crop((r["x"], r["y"], r["x"] + r["w"], r["y"] + r["h"])).resize((16, 16), Image.NEAREST)
            up = 0 if i < 2 else 1
            check(list(part.getdata()) == rows_of(FACE[up:] + FACE[:up]), f"frame {i} of the sheet")


def sheet_options(place):
    """Those of other sheets: what is cut by the data file is the frame, wherever it lies; and the colours have a palette."""
    from PIL import Image
    face = ["animate", place.path("face.png"), "--motion", "bob", "--force", "--atlas", "aseprite-array", "--out", place.path("laid.png")]
    for number, options in enumerate([["--trim", "--border", "2"], ["--inner-padding", "1", "--scale", "3"], ["--extrude", "2", "--power-of-two"], ["--indexed"]]):
        place.run(*face, *options)
        frames = json.loads(place.read("laid.json"))["frames"]
        with Image.open(place.path("laid.png")) as sheet:
            check(sheet.mode == ("P" if "--indexed" in options else "RGBA"), f"{options}: {sheet.mode}")
            check("--power-of-two" not in options or sheet.size == (128, 32), f"4 × (16 + 4) by 16 + 4 becomes 128×32: {sheet.size}")
            rgba = sheet.convert("RGBA")
        scale = 3 if "--scale" in options else 1
        for i, frame in enumerate(frames):
            r, at = frame["frame"], frame["spriteSourceSize"]
            inner = (r["w"] - at["w"]) // 2
            part = rgba.crop((r["x"] + inner, r["y"] + inner, r["x"] + inner + at["w"], r["y"] + inner + at["h"]))
            whole = Image.new("RGBA", (16 * scale, 16 * scale))
            whole.paste(part, (at["x"], at["y"]))
            up = 0 if i < 2 else 1
            check(list(whole.resize((16, 16), Image.NEAREST).getdata()) == rows_of(FACE[up:] + FACE[:up]), f"frame {i} with {options}")
        check(frames[0]["trimmed"] == ("--trim" in options), f"trimmed or not: {options}")
    refused(place, "animate", place.path("face.png"), "--motion", "bob", "--trim", "--out", place.path("no.gif"), words=["--trim", "sheet.png"])


GODOT = """extends SceneTree
func _init():
    var frames = load("res://bob.tres")
    for name in frames.get_animation_names():
        print("animation ", name, " ", frames.get_animation_speed(name), " ", frames.get_animation_loop(name))
        for i in frames.get_frame_count(name):
            print("frame ", frames.get_frame(name, i).region.position.x)
    quit()
"""


def godot(place):
    program = shutil.which("godot3-server")
    if not program:
        return print("Godot 3 is not installed: its reading of an animation is left out")
    os.makedirs(place.path("g"), exist_ok=True)
    place.run("animate", place.path("face.png"), "--motion", "bob", "--frame-ms", "200,100,100,100", "--tag", "idle", "--out", place.path("g/bob.png"), "--atlas", "godot3")
    for name, text in [("project.godot", 'config_version=4\n[application]\nconfig/name="x"\n'), ("read.gd", GODOT)]:
        with open(place.path("g/" + name), "w") as file:
            file.write(text)
    for arguments in [["--editor", "--quit"], ["-s", "read.gd"]]:
        done = subprocess.run([program, "--path", place.path("g"), *arguments], env=dict(os.environ, HOME=place.path("g")), capture_output=True, text=True, timeout=300)
    said = re.findall(r"^(?:animation|frame) .*", done.stdout, re.M)
    check(said[:1] == ["animation idle 10 True"], f"one animation, at ten frames a second: {done.stdout}{done.stderr}")
    check([float(line.split()[1]) for line in said[1:]] == [0, 0, 16, 32, 48], f"the first frame stands twice as long: {said}")


def by_model(place):
    model = place.path("m.safetensors")
    place.run("train", "--data", place.path("data"), "--out", model, *small_recipe(2))
    face = ["animate", place.path("face.png"), "--model", model, "--threads", "1", "--steps", "8", "--precision", "fp32", "--device", "cpu", "--force"]
    wanted = [p[3] for p in rows_of(FACE)]
    for playing in [], ["--ping-pong"]:
        place.run(*face, *playing, "--class", "potion", "--motion", "seeds", "--strength", "0.6", "--frames", "5", "--out", place.path("seeds.apng"))
        frames = [pixels for pixels, _ in frames_of(place.path("seeds.apng"))[0]]
        check(len(frames) == (8 if playing else 5) and frames[0] == rows_of(FACE), f"the sprite first, then {len(frames) - 1} others")
        for pixels in frames:
            check([p[3] for p in pixels] == wanted, "the outline is held: alpha is the same")
            check({tuple(p) for p in pixels} <= set(SHADES.values()), "in the sprite's own colours")
        check(len({tuple(map(tuple, pixels)) for pixels in frames}) == 5, "all five are others")
    before = place.read("seeds.apng")
    place.run(*face, "--ping-pong", "--class", "potion", "--motion", "seeds", "--strength", "0.6", "--frames", "5", "--out", place.path("seeds.apng"))
    check(place.read("seeds.apng") == before, "the same bytes again")
    place.run(*face, "--motion", "bob", "--strength", "0.6", "--out", place.path("bob.png"), "--atlas", "godot")
    from PIL import Image
    with Image.open(place.path("bob.png")) as sheet:
        parts = [list(sheet.convert("RGBA").crop((16 * i, 0, 16 * i + 16, 16)).getdata()) for i in range(4)]
    check(parts[0] == parts[1] == rows_of(FACE) and parts[2] == parts[3] != rows_of(FACE[1:] + FACE[:1]), "drawn anew where the rule has moved it")
    check([p[3] for p in parts[2]] == [p[3] for p in rows_of(FACE[1:] + FACE[:1])], "within the outline as the rule has moved it")


def refusals(place):
    face = ["animate", place.path("face.png")]
    out = ["--out", place.path("no.gif")]
    refused(place, *face, "--motion", "bop", *out, words=["bop", "bob"])
    refused(place, *face, "--motion", "seeds", *out, words=["seeds", "--model"])
    refused(place, *face, "--motion", "bob", "--strength", "0.5", *out, words=["strength", "--model"])
    refused(place, *face, "--motion", "bob", "--lean", "2", *out, words=["bob", "lean"])
    refused(place, *face, "--motion", "bob", "--frame-ms", "80,80", *out, words=["--frame-ms", "4 frames"])
    refused(place, *face, "--motion", "bob", "--frame-ms", "5", *out, words=["--frame-ms", "20"])
    refused(place, *face, "--motion", "bob", "--frame-ms", "fast", *out, words=["fast", "milliseconds"])
    refused(place, *face, "--motion", "bob", "--frames", "1", *out, words=["frames"])
    refused(place, *face, "--motion", "bob", "--atlas", "godot", *out, words=["--atlas", "sheet.png"])
    refused(place, *face, "--motion", "bob", "--out", place.path("no.webp"), words=["no.webp", ".gif"])
    refused(place, *face, "--motion", "bob", "--out", place.path("face.png"), words=["face.png", "--force"])
    refused(place, "animate", place.path("none.png"), "--motion", "bob", *out, words=["none.png"])
    refused(place, *face, "--motion", "seeds", "--model", place.path("none.safetensors"), "--margin", "1", *out, words=["--margin"])
    with open(place.path("full.png"), "wb") as file:
        file.write(png(4, 4, lambda x, y: (200, 0, 0, 255)))
    refused(place, "animate", place.path("full.png"), "--motion", "bob", *out, words=["no room to bob", "margin"])
    refused(place, "animate", place.path("full.png"), "--motion", "blink", *out, words=["no eyes"])
    refused(place, "animate", place.path("full.png"), "--motion", "shine", *out, words=["lighter"])


if not takes_pil():
    print("PIL is not installed, and all of this is left out")
    sys.exit(0)

with Workplace(sys.argv[1]) as place:
    with open(place.path("face.png"), "wb") as file:
        file.write(png(16, 16, lambda x, y: SHADES[FACE[y][x]]))
    refusals(place)
    by_rule(place)
    sheets(place)
    sheet_options(place)
    godot(place)
    by_model(place)
