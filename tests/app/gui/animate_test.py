"""Animating a sprite with a real pointer: motions by rule and by the model, from one sprite to another, frames and their durations, onion
skin, playing, exports."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from support import Picture, Studio, matches_screen

program, model = sys.argv[1:3]
SIDE = 16


def make(studio):
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class.potion" in m["widgets"])
    studio.type_into_slider("generate.steps", "8")
    studio.type_into_slider("generate.count", "4")
    studio.type_into_field("generate.seed", "7")
    studio.click("generate.class.potion")
    studio.generate()
    studio.click("grid.1")
    studio.click("sprite.animate")
    studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])


def choose(studio, combo, value):
    studio.click(combo)
    studio.click(f"{combo}.{value}")
    studio.expect(combo, value)


def export(studio, name):
    """Writes it as `name`; the file's bytes."""
    studio.type_into_field("animate.path", studio.folder / name)
    studio.click("animate.export")
    studio.wait(f"{name} saved", lambda m: any(n["kind"] == "done" and name in n["message"] for n in m["notices"]), 60)
    return (studio.folder / name).read_bytes()


def sheet_of(studio, name, count):
    sheet = Picture.from_png(export(studio, name))
    assert (sheet.width, sheet.height) == (count * SIDE, SIDE), (sheet.width, sheet.height)
    return sheet


def frame(sheet, i):
    return [sheet.pixel(i * SIDE + x, y) for y in range(SIDE) for x in range(SIDE)]


def plays_by_itself(studio):
    """It goes on without any input, and stands still when it is paused: then no frame of the window is drawn."""
    shown = set()
    until = time.monotonic() + 60
    while len(shown) < 4 and time.monotonic() < until:
        shown.add(studio.value("animate.sprite"))
    assert shown == {0, 1, 2, 3}, shown
    studio.press("space")
    studio.xdotool("mousemove", 700, 90)
    studio.settle()
    drawn = studio.map()["frames"]
    time.sleep(1.5)
    assert studio.map()["frames"] == drawn, "a window that shows one frame draws nothing"


def frames_and_durations(studio):
    choose(studio, "animate.motion", "squash")
    studio.type_into_slider("animate.squash", "2")
    studio.click("animate.frame.1")
    studio.expect("animate.sprite", 1)
    studio.type_into_field("animate.ms.1", "250")
    studio.type_into_field("animate.ms.3", "90")
    studio.expect("animate.ms.0", 120)
    studio.click("animate.frame.1")
    studio.press("Right")
    studio.expect("animate.sprite", 2)
    studio.press("Left")
    studio.press("Left")
    studio.expect("animate.sprite", 0)
    studio.press("Right")
    studio.expect("animate.sprite", 1)
    studio.xdotool("mousemove", 5, 300)
    studio.settle()
    sheet = sheet_of(studio, "squash.png", 4)
    assert frame(sheet, 0) != frame(sheet, 1), "it is lower"
    assert {p[3] for p in frame(sheet, 1)} <= {0, 255}
    assert set(frame(sheet, 1)) <= set(frame(sheet, 0)), "no colours but its own"
    studio.xdotool("mousemove", 5, 300)
    studio.settle()
    matches_screen(sheet, SIDE, 0, 1, SIDE, studio.display.screenshot(), studio.widget("animate.sprite")["rect"])
    return sheet


