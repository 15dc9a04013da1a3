"""Takes the pictures that README shows, from the real program: python3 resources/pictures/make.py PROGRAM [fade window gallery edit animate data train lab].

Needs Xvfb and xdotool, as the tests that look at the window do, and a machine with little else to do."""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "app" / "gui"))
from support import Studio  # noqa: E402

MODEL = ROOT / "models" / "dawnlike16.safetensors"
STEPS = 600  # of the run in the picture
PICTURED = 300


def fade(program):
    """Sprites forming, the classes in turn."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "sample", "--model", MODEL, "--count", "36", "--columns", "12", "--padding", "1", "--seed", "7", "--steps", "30",
                        "--preview-every", "2", "--scale", "4", "--force", "--gif", HERE / "fade.gif", "--out", pathlib.Path(folder) / "sheet.png"], check=True)


def screenshot(studio, name):
    studio.display.screenshot().save_png(HERE / f"{name}.png")


def window(program):
    with Studio(program, "--model", MODEL) as studio:
        studio.wait("the model", lambda m: "generate.class_clear" in m["widgets"])
        studio.type_into_field("generate.seed", "7")
        studio.generate()
        studio.click("grid.5")
        studio.settle()
        screenshot(studio, "window")


def made(studio):
    studio.wait("the model", lambda m: "generate.class_clear" in m["widgets"])
    studio.type_into_slider("generate.count", "32")
    studio.type_into_field("generate.seed", "7")
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
    pictures = {picture.__name__: picture for picture in (fade, window, gallery, edit, animate, data, train, lab)}
    for name in sys.argv[2:] or pictures:
        pictures[name](program)


main()
