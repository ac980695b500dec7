"""Whether the shared store holds together, at one moment: journals, documents, corbeilles, answers, closings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, Select, and_, or_, select

from gca_tui.domain.closing import must_explain
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import CLOS, Dossier
from gca_tui.domain.french import euros
from gca_tui.server.administering import SETTINGS_SINCE
from gca_tui.server.chain import body_hash, link
from gca_tui.server.laying import COLUMNS, document_hash
from gca_tui.server.service import Service
from gca_tui.server.tables import DOSSIER, JOURNAL, MEMBERSHIP, META, OP_RESULT, SCOPE
from gca_tui.store.projection import project
from gca_tui.wire import MODULUS, SETTLED, sum64

STREAMED = 1_000
"""Rows held in memory."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Fault:
    """Something that does not hold: what was checked, where, and what is wrong there."""

    check: str
    where: str
    what: str


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what does not hold."""

    dossiers: int
    entries: int
    faults: tuple[Fault, ...]


def verify(service: Service, progress: Progress = lambda _: None) -> Verified:
    """Look at everything, in one snapshot of the base; `progress` is told how many entries and dossiers were read."""
    return service.base.reading(lambda connection: _Verifying(service, connection, progress).run())


class _Verifying:
    """One reading of the base."""

    def __init__(self, service: Service, connection: Connection, progress: Progress) -> None:
        self._context: Context = service.context(connection)
        self._since = connection.execute(select(META.c.value).where(META.c.name == SETTINGS_SINCE)).scalar() or ""
        self._connection = connection
        self._progress = progress
        self._faults: list[Fault] = []
        self._digests: dict[str, int] = {}
        self._done = 0

    def run(self) -> Verified:
        """Every check."""
        heads = {row.id: row for row in self._connection.execute(select(SCOPE))}
        entries = self._journals(heads)
        dossiers = self._dossiers()
        for scope, head in heads.items():
            if int(head.digest) != self._digests.get(scope, 0) % MODULUS:
                self._fault("empreinte", scope, "la somme de la corbeille n’est pas celle de ses dossiers")
        for scope in sorted(self._digests.keys() - heads.keys()):
            self._fault("corbeille", scope, "des dossiers sont dans une corbeille qui n’existe pas")
        self._memberships()
        self._results()
        return Verified(dossiers, entries, tuple(self._faults))

    def _fault(self, check: str, where: str, what: str) -> None:
        self._faults.append(Fault(check, where, what))

    def _rows(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        yield from self._connection.execute(statement, execution_options={"yield_per": STREAMED})

    def _step(self) -> None:
        self._done += 1
        if self._done % STREAMED == 0:
            self._progress(self._done)

    def _journals(self, heads: Mapping[str, Row[Any]]) -> int:
        rows = self._rows(select(JOURNAL).order_by(JOURNAL.c.scope, JOURNAL.c.seq))
        read = 0
        empty = {scope for scope, head in heads.items() if head.seq}
        for scope, entries in groupby(rows, key=lambda row: row.scope):
            empty.discard(scope)
            last, h, number = self._journal(scope, entries)
            read += number
            head = heads.get(scope)
            if head is None:
                self._fault("journal", scope, "ce journal n’est celui d’aucune corbeille")
            elif (head.seq, head.head) != (last, h):
                self._fault("journal", scope, f"il finit à l’entrée {last}, la corbeille en est à {head.seq}")
        for scope in sorted(empty):
            self._fault("journal", scope, f"il est vide, la corbeille en est à {heads[scope].seq}")
        return read

    def _journal(self, scope: str, entries: Iterator[Row[Any]]) -> tuple[int, str, int]:
        """Follow the chain of one corbeille; its last number and hash, and how many entries it has."""
        before, h, number = 0, "", 0
        for row in entries:
            where = f"{scope} entrée {row.seq}"
            if row.seq != before + 1:
                self._fault("journal", where, f"l’entrée précédente est la {before}")
            if link(h, dict(row._mapping)) != row.h:
                self._fault("journal", where, "la chaîne est rompue : elle, ou ce qui la précède, a changé")
            if row.body is not None and body_hash(row.body) != row.body_sha:
                self._fault("journal", where, "son contenu a changé")
            before, h, number = row.seq, row.h, number + 1
            self._step()
        return before, h, number

    def _dossiers(self) -> int:
        entry = and_(JOURNAL.c.scope == DOSSIER.c.scope, JOURNAL.c.seq == DOSSIER.c.seq)
        noted = select(
            DOSSIER,
            *(JOURNAL.c[name].label(f"noted_{name}") for name in ("caisse", "matricule", "rev", "body")),
        ).outerjoin(JOURNAL, entry)
        read = 0
        for row in self._rows(noted):
            read += 1
            where = f"{row.caisse} {row.matricule}"
            self._digests[row.scope] = self._digests.get(row.scope, 0) + sum64(
                row.caisse, row.matricule, row.rev, row.h
            )
            self._noted(row, where)
            if document_hash(row.document) != row.h:
                self._fault("document", where, "il n’a pas l’empreinte notée")
            try:
                self._document(row, Dossier.from_json(row.document), where)
            except ValidationError:
                self._fault("document", where, "il ne se lit pas")
            self._step()
        return read

    def _noted(self, row: Row[Any], where: str) -> None:
        """The journal tells of the document as it is."""
        if (row.noted_caisse, row.noted_matricule, row.noted_rev) != (row.caisse, row.matricule, row.rev):
            self._fault("dossier", where, f"l’entrée {row.seq} de {row.scope} n’est pas celle de sa révision {row.rev}")
        elif row.noted_body is not None and _member(row.noted_body, "h") != row.h:
            self._fault("document", where, f"ce n’est pas celui de l’entrée {row.seq} de {row.scope}")

    def _document(self, row: Row[Any], dossier: Dossier, where: str) -> None:
        """It is that of its row, and the rules hold."""
        if (dossier.caisse, dossier.matricule, dossier.rev) != (row.caisse, row.matricule, row.rev):
            self._fault("document", where, "il n’est pas celui de ce dossier ou de cette révision")
        columns = project(dossier, self._context)
        if wrong := [name for name in COLUMNS if columns[name] != row._mapping[name]]:
            self._fault("dossier", where, f"{', '.join(wrong)} ne suivent pas le document")
        if dossier.etat == CLOS and self._was_judged(dossier):
            for notification in dossier.notifications:
                if must_explain(dossier, notification, self._context) and notification.explication.is_empty:
                    self._fault("clôture", where, f"clos sans explication de {euros(notification.montant)}")

    def _was_judged(self, dossier: Dossier) -> bool:
        """Whether it was closed under the rules in force: a threshold lowered since judges no closing before it."""
        return dossier.cloture is None or dossier.cloture.at.isoformat() >= self._since

    def _memberships(self) -> None:
        """Every dossier is shown by its corbeille and by no other one; every place was noted."""
        same = and_(DOSSIER.c.caisse == MEMBERSHIP.c.caisse, DOSSIER.c.matricule == MEMBERSHIP.c.matricule)
        shown = and_(same, DOSSIER.c.scope == MEMBERSHIP.c.scope, MEMBERSHIP.c.present == 1)
        hidden = select(DOSSIER.c.caisse, DOSSIER.c.matricule, DOSSIER.c.scope).outerjoin(MEMBERSHIP, shown)
        for row in self._rows(hidden.where(MEMBERSHIP.c.scope.is_(None))):
            self._fault("appartenance", f"{row.caisse} {row.matricule}", f"{row.scope} ne le montre pas")
        place = (MEMBERSHIP.c.scope, MEMBERSHIP.c.caisse, MEMBERSHIP.c.matricule, MEMBERSHIP.c.seq)
        orphan = and_(MEMBERSHIP.c.present == 1, or_(DOSSIER.c.scope.is_(None), DOSSIER.c.scope != MEMBERSHIP.c.scope))
        for row in self._rows(select(*place).outerjoin(DOSSIER, same).where(orphan)):
            self._fault("appartenance", f"{row.caisse} {row.matricule}", f"{row.scope} le montre sans l’avoir")
        entry = and_(
            *(JOURNAL.c.scope == MEMBERSHIP.c.scope, JOURNAL.c.seq == MEMBERSHIP.c.seq),
            *(JOURNAL.c.caisse == MEMBERSHIP.c.caisse, JOURNAL.c.matricule == MEMBERSHIP.c.matricule),
        )
        for row in self._rows(select(*place).outerjoin(JOURNAL, entry).where(JOURNAL.c.seq.is_(None))):
            where = f"{row.caisse} {row.matricule}"
            self._fault("appartenance", where, f"l’entrée {row.seq} de {row.scope} n’est pas la sienne")

    def _results(self) -> None:
        """Every command that was said to be applied is in a journal."""
        answered = select(OP_RESULT.c.command_id, OP_RESULT.c.result)
        unnoted = answered.outerjoin(JOURNAL, JOURNAL.c.command_id == OP_RESULT.c.command_id)
        for row in self._rows(unnoted.where(JOURNAL.c.seq.is_(None))):
            if _member(row.result, "status") in SETTLED:
                self._fault("réponse", row.command_id, "dite appliquée, elle n’est dans aucun journal")


def _member(written: str, name: str) -> Any:
    try:
        value = json.loads(written)
    except ValueError:
        return None
    return value.get(name) if isinstance(value, dict) else None
