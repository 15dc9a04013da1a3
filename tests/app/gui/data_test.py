"""The Data tab with a real pointer: the starter set by one click, a folder with every kind of bad file in it, preprocessing that change the
report, a sheet cut by a grid, and a set saved as a folder again."""

import json
import pathlib
import struct
import sys
import zlib

from drop import drop
from support import Picture, Studio

program, model = sys.argv[1:3]


def picture(width, height, pixel):
    """An RGBA picture; `pixel` gives the four bytes at x, y."""
    return Picture(width, height, 4, b"".join(bytes(pixel(x, y)) for y in range(height) for x in range(width)))


def blob(seed, width=16, height=16):
    """A drawing of its own in a transparent picture."""
    def pixel(x, y):
        inside = 2 <= x < width - 2 and 3 <= y < height - 2 and (x * 7 + y * 3 + seed) % 5
        return ((seed * 37 + x // 4 * 50) % 256, (seed * 91 + y // 4 * 40) % 256, (x * y + seed * 13) // 16 * 60 % 256, 255) if inside else (0, 0, 0, 0)
    return picture(width, height, pixel)


def write(path, made):
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save_png(path)


def bad_folder(folder):
    """Two classes of good sprites, and among them every kind of file that cannot be used."""
    for i in range(6):
        write(folder / "potion" / f"good{i}.png", blob(i))
        write(folder / "Sword" / f"good{i}.png", blob(i + 20))
    write(folder / "sword" / "only.png", blob(40))
    write(folder / "potion" / "the-same.png", blob(1))
    write(folder / "potion" / "wide.png", blob(50, 17, 16))
    write(folder / "potion" / "invisible.png", picture(16, 16, lambda x, y: (0, 0, 0, 0)))
    write(folder / "Sword" / "backed.png", picture(16, 16, lambda x, y: (200, 60, 40, 255) if 5 <= x < 11 and 4 <= y < 12 else (255, 0, 255, 255)))
    good = (folder / "potion" / "good0.png").read_bytes()
    (folder / "potion" / "cut.png").write_bytes(good[:len(good) // 2])
    (folder / "potion" / "empty.png").write_bytes(b"")
    (folder / "potion" / "words.png").write_text("this is no picture")
    (folder / "potion" / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 400000, 400000, 8, 6, 0, 0, 0)) + chunk(b"IEND", b""))
    (folder / "potion" / "notes.txt").write_text("words")
    (folder / "loose.png").write_bytes(good)
    return ["potion/cut.png", "potion/empty.png", "potion/words.png", "potion/huge.png", "loose.png"]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def idle(studio, version=-1):
    return studio.wait("the set read", lambda m: not m["data"]["busy"] and m["data"]["version"] > version, 600)


def version(studio):
    return studio.map()["data"]["version"]


def open_path(studio, path):
    before = version(studio)
    studio.type_into_field("data.path", path)
    studio.click("data.open")
    return idle(studio, before)


def click_and_read(studio, name):
    before = version(studio)
    studio.click(name)
    return idle(studio, before)


def scrolled_to(studio, name):
    """Turns the wheel over the report until the widget is on screen."""
    for turn in range(60):
        if name in studio.map()["widgets"]:
            return
        width, height = studio.map()["window"]
        studio.xdotool("mousemove", width - 60, height // 2)
        studio.xdotool("click", 5 if turn < 40 else 4)
        studio.settle()
    raise AssertionError(f"{name} is not in the report: {sorted(studio.map()['widgets'])}")


def findings(studio):
    """All that the report tells, by scrolling through it."""
    width, height = studio.map()["window"]
    studio.xdotool("mousemove", width - 60, height // 2)
    for _ in range(60):
        studio.xdotool("click", 4)
    studio.settle()
    seen = {}
    for _ in range(40):
        widgets = studio.map()["widgets"]
        found = {name: w.get("value") for name, w in widgets.items() if name.startswith("data.finding.")}
        if found.items() <= seen.items() and seen and "data.changes" in widgets:
            break
        seen |= found
        studio.xdotool("click", 5)
        studio.settle()
    return seen


def empty_state_says_what_to_do(studio):
    studio.click("tab.data")
    first = studio.wait("the tab", lambda m: "data.path" in m["widgets"])
    assert {"data.open", "data.starter", "data.dungeon32", "data.path.browse"} <= set(first["widgets"])
    assert not first["widgets"]["data.train"]["enabled"]
    assert not first["widgets"]["data.save"]["enabled"]


def starter_set(studio):
    studio.wait("the engine", lambda m: m["widgets"].get("data.starter", {}).get("enabled"))
    before = version(studio)
    studio.click("data.starter")
    ready = idle(studio, before)
    assert ready["data"]["ready"], ready["data"]
    folder = studio.home / "sprites" / "starter"
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert len(classes) >= 8, classes
    files = list(folder.glob("*/*.png"))
    assert studio.value("data.count") == len(files) == 100 * len(classes)
    for name in classes[:5]:
        assert studio.value(f"data.class.{name}") == 100
    studio.settle()
    sprites = [w["rect"] for name, w in studio.map()["widgets"].items() if name.startswith("data.sprite.")]
    assert len(sprites) > 20, "the grid is empty"
    assert studio.map()["widgets"]["data.train"]["enabled"]


def one_class_as_trained(studio):
    name = sorted(n for n in studio.map()["widgets"] if n.startswith("data.class."))[0]
    studio.click(name)
    studio.settle()
    shown = {w["value"] for n, w in studio.map()["widgets"].items() if n.startswith("data.sprite.")}
    assert shown and all(file.startswith(name.split(".", 2)[2] + "/") for file in shown), shown
    area = [w["rect"] for n, w in studio.map()["widgets"].items() if n.startswith("data.sprite.")][:12]
    before = studio.display.fingerprint(area)
    studio.click("data.as_trained")
    studio.wait("a batch as trained", lambda m: any(n.startswith("data.sprite.") and w["value"] == "" for n, w in m["widgets"].items()), 300)
    studio.settle()
    assert studio.display.fingerprint(area) != before
    studio.click("data.as_trained")
    studio.click("data.all")
    studio.settle()


def bad_files_are_named(studio, folder):
    bad = bad_folder(folder)
    before = version(studio)
    drop(studio, folder)
    opened = idle(studio, before)
    assert studio.value("data.path") == str(folder)
    assert not opened["data"]["ready"], "sprites of two sizes are no set to train on"
    told = findings(studio)
    for file in bad:
        assert f"data.finding.left_out.{file}" in told, (file, sorted(told))
        assert pathlib.Path(file).name in told[f"data.finding.left_out.{file}"]
    for kind in ("passed_over", "empty", "sizes", "background", "duplicates", "alike_classes", "few_sprites"):
        assert f"data.finding.{kind}" in told, (kind, sorted(told))


def preprocessing_change_the_report(studio):
    width = studio.map()["window"][0]
    studio.xdotool("mousemove", width - 60, 400)
    for _ in range(60):
        studio.xdotool("click", 4)
    studio.settle()
    count = studio.value("data.count")
    scrolled_to(studio, "data.fix.pad")
    after = click_and_read(studio, "data.fix.pad")
    assert after["data"]["ready"], after["data"]
    studio.expect("data.fix.pad", True)
    scrolled_to(studio, "data.fix.drop_duplicates")
    click_and_read(studio, "data.fix.drop_duplicates")
    scrolled_to(studio, "data.fix.renames.sword")
    click_and_read(studio, "data.fix.renames.sword")
    studio.expect("data.class.Sword", 8)
    for _ in range(60):
        studio.xdotool("click", 4)
    studio.settle()
    assert studio.value("data.count") == count - 1
    assert studio.value("data.fact.sizes") == "17×16"


def a_class_may_be_mirrored(studio):
    studio.click("data.class_menu.potion")
    click_and_read(studio, "data.class_flip")
    studio.click("data.class_menu.Sword")
    studio.until_value("data.class_name", "blade", lambda: studio.click("data.class_name"), "blade")
    click_and_read(studio, "data.class_rename")
    studio.expect("data.class.blade", 8)


def saved_as_a_folder(studio, out):
    studio.type_into_field("data.save_path", out)
    studio.click("data.save")
    studio.wait("the set saved", lambda m: any(n["kind"] == "done" and str(out) in n["message"] for n in m["notices"]), 120)
    files = {path.relative_to(out).as_posix(): Picture.from_png(path.read_bytes()) for path in out.glob("*/*.png")}
    assert len(files) == studio.value("data.count"), sorted(files)
    assert {name.split("/")[0] for name in files} == {"potion", "blade"}
    assert json.loads((out / "spritekiln.json").read_text()) == {"flip_classes": ["potion"]}
    for i in range(6):
        saved, drawn = files[f"potion/good{i}.png"], blob(i)
        assert (saved.width, saved.height) == (17, 16)
        rows = [saved.data[y * 17 * 4:(y + 1) * 17 * 4] for y in range(16)]
        assert b"".join(row[:64] for row in rows) == drawn.data, f"good{i}.png has other pixels"  # padded on the right
        assert all(row[64:] == b"\0\0\0\0" for row in rows)
    return {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def a_saved_set_is_the_same_set(studio, out, other):
    """Saved again without preprocessing, every file has the same bytes."""
    before = saved_as_a_folder(studio, out)
    opened = open_path(studio, out)
    assert opened["data"]["ready"]
    studio.type_into_field("data.save_path", other)
    studio.click("data.save")
    studio.wait("the set saved again", lambda m: any(n["kind"] == "done" and str(other) in n["message"] for n in m["notices"]), 120)
    assert {path.relative_to(other): path.read_bytes() for path in other.rglob("*") if path.is_file()} == before


def split_folder(folder):
    """Parts of a set that was split, of two classes each; the pixels of what is to train on, and of what is to measure on."""
    pixels = {"train": [], "val": []}
    for part, first, count in (("train", 100, 6), ("val", 110, 2), ("test", 120, 1)):
        for name, more in (("potion", 0), ("sword", 50)):
            for seed in range(first + more, first + more + count):
                write(folder / part / name / f"{seed}.png", blob(seed))
                pixels["train" if part == "train" else "val"].append(blob(seed).data)
    return {part: sorted(found) for part, found in pixels.items()}


def saved_parts(studio, out):
    """The pixels of each part of what is saved; of all in "" where it has none."""
    studio.type_into_field("data.save_path", out)
    studio.click("data.save")
    studio.wait("the set saved", lambda m: out.is_dir() and not m["data"]["busy"], 120)
    parts = {}
    for path in out.rglob("*.png"):
        *part, _, _ = path.relative_to(out).parts
        parts.setdefault("/".join(part), []).append(Picture.from_png(path.read_bytes()).data)
    return {part: sorted(found) for part, found in parts.items()}


def a_split_set_is_taken_as_it_is(studio, folder):
    """With its box ticked, what is called val and test is put aside; without, all are trained on."""
    pixels = split_folder(folder)
    assert open_path(studio, folder)["data"]["ready"]
    assert "data.finding.splits" in findings(studio)
    scrolled_to(studio, "data.fix.hold_out")
    studio.expect("data.fix.hold_out", False)
    click_and_read(studio, "data.fix.hold_out")
    scrolled_to(studio, "data.fix.hold_out")
    studio.expect("data.fix.hold_out", True)
    assert saved_parts(studio, studio.folder / "in-parts") == pixels, "other sprites are put aside"
    studio.picture("split_set")
    scrolled_to(studio, "data.fix.hold_out")
    click_and_read(studio, "data.fix.hold_out")
    scrolled_to(studio, "data.fix.hold_out")
    studio.expect("data.fix.hold_out", False)
    assert saved_parts(studio, studio.folder / "in-one") == {"": sorted(pixels["train"] + pixels["val"])}, "some are still put aside"


def a_sheet_is_cut(studio, folder):
    cells = [blob(i) for i in range(5)] + [None]
    rows = []
    for row in range(2):
        for y in range(16):
            rows += [cells[row * 3 + column].data[y * 64:(y + 1) * 64] if cells[row * 3 + column] else bytes(64) for column in range(3)]
    folder.mkdir()
    Picture(48, 32, 4, b"".join(rows)).save_png(folder / "sheet.png")
    studio.type_into_field("data.path", folder / "sheet.png")
    studio.click("data.open")
    studio.expect("data.sheet", 5)
    before = version(studio)
    studio.click("data.open")
    assert idle(studio, before)["data"]["ready"]
    assert studio.value("data.count") == 5


def drops_find_their_tab(studio, image, model):
    studio.click("tab.generate")
    drop(studio, image)
    studio.scroll_to("generate.start_image.sheet")  # it may be a picture to start from
    studio.click("generate.start_image.sheet")
    studio.widget("data.sheet")
    drop(studio, model)
    studio.widget("generate.run")
    studio.click("tab.data")


def a_drop_leaves_a_dialog(studio, folder):
    """Another tab comes up, and can be used; the dialog is there again with its own."""
    studio.click("tab.generate")
    studio.click("generate.model")
    studio.click("generate.model.open_file")
    studio.click("generate.model_path.browse")
    drop(studio, folder)
    studio.widget("data.path")
    studio.click("tab.generate")
    studio.widget("generate.run")
    studio.click("generate.model_cancel")
    studio.click("tab.data")
    studio.widget("data.path")


def train_on_these(studio):
    studio.click("data.train")
    studio.wait("the Train tab", lambda m: "data.path" not in m["widgets"])
    studio.click("tab.data")
    studio.widget("data.path")


with Studio(program, "--model", model) as studio:
    empty_state_says_what_to_do(studio)
    studio.picture("empty_state_says_what_to_do")
    starter_set(studio)
    studio.picture("starter_set")
    one_class_as_trained(studio)
    studio.picture("one_class_as_trained")
    bad_files_are_named(studio, studio.folder / "mine")
    studio.picture("bad_files_are_named")
    preprocessing_change_the_report(studio)
    studio.picture("preprocessing_change_the_report")
    a_class_may_be_mirrored(studio)
    studio.picture("a_class_may_be_mirrored")
    a_saved_set_is_the_same_set(studio, studio.folder / "saved", studio.folder / "saved-again")
    studio.picture("a_saved_set_is_the_same_set")
    a_split_set_is_taken_as_it_is(studio, studio.folder / "split")
    a_drop_leaves_a_dialog(studio, studio.folder / "mine")
    studio.picture("a_drop_leaves_a_dialog")
    a_sheet_is_cut(studio, studio.folder / "sheets")
    studio.picture("a_sheet_is_cut")
    drops_find_their_tab(studio, studio.folder / "sheets" / "sheet.png", model)
    studio.picture("drops_find_their_tab")
    train_on_these(studio)
    studio.picture("train_on_these")
    last = studio.value("data.path")
    assert studio.quit() == 0
    home = studio.folder / "kept"
    studio.home.rename(home)
    with Studio(program, "--model", model, home=home) as again:
        again.click("tab.data")
        assert again.value("data.path") == last
        assert again.quit() == 0
