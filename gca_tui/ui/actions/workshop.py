"""Opening the workshop on a notification of the dossier under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.domain.trop_percu import Notification
    from gca_tui.ui.screens.queue import QueueScreen


def open_workshop(screen: QueueScreen) -> None:
    """Write the explanation of a notification, asked which one when there are several: those to explain first."""
    dossier = screen.dossier()
    if dossier is None:
        return
    from gca_tui.domain.closing import must_explain
    from gca_tui.domain.dossier import LEFT_THE_QUEUE, TRANSMIS

    if dossier.etat == TRANSMIS:
        screen.refuse(LEFT_THE_QUEUE)
        return
    context = screen.desk.context()
    due = {one.id: must_explain(dossier, one, context) for one in dossier.notifications if one.trop_percus}
    letters = sorted((one for one in dossier.notifications if one.id in due), key=lambda one: _rank(one, due[one.id]))
    if not letters:
        screen.refuse("Aucun trop-perçu dans ce dossier : il n’y a rien à expliquer.")
        return
    if len(letters) == 1:
        open_letter(screen, dossier, letters[0].id)
        return
    from gca_tui.ui.workshop.sitting import label

    choices = [Choice(one.id, label(one, due=due[one.id])) for one in letters]

    def chosen(value: str | None) -> None:
        if value is not None:
            open_letter(screen, dossier, value)

    screen.app.push_screen(Chooser("Expliquer quelle notification ?", choices), chosen)


def _rank(notification: Notification, due: bool) -> tuple[bool, bool, int]:
    """Those at the threshold and unwritten first, the greatest amount before the others."""
    return (not due, not notification.explication.is_empty, -notification.montant)


def open_letter(screen: QueueScreen, dossier: Dossier, notification: str) -> None:
    """Open the workshop on one notification."""
    from gca_tui.ui.workshop import Workshop
    from gca_tui.ui.workshop.sitting import Sitting

    def closed(said: str | None) -> None:
        if said:
            screen.announce(said)

    screen.app.push_screen(Workshop(Sitting(screen.desk, dossier, notification)), closed)
