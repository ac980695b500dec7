"""What can be done about a line of the boîte d’envoi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui import clock
from gca_tui.errors import GcaError
from gca_tui.ui.actions.program import ASKED
from gca_tui.ui.screens.chooser import Choice, Chooser, Reader
from gca_tui.ui.waiting.entries import ASK, CONFLICT, KEPT, LEFT, PENDING, REFUSED, SENDING, Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from gca_tui.ui.desk import Desk
    from gca_tui.ui.waiting.screen import WaitingScreen

COPIED = "Texte envoyé au terminal. S’il ne l’a pas pris : lancez gca --sans-souris et sélectionnez-le ici."
_WHOLE = "Cette ligne porte sur une corbeille entière : Entrée pour décider."
_BACK = "Abandonné ; le texte est revenu dans les brouillons (B, depuis la liste)."
_TEXTS = ("add_note", "correct_note", "edit_explanation")
"""Kinds whose text is a draft again once they are given up."""
_ACCEPT, _KEEP = "accepter", "garder"
_WHY_NOT = {
    PENDING: "Ce changement part au prochain échange. Tant qu’il n’est pas parti, u l’annule depuis la liste.",
    SENDING: "Ce changement est parti : la réponse du serveur dira ce qu’il devient.",
    LEFT: "Le dossier n’est plus sur ce poste : il n’y a rien à en faire ici.",
    ASK: "Entrée : décider d’abord.",
    KEPT: "Entrée : changer d’avis.",
    CONFLICT: "Réglez d’abord le conflit (Entrée).",
}


def _entry(screen: WaitingScreen) -> Entry:
    entry = screen.entry
    if entry is None:
        raise GcaError("Rien n’attend ici.")
    return entry


def settle(screen: WaitingScreen) -> None:
    """What Enter does: the question, the conflict, else the dossier."""
    entry = _entry(screen)
    if entry.state in (ASK, KEPT):
        _answer(screen, entry)
    elif entry.state == CONFLICT:
        from gca_tui.ui.waiting.conflict import open_conflict

        open_conflict(screen, entry.command_id)
    else:
        open_dossier(screen)


def open_dossier(screen: WaitingScreen) -> None:
    """Back to the queue, on the dossier."""
    key = _entry(screen).key
    if key is None:
        said = "Ces dossiers ne sont plus" if _entry(screen).state == LEFT else ""
        raise GcaError(f"{said} sur ce poste." if said else _WHOLE)
    if screen.desk.window.row(*key) is None:
        raise GcaError(f"Le dossier {key[0]}·{key[1]} n’est plus sur ce poste.")
    screen.dismiss(key)


def copy(screen: WaitingScreen) -> None:
    """Send all that was typed to the terminal's clipboard: nobody knows whether it took it."""
    text = _entry(screen).text
    if not text:
        raise GcaError("Cette ligne n’a pas de texte à copier.")
    screen.app.copy_to_clipboard(text)
    screen.announce(COPIED)


def retry(screen: WaitingScreen) -> None:
    """Send a refused one again, as it is."""
    entry = _entry(screen)
    if entry.state != REFUSED:
        raise GcaError(_WHY_NOT[entry.state])
    from gca_tui.store import resolving

    future = screen.desk.change(lambda c, context: resolving.retry(c, entry.command_id, context))
    screen.tell(future, "De nouveau à envoyer.")


def discard(screen: WaitingScreen) -> None:
    """Give one's own up, after a question that shows the text."""
    entry = _entry(screen)
    if entry.state not in (REFUSED, CONFLICT):
        raise GcaError(_WHY_NOT[entry.state])
    lines = [
        "Ce que vous aviez donné n’ira pas au serveur. Un texte de note ou d’explication redevient un brouillon.",
        "",
    ]
    lines += entry.told
    reader = Reader("Abandonner ce changement ?", lines, confirm="abandonner", refuse="garder")
    screen.app.push_screen(reader, lambda yes: _discard(screen, entry) if yes else None)


def _discard(screen: WaitingScreen, entry: Entry) -> None:
    from gca_tui.store import resolving

    at = clock.now()
    future = screen.desk.change(lambda c, context: resolving.discard(c, entry.command_id, context, at))
    screen.tell(future, _BACK if entry.kind in _TEXTS else "Abandonné : rien n’en ira au serveur.")


def synchronise(screen: WaitingScreen) -> None:
    """Exchange with the server now."""
    screen.desk.syncing.poke()
    screen.announce(ASKED)


def _answer(screen: WaitingScreen, entry: Entry) -> None:
    """A mass removal: nothing goes, and nothing is asked twice, without an answer."""
    choices = [
        Choice(_KEEP, "Garder ces dossiers, et prévenir l’administrateur", "g"),
        Choice(_ACCEPT, "Retirer ces dossiers de ce poste", "r"),
    ]

    def answered(choice: str | None) -> None:
        if choice is not None:
            from gca_tui.store.removals import answer_removal

            accept = choice == _ACCEPT
            future = screen.desk.change(lambda c, _: answer_removal(c, entry.scope, accept))
            said = "Les dossiers seront retirés au prochain échange." if accept else _KEPT_ALL
            screen.tell(future, said)
            screen.desk.syncing.poke()

    screen.app.push_screen(Chooser("\n".join(entry.told), choices), answered)


_KEPT_ALL = "Dossiers gardés. Appelez l’administrateur du serveur : lui seul sait pourquoi ils sont retirés."


def see_departures(desk: Desk) -> None:
    """What left has been seen."""
    from gca_tui.store import leaving

    desk.change(lambda c, _: leaving.seen(c))


DEEDS: dict[str, Callable[[WaitingScreen], None]] = {
    "settle": settle,
    "open": open_dossier,
    "copy": copy,
    "retry": retry,
    "discard": discard,
    "synchronise": synchronise,
}
