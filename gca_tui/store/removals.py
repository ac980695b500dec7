"""Many dossiers leaving at once without a reason: a server that is empty or wrong. It waits for a person's word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gca_tui.store.facts import mapping_meta, set_mapping_meta

REMOVALS = "retraits"
"""The fact that counts them, by corbeille: of the day, and those that wait for a word."""
FEW, SHARE = 20, 0.3
"""Dossiers, and share of a corbeille, that may leave in one day without a reason."""


def may_leave(connection: Connection, scope: str, count: int, total: int, at: datetime) -> bool:
    """Whether so many dossiers of the `total` of a corbeille may leave now; noted, or else asked."""
    known = mapping_meta(connection, REMOVALS)
    tally: dict[str, Any] = known.get(scope, {})
    day = at.date().isoformat()
    if tally.get("day") != day:
        tally = {"day": day, "count": 0, "total": total, "asks": tally.get("asks", 0), "kept": tally.get("kept", False)}
    if tally.get("allowed") or tally["count"] + count <= max(FEW, SHARE * tally["total"]):
        tally = {**tally, "count": tally["count"] + count, "asks": 0, "kept": False}
    else:
        tally = {**tally, "asks": count, "kept": tally.get("kept", False) and tally.get("asks") == count}
    if count:
        set_mapping_meta(connection, REMOVALS, {**known, scope: tally})
    return not (count and tally["asks"])


def answer_removal(connection: Connection, scope: str, accept: bool) -> None:
    """A person's word: let them leave (all that day), or keep them, and be asked again when their number moves."""
    known = mapping_meta(connection, REMOVALS)
    if scope in known:
        answer = {"allowed": True} if accept else {"kept": True}
        set_mapping_meta(connection, REMOVALS, {**known, scope: known[scope] | answer})


def allowed(connection: Connection) -> set[str]:
    """The corbeilles for which a person said that dossiers may leave."""
    return {scope for scope, tally in mapping_meta(connection, REMOVALS).items() if tally.get("allowed")}


def asking(connection: Connection) -> set[str]:
    """The corbeilles of which a person has to say whether their dossiers may leave."""
    return {
        scope
        for scope, tally in mapping_meta(connection, REMOVALS).items()
        if tally.get("asks") and not tally.get("allowed")
    }


def forget_removals(connection: Connection, scope: str) -> None:
    """The corbeille is followed no more."""
    known = mapping_meta(connection, REMOVALS)
    if known.pop(scope, None) is not None:
        set_mapping_meta(connection, REMOVALS, known)
