"""How smooth the window is, with software GL on a virtual display: python3 tests/bench/window_bench.py PROGRAM MODEL [--json].

Tells, of one run each: when the first frame stood on the screen; how long after it a first start shows sprites, and has made its batch; the frames of the ten seconds before while sprites fade in, while
thousands of sprites are scrolled, in a set and in a gallery of ten thousand, while a model is trained, and while both go on; how often an idle window wakes; how long 16 sprites
take from the click on, alone and beside two programs that never rest. Measures, asserts nothing.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "app" / "gui"))
from support import Picture, Studio  # noqa: E402

program, model = sys.argv[1:3]
STARTS = 9
BATCHES = 3
KEPT = 10_000  # in the gallery
SPAN_S = 10  # the map's frame times are those of the last ten seconds


def frames(studio):
    return studio.map()["frame_ms"]


def first_frame():
    """Seconds from start to the first frame, the median of some starts; the display server is there already."""
    took = []
    with Studio(program, "--model", model) as warm:
        warm.wait("the engine", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
        for start in range(STARTS):
            drawn = warm.folder / f"again{start}.json"
            started = time.monotonic()
            again = subprocess.Popen([program, "--size", "1280x800", "--model", model], env=dict(warm.environment, SPRITEKILN_UI_MAP=str(drawn)),
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not drawn.exists():
                time.sleep(0.003)
            took.append(time.monotonic() - started)
            again.terminate()
            again.wait()
    return statistics.median(took)


def first_start():
    """Of a start that nobody's settings are there for: seconds from its first frame to the first sprites on the screen, and to the whole batch;
    medians. Its seeds are always the same."""
    shown, finished = [], []
    with Studio(program, "--model", model) as warm:
        warm.wait("the engine", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
        for start in range(STARTS):
            home, drawn = warm.folder / f"home{start}", warm.folder / f"first{start}.json"
            home.mkdir()
            places = dict(warm.environment, SPRITEKILN_UI_MAP=str(drawn), SPRITEKILN_HOME=str(home), HOME=str(home))
            first = subprocess.Popen([program, "--size", "1280x800", "--model", model], env=places, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

            def until(holds):
                while not (drawn.exists() and holds(json.loads(drawn.read_text())["job"])):
                    assert first.poll() is None, f"it ended: {first.returncode}"
                    time.sleep(0.003)
                return time.monotonic()

            began = until(lambda job: True)
            shown.append(until(lambda job: job and (job["previews"] > 0 or job["state"] == "done")) - began)
            finished.append(until(lambda job: job and job["state"] == "done") - began)
            first.terminate()
            first.wait()
    return {"first sprites": statistics.median(shown), "finished": statistics.median(finished)}


def sampling(studio):
    studio.click("tab.generate")
    studio.type_into_slider("generate.count", "64")
    studio.type_into_slider("generate.steps", "1000")
    time.sleep(SPAN_S)
    studio.click("generate.run")
    time.sleep(SPAN_S)
    return frames(studio)


def stop_sampling(studio):
    studio.click("generate.stop")
    studio.click("generate.discard")


def thousands_of_sprites(studio):
    folder = studio.folder / "starter"
    subprocess.run([program, "dataset", "starter", folder, "--count", "400"], check=True, stdout=subprocess.DEVNULL)
    studio.click("tab.data")
    studio.type_into_field("data.path", folder)
    studio.click("data.open")
    studio.widget("data.sprite.0")
    return folder


def ten_thousand_kept(studio):
    """Seconds until the window shows them, all read anew."""
    folder = studio.home / "gallery"
    folder.mkdir()
    for i in range(KEPT):
        pixels = bytes(v for p in range(256) for v in (i & 255, i >> 8, p, 255 * (p % 3 > 0)))
        Picture(16, 16, 4, pixels).save_png(folder / f"sprite-{i:05}.png")
    studio.click("tab.gallery")
    started = time.monotonic()
    studio.wait("all of them", lambda m: m["widgets"].get("gallery.count", {}).get("value") == KEPT)
    return time.monotonic() - started


def scrolling(studio, tab, first):
    studio.click(tab)
    x, y, w, h = studio.widget(first)["rect"]
    studio.xdotool("mousemove", x + w // 2, y + h // 2)
    until = time.monotonic() + SPAN_S
    while time.monotonic() < until:
        for button in (5, 4):
            studio.xdotool("click", "--repeat", 40, "--delay", 12, button)
    return frames(studio)


def train(studio, data):
    studio.click("tab.train")
    studio.type_into_field("train.data", data)
    studio.wait("a plan", lambda m: m["widgets"].get("train.plan", {}).get("value", 0) > 0)
    studio.click("train.start")
    studio.wait("training", lambda m: m["training"] and m["training"]["step"] >= 2)
    time.sleep(SPAN_S)
    return frames(studio)


def idle(studio):
    """Frames a second with nothing to do, the pointer still."""
    time.sleep(3)
    before = studio.map()["frames"]
    time.sleep(SPAN_S)
    return (studio.map()["frames"] - before) / SPAN_S


def batch_of_16(studio):
    """Seconds from the click on Generate to the finished sprites, the median of some; alone, and beside two busy programs."""
    studio.click("tab.generate")
    studio.type_into_slider("generate.count", "16")
    studio.type_into_slider("generate.steps", "25")
    studio.generate()  # the model is read, the plan made

    def seconds():
        took = []
        for _ in range(BATCHES):
            started = time.monotonic()
            studio.generate()
            took.append(time.monotonic() - started)
        return statistics.median(took)

    alone = seconds()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        beside = seconds()
    finally:
        for process in busy:
            process.kill()
            process.wait()
    return {"alone": alone, "beside two": beside, "times": beside / alone}


def dragging_live(studio):
    """Frames, and how many batches were shown, while the guidance slider of 16 sprites is dragged to and fro for three seconds."""
    studio.click("tab.generate")
    studio.type_into_slider("generate.count", "16")
    studio.click("generate.live")
    x, y, w, h = studio.widget("generate.guidance")["rect"]
    time.sleep(SPAN_S)
    before = studio.job()["id"]
    studio.xdotool("mousemove", x + w // 4, y + h // 2, "mousedown", 1)
    started = time.monotonic()
    place = 0
    while time.monotonic() - started < 3:
        place += 1
        studio.xdotool("mousemove", x + w // 4 + abs(place * 3 % w - w // 2), y + h // 2)
        time.sleep(0.01)
    batches = studio.job()["id"] - before
    smooth = frames(studio)
    studio.xdotool("mouseup", 1)
    studio.click("generate.live")
    return {**smooth, "batches": batches}


def told(found, what, value):
    found[what] = value
    if "--json" not in sys.argv:
        print(f"{what:26} " + (", ".join(f"{k} {v:.2f}" for k, v in value.items()) if isinstance(value, dict) else f"{value:.3f}"), flush=True)


def measured():
    found = {}
    told(found, "first_frame_s", first_frame())
    told(found, "first_start_s", first_start())
    with Studio(program, "--model", model) as studio:
        studio.wait("classes", lambda m: any(n.startswith("generate.class.") for n in m["widgets"]))
        told(found, "idle_frames_a_second", idle(studio))
        told(found, "batch_of_16_s", batch_of_16(studio))
        told(found, "dragging_live_ms", dragging_live(studio))
        told(found, "sampling_ms", sampling(studio))
        stop_sampling(studio)
        data = thousands_of_sprites(studio)
        told(found, "scrolling_ms", scrolling(studio, "tab.data", "data.sprite.0"))
        told(found, "gallery_read_s", ten_thousand_kept(studio))
        told(found, "gallery_scrolling_ms", scrolling(studio, "tab.gallery", "gallery.item.0"))
        told(found, "training_ms", train(studio, data))
        told(found, "training_and_sampling_ms", sampling(studio))
    return found


found = measured()
if "--json" in sys.argv:
    print(json.dumps(found))
