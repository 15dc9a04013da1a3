#!/usr/bin/env python3
"""How long a large set takes to pack and to read, how much memory that needs, and how fast training on it is beside a small one.

    python3 tests/bench/large_set_bench.py build/release/spritekiln [--count 1000000] [--folder DIR]

Draws 16×16 sprites from a seed, as rows of an array, packs them, and trains a few steps on the packed set and on its first 2,000
sprites. The peak is the program's VmHWM: mapped pages of the set count while they are in memory, though the system may take them.
"""

import argparse
import json
import os
import pathlib
import random
import struct
import subprocess
import tempfile
import time

SIDE, CLASSES, SMALL = 16, 8, 2000
COLOURS = [(20, 12, 28), (133, 76, 48), (208, 70, 72), (210, 125, 44), (109, 170, 44), (89, 125, 206), (218, 212, 94), (222, 238, 214)]


def header(dtype, shape):
    text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (dtype, "".join("%d," % n for n in shape))
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def sprite(number):
    """A mirrored figure of three colours in a ragged outline; each of the 8 classes has a colour of its own."""
    rng = random.Random(number)
    colours = [COLOURS[number % CLASSES], *rng.sample(COLOURS, 2)]
    rows = bytearray()
    for y in range(SIDE):
        width = rng.randint(2, SIDE // 2 - 1) if 0 < y < SIDE - 1 else 0
        half = [(*colours[rng.getrandbits(2) % 3], 255) if x < width else (0, 0, 0, 0) for x in range(SIDE // 2)]
        for pixel in half[::-1] + half:
            rows += bytes(pixel)
    return bytes(rows)


def draw(folder, count):
    with open(folder / "set.npy", "wb") as sprites, open(folder / "labels.npy", "wb") as labels:
        sprites.write(header("|u1", (count, SIDE, SIDE, 4)))
        labels.write(header("<i4", (count,)))
        for number in range(count):
            sprites.write(sprite(number))
            labels.write(struct.pack("<i", number % CLASSES))


def run(command):
    """Seconds and peak of memory in MB."""
    begin = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit("%s ended with %d" % (" ".join(map(str, command)), process.returncode))
    return time.monotonic() - begin, usage.ru_maxrss * 1024 / 1e6


def training(program, data, folder, name, steps):
    command = [program, "train", "--data", data, "--out", folder / (name + ".safetensors"), "--set", "sample_every=0", "--set",
               "batch=64", "--set", "evaluate_every=%d" % steps]
    short, _ = run([*command, "--steps", "1"])
    for left in folder.glob(name + "*"):
        subprocess.run(["rm", "-rf", str(left)], check=True)
    _, peak = run([*command, "--steps", str(steps)])
    lines = map(json.loads, (folder / (name + ".run") / "metrics.jsonl").read_text().splitlines())
    return short, [line["images_per_s"] for line in lines if line.get("images_per_s")][-1], peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--folder", type=pathlib.Path, help="with room for twice the set (1 KB a sprite); a temporary one by default")
    options = parser.parse_args()
    program = options.program.resolve()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for what, count in (("small", min(SMALL, options.count)), ("large", options.count)):
            folder = pathlib.Path(name) / what
            folder.mkdir()
            draw(folder, count)
            seconds, peak = run([program, "dataset", "pack", folder / "set.npy", folder / "packed", "--labels", folder / "labels.npy"])
            print("%s, %d sprites: packed in %.1f s, peak %.0f MB" % (what, count, seconds, peak), flush=True)
            before, speed, peak = training(program, folder / "packed", folder, "model", options.steps)
            print("%s: read, searched for copies and begun in %.1f s; %.0f images/s, peak %.0f MB" % (what, before, speed, peak),
                  flush=True)


if __name__ == "__main__":
    main()
