"""What happens to a dossier while something is being typed over it: a colleague changes it, or it leaves this store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import typeset

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.domain.values import HistoryEntry
    from gca_tui.ui.desk import Desk, Key

WATCH = 0.5
"""Seconds between two looks at whether another program wrote."""


class Beneath:
    """The dossier under a form, or under a page that is read, looked at now and then.

    Nothing ever happens to one of a store tied to no server. `is_typed`: something is typed over it.
    """

    def __init__(self, desk: Desk, dossier: Dossier, *, is_typed: bool = True) -> None:
        self._is_typed = is_typed
        self._desk = desk
        self._key = (dossier.caisse, dossier.matricule)
        self._known = {entry.id for entry in dossier.history}
        self._version = desk.window.data_version()
        self._is_tied = desk.is_tied
        self.is_gone = False

    def news(self) -> str:
        """What somebody else did to it since the last look, in words; `is_gone` says whether it left."""
        if not self._is_tied or (version := self._desk.window.data_version()) == self._version:
            return ""
        self._version = version
        dossier = self._desk.dossier(self._key)
        if dossier is None:
            self.is_gone = True
            return farewell(self._desk, self._key, was_typing=self._is_typed)
        fresh = [entry for entry in dossier.history if entry.id not in self._known]
        self._known |= {entry.id for entry in fresh}
        others = [entry for entry in fresh if entry.author.identifiant != self._desk.person.identifiant]
        if not others:
            return ""
        stays = " Ce que vous tapez n’a pas bougé." if self._is_typed else ""
        return typeset(f"{_told(others[-1])}.{stays}")


def last_done(desk: Desk, key: Key) -> str | None:
    """What was done last on a dossier, and by whom: "" where nobody did anything, None where it is not here."""
    dossier = desk.dossier(key)
    return _told(dossier.history[-1]) if dossier and dossier.history else "" if dossier else None


def _told(entry: HistoryEntry) -> str:
    from gca_tui.presentation.kinds import KINDS

    return f"{entry.author.label} : {KINDS.get(entry.kind, entry.kind)}"


def farewell(desk: Desk, key: Key, *, was_typing: bool = True) -> str:
    """That a dossier left, why, and what becomes of what was being typed."""
    from gca_tui.store.waiting import departures
    from gca_tui.ui.news import because

    left = (one for one in departures(desk.window.connection) if (one.caisse, one.matricule) == key)
    why = next((one.motif for one in left if one.motif), "")
    typed = " Ce que vous tapiez est remis à la caisse." if was_typing else ""
    return typeset(f"{key[0]}·{key[1]} a quitté ce poste{because(why)}.{typed}")
