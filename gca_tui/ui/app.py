"""The Textual program: themes, keys, signals, filters of the terminal. Wiring only."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.filter import LineFilter

from gca_tui.domain.french import typeset
from gca_tui.ui.desk import Desk
from gca_tui.ui.keyboard import Keyboard
from gca_tui.ui.messages import Warmed
from gca_tui.ui.sanitise import Sanitise
from gca_tui.ui.screens.curtain import TooSmall
from gca_tui.ui.screens.queue import QueueScreen
from gca_tui.ui.settings import Settings
from gca_tui.ui.themes import DEFAULT_THEME, LABELS, THEMES, VARIABLE_DEFAULTS

ERRORS_BORNE = 3
"""Unforeseen errors told in a window; one more and the program ends, since something is broken for good."""
LEAST_COLUMNS, LEAST_ROWS = 60, 16


@dataclass(frozen=True)
class Options:
    """How the program was started."""

    plain: bool = False
    mouse: bool = True


class GcaApp(App[None]):
    """One agent at one store."""

    TITLE = "gca"
    CSS_PATH: ClassVar[str] = "gca.tcss"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(self, desk: Desk, settings: Settings, options: Options) -> None:
        super().__init__()
        self.desk = desk
        self.options = options
        self._settings = settings
        self._errors = 0
        self._keyboard = Keyboard(self, super().on_event)
        self._filters = [*self._filters, Sanitise()]
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme if settings.theme in LABELS else DEFAULT_THEME
        self.set_keymap(settings.keys)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables have a value before a theme is chosen: the stylesheet is read first."""
        return VARIABLE_DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Whatever a widget forgot, no control character of the data reaches the terminal."""
        return [line_filter for line_filter in self._filters if line_filter.enabled]

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes wait for their turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._keyboard.take(event)
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        """The queue, or who works here when nobody said it yet."""
        self.set_class(self.options.plain, "-plain")
        if self.options.plain and self._driver:
            self._driver.write("\x1b[?25h")
        self._catch_signals()
        self.run_worker(self._keyboard.run(), group="keyboard")
        if self.desk.person.identifiant:
            self.show_queue()
        else:
            from gca_tui.ui.screens.welcome import Welcome

            self.push_screen(Welcome(self.desk), lambda _: self.show_queue())

    def show_queue(self) -> None:
        """The main screen; what writes is loaded once it is there."""
        queue = QueueScreen(self.desk, self._settings.keys)
        self.push_screen(queue)
        self.call_after_refresh(self._warm_up, queue)

    def _warm_up(self, queue: QueueScreen) -> None:
        future = self.desk.warm_up()
        future.add_done_callback(lambda done: queue.post_message(Warmed(done.exception())))
        for problem in self._settings.problems:
            queue.refuse(problem)

    def on_resize(self, event: events.Resize) -> None:
        """Under the least size a message says so, and goes by itself."""
        too_small = event.size.width < LEAST_COLUMNS or event.size.height < LEAST_ROWS
        shown = isinstance(self.screen, TooSmall)
        if too_small and not shown:
            self.push_screen(TooSmall())
        elif shown and not too_small:
            self.pop_screen()

    def _handle_exception(self, error: Exception) -> None:
        """What nobody foresaw is told in words and kept in the log; the work goes on when it can.

        Textual has no public place for this. Tests get the exception itself.
        """
        if self.is_headless:
            super()._handle_exception(error)
            return
        from gca_tui.crash import told
        from gca_tui.ui.screens.chooser import Reader

        words = typeset(told(error, self.desk.path.parent))
        self._errors += 1
        if self._errors > ERRORS_BORNE:
            self.exit(return_code=70, message=words)
        else:
            self.push_screen(Reader("Une erreur est survenue", [words]))

    def _catch_signals(self) -> None:
        """A lost line or a polite end closes the store first; what is typed is on disk already."""
        import asyncio

        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(number, self.exit)


def run_app(path: Path, settings: Settings, options: Options) -> None:
    """Open the screen on a store and stay until the agent leaves."""
    desk = Desk(path)
    try:
        GcaApp(desk, settings, options).run(mouse=options.mouse)
    finally:
        desk.close()
