"""A line command run behind the screen, with what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gca_tui.presentation.safe_text import visible


class Running(ModalScreen[bool]):
    """Shows what the command says until it ends; Enter then goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape", "leave", "Continuer", show=False)]

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        super().__init__()
        self._command = [sys.executable, "-m", "gca_tui", "--donnees", str(folder), *arguments]
        self._ended = False
        self._text = Static(Text("En cours…"))

    def compose(self) -> ComposeResult:
        """What it says."""
        with Vertical(classes="dialog"):
            yield self._text

    def on_mount(self) -> None:
        """Run it in a thread."""
        self.run_worker(self._run, thread=True, exit_on_error=False)

    def action_leave(self) -> None:
        """Go on, once it has ended."""
        if self._ended:
            self.dismiss(True)

    def _run(self) -> None:
        done = subprocess.run(self._command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        said = visible((done.stdout + done.stderr).strip()) or "Terminé."
        self.app.call_from_thread(self._show, f"{said}\n\nEntrée pour continuer.")

    def _show(self, said: str) -> None:
        self._ended = True
        self._text.update(Text(said))
