"""Drives the real program on a private X server: pointer and keys through xdotool, places from the window's own map, pictures from
the server's frame buffer. Standard library only."""

import hashlib
import itertools
import json
import mmap
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib


class Display:
    """An Xvfb of its own, whose screen is a file."""

    def __init__(self, folder, width=1280, height=800):
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder), "-nolisten", "tcp"],
            pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = ":" + number
        self.file = pathlib.Path(folder) / "Xvfb_screen0"

    def screenshot(self):
        return Picture.from_xwd(self.file.read_bytes())

    def fingerprint(self, rects):
        """A digest of these parts of the screen, much faster than a screenshot."""
        digest = hashlib.sha256()
        with open(self.file, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            header = struct.unpack(">25I", raw[:100])
            start, line = header[0] + header[19] * 12, header[12]
            for x, y, w, h in rects:
                for row in range(y, y + h):
                    digest.update(raw[start + row * line + x * 4:start + row * line + (x + w) * 4])
        return digest.hexdigest()

    def close(self):
        self.server.terminate()
        self.server.wait()


class Picture:
    """RGB or RGBA rows, 8 bits a channel."""

    def __init__(self, width, height, channels, data):
        self.width, self.height, self.channels, self.data = width, height, channels, data

    def pixel(self, x, y):
        at = (y * self.width + x) * self.channels
        return tuple(self.data[at:at + self.channels])

    def region(self, rect):
        x, y, w, h = rect
        step = self.channels
        return b"".join(self.data[((y + row) * self.width + x) * step:((y + row) * self.width + x + w) * step] for row in range(h))

    @staticmethod
    def from_xwd(raw):
        header = struct.unpack(">25I", raw[:100])
        size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        little = header[7] == 0
        start = size + colours * 12
        out = bytearray(width * height * 3)
        for y in range(height):
            row = raw[start + y * line:start + y * line + width * 4]
            blue, green, red = (row[0::4], row[1::4], row[2::4]) if little else (row[3::4], row[2::4], row[1::4])
            at = y * width * 3
            out[at:at + width * 3:3], out[at + 1:at + width * 3:3], out[at + 2:at + width * 3:3] = red, green, blue
        return Picture(width, height, 3, bytes(out))

    @staticmethod
    def from_png(raw):
        assert raw[:8] == b"\x89PNG\r\n\x1a\n", "not a PNG"
        at, packed = 8, b""
        while at < len(raw):
            length, kind = struct.unpack(">I4s", raw[at:at + 8])
            body = raw[at + 8:at + 8 + length]
            if kind == b"IHDR":
                width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
                assert depth == 8 and interlace == 0 and colour in (2, 6)
            elif kind == b"IDAT":
                packed += body
            at += length + 12
        step = 4 if colour == 6 else 3
        return Picture(width, height, step, unfiltered(zlib.decompress(packed), width * step, height, step))

    def to_png(self, level=6):
        rows = b"".join(b"\0" + self.data[y * self.width * self.channels:(y + 1) * self.width * self.channels] for y in range(self.height))

        def chunk(kind, body):
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 6 if self.channels == 4 else 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, level)) + chunk(b"IEND", b"")

    def save_png(self, path):
        pathlib.Path(path).write_bytes(self.to_png())


def unfiltered(data, line, height, step):
    """PNG's five line filters undone (PNG specification, section 9)."""
    out, before, at = bytearray(), bytes(line), 0
    for _ in range(height):
        kind, row = data[at], bytearray(data[at + 1:at + 1 + line])
        at += line + 1
        for i in range(line):
            left = row[i - step] if i >= step else 0
            up = before[i]
            corner = before[i - step] if i >= step else 0
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            elif kind == 4:
                p = left + up - corner
                guess = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))[2]
            else:
                guess = 0
            row[i] = (row[i] + guess) & 255
        out += row
        before = bytes(row)
    return bytes(out)


CHECKS = ((52, 54, 58), (66, 68, 73))


