"""Another project's checkpoint, opened by its path: what was assumed is shown, what it cannot know is said, and sprites come out of it."""

import pathlib
import sys

from support import Studio

program, model = sys.argv[1:3]
checkpoint = pathlib.Path(__file__).parents[2] / "golden" / "parity" / "sprite_unet_16.pth"
stranger = pathlib.Path(__file__).parents[2] / "golden" / "formats" / "call.pth"


def open_path(studio, path):
    studio.click("generate.model")
    studio.click("generate.model.open_file")
    studio.type_into_field("generate.model_path", path)
    studio.click("generate.model_open")


def refused(studio):
    open_path(studio, stranger)
    studio.wait("why the file was refused", lambda m: any("posix.system" in notice["message"] for notice in m["notices"]))
    assert studio.widget("generate.model_path")["value"] == str(stranger)  # still open, to be fixed
    studio.click("generate.model_cancel")
    studio.wait("the dialog to close", lambda m: "generate.model_path" not in m["widgets"])
    studio.expect("generate.model", str(model))


def assumed_and_said_otherwise(studio):
    open_path(studio, checkpoint)
    studio.expect("import.timesteps", 0)  # the family's
    studio.click("import.schedule")
    studio.click("import.schedule.cosine")
    studio.type_into_field("import.timesteps", "300")
    studio.type_into_field("import.classes", "hero, beast")
    assert studio.widget("import.run")["enabled"] is False  # two of five names
    studio.type_into_field("import.classes", "hero, beast, food, spell, side")
    studio.click("import.run")
    made = studio.home / "models" / "sprite_unet_16.safetensors"
    studio.wait("the class buttons of the new model", lambda m: "generate.class.spell" in m["widgets"])
    studio.expect("generate.model", str(made))
    studio.expect("generate.steps", 300)  # no more than the model knows
    assert "generate.model_assumed" not in studio.map()["widgets"]  # it is one of Spritekiln's own now
    assert b'"timesteps":300' in made.read_bytes().replace(b'\\"', b'"')


def sprites_come_out(studio):
    studio.type_into_slider("generate.steps", "4")
    studio.click("generate.class.spell")
    studio.generate()


def as_it_is(studio):
    open_path(studio, checkpoint)
    studio.click("import.close")
    studio.expect("generate.model", str(checkpoint))
    studio.click("generate.model_assumed")
    studio.widget("import.run")
    studio.press("Escape")
    studio.wait("the dialog to close", lambda m: "import.run" not in m["widgets"])


with Studio(program, "--model", model) as studio:
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
    studio.type_into_slider("generate.steps", "1000")
    refused(studio)
    studio.picture("refused")
    assumed_and_said_otherwise(studio)
    studio.picture("assumed_and_said_otherwise")
    sprites_come_out(studio)
    studio.picture("sprites_come_out")
    as_it_is(studio)
    studio.picture("as_it_is")
    assert studio.quit() == 0
