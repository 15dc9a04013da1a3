"""How the window looks, with a real pointer: dark and light, larger and smaller, panels of another width; remembered by the next start."""

import sys

from support import Studio

program = sys.argv[1]


def brightness(studio, x, y):
    return sum(studio.display.screenshot().pixel(x, y)[:3]) / 3


def rect(studio, name):
    return studio.widget(name)["rect"]


def light_and_dark(studio):
    x, y, w, h = rect(studio, "generate.run")
    beside = (x + w // 2, y + h + 40)  # panel, nothing on it
    studio.settle()
    assert brightness(studio, *beside) < 60
    studio.click("view.open")
    studio.click("view.theme.light")
    studio.expect("view.theme.light", True)
    studio.press("Escape")
    studio.xdotool("mousemove", 640, 600)
    studio.wait("the menu to close", lambda m: "view.theme.light" not in m["widgets"])
    studio.settle()
    assert brightness(studio, *beside) > 200


def larger_and_smaller(studio):
    before = rect(studio, "generate.run")[3]
    studio.click("view.open")
    studio.click("view.scale.125")
    studio.wait("larger widgets", lambda m: abs(m["widgets"]["generate.run"]["rect"][3] - 1.25 * before) <= 1)
    studio.press("Escape")
    studio.wait("the menu to close", lambda m: "view.theme.light" not in m["widgets"])
    studio.with_ctrl(lambda: studio.press("minus"))
    studio.wait("a step smaller", lambda m: abs(m["widgets"]["generate.run"]["rect"][3] - 1.1 * before) <= 1)
    studio.with_ctrl(lambda: studio.press("0"))
    studio.wait("as usual", lambda m: m["widgets"]["generate.run"]["rect"][3] == before)


def escape_closes_a_list(studio):
    studio.click("tab.gallery")
    studio.click("gallery.order")
    studio.wait("the list", lambda m: any(n.startswith("gallery.order.") for n in m["widgets"]))
    studio.press("Escape")
    studio.wait("no list", lambda m: not any(n.startswith("gallery.order.") for n in m["widgets"]))
    studio.click("tab.generate")


def drag_edge(studio, name, by):
    x, y, w, h = rect(studio, name)
    studio.xdotool("mousemove", x + w // 2, y + h // 2)
    studio.next_frame(studio.map()["frames"])
    studio.xdotool("mousedown", 1)
    studio.next_frame(studio.map()["frames"])
    for part in (1, 2):
        studio.xdotool("mousemove", max(0, x + w // 2 + by * part // 2), y + h // 2)
        studio.next_frame(studio.map()["frames"])
    studio.xdotool("mouseup", 1)
    studio.settle()


def panels_of_another_width(studio):
    left, right = rect(studio, "edge.generate.left")[0], rect(studio, "edge.generate.right")[0]
    drag_edge(studio, "edge.generate.left", 60)
    drag_edge(studio, "edge.generate.right", -50)
    assert abs(rect(studio, "edge.generate.left")[0] - left - 60) <= 4
    assert abs(rect(studio, "edge.generate.right")[0] - right + 50) <= 4
    assert rect(studio, "generate.run")[2] > left - 30 + 50, "what is in it follows"
    for name, tab, by in [("edge.data.left", "tab.data", 40), ("edge.train.left", "tab.train", 40), ("edge.gallery.right", "tab.gallery", -40)]:
        studio.click(tab)
        before = rect(studio, name)[0]
        drag_edge(studio, name, by)
        assert abs(rect(studio, name)[0] - before - by) <= 4, name
    studio.click("tab.generate")
    drag_edge(studio, "edge.generate.left", 900)
    assert rect(studio, "edge.generate.left")[0] <= 1280 * 0.46, "the middle stays"
    drag_edge(studio, "edge.generate.left", -900)
    assert rect(studio, "edge.generate.left")[0] >= 195, "and so does the left"
    x, y, w, h = rect(studio, "edge.generate.left")
    studio.xdotool("mousemove", x + w // 2, y + h // 2)
    studio.xdotool("click", "--repeat", 2, "--delay", 80, 1)
    studio.wait("its first width", lambda m: m["widgets"]["edge.generate.left"]["rect"][0] == left)
    return rect(studio, "edge.generate.right")[0]


def room_for_all_that_is_needed(width, height):
    with Studio(program, width=width, height=height) as studio:
        studio.widget("generate.run")
        for _ in range(8):
            studio.with_ctrl(lambda: studio.press("plus"))
        studio.settle()
        for name in ["generate.run", "export.sheet", "tab.train", "view.open", "generate.model"]:
            x, y, w, h = rect(studio, name)
            assert w > 20 and h > 10 and x + w <= width and y + h <= height, (width, height, name, (x, y, w, h))
        assert studio.quit() == 0


with Studio(program) as studio:
    studio.widget("generate.run")
    light_and_dark(studio)
    studio.picture("light_and_dark")
    larger_and_smaller(studio)
    studio.picture("larger_and_smaller")
    escape_closes_a_list(studio)
    studio.picture("escape_closes_a_list")
    edge = panels_of_another_width(studio)
    studio.picture("panels_of_another_width")
    studio.click("view.open")
    studio.click("view.scale.110")
    assert studio.quit() == 0
    home = studio.folder / "kept"
    studio.home.rename(home)
    with Studio(program, home=home) as again:
        again.widget("generate.run")
        again.settle()
        assert brightness(again, 200, 790) > 200, "the theme is remembered"
        again.click("view.open")
        again.expect("view.scale.110", True)
        again.click("view.scale.100")
        again.wait("the panel's width", lambda m: m["widgets"].get("edge.generate.right", {}).get("rect", [0])[0] == edge)
        again.click("view.panels")
        again.wait("its first width", lambda m: m["widgets"]["edge.generate.right"]["rect"][0] > edge)
        again.press("Escape")
        again.wait("the menu to close", lambda m: "view.panels" not in m["widgets"])
        assert again.quit() == 0
room_for_all_that_is_needed(1100, 700)
room_for_all_that_is_needed(3840, 2160)
