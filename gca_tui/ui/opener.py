"""The screen that opens a form over one dossier, as the form knows it: the queue, or the workshop."""

from __future__ import annotations

from typing import Any, Protocol

from textual.app import App
from textual.message import Message

from gca_tui.ui.desk import Desk


class Opener(Protocol):
    """Forms are shown over it; it is told what came of them, `Settled` included."""

    desk: Desk

    @property
    def app(self) -> App[Any]:
        """The program, which shows screens."""

    def announce(self, text: str) -> None:
        """Say what happened."""

    def refuse(self, text: str) -> None:
        """Say why something cannot be done."""

    def post_message(self, message: Message) -> bool:
        """Tell it something, from any thread."""
