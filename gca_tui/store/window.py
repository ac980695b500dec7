"""What the list reads: pages, ids in order, counts. Plain DB-API, loaded before the first paint; never writes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar, Calendars
from gca_tui.store.driver import Connection
from gca_tui.store.views import ACTIVE, Condition, View

VISIBLE = "since <= :g AND until > :g"
PRIORITY = "priorite"


class Row(NamedTuple):
    """One line of the list."""

    id: int
    caisse: str
    matricule: str
    nom: str
    prestations: str
    objet: str
    classe: int
    echeance: str
    anteriorite_le: str
    statut: str
    holder: str
    attente_jusqu: str
    a_expliquer: int
    rdv_le: str | None
    absente_le: str | None
    convention: str
    appel_le: str | None

    @property
    def key(self) -> tuple[str, str]:
        """(caisse, matricule)."""
        return (self.caisse, self.matricule)


_COLUMNS = ", ".join(Row._fields)
_TAIL = "recue_le, caisse, matricule"
SORTS: Mapping[str, tuple[str, str]] = {
    PRIORITY: ("priorité", f"classe, echeance >= :today, {_TAIL}"),
    "matricule": ("matricule", "matricule, caisse"),
    "nom": ("allocataire", f"nom_tri, {_TAIL}"),
    "caisse": ("caisse", f"caisse, classe, echeance >= :today, {_TAIL}"),
    "prestations": ("prestations", f"prestations, {_TAIL}"),
    "objet": ("objet", f"objet, {_TAIL}"),
    "age": ("ancienneté", f"anteriorite_le, {_TAIL}"),
    "echeance": ("échéance", f"echeance, {_TAIL}"),
    "indu": ("montant de l’indu", f"indu DESC, {_TAIL}"),
    "rdv": ("rendez-vous", f"rdv_le IS NULL, rdv_le, {_TAIL}"),
}
"""Sorts an agent may choose: what it is called, and its ORDER BY. Only the first is the order of work."""


@dataclass(frozen=True)
class Selection:
    """Which dossiers, in which order: all that a list shows follows from it."""

    view: View
    condition: Condition = field(default_factory=Condition)
    sort: str = PRIORITY
    descending: bool = False


class Window:
    """Reads for the screen, over one connection of its own: use each Window from one thread at a time."""

    def __init__(self, connection: Connection, me: str) -> None:
        self._connection = connection
        self.me = me

    @property
    def connection(self) -> Connection:
        """The connection it reads through, for what other modules read."""
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def interrupt(self) -> None:
        """Make the query that another thread is running here stop."""
        self._connection.interrupt()

    def data_version(self) -> int:
        """A number that moves when somebody else has written."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whoever writes meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    def head(self, selection: Selection, today: date, limit: int) -> list[Row]:
        """The first rows, at a cost that does not grow with the store when the order is that of work."""
        rows: list[Row] = []
        with self.snapshot():
            for segment in self._segments(selection):
                sql = f"SELECT {_COLUMNS} {self._from(selection, segment)} LIMIT {limit - len(rows)}"
                rows += map(Row._make, self._run(sql, selection, today))
                if len(rows) >= limit:
                    break
        return rows

    def ids(self, selection: Selection, today: date) -> array[int]:
        """The ids of all the rows, in order: eight bytes a dossier.

        They come as one text, since each row fetched would take and give back the interpreter's lock: 130 000 times
        while the agent types. SQLite keeps a subquery's order for `group_concat`.
        """
        found = array("q")
        with self.snapshot():
            for segment in self._segments(selection):
                sql = f"SELECT group_concat(id) FROM (SELECT id {self._from(selection, segment)})"
                found.extend(_numbers(self._run(sql, selection, today)))
        return found

    def matching(self, condition: Condition, today: date) -> set[int]:
        """The ids of all that meets a filter, in no order and whatever the view: to be met with ordered ids."""
        sql = condition.rowids or f"SELECT id FROM dossier WHERE {VISIBLE} AND {condition.sql}"
        params = {"g": self.generation(), "today": today.isoformat(), "me": self.me, **condition.params}
        column = "rowid" if condition.rowids else "id"
        return set(_numbers(self._connection.execute(f"SELECT group_concat({column}) FROM ({sql})", params)))

    def rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """Rows by id; one that was replaced meanwhile is missing."""
        listed = ",".join(map(str, ids))
        found = self._connection.execute(f"SELECT {_COLUMNS} FROM dossier WHERE id IN ({listed})")
        return {row[0]: Row._make(row) for row in found}

    def count(self, selection: Selection, today: date) -> int:
        """How many dossiers."""
        hint = f" INDEXED BY {selection.view.index}" if selection.view.index else ""
        sql = f"SELECT count(*) FROM dossier{hint} WHERE {VISIBLE} AND {self._where(selection)}"
        return int(next(iter(self._run(sql, selection, today)))[0])

    def caisses(self) -> list[tuple[str, int]]:
        """The caisses that have open dossiers, with how many, most first."""
        counted = f"SELECT caisse, count(*) n FROM dossier WHERE {VISIBLE} AND {ACTIVE}"
        sql = f"{counted} GROUP BY caisse ORDER BY n DESC, caisse"
        return [(row[0], row[1]) for row in self._connection.execute(sql, {"g": self.generation()})]

    def row(self, caisse: str, matricule: str) -> Row | None:
        """The visible row of a dossier."""
        sql = f"SELECT {_COLUMNS} FROM dossier WHERE caisse = :caisse AND matricule = :matricule AND {VISIBLE}"
        params = {"caisse": caisse, "matricule": matricule, "g": self.generation()}
        found = self._connection.execute(sql, params).fetchone()
        return Row._make(found) if found else None

    def document(self, caisse: str, matricule: str) -> str | None:
        """The JSON document of a dossier."""
        sql = (
            "SELECT document FROM document WHERE dossier_id ="
            f" (SELECT id FROM dossier WHERE caisse = :caisse AND matricule = :matricule AND {VISIBLE})"
        )
        params = {"caisse": caisse, "matricule": matricule, "g": self.generation()}
        found = self._connection.execute(sql, params).fetchone()
        return str(found[0]) if found else None

    def documents(self, ids: Iterable[int]) -> Iterable[str]:
        """Documents, one after the other, in the order of the ids."""
        for number in ids:
            found = self._connection.execute("SELECT document FROM document WHERE dossier_id = ?", (number,)).fetchone()
            if found:
                yield str(found[0])

    def check(self) -> str:
        """`ok`, or what SQLite finds wrong with the file."""
        return str(self._connection.execute("PRAGMA quick_check").fetchone()[0])

    def generation(self) -> int:
        """The generation that is visible."""
        found = self._connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()
        return int(found[0]) if found else 0

    def meta(self, name: str) -> str | None:
        """A single fact of the store."""
        found = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else None

    def saved_views(self) -> list[tuple[str, str, str, str]]:
        """The agent's views: name, filter, sort, base view."""
        rows = self._connection.execute("SELECT name, filter, sort, base FROM saved_view ORDER BY name")
        return [tuple(row) for row in rows]

    def pending(self) -> int:
        """Commands that wait to be folded in, or for the server's word."""
        waiting = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'in_flight')"
        return int(self._connection.execute(waiting).fetchone()[0])

    def refused(self, key: tuple[str, str]) -> list[tuple[str, str]]:
        """The commands on a dossier that a replay or the server refused, as JSON, with the reason: old to new."""
        sql = "SELECT command, reason FROM outbox WHERE caisse = ? AND matricule = ? AND state = 'refused' ORDER BY n"
        return [(str(row[0]), str(row[1])) for row in self._connection.execute(sql, key)]

    def draft(self, key: tuple[str, str], kind: str, target: str) -> tuple[str, str] | None:
        """What was typed in a form and when: fields as JSON, instant."""
        sql = "SELECT fields, saved_at FROM draft WHERE caisse = ? AND matricule = ? AND kind = ? AND target = ?"
        found = self._connection.execute(sql, (*key, kind, target)).fetchone()
        return (str(found[0]), str(found[1])) if found else None

    def drafts(self, key: tuple[str, str]) -> list[str]:
        """The kinds of form with a draft on this dossier."""
        rows = self._connection.execute("SELECT kind FROM draft WHERE caisse = ? AND matricule = ? ORDER BY kind", key)
        return [str(row[0]) for row in rows]

    def calendars(self) -> Calendars:
        """The jours ouvrés of each zone."""
        days: dict[str, list[date]] = {METROPOLE: [], ALSACE_MOSELLE: []}
        for zone, day in self._connection.execute("SELECT zone, jour FROM jour_ferie"):
            days.setdefault(zone, []).append(date.fromisoformat(day))
        return {zone: Calendar(known) for zone, known in days.items()}

    def _run(self, sql: str, selection: Selection, today: date) -> Iterable[Any]:
        known = {"g": self.generation(), "today": today.isoformat(), "me": self.me}
        return self._connection.execute(sql, {**known, **selection.view.params, **selection.condition.params})

    @staticmethod
    def _where(selection: Selection) -> str:
        return f"{selection.view.where} AND {selection.condition.sql}"

    def _from(self, selection: Selection, segment: str) -> str:
        order = _TAIL if segment else _ordered(selection)
        index = selection.view.index
        hint = f" INDEXED BY {index}" if index else ""
        return f"FROM dossier{hint} WHERE {VISIBLE} AND {self._where(selection)}{segment} ORDER BY {order}"

    @staticmethod
    def _segments(selection: Selection) -> Sequence[str]:
        """The order of work cut where the index already has it: class by class, what is overdue first.

        Overdue depends on today and so cannot be in an index; sorting 130 000 rows would cost each page 60 ms.
        """
        if selection.sort != PRIORITY or selection.descending:
            return ("",)
        return [f" AND classe = {classe} AND echeance {late} :today" for classe in range(3) for late in ("<", ">=")]


def _numbers(rows: Iterable[Any]) -> map[int]:
    joined = next(iter(rows))[0]
    return map(int, joined.split(",")) if joined else map(int, ())


def _ordered(selection: Selection) -> str:
    order = SORTS[selection.sort][1]
    if not selection.descending:
        return order
    return ", ".join(
        part.removesuffix(" DESC") if part.endswith(" DESC") else f"{part} DESC" for part in order.split(", ")
    )
