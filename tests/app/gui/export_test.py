"""Exporting with a real pointer: all options beside the sheet as it will be, data for other programs, the question before replacing."""

import re
import subprocess
import sys

from support import Picture, Studio, matches_screen

program, model = sys.argv[1:3]


def saved(studio, name):
    studio.wait(f"{name} saved", lambda m: any(n["kind"] == "done" and name in n["message"] for n in m["notices"]), 60)


def choose(studio, combo, value):
    studio.click(combo)
    studio.click(f"{combo}.{value}")
    studio.expect(combo, value)


def options_and_preview(studio):
    studio.type_into_field("export.path", studio.folder / "sheet.png")
    studio.click("export.options")
    side = 16 if studio.value("export.preview") == "64x64" else 32  # of a model's sprite
    choose(studio, "export.atlas", "tiled")
    studio.type_into_slider("export.extrude", "1")
    studio.expect("export.preview", f"{4 * (side + 2)}x{4 * (side + 2)}")
    studio.click("export.power_of_two")
    studio.expect("export.preview", f"{8 * side}x{8 * side}")
    studio.type_into_slider("export.inner_padding", "1")
    studio.wait("a refusal", lambda m: not m["widgets"]["export.run"]["enabled"], 60)
    studio.type_into_slider("export.inner_padding", "0")
    studio.wait("no refusal", lambda m: m["widgets"]["export.run"]["enabled"], 60)
    return side


def writes_what_is_shown(studio, side):
    studio.click("export.run")
    saved(studio, "sheet.png and sheet.tsx")
    assert b'margin="1"' in (studio.folder / "sheet.tsx").read_bytes()
    studio.click("export.close")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])
    studio.xdotool("mousemove", 5, 300)  # the sprite under it has a star
    studio.settle()
    sheet = Picture.from_png((studio.folder / "sheet.png").read_bytes())
    assert (sheet.width, sheet.height) == (8 * side, 8 * side)
    screen, widgets = studio.display.screenshot(), studio.map()["widgets"]
    for i in range(16):  # of sixteen classes: they stay in their order
        left, top = 1 + (i % 4) * (side + 2), 1 + (i // 4) * (side + 2)
        matches_screen(sheet, left, top, 1, side, screen, widgets[f"grid.{i}"]["rect"])


def press_and_move(studio, source, target):
    studio.point_at(source)
    studio.xdotool("mousedown", 1)
    studio.next_frame(studio.map()["frames"])
    studio.point_at(target)
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mouseup", 1)
    studio.settle()


def arranges_cells(studio, side):
    """Sprites are dragged onto other cells, empty ones too; the file is as shown, whatever is shown."""
    studio.type_into_field("export.path", studio.folder / "arranged.png")
    studio.click("export.options")
    choose(studio, "export.atlas", "none")
    studio.type_into_slider("export.extrude", "0")
    studio.click("export.power_of_two")
    studio.expect("export.preview", f"{4 * side}x{4 * side}")
    press_and_move(studio, "export.cell.0", "export.cell.5")
    studio.expect("export.cell.0", 5)
    studio.expect("export.cell.5", 0)
    studio.click("export.empty_cell")
    studio.expect("export.preview", f"{4 * side}x{5 * side}")
    press_and_move(studio, "export.cell.2", "export.cell.16")
    studio.expect("export.cell.2", -1)
    studio.expect("export.cell.16", 2)
    studio.click("export.run")
    saved(studio, "arranged.png")
    sheet = Picture.from_png((studio.folder / "arranged.png").read_bytes())
    studio.click("export.unarranged")
    studio.expect("export.cell.2", 2)
    studio.click("export.close")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])
    studio.xdotool("mousemove", 5, 300)
    studio.settle()
    screen, widgets = studio.display.screenshot(), studio.map()["widgets"]
    for cell, sprite in enumerate([5, 1, None, 3, 4, 0, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 2]):
        left, top = cell % 4 * side, cell // 4 * side
        if sprite is None:
            assert not any(sheet.pixel(left + x, top + y)[3] for x in range(side) for y in range(side))
        else:
            matches_screen(sheet, left, top, 1, side, screen, widgets[f"grid.{sprite}"]["rect"])