def by_hand(studio):
    """A frame goes where it is dragged, by whole pixels, and on by the keys; the file has it there."""
    choose(studio, "animate.motion", "hand")
    studio.click("animate.frame.2")
    x, y, width, height = studio.widget("animate.sprite")["rect"]
    zoom = width // SIDE
    studio.xdotool("mousemove", x + width // 2, y + height // 2)
    studio.xdotool("mousedown", 1)
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mousemove", x + width // 2 + 3 * zoom + 2, y + height // 2 - 2 * zoom)
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mouseup", 1)
    studio.expect("animate.shifts", "0,0 3,-2")
    studio.press("shift+Left")
    studio.expect("animate.shifts", "0,0 2,-2")
    studio.expect("animate.sprite", 2)
    sheet = sheet_of(studio, "hand.png", 4)
    still, moved = frame(sheet, 0), frame(sheet, 2)
    nothing = (0, 0, 0, 0)
    wanted = [still[(py + 2) * SIDE + px - 2] if px >= 2 and py + 2 < SIDE else nothing for py in range(SIDE) for px in range(SIDE)]
    assert [p if p[3] else nothing for p in moved] == [p if p[3] else nothing for p in wanted]
    assert frame(sheet, 1) == still and frame(sheet, 3) == still
    studio.type_into_field("animate.shifts", "1,x")
    studio.wait("a refusal", lambda m: "1,x" in m["widgets"].get("animate.problem", {}).get("value", ""))
    studio.type_into_field("animate.shifts", "1,0")
    studio.wait("no refusal", lambda m: "animate.problem" not in m["widgets"])


def onion_skin(studio, sheet):
    """Where frame 1 is transparent and frame 0 is not, frame 0 shows."""
    before, now = frame(sheet, 0), frame(sheet, 1)
    place = next(i for i in range(SIDE * SIDE) if before[i][3] == 255 and now[i][3] == 0)
    x, y, width, _ = studio.widget("animate.sprite")["rect"]
    zoom = width // SIDE
    at = x + place % SIDE * zoom + zoom // 2, y + place // SIDE * zoom + zoom // 2
    plain = studio.display.screenshot().pixel(*at)
    studio.click("animate.onion")
    studio.expect("animate.onion", True)
    studio.settle()
    skin = studio.display.screenshot().pixel(*at)
    wanted = [p * 0.65 + c * 0.35 for p, c in zip(plain, before[place])]
    assert all(abs(w - s) <= 3 for w, s in zip(wanted, skin)), (plain, before[place], skin)
    studio.click("animate.onion")
    studio.expect("animate.onion", False)


def data_and_question(studio):
    studio.type_into_field("animate.path", studio.folder / "squash.png")
    choose(studio, "animate.atlas", "aseprite-array")
    studio.click("animate.ping_pong")
    studio.expect("animate.ping_pong", True)
    before = (studio.folder / "squash.png").read_bytes()
    studio.click("animate.export")
    studio.click("animate.cancel")
    studio.wait("the question to go", lambda m: "animate.cancel" not in m["widgets"])
    assert not (studio.folder / "squash.json").exists() and (studio.folder / "squash.png").read_bytes() == before
    studio.click("animate.export")
    studio.click("animate.replace")
    studio.wait("both files", lambda m: (studio.folder / "squash.json").exists(), 60)
    data = json.loads((studio.folder / "squash.json").read_text())
    assert [f["duration"] for f in data["frames"]] == [120, 250, 120, 90], data
    assert data["meta"]["frameTags"][0]["direction"] == "pingpong"
    assert export(studio, "squash.gif")[:6] == b"GIF89a"
    assert export(studio, "squash.apng").count(b"fcTL") == 6, "forth and back"
    studio.click("animate.ping_pong")
    studio.expect("animate.ping_pong", False)


def refuses(studio):
    """What cannot be is told in the panel, and is not written."""
    choose(studio, "animate.motion", "blink")
    studio.wait("why a potion does not blink", lambda m: "animate.problem" in m["widgets"] and not m["widgets"]["animate.export"]["enabled"])


def every_rule(studio):
    """Each motion moves something, in the sprite's own colours; a margin and a scale count in the file."""
    for motion in ("sway", "bob", "shine"):
        choose(studio, "animate.motion", motion)
        if motion == "bob":
            studio.type_into_slider("animate.margin", "1")
        studio.wait("no problem", lambda m: "animate.problem" not in m["widgets"] and m["widgets"]["animate.export"]["enabled"])
        sheet = Picture.from_png(export(studio, f"{motion}.png"))
        side = sheet.height
        assert (sheet.width, side) == ((4 * (SIDE + 2), SIDE + 2) if motion == "bob" else (4 * SIDE, SIDE)), motion
        frames = [[sheet.pixel(i * side + x, y) for y in range(side) for x in range(side)] for i in range(4)]
        assert any(f != frames[0] for f in frames[1:]), motion
        if motion != "shine":
            assert all(set(f) <= set(frames[0]) | {(0, 0, 0, 0)} for f in frames), motion
        if motion == "bob":
            studio.type_into_slider("animate.margin", "0")
    choose(studio, "animate.motion", "squash")
    studio.type_into_field("animate.all_ms", "200")
    for i in range(4):
        studio.expect(f"animate.ms.{i}", 200)
    studio.click("animate.frame.0")  # a motion that is chosen plays by itself
    studio.expect("animate.sprite", 0)
    studio.click("animate.play")
    studio.wait("another frame", lambda m: m["widgets"]["animate.sprite"]["value"] == 2)
    studio.click("animate.play")


def by_command_line(studio, command, *options, out):
    """What it writes, as bytes."""
    (studio.folder / "told").mkdir(exist_ok=True)
    out = studio.folder / "told" / out
    subprocess.run([program, command, *map(str, options), "--out", out], env=studio.environment, check=True, capture_output=True)
    return out.read_bytes()


def sheet_options(studio):
    """A sheet has the options of other sheets; it and its data are those of the command line, to the byte."""
    plain = sheet_of(studio, "plain.png", 4)
    Picture(SIDE, SIDE, 4, bytes(sum(frame(plain, 0), ()))).save_png(studio.folder / "sprite.png")
    choose(studio, "animate.atlas", "aseprite-hash")
    for widget, value in (("columns", 2), ("padding", 1), ("border", 2)):
        studio.type_into_slider(f"animate.{widget}", str(value))
    studio.click("animate.trim")
    studio.expect("animate.trim", True)
    made = export(studio, "trimmed.png")
    told = by_command_line(studio, "animate", studio.folder / "sprite.png", "--motion", "squash", "--squash", 2, "--frame-ms", 200, "--atlas",
                           "aseprite-hash", "--columns", 2, "--padding", 1, "--border", 2, "--trim", out="trimmed.png")
    assert made == told, "another sheet than the command line's"
    assert (studio.folder / "trimmed.json").read_bytes() == (studio.folder / "told/trimmed.json").read_bytes()
    picture = Picture.from_png(made)
    assert (picture.width, picture.height) != (2 * SIDE + 5, 2 * SIDE + 5), "it is trimmed"
    studio.expect("animate.summary", f"4 frames, {picture.width}×{picture.height} pixels")
    studio.click("animate.trim")
    studio.expect("animate.summary", f"4 frames, {2 * SIDE + 5}×{2 * SIDE + 5} pixels")
    studio.type_into_slider("animate.extrude", "1")
    studio.type_into_slider("animate.inner_padding", "1")
    studio.wait("a refusal", lambda m: not m["widgets"]["animate.export"]["enabled"] and "animate.summary" not in m["widgets"])
    for widget in ("extrude", "inner_padding", "columns", "padding", "border"):
        studio.type_into_slider(f"animate.{widget}", "0")
    studio.expect("animate.summary", f"4 frames, {4 * SIDE}×{SIDE} pixels")
    choose(studio, "animate.format", "gif")
    studio.wait("no options of a sheet", lambda m: "animate.trim" not in m["widgets"] and "animate.scale" in m["widgets"])
    choose(studio, "animate.format", "sheet")


def redrawn(studio):
    """What a rule has moved is drawn anew by the model, within the outline that the rule gave."""
    choose(studio, "animate.motion", "squash")
    by_rule = sheet_of(studio, "ruled.png", 4)
    studio.click("animate.redrawn")
    studio.expect("animate.redrawn", True)
    studio.type_into_slider("animate.strength", "0.6")
    studio.click("animate.draw")
    studio.wait("the frames", lambda m: "animate.stop" not in m["widgets"] and m["widgets"].get("animate.export", {}).get("enabled"))
    drawn = sheet_of(studio, "redrawn.png", 4)
    assert frame(drawn, 0) == frame(by_rule, 0), "the first is the sprite"
    for i in range(1, 4):
        assert [p[3] for p in frame(drawn, i)] == [p[3] for p in frame(by_rule, i)], "the outline is the rule's"
        assert set(frame(drawn, i)) <= set(frame(drawn, 0)), "no colours but its own"
    assert any(frame(drawn, i) != frame(by_rule, i) for i in range(1, 4)), "the model has drawn"
    studio.click("animate.redrawn")
    studio.expect("animate.redrawn", False)


def by_model(studio):
    choose(studio, "animate.motion", "seeds")
    studio.wait("nothing to write yet", lambda m: not m["widgets"]["animate.export"]["enabled"])
    studio.type_into_slider("animate.strength", "0.5")
    studio.click("animate.draw")
    studio.wait("the frames", lambda m: m["widgets"].get("animate.export", {}).get("enabled"))
    sheet = sheet_of(studio, "seeds.png", 4)
    first = frame(sheet, 0)
    for i in range(1, 4):
        assert [p[3] for p in frame(sheet, i)] == [p[3] for p in first], "the outline is held"
        assert set(frame(sheet, i)) <= set(first), "no colours but its own"
    assert any(frame(sheet, i) != first for i in range(1, 4)), "the model has drawn"
    return first


def goes_back(studio):
    studio.press("Escape")
    studio.wait("the grid", lambda m: "grid.1" in m["widgets"] and "animate.sprite" not in m["widgets"])


def from_the_gallery(studio, first):
    studio.press("s")
    studio.expect("grid.star.1", True)
    studio.click("tab.gallery")
    name = next(n for n in studio.wait("it", lambda m: any(n.startswith("gallery.item.") for n in m["widgets"]))["widgets"] if n.startswith("gallery.item."))
    studio.click(name)
    studio.click("gallery.animate")
    studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])
    choose(studio, "animate.motion", "squash")
    assert frame(sheet_of(studio, "kept.png", 4), 0) == first, "the kept sprite"
    goes_back(studio)


