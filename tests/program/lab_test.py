"""What a model makes of a sprite at one noise level: the numbers against the definitions, computed here; the picture; bad input."""

import json
import math
import sys

from support import Workplace, check, png, refused, small_recipe

LENGTH = 1000


def cosine_alphas_bar():
    """Nichol & Dhariwal 2021, equation 17, with betas of at most 0.999."""
    def f(t):
        return math.cos((t / LENGTH + 0.008) / 1.008 * math.pi / 2) ** 2

    alphas_bar, product = [], 1.0
    for t in range(LENGTH):
        product *= 1 - min(1 - f(t + 1) / f(t), 0.999)
        alphas_bar.append(product)
    return alphas_bar


def numbers(place, *arguments):
    return json.loads(place.run("lab", "--model", place.path("model.safetensors"), "--sprite", place.path("sprite.png"), *arguments, "--json")[0])


def colour(x, y):
    return (x * 16, y * 16, 77, 255) if 3 < x < 12 else (0, 0, 0, 0)


with Workplace(sys.argv[1]) as place:
    place.run("train", "--data", place.path("data"), "--out", place.path("model.safetensors"), *small_recipe(12))
    with open(place.path("sprite.png"), "wb") as file:
        file.write(png(16, 16, colour))
    found = numbers(place, "--t", "0.4", "--seed", "9", "--guidance", "3", "--class", "potion")
    level = found["timestep"]
    check(level == round(0.4 * (LENGTH - 1)), "the noise level")
    wanted = cosine_alphas_bar()
    check(max(abs(a - b) for a, b in zip(wanted, found["alphas_bar"])) < 1e-9, "the schedule is Nichol and Dhariwal's")
    signal, spread = math.sqrt(wanted[level]), math.sqrt(1 - wanted[level])
    pictures = {name: picture["values"] for name, picture in found["pictures"].items()}
    sprite = [colour(i % 16, i // 16 % 16)[i // 256] / 127.5 - 1 for i in range(4 * 256)]
    check(max(abs(a - b) for a, b in zip(sprite, pictures["sprite"])) < 1e-6, "the sprite's own numbers")
    noisy = [signal * s + spread * e for s, e in zip(pictures["sprite"], pictures["noise"])]
    check(max(abs(a - b) for a, b in zip(noisy, pictures["noisy"])) < 1e-6, "x_t = √ᾱ · x0 + √(1-ᾱ) · ε")
    back = [signal * s + spread * e for s, e in zip(pictures["predicted_sprite"], pictures["predicted_noise"])]
    check(max(abs(a - b) for a, b in zip(back, noisy)) < 1e-5, "the predictions make the same x_t")
    guided = [u + 3 * (c - u) for c, u in zip(pictures["conditional"], pictures["unconditional"])]
    check(max(abs(a - b) for a, b in zip(guided, pictures["predicted_sprite"])) < 1e-4, "guidance: null + 3 · (class - null)")
    mean = sum(pictures["noise"]) / 1024
    check(abs(mean) < 0.15 and 0.9 < sum(n * n for n in pictures["noise"]) / 1024 < 1.1, "the noise is standard normal")
    check(numbers(place, "--t", "0.4", "--seed", "10")["pictures"]["noise"]["values"] != pictures["noise"], "another seed, other noise")
    check(len(found["classes"]) == len(set(c["name"] for c in found["classes"])) > 2, "each class on the map")
    path = [step["timestep"] for step in found["path"]]
    check(path == sorted(path, reverse=True) and abs(path[0] - level) <= LENGTH / 25, "the run goes on from there")
    for layer in found["attention"]:
        size = layer["width"] * layer["height"]
        rows = [sum(layer["weights"][row * size:(row + 1) * size]) for row in range(size)]
        check(all(abs(row - 1) < 1e-4 for row in rows), "what a pixel takes from the others sums to 1")
    check(numbers(place, "--times")["times"], "times of the parts")

    out = ["--model", place.path("model.safetensors"), "--sprite", place.path("sprite.png"), "--out", place.path("lab.png")]
    place.run("lab", *out)
    first = place.read("lab.png")
    refused(place, "lab", *out, words=["lab.png", "--force"])
    check(place.read("lab.png") == first, "what is there stays")
    place.run("lab", *out, "--force")
    check(place.read("lab.png") == first, "the same picture again")
    refused(place, "lab", *out, "--force", "--t", "2", words=["between 0 and 1"])
    refused(place, "lab", *out, "--force", "--class", "potoin", words=["potoin", "potion"])
    refused(place, "lab", *out[:3], place.path("none.png"), words=["none.png"])
    with open(place.path("large.png"), "wb") as file:
        file.write(png(50, 30, lambda x, y: (x * 5, y * 8, (x * y) % 251, 255)))
    refused(place, "lab", *out[:3], place.path("large.png"), words=["large.png", "50×30"])
