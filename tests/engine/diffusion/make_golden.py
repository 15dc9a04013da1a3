#!/usr/bin/env python3
"""Writes golden.h: what the textbook formulas give, in numpy and double precision, for the diffusion module's tests.

usage: make_golden.py [RECORDED.safetensors] > golden.h
RECORDED holds the cosine schedule (T = 40) of another program, as ddpm.betas and ddpm.posterior_variance.

The update rules are written in other forms than the engine's (DDPM by its beta~ and mu~, DPM-Solver++ by lambda and exp(-h)), and the
normal numbers from the Mersenne twister up.
"""
import json
import struct
import sys

import numpy as np


# --- schedules ---------------------------------------------------------------------------------------------------------

def betas_of(kind, length):
    if kind == "linear":
        return np.linspace(1e-4, 0.02, length)
    if kind == "scaled_linear":
        return np.linspace(1e-4**0.5, 0.02**0.5, length) ** 2
    u = np.arange(length + 1) / length
    if kind == "cosine":
        f = np.cos((u + 0.008) / 1.008 * np.pi / 2) ** 2
    else:
        squashed = 1 / (1 + np.exp(-(u * 6 - 3)))
        f = (squashed[-1] - squashed) / (squashed[-1] - squashed[0])
    return np.minimum(1 - f[1:] / f[:-1], 0.999)


def zero_terminal_snr(betas):
    root = np.sqrt(np.cumprod(1 - betas))
    first, last = root[0], root[-1]
    bar = ((root - last) * (first / (first - last))) ** 2
    return 1 - np.concatenate([bar[:1], bar[1:] / bar[:-1]])


def posterior_variance(betas):
    bar = np.cumprod(1 - betas)
    before = np.concatenate([[1.0], bar[:-1]])
    return betas * (1 - before) / (1 - bar)


# --- runs: an analytic denoiser for data N(MEAN, deviation^2), eight independent values -----------------------------------

MEAN = 0.8
PIXELS = 8


def noise(draw):
    return 1.3 * np.sin(1.7 * (draw + 1) + 0.9 * np.arange(PIXELS))


def best_x0(x, bar, deviation):
    return MEAN + deviation**2 * np.sqrt(bar) / (deviation**2 * bar + 1 - bar) * (x - np.sqrt(bar) * MEAN)


def run(bars, deviation, clamp, rule):
    """rule(i, x, x0, eps, history, draw) -> next x; eps is the network's own, x0 clamped if asked for."""
    draws = iter(range(1000))
    draw = lambda: noise(next(draws))
    x, history = draw(), []
    for i, bar in enumerate(bars[:-1]):
        x0 = best_x0(x, bar, deviation)
        eps = (x - np.sqrt(bar) * x0) / np.sqrt(1 - bar)
        if clamp:
            x0 = np.clip(x0, -1, 1)
        history.append(x0)
        x = rule(i, x, x0, eps, history, draw)
    return x


def ddim(bars, eta, rederive):
    def rule(i, x, x0, eps, history, draw):
        now, after = bars[i], bars[i + 1]
        if rederive:
            eps = (x - np.sqrt(now) * x0) / np.sqrt(1 - now)
        sigma = eta * np.sqrt((1 - after) / (1 - now)) * np.sqrt(1 - now / after)
        x = np.sqrt(after) * x0 + np.sqrt(1 - after - sigma**2) * eps
        return x + sigma * draw() if sigma > 0 else x
    return rule


def ddpm(bars, variance):
    def rule(i, x, x0, eps, history, draw):
        now, after = bars[i], bars[i + 1]
        beta = 1 - now / after
        mean = (np.sqrt(after) * beta * x0 + np.sqrt(1 - beta) * (1 - after) * x) / (1 - now)
        if after == 1:
            return mean
        return mean + np.sqrt(beta if variance == "beta" else beta * (1 - after) / (1 - now)) * draw()
    return rule


def dpmpp_2m(bars):
    alpha, sigma = np.sqrt(bars), np.sqrt(1 - np.array(bars))
    with np.errstate(divide="ignore"):
        lam = np.log(alpha / sigma)

    def rule(i, x, x0, eps, history, draw):
        h = lam[i + 1] - lam[i]
        d = x0
        if i > 0 and i + 2 < len(bars):
            r0 = (lam[i] - lam[i - 1]) / h
            d = x0 + (x0 - history[-2]) / (2 * r0)
        return sigma[i + 1] / sigma[i] * x - alpha[i + 1] * np.expm1(-h) * d
    return rule


# --- torch.randn of a CPU generator ---------------------------------------------------------------------------------------

def torch_randn(seed, sizes):
    """Draws of these sizes (multiples of 16), one after the other: 24-bit uniforms, Box-Muller on groups of sixteen. A seed of
    more than 32 bits is a key of two words."""
    twister = np.random.RandomState(seed if seed < 2**32 else [seed % 2**32, seed >> 32])
    for size in sizes:
        words = twister.randint(0, 2**32, size, dtype=np.uint32)
        u = ((words & 0xFFFFFF) / 2.0**24).reshape(-1, 2, 8)
        radius, theta = np.sqrt(-2 * np.log(1 - u[:, 0])), 2 * np.pi * u[:, 1]
        yield np.stack([radius * np.cos(theta), radius * np.sin(theta)], 1).ravel()


