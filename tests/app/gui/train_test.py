"""An artist trains a model with a real pointer: data, Start, losses and samples, Generate meanwhile, Use now, pause, resume, stop,
go on, close in between and go on next time, discard. Prints how long the window's frames took."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from support import Studio

program, model = sys.argv[1:3]
SMALL_AND_LIVELY = {"batch": 8, "sample_every": 20, "sample_columns": 1, "evaluate_every": 10, "checkpoint_every": 1000, "warmup": 1, "learning_rate": 0.003}
LONG_ENOUGH = 60  # steps, for the loss to have fallen beyond doubt


def training(studio, what, holds, seconds=300):
    return studio.wait(what, lambda m: m["training"] and holds(m["training"]), seconds)["training"]


def at_step(studio, step):
    return training(studio, f"step {step} of training", lambda t: t["state"] == "running" and t["step"] >= step)


def told(studio, phase):
    frames = studio.map()["frame_ms"]
    print(f"frames while {phase}: median {frames['median']} ms, p99 {frames['p99']} ms, longest {frames['max']} ms", flush=True)


def samples(studio):
    return studio.display.fingerprint([w["rect"] for name, w in studio.map()["widgets"].items() if name.startswith("train.sample.")])


def smoothed_losses(run):
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [line["smoothed_loss"] for line in lines if line.get("smoothed_loss") is not None]


def starts(studio, data, steps):
    studio.click("tab.train")
    studio.expect("tab.train", True)
    studio.type_into_field("train.data", str(data))
    studio.click("train.recipe")
    studio.click("train.recipe.quick")
    studio.expect("train.recipe", "quick")
    studio.type_into_field("train.steps", str(steps))
    planned = studio.widget("train.plan")["value"]
    assert planned > 1000, planned
    name = studio.value("train.name")
    studio.click("train.start")
    at_step(studio, 1)
    assert "train.stop" in studio.map()["widgets"]
    return studio.home / "runs" / name


def samples_change_and_the_past_is_there(studio):
    studio.wait("two strips of samples", lambda m: m["widgets"].get("train.strip_time", {}).get("value", -1) > 0)
    studio.click("train.pause")
    paused = training(studio, "a pause", lambda t: t["state"] == "paused")
    studio.settle()
    newest = samples(studio)
    studio.type_into_slider("train.strip_time", "0")
    studio.point_at("train.recipe" if "train.recipe" in studio.map()["widgets"] else "tab.train")
    studio.settle()
    assert samples(studio) != newest, "the samples of step 0 look like the newest ones"
    assert training(studio, "the pause", lambda t: True)["step"] == paused["step"], "a paused run went on"
    studio.click("train.resume")
    at_step(studio, paused["step"] + 1)


def generates(studio, steps):
    studio.click("tab.generate")
    studio.type_into_slider("generate.steps", str(steps))
    job = studio.generate()
    assert job["step"] == steps, job


def generate_works_meanwhile(studio):
    before = training(studio, "training", lambda t: True)["step"]
    generates(studio, 6)
    told(studio, "training and generating")
    at_step(studio, before + 1)


def edits_meanwhile(studio):
    """The pixel editor does not wait for training either."""
    studio.click("grid.0")
    studio.click("edit.open")
    studio.expect("edit.sprite", 0)
    studio.press("Right")
    studio.wait("the change", lambda m: m["widgets"]["edit.undo"]["enabled"], 60)
    at_step(studio, studio.map()["training"]["step"] + 1)
    studio.click("edit.done")
    studio.widget("edit.open")


def use_now(studio, run):
    studio.click("tab.train")
    studio.click("train.use_now")
    studio.wait("word of the model", lambda m: any("open in the Generate tab" in n["message"] for n in m["notices"]))
    assert training(studio, "training", lambda t: True)["state"] == "running", "Use now stopped the run"
    studio.click("tab.generate")
    used = studio.wait("the run's model", lambda m: str(run) in str(m["widgets"].get("generate.model", {}).get("value")))
    assert used["widgets"]["generate.model"]["value"].endswith(".safetensors")
    generates(studio, 4)


def stop_and_go_on(studio, run):
    studio.click("tab.train")
    at_step(studio, LONG_ENOUGH)
    told(studio, "training")
    studio.click("train.stop")
    stopped = training(studio, "the end", lambda t: t["state"] == "done")
    losses = smoothed_losses(run)
    assert len(losses) > 2 and losses[-1] < losses[0], losses
    file = studio.home / "models" / (run.name + ".safetensors")
    assert file.is_file(), "no model was written"
    studio.widget(f"train.run.{run.name}")
    studio.type_into_field("train.go_on_steps", str(stopped["step"] + 4))
    studio.click("train.go_on")
    ended = training(studio, "the planned end", lambda t: t["state"] == "done" and t["step"] > stopped["step"])
    assert ended["step"] == ended["total"] == stopped["step"] + 4, ended


def replaces_a_run(studio, data, run):
    studio.click("tab.train")
    studio.type_into_field("train.data", str(data))
    studio.type_into_field("train.steps", "80000")
    studio.type_into_field("train.name", run.name)
    losses = (run / "metrics.jsonl").read_bytes()
    studio.click("train.start")
    studio.click("train.cancel")
    studio.wait("the question gone", lambda m: "train.replace" not in m["widgets"])
    assert (run / "metrics.jsonl").read_bytes() == losses, "a run was changed before the answer"
    assert studio.map()["training"]["state"] != "running", "a run began before the answer"
    studio.click("train.start")
    studio.click("train.replace")
    training(studio, "the new run", lambda t: t["state"] == "running" and t["run"] == str(run) and t["total"] == 80000 and t["step"] >= 1)
    wait_until(lambda: (run / "metrics.jsonl").is_file() and (run / "metrics.jsonl").stat().st_size > 0)
    assert not (run / "metrics.jsonl").read_bytes().startswith(losses), "the old run's losses are still there"
    studio.click("train.discard")
    studio.click("train.discard_yes")
    training(studio, "the run's end", lambda t: t["state"] == "cancelled")


def close_while_training(studio):
    step = at_step(studio, 2)["step"]
    studio.with_ctrl(lambda: studio.press("q"))
    studio.click("close.cancel")
    studio.wait("the question gone", lambda m: "close.suspend" not in m["widgets"])
    at_step(studio, step + 1)
    studio.with_ctrl(lambda: studio.press("q"))
    studio.click("close.suspend")
    assert studio.process.wait(timeout=120) == 0
    return step


def trains_on_what_is_open_in_the_data_tab(studio, data):
    studio.click("tab.data")
    studio.type_into_field("data.path", str(data))
    studio.click("data.open")
    studio.wait("the set", lambda m: m["data"]["ready"] and m["data"]["path"] == str(data))
    studio.click("data.train")
    studio.expect("train.data", str(data))
    studio.widget("train.plan")


def tells_how_good_it_is(studio, run):
    """Of the run that is shown."""
    studio.click("train.evaluate")
    studio.click("evaluation.run")
    studio.wait("word of how far it is", lambda m: m["widgets"].get("evaluation.progress", {}).get("value", 0) > 0)
    measures = studio.wait("the numbers", lambda m: "evaluation.measure.3" in m["widgets"], 300)["widgets"]
    told = [w["value"] for name, w in measures.items() if name.startswith("evaluation.measure.")]
    assert any(value.startswith("Recall ") for value in told), told
    assert (run / "evaluation.png").is_file()
    studio.click("evaluation.close")
    studio.wait("the dialog gone", lambda m: "evaluation.close" not in m["widgets"])


def makes_it_live(studio, run):
    """Of the run that is shown: one that distils its model, begun and discarded."""
    studio.click("train.make_live")
    live = training(studio, "the run that distils", lambda t: t["run"].endswith("-live") and t["step"] >= 1)
    assert pathlib.Path(live["run"]) == run.parent / f"{run.name}-live"
    recipe = json.loads((pathlib.Path(live["run"]) / "recipe.json").read_text())
    assert recipe["distill"] is True
    studio.click("train.discard")
    studio.click("train.discard_yes")
    training(studio, "its end", lambda t: t["state"] == "cancelled")


def watches_a_run_of_elsewhere(studio, data, home):
    """One that two processes on the command line write: it is read again as it goes on, and can be gone on with once it has ended."""
    small = [part for key, value in {**SMALL_AND_LIVELY, "width": 16, "multipliers": "1", "steps": 1000000, "evaluate_every": 50}.items() for part in ("--set", f"{key}={value}")]
    run = home / "runs" / "elsewhere"
    other = subprocess.Popen([program, "train", "--data", str(data), "--out", str(home / "models" / "elsewhere.safetensors"), "--run", str(run), "--processes", "2", "--threads", "1", *small],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: (run / "metrics.jsonl").is_file())
        studio.click("tab.generate")
        studio.click("tab.train")
        studio.click("train.run.elsewhere")
        first = studio.wait("the run", lambda m: m["widgets"].get("train.run.elsewhere", {}).get("value") is True and "train.step" in m["widgets"])["widgets"]["train.step"]["value"]
        later = studio.wait("more of it", lambda m: m["widgets"]["train.step"]["value"] > first)["widgets"]["train.step"]["value"]
        studio.wait("still more", lambda m: m["widgets"]["train.step"]["value"] > later)
        assert "train.go_on" not in studio.map()["widgets"], "a run that is under way elsewhere cannot be gone on with here"
        tells_of_its_processes(studio)
        changes_it_from_here(studio, run)
        other.terminate()
        assert other.wait(timeout=60) == 0
        last = smoothed_losses(run)
        assert len(last) > 2
        studio.wait("its end", lambda m: m["widgets"].get("train.go_on", {}).get("enabled"))
        studio.click("train.close_run")
    finally:
        other.kill()


def tells_of_its_processes(studio):
    """Of the run that is shown, which two processes train."""
    told = studio.wait("the speed of each process", lambda m: all(m["widgets"].get(f"train.process.{rank}", {}).get("value", 0) > 0 for rank in (0, 1)))["widgets"]
    assert told["train.processes"]["value"] == 2, told["train.processes"]
    assert "train.process.2" not in told
    rates = [told[f"train.process.{rank}"]["value"] for rank in (0, 1)]
    slowest = told["train.processes.slowest"]["value"]
    assert rates[slowest] == min(rates), (rates, slowest)


def changes_it_from_here(studio, run):
    """Steps of the run that is shown, which processes elsewhere train; and what cannot be is refused."""
    assert not studio.widget("train.change")["enabled"], "there is nothing to change yet"
    studio.type_into_field("train.change_steps", "0")
    studio.click("train.change")
    studio.wait("a refusal", lambda m: any("steps" in n["message"] for n in m["notices"]))
    assert not (run / "change.json").exists()
    studio.type_into_field("train.change_steps", "900000")
    studio.click("train.change")
    wait_until(lambda: json.loads((run / "recipe.json").read_text())["steps"] == 900000)
    assert any(json.loads(line).get("changes") == {"steps": 900000} for line in (run / "metrics.jsonl").read_text().splitlines())
    studio.wait("word of it", lambda m: not m["widgets"]["train.change"]["enabled"] and m["widgets"]["train.change_steps"]["value"] == 900000)


def wait_until(holds, seconds=60):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it does not come"
        time.sleep(0.1)


def first_session(data, home):
    with Studio(program, "--model", model, home=home) as studio:
        studio.wait("the engine", lambda m: m["engine"] == "ready" and "generate.class_clear" in m["widgets"])
        run = starts(studio, data, 100000)
        samples_change_and_the_past_is_there(studio)
        generate_works_meanwhile(studio)
        edits_meanwhile(studio)
        use_now(studio, run)
        stop_and_go_on(studio, run)
        second = starts(studio, data, 90000)
        assert second != run
        step = close_while_training(studio)
    return second, step


def second_session(data, home, first, run, step):
    with Studio(program, "--model", model, home=home) as studio:
        studio.click("tab.train")
        studio.click("train.offer.go_on")
        at_step(studio, step + 1)
        assert studio.map()["training"]["run"] == str(run)
        studio.click("train.discard")
        studio.click("train.discard_yes")
        training(studio, "the run's end", lambda t: t["state"] == "cancelled")
        studio.wait("the run gone from the list", lambda m: f"train.run.{run.name}" not in m["widgets"])
        assert not run.exists(), "the discarded run is still there"
        trains_on_what_is_open_in_the_data_tab(studio, data)
        studio.click(f"train.run.{first.name}")
        studio.expect(f"train.run.{first.name}", True)
        if len(sys.argv) == 3:
            tells_how_good_it_is(studio, first)
            makes_it_live(studio, first)
            watches_a_run_of_elsewhere(studio, data, home)
            replaces_a_run(studio, data, first)
        assert studio.quit() == 0


folder = pathlib.Path(tempfile.mkdtemp(prefix="spritekiln-train-"))
try:
    data, home = folder / "starter", folder / "home"
    if len(sys.argv) > 3:
        data.mkdir()  # an engine that needs no sprites
    else:
        subprocess.run([program, "dataset", "starter", str(data), "--count", "12"], check=True, stdout=subprocess.DEVNULL)
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"version": 1, "train": {"recipe": "standard", "overrides": {"quick": SMALL_AND_LIVELY}}}))
    run, step = first_session(data, home)
    first = home / "runs" / "starter"
    second_session(data, home, first, run, step)
finally:
    shutil.rmtree(folder)
