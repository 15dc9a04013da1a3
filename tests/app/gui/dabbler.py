"""A hand that clicks, drags, types, drops and resizes at random, and looks whether the window goes on."""

import collections
import pathlib
import random
import struct
import subprocess
import time
import zlib

from drop import drop
from support import Picture

KEYS = ["Escape", "Return", "Tab", "Delete", "BackSpace", "Left", "Right", "Up", "Down", "Home", "End", "Page_Up", "Page_Down", "space", "F1",
        "comma", "period", "ctrl+a", "ctrl+c", "ctrl+shift+c", "ctrl+v", "ctrl+z", "ctrl+y", "ctrl+shift+z", "ctrl+Return", "ctrl+1", "ctrl+2", "ctrl+3",
        "ctrl+4", "ctrl+5", "shift+Left", "shift+Right", "shift+Up", "shift+Down", *"abcdefghijklmnoprstuvwxyz0123456789"]
TEXTS = ["0", "-1", "7", "16", "1e9", "99999999999999999999", "0.5", "nan", "", "potion", "Größe ☃ 界", "../..", "/dev/null", "/", "{class}_{n:03}.png",
         "a" * 300, "sheet.png", "sheet.exe", "#ff00ff", "%s%n%d", "~"]
# One fetches from the network; with another key for the other, a letter could close the window.
LEFT_ALONE = ["data.dungeon32", "shortcuts.quit"]
REPORTS = ["AddressSanitizer", "runtime error", "LeakSanitizer", "Assertion", "terminate called", "ThreadSanitizer"]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_text(png, text):
    """The PNG with that text in place of a recipe."""
    return png[:33] + chunk(b"iTXt", b"spritekiln\0\0\0\0\0" + text) + png[33:]


def claiming(side):
    """A PNG that says it is so large, and has one row."""
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(4 * side + 1))) + chunk(b"IEND", b"")


