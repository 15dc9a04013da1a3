"""What goes wrong is told in two lines, and nothing is lost by it. An idle window draws nothing."""

import errno
import pathlib
import shutil
import struct
import subprocess
import sys
import time
import zlib

from drop import drop
from support import Picture, Studio

program, model = sys.argv[1:3]


def error_told(studio, words):
    found = studio.wait(f"an error about {words}", lambda m: any(n["kind"] == "error" and words in n["message"] + n["hint"] for n in m["notices"]))
    notice = next(n for n in found["notices"] if n["kind"] == "error" and words in n["message"] + n["hint"])
    assert notice["message"] and notice["hint"], notice
    return notice


def unwritable_destination(studio):
    studio.type_into_slider("generate.steps", "5")
    studio.generate()
    (studio.folder / "file").write_text("in the way")
    studio.type_into_field("export.path", studio.folder / "file" / "sheet.png")
    studio.click("export.sheet")
    error_told(studio, "cannot be written")
    assert (studio.folder / "file").read_text() == "in the way"
    studio.click("notice.dismiss")
    studio.wait("nothing told", lambda m: not m["notices"])


def cut_off_model(studio):
    studio.click("generate.model")
    studio.click("generate.model.cut")
    error_told(studio, "cut")
    error_can_be_copied(studio)
    studio.expect("generate.model", str(model))  # the one that was open is not lost
    studio.generate()


def error_can_be_copied(studio):
    """Whole, with what only a report needs."""
    notice = studio.map()["notices"][-1]
    path = studio.value("export.path")
    studio.click("notice.copy")
    copied = studio.pasted()
    for part in ("hint", "detail"):
        assert "".join(c for c in notice[part] if c >= " ") in copied, (part, notice, copied)
    assert notice["message"][1:] in copied
    studio.type_into_field("export.path", path)


def told_where_the_hand_is(studio):
    """In every tab, and in the windows that lie over one; others that are told can be looked at."""
    picture = Picture(16, 16, 4, bytes(1024)).to_png()
    (studio.folder / "damaged.png").write_bytes(picture[:-20])
    studio.click("tab.lab")
    drop(studio, studio.folder / "damaged.png")
    error_told(studio, "damaged.png")
    for tab in ("lab", "gallery", "data", "train", "generate"):
        studio.click(f"tab.{tab}")
        studio.wait(f"it in {tab}", lambda m: "damaged.png" in m["widgets"].get("notice", {}).get("value", ""), 20)
        studio.picture(tab)
    studio.click("grid.0")
    studio.press("e")
    studio.widget("edit.sprite")
    assert "damaged.png" in studio.value("notice")
    studio.press("Escape")
    studio.widget("edit.open")
    studio.type_into_field("export.path", studio.folder / "file" / "sheet.png")
    studio.click("export.options")
    studio.click("export.run")
    notice = error_told(studio, "cannot be written")
    studio.wait("it in the window", lambda m: m["widgets"]["notice"]["value"][1:] == notice["message"][1:])
    row, told = studio.widget("export.close")["rect"], studio.widget("notice")["rect"]
    assert abs(row[1] + row[3] / 2 - told[1] - told[3] / 2) < 6, "it is told behind the window"
    studio.picture("export")
    studio.click("notice.next")
    studio.wait("the other one", lambda m: "damaged.png" in m["widgets"]["notice"]["value"])
    studio.click("notice.dismiss")
    studio.click("export.close")
    studio.wait("the window to close", lambda m: "export.close" not in m["widgets"])
    while studio.map()["notices"]:
        studio.click("notice.dismiss")
        studio.settle()


def dismiss_all(studio):
    studio.settle()
    while studio.map()["notices"]:
        studio.click("notice.dismiss")
        studio.settle()


def huge_png(side):
    """Grey, so that it is a file of a few hundred kilobytes."""
    packer = zlib.compressobj(1)
    pixels = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def image_far_too_large(studio):
    """As a start image, and in the Lab."""
    file = studio.folder / "huge.png"
    file.write_bytes(huge_png(10000))
    for tab in ("lab", "generate"):
        studio.click(f"tab.{tab}")
        drop(studio, file)
        notice = error_told(studio, "huge.png")
        assert "10000×10000" in notice["message"], notice
        dismiss_all(studio)
    assert "generate.start_image" not in studio.map()["widgets"]
    studio.widget("grid.0")


def palette_without_colours(studio):
    """The palette that was chosen stays, and sprites are made in it."""
    (studio.home / "empty.gpl").write_text("GIMP Palette\nName: empty\n")
    (studio.home / "blank.png").write_bytes(Picture(4, 4, 4, bytes(64)).to_png())
    (studio.home / "two.hex").write_text("102030\nf0e0d0\n")
    studio.scroll_to("generate.palette")
    before = studio.value("generate.palette")
    for name, good in (("empty.gpl", False), ("blank.png", False), ("two.hex", True)):
        studio.choose("generate.palette", "file")
        studio.click("generate.palette_browser.home")
        studio.click(f"generate.palette_browser.entry.{name}")
        if good:
            studio.expect("generate.palette", str(studio.home / name))
        else:
            error_told(studio, name)
            studio.expect("generate.palette", before)
            dismiss_all(studio)
    studio.generate()
    studio.choose("generate.palette", "model")
    studio.expect("generate.palette", "model")


