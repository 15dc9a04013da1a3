"""Training in several processes: the weights of one, the same bytes for a number of processes, and what is left when one is stopped, held up or killed.
KILLS=50 for the long one."""

import json
import os
import random
import signal
import struct
import sys
import time

from support import Workplace, check, checkpoints, small_recipe, wait_for_checkpoint

STEPS = 200


def weights_of(place, name):
    data = place.read(name)
    size = struct.unpack("<Q", data[:8])[0]
    values = []
    for key, entry in sorted(json.loads(data[8:8 + size]).items()):
        if key == "__metadata__" or entry["dtype"] != "F32":
            continue
        first, end = entry["data_offsets"]
        values += struct.unpack(f"<{(end - first) // 4}f", data[8 + size + first:8 + size + end])
    return values


def distance(a, b):
    check(len(a) == len(b) > 1000, "both models have the same weights")
    return max(abs(x - y) for x, y in zip(a, b))


def recipe(**changes):
    return small_recipe(changes.pop("steps", STEPS), **{"batch": 12, "checkpoint_every": 20, **changes})


def train(place, name, processes):
    return place.run("train", "--data", place.path("data"), "--out", place.path(name), *recipe(), "--processes", str(processes))


def trainers(place):
    """The processes that train, without the one that started them: their ids, by rank."""
    found = {}
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                variables = dict(part.split(b"=", 1) for part in file.read().split(b"\0") if b"=" in part)
            if variables.get(b"SPRITEKILN_HOME") == place.environment["SPRITEKILN_HOME"].encode() and b"RANK" in variables:
                found[int(variables[b"RANK"])] = int(entry)
        except (OSError, ValueError):
            continue
    return found


def same_whatever_the_number(place):
    for name, processes in (("one", 1), ("two", 2), ("again", 2), ("three", 3)):
        train(place, name + ".safetensors", processes)
    one = weights_of(place, "one.safetensors")
    for name in ("two", "three"):
        far = distance(one, weights_of(place, name + ".safetensors"))
        print(f"{name} processes: {far:.3g} from one")
        check(far < 1e-6, f"{name} processes give the weights of one: {far}")
    check(place.read("two.safetensors") == place.read("again.safetensors"), "two processes give the same bytes every time")


def stopped_and_gone_on_with(place):
    """SIGTERM at the one that started the others; then another number of processes goes on."""
    process = place.start("train", "--data", place.path("data"), "--out", place.path("stopped.safetensors"), *recipe(steps=100000), "--processes", "2")
    wait_for_checkpoint(process, place.path("stopped.run"), 20)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    check(process.returncode == 0 and out.count("stopped; ") == 1, f"it stops, and says so once:\n{out}{err}")
    step = checkpoints(place.path("stopped.run"))[-1]
    place.run("train", "--resume", "--out", place.path("stopped.safetensors"), "--steps", str(step + 20), "--processes", "3")
    check(checkpoints(place.path("stopped.run"))[-1] == step + 20, "three go on where two have stopped")


def metrics_of(place, run):
    return [json.loads(line) for line in place.read(run + "/metrics.jsonl").splitlines()]


def changed_as_it_goes_on(place):
    """Steps and learning rate of two processes that train; then the same change at the same step of a run of one."""
    run = place.path("changed.run")
    values = ["train", "--data", place.path("data"), *recipe(steps=100000, checkpoints=100)]
    process = place.start(*values, "--out", place.path("changed.safetensors"), "--processes", "2")
    wait_for_checkpoint(process, run, 20)
    begun = time.monotonic()
    step = wait_for_checkpoint(process, run, 100)
    steps_a_second = (step - 20) / (time.monotonic() - begun)
    _, err = place.run("runs", "set", run, "--learning-rate", "5", expect=1)
    check("learning_rate" in err and "hint: " in err, f"a bad value is refused:\n{err}")
    place.run("runs", "set", run, "--learning-rate", "0.0001", "--steps", str(step + 50 + int(2 * steps_a_second)))
    out, err = process.communicate(timeout=120)
    check(process.returncode == 0, f"it comes to its new end:\n{out}{err}")
    lines = metrics_of(place, "changed.run")
    changed = [line for line in lines if "changes" in line]
    check(len(changed) == 1 and changed[0]["changes"]["learning_rate"] == 0.0001, f"the run knows of its change, once: {changed}")
    at, total = changed[0]["step"], changed[0]["changes"]["steps"]
    check(f"from step {at} on:" in out, f"it says so:\n{out}")
    check(checkpoints(run)[-1] == total, f"it ends after the new number of steps: {checkpoints(run)[-1]}, not {total}")
    check(not any(name.startswith("change") for name in os.listdir(run)), "what was asked for is gone")
    told = [line for line in lines if "hosts" in line]
    check(len(told) == 1 and len(told[0]["hosts"]) == 2, f"hosts are told once a start: {told}")
    check(all(line["world_size"] == 2 for line in lines), "each line tells the number of processes")
    paces = [line["rank_images_per_s"] for line in lines if line["loss"] is not None]
    check(paces and all(len(pace) == 2 and min(pace) > 0 for pace in paces), f"each process's speed is told: {paces[-1:]}")
    _, err = place.run("runs", "set", run, "--steps", str(total + 10), expect=1)
    check("not under way" in err, f"a run that has ended is not changed:\n{err}")

    values = ["train", "--data", place.path("data"), *recipe(steps=100000, checkpoints=100, checkpoint_every=at)]
    process = place.start(*values, "--out", place.path("alone.safetensors"))
    wait_for_checkpoint(process, place.path("alone.run"), at)
    process.kill()
    process.communicate(timeout=60)
    for later in checkpoints(place.path("alone.run")):
        if later > at:
            os.remove(place.path(f"alone.run/checkpoint-{later:08}.safetensors"))
    place.run("train", "--resume", "--out", place.path("alone.safetensors"), "--steps", str(total), "--set", "learning_rate=0.0001")
    check("world_size" not in metrics_of(place, "alone.run")[-1], "one process says nothing of others")
    far = distance(weights_of(place, "alone.safetensors"), weights_of(place, "changed.safetensors"))
    print(f"changed at step {at} of {total}: {far:.3g} from one process")
    check(far < 1e-5, f"two processes that were changed give the weights of one: {far}")