class Dabbler:
    def __init__(self, studio, seed):
        self.studio, self.random = studio, random.Random(seed)
        self.done = collections.deque(maxlen=40)
        self.bad = []
        self.files = self.made_files(studio.folder / "things")

    def made_files(self, folder):
        """What may be dropped: sprites, a sheet, a set, and what is none of these."""
        (folder / "set" / "potion").mkdir(parents=True)
        (folder / "set" / "sword").mkdir()
        pixels = self.random.randbytes
        for i in range(12):
            Picture(16, 16, 4, pixels(16 * 16 * 4)).save_png(folder / "set" / ("potion", "sword")[i % 2] / f"{i}.png")
        Picture(16, 16, 4, pixels(1024)).save_png(folder / "sprite.png")
        Picture(48, 32, 4, pixels(48 * 32 * 4)).save_png(folder / "sheet.png")
        Picture(1, 1, 4, pixels(4)).save_png(folder / "dot.png")
        whole = (folder / "sheet.png").read_bytes()
        (folder / "cut.png").write_bytes(whole[:len(whole) // 2])
        (folder / "broken.safetensors").write_bytes(b"\xff" * 64)
        (folder / "notes.txt").write_text("none of these")
        (folder / "palette.gpl").write_text("GIMP Palette\n255 0 0\n0 255 0\n0 0 255\n")
        whole = (folder / "sprite.png").read_bytes()
        bad = {"huge.png": claiming(10000), "forged.png": with_text(whole, b'{"version":1,"columns":1e99,"sprites":[{"model":"gone","steps":-1}]}'),
               "long.png": with_text(whole, b"[" * (5 << 20)), "later.png": with_text(whole, b'{"version":99}'), "empty.png": b"", "empty.gpl": b"GIMP Palette\n",
               "bad.gif": b"GIF89a" + pixels(200), "bad.aseprite": pixels(300), "bad.npy": b"\x93NUMPY\x01\x00" + pixels(100), "bad.npz": b"PK\x03\x04" + pixels(99),
               "bad.json": b'{"frames": [' * 999, "bad.webp": b"RIFF\xff\xff\xff\xffWEBPVP8L" + pixels(50), "Größe ☃ 100%.png": whole[:50]}
        for name, content in bad.items():
            (folder / name).write_bytes(content)
        (folder / "loop").symlink_to(folder / "loop")
        (self.studio.home / "models").mkdir(exist_ok=True)
        (self.studio.home / "models" / "animated16.safetensors").write_bytes(b"")  # the made-up engine goes by names
        self.bad = [*(folder / name for name in bad), folder / "cut.png", folder / "broken.safetensors", folder / "loop", folder / "gone.png"]
        return [folder / "set", *sorted(path for path in folder.iterdir() if path.is_file()), folder / "loop", folder / "gone.png"]

    def map(self):
        return self.studio.map()

    def allowed(self, x, y, shown):
        for name in LEFT_ALONE:
            if name in shown["widgets"]:
                left, top, width, height = shown["widgets"][name]["rect"]
                if left - 40 <= x <= left + width + 40 and top - 40 <= y <= top + height + 40:
                    return False
        return True

    def point(self):
        """Somewhere: on a widget three times out of four."""
        shown = self.map()
        while True:
            if shown["widgets"] and self.random.random() < 0.75:
                name = self.random.choice(sorted(shown["widgets"]))
                left, top, width, height = shown["widgets"][name]["rect"]
                x, y = left + self.random.randrange(max(1, width)), top + self.random.randrange(max(1, height))
            else:
                name = ""
                x, y = self.random.randrange(max(1, shown["window"][0])), self.random.randrange(max(1, shown["window"][1]))
            if self.allowed(x, y, shown):
                return x, y, name

    def xdotool(self, *arguments):
        self.studio.xdotool(*arguments)

    def click(self):
        x, y, name = self.point()
        button = self.random.choices([1, 2, 3], [8, 1, 2])[0]
        times = self.random.choices([1, 2, 3], [8, 2, 1])[0]
        self.note(f"click {button} x{times} at {x},{y} {name}")
        self.xdotool("mousemove", x, y)
        time.sleep(0.03)
        self.xdotool("click", "--repeat", times, "--delay", self.random.choice([5, 60]), button)

    def held_click(self):
        x, y, name = self.point()
        key = self.random.choice(["ctrl", "shift"])
        self.note(f"{key}+click at {x},{y} {name}")
        self.xdotool("mousemove", x, y, "keydown", key)
        time.sleep(0.05)
        self.xdotool("click", 1)
        self.xdotool("keyup", key)

    def drag(self):
        x, y, name = self.point()
        button = self.random.choices([1, 2, 3], [8, 1, 2])[0]
        held = self.random.choices(["", "alt", "ctrl"], [6, 3, 1])[0]
        self.note(f"drag {held} {button} from {x},{y} {name}")
        if held:
            self.xdotool("keydown", held)
            time.sleep(0.05)
        self.xdotool("mousemove", x, y, "mousedown", button)
        for _ in range(self.random.randrange(1, 6)):
            time.sleep(0.02)
            x, y, _ = self.point()
            self.xdotool("mousemove", x, y)
        self.xdotool("mouseup", button)
        if held:
            self.xdotool("keyup", held)

    def wheel(self):
        x, y, name = self.point()
        self.note(f"wheel at {x},{y} {name}")
        self.xdotool("mousemove", x, y, "click", "--repeat", self.random.randrange(1, 8), "--delay", 10, self.random.choice([4, 5]))

    def key(self):
        key = self.random.choice(KEYS)
        self.note(f"key {key}")
        self.xdotool("key", "--delay", self.random.choice([0, 40]), key)

    def text(self):
        text = self.random.choice(TEXTS)
        self.note(f"type {text[:40]!r}")
        if text:
            self.xdotool("type", "--delay", 5, "--", text)

    def drop(self):
        paths = self.random.sample(self.files, self.random.choices([1, 2, 3], [8, 2, 1])[0])
        self.note("drop " + " ".join(path.name for path in paths))
        drop(self.studio, *paths)

    def resize(self):
        self.resize_to(*self.random.choice([(1280, 800), (1100, 700), (1600, 900), (640, 400), (320, 200), (1440, 1000)]))

    def resize_to(self, width, height):
        self.note(f"resize {width}x{height}")
        found = subprocess.run(["xdotool", "search", "--name", "Spritekiln"], env=self.studio.environment, capture_output=True, text=True).stdout.split()
        if found:
            self.xdotool("windowsize", found[-1], width, height)

    def note(self, what):
        self.done.append(what)

    def act(self):
        actions = {self.click: 40, self.held_click: 6, self.drag: 14, self.wheel: 8, self.key: 16, self.text: 8, self.drop: 3, self.resize: 2}
        self.random.choices(list(actions), list(actions.values()))[0]()
        time.sleep(0.02)

    def output(self):
        return (self.studio.folder / "output.txt").read_text(errors="replace")

    def check(self):
        """It lives, answers a moved pointer, and has reported nothing."""
        story = "\n".join(self.done)
        reported = [word for word in REPORTS if word in self.output()]
        assert not reported, f"{reported}\n{story}\n{self.output()[-20000:]}"
        assert self.studio.process.poll() is None, f"it ended: {self.studio.process.poll()}\n{story}\n{self.output()[-20000:]}"
        before, until = self.map()["frames"], time.monotonic() + 60
        time.sleep(0.05)
        while self.map()["frames"] == before:
            assert time.monotonic() < until, f"it does not answer\n{story}"
            self.xdotool("mousemove", self.random.randrange(20, 300), self.random.randrange(60, 200))
            time.sleep(0.1)

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.studio.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024

    def close(self):
        """As an artist does; a run under way is asked about."""
        for _ in range(40):
            if self.studio.process.poll() is not None:
                break
            shown = self.map()
            if shown["widgets"].get("close.keep", {}).get("enabled"):
                self.studio.click("close.keep")
            elif shown["training"] is None or shown["training"]["state"] not in ("ending", "stopping"):
                self.xdotool("key", "Escape")
                time.sleep(0.2)
                self.xdotool("key", "ctrl+q")
            time.sleep(0.5)
        until = time.monotonic() + 120
        while self.studio.process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        status = self.studio.process.poll()
        assert status == 0, f"it closed with {status}\n" + "\n".join(self.done) + "\n" + self.output()[-20000:]
