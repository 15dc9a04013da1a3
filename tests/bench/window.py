"""How smooth the window is: window.py PROGRAM MODEL, on an idle machine. Starts the real program on a private X server with software
GL and prints one JSON document: milliseconds until the window and the engine are there, from the click to the first preview of 16
sprites, and of the frames drawn while sprites form. Asserts nothing."""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "app" / "gui"))
from support import Studio  # noqa: E402


def ms_since(start):
    return round((time.monotonic() - start) * 1000)


def wait_closely(studio, holds, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = studio.map()
        if found and holds(found):
            return found
        time.sleep(0.003)
    raise SystemExit("the window did not answer")


def first_preview(studio):
    studio.point_at("generate.run")
    start = time.monotonic()
    studio.xdotool("mousedown", 1)
    time.sleep(0.02)
    studio.xdotool("mouseup", 1)
    wait_closely(studio, lambda m: m["job"] and m["job"]["state"] == "running" and m["job"]["previews"] > 0)
    return ms_since(start)


def main(program, model):
    start = time.monotonic()
    with Studio(program, "--model", model) as studio:
        wait_closely(studio, lambda m: True)
        window = ms_since(start)
        wait_closely(studio, lambda m: m["widgets"].get("generate.run", {}).get("enabled"))
        ready = ms_since(start)
        studio.type_into_slider("generate.steps", "250")
        studio.settle()
        previews = [first_preview(studio)]
        time.sleep(4)  # sprites form, and the statistics hold nothing but that
        frames = studio.map()["frame_ms"]
        for _ in range(3):
            studio.click("generate.stop")
            studio.click("generate.discard")
            studio.settle()
            previews.append(first_preview(studio))
        print(json.dumps({"window_ms": window, "ready_ms": ready, "first_preview_ms": previews, "frame_ms_while_sampling": frames}, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