def draw(studio):
    studio.wait("nothing to write yet", lambda m: not m["widgets"]["animate.export"]["enabled"])
    studio.click("animate.draw")
    studio.wait("the frames", lambda m: "animate.stop" not in m["widgets"] and m["widgets"].get("animate.export", {}).get("enabled"))


def told_morph(studio, *options):
    return Picture.from_png(
        by_command_line(studio, "morph", "--model", os.path.abspath(model), "--steps", 8, "--frames", 5, "--force", *options, out="morph.png"))


def from_sprite_to_sprite(studio):
    """Two selected sprites of other seeds and classes: the frames between are those of the command line, to the byte, either way round."""
    studio.type_into_field("generate.seed", "7")
    studio.click("generate.class.potion")
    studio.with_ctrl(lambda: studio.click("generate.class.demon"))
    studio.expect("generate.class.demon", True)
    studio.generate()
    studio.click("grid.1")
    studio.click("sprite.animate")
    studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])
    studio.click("animate.motion")
    studio.wait("that it takes two", lambda m: m["widgets"].get("animate.motion.morph", {}).get("enabled") is False)
    studio.press("Escape")
    studio.wait("the list to close", lambda m: "animate.motion.morph" not in m["widgets"])
    goes_back(studio)

    studio.click("grid.0")
    studio.with_ctrl(lambda: studio.click("grid.1"))
    studio.expect("grid.selection", "0,1")
    studio.click("sprite.animate")
    studio.expect("animate.motion", "morph")
    studio.expect("animate.to", "demon, seed 8")
    studio.type_into_slider("animate.frames", "5")
    draw(studio)
    studio.wait("that all are drawn", lambda m: not m["widgets"]["animate.draw"]["enabled"])
    forth = sheet_of(studio, "morph.png", 5)
    assert forth.data == told_morph(studio, "--class", "potion", "--seed", 7, "--to-class", "demon", "--to-seed", 8).data
    assert frame(forth, 0) != frame(forth, 4)
    studio.click("animate.ping_pong")  # what is drawn stays
    studio.expect("animate.ping_pong", True)
    assert export(studio, "morph.apng").count(b"fcTL") == 8, "forth and back"
    studio.click("animate.ping_pong")
    studio.expect("animate.ping_pong", False)
    choose(studio, "animate.motion", "bob")
    studio.expect("animate.frames", 4)
    choose(studio, "animate.motion", "morph")
    studio.wait("what was drawn", lambda m: m["widgets"]["animate.export"]["enabled"])

    choose(studio, "animate.to", "potion, seed 7")
    draw(studio)
    back = sheet_of(studio, "back.png", 5)
    assert frame(back, 0) == frame(forth, 4) and frame(back, 4) == frame(forth, 0)
    assert back.data == told_morph(studio, "--class", "demon", "--seed", 8, "--to-class", "potion", "--to-seed", 7).data
    goes_back(studio)
    return forth


