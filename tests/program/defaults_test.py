"""A model file says how its sprites come out best, and all that makes sprites takes that where nothing else is said."""

import json
import sys

from support import Workplace, check, refused, small_recipe


def settings_of(place, *more):
    out, _ = place.run("sample", "--model", place.path("m.safetensors"), "--count", "2", "--device", "cpu", "--threads", "1", "--json", "--out",
                       place.path("out.png"), "--force", *more)
    recipe = json.loads(out)["sprites"][0]
    return recipe


with Workplace(sys.argv[1]) as place:
    model = place.path("m.safetensors")
    place.run("train", "--data", place.path("data"), "--out", model, *small_recipe(4))
    out, _ = place.run("defaults", model)
    check("guidance" in out and "not in the file" in out, "a new model says nothing of guidance, and the program's defaults are told")
    first = json.loads(place.run("defaults", model, "--json")[0])
    check(set(first) <= {"merge_colours"}, "as JSON too: a set of very many colours has them merged")
    before = place.read("m.safetensors")

    refused(place, "defaults", model, "--guidance", "3", words=["--force"])
    check(place.read("m.safetensors") == before, "a model is not overwritten unasked")
    place.run("defaults", model, "--guidance", "3", "--guidance-from", "0.25", "--steps", "6", "--sampler", "dpmpp_2m", "--force")
    check(json.loads(place.run("defaults", model, "--json")[0]) == {**first, "guidance": 3.0, "guidance_from": 0.25, "sampler": "dpmpp_2m", "steps": 6},
          "values are set, and read back")
    for bad, word in [(["--guidance", "77"], "15"), (["--sampler", "euler"], "euler")]:
        refused(place, "defaults", model, "--force", *bad, words=[word])

    own = settings_of(place)
    check(own["sampler"] == "dpmpp_2m" and own["parameters"]["guidance"] == 3 and own["parameters"]["steps"] == 6, "sample takes them")
    told = settings_of(place, "--steps", "4", "--sampler", "ddim", "--guidance-from", "0")
    check(told["sampler"] == "ddim" and told["parameters"]["steps"] == 4 and told["parameters"]["guidance_from"] == 0, "but for what it is told")
    inspected = json.loads(place.run("inspect", model, "--json")[0])
    check(inspected["sampling"]["guidance"] == 3, "inspect shows them")

    place.run("train", "--data", place.path("data"), "--out", place.path("m2.safetensors"), "--init", model, *small_recipe(2))
    check(json.loads(place.run("defaults", place.path("m2.safetensors"), "--json")[0])["guidance"] == 3, "a model that goes on from it keeps them")
