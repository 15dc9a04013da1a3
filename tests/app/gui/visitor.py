"""A random hand that every few actions goes to a place that chance would find seldom, and is let loose there."""

import collections
import re
import time

from dabbler import Dabbler
from drop import drop

NEW_KEYS = ["ctrl+alt+k", "shift+F3", "F7", "ctrl+shift+y", "alt+p", "j", "ctrl+1", "Delete", "Escape"]
VISIT_EVERY = 12  # actions


class Visitor(Dabbler):
    def __init__(self, studio, seed):
        super().__init__(studio, seed)
        self.places = {"editor": self.edit, "editor while sprites are made": self.edit_meanwhile, "frames by hand": self.animate, "lab": self.study,
                       "keys": self.record_key, "fade": self.export_fade, "kept sprite and palette": self.edit_kept, "bad files": self.drop_bad,
                       "a part repaired": self.repair, "morph": self.morph, "queue": self.fill_queue, "sprites before a scene": self.change_background,
                       "data": self.look_at_data, "training": self.train, "evaluation": self.evaluate}
        self.visited, self.round, self.count = collections.Counter(), [], 0

    def widgets(self):
        return self.map()["widgets"]

    def sees(self, name, seconds=5):
        until = time.monotonic() + seconds
        while name not in self.widgets():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def use(self, name, seconds=3, clicks=1):
        """Clicks a widget as soon as it is there and can be clicked; whether it was."""
        until = time.monotonic() + seconds
        while not self.widgets().get(name, {}).get("enabled"):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        x, y, width, height = self.widgets().get(name, {"rect": (0, 0, 2, 2)})["rect"]
        self.note(f"use {name}")
        self.xdotool("mousemove", x + width // 2, y + height // 2)
        time.sleep(0.15)
        self.xdotool("click", "--repeat", clicks, "--delay", 80, 1)
        time.sleep(0.15)
        return True

    def one_of(self, pattern):
        """The name of a widget that can be clicked; "" if there is none."""
        found = sorted(name for name, widget in self.widgets().items() if widget["enabled"] and re.fullmatch(pattern, name))
        return self.random.choice(found) if found else ""

    def use_one_of(self, pattern, clicks=1):
        name = self.one_of(pattern)
        return bool(name) and self.use(name, clicks=clicks)

    def choose(self, name):
        """Opens a list and takes any of its entries; whether it did. Once more, if the list was still moving to its place."""
        for _ in range(3):
            if not self.use(name):
                return False
            until = time.monotonic() + 1
            while time.monotonic() < until:
                if self.use_one_of(re.escape(name) + r"\..+"):
                    return True
                time.sleep(0.05)
        return False

    def go_home(self):
        """Out of dialogs and modes, in a window of usual size."""
        self.resize_to(1440, 1000)
        for key in ("Escape", "Escape", "Escape", "Escape", "ctrl+0"):
            self.xdotool("key", "--delay", 60, key)
            time.sleep(0.15)

    def with_sprites(self):
        """To the grid, with sprites that are finished; whether there are."""
        if not self.use("tab.generate"):
            return False
        for _ in range(12):
            shown = self.widgets()
            if shown.get("edit.open", {}).get("enabled"):
                return True
            if "header.queue" in shown and self.use("header.queue", 1):
                self.use("queue.clear", 1)
            if "repair.close" in shown:
                self.use("repair.close", 1)
            elif "generate.keep" in shown:
                self.use("generate.keep", 1)
            elif not self.one_of(r"grid\.\d+") or not self.use_one_of(r"grid\.\d+"):
                self.use("generate.run", 1)
            time.sleep(0.3)
        return False

    def let_loose(self, *more):
        """A few random actions where it is now."""
        for _ in range(self.random.randrange(2, 7)):
            self.random.choice([self.click, self.drag, self.key, *more, *more])()
            time.sleep(0.03)

    def stroke(self):
        """On the sprite in the editor, with any tool."""
        rect = self.widgets().get("edit.sprite", {}).get("rect")
        if not rect:
            return
        left, top, width, height = rect
        key, button = self.random.choice("begluixymh"), self.random.choice([1, 1, 1, 3])
        self.note(f"stroke {key} {button}")
        self.xdotool("key", key)
        self.xdotool("mousemove", left + self.random.randrange(width), top + self.random.randrange(height))
        time.sleep(0.05)
        self.xdotool("mousedown", button)
        for _ in range(self.random.randrange(1, 5)):
            time.sleep(0.03)
            x, y = left + self.random.randrange(-20, width + 20), top + self.random.randrange(-20, height + 20)
            self.xdotool("mousemove", max(0, x), max(0, y))
        self.xdotool("mouseup", button)

    def palette(self):
        self.use_one_of(r"(palette|edit)\.[a-z_]+(\.\d+)?", clicks=1)

    def edit(self):
        if not (self.with_sprites() and self.use("edit.open") and self.sees("edit.sprite")):
            return False
        self.let_loose(self.stroke, self.palette)
        return True

    def edit_meanwhile(self):
        """A sprite of the batch before, as the next one is made."""
        if not (self.with_sprites() and self.use("generate.run")):
            return False
        if not self.sees("grid.before.0", 1) and not self.use("grid.compare"):
            return False
        if not (self.sees("grid.before.0") and self.use_one_of(r"grid\.before\.\d+", clicks=2) and self.sees("edit.sprite")):
            return False
        self.let_loose(self.stroke, self.palette)
        return True

    def animate(self):
        if self.random.random() < 0.5 and self.use("tab.generate") and self.use("generate.model"):
            if self.use("generate.model.animated16", 1):
                self.use("generate.run")  # the model's own frames
            else:
                self.xdotool("key", "Escape")
        if not (self.with_sprites() and self.use("sprite.animate") and self.sees("animate.sprite")):
            return False
        if not (self.use("animate.motion") and self.use("animate.motion.hand") and self.use_one_of(r"animate\.frame\.\d+")):
            return False
        found = self.sees("animate.shifts")
        self.let_loose(self.drag_frame, lambda: self.use_one_of(r"animate\.(frame\.\d+|redrawn|draw|play|onion)"))
        return found

    def drag_frame(self):
        self.drag_over("animate.sprite")

    def drag_over(self, name):
        """From the middle of a widget to anywhere."""
        rect = self.widgets().get(name, {}).get("rect")
        if rect:
            x, y = rect[0] + rect[2] // 2, rect[1] + rect[3] // 2
            self.note(f"drag {name}")
            self.xdotool("mousemove", x, y, "mousedown", 1)
            time.sleep(0.05)
            x, y = x + self.random.randrange(-200, 200), y + self.random.randrange(-200, 200)
            self.xdotool("mousemove", max(0, x), max(0, y), "mouseup", 1)

    def study(self):
        """The Lab, its colours among the rest."""
        if not (self.with_sprites() and self.use("tab.lab")):
            return False
        if self.widgets().get("lab.chosen", {}).get("enabled"):
            self.use("lab.chosen", 1)
        if not self.sees("lab.picture.noisy"):
            return False
        found = self.sees("lab.colour_picture", 2) and self.use_one_of(r"lab\.colours\.\d+")
        self.let_loose(lambda: self.use_one_of(r"lab\..*"))
        return found

    def record_key(self):
        """Any action gets another key, is refused it, or has it taken away."""
        self.xdotool("key", "F1")
        if not self.sees("shortcuts.close", 2) and not (self.use("view.open") and self.use("view.shortcuts") and self.sees("shortcuts.close")):
            return False
        rows = r"shortcuts\.(?!close|reset|told|keys|quit|help)[a-z_.]+"
        x, y, width, _ = self.widgets()["shortcuts.close"]["rect"]
        self.xdotool("mousemove", x + width, y - 320, "click", "--repeat", self.random.randrange(1, 40), "--delay", 5, self.random.choice([4, 5]))
        time.sleep(0.3)
        if not self.use_one_of(rows):
            return False
        key = self.random.choice(NEW_KEYS)
        self.note(f"record {key}")
        self.xdotool("key", "--delay", 60, key)
        time.sleep(0.2)
        if self.random.random() < 0.5:
            self.xdotool("key", "--delay", 60, "Escape")
            self.use("shortcuts.reset", 1)
        return True

    def export_fade(self):
        if not (self.with_sprites() and self.use("export.options") and self.sees("export.close")):
            return False
        found = self.use("export.format") and self.use("export.format." + self.random.choice(["gif", "apng"]))
        self.let_loose(lambda: self.use_one_of(r"export\.(run|format|format\..*|empty_cell|unarranged|cell\.\d+|replace|cancel|profile_save)"))
        return found

    def edit_kept(self):
        """A sprite goes to the gallery, is edited from there, and takes the colours of a palette."""
        self.show_all_that_is_kept()
        place = self.one_of(r"grid\.\d+") if self.with_sprites() else ""
        if not place:
            return False
        star = place.replace("grid.", "grid.star.")
        if self.use(place) and self.sees(star, 2) and self.widgets().get(star, {}).get("value") is not True:
            self.use(star)
        if not (self.use("tab.gallery") and self.sees("gallery.item.0") and self.use_one_of(r"gallery\.item\.\d+")):
            return False
        if not (self.use("gallery.edit") and self.sees("edit.sprite")):
            return False
        if self.use("palette.source"):
            self.use("palette.source.batch", 1)
        found = self.use("palette.swap")
        self.let_loose(self.stroke, lambda: self.use_one_of(r"palette\.(swap.*|source.*|swatch\.\d+|lock|replace|add)"))
        return found

    def select_two(self):
        """Two of the grid's sprites; whether there are."""
        if not (self.with_sprites() and self.use("grid.0") and self.sees("grid.1", 1)):
            return False
        self.xdotool("keydown", "ctrl")
        time.sleep(0.1)
        self.use("grid.1")
        self.xdotool("keyup", "ctrl")
        return True

    def repair(self):
        """A part of a sprite is painted over and made anew."""
        if not (self.with_sprites() and self.use_one_of(r"grid\.\d+") and self.use("sprite.repair") and self.sees("repair.canvas")):
            return False
        for _ in range(3):
            self.drag_over("repair.canvas")
        found = self.use("repair.run")
        self.let_loose(lambda: self.drag_over("repair.canvas"), lambda: self.use_one_of(r"repair\.[a-z]+"))
        return found

    def morph(self):
        """From one sprite to another."""
        if not (self.select_two() and self.use("sprite.animate") and self.sees("animate.sprite") and self.use("animate.motion")):
            return False
        found = self.use("animate.motion.morph") and self.choose("animate.to")
        self.let_loose(lambda: self.choose("animate.to"),
                       lambda: self.use_one_of(r"animate\.(frame\.\d+|draw|stop|play|onion)"))
        return found

    def fill_queue(self):
        if not (self.with_sprites() and self.use("generate.run")):
            return False
        for _ in range(3):
            self.use("generate.queue", 1)
        found = self.use("header.queue") and self.sees("queue.clear")
        self.let_loose(lambda: self.use_one_of(r"queue\..*"))
        return found

    def change_background(self):
        """And how large the window's things are."""
        found = self.with_sprites() and self.choose("grid.background")
        self.let_loose(lambda: self.use_one_of(r"grid\.(background|tile|pixel_grid|colour|compare)"), lambda: self.use("view.open", 1),
                       lambda: self.use_one_of(r"view\.[a-z.0-9]+"))
        return found

    def open_set(self):
        """A folder of sprites in the Data tab; whether it is there."""
        if not self.use("tab.data"):
            return False
        drop(self.studio, self.studio.folder / "things" / "set")
        return self.sees("data.sprite.0")

    def look_at_data(self):
        """The report's fixes, a class's menu, and a sheet."""
        if not self.open_set():
            return False
        found = self.use_one_of(r"data\.class_menu\..*") and self.sees("data.class_name", 2)
        self.xdotool("key", "Escape")
        self.let_loose(lambda: self.use_one_of(r"data\.(fix|change|class|class_menu|show)\..*"),
                       lambda: self.use_one_of(r"data\.(as_trained|draw_again|all|class_flip|class_rename|class_drop)"))
        drop(self.studio, self.studio.folder / "things" / "sheet.png")
        self.use_one_of(r"data\.(sheets|sheet_close|open|cancel)")
        return found

    def start_training(self):
        """Whether a run is under way, and shown."""
        for _ in range(3):
            if not self.use("tab.train"):
                return False
            if self.sees("train.stop", 1):
                return True
            self.use("train.close_run", 1)
            if self.widgets().get("train.start", {}).get("enabled") and self.use("train.start"):
                self.use("train.replace", 1)
                if self.sees("train.stop"):
                    return True
            elif self.open_set():
                self.use("data.train")
        return False

    def train(self):
        """A run, its samples and its curves."""
        found = self.start_training()
        if found:
            self.let_loose(lambda: self.use_one_of(r"train\.(sample|plot|more|compare|run)\..*"),
                           lambda: self.use_one_of(r"train\.(pause|resume|use_now|log_loss|neighbours|newest|more|name|strip)"))
        return found

    def evaluate(self):
        """A run is ended, and how good its model is is measured."""
        if not (self.start_training() and self.use("train.stop") and self.use("train.evaluate", 10)):
            return False
        found = self.use("evaluation.run", 5) and self.sees("evaluation.measure.0")
        self.let_loose(lambda: self.use_one_of(r"evaluation\..*"))
        return found

    def replace_text(self, field, text):
        if self.use(field):
            self.xdotool("key", "ctrl+a")
            self.xdotool("key", "BackSpace")
            if text:
                self.xdotool("type", "--delay", 5, "--", text)
            self.xdotool("key", "Tab")
            time.sleep(0.3)

    def show_all_that_is_kept(self):
        """In the folder that it is by default, whatever was typed before."""
        if not self.use("tab.gallery"):
            return
        for field, text in (("gallery.folder", str(self.studio.home / "gallery")), ("gallery.search", "")):
            if self.widgets().get(field, {}).get("value") not in (None, text):
                self.replace_text(field, text)
        if self.widgets().get("gallery.starred", {}).get("value"):
            self.use("gallery.starred", 1)
        if self.widgets().get("gallery.collection", {}).get("value") and self.use("gallery.collection", 1):
            self.use("gallery.collection.all", 1)

    def drop_bad(self):
        for path in self.random.sample(self.bad, 3):
            self.use_one_of(r"tab\.[a-z]+")
            self.note(f"drop {path.name}")
            drop(self.studio, path)
            time.sleep(0.3)
        return True

    def visit(self, name):
        self.note(f"visit: {name}")
        self.go_home()
        if self.places[name]():
            self.visited[name] += 1

    def visit_the_rest(self):
        """Where it has not been yet."""
        for _ in range(5):
            for name in self.places:
                if self.visited[name] == 0:
                    self.visit(name)
        missed = [name for name in self.places if self.visited[name] == 0]
        assert not missed, f"it did not get to: {missed}\n" + "\n".join(self.done)

    def act(self):
        self.count += 1
        if self.count % VISIT_EVERY != 0:
            return super().act()
        self.round = self.round or self.random.sample(sorted(self.places), len(self.places))
        self.visit(self.round.pop())
