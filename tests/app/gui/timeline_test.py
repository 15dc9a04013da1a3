"""The timeline with a real pointer: earlier steps of the fade, by slider and keys, and a new batch that goes on from one of them."""

import sys

from support import Studio

program, model = sys.argv[1:3]


def pixels(studio):
    studio.xdotool("mousemove", 500, 20)
    studio.settle()
    return [studio.display.fingerprint([studio.widget(f"grid.{i}")["rect"]]) for i in range(4)]


def scrubbing(studio):
    finished = pixels(studio)
    last = studio.value("timeline.step")
    assert last == 8, last
    studio.press("comma")
    studio.expect("timeline.step", 7)
    studio.press("comma")
    studio.expect("timeline.step", 6)
    sixth = pixels(studio)
    assert all(a != b for a, b in zip(sixth, finished)), "step 6 looks like the end"
    studio.press("period")
    studio.press("period")
    studio.expect("timeline.step", 8)
    assert pixels(studio) == finished, "the end is not what was finished"
    x, y, w, h = studio.widget("timeline.step")["rect"]
    studio.xdotool("mousemove", x + w // 4, y + h // 2, "click", 1)
    found = studio.wait("an early step", lambda m: m["widgets"]["timeline.step"]["value"] < 6, 20)
    assert found["widgets"]["timeline.step"]["value"] >= 1
    assert all(a != b for a, b in zip(pixels(studio), sixth)), "two steps look alike"
    studio.widget("timeline.memory")
    return finished


def branch(studio, count):
    job = studio.job()["id"]
    studio.click("timeline.branch")
    done = studio.wait("the branch", lambda m: m["job"]["id"] > job and m["job"]["state"] == "done", 240)
    assert f"grid.{count - 1}" in done["widgets"] and f"grid.{count}" not in done["widgets"], sorted(done["widgets"])


def going_on(studio, finished):
    inputs = studio.home / "inputs"
    branch(studio, 4)
    images = list(inputs.glob("*.png"))
    assert len(images) == 4 and all(len(image.stem) == 64 for image in images), images
    assert all(a != b for a, b in zip(pixels(studio), finished)), "the branch has the sprites that it left"
    studio.press("comma")
    studio.click("grid.2")
    branch(studio, 1)
    assert len(list(inputs.glob("*.png"))) == 5


with Studio(program, "--model", model) as studio:
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
    studio.type_into_slider("generate.count", "4")
    studio.type_into_slider("generate.steps", "8")
    studio.generate()
    going_on(studio, scrubbing(studio))
    assert studio.quit() == 0