def matches_screen(picture, left, top, scale, side, screen, rect):
    """Each pixel of one sprite in `picture` (RGBA, at left/top, `scale`d) against the middle of its square on the screen, where it lies
    on one of the two greys of the checkerboard."""
    x, y, width, _ = rect
    zoom = width // side
    for row in range(side):
        for column in range(side):
            *wanted, alpha = picture.pixel(left + column * scale, top + row * scale)
            shown = screen.pixel(x + column * zoom + zoom // 2, y + row * zoom + zoom // 2)
            blends = [[c * (255 - alpha) / 255 + w * alpha / 255 for c, w in zip(check, wanted)] for check in CHECKS]
            near = any(all(abs(b - s) <= 1.01 for b, s in zip(blend, shown)) for blend in blends)
            assert near, f"pixel {column},{row} is {(*wanted, alpha)} in the file and {shown} on the screen"


SCREENS = pathlib.Path.cwd() / "screens"  # in ctest's working directory
pictures = itertools.count(1)


class Studio:
    """The program, started on a display of its own, with a home of its own. A home without settings gets those of an artist who has
    turned off that a start shows sprites, unless `greets`."""

    def __init__(self, program, *arguments, home=None, width=1280, height=800, environment=None, greets=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="spritekiln-gui-"))
        self.home = pathlib.Path(home) if home else self.folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        if not greets and not (self.home / "settings.json").exists():
            (self.home / "settings.json").write_text(json.dumps({"version": 2, "window": {"begin_with_batch": False}}))
        self.map_file = self.folder / "map.json"
        self.display = Display(self.folder, width, height)
        self.environment = dict(os.environ, DISPLAY=self.display.name, SPRITEKILN_HOME=str(self.home), HOME=str(self.home),
                                SPRITEKILN_UI_MAP=str(self.map_file), LIBGL_ALWAYS_SOFTWARE="1", **(environment or {}))
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.log = open(self.folder / "output.txt", "wb")
        self.process = subprocess.Popen([str(program), "--size", f"{width}x{height}", "--position", "0,0", *map(str, arguments)],
                                        env=self.environment, stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.picture("last")
            self.process.terminate()
            self.process.wait()
        self.display.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def picture(self, name):
        """Keeps what the screen shows, to be looked at when a test has failed, or for how the window looks. Only under ctest, and it fails no test."""
        if not (SCREENS.parent / "CTestTestfile.cmake").exists():
            return
        try:
            SCREENS.mkdir(exist_ok=True)
            test = pathlib.Path(sys.argv[0]).stem.removesuffix("_test")
            self.display.screenshot().save_png(SCREENS / f"{test}-{next(pictures):02}-{name}.png")
        except Exception as problem:
            print(f"no picture of {name}: {problem}")

    def map(self):
        try:
            return json.loads(self.map_file.read_text())
        except FileNotFoundError:
            return None

    def wait(self, what, holds, seconds=240):
        """The first map for which `holds` is true. Fails, with the program's output and the last map, when that takes too long or the program ends."""
        until, last = time.monotonic() + seconds, None
        while time.monotonic() < until:
            last = self.map()
            if last is not None and holds(last):
                return last
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        output = (self.folder / "output.txt").read_text(errors="replace")
        if last:
            last = {key: value for key, value in last.items() if key != "widgets"} | {"widgets": sorted(last["widgets"])}
        raise AssertionError(f"waited in vain for: {what}\nexit status {self.process.poll()}\nmap: {last}\noutput: {output}")

    def widget(self, name, seconds=240):
        return self.wait(f"{name} on screen", lambda m: name in m["widgets"], seconds)["widgets"][name]

    def xdotool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], env=self.environment, check=True)

    def point_at(self, name):
        """Moves the pointer there, and after it when a frame drawn since shows the widget elsewhere."""
        for _ in range(50):
            x, y, w, h = rect = self.widget(name)["rect"]
            frames = self.map()["frames"]
            self.xdotool("mousemove", x + w // 2, y + h // 2)
            self.next_frame(frames)
            if self.widget(name)["rect"] == rect:
                return
        raise AssertionError(f"{name} does not stand still")

    def next_frame(self, before):
        """Until a later frame's map is there; a second at most, since a pointer that has not moved draws none."""
        until = time.monotonic() + 1
        time.sleep(0.08)
        while self.map()["frames"] <= before and time.monotonic() < until:
            time.sleep(0.02)

    def click(self, name):
        """Clicks it, and once more when it has moved from under the pointer on the way: a row that came or went, a list that closed."""
        for _ in range(5):
            before = self.wait(f"{name} on screen and enabled", lambda m: m["widgets"].get(name, {}).get("enabled"))["pressed"]["count"]
            self.point_at(name)
            self.xdotool("mousedown", 1)
            pressed = self.wait("the press", lambda m: m["pressed"]["count"] > before, 20)["pressed"]["widgets"]
            self.xdotool("mouseup", 1)
            time.sleep(0.05)
            if name in pressed:
                return
            assert not pressed, f"{pressed} was clicked instead of {name}"
        raise AssertionError(f"{name} does not stand still")

    def type_into_slider(self, name, text):
        """Ctrl+click and type, as an artist does, until the slider holds the number."""
        self.until_value(name, float(text), lambda: self.with_ctrl(lambda: self.click(name)), text)

    def type_into_field(self, name, text):
        value = int(text) if str(text).isdigit() else str(text)
        self.until_value(name, value, lambda: self.click(name), text)

    def until_value(self, name, value, open_field, text):
        # A machine that is busy draws seldom, and a key that is let go of before it was looked at is not seen: then once more.
        for _ in range(5):
            self.point_at(name)
            open_field()
            time.sleep(0.15)
            self.with_ctrl(lambda: self.press("a"))
            self.xdotool("type", "--delay", 40, text)
            time.sleep(0.15)
            self.press("Tab")
            try:
                return self.wait(f"{name} to be {value!r}", lambda m: m["widgets"].get(name, {}).get("value") == value, 3)
            except AssertionError as failure:
                last = failure
        raise last

    def press(self, key):
        self.xdotool("keydown", key)
        time.sleep(0.15)
        self.xdotool("keyup", key)
        time.sleep(0.1)

    def with_ctrl(self, action):
        self.xdotool("keydown", "ctrl")
        time.sleep(0.15)
        action()
        self.xdotool("keyup", "ctrl")
        time.sleep(0.1)

    def with_shift(self, action):
        self.xdotool("keydown", "shift")
        time.sleep(0.15)
        action()
        self.xdotool("keyup", "shift")
        time.sleep(0.1)

    def double_click_until(self, name, value):
        """Double-clicks until the widget shows `value`: a machine that is busy may see two clicks with too long a time between."""
        for _ in range(5):
            self.point_at(name)
            self.xdotool("click", "--repeat", 2, "--delay", 80, 1)
            try:
                return self.wait(f"{name} to be {value!r}", lambda m: m["widgets"].get(name, {}).get("value") == value, 3)
            except AssertionError as failure:
                last = failure
        raise last

    def settle(self):
        """Until no more frames are drawn, so that the screen is what the map says."""
        frames = -1
        while frames != self.map()["frames"]:
            frames = self.map()["frames"]
            time.sleep(0.4)

    def scroll_to(self, name):
        """Turns the wheel over the settings until the widget is in view, whole."""
        self.settle()
        for button in [5] * 20 + [4] * 40:
            found = self.map()["widgets"].get(name)
            if found and found["rect"][3] >= 16 and found["rect"][1] + found["rect"][3] < 690:
                return
            self.xdotool("mousemove", 50, 400, "click", button)
            self.settle()
        raise AssertionError(f"{name} cannot be scrolled to")

    def scroll_to_top(self):
        """The settings from their beginning."""
        self.settle()
        self.xdotool("mousemove", 50, 400, "click", "--repeat", 60, "--delay", 10, 4)
        self.settle()

    def choose(self, name, value):
        """Opens the list of the settings and takes an entry."""
        self.scroll_to(name)
        self.click(name)
        self.click(f"{name}.{value}")

    def pasted(self):
        """What is on the clipboard, by way of a field: without its line breaks."""
        self.click("export.path")
        self.with_ctrl(lambda: self.press("a"))
        self.with_ctrl(lambda: self.press("v"))
        self.press("Tab")
        self.settle()
        return self.value("export.path")

    def value(self, name):
        return self.widget(name).get("value")

    def expect(self, name, value):
        """Waits until the widget shows `value`."""
        self.wait(f"{name} to be {value!r}", lambda m: m["widgets"].get(name, {}).get("value") == value, 60)

    def job(self):
        found = self.map()
        return found["job"] if found else None

    def generate(self, seconds=300):
        """Clicks Generate and waits for the sprites of this very click, however soon they are there; the finished job."""
        before = (self.job() or {"id": 0})["id"]
        self.click("generate.run")
        return self.wait("the sprites", lambda m: m["job"] and m["job"]["id"] > before and m["job"]["state"] == "done", seconds)["job"]

    def quit(self):
        """Ends the program as an artist does, from the keyboard; its exit status."""
        self.picture("last")
        self.with_ctrl(lambda: self.press("q"))
        return self.process.wait(timeout=20)
