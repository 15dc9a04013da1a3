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
    studio.expect("sprite.step", "8 of 8")
    studio.press("comma")
    studio.expect("timeline.step", 7)
    studio.press("comma")
    studio.expect("timeline.step", 6)
    studio.expect("sprite.step", "6 of 8")
    sixth = pixels(studio)
    assert all(a != b for a, b in zip(sixth, finished)), "step 6 looks like the end"
    studio.press("period")
    studio.press("period")
    studio.expect("timeline.step", 8)
    studio.expect("sprite.step", "8 of 8")
    assert pixels(studio) == finished, "the end is not what was finished"
    x, y, w, h = studio.widget("timeline.step")["rect"]
    studio.xdotool("mousemove", x + w // 4, y + h // 2, "click", 1)
    found = studio.wait("an early step", lambda m: m["widgets"]["timeline.step"]["value"] < 6, 20)
    assert found["widgets"]["timeline.step"]["value"] >= 1
    assert all(a != b for a, b in zip(pixels(studio), sixth)), "two steps look alike"
    studio.widget("timeline.memory")
    return finished


def insides(studio):
    """Of the sprites, without what a frame around a selected one may touch."""
    studio.xdotool("mousemove", 500, 20)
    studio.settle()
    rects = [studio.widget(f"grid.{i}")["rect"] for i in range(4)]
    return [studio.display.fingerprint([(x + 2, y + 2, w - 4, h - 4)]) for x, y, w, h in rects]


def large(studio):
    return studio.display.fingerprint([studio.widget("sprite")["rect"]])


def scrubbing_the_selected(studio):
    """With “Selected only”, the others stay as they are finished; where none is selected, all go back."""
    for _ in range(8):
        studio.press("period")
    studio.expect("timeline.step", 8)
    studio.click("grid.1")
    studio.expect("grid.selection", "1")
    finished, shown = insides(studio), large(studio)
    studio.press("comma")
    studio.press("comma")
    studio.expect("timeline.step", 6)
    sixth = insides(studio)
    assert all(a != b for a, b in zip(sixth, finished)), "a selection alone changes what the timeline is of"
    studio.click("timeline.selected_only")
    studio.expect("timeline.selected_only", True)
    assert insides(studio) == [finished[0], sixth[1], finished[2], finished[3]], "not the selected one alone"
    assert large(studio) != shown, "the large view does not follow"
    studio.expect("sprite.step", "6 of 8")
    studio.picture("scrubbing_the_selected")
    studio.press("comma")
    studio.expect("timeline.step", 5)
    assert insides(studio)[1] not in (sixth[1], finished[1]), "the keys do not move it"
    studio.press("period")
    studio.with_ctrl(lambda: studio.click("grid.3"))
    studio.expect("grid.selection", "1,3")
    assert insides(studio) == [finished[0], sixth[1], finished[2], sixth[3]], "not the selected two"
    studio.press("Escape")
    studio.expect("grid.selection", "")
    assert insides(studio) == sixth, "with none selected, not all"
    studio.click("grid.0")
    studio.click("timeline.selected_only")
    studio.expect("timeline.selected_only", False)
    assert insides(studio) == sixth, "switched off, not all"
    studio.press("period")
    studio.press("period")
    studio.expect("timeline.step", 8)
    assert insides(studio) == finished, "the end is not what was finished"
    studio.press("Escape")
    studio.expect("grid.selection", "")
    for _ in range(4):
        studio.press("comma")
    studio.expect("timeline.step", 4)


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


def going_on_otherwise(studio):
    """From the same step with another class and other guidance, as the settings say then."""
    studio.type_into_slider("generate.count", "4")
    studio.generate()
    finished = pixels(studio)
    studio.press("comma")
    studio.press("comma")
    studio.press("comma")
    studio.click("generate.class.scroll")
    studio.type_into_slider("generate.guidance", "5")
    branch(studio, 4)
    assert all(studio.value(f"grid.{i}") == "scroll" for i in range(4)), "the branch has the classes from before"
    assert all(a != b for a, b in zip(pixels(studio), finished))


def finish_the_chosen_ones(studio):
    """Stopped at a step, looked at, kept; and only two of them made to the end."""
    studio.type_into_slider("generate.steps", "1000")  # long enough to be stopped, however fast the machine is
    studio.click("generate.run")
    studio.wait("some steps", lambda m: m["job"]["state"] == "running" and m["job"]["step"] >= 3, 120)
    studio.click("generate.stop")
    studio.wait("the stop", lambda m: m["job"]["state"] == "paused", 120)
    studio.picture("stopped")
    studio.click("generate.keep")
    studio.wait("the kept ones", lambda m: m["job"]["state"] == "done", 120)
    studio.click("grid.1")
    studio.with_shift(lambda: studio.click("grid.2"))
    studio.type_into_slider("generate.steps", "12")
    branch(studio, 2)
    studio.picture("finished")
    studio.wait("nothing left to be made", lambda m: not m["widgets"]["timeline.branch"]["enabled"], 20)


with Studio(program, "--model", model) as studio:
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
    studio.type_into_slider("generate.count", "4")
    studio.type_into_slider("generate.steps", "8")
    studio.generate()
    finished = scrubbing(studio)
    scrubbing_the_selected(studio)
    going_on(studio, finished)
    studio.picture("going_on")
    going_on_otherwise(studio)
    studio.picture("going_on_otherwise")
    finish_the_chosen_ones(studio)
    studio.picture("finish_the_chosen_ones")
    assert studio.quit() == 0