def mask_of_another_size(studio):
    """What was marked on a sprite waits while a model of another size is open."""
    other = pathlib.Path(model).parent / "dungeon32.safetensors"
    if not other.exists():
        print("a mask of another size was not tried: there is no model for it")
        return
    studio.click("grid.0")
    studio.click("sprite.repair")
    studio.click("repair.rectangle")
    x, y, width, height = studio.widget("repair.canvas")["rect"]
    for hand in (("mousemove", x + width // 4, y + height // 4), ("mousedown", 1), ("mousemove", x + width // 2, y + height // 2), ("mouseup", 1)):
        studio.xdotool(*hand)
        time.sleep(0.15)
    marked = studio.wait("marks", lambda m: m["widgets"]["repair.canvas"]["value"] > 0)["widgets"]["repair.canvas"]["value"]
    for path, enabled in ((other, False), (model, True)):
        studio.click("generate.model")
        studio.click("generate.model.open_file")
        studio.type_into_field("generate.model_path", str(path))
        studio.click("generate.model_open")
        studio.expect("generate.model", str(path))
        studio.wait(f"repair.run to be {enabled}", lambda m: m["widgets"]["repair.run"]["enabled"] is enabled, 60)
        assert studio.value("repair.canvas") == marked, "the marks are gone"
    studio.click("repair.close")
    studio.widget("edit.open")


def kept(folder):
    """The pictures in it; nothing that was begun lies beside them."""
    left = [path.name for path in folder.iterdir() if path.name.startswith((".new", ".kiln"))]
    assert not left, f"half written: {left}"
    return sorted(path.name for path in folder.glob("*.png"))


def keeps(studio, place, folder, count):
    studio.click(f"grid.{place}")
    studio.press("s")
    studio.wait(f"{count} kept", lambda m: folder.is_dir() and len(list(folder.glob("*.png"))) == count, 60)
    studio.expect(f"grid.star.{place}", True)
    kept(folder)


def keeps_not(studio, place, words):
    studio.click(f"grid.{place}")
    studio.press("s")
    notice = error_told(studio, words)
    assert ".new" not in notice["message"] and "another folder" in notice["hint"], notice
    studio.expect(f"grid.star.{place}", False)
    dismiss_all(studio)


def gallery_in_the_way(studio):
    """A file where the gallery's folder ought to be; and the folder goes away between two sprites."""
    gallery = studio.home / "gallery"
    shutil.rmtree(gallery, ignore_errors=True)
    gallery.write_text("in the way")
    keeps_not(studio, 0, "can be kept")
    assert gallery.read_text() == "in the way"
    gallery.unlink()
    keeps(studio, 0, gallery, 1)
    shutil.rmtree(gallery)
    keeps(studio, 1, gallery, 1)
    shutil.rmtree(gallery)
    gallery.write_text("in the way")
    keeps_not(studio, 2, "can be kept")
    gallery.unlink()


def use_gallery(studio, folder):
    studio.click("tab.gallery")
    studio.type_into_field("gallery.folder", str(folder))
    studio.settle()
    studio.click("tab.generate")
    studio.widget("grid.0")


def gallery_that_fills_up(studio):
    """And becomes read-only; needs a disk of its own, which only root may have."""
    disk = studio.folder / "disk"
    disk.mkdir()
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk], capture_output=True, text=True)
    if tried.returncode != 0:
        print(f"a full and a read-only gallery were not tried: {tried.stderr.strip()}")
        return
    try:
        use_gallery(studio, disk)
        keeps(studio, 3, disk, 1)
        before = {name: (disk / name).read_bytes() for name in kept(disk)}
        fill(disk / "filler")
        keeps_not(studio, 4, "no space is left")
        assert {name: (disk / name).read_bytes() for name in kept(disk)} == before
        (disk / "filler").unlink()
        keeps(studio, 4, disk, 2)
        before = {name: (disk / name).read_bytes() for name in kept(disk)}
        # Over it, since what is open for writing there keeps it from becoming read-only itself.
        if done("mount", "--bind", disk, disk) and done("mount", "-o", "remount,bind,ro", disk):
            keeps_not(studio, 5, "can be kept")
            assert {name: (disk / name).read_bytes() for name in kept(disk)} == before
            assert done("umount", "-l", disk)
            keeps(studio, 5, disk, 3)
        use_gallery(studio, studio.home / "gallery")
    finally:
        while done("umount", "-l", disk):
            pass


def done(*command):
    return subprocess.run(command, capture_output=True).returncode == 0


def fill(path):
    """Until the disk is full."""
    with open(path, "wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as problem:
                assert problem.errno == errno.ENOSPC, problem


def idle_window_sleeps(studio):
    studio.xdotool("mousemove", 5, 300)
    studio.settle()
    time.sleep(1.5)
    before = studio.map()["frames"]
    time.sleep(3)
    assert studio.map()["frames"] - before <= 3, f"{studio.map()['frames'] - before} frames were drawn with nothing to show"


def no_engine():
    with Studio(program, "--model", model, environment={"SPRITEKILN_ENGINE": "/nonexistent/engine.so"}) as studio:
        error_told(studio, "")
        assert studio.map()["engine"] == "failed"
        assert studio.widget("generate.run")["enabled"] is False
        assert studio.quit() == 0


with Studio(program, "--model", model) as studio:
    (studio.home / "models").mkdir()
    (studio.home / "models" / "cut.safetensors").write_bytes(pathlib.Path(model).read_bytes()[:5000])
    studio.wait("the model", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
    unwritable_destination(studio)
    studio.picture("unwritable_destination")
    cut_off_model(studio)
    studio.picture("cut_off_model")
    told_where_the_hand_is(studio)
    studio.picture("told_where_the_hand_is")
    image_far_too_large(studio)
    palette_without_colours(studio)
    mask_of_another_size(studio)
    gallery_in_the_way(studio)
    gallery_that_fills_up(studio)
    studio.picture("gallery_that_fills_up")
    idle_window_sleeps(studio)
    studio.picture("idle_window_sleeps")
    assert studio.quit() == 0
no_engine()
