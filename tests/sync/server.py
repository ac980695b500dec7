"""A remote store in this very process, whose whole content can be taken and put back at any moment."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from gca_tui.domain.dossier import Dossier
from gca_tui.domain.settings import Settings
from gca_tui.domain.values import Author
from gca_tui.server import importing, moving
from gca_tui.server.access import Who, again
from gca_tui.server.administering import touch_rights
from gca_tui.server.app import make_app
from gca_tui.server.base import Base, open_base
from gca_tui.server.delegating import ensure_conventions, ensure_scopes
from gca_tui.server.service import Service
from gca_tui.server.tables import (
    AGENT,
    CONVENTION,
    DOSSIER,
    JOURNAL,
    META,
    METADATA,
    OP_RESULT,
    QUARANTINE,
    RIGHT,
    SCOPE,
)
from gca_tui.store.loading import Given
from gca_tui.sync.inprocess import AppTransport
from gca_tui.wire import Agent, Key
from tests.sync.people import CAISSE, DELEGATED, NOON, SCOPES, first_extracts

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Held:
    """A dossier as the server has it."""

    scope: str
    rev: int
    h: str
    text: str

    @property
    def dossier(self) -> Dossier:
        return Dossier.from_json(self.text)


class Server:
    """The real application over a real base. `ahead` is how far its clock runs before noon of 12 November 2026."""

    def __init__(self, where: str | Path) -> None:
        self.ahead = timedelta()
        self.ticks = 0
        self.base: Base = open_base(where)
        self.service = Service(self.base, now=self.now)
        self.transport = AppTransport(make_app(self.service))

    def now(self) -> datetime:
        """Its clock, a little later each time."""
        self.ticks += 1
        return NOON + self.ahead + timedelta(milliseconds=self.ticks)

    def close(self) -> None:
        """Stop."""
        self.transport.close()
        self.base.close()

    def backup(self) -> Rows:
        """All it holds, as one moment saw it."""
        with self.base.read() as connection:
            return {
                table.name: [dict(row._mapping) for row in connection.execute(select(table))]
                for table in METADATA.sorted_tables
            }

    def restore(self, rows: Rows) -> None:
        """Put that back, and nothing else."""
        with self.base.write() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(delete(table))
                if rows[table.name]:
                    connection.execute(insert(table), rows[table.name])

    def set_meta(self, name: str, value: str) -> None:
        """A single fact."""
        with self.base.write() as connection:
            connection.execute(update(META).where(META.c.name == name).values(value=value))

    def people(self, authors: Iterable[Author]) -> None:
        """The agents, with their rights, and the families."""
        with self.base.write() as connection:
            ensure_scopes(connection, [CAISSE, DELEGATED], NOON)
            ensure_conventions(connection, [DELEGATED])
            for author in authors:
                shown = author.model_dump(include={"identifiant", "nom", "qualite", "caisse"})
                connection.execute(insert(AGENT).values(**shown, role="gca", active=1, made_at=NOON.isoformat()))
                for scope in SCOPES[author.identifiant]:
                    connection.execute(insert(RIGHT).values(agent=author.identifiant, scope=scope))
        self.load(first_extracts())

    def load(self, given: Iterable[Given]) -> None:
        """Take an extract."""
        importing.load(self.service, given)

    def reassign(self, key: tuple[str, str], scope: str, motif: str = "Réaffecté.") -> None:
        """Move a dossier."""
        moving.move(self.service, [Key(*key)], scope, motif)

    def let(self, agent: str, scope: str, allowed: bool) -> None:
        """Give a right, or take it."""
        with self.base.write() as connection:
            connection.execute(delete(RIGHT).where(RIGHT.c.agent == agent, RIGHT.c.scope == scope))
            if allowed:
                connection.execute(insert(RIGHT).values(agent=agent, scope=scope))
            touch_rights(connection)

    def end_convention(self, fin: date | None) -> None:
        """The last day of the convention; None: it goes on."""
        with self.base.write() as connection:
            connection.execute(update(CONVENTION).values(fin=fin.isoformat() if fin else ""))
            touch_rights(connection)

    def set_threshold(self, cents: int) -> None:
        """New rules."""
        before = self.settings()
        after = before.model_copy(update={"threshold": cents, "version": before.version + 1})
        with self.base.write() as connection:
            connection.execute(delete(META).where(META.c.name == "settings"))
            connection.execute(insert(META).values(name="settings", value=after.model_dump_json(exclude_defaults=True)))
            touch_rights(connection)

    def settings(self) -> Settings:
        """The rules in force."""
        with self.base.read() as connection:
            found = connection.execute(select(META.c.value).where(META.c.name == "settings")).scalar()
        return Settings.model_validate_json(found) if found else Settings()

    def held(self, scopes: Iterable[str] | None = None) -> dict[tuple[str, str], Held]:
        """The dossiers of these corbeilles, or all."""
        columns = (
            DOSSIER.c.caisse,
            DOSSIER.c.matricule,
            DOSSIER.c.scope,
            DOSSIER.c.rev,
            DOSSIER.c.h,
            DOSSIER.c.document,
        )
        with self.base.read() as connection:
            rows = connection.execute(select(*columns)).all()
        wanted = None if scopes is None else set(scopes)
        return {(row[0], row[1]): Held(*row[2:]) for row in rows if wanted is None or row[2] in wanted}

    def dossier(self, key: tuple[str, str]) -> Dossier:
        """One of them."""
        return self.held()[key].dossier

    def open_to(self, install: str) -> tuple[str, ...]:
        """The corbeilles that this machine may see."""
        with self.base.read() as connection:
            agent = Agent(identifiant="")
            return again(connection, Who(install=install, agent=agent), self.now()).scopes

    def digests(self) -> dict[str, str]:
        """The digest of each corbeille, as it keeps it."""
        with self.base.read() as connection:
            return dict(connection.execute(select(SCOPE.c.id, SCOPE.c.digest)).all())

    def answered(self) -> dict[str, str]:
        """What became of each command whose answer is kept."""
        with self.base.read() as connection:
            found = connection.execute(select(OP_RESULT.c.command_id, OP_RESULT.c.result)).all()
        return {row[0]: str(json.loads(row[1])["status"]) for row in found}

    def journaled(self) -> list[str]:
        """The commands of the journals, as often as they are there."""
        with self.base.read() as connection:
            found = connection.execute(select(JOURNAL.c.command_id).where(JOURNAL.c.command_id != "")).scalars()
            return list(found)

    def quarantined(self) -> set[str]:
        """What is in quarantine."""
        return self._ids(QUARANTINE.c.id)

    def _ids(self, column: Any) -> set[str]:
        with self.base.read() as connection:
            return set(connection.execute(select(column)).scalars())
