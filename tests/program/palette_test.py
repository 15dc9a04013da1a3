"""A model with a palette head, as a user trains and uses it: its sprites have its colours alone, or those of them that were asked for."""

import json
import sys

from support import Workplace, arrays, check, refused, small_recipe


def colours(sprites):
    """The opaque colours of all sprites, as texts, and the alphas that occur."""
    found, alphas = set(), set()
    for sprite in sprites:
        for i in range(0, len(sprite), 4):
            alphas.add(sprite[i + 3])
            if sprite[i + 3]:
                found.add("#%02x%02x%02x" % tuple(sprite[i:i + 3]))
    return found, alphas


def alphas_of(sprites):
    return [sprite[3::4] for sprite in sprites]


def sample(place, *more):
    place.run("sample", "--model", place.path("m.safetensors"), "--threads", "1", "--steps", "8", "--device", "cpu", "--count", "6", "--seed", "3",
              "--out", place.path("out.npy"), "--force", *more)
    return arrays(place.read("out.npy"))


def inspected(place, name):
    out, _ = place.run("inspect", place.path(name), "--json")
    return json.loads(out)


with Workplace(sys.argv[1]) as place:
    recipe = small_recipe(60, palette="12", learning_rate="0.003")
    place.run("train", "--data", place.path("data"), "--out", place.path("m.safetensors"), *recipe)
    model = inspected(place, "m.safetensors")
    palette = set(model["palette"].split(","))
    check("palette head" in model["prediction"] and 2 <= len(palette) <= 12, "the model tells its palette head")

    for precision in ["fp32", "bf16"]:
        plain = sample(place, "--precision", precision)
        found, alphas = colours(plain)
        check(found <= palette and alphas <= {0, 255}, f"{precision}: every pixel is of the palette, or transparent")
        check(len(found) > 3, "more than a few of its colours are used")
    whole = ["--precision", "fp32", "--remove-strays", "false"]  # then mapping to a palette leaves all alphas
    plain = sample(place, *whole)
    some = sorted(colours(plain)[0])[:3]
    locked = sample(place, "--palette", ",".join(some), *whole)
    check(colours(locked)[0] <= set(some), "colours that are locked are the only ones")
    check(alphas_of(locked) != alphas_of(plain), "and the sprites formed without the others: they are not mapped in the end")
    swapped = sample(place, "--palette", "#ff00fe,#00fe01", *whole)
    check(alphas_of(swapped) == alphas_of(plain), "as those are that ask for colours the model does not have")
    check(colours(swapped)[0] <= {"#ff00fe", "#00fe01"}, "a palette of other colours is mapped to")

    few = place.path("few")  # few colours, so that a palette head comes of itself
    place.run("dataset", "convert", place.path("data"), few, "--palette", "auto:9")
    for palette, data in [({}, few), ({"palette": "7"}, place.path("data"))]:
        place.run("train", "--data", data, "--out", place.path("m2.safetensors"), "--init", place.path("m.safetensors"), "--force",
                  *small_recipe(5, validation_share=0, **palette))
        second = inspected(place, "m2.safetensors")
        check("palette head" in second["prediction"], "a model that goes on from one with a palette head has one, too")
        check(len(second["palette"].split(",")) <= int(palette.get("palette", 9)), "of its own set's colours")
    refused(place, "train", "--data", place.path("data"), "--out", place.path("m3.safetensors"), *small_recipe(5, palette="many"),
            words=["many", "auto"])
print("a palette head draws in its palette's colours alone")
