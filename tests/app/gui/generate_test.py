"""The main job with a real pointer: a class, Generate, sprites fading in, stop, keep, discard, export."""

import sys

from support import Picture, Studio, matches_screen

program, model = sys.argv[1:3]
FINISHED = ("done", "cancelled", "failed")
MOST_STEPS = 1000  # long enough to look at a run and to stop it, however fast the machine is


def state(studio, wanted):
    return studio.wait(f"job {wanted}", lambda m: m["job"] and m["job"]["state"] == wanted, 300)


def started(studio, step):
    return studio.wait(f"step {step}", lambda m: m["job"] and m["job"]["state"] == "running" and m["job"]["step"] >= step, 120)


def grid_picture(studio):
    return studio.display.fingerprint([w["rect"] for name, w in studio.map()["widgets"].items() if name.startswith("grid.") and name[5:].isdigit()])


def sprites_fade_in(studio):
    studio.type_into_slider("generate.steps", str(MOST_STEPS))
    studio.type_into_field("generate.seed", "7")
    studio.expect("generate.seed_lock", True)  # a typed seed is kept
    studio.click(f"generate.class.{chosen}")
    studio.expect(f"generate.class.{chosen}", True)
    studio.click("generate.run")
    seen, shown = set(), 0
    while len(seen) < 5:
        job = studio.wait("the next preview", lambda m: m["job"] and (m["job"]["previews"] > shown or m["job"]["state"] in FINISHED), 120)["job"]
        assert job["state"] == "running", f"{job}: only {len(seen)} different pictures were seen before the end"
        shown = job["previews"]
        seen.add(grid_picture(studio))
    studio.click("generate.stop")
    state(studio, "paused")
    studio.click("generate.discard")
    state(studio, "cancelled")


def ends_at_the_last_step(studio):
    studio.type_into_slider("generate.steps", "25")
    job = studio.generate()
    assert job["previews"] >= 5, job
    assert job["step"] == job["total"] == 25, job


def stop_and_keep(studio):
    studio.type_into_slider("generate.steps", str(MOST_STEPS))
    studio.click("generate.run")
    started(studio, 3)
    studio.click("generate.stop")
    step = state(studio, "paused")["job"]["step"]
    paused = studio.map()
    assert {"generate.keep", "generate.discard", "generate.resume"} <= set(paused["widgets"])
    studio.click("generate.resume")
    started(studio, step + 1)
    studio.click("generate.keep")
    job = state(studio, "done")["job"]
    assert step < job["step"] < MOST_STEPS, job
    assert "grid.15" in studio.map()["widgets"], "the sprites are gone"


def discard_brings_back(studio):
    before, last = grid_picture(studio), studio.job()["id"]
    studio.click("generate.seed_dice")
    studio.with_ctrl(lambda: studio.press("Return"))
    studio.wait("other sprites", lambda m: m["job"]["id"] > last and m["job"]["previews"] > 0 and grid_picture(studio) != before)
    studio.press("Escape")
    state(studio, "paused")
    studio.click("generate.discard")
    state(studio, "cancelled")
    studio.settle()
    assert grid_picture(studio) == before, "the sprites from before did not come back"


def exported(studio, name, button):
    path = studio.folder / name
    studio.type_into_field("export.path", path)
    studio.click(button)
    studio.wait(f"{name} saved", lambda m: any(n["kind"] == "done" and name in n["message"] for n in m["notices"]))
    return Picture.from_png(path.read_bytes())


def export_equals_screen(studio):
    studio.type_into_slider("export.columns", "5")
    studio.type_into_slider("export.padding", "1")
    studio.type_into_slider("export.scale", "2")
    studio.click("grid.3")
    sheet = exported(studio, "sheet.png", "export.sheet")
    single = exported(studio, "single.png", "export.png")
    side = single.width // 2
    assert (sheet.width, sheet.height) == ((5 * side + 4) * 2, (4 * side + 3) * 2), (sheet.width, sheet.height)
    studio.settle()
    screen, widgets = studio.display.screenshot(), studio.map()["widgets"]
    for i in range(16):
        left, top = (i % 5) * (side + 1) * 2, (i // 5) * (side + 1) * 2
        matches_screen(sheet, left, top, 2, side, screen, widgets[f"grid.{i}"]["rect"])
    matches_screen(single, 0, 0, 2, side, screen, widgets["grid.3"]["rect"])
    assert len({sheet.pixel(x, y) for x in range(sheet.width) for y in range(sheet.height)}) > 3, "the sheet is almost empty"
    gap = [sheet.pixel(x, side * 2)[3] for x in range(sheet.width)]
    assert set(gap) == {0}, "the padding is not transparent"


with Studio(program, model) as studio:
    first = studio.wait("classes", lambda m: any(n.startswith("generate.class.") and n != "generate.class_clear" for n in m["widgets"]))
    names = sorted(n.split(".", 2)[2] for n in first["widgets"] if n.startswith("generate.class."))
    chosen = "potion" if "potion" in names else names[0]
    sprites_fade_in(studio)
    studio.picture("sprites_fade_in")
    ends_at_the_last_step(studio)
    studio.picture("ends_at_the_last_step")
    stop_and_keep(studio)
    studio.picture("stop_and_keep")
    discard_brings_back(studio)
    studio.picture("discard_brings_back")
    export_equals_screen(studio)
    studio.picture("export_equals_screen")
    assert studio.quit() == 0