def rows_and_profiles(studio, side):
    studio.click("export.options")
    studio.type_into_slider("export.columns", "3")
    studio.click("export.class_rows")
    studio.expect("export.preview", f"{3 * side}x{16 * side}")  # sixteen classes
    studio.type_into_field("export.profile_name", "rows")
    studio.click("export.profile_save")
    studio.expect("export.profile", "rows")
    studio.click("export.class_rows")
    studio.type_into_slider("export.columns", "0")
    studio.expect("export.preview", f"{4 * side}x{4 * side}")
    choose(studio, "export.profile", "rows")
    studio.expect("export.preview", f"{3 * side}x{16 * side}")
    studio.click("export.class_rows")
    studio.type_into_slider("export.columns", "0")
    studio.type_into_slider("export.extrude", "1")
    studio.click("export.power_of_two")
    choose(studio, "export.atlas", "tiled")
    studio.type_into_field("export.path", studio.folder / "sheet.png")
    studio.click("export.close")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])


def asks_before_replacing(studio):
    before = (studio.folder / "sheet.png").read_bytes(), (studio.folder / "sheet.tsx").read_bytes()
    studio.type_into_slider("export.scale", "2")
    studio.click("export.sheet")
    studio.click("export.cancel")
    studio.wait("the question to go", lambda m: "export.cancel" not in m["widgets"])
    assert ((studio.folder / "sheet.png").read_bytes(), (studio.folder / "sheet.tsx").read_bytes()) == before
    studio.click("export.sheet")
    studio.click("export.replace")
    studio.wait("the question to go", lambda m: "export.replace" not in m["widgets"])
    studio.wait("another sheet", lambda m: (studio.folder / "sheet.png").read_bytes() != before[0], 60)
    assert (studio.folder / "sheet.tsx").read_bytes() != before[1]


def files_for_each(studio):
    studio.click("export.options")
    choose(studio, "export.format", "files")
    studio.wait("a pattern", lambda m: m["widgets"]["export.path"]["value"].endswith("/{class}_{n:03}.png"))
    studio.click("export.run")
    saved(studio, "17 files")
    assert len(list(studio.folder.glob("*_000.png"))) == 16
    assert (studio.folder / "sprites.tsx").exists()
    choose(studio, "export.format", "npz")
    studio.click("export.run")
    saved(studio, "sprites.npz")
    studio.press("Escape")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])


def fade(studio):
    """All steps as an animation: its last frame is the sheet."""
    studio.type_into_field("export.path", studio.folder / "whole.png")
    studio.click("export.options")
    studio.click("export.run")
    saved(studio, "whole.png")
    sheet = Picture.from_png((studio.folder / "whole.png").read_bytes())
    for kind in ("gif", "apng"):
        choose(studio, "export.format", kind)
        studio.wait("its name", lambda m: m["widgets"]["export.path"]["value"].endswith(f"/whole.{kind}"))
        studio.expect("export.preview", f"{sheet.width}x{sheet.height}")
        assert "export.atlas" not in studio.map()["widgets"]
        studio.click("export.run")
        saved(studio, f"whole.{kind}")
        subprocess.run([program, "dataset", "convert", studio.folder / f"whole.{kind}", studio.folder / kind], env=studio.environment, check=True,
                       capture_output=True)
        frames = sorted((studio.folder / kind).rglob("*.png"), key=lambda path: int((re.findall(r"\d+", path.stem) or [0])[-1]))
        assert len(frames) > 4, frames
        last = Picture.from_png(frames[-1].read_bytes())
        assert (last.width, last.height) == (sheet.width, sheet.height)
        opaque = [(x, y) for y in range(sheet.height) for x in range(sheet.width) if sheet.pixel(x, y)[3] == 255]
        assert opaque and all(last.pixel(x, y) == sheet.pixel(x, y) for x, y in opaque), kind
    studio.press("Escape")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])


def size_text(bytes_):
    return f"{bytes_} bytes" if bytes_ < 1000 else f"{bytes_ / 1000:.3g} KB"


