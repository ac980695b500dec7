"""How the exchange with the server is going, in the few words of a header."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gca_tui import clock
from gca_tui.domain.french import NBSP, count, typeset

if TYPE_CHECKING:
    from gca_tui.store.waiting import SyncState

_PROBLEMS = {"access": "accès au serveur retiré", "version": "gca est trop ancien", "rejected": "demande refusée"}
_OTHER_PROBLEM = "échange arrêté"


def status(state: SyncState, width: int, *, plain: bool = False) -> str:
    """What wants somebody first, then where the line stands; "" for a store tied to no server.

    Over `width` cells what wants somebody is counted together, and the line keeps its last word. `plain`: without the
    signs, which a screen reader spells out and which add nothing to the words.
    """
    if not state.tied:
        return ""
    wanting, line = _wanting(state), _line(state)
    said = _said([*wanting, *line], plain=plain)
    if len(said) <= width:
        return said
    number = sum(not one.kept for one in state.asks) + state.conflicts + state.refused
    wanted = [("⚠", f"{_number(number)} à régler")] if number else wanting
    return _said([*wanted, line[-1]], plain=plain)


def _said(parts: list[tuple[str, str]], *, plain: bool) -> str:
    return typeset(" · ".join(words if plain else f"{sign} {words}" for sign, words in parts))


def _wanting(state: SyncState) -> list[tuple[str, str]]:
    """What an agent is to decide or to read."""
    found = [("⚠", "retrait à confirmer")] if any(not one.kept for one in state.asks) else []
    found += [("⚠", count(state.conflicts, "conflit"))] if state.conflicts else []
    found += [("✖", count(state.refused, "refusé"))] if state.refused else []
    return found + ([("→", count(state.departures, "parti"))] if state.departures else [])


def _line(state: SyncState) -> list[tuple[str, str]]:
    """Where the exchange stands."""
    if state.problem:
        return [("✖", _PROBLEMS.get(state.problem, _OTHER_PROBLEM))]
    sending = state.pending + state.in_flight
    found = [("⇡", f"{_number(sending)} à envoyer")] if sending else []
    if state.offline_since:
        return [*found, ("○", f"hors ligne depuis {_moment(state.offline_since)}")]
    if state.progress:
        done, total = state.progress
        return [*found, ("↓", f"{_number(done)} / {_number(total)}")]
    if not state.last_contact:
        return [*found, ("○", "premier échange à venir")]
    if state.shut_out:
        return [*found, ("✖", "aucune corbeille")]
    return found or [("●", f"à jour {_moment(state.last_contact)}")]


def _number(number: int) -> str:
    return f"{number:,}".replace(",", NBSP)


def _moment(at: str) -> str:
    """`10:42`, with its day when that is not today."""
    local = clock.local(datetime.fromisoformat(at))
    return f"{local:%H:%M}" if local.date() == clock.today() else f"{local:%d/%m %H:%M}"
