"""A sweep gives up the worse half again and again, goes on where it was stopped, and writes the best trial's model."""

import json
import os
import shutil
import signal
import sys

from support import Workplace, check, checkpoints, small_recipe, wait_for_checkpoint

TRIALS, BUDGET = 4, 360  # rungs of 4, 2 and 1 trials: 30, 60 and 120 more steps each


def arguments(place, name, *more):
    recipe = [value for value in small_recipe(1) if value != "steps=1"]
    while recipe[-1] == "--set":
        recipe.pop()
    return ["sweep", "--data", place.path("data"), "--out", place.path(f"{name}.safetensors"), *recipe, "--vary", "learning_rate=1e-5..1e-2", "--vary", "batch=4,8",
            "--trials", str(TRIALS), "--budget", str(BUDGET), "--seed", "3", "--json", *more]


def check_table(table):
    trials = table["trials"]
    check(len(trials) == TRIALS, "every trial is in the table")
    check(sorted(trial["steps"] for trial in trials) == [30, 30, 90, 210], f"half go on each time: {[t['steps'] for t in trials]}")
    check(trials[0]["steps"] == 210 and table["best"] == trials[0]["trial"], "the best is first")
    for trial in trials:
        values = trial["values"]
        check(1e-5 <= values["learning_rate"] <= 1e-2 and values["batch"] in (4, 8), f"values are within their limits: {values}")
    first_half = [trial["loss"] for trial in trials if trial["steps"] == 30]
    check(len({trial["values"]["learning_rate"] for trial in trials}) == TRIALS, "no two trials are the same")
    check(all(loss > 0 for loss in first_half), "losses are told")


def rung_losses(place, trial, step):
    lines = [json.loads(line) for line in place.read(f"whole.sweep/trial-{trial:03}.run/metrics.jsonl").decode().splitlines()]
    return [line["validation_loss"] for line in lines if line["step"] == step][0]


def main():
    with Workplace(sys.argv[1]) as place:
        out, _ = place.run(*arguments(place, "whole"))
        table = json.loads(out)
        check_table(table)
        losses = {trial["trial"]: rung_losses(place, trial["trial"], 30) for trial in table["trials"]}
        went_on = {trial["trial"] for trial in table["trials"] if trial["steps"] > 30}
        check(went_on == set(sorted(losses, key=losses.get)[:2]), f"the better half went on: {losses}, {went_on}")
        check(os.path.getsize(place.path("whole.safetensors")) > 1000, "the model is there")

        _, err = place.run(*arguments(place, "whole"), expect=1)
        check("--resume" in err, "an earlier sweep is not overwritten")
        model = place.read("whole.safetensors")
        os.rename(place.path("whole.sweep"), place.path("kept.sweep"))
        _, err = place.run(*arguments(place, "whole"), expect=1)
        check("whole.safetensors" in err and "--force" in err and place.read("whole.safetensors") == model, "a model is not overwritten")
        check(not os.path.exists(place.path("whole.sweep")), "nothing was begun")
        place.run(*arguments(place, "whole", "--force"))
        check(os.path.exists(place.path("whole.sweep")), "unless that is asked for")
        shutil.rmtree(place.path("whole.sweep"))
        os.rename(place.path("kept.sweep"), place.path("whole.sweep"))
        _, err = place.run(*arguments(place, "whole", "--resume", "--set", "warmup=5"), expect=1)
        check("another" in err, "a sweep goes on only as it was begun")

        process = place.start(*arguments(place, "killed"))
        wait_for_checkpoint(process, place.path("killed.sweep/trial-002.run"), 10)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        check(not os.path.exists(place.path("killed.safetensors")), "it was killed on its way")
        out, _ = place.run(*arguments(place, "killed", "--resume"))
        again = json.loads(out)
        for a, b in zip(table["trials"], again["trials"]):
            check((a["trial"], a["values"], a["loss"], a["steps"]) == (b["trial"], b["values"], b["loss"], b["steps"]), f"stopped and gone on with, it finds the same: {a} {b}")


main()
