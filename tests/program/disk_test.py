"""A disk that is full, and a newest checkpoint that was cut off: the run goes on from the last good one, and ends in the same bytes."""

import os
import resource
import signal
import sys

from support import Workplace, check, checkpoints, small_recipe

STEPS = 60


def limit_files(size):
    """No file that the program writes may grow larger: to it, the disk is full."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def begin(place, name):
    """A run of all its steps; returns its model."""
    place.run("train", "--data", place.path("data"), "--out", place.path(f"{name}.safetensors"), *small_recipe(STEPS))
    check(checkpoints(place.path(f"{name}.run"))[-1] == STEPS, "the run is whole")
    return place.read(f"{name}.safetensors")


def going_on(place, name, *more):
    return ["train", "--resume", "--out", place.path(f"{name}.safetensors"), "--threads", "1", *more]


def full_disk(place):
    longer = ("--steps", str(2 * STEPS))
    begin(place, "whole")
    place.run(*going_on(place, "whole", *longer))
    model = begin(place, "full")
    run = place.path("full.run")
    good = os.path.join(run, f"checkpoint-{STEPS:08}.safetensors")
    before = place.read(good)
    _, err = place.run(*going_on(place, "full", *longer), expect=1, preexec_fn=limit_files(len(before) * 3 // 4))
    check("error: " in err and "hint: " in err and "checkpoint" in err, f"the error says what could not be written: {err}")
    check(place.read(good) == before, "the last good checkpoint is intact")
    check(place.read("full.safetensors") == model, "so is the model")
    check([name for name in os.listdir(run) if name.endswith(".tmp")] == [], "nothing half-written is left")
    place.run(*going_on(place, "full", *longer))
    check(place.read("full.safetensors") == place.read("whole.safetensors"), "with space again, it ends in the same bytes")


def cut_off(place):
    model = begin(place, "cut")
    run = place.path("cut.run")
    newest = os.path.join(run, f"checkpoint-{STEPS:08}.safetensors")
    os.truncate(newest, os.path.getsize(newest) * 2 // 3)
    os.remove(place.path("cut.safetensors"))
    out, _ = place.run(*going_on(place, "cut"))
    check(f"checkpoint-{STEPS:08}.safetensors is left out" in out, f"it says which checkpoint was left out: {out}")
    check(place.read("cut.safetensors") == model, "gone on with from the one before, it ends in the same bytes")


def main():
    with Workplace(sys.argv[1]) as place:
        full_disk(place)
        cut_off(place)


main()
