"""The pixel editor's hand: strokes on the sprite, the sprite as it ought to be after them, and the files that show it."""

import time

from support import Picture, matches_screen

SIDE = 16  # of the sprites
RED, GREEN, CLEAR = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 0, 0)
exports = 0


class Sprite:
    """Pixels as they ought to be."""

    def __init__(self, picture):
        self.side = picture.width
        self.pixels = [[picture.pixel(x, y) for x in range(self.side)] for y in range(self.side)]

    def __eq__(self, other):
        return self.pixels == other.pixels

    def copy(self):
        copied = Sprite.__new__(Sprite)
        copied.side, copied.pixels = self.side, [list(row) for row in self.pixels]
        return copied

    def put(self, places, value):
        for x, y in places:
            self.pixels[y][x] = value

    def area(self, start):
        """What is connected to it, side to side, in one colour."""
        value, found, left = self.pixels[start[1]][start[0]], set(), [start]
        while left:
            x, y = left.pop()
            if (x, y) in found or not (0 <= x < self.side and 0 <= y < self.side) or self.pixels[y][x] != value:
                continue
            found.add((x, y))
            left += [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
        return found

    def rearranged(self, source):
        copied = self.copy()
        copied.pixels = [[self.pixels[source(x, y)[1]][source(x, y)[0]] for x in range(self.side)] for y in range(self.side)]
        return copied


def exported(studio):
    """The chosen sprite, from the grid, as a file."""
    global exports
    exports += 1
    path = studio.folder / f"sprite{exports}.png"
    studio.type_into_field("export.path", path)
    studio.click("export.png")
    studio.wait(f"{path.name} saved", lambda m: any(n["kind"] == "done" and path.name in n["message"] for n in m["notices"]))
    return Sprite(Picture.from_png(path.read_bytes()))


def place(studio, pixel):
    x, y, width, _ = studio.widget("edit.sprite")["rect"]
    zoom = width // SIDE
    return x + pixel[0] * zoom + zoom // 2, y + pixel[1] * zoom + zoom // 2


def stroke(studio, *pixels, button=1):
    """Presses at the first pixel, goes over the others, and lets go."""
    frames = studio.map()["frames"]
    studio.xdotool("mousemove", *place(studio, pixels[0]))
    studio.next_frame(frames)
    studio.xdotool("mousedown", button)
    time.sleep(0.1)
    for pixel in pixels[1:]:
        studio.xdotool("mousemove", *place(studio, pixel))
        time.sleep(0.1)
    studio.xdotool("mouseup", button)
    time.sleep(0.15)


def set_colour(studio, text):
    studio.until_value("edit.colour", text, lambda: studio.click("edit.colour"), text)
    studio.press("Return")  # leaves the field


def use(studio, tool, key):
    studio.press(key)
    studio.expect(f"edit.{tool}", True)


def looks_like(studio, sprite, name):
    studio.settle()
    flat = Picture(SIDE, SIDE, 4, bytes(v for row in sprite.pixels for pixel in row for v in pixel))
    studio.xdotool("mousemove", 2, 400)
    studio.settle()
    matches_screen(flat, 0, 0, 1, SIDE, studio.display.screenshot(), studio.widget(name)["rect"])


def undo(studio):
    studio.with_ctrl(lambda: studio.press("z"))


def redo(studio):
    studio.with_ctrl(lambda: studio.with_shift(lambda: studio.press("z")))
