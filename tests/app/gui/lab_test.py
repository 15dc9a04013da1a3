"""The Lab tab, with a real pointer: the chosen sprite under noise, its numbers, the schedule, the map of classes, attention, the picture of it all."""

import json
import math
import subprocess
import sys

from drop import drop
from support import Picture, Studio


program, model = sys.argv[1:3]


def engine(*arguments, studio):
    return subprocess.run([program, *arguments], env=studio.environment, check=True, capture_output=True, text=True).stdout


def value(studio, name):
    return studio.widget(name)["value"]


def middle(studio, name):
    x, y, w, h = studio.widget(name)["rect"]
    return x + w // 2, y + h // 2


def move(studio, x, y):
    before = studio.map()["frames"]
    studio.xdotool("mousemove", int(x), int(y))
    studio.next_frame(before)


def over_pixel(studio, picture, px, py):
    x, y, w, h = studio.widget(f"lab.picture.{picture}")["rect"]
    move(studio, x + (px + 0.5) * w / 16, y + (py + 0.5) * h / 16)


def generate(studio):
    studio.type_into_slider("generate.count", "4")
    studio.type_into_slider("generate.steps", "4")
    studio.click("generate.class.potion")
    studio.generate()


def nothing_yet(studio):
    studio.click("tab.lab")
    studio.settle()
    assert "lab.picture.noisy" not in studio.map()["widgets"]
    studio.click("tab.generate")


def the_chosen_sprite(studio):
    guidance = value(studio, "generate.guidance")  # as the model has it
    studio.click("tab.lab")
    studio.expect("lab.guidance", guidance)
    assert guidance != 2, "this model has what any has"
    studio.widget("lab.picture.noisy")
    assert value(studio, "lab.class") == "potion", value(studio, "lab.class")
    assert value(studio, "lab.sprite").startswith("seed ")
    studio.wait("the run from there on", lambda m: "lab.step.0" in m["widgets"])
    studio.settle()


def numbers_under_the_pointer(studio, sprite):
    """They are those of the command line for the same sprite, seed and level."""
    studio.type_into_slider("lab.t", "0.25")
    studio.type_into_field("lab.seed", "77")
    studio.settle()
    told = json.loads(engine("lab", "--model", model, "--sprite", str(sprite), "--t", "0.25", "--seed", "77", "--class", "potion", "--guidance",
                             str(value(studio, "lab.guidance")), "--json", studio=studio))
    for px, py in [(5, 7), (11, 3)]:
        over_pixel(studio, "noisy", px, py)
        for name in ("sprite", "noise", "noisy", "predicted_noise", "predicted_sprite", "conditional", "guidance"):
            values = told["pictures"][name]["values"]
            wanted = [values[(c * 16 + py) * 16 + px] for c in range(4)]

            def shows_them(m):
                shown = [float(n) for n in m["widgets"].get(f"lab.numbers.{name}", {}).get("value", "").split()]
                return len(shown) == 4 and all(abs(a - b) < 0.002 for a, b in zip(shown, wanted))

            studio.wait(f"{name} at {px},{py} to be {wanted}", shows_them, 60)  # the engine may still be at the settings before
        colours = told["colours"]["probabilities"]["values"]
        likely = {str(i): colours[(i * 16 + py) * 16 + px] for i in range(len(told["colours"]["entries"]))}
        assert abs(sum(likely.values()) - 1) < 1e-4
        studio.wait(f"colours at {px},{py}",
                    lambda m: all(abs(m["widgets"][f"lab.colours.{i}"]["value"] - p) < 0.002 for i, p in likely.items()), 60)
    return told


