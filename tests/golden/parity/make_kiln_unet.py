"""Makes kiln_unet.safetensors, a model file with random weights, and kiln_unet_golden.safetensors, what this file's own reading of
engine/network/networks/kiln_unet.h gives for it. Needs torch and safetensors; run it in this folder."""

import json
import math

import torch
from safetensors import safe_open
from safetensors.torch import save_file

WIDTH, CHANNELS, BLOCKS, ATTENTION, HEAD, GROUP, EMBEDDING, CLASSES, SIDE = 16, (16, 32), 1, 8, 16, 8, 32, 3, 16
functional = torch.nn.functional


def random_weights():
    generator, weights = torch.Generator().manual_seed(11), {}

    def put(name, *shape, scale=None, around=0.0):
        fan_in = math.prod(shape[1:]) if len(shape) > 1 else 4
        weights[name] = (around + torch.randn(shape, generator=generator) * (scale or 0.7 / math.sqrt(fan_in))).half()

    def layer(name, *shape):
        put(name + ".weight", *shape)
        put(name + ".bias", shape[0], scale=0.1)

    def norm(name, channels):
        put(name + ".weight", channels, scale=0.2, around=1.0)
        put(name + ".bias", channels, scale=0.1)

    def block(name, before, after):
        norm(name + ".norm1", before)
        layer(name + ".conv1", after, before, 3, 3)
        layer(name + ".modulation", 2 * after, EMBEDDING)
        norm(name + ".norm2", after)
        layer(name + ".conv2", after, after, 3, 3)
        if before != after:
            layer(name + ".shortcut", after, before, 1, 1)

    def attention(name, channels):
        norm(name + ".norm", channels)
        layer(name + ".qkv", 3 * channels, channels, 1, 1)
        layer(name + ".project", channels, channels, 1, 1)

    layer("time1", EMBEDDING, WIDTH)
    layer("time2", EMBEDDING, EMBEDDING)
    put("class_table", CLASSES + 1, EMBEDDING, scale=0.5)
    layer("stem", CHANNELS[0], 4, 3, 3)
    block("down0_0", 16, 16)
    layer("down0_shrink", 16, 16, 3, 3)
    block("down1_0", 16, 32)
    attention("down1_0_attention", 32)
    block("middle", 32, 32)
    attention("middle_attention", 32)
    block("middle_end", 32, 32)
    block("up1_0", 64, 32)
    attention("up1_0_attention", 32)
    block("up0_0", 48, 16)
    norm("head_norm", 16)
    layer("head", 4, 16, 3, 3)
    return weights


def forward(weights, x, t, c):
    """The network, in x's type. x: [B, 4, H, W], t: [B] in [0, 1], c: [B, classes]."""

    def conv(name, h, stride=1):
        kernel = weights[name + ".weight"]
        return functional.conv2d(h, kernel, weights[name + ".bias"], stride, kernel.shape[2] // 2)

    def dense(name, h):
        return h @ weights[name + ".weight"].T + weights[name + ".bias"]

    def norm(name, h):
        return functional.group_norm(h, h.shape[1] // GROUP, weights[name + ".weight"], weights[name + ".bias"], 1e-5)

    def block(name, h):
        inner = conv(name + ".conv1", functional.silu(norm(name + ".norm1", h)))
        scale, shift = dense(name + ".modulation", embedding)[:, :, None, None].chunk(2, 1)
        inner = conv(name + ".conv2", functional.silu(norm(name + ".norm2", inner) * (1 + scale) + shift))
        return inner + (conv(name + ".shortcut", h) if name + ".shortcut.weight" in weights else h)

    def attention(name, h):
        batch, channels, height, width = h.shape
        q, k, v = conv(name + ".qkv", norm(name + ".norm", h)).reshape(batch, 3, channels // HEAD, HEAD, height * width).unbind(1)
        mixed = v @ torch.softmax(q.transpose(2, 3) @ k / math.sqrt(HEAD), -1).transpose(2, 3)
        return h + conv(name + ".project", mixed.reshape(batch, channels, height, width))

    angles = 1000 * t[:, None] * 10000 ** (-torch.arange(WIDTH // 2, dtype=x.dtype) / (WIDTH // 2))
    time = dense("time2", functional.silu(dense("time1", torch.cat([angles.sin(), angles.cos()], 1))))
    total = c.sum(1, keepdim=True)
    classes = torch.cat([c / total.clamp(min=1), (1 - total).clamp(min=0)], 1)
    embedding = functional.silu(time + classes @ weights["class_table"])

    high = block("down0_0", conv("stem", x))
    low = attention("down1_0_attention", block("down1_0", conv("down0_shrink", high, 2)))
    h = block("middle_end", attention("middle_attention", block("middle", low)))
    h = attention("up1_0_attention", block("up1_0", torch.cat([h, low], 1)))
    h = functional.interpolate(h, scale_factor=2, mode="nearest")
    h = block("up0_0", torch.cat([h, high], 1))
    return conv("head", functional.silu(norm("head_norm", h)))


def main():
    document = {
        "version": 1,
        "network": {"kind": "kiln_unet", "parameters": {"width": WIDTH, "multipliers": "1,2", "blocks": BLOCKS, "attention": ATTENTION,
                                                        "head_channels": HEAD, "group_channels": GROUP, "embedding": EMBEDDING, "dropout": 0.1}},
        "image": {"width": SIDE, "height": SIDE, "channels": "RGBA", "range": [-1, 1], "alpha": "hard"},
        "classes": ["axe", "potion", "sword"],
        "schedule": {"kind": "cosine", "timesteps": 1000, "beta_start": 1e-4, "beta_end": 0.02, "zero_terminal_snr": False, "legacy_noise": False},
        "prediction": "v",
        "training": {"steps": 0, "data_fingerprint": "", "recipe": ""},
        "credits": "", "licence": "", "notes": [],
    }
    save_file(random_weights(), "kiln_unet.safetensors", {"spritekiln": json.dumps(document)})

    with safe_open("kiln_unet.safetensors", "pt") as file:
        weights = {name: file.get_tensor(name).double() for name in file.keys()}
    generator = torch.Generator().manual_seed(12)
    x = torch.randn((4, 4, SIDE, SIDE), generator=generator)
    t = torch.tensor([0.001, 0.3, 0.75, 1.0])
    c = torch.tensor([[1, 0, 0], [0, 0, 0], [0.25, 0, 0.5], [0, 2, 1]])
    eps = forward(weights, x.double(), t.double(), c.double())
    save_file({"x": x, "t": t, "c": c, "eps": eps.float()}, "kiln_unet_golden.safetensors", {"family": "kiln_unet, in double precision"})
    print("largest value", eps.abs().max().item(), "mean", eps.abs().mean().item())


if __name__ == "__main__":
    main()