# --- output ---------------------------------------------------------------------------------------------------------------

def numbers(values):
    return "{" + ", ".join(f"{v:.17g}" for v in values) + "}"


def table(name, kind, rows):
    print(f"inline const std::vector<{kind}> {name}{{")
    for row in rows:
        print(f"    {row},")
    print("};\n")


def schedules():
    rows = []
    for kind in ["linear", "scaled_linear", "cosine", "sigmoid"]:
        for length in [40, 1000]:
            for zero in [False, True]:
                betas = betas_of(kind, length)
                if zero:
                    betas = zero_terminal_snr(betas)
                bar, post = np.cumprod(1 - betas), posterior_variance(betas)
                at = [0, 1, length // 2, length - 2, length - 1]
                rows.append(f'{{"{kind}", {length}, {str(zero).lower()}, {{{", ".join(map(str, at))}}}, '
                            f"{numbers(betas[at])}, {numbers(bar[at])}, {numbers(post[at])}}}")
    table("kSchedules", "GoldenSchedule", rows)


def runs():
    rows = []
    for kind, timesteps in [("cosine", [999, 899, 799, 699, 599, 499, 399, 299, 199, 99]), ("linear", list(range(950, -1, -50)))]:
        bar = np.cumprod(1 - betas_of(kind, 1000))
        bars = [*bar[timesteps], 1.0]
        rules = {
            ("ddim", "eta", 0.0): lambda r: ddim(bars, 0.0, r), ("ddim", "eta", 0.5): lambda r: ddim(bars, 0.5, r),
            ("ddim", "eta", 1.0): lambda r: ddim(bars, 1.0, r), ("dpmpp_2m", "", 0): lambda r: dpmpp_2m(bars),
            ("ddpm", "variance", "posterior"): lambda r: ddpm(bars, "posterior"),
            ("ddpm", "variance", "beta"): lambda r: ddpm(bars, "beta"),
        }
        for (sampler, key, value), rule in rules.items():
            for deviation, clamp, rederive in [(0.2, False, True), (0.9, True, True), (0.9, True, False)]:
                if sampler != "ddim" and not rederive:
                    continue
                params = "{}" if not key else f'{{{{"{key}", ' + (f'std::string("{value}")' if isinstance(value, str) else f"{value}") + "}}"
                x = run(bars, deviation, clamp, rule(rederive))
                rows.append(f'{{"{kind}", {{{", ".join(map(str, timesteps))}}}, "{sampler}", {params}, {deviation}, '
                            f"{str(clamp).lower()}, {str(rederive).lower()}, {numbers(x)}}}")
    table("kRuns", "GoldenRun", rows)


def normals():
    rows = []
    for seed in [0, 42, 4294967295, 4294967296, 2**32 + 42, 2**64 - 1]:
        draws = list(torch_randn(seed, [1024, 1024]))
        at = [0, 1, 2, 3, 8, 500, 1023]
        rows.append(f'{{{seed}ull, {{{", ".join(map(str, at))}}}, {{{numbers(draws[0][at])}, {numbers(draws[1][at])}}}}}')
    table("kNormals", "GoldenNormals", rows)


def recorded(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])

    def tensor(name):
        first, last = header[name]["data_offsets"]
        return np.frombuffer(data[8 + size + first:8 + size + last], "<f4").reshape(header[name]["shape"])

    short = lambda values: "{" + ", ".join(f"{v:.9g}" for v in values) + "}"
    print("// The cosine schedule, T = 40, that another program sampled with, in single precision.")
    print(f"inline const std::vector<double> kRecordedBetas{short(tensor('ddpm.betas'))};\n")
    print(f"inline const std::vector<double> kRecordedPosteriorVariance{short(tensor('ddpm.posterior_variance'))};\n")


print("""// Made by make_golden.py.
// clang-format off
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/param_spec.h"

namespace kiln::golden {

struct GoldenSchedule {
  std::string kind;
  int length;
  bool zero_terminal_snr;
  std::vector<int> at;
  std::vector<double> betas, alphas_bar, posterior_variance;
};

// x_0 of a run with GaussianDenoiser (mean 0.8) and WaveNoise, T = 1000.
struct GoldenRun {
  std::string schedule;
  std::vector<int> timesteps;
  std::string sampler;
  ParamMap params;
  double deviation;
  bool clamp, epsilon_from_clamped_x0;
  std::vector<double> x_0;
};

// Values `at` of the first two torch.randn(4, 16, 16, generator=g), g.manual_seed(seed).
struct GoldenNormals {
  std::uint64_t seed;
  std::vector<int> at;
  std::vector<std::vector<double>> draws;
};
""")
schedules()
runs()
normals()
if len(sys.argv) > 1:
    recorded(sys.argv[1])
print("}  // namespace kiln::golden")
