"""What is refused, or read otherwise than expected, is called what it is: two lines that name file, place and reason."""

import json
import os
import struct
import sys

from support import Workplace, check, png, refused, small_recipe


def sprite(width=8, height=8, seed=0):
    return png(width, height, lambda x, y: ((x * 37 + seed * 11) % 256, (y * 53) % 256, (x * y * 7) % 256, 255))


def write(place, name, content):
    path = place.path(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def told(place, *arguments, words):
    out, err = place.run(*arguments)
    for word in words:
        check(word in out + err, f"“{word}” is in: {out}{err}")


def sets(place):
    refused(place, "dataset", "check", write(place, "set.zip", b"PK\x03\x04"), words=["set.zip", "a ZIP archive", "unpack"])
    refused(place, "dataset", "check", write(place, "hero.pxo", "{}"), words=["hero.pxo", "Pixelorama", "export"])
    refused(place, "dataset", "check", write(place, "t.tsx", '<?xml version="1.0"?><tileset/>'), words=["t.tsx", "tile set of Tiled"])
    refused(place, "dataset", "check", write(place, "one.png", sprite()), words=["one.png", "one image", "into a folder"])
    write(place, "texts/a/readme.txt", "x")
    refused(place, "dataset", "check", place.path("texts"), words=["no images", "a/readme.txt"])
    write(place, "named/a/x.png", "version https://git-lfs.github.com/spec/v1\n")
    write(place, "named/a/y.png", "<!DOCTYPE html>")
    write(place, "named/a/z.png", sprite())
    write(place, "named/a/w.png", sprite(seed=1))
    write(place, "named/a/r.bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, 4, 4, 1, 8, 1, 0, 0, 0, 0, 0) + b"\0" * 40)
    told(place, "dataset", "check", place.path("named"), words=["Git LFS", "a web page", "run lengths"])
    for i in range(5):
        write(place, f"sizes/a/{i}.png", sprite(8 + i, 8))
    write(place, "sizes/a/tiny.png", sprite(1, 1))
    told(place, "dataset", "check", place.path("sizes"), words=["another size than 12×8"])
    long_name = "k" * 200
    write(place, f"long/{long_name}/a.png", sprite())
    write(place, f"long/{long_name}/b.png", sprite(seed=2))
    out, _ = place.run("dataset", "check", place.path("long"))
    check("  " + "k" * 31 + "…  █" in out, f"a long name is shortened: {out}")
    art = [[(x * 5 + y * 3 + x * y) % 7 for x in range(6)] for y in range(6)]
    rim = png(20, 20, lambda x, y: (art[(y - 1) // 3][(x - 1) // 3] * 30, 60, 90, 255) if 1 <= x < 19 and 1 <= y < 19 else (0, 0, 0, 0))
    write(place, "rim/a/a.png", rim)
    write(place, "rim/a/b.png", rim[:-12] + rim[-12:])
    told(place, "dataset", "check", place.path("rim"), words=["look enlarged by 3, from pixel 1,1"])


def sheets(place):
    write(place, "s.png", sprite(16, 8))
    frame = {"frame": {"x": 0, "y": 0, "w": 8, "h": 8}}
    write(place, "s.json", json.dumps({"frames": {"good": frame, "bad": {"frame": {"x": -2, "y": 0, "w": 8, "h": 8}}}}))
    told(place, "dataset", "check", place.path("s.json"), words=["“bad”", "“frame.x” is -2", "s.png is taken"])
    refused(place, "dataset", "check", write(place, "cut.json", '{"frames":\n{"a'), words=["cut.json", "cut off in line 2"])
    refused(place, "dataset", "check", write(place, "tiles.json", '{"tiles": []}'), words=["“frames” is missing", "size of its sprites"])
    refused(place, "dataset", "check", write(place, "l.json", b'{"fr\xfc": 1}'), words=["l.json", "UTF-8"])


def models(place):
    run = ["train", "--data", place.path("data"), "--out", place.path("m.safetensors"), *small_recipe(2)]
    place.run(*run)
    refused(place, "train", "--resume", "--out", place.path("m.safetensors"), "--steps", "4", "--set", "width=32", words=["leave out --set", "width"])
    os.rename(place.path("data"), place.path("elsewhere"))
    refused(place, "train", "--resume", "--out", place.path("m.safetensors"), "--steps", "4", words=["any more", "--data"])
    os.rename(place.path("elsewhere"), place.path("data"))
    write(place, "odd/a/a.png", sprite(15, 17))
    write(place, "odd/a/b.png", sprite(15, 17, 3))
    refused(place, "train", "--data", place.path("odd"), "--out", place.path("o.safetensors"), words=["15×17", "--pad 16x20"])
    sample = ["sample", "--model", place.path("m.safetensors"), "--count", "1", "--steps", "1"]
    refused(place, *sample, "--out", place.path("data"), words=["is a folder"])
    refused(place, *sample, "--out", place.path("n" * 300 + ".png"), words=["too long"])
    header = json.dumps({"w": {"dtype": "F8_E8M0", "shape": [1], "data_offsets": [0, 1]}}).encode()
    write(place, "f8.safetensors", struct.pack("<Q", len(header)) + header + b"\0")
    refused(place, "import", place.path("f8.safetensors"), "--out", place.path("x.safetensors"), words=["“w”", "F8_E8M0"])
    header = json.dumps({"__metadata__": {"epoch": 3}, "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    write(place, "meta.safetensors", struct.pack("<Q", len(header)) + header + b"\0" * 4)
    refused(place, "import", place.path("meta.safetensors"), "--out", place.path("x.safetensors"), words=["metadata “epoch”", "text"])


def inspect(place):
    told(place, "inspect", write(place, "p.hex", "ff0000\n00ff00\n"), words=["a palette of 2 colours"])
    refused(place, "inspect", write(place, "n.html", "<html>"), words=["n.html", "a web page"])
    refused(place, "inspect", write(place, "n.txt", "hello\n"), words=["n.txt", "a text and no palette"])
    refused(place, "inspect", write(place, "n.md", "hello\n"), words=["n.md", "is a text"])
    refused(place, "inspect", write(place, "e.safetensors", "<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code></Error>"), words=["e.safetensors", "a server's answer"])
    write(place, "sheet.png", png(4, 2, lambda x, y: (50 * x, 90, 90, 255)))
    frame = {"x": 0, "y": 0, "w": 2, "h": 2}
    sheet = json.dumps({"frames": {"a": {"frame": frame}, "b": {"frame": dict(frame, x=2)}}, "meta": {"image": "sheet.png", "frameTags": [{"name": "run", "from": 1, "to": 1}]}})
    told(place, "inspect", write(place, "SHEET.JSON", sheet), words=["a sheet of 2 sprites, 2×2", "run  1"])
    write(place, "U.Act", bytes(768))
    told(place, "inspect", place.path("U.Act"), words=["a palette of 256 colours"])
    write(place, "single/a/a.png", sprite())
    told(place, "inspect", place.path("single"), words=["one sprite, a/a.png"])


with Workplace(sys.argv[1]) as place:
    sets(place)
    sheets(place)
    models(place)
    inspect(place)
print("words are true")