def from_kept_to_kept(studio, forth):
    """The same of two pictures of the gallery; what no model has drawn is refused in words."""
    folder = studio.home / "gallery"
    before = {path.name for path in folder.glob("*.png")}
    studio.click("grid.0")
    studio.with_ctrl(lambda: studio.click("grid.1"))
    studio.press("s")
    studio.expect("grid.star.0", True)
    studio.expect("grid.star.1", True)
    Picture(SIDE, SIDE, 4, bytes([60, 200, 90, 255]) * SIDE * SIDE).save_png(folder / "mine.png")
    studio.click("tab.gallery")
    studio.expect("gallery.count", len(before) + 3)
    kept = sorted({path.name for path in folder.glob("*.png")} - before - {"mine.png"})
    assert [name.split("-")[0] for name in kept] == ["demon", "potion"], kept
    demon, potion = kept

    def item(file):
        found = studio.wait(file, lambda m: any(n.startswith("gallery.item.") and w.get("value") == file for n, w in m["widgets"].items()))
        return next(n for n, w in found["widgets"].items() if n.startswith("gallery.item.") and w.get("value") == file)

    def animate(first, second):
        studio.click("tab.gallery")
        studio.click(item(first))
        studio.expect("gallery.selection", first)
        studio.with_ctrl(lambda: studio.click(item(second)))
        studio.expect("gallery.selection", ",".join(sorted((first, second))))
        studio.click("gallery.animate")
        studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])

    animate(potion, demon)
    studio.expect("animate.motion", "morph")
    studio.expect("animate.to", "demon, seed 8")
    studio.expect("animate.frames", 5)
    draw(studio)
    assert sheet_of(studio, "kept-morph.png", 5).data == forth.data
    goes_back(studio)
    animate("mine.png", potion)
    assert studio.value("animate.motion") != "morph", "it cannot be"
    choose(studio, "animate.motion", "morph")
    studio.wait("why it cannot be", lambda m: "“mine.png” has no recipe" in m["widgets"].get("animate.problem", {}).get("value", ""))
    studio.wait("nothing to draw", lambda m: not m["widgets"]["animate.draw"]["enabled"] and not m["widgets"]["animate.export"]["enabled"])
    choose(studio, "animate.motion", "squash")
    studio.wait("no problem", lambda m: "animate.problem" not in m["widgets"])
    goes_back(studio)
    studio.click("grid.1")


