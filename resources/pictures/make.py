"""Takes the pictures that README shows, from the real program: python3 resources/pictures/make.py PROGRAM [fade window gallery edit animate export data train lab].

Needs Xvfb and xdotool, as the tests that look at the window do, and a machine with little else to do."""

import pathlib
import struct
import sys
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "app" / "gui"))
from support import Picture, Studio  # noqa: E402

MODEL = ROOT / "models" / "dawnlike16.safetensors"
SEED = "64"  # of what is made in them
STEPS = 600  # of the run in the picture
PICTURED = 300


def apng(pictures, delays_ms):
    """An animated PNG that loops for ever."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    first = pictures[0]
    out = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", struct.pack(">IIBBBBB", first.width, first.height, 8, 2, 0, 0, 0)),
           chunk(b"acTL", struct.pack(">II", len(pictures), 0))]
    number = 0
    for picture, delay in zip(pictures, delays_ms):
        line = picture.width * 3
        packed = zlib.compress(b"".join(b"\0" + picture.data[y * line:(y + 1) * line] for y in range(picture.height)), 9)
        out.append(chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, picture.width, picture.height, 0, 0, delay, 1000, 0, 0)))
        number += 1
        if picture is first:
            out.append(chunk(b"IDAT", packed))
        else:
            out.append(chunk(b"fdAT", struct.pack(">I", number) + packed))
            number += 1
    return b"".join(out + [chunk(b"IEND", b"")])


def fade(program):
    """Sprites forming in the grid, step by step, the classes in turn."""
    with Studio(program, "--model", MODEL) as studio:
        made(studio)
        studio.xdotool("mousemove", 5, 300)
        places = [studio.widget(f"grid.{i}")["rect"] for i in range(32)]
        margin = 12
        left, top = min(x for x, _, _, _ in places) - margin, min(y for _, y, _, _ in places) - margin
        area = (left, top, max(x + w for x, _, w, _ in places) + margin - left, max(y + h for _, y, _, h in places) + margin - top)
        steps = []
        while not steps or studio.value("timeline.step") != before:
            studio.settle()
            steps.append(Picture(area[2], area[3], 3, studio.display.screenshot().region(area)))
            before = studio.value("timeline.step")
            studio.press("comma")
            studio.settle()
        steps.reverse()
        (HERE / "fade.png").write_bytes(apng(steps, [80] * (len(steps) - 1) + [2000]))


def screenshot(studio, name):
    studio.display.screenshot().save_png(HERE / f"{name}.png")


def window(program):
    with Studio(program, "--model", MODEL) as studio:
        studio.wait("the model", lambda m: "generate.class_clear" in m["widgets"])
        studio.type_into_field("generate.seed", SEED)
        studio.generate()
        studio.click("grid.11")
        studio.settle()
        screenshot(studio, "window")


def made(studio):
    studio.wait("the model", lambda m: "generate.class_clear" in m["widgets"])
    studio.type_into_slider("generate.count", "32")
    studio.type_into_field("generate.seed", SEED)
    studio.generate()


def lab(program):
    with Studio(program, "--model", MODEL) as studio:
        made(studio)
        studio.click("grid.5")
        studio.click("tab.lab")
        studio.widget("lab.step.0")
        studio.click("lab.measure")
        studio.widget("lab.time.Norms")
        x, y, w, h = studio.widget("lab.picture.noisy")["rect"]
        studio.xdotool("mousemove", x + w // 2, y + h // 2)
        studio.settle()
        screenshot(studio, "lab")


def gallery(program):
    with Studio(program, "--model", MODEL) as studio:
        made(studio)
        for i in range(32):
            studio.click(f"grid.{i}")
            studio.press("s")
            studio.wait("it is kept", lambda m: m["widgets"].get(f"grid.star.{i}", {}).get("value"))
        studio.click("tab.gallery")
        studio.click("gallery.item.9")
        studio.settle()
        screenshot(studio, "gallery")


def edit(program):
    with Studio(program, "--model", MODEL) as studio:
        made(studio)
        studio.click("grid.16")
        studio.press("e")
        studio.widget("edit.pencil")
        studio.settle()
        screenshot(studio, "edit")


def animate(program):
    with Studio(program, "--model", MODEL) as studio:
        made(studio)
        studio.click("grid.16")
        studio.click("sprite.animate")
        studio.click("animate.motion")
        studio.click("animate.motion.squash")
        studio.press("space")
        studio.click("animate.frame.1")
        studio.xdotool("mousemove", 5, 300)
        studio.settle()
        screenshot(studio, "animate")


def export(program):
    with Studio(program, "--model", MODEL) as studio:
        made(studio)
        studio.click("export.options")
        studio.choose("export.atlas", "aseprite-array")
        studio.type_into_slider("export.padding", "2")
        studio.wait("the sheet", lambda m: ".json" in m["widgets"].get("export.summary", {}).get("value", ""))
        studio.settle()
        screenshot(studio, "export")


def starter_set(studio):
    studio.click("tab.data")
    studio.wait("the engine", lambda m: m["widgets"].get("data.starter", {}).get("enabled"))
    studio.click("data.starter")
    studio.wait("the starter set", lambda m: m["data"]["ready"] and not m["data"]["busy"], 600)


def data(program):
    with Studio(program, "--model", MODEL) as studio:
        starter_set(studio)
        studio.settle()
        screenshot(studio, "data")


def train(program):
    with Studio(program, "--model", MODEL) as studio:
        starter_set(studio)
        studio.click("data.train")
        studio.click("train.recipe")
        studio.click("train.recipe.quick")
        studio.type_into_field("train.steps", str(STEPS))
        studio.click("train.start")
        studio.wait(f"step {PICTURED}", lambda m: m["training"] and m["training"]["step"] >= PICTURED, 1800)
        screenshot(studio, "train")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    pictures = {picture.__name__: picture for picture in (fade, window, gallery, edit, animate, export, data, train, lab)}
    for name in sys.argv[2:] or pictures:
        pictures[name](program)


main()
