"""Keys and clicks that are shorter than a frame, as remote desktops and macro keyboards send them: none is lost, and all keep their order."""

import sys

from support import Studio

program = sys.argv[1]
ROUNDS = 50


def middle(studio, name):
    x, y, w, h = studio.widget(name)["rect"]
    return x + w // 2, y + h // 2


def type_over(studio, name, text, *click):
    """Click, select all and type, in one breath."""
    studio.xdotool("mousemove", *middle(studio, name), *click, "key", "--delay", 0, "ctrl+a", "type", "--delay", 0, text)
    value = text if name in ("export.path", "export.profile_name") else int(text)
    studio.wait(f"{name} to be {value!r}", lambda m: m["widgets"].get(name, {}).get("value") == value, 60)
    studio.settle()
    assert studio.value(name) == value, f"{name} is {studio.value(name)!r}, not {value!r}"


def fields_hold_what_was_typed(studio, names):
    ctrl_click = ("keydown", "ctrl", "click", 1, "keyup", "ctrl")
    for i in range(ROUNDS):
        name = names[i % len(names)]
        if name == "export.path":
            type_over(studio, name, f"/home/artist/Sprites/Sheet {i} a{'vxz' * (i % 5)}.png", "click", 1)
        elif name == "export.profile_name":
            type_over(studio, name, f"Profile {i} {'cvz' * (i % 4)}", "click", 1)
        else:
            type_over(studio, name, str(2 + i % 7), *ctrl_click)
        studio.xdotool("key", "--delay", 0, "Return")


def text_fields_hold_what_was_typed(studio):
    fields_hold_what_was_typed(studio, ("export.path", "export.columns", "export.padding", "export.scale"))
    studio.click("export.options")
    studio.wait("the options", lambda m: "export.profile_name" in m["widgets"])
    fields_hold_what_was_typed(studio, ("export.path", "export.profile_name", "export.columns", "export.padding", "export.border", "export.inner_padding",
                                        "export.extrude", "export.scale"))
    studio.click("export.close")
    studio.wait("the window", lambda m: "export.close" not in m["widgets"])


def keys_reach_the_window(studio):
    studio.wait("the model", lambda m: m["widgets"].get("generate.run", {}).get("enabled") and m["engine"] == "ready")
    studio.xdotool("key", "--delay", 0, "ctrl+Return")
    studio.wait("sprites being made", lambda m: m["job"] and m["job"]["state"] == "running", 60)
    studio.xdotool("key", "--delay", 0, "Escape")
    studio.wait("them stopped", lambda m: m["job"]["state"] == "paused", 60)
    studio.xdotool("mousemove", *middle(studio, "generate.discard"), "click", "--delay", 0, 1)
    studio.wait("them discarded", lambda m: m["job"]["state"] == "cancelled", 60)
    studio.xdotool("key", "--delay", 0, "F1")
    studio.wait("the list of keys", lambda m: "shortcuts.close" in m["widgets"], 60)
    studio.xdotool("key", "--delay", 0, "Escape")
    studio.wait("it gone", lambda m: "shortcuts.close" not in m["widgets"], 60)
    studio.xdotool("key", "--delay", 0, "ctrl+q")
    assert studio.process.wait(timeout=60) == 0


with Studio(program, "--model", "small16.safetensors", "--step-ms", 200) as studio:
    studio.wait("the window", lambda m: m["engine"] == "ready" and "export.path" in m["widgets"])
    text_fields_hold_what_was_typed(studio)
    keys_reach_the_window(studio)