def for_every_program(studio, side):
    """Each kind of data beside the sheet; the size that is told is that of the file."""
    studio.click("export.options")
    for atlas, ending in (("aseprite-hash", "json"), ("aseprite-array", "json"), ("godot", "tres"), ("godot3", "tres"), ("unity", "png.meta"), ("css", "css")):
        name = f"for-{atlas}"
        studio.type_into_field("export.path", studio.folder / f"{name}.png")
        choose(studio, "export.atlas", atlas)
        studio.wait("its files", lambda m: f"{name}.{ending}" in m["widgets"]["export.summary"]["value"], 60)
        studio.click("export.run")
        saved(studio, f"{name}.png and {name}.{ending}")
        sizes = [(studio.folder / f"{name}.{e}").stat().st_size for e in ("png", ending)]
        studio.wait(f"sizes {sizes}", lambda m: all(size_text(size) in m["widgets"]["export.summary"]["value"] for size in sizes), 60)
    choose(studio, "export.atlas", "none")
    studio.type_into_slider("export.border", "2")
    studio.expect("export.preview", f"{4 * side + 4}x{4 * side + 4}")
    studio.click("export.indexed")
    studio.type_into_field("export.path", studio.folder / "indexed.png")
    studio.wait("a preview of it", lambda m: m["widgets"]["export.run"]["enabled"], 60)
    studio.click("export.run")
    saved(studio, "indexed.png")
    data = (studio.folder / "indexed.png").read_bytes()
    assert data[25] == 3 and b"PLTE" in data, "a PNG with a palette"
    studio.click("export.indexed")
    studio.type_into_slider("export.border", "0")
    studio.click("export.trim")
    studio.wait("a smaller sheet", lambda m: [int(v) for v in m["widgets"]["export.preview"]["value"].split("x")] != [4 * side, 4 * side], 60)
    studio.click("export.trim")
    studio.expect("export.preview", f"{4 * side}x{4 * side}")
    studio.type_into_field("export.path", studio.folder / "all.npy")
    studio.click("export.run")
    saved(studio, "all.npy")
    assert (studio.folder / "all.npy").read_bytes().startswith(b"\x93NUMPY")
    studio.type_into_field("export.path", studio.folder / "all.jpg")
    studio.wait("a refusal", lambda m: not m["widgets"]["export.run"]["enabled"], 60)
    studio.type_into_field("export.path", studio.folder / "arranged.png")
    studio.click("export.close")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])


def alone_by_a_pattern(studio):
    """The chosen sprite under a name of its own: it asks before it replaces it."""
    studio.type_into_field("export.path", studio.folder / "alone" / "{class}.png")
    studio.click("export.png")
    studio.wait("the file", lambda m: len(list((studio.folder / "alone").glob("*.png"))) == 1, 60)
    file = next((studio.folder / "alone").glob("*.png"))
    file.write_bytes(b"mine")
    studio.click("export.png")
    studio.click("export.cancel")
    studio.wait("the question to go", lambda m: "export.cancel" not in m["widgets"])
    assert file.read_bytes() == b"mine"
    studio.click("export.png")
    studio.click("export.replace")
    studio.wait("another file", lambda m: file.read_bytes() != b"mine", 60)
    studio.type_into_field("export.path", studio.folder / "arranged.png")


with Studio(program, model) as studio:
    studio.wait("classes", lambda m: any(n.startswith("generate.class.") for n in m["widgets"]))
    studio.generate()
    side = options_and_preview(studio)
    writes_what_is_shown(studio, side)
    arranges_cells(studio, side)
    fade(studio)
    for_every_program(studio, side)
    alone_by_a_pattern(studio)
    rows_and_profiles(studio, side)
    asks_before_replacing(studio)
    files_for_each(studio)
    assert studio.quit() == 0
    with Studio(program, model, home=studio.home) as again:
        again.click("export.options")
        again.expect("export.format", "npz")
        choose(again, "export.format", "sheet")
        again.expect("export.extrude", 1)
        again.expect("export.scale", 2)
        again.expect("export.power_of_two", True)
        choose(again, "export.profile", "rows")
        again.expect("export.class_rows", True)
        again.expect("export.columns", 3)
        again.click("export.profile_remove")
        again.expect("export.profile", "")
        assert again.quit() == 0
