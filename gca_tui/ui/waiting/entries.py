"""The lines of the boîte d’envoi, and what there is to read of each: words only, the screen draws them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from gca_tui.domain.french import count, typeset
from gca_tui.presentation.given import given_lines, given_text, instant_words, kind_words
from gca_tui.store import waiting
from gca_tui.store.waiting import Ask, Departure, SyncState, Waiting
from gca_tui.ui.news import with_it

if TYPE_CHECKING:
    from gca_tui.store.driver import Connection

ASK, CONFLICT, REFUSED, PENDING, SENDING, KEPT, LEFT = (
    *("ask", "conflict", "refused"),
    *("pending", "in_flight", "kept", "departure"),
)
_ASK_AGAIN = "Entrée : changer d’avis."
_STATES = {
    ASK: ("⚠", "à confirmer"),
    CONFLICT: ("⚠", "en conflit"),
    REFUSED: ("✖", "refusé"),
    SENDING: ("⇡", "en route"),
    PENDING: ("⇡", "à envoyer"),
    KEPT: ("=", "gardés"),
    LEFT: ("→", "parti"),
}
_SEVERAL = {REFUSED: "refusés", LEFT: "partis"}
_ORDER = tuple(_STATES)
_TOGETHER = 4
"""Dossiers from which those that left at once, for one reason, are one line."""
_WHAT_TO_DO = {
    ASK: "Entrée : retirer ces dossiers de ce poste, ou les garder.",
    CONFLICT: "Un collègue a changé la même chose que vous. Entrée : comparer et choisir. x : abandonner le vôtre.",
    REFUSED: "Rien n’est perdu. y : copier le texte. r : envoyer de nouveau. o : ouvrir le dossier. x : abandonner.",
    SENDING: "Envoyé, la réponse du serveur n’est pas encore là. Rien à faire.",
    PENDING: "Partira seul au prochain échange ; s le demande maintenant.",
    KEPT: "Rien n’est retiré de ce poste.",
    LEFT: "Le dossier n’est plus sur ce poste.",
}


@dataclass(frozen=True)
class Entry:
    """A line: what it is about, what there is to read, and the text that can be copied out."""

    id: str
    state: str
    title: str
    key: tuple[str, str] | None = None
    told: tuple[str, ...] = ()
    text: str = ""
    command_id: str = ""
    scope: str = ""
    number: int = 1
    kind: str = ""
    reason: str = ""

    def line(self, *, plain: bool) -> str:
        """The line of the list; the state is said in words beside its sign."""
        sign, words = _STATES[self.state]
        return f"{words:<17} {self.title}" if plain else f"{sign} {words:<17} {self.title}"

    @property
    def lines(self) -> list[str]:
        """What there is to read, what can be done first."""
        return [typeset(_WHAT_TO_DO[self.state]), *(("", *self.told) if self.told else ())]


def entries(connection: Connection, state: SyncState) -> list[Entry]:
    """All there is, what wants a decision first; what the caisse took over after a departure is said by it."""
    found = [
        *(_ask(one) for one in state.asks),
        *(_command(one) for one in waiting.waiting_list(connection)),
        *_departures(waiting.departures(connection)),
    ]
    return sorted(found, key=lambda one: _ORDER.index(one.state))


def summary(shown: list[Entry]) -> str:
    """How many of each, for the first line."""
    numbers = {state: sum(one.number for one in shown if one.state == state) for state in _ORDER}
    said = [f"{number} {_in_words(state, number)}" for state, number in numbers.items() if number]
    return ", ".join(said) or "rien n’attend"


def _in_words(state: str, number: int) -> str:
    usual = _STATES[state][1]
    return _SEVERAL.get(state, usual) if number > 1 else usual


def _ask(ask: Ask) -> Entry:
    removed = f"{count(ask.removed, 'dossier')} sur {ask.total}"
    if ask.kept:
        why = f"Vous avez gardé ces {removed} que le serveur retire : l’administrateur doit le savoir."
        told = (typeset(why), typeset(_ASK_AGAIN))
        return Entry(f"ask {ask.scope}", KEPT, f"corbeille {ask.scope} : {removed}", told=told, scope=ask.scope)
    told = (
        f"Le serveur retire {removed} de la corbeille {ask.scope} sans en dire la raison.",
        "Rien n’est retiré de ce poste avant votre réponse.",
    )
    return Entry(f"ask {ask.scope}", ASK, f"corbeille {ask.scope} : {removed}", told=told, scope=ask.scope)


def _command(row: Waiting) -> Entry:
    said = json.loads(row.command)
    what = kind_words(str(said.get("kind", "")))
    title = f"{row.caisse}·{row.matricule} {row.nom}".rstrip() + f" · {what}"
    state = row.state if row.state in _STATES else PENDING
    told = (*_course(row, str(said.get("at", ""))), "", *given_lines(row.command))
    text = given_text(row.command, row.reason if state == REFUSED else "")
    key, kind = (row.caisse, row.matricule), str(said.get("kind", ""))
    return Entry(row.command_id, state, title, key, told, text, row.command_id, kind=kind, reason=row.reason)


def _course(row: Waiting, at: str) -> Iterator[str]:
    """When it was given, what became of it since."""
    yield typeset(f"Donné le {instant_words(at)}.")
    if row.reason:
        yield typeset(row.reason)
    if row.reason and row.state == PENDING:
        yield typeset("Ce poste ne le montre pas sur le dossier ; il part quand même, et le serveur juge.")
    if row.lost_at:
        yield typeset("Le serveur a été remis à un état plus ancien : il attend ce sur quoi ce changement repose.")
    elif row.state == PENDING and row.attempts:
        yield typeset(f"Essayé {count(row.attempts, 'fois', 'fois')} : le serveur n’a pas encore pu le prendre.")


def _departures(rows: Sequence[Departure]) -> Iterator[Entry]:
    """A line for each, or one for many that left at once: a corbeille that closes is one thing to read."""
    for _, found in groupby(rows, key=lambda row: (row.motif, row.at)):
        together = list(found)
        if len(together) < _TOGETHER:
            yield from map(_departure, together)
        else:
            yield _exodus(together)


def _exodus(rows: Sequence[Departure]) -> Entry:
    first, why = rows[0], rows[0].motif.rstrip(".") or "sans raison donnée"
    number = len(rows)
    told = [typeset(f"{count(number, 'dossier')} partis le {instant_words(first.at)} : {why}.")]
    if taken := with_it(sum(row.commands for row in rows), sum(row.drafts_left for row in rows)):
        told.append(taken)
    told += ["", " ".join(f"{row.caisse}·{row.matricule}" for row in rows)]
    title = f"{count(number, 'dossier')} · {why}"
    return Entry(f"departure {first.n}", LEFT, title, told=tuple(told), number=number)


def _departure(row: Departure) -> Entry:
    why = row.motif.rstrip(".") or "sans raison donnée"
    told = [typeset(f"Parti le {instant_words(row.at)} : {why}.")]
    if taken := with_it(row.commands, row.drafts_left):
        told.append(taken)
    title = f"{row.caisse}·{row.matricule} · {why}"
    return Entry(f"departure {row.n}", LEFT, title, (row.caisse, row.matricule), tuple(told))