def shown_pixels(studio, sprite):
    """The sprite as it is in its file."""
    move(studio, 5, 795)
    studio.settle()
    x, y, w, h = studio.widget("lab.picture.sprite")["rect"]
    screen, zoom = studio.display.screenshot(), w // 16
    opaque = 0
    for py in range(16):
        for px in range(16):
            *wanted, alpha = sprite.pixel(px, py)
            if alpha < 255:
                continue
            opaque += 1
            shown = screen.pixel(x + px * zoom + zoom // 2, y + py * zoom + zoom // 2)
            assert all(abs(a - b) <= 1 for a, b in zip(wanted, shown)), (px, py, wanted, shown)
    assert opaque > 20


def where_a_colour_is(studio, told):
    """The colour that is clicked, as a picture: white where it is certain."""
    values = told["colours"]["probabilities"]["values"]
    entry = max(range(1, len(told["colours"]["entries"])), key=lambda i: sum(values[i * 256:(i + 1) * 256]))
    studio.click(f"lab.colours.{entry}")
    red, green, blue, _ = told["colours"]["entries"][entry]
    studio.expect("lab.colour_picture", f"#{red:02x}{green:02x}{blue:02x}")
    move(studio, 5, 795)
    studio.settle()
    x, y, w, _ = studio.widget("lab.colour_picture")["rect"]
    screen, zoom = studio.display.screenshot(), w // 16
    for i in range(256):
        p = values[entry * 256 + i]
        wanted = 255 * min(1, max(0, p))
        shown = screen.pixel(x + i % 16 * zoom + zoom // 2, y + i // 16 * zoom + zoom // 2)
        assert all(abs(s - wanted) < 3 for s in shown), (i, p, shown)


def attention_follows(studio):
    rect = studio.widget("lab.attention")["rect"]
    move(studio, 5, 795)
    studio.settle()
    before = studio.display.fingerprint([rect])
    over_pixel(studio, "sprite", 1, 1)
    studio.settle()
    one = studio.display.fingerprint([rect])
    over_pixel(studio, "sprite", 13, 13)
    studio.settle()
    assert len({before, one, studio.display.fingerprint([rect])}) == 3, "each pixel looks elsewhere"


def other_layers_and_settings(studio):
    """Each layer of attention, 8×8 and 4×4; the noise dragged; guidance and class changed: the pictures follow."""
    rect = studio.widget("lab.attention")["rect"]
    seen = {}
    for i in (0, 2, 4):
        studio.click("lab.layer")
        studio.click(f"lab.layer.{i}")
        studio.settle()
        seen[value(studio, "lab.attention")] = studio.display.fingerprint([rect])
    assert len(seen) == 3 and len(set(seen.values())) == 3 and {label.split(",")[0] for label in seen} == {"8×8", "4×4"}, seen
    sprite = studio.widget("lab.picture.predicted_sprite")["rect"]
    looks = {studio.display.fingerprint([sprite])}
    x, y, w, h = studio.widget("lab.t")["rect"]
    studio.xdotool("mousemove", x + w // 4, y + h // 2)
    studio.xdotool("mousedown", 1)
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mousemove", x + w * 2 // 3, y + h // 2)
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mouseup", 1)
    studio.wait("the noise where it was dragged", lambda m: 0.6 < m["widgets"]["lab.t"]["value"] < 0.75)
    studio.wait("another picture", lambda _: studio.display.fingerprint([sprite]) not in looks)
    studio.settle()
    looks.add(studio.display.fingerprint([sprite]))
    studio.type_into_slider("lab.guidance", "9")
    studio.wait("that of more guidance", lambda _: studio.display.fingerprint([sprite]) not in looks)
    studio.settle()
    looks.add(studio.display.fingerprint([sprite]))
    studio.click("lab.class")
    studio.click("lab.class.none")
    studio.expect("lab.class", "no class")
    studio.wait("that of no class", lambda _: studio.display.fingerprint([sprite]) not in looks)
    studio.click("lab.class")
    studio.click("lab.class.made")
    studio.expect("lab.class", "potion")
    studio.type_into_slider("lab.guidance", "2")
    studio.settle()


def the_schedule(studio):
    x, y, w, h = studio.widget("lab.schedule")["rect"]
    studio.xdotool("mousemove", x + w * 3 // 4, y + h // 2)
    studio.xdotool("click", 1)
    studio.wait("another level", lambda m: abs(m["widgets"]["lab.t"]["value"] - 0.75) < 0.02)
    studio.settle()
    studio.click("lab.step.1")
    studio.wait("that of the step", lambda m: m["widgets"]["lab.t"]["value"] < 0.745)
    studio.settle()


def the_map(studio):
    studio.click("lab.classes.undead")
    name = studio.wait("another class", lambda m: m["widgets"]["lab.class"]["value"] != "potion")["widgets"]["lab.class"]["value"]
    assert "+" not in name, name
    x, y, w, h = studio.widget("lab.classes")["rect"]
    studio.xdotool("mousemove", x + w // 2 - 20, y + h // 2)
    studio.xdotool("click", 1)
    mixed = studio.wait("a mix", lambda m: "+" in m["widgets"]["lab.class"]["value"])["widgets"]["lab.class"]["value"]
    assert math.isclose(sum(float(part.split()[-1]) for part in mixed.split(" + ")), 1, abs_tol=0.03), mixed


def the_same_picture(studio):
    """What the window saves is what the command line writes."""
    pixels = bytes(v for y in range(16) for x in range(16) for v in (x * 16, 90, y * 16, 255 if 2 < x < 12 else 0))
    file = studio.home / "mine.png"
    Picture(16, 16, 4, pixels).save_png(file)
    drop(studio, file)
    studio.expect("lab.sprite", "mine.png")
    studio.click("lab.class")
    studio.click("lab.class.none")
    studio.type_into_slider("lab.t", "0.5")
    studio.settle()
    before = set(studio.home.glob("lab*.png"))
    studio.click("lab.save")
    studio.wait("the file", lambda _: set(studio.home.glob("lab*.png")) - before)
    saved = (set(studio.home.glob("lab*.png")) - before).pop()
    out = studio.home / "told.png"
    engine("lab", "--model", model, "--sprite", str(file), "--t", "0.5", "--seed", "77", "--guidance", str(value(studio, "lab.guidance")), "--steps",
           str(value(studio, "lab.steps")), "--out", str(out), studio=studio)
    assert saved.read_bytes() == out.read_bytes()
    saved.unlink()
    studio.click("lab.chosen")
    studio.widget("lab.picture.noisy")


def times(studio):
    studio.click("lab.measure")
    parts = studio.wait("the times", lambda m: "lab.time.Norms" in m["widgets"])["widgets"]
    assert all(parts[f"lab.time.{name}"]["value"] > 0 for name in ("Convolutions", "Norms", "Attention", "Copies"))


def a_picture(studio):
    for name in ("lab.png", "lab-2.png"):
        studio.wait("the button", lambda m: m["widgets"]["lab.save"]["enabled"])
        studio.click("lab.save")
        file = studio.home / name
        studio.wait("the file", lambda _: file.exists())
        assert Picture.from_png(file.read_bytes()).width > 500


def a_dropped_image(studio):
    pixels = bytes(v for y in range(16) for x in range(16) for v in (x * 16, y * 16, 200, 255))
    file = studio.home / "other.png"
    Picture(16, 16, 4, pixels).save_png(file)
    drop(studio, file)
    studio.wait("the image", lambda m: m["widgets"].get("lab.sprite", {}).get("value") == "other.png")
    studio.settle()
    over_pixel(studio, "sprite", 4, 9)
    shown = [float(n) for n in value(studio, "lab.numbers.sprite").split()]
    assert all(abs(a - b) < 0.002 for a, b in zip(shown, [64 / 127.5 - 1, 144 / 127.5 - 1, 200 / 127.5 - 1, 1])), shown
    Picture(50, 30, 4, bytes(50 * 30 * 4)).save_png(studio.home / "large.png")
    drop(studio, studio.home / "large.png")
    studio.wait("a refusal", lambda m: "lab.picture.noisy" not in m["widgets"])
    studio.click("lab.chosen")
    studio.widget("lab.picture.noisy")


with Studio(program, "--model", model) as studio:
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class.potion" in m["widgets"])
    nothing_yet(studio)
    generate(studio)
    studio.type_into_field("export.path", studio.home / "sprite.png")
    studio.type_into_slider("export.scale", "1")
    studio.click("export.png")
    studio.wait("the export", lambda m: (studio.home / "sprite.png").exists())
    the_chosen_sprite(studio)
    where_a_colour_is(studio, numbers_under_the_pointer(studio, studio.home / "sprite.png"))
    shown_pixels(studio, Picture.from_png((studio.home / "sprite.png").read_bytes()))
    attention_follows(studio)
    other_layers_and_settings(studio)
    the_schedule(studio)
    the_map(studio)
    the_same_picture(studio)
    times(studio)
    a_picture(studio)
    a_dropped_image(studio)