def killed(place, kills, rng):
    """Each time one of two processes, in the middle of a run or, now and then, before it has begun; ends in the bytes of an undisturbed run."""
    steps = 100 + 60 * kills
    values = ["train", "--data", place.path("data"), *recipe(steps=steps, checkpoint_every=5), "--processes", "2"]
    place.run(*values, "--out", place.path("whole.safetensors"))
    arguments = [*values, "--out", place.path("killed.safetensors")]
    run = place.path("killed.run")
    told = 0
    for kill in range(kills):
        before = checkpoints(run)[-1] if checkpoints(run) else 0
        process = place.start(*arguments)
        if kill % 10 == 9:
            while len(trainers(place)) < 2 and process.poll() is None:
                time.sleep(0.01)
        else:
            wait_for_checkpoint(process, run, before + rng.randint(1, 20))
        time.sleep(rng.random() * 0.05)
        rank = rng.randint(0, 1)
        victim = trainers(place).get(rank)
        if victim is None:
            out, err = process.communicate(timeout=60)
            check(False, f"the run ended by itself at step {checkpoints(run)[-1:]}, before kill {kill + 1}:\n{out}{err}")
        os.kill(victim, signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        check(process.returncode != 0, f"a killed training fails:\n{out}{err}")
        if "did not answer" in err:
            told += 1
            check(f"because process {rank} on" in err, f"it says which process is gone, and where it ran:\n{err}")
        check(trainers(place) == {}, "no process is left")
        arguments = ["train", "--resume", "--out", place.path("killed.safetensors"), "--processes", "2", "--threads", "1"]
    print(f"{told} of {kills} kills were told of by the other process")
    check(told >= kills // 2, "the other process tells of most")
    place.run(*arguments)
    for name in (".safetensors", ".run/best.safetensors"):
        check(place.read("killed" + name) == place.read("whole" + name), f"killed and gone on with, a run ends in the same bytes: {name}")


def held_up(place):
    """One that does not answer is told of after --process-timeout, in place of ten minutes."""
    process = place.start("train", "--data", place.path("data"), "--out", place.path("held.safetensors"), *recipe(steps=100000), "--processes", "2",
                          "--process-timeout", "8")
    wait_for_checkpoint(process, place.path("held.run"), 20)
    held = trainers(place).get(1)
    check(held is not None, "two processes train")
    os.kill(held, signal.SIGSTOP)
    until = time.monotonic() + 120
    while 0 in trainers(place) and time.monotonic() < until:
        time.sleep(0.05)
    ended = 0 not in trainers(place)
    os.kill(held, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    check(ended, f"the other process waits no longer than it was told to:\n{out}{err}")
    check(process.returncode != 0 and "because process 1 on" in err and "did not answer" in err, f"it says which one it waited for:\n{err}")
    step = checkpoints(place.path("held.run"))[-1]
    place.run("train", "--resume", "--out", place.path("held.safetensors"), "--steps", str(step + 20), "--processes", "2")


def refused(place):
    _, err = place.run("train", "--data", place.path("data"), "--out", place.path("nccl.safetensors"), *recipe(), "--device", "cpu", "--backend", "nccl", expect=1)
    check("NCCL" in err and "--backend gloo" in err, f"a backend that cannot be had is refused:\n{err}")
    _, err = place.run("train", "--data", place.path("data"), "--out", place.path("many.safetensors"), *recipe(batch=2), "--processes", "3", expect=1)
    check("cannot be shared by 3 processes" in err, f"a batch that is too small is refused:\n{err}")
    place.environment.update(RANK="2", WORLD_SIZE="2")
    _, err = place.run("train", "--data", place.path("data"), "--out", place.path("wrong.safetensors"), *recipe(), expect=1)
    check("RANK is “2”" in err and "torchrun" in err, f"variables that make no sense are named:\n{err}")


def main():
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randint(0, 2**32 - 1)))
    print(f"KILL_SEED={seed}")
    with Workplace(sys.argv[1]) as place:
        process = place.start("train", "--data", place.path("data"), "--out", place.path("first.safetensors"), *recipe(steps=2), "--processes", "2")
        _, err = process.communicate(timeout=120)
        if "cannot train in several processes" in err:
            print("left out: this build cannot train in several processes")
            return
        check(process.returncode == 0, f"two processes train:\n{err}")
        same_whatever_the_number(place)
        stopped_and_gone_on_with(place)
        changed_as_it_goes_on(place)
        held_up(place)
        killed(place, int(os.environ.get("KILLS", 3)), random.Random(seed))
        refused(place)


main()
