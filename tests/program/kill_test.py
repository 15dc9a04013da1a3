"""Training is killed with SIGKILL at twenty random moments, and ends in the same bytes as a run that nobody disturbed."""

import json
import os
import random
import signal
import sys
import time

from support import Workplace, check, checkpoints, small_recipe, wait_for_checkpoint

KILLS = 20
STEPS = 600
# With KILL_STRIPS=1, samples are drawn so often that many a kill falls into that.
RECIPE = dict(checkpoint_every=1, **({"sample_every": 3, "sample_columns": 2} if os.environ.get("KILL_STRIPS") == "1" else {}))


def kill_and_go_on(place, rng):
    run = place.path("killed.run")
    arguments = ["train", "--data", place.path("data"), "--out", place.path("killed.safetensors"), *small_recipe(STEPS, **RECIPE)]
    for kill in range(KILLS):
        process = place.start(*arguments)
        before = checkpoints(run)[-1] if checkpoints(run) else 0
        reached = wait_for_checkpoint(process, run, before + rng.randint(1, 20))
        time.sleep(rng.random() * 0.01)
        if process.poll() is not None:
            out, err = process.communicate()
            check(False, f"the run ended by itself at step {reached}, before kill {kill + 1}:\n{out}{err}")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        check(checkpoints(run) != [], "a checkpoint is left")
        arguments = ["train", "--resume", "--out", place.path("killed.safetensors"), "--threads", "1"]
    place.run(*arguments)


def metrics_steps(place, name):
    return [json.loads(line)["step"] for line in place.read(name).decode().splitlines()]


def main():
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randint(0, 2**32 - 1)))
    print(f"KILL_SEED={seed}")
    with Workplace(sys.argv[1]) as place:
        place.run("train", "--data", place.path("data"), "--out", place.path("whole.safetensors"), *small_recipe(STEPS, **RECIPE))
        kill_and_go_on(place, random.Random(seed))
        check(place.read("killed.safetensors") == place.read("whole.safetensors"), "the models are the same to the byte")
        check(place.read("killed.run/best.safetensors") == place.read("whole.run/best.safetensors"), "the best models are, too")
        check(metrics_steps(place, "killed.run/metrics.jsonl") == metrics_steps(place, "whole.run/metrics.jsonl"), "no line of metrics is missing or there twice")
        left = [name for name in os.listdir(place.path("killed.run")) if name.endswith(".tmp")]
        check(left == [], f"nothing half-written is left: {left}")


main()
