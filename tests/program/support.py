"""The real program, run as a user would. Only what `takes_pil` is called for needs more than Python's own library."""

import ast
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib


class Workplace:
    """A folder of the test's own, with a small set to train on; removed at the end."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp(prefix="spritekiln-program-")
        self.environment = dict(os.environ, SPRITEKILN_HOME=self.path("home"), OMP_NUM_THREADS="1")
        self.run("dataset", "starter", self.path("data"), "--count", "6")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *arguments, **options):
        return subprocess.Popen([self.program, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def run(self, *arguments, expect=0, **options):
        """Returns what it printed: stdout, stderr."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=600)
        check(process.returncode == expect, f"spritekiln {' '.join(arguments)} ended with {process.returncode}:\n{out}{err}")
        return out, err

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


def takes_pil():
    """Whether PIL is there. Where only the system's Python has it, that one runs the test from its beginning."""
    try:
        import PIL  # noqa: F401
    except ImportError:
        system = "/usr/bin/python3"
        if sys.executable == system or subprocess.run([system, "-c", "import PIL"], stderr=subprocess.DEVNULL).returncode != 0:
            return False
        os.execv(system, [system, *sys.argv])
    return True


def frames_of(path):
    """Of an animation, as PIL shows it: (RGBA pixels, milliseconds) of each frame; and its size."""
    from PIL import Image
    with Image.open(path) as image:
        frames = []
        for i in range(1 if image.info.get("default_image") else 0, image.n_frames):  # a picture for who knows no animation is none of them
            image.seek(i)
            frames.append((list(image.convert("RGBA").getdata()), round(image.info["duration"])))
        return frames, image.size


def small_recipe(steps, **changes):
    """Arguments of a run whose steps take milliseconds, in fp32."""
    values = dict(width=16, multipliers="1", blocks=1, embedding=32, head_channels=8, group_channels=8, batch=4, warmup=3, precision="fp32",
                  weights="f32", validation_share=0.2, evaluate_every=50, checkpoint_every=5, checkpoints=2, sample_every=0, dropout=0.1, steps=steps)
    values.update(changes)
    arguments = ["--threads", "1"]
    for key, value in values.items():
        arguments += ["--set", f"{key}={value}"]
    return arguments


def checkpoints(run):
    """Steps of the checkpoints in a run's folder, in order."""
    try:
        names = os.listdir(run)
    except FileNotFoundError:
        return []
    return sorted(int(name[len("checkpoint-"):-len(".safetensors")]) for name in names if name.startswith("checkpoint-"))


def wait_for_checkpoint(process, run, step, limit_s=120):
    """Until there is one of that step or a later one, or the process has ended. Returns the newest step."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        found = checkpoints(run)
        if (found and found[-1] >= step) or process.poll() is not None:
            return found[-1] if found else -1
        time.sleep(0.002)
    raise SystemExit("no checkpoint came in time")


def arrays(content):
    """The bytes of each sprite in a .npy file."""
    end = 10 + struct.unpack("<H", content[8:10])[0]
    count, height, width, _ = ast.literal_eval(content[10:end].decode())["shape"]
    size = height * width * 4
    return [content[end + i * size:end + (i + 1) * size] for i in range(count)]


def png(width, height, pixel):
    """An RGBA PNG of these pixels, by Python alone; pixel(x, y): the four bytes of one."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    return png_of_rows(width, height, zlib.compress(rows))


def png_of_rows(width, height, compressed):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compressed) + chunk(b"IEND", b"")


def refused(place, *arguments, words):
    _, err = place.run(*arguments, expect=1)
    lines = err.strip().splitlines()
    check(len(lines) == 2 and lines[0].startswith("error: ") and lines[1].startswith("hint: "), f"two lines: {err}")
    for word in words:
        check(word in err, f"“{word}” is in: {err}")


def check(condition, message):
    if not condition:
        print(f"FAILED: {message}")
        sys.exit(1)
