"""One key for what is known of the family: contact details, a mutation, a dérogation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import typeset
from gca_tui.ui.actions.base import Action, needs_dossier
from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from gca_tui.ui.screens.queue import QueueScreen

_END = "end_derogation "


def family(screen: QueueScreen) -> None:
    """Choose what is to be said of the family."""
    dossier = screen.dossier()
    if dossier is None:
        return
    from gca_tui.ui.forms.family import DEROGATION, DETAILS, MUTATION, open_family

    choices = [
        Choice(DETAILS, "Corriger les coordonnées : téléphones, adresse", "c"),
        Choice(MUTATION, "Lier le dossier d’une autre caisse (mutation)", "m"),
        Choice(DEROGATION, "Accorder une dérogation, avec sa fin", "d"),
    ]
    ending = [one for one in dossier.derogations if one.is_open]
    choices += [Choice(f"{_END}{one.id}", f"Fin de la dérogation : {one.nature}") for one in ending]

    def chosen(value: str | None) -> None:
        if value is None:
            return
        if value.startswith(_END):
            screen.work.form(_END.strip(), dossier, value.removeprefix(_END))
        else:
            open_family(screen, dossier, value)

    choices = [Choice(one.value, typeset(one.label), one.letter) for one in choices]
    screen.app.push_screen(Chooser("Famille", choices), chosen)


ACTIONS = (
    Action("family", "i", "famille", "Corriger les coordonnées, lier une mutation, accorder une dérogation.", family,
           refusal=needs_dossier),
)  # fmt: skip
