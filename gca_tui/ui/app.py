"""The Textual program: themes, keys, signals, filters of the terminal. Wiring only."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.filter import LineFilter
from textual.geometry import Size

from gca_tui.domain.french import typeset
from gca_tui.errors import GcaError
from gca_tui.ui import paste
from gca_tui.ui.actions.registry import key_of
from gca_tui.ui.desk import Desk
from gca_tui.ui.keyboard import Keyboard
from gca_tui.ui.messages import Warmed
from gca_tui.ui.sanitise import Sanitise
from gca_tui.ui.screens.curtain import TooSmall, is_too_small
from gca_tui.ui.screens.queue import QueueScreen
from gca_tui.ui.settings import Settings
from gca_tui.ui.themes import DEFAULT_THEME, LABELS, THEMES, VARIABLE_DEFAULTS

if TYPE_CHECKING:
    from gca_tui.ui.syncing import MakeLine

UNFORESEEN = 70
"""The exit code after an error that nobody foresaw (EX_SOFTWARE of sysexits.h)."""


@dataclass(frozen=True)
class Options:
    """How the program was started. `make_line`: how the store reaches its server, where it is not by the network."""

    plain: bool = False
    mouse: bool = True
    make_line: MakeLine | None = None


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
        self._fit(self.size)
        self.call_after_refresh(self._warm_up, queue)

    def _warm_up(self, queue: QueueScreen) -> None:
        future = self.desk.warm_up()
        future.add_done_callback(lambda done: queue.post_message(Warmed(done.exception())))
        for problem in self._settings.problems:
            queue.refuse(problem)

    def on_resize(self, event: events.Resize) -> None:
        """Under the least size a message says so, and goes by itself."""
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        """The message lies over the queue, never under it, and at most once."""
        if self._queue() is None:
            return
        shown = any(isinstance(screen, TooSmall) for screen in self.screen_stack)
        if is_too_small(size) and not shown:
            self.push_screen(TooSmall())
        elif isinstance(self.screen, TooSmall) and not is_too_small(size):
            self.pop_screen()

    def _queue(self) -> QueueScreen | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, QueueScreen)), None)

    def action_help_quit(self) -> None:
        """Ctrl+C leaves nothing: which key does is said."""
        if queue := self._queue():
            queue.announce(f"{key_of('quit', self._settings.keys)} quitte, depuis la liste ou le dossier.")

    async def action_quit(self) -> None:
        """Ctrl+Q is the terminal's own key: it says the same."""
        self.action_help_quit()

    def _handle_exception(self, error: Exception) -> None:
        """What nobody foresaw is kept in the log and told in words once the program has ended.

        Textual has no public place for this, and has left the loop of the widget that raised: going on would show a
        screen that answers no key. What was typed is on disk. Tests get the exception itself.
        """
        if self.is_headless:
            super()._handle_exception(error)
            return
        if isinstance(error, GcaError):  # foreseen, and nothing can be shown without what it is about
            self.exit(return_code=error.exit_code, message=typeset(f"gca : {error}"))
            return
        from gca_tui.crash import told

        self.exit(return_code=UNFORESEEN, message=typeset(told(error, self.desk.path.parent)))

    def _catch_signals(self) -> None:
        """A lost line or a polite end closes the store first; what is typed is on disk already."""
        import asyncio

        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(number, self.exit)


def run_app(path: Path, settings: Settings, options: Options) -> None:
    """Open the screen on a store and stay until the agent leaves. Raises click's Exit after an error nobody foresaw."""
    paste.install()
    desk = Desk(path, options.make_line)
    app = GcaApp(desk, settings, options)
    try:
        app.run(mouse=options.mouse)
    finally:
        desk.close()
    if app.return_code:
        from click.exceptions import Exit

        raise Exit(app.return_code)
