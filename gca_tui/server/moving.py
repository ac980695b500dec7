"""Putting dossiers in another corbeille. Their documents stay; who had them is told why they went."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import ColumnElement, Connection, select

from gca_tui.domain.french import count
from gca_tui.errors import InputError, UnknownDossier
from gca_tui.server.chain import Entry
from gca_tui.server.delegating import NOTHING, convention_of, ensure_scopes, split
from gca_tui.server.laying import Change, Stored, lay, stored
from gca_tui.server.leases import ENDED, put, standings
from gca_tui.server.service import Service
from gca_tui.server.tables import DOSSIER
from gca_tui.wire import Key

MOVED = "moved"
"""Kind of the journal's entry."""
BATCH = 200
"""Dossiers a transaction."""
LONGEST = 200
"""Characters of a motif."""


@dataclass(frozen=True)
class Filter:
    """Which dossiers of a corbeille: all, or those of one nature of open work, one statut, one holder."""

    scope: str
    nature: str = ""
    statut: str = ""
    holder: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        said = [DOSSIER.c.scope == self.scope]
        if self.nature:
            said.append(DOSSIER.c.natures.contains(f"|{self.nature}|", autoescape=True))
        if self.statut:
            said.append(DOSSIER.c.statut == self.statut)
        if self.holder:
            said.append(DOSSIER.c.holder == self.holder)
        return said


def matching(connection: Connection, wanted: Filter) -> list[Key]:
    """The dossiers that a filter chooses."""
    found = select(DOSSIER.c.caisse, DOSSIER.c.matricule).where(*wanted.conditions())
    return [Key(*row) for row in connection.execute(found.order_by(DOSSIER.c.caisse, DOSSIER.c.matricule))]


def move(service: Service, keys: Sequence[Key], scope: str, motif: str, agent: str = "") -> int:
    """Put these dossiers in a corbeille of their caisse; returns how many were in another one.

    `motif` is what agents read, `agent` who decides it. All or nothing is checked first, then some hundreds go at a
    time: stopped half way, the same call does the rest. Raises InputError, UnknownDossier.
    """
    motif = _checked(motif)
    service.base.writing(lambda connection: _check(service, connection, keys, scope))
    moved, source = 0, iter(sorted(set(keys)))
    while batch := list(islice(source, BATCH)):
        moved += _move(service, batch, scope, motif, agent)
    return moved


def release(connection: Connection, keys: Collection[Key]) -> None:
    """End what claims there are on dossiers that change corbeille: those who had them may not see them any more.

    Call it before `lay`, whose entries tell of it.
    """
    taken = standings(connection, keys) if keys else {}
    if taken:
        put(connection, [replace(one, until=ENDED) for one in taken.values()])


def _move(service: Service, batch: Sequence[Key], scope: str, motif: str, agent: str) -> int:
    def write(connection: Connection) -> list[str]:
        found = [one for one in stored(connection, batch).values() if one.scope != scope]
        context = service.context(connection)
        at = service.instant()
        release(connection, [one.key for one in found])
        lay(connection, [_change(one, scope, motif, agent, at) for one in found], context)
        return [one.scope for one in found]

    left = service.base.writing(write)
    if left:
        service.bell.ring({scope, *left})
    return len(left)


def _change(one: Stored, scope: str, motif: str, agent: str, at: str) -> Change:
    body = json.dumps({"de": one.scope, "vers": scope, "motif": motif}, ensure_ascii=False)
    entry = Entry(MOVED, one.caisse, one.matricule, one.rev, at, body, agent=agent)
    return Change(one, one.dossier, (entry,), scope, motif, one.replayed)


def _check(service: Service, connection: Connection, keys: Sequence[Key], scope: str) -> None:
    """Raise for a corbeille that cannot take them; make it where it can and is not there."""
    caisse, nom = split(scope)
    if others := sorted({key.caisse for key in keys} - {caisse}):
        raise InputError(
            f"Un dossier de la caisse {others[0]} ne va pas dans une corbeille de la caisse {caisse} : il reste à sa"
            " caisse, qui ne délègue que par convention (CSS L.122-7).",
            NOTHING,
        )
    if nom and convention_of(connection, scope) is None:
        raise InputError(f"La convention {scope} n’est pas connue.", NOTHING, "gca serveur convention ajouter la fait.")
    missing = sorted(set(keys) - set(_known(connection, keys)))
    if missing:
        more = f" ({count(len(missing), 'dossier manque', 'dossiers manquent')})" if len(missing) > 1 else ""
        raise UnknownDossier(f"Le dossier {missing[0].caisse} {missing[0].matricule} n’est pas ici{more}.", NOTHING)
    ensure_scopes(connection, [scope], service.now())


def _known(connection: Connection, keys: Sequence[Key]) -> Iterator[Key]:
    source = iter(keys)
    while batch := list(islice(source, BATCH)):
        yield from stored(connection, batch, lock=False)


def _checked(motif: str) -> str:
    motif = " ".join(motif.split())
    if not motif:
        raise InputError("Dites pourquoi : le motif est lu par les agents qui perdent ces dossiers.", NOTHING)
    return motif[:LONGEST]
