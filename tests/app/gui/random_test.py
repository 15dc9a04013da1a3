"""Clicks, drags, types, drops and resizes at random, as seeded: the window goes on, answers, reports no error of its own, and closes.

random_test.py PROGRAM [--model M] [--seed S] [--actions N | --minutes M]

Every few actions it goes to a place that chance would find seldom (the pixel editor, an animation's frames by hand, the Lab, a key's
recording …), one after the other in random order, and is let loose there.

With a program under a sanitizer, what that reports is a failure. The last actions are told with it, and --seed repeats them as far as
the machine's speed lets it.
"""

import argparse
import json
import subprocess
import time

from support import Studio
from visitor import Visitor


def run(options):
    arguments = ["--model", options.model] if options.model else []
    until = time.monotonic() + options.minutes * 60 if options.minutes else None
    with Studio(options.program, *arguments, width=1440, height=1000) as studio:
        studio.wait("the engine", lambda m: m["engine"] == "ready")
        dabbler = Visitor(studio, options.seed)
        count, memory = 0, [dabbler.memory()]
        while time.monotonic() < until if until else count < options.actions:
            try:
                dabbler.act()
            except (AssertionError, subprocess.CalledProcessError):
                dabbler.check()  # which knows more, if the window is why
                raise
            count += 1
            if count % 20 == 0:
                dabbler.check()
            if count % 500 == 0:
                memory.append(dabbler.memory())
        dabbler.check()
        dabbler.visit_the_rest()
        dabbler.check()
        dabbler.close()
    print(json.dumps({"seed": options.seed, "actions": count, "visited": dabbler.visited, "memory_MiB": memory}))


parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--model")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--actions", type=int, default=300)
parser.add_argument("--minutes", type=float)
run(parser.parse_args())
