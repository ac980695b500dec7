"""The facts and the months that the text must agree with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.ui.screens.chooser import Reader
from gca_tui.ui.workshop.facts import facts_lines
from gca_tui.ui.workshop.panels import drawn

if TYPE_CHECKING:
    from gca_tui.ui.workshop.screen import Workshop


def facts(screen: Workshop) -> None:
    """Establish the facts; where they are not in sight they are shown first."""
    if not screen.has_class("-narrow"):
        _establish(screen)
        return
    sitting = screen.sitting
    lines = drawn(facts_lines(sitting.dossier, sitting.subject))

    def read(go_on: bool | None) -> None:
        if go_on:
            _establish(screen)

    screen.app.push_screen(Reader("Faits", lines, confirm="établir les faits", refuse="fermer"), read)


def _establish(screen: Workshop) -> None:
    from gca_tui.ui.forms.facts import open_facts

    open_facts(screen, screen.sitting.dossier, screen.sitting.id)


def months(screen: Workshop) -> None:
    """Read and correct the months."""
    from gca_tui.ui.forms.months import open_months

    open_months(screen, screen.sitting.dossier, screen.sitting.id)