def its_own_frames():
    """A model that was trained on animations draws them; what is animated of such a sprite is its own frames, all of them."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        environment = dict(os.environ, SPRITEKILN_HOME=str(folder / "home"))

        def run(*arguments):
            subprocess.run([program, *map(str, arguments)], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        run("dataset", "starter", folder / "set", "--animated", "--count", 6)
        small = ["width=16", "multipliers=1,2", "blocks=1", "embedding=32", "head_channels=16", "group_channels=8", "batch=16", "learning_rate=0.003",
                 "warmup=2", "sample_every=0"]
        run("train", "--data", folder / "set", "--out", folder / "moving.safetensors", "--steps", 60, *(word for value in small for word in ("--set", value)))
        run("sample", "--model", folder / "moving.safetensors", "--class", "walker", "--count", 6, "--seed", 7, "--steps", 8, "--columns", 6, "--out",
            folder / "line.png")
        line = Picture.from_png((folder / "line.png").read_bytes())
        assert len({bytes(sum(frame(line, i), ())) for i in range(6)}) == 6, "six frames, none like another"
        with Studio(program, "--model", folder / "moving.safetensors") as studio:
            studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class.walker" in m["widgets"])
            studio.type_into_slider("generate.steps", "8")
            studio.type_into_slider("generate.count", "8")
            studio.type_into_field("generate.seed", "7")
            studio.click("generate.class.walker")
            studio.generate()
            studio.click("grid.2")
            studio.click("sprite.animate")
            studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])
            studio.expect("animate.motion", "own")
            assert "animate.frames" not in studio.map()["widgets"] and "animate.draw" not in studio.map()["widgets"]
            sheet = sheet_of(studio, "walk.png", 6)
            assert [frame(sheet, i) for i in range(6)] == [frame(line, i) for i in range(6)]
            choose(studio, "animate.motion", "bob")
            studio.expect("animate.frames", 4)
            choose(studio, "animate.motion", "own")
            goes_back(studio)
            studio.type_into_slider("generate.frame", "3")
            studio.generate()
            studio.click("grid.1")
            studio.click("sprite.animate")
            studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])
            studio.expect("animate.motion", "bob")
            goes_back(studio)
            studio.click("generate.class.flame")
            studio.type_into_slider("generate.frame", "6")
            studio.click("generate.run")
            studio.wait("that a flame has four", lambda m: any("has no frame 6" in n["message"] for n in m["notices"]), 60)
            assert studio.quit() == 0


its_own_frames()
with Studio(program, "--model", os.path.abspath(model)) as studio:
    make(studio)
    assert "generate.frame" not in studio.map()["widgets"]
    choose(studio, "animate.motion", "squash")
    plays_by_itself(studio)
    onion_skin(studio, frames_and_durations(studio))
    by_hand(studio)
    choose(studio, "animate.motion", "squash")
    data_and_question(studio)
    refuses(studio)
    every_rule(studio)
    sheet_options(studio)
    redrawn(studio)
    first = by_model(studio)
    goes_back(studio)
    from_the_gallery(studio, first)
    from_kept_to_kept(studio, from_sprite_to_sprite(studio))
    studio.click("sprite.animate")
    studio.wait("the animation", lambda m: "animate.sprite" in m["widgets"])
    choose(studio, "animate.motion", "sway")
    studio.click("animate.onion")
    studio.expect("animate.onion", True)
    remembered = {w: studio.value(w) for w in ("animate.motion", "animate.frames", "animate.onion", "animate.path")}
    assert studio.quit() == 0
    with Studio(program, "--model", os.path.abspath(model), home=studio.home) as again:
        make(again)
        for widget, value in remembered.items():
            again.expect(widget, value)
        assert again.quit() == 0
