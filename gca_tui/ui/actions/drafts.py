"""What was begun and left: said at the start, listed and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import count
from gca_tui.store.drafts_left import drafts_left
from gca_tui.ui.actions.base import Action
from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from gca_tui.ui.screens.queue import QueueScreen

NONE = "Aucun brouillon : rien n’est resté commencé."
_NAMED = 2
"""Drafts named in one line at the start."""


def drafts(screen: QueueScreen) -> None:
    """Choose what to go on with."""
    left = drafts_left(screen.desk.path)
    if not left:
        screen.refuse(NONE)
        return
    from gca_tui.ui.forms.resuming import label, resume

    choices = []
    for place, one in enumerate(left):
        row = screen.desk.window.row(one.caisse, one.matricule)
        choices.append(Choice(str(place), f"{label(one)} {row.nom if row else ''}".rstrip()))

    def chosen(place: str | None) -> None:
        if place is not None:
            resume(screen, left[int(place)])

    screen.app.push_screen(Chooser("Brouillons", choices), chosen)


def tell_drafts(screen: QueueScreen) -> None:
    """Say what was left, and the key that opens it again."""
    left = drafts_left(screen.desk.path)
    if not left:
        return
    from gca_tui.ui.actions.registry import key_of
    from gca_tui.ui.forms.resuming import label

    named = ", ".join(label(one) for one in left[:_NAMED]) + ("…" if len(left) > _NAMED else "")
    key = key_of("drafts", screen.app_keys())
    screen.announce(f"{count(len(left), 'brouillon')} ({key}) : {named}.")


ACTIONS = (
    Action("drafts", "B", "brouillons", "Reprendre ce qui est resté commencé, dans son formulaire.", drafts,
           group="Programme"),
)  # fmt: skip
