"""An agent at the program, in the agent's words: keys pressed, what is on screen, what the store says after."""

import asyncio
import json
import os
import re
from contextlib import asynccontextmanager

from textual import events
from textual.widgets import Input, TextArea

from gca_tui.store.location import prepare
from gca_tui.ui.app import GcaApp, Options
from gca_tui.ui.desk import Desk
from gca_tui.ui.settings import Settings, load
from gca_tui.ui.widgets.dossier_list import DossierList

SMALL, LARGE = (80, 24), (120, 40)
ROUNDS = 3_000
"""Looks at the screen before giving up."""
BETWEEN = 0.01
"""Seconds the program has between two looks: its threads need some."""
LABEL = re.compile(r"(\d{3})·(\d{7})")
GAPS = re.compile("[\\s\xa0\u202f]+")
NAMES = {" ": "space", "\n": "enter"}


def plain(text):
    """A text without its typography: spaces of any kind are one space."""
    return GAPS.sub(" ", text)


class Agent:
    """Drives one program and says what is seen when what was expected is not."""

    def __init__(self, app, pilot, desk):
        self.app = app
        self.pilot = pilot
        self.desk = desk

    async def ready(self):
        """The whole list is there and the program can write."""
        await self.until(
            lambda: (
                isinstance(self.app.focused, DossierList)
                and self.app.focused.source.ids is not None
                and not self.app.focused.has_class("-loading")
            ),
            "la liste entière",
        )
        await self.settled()

    async def until(self, condition, what=""):
        """Wait until a condition holds; an AssertionError shows the screen."""
        for _ in range(ROUNDS):
            if found := condition():
                return found
            await self.pilot.pause(BETWEEN)
        raise AssertionError(f"{what or condition} n’est pas venu ; à l’écran :\n{self.screen}")

    async def settled(self):
        """All that was asked of the store is done and all that follows from it is on screen."""
        quiet = False
        while not quiet:
            await asyncio.wrap_future(self.desk.warm_up())
            before = self._reading()
            await self.pilot.pause()
            quiet = not before and not self._reading()

    def _reading(self):
        return any(worker.group != "keyboard" and not worker.is_finished for worker in self.app.workers)

    async def press(self, *keys):
        """Press keys by their names, each once what the one before did is done."""
        for key in keys:
            await self.pilot.press(key)
        await self.settled()

    async def type(self, text):
        """Type a text key by key."""
        await self.press(*(NAMES.get(char, char) for char in text))

    async def paste(self, text):
        """Paste a text in the place of what the field holds."""
        editor = self.app.focused
        if isinstance(editor, Input):
            editor.action_select_all()
        elif isinstance(editor, TextArea):
            editor.select_all()
        self.app.post_message(events.Paste(text))
        await self.settled()

    async def fill(self, *texts):
        """Fill the fields of a form in order; None leaves a field as it is, a tuple is keys for a choice."""
        for number, text in enumerate(texts):
            if number:
                await self.press("tab")
            if isinstance(text, tuple):
                await self.press(*text)
            elif text is not None:
                await self.paste(text)

    async def choose(self, label):
        """Choose a line of a chooser by a part of what it says."""
        await self.until(lambda: "Chooser" in type(self.app.screen).__name__, "un choix")
        lines = [line for line in self.app.screen.query_one("#choices").lines if plain(label) in plain(line)]
        assert len(lines) == 1, f"{label} : {lines}"
        place = self.app.screen.query_one("#choices").lines.index(lines[0])
        await self.press("home", *["down"] * place, "enter")

    async def resize(self, columns, rows):
        """Change the size of the terminal."""
        await self.pilot.resize_terminal(columns, rows)
        await self.settled()

    @property
    def lines(self):
        """What the screen shows, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def screen(self):
        """What the screen shows."""
        return "\n".join(self.lines)

    @property
    def header(self):
        """The first line."""
        return plain(self.lines[0])

    @property
    def footer(self):
        """The last line: keys, or what just happened."""
        return plain(self.lines[-1])

    async def sees(self, *texts):
        """Each of these comes on the screen."""
        for text in texts:
            await self.until(lambda text=text: self._shows(text), f"« {text} »")

    async def sees_no_more(self, *texts):
        """None of these stays on the screen."""
        for text in texts:
            await self.until(lambda text=text: not self._shows(text), f"la fin de « {text} »")

    def _shows(self, text):
        """Whether it is on screen, perhaps broken over two lines of the dossier."""
        lists = [screen for screen in self.app.screen_stack if screen.query("#list")]
        left = self.list.region.x if lists and self.app.size.width > SMALL[0] else 0
        return plain(text) in plain(self.screen) or plain(text) in plain(" ".join(line[left:] for line in self.lines))

    async def is_told(self, text):
        """The last line comes to say this."""
        await self.until(lambda: plain(text) in self.footer, f"« {text} » en bas")

    @property
    def list(self):
        """The list of dossiers."""
        return next(screen for screen in self.app.screen_stack if screen.query("#list")).query_one("#list")

    @property
    def shown(self):
        """The dossiers in sight in the list, as `681·0123456`."""
        region = self.list.region
        cells = (line[region.x : region.right] for line in self.lines[region.y : region.bottom])
        return [match[0] for cell in cells if (match := LABEL.search(cell))]

    async def list_shows(self, *labels):
        """The list in sight is these dossiers, in this order."""
        await self.until(lambda: self.shown == list(labels), f"la liste {labels}, plutôt que {self.shown}")

    @property
    def under_cursor(self):
        """The dossier under the cursor, as `681·0123456`; "" in an empty list."""
        row = self.list.row
        return f"{row.caisse}·{row.matricule}" if row else ""

    @property
    def length(self):
        """How many dossiers the list holds."""
        return self.list.length

    async def has_listed(self, number):
        """The list comes to hold so many dossiers."""
        await self.until(lambda: self.length == number, f"{number} dossiers, plutôt que {self.length}")

    @property
    def listed(self):
        """All dossiers of the list, in order, in sight or not."""
        rows = (self.list.source.row(place) for place in range(self.list.length))
        return [f"{row.caisse}·{row.matricule}" for row in rows]

    async def goes_to(self, label):
        """Put the cursor on a dossier, searched among all of them, and leave the list filtered on it."""
        caisse, matricule = label.split("·")
        await self.press("f4")
        await self.paste(matricule)
        await self.press("enter", "home")
        for _ in range(self.length):
            if self.under_cursor.startswith(caisse):
                return
            await self.press("down")
        raise AssertionError(f"{label} n’est pas dans la liste :\n{self.screen}")

    async def opens_tab(self, name):
        """Open the dossier under the cursor on a tab."""
        await self.press("enter")
        for _ in range(6):
            if f"[{name}" in self.screen:
                return
            await self.press("right")
        raise AssertionError(f"pas d’onglet {name} :\n{self.screen}")

    def document(self, label=""):
        """The stored document of a dossier, the one under the cursor unless told."""
        return json.loads(self.desk.window.document(*(label or self.under_cursor).split("·")))

    def draft(self, kind, target="", label=""):
        """The stored draft of a form, by field; None when there is none."""
        found = self.desk.window.draft((label or self.under_cursor).split("·"), kind, target)
        return json.loads(found[0]) if found else None


@asynccontextmanager
async def agent(store, size=LARGE, *, plain=False, wait=True):
    """The program open on a data folder, its list loaded."""
    before = os.umask(0o077)
    desk = Desk(prepare(store))
    app = GcaApp(desk, load(store), Options(plain=plain))
    try:
        async with app.run_test(size=size) as pilot:
            someone = Agent(app, pilot, desk)
            if wait:
                await someone.ready()
            yield someone
    finally:
        desk.close()
        os.umask(before)


def looks_as_it_did(store, snap_compare, size, theme, act):
    """Whether the screen, once `act(agent)` was done, is the picture kept of it."""
    desk = Desk(prepare(store))
    app = GcaApp(desk, Settings(theme=theme), Options())
    try:
        return snap_compare(app, terminal_size=size, run_before=lambda pilot: act(Agent(app, pilot, desk)))
    finally:
        desk.close()
