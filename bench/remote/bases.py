"""Shared stores of invented dossiers, made by rows: the demonstration's documents, spread over caisses of one's choice.

All that a server checks is consistent (hashes, chains, digests): `gca serveur verifier` finds nothing in them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Table, insert, select, text

from bench.remote.postgres import Cluster
from bench.remote.shapes import Shape
from gca_tui import clock, demo, reference
from gca_tui.domain.apply import apply
from gca_tui.domain.command import CommandRefused, Context
from gca_tui.domain.dossier import Dossier
from gca_tui.server.access import Who, hashed, identify
from gca_tui.server.base import Base, open_base
from gca_tui.server.chain import body_hash, link
from gca_tui.server.laying import COLUMNS, document_hash
from gca_tui.server.service import calendars
from gca_tui.server.tables import AGENT, DOSSIER, INSTALL, JOURNAL, MEMBERSHIP, META, RIGHT, SCOPE
from gca_tui.store.projection import project
from gca_tui.store.rules import SETTINGS
from gca_tui.wire import MODULUS, sum64

SEED = 1
AT = "2026-01-05T06:00:00+00:00"
_CAISSE = "caisse inventée"
Rows = dict[Table, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Made:
    """A shared store that is there: where, of what shape."""

    where: str
    shape: Shape


def token(agent: str) -> str:
    """The token of an agent's installation."""
    return f"jeton-{agent}"


def on_sqlite(folder: Path, shape: Shape) -> Made:
    """The store in a file, made if it is not there."""
    path = folder / f"serveur-{shape.name}-{shape.total}" / "serveur.db"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_name("inachevé.db")
        unfinished.unlink(missing_ok=True)
        with closing(open_base(unfinished)) as base:
            for rows in _rows(base, shape):
                with base.write() as connection:
                    for table, listed in rows.items():
                        connection.execute(insert(table), listed)
            with base.look() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        unfinished.rename(path)
    return Made(str(path), shape)


def copied(made: Made, folder: Path) -> Made:
    """A copy of a store in a file, to change at will; no server may have the first one open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = Path(tempfile.mkdtemp(dir=folder), "serveur.db")
    shutil.copy(made.where, copy)
    return Made(str(copy), made.shape)


def on_postgresql(cluster: Cluster, shape: Shape) -> Made:
    """The store in a database, made if it is not there."""
    name = f"gca_bench_{shape.name}_{shape.total}"
    if not cluster.has(name):
        unfinished = f"{name}_unfinished"
        cluster.drop(unfinished)
        cluster.run(f"CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8'")
        with closing(open_base(cluster.url(unfinished))) as base, closing(_connect(cluster, unfinished)) as connection:
            for rows in _rows(base, shape):
                _copy(connection, rows)
            connection.autocommit = True
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
        cluster.run(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return Made(name, shape)


def people(where: str, agents: Iterable[str]) -> dict[str, Who]:
    """These agents as the server knows them, with the last mark of their corbeilles."""
    now = clock.now()
    with closing(open_base(where)) as base, base.look() as connection:
        found = {agent: identify(connection, token(agent), now) for agent in agents}
    return {agent: who for agent, who in found.items() if who}


def matricules(where: str) -> dict[str, list[str]]:
    """Those of the dossiers of each corbeille."""
    with closing(open_base(where)) as base, base.read() as connection:
        found: dict[str, list[str]] = {}
        for row in connection.execute(select(DOSSIER.c.scope, DOSSIER.c.matricule)):
            found.setdefault(row.scope, []).append(row.matricule)
        return found


def _connect(cluster: Cluster, name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.plain(name), autocommit=False)


def _copy(connection: psycopg.Connection[Any], rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, listed in rows.items():
            columns = ", ".join(listed[0])
            with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copying:
                for row in listed:
                    copying.write_row(tuple(row.values()))
    connection.commit()


@dataclass(frozen=True, slots=True)
class _Template:
    """A document with a hole where the caisse is, and what the base keeps beside it."""

    matricule: str
    rev: int
    document: str
    columns: Mapping[str, Any]


def _rows(base: Base, shape: Shape) -> Iterator[Rows]:
    """All rows, a corbeille at a time; the rules of the demonstration first."""
    with base.write() as connection:
        connection.execute(
            insert(META), {"name": SETTINGS, "value": demo.settings().model_dump_json(exclude_defaults=True)}
        )
    templates = _templates(shape.dossiers)
    for number in range(shape.caisses):
        yield _corbeille(shape, number, templates)


@lru_cache(maxsize=4)
def _templates(number: int) -> Sequence[_Template]:
    """The first dossiers of the demonstration, worked on as it says, all of one caisse and of no convention."""
    context = Context(clock.today(), calendars(), demo.settings(), reference.lexicon())
    made: dict[str, _Template] = {}
    for told in demo.dossiers(number + 40, SEED, context.today, demo.AGENT):
        if len(made) < number and told.extract.matricule not in made:
            dossier = apply(None, told.extract, context)
            dossier = reduce(lambda before, command: _worked(before, command, context), told.commands, dossier)
            columns = project(dossier, context)
            written = dossier.model_copy(update={"caisse": _CAISSE, "convention": None}).to_json()
            kept = {name: columns[name] for name in COLUMNS}
            made[dossier.matricule] = _Template(dossier.matricule, dossier.rev, written, kept)
    return tuple(made.values())


def _worked(dossier: Dossier, command: Any, context: Context) -> Dossier:
    try:
        return apply(dossier, command, context)
    except CommandRefused:
        return dossier


def _corbeille(shape: Shape, number: int, templates: Sequence[_Template]) -> Rows:
    scope = shape.scope(number)
    rows: Rows = {table: [] for table in (SCOPE, DOSSIER, MEMBERSHIP, JOURNAL, AGENT, RIGHT, INSTALL)}
    head, digest = "", 0
    for seq, one in enumerate(templates, 1):
        document = one.document.replace(json.dumps(_CAISSE, ensure_ascii=False), json.dumps(scope), 1)
        h = document_hash(document)
        key = {"caisse": scope, "matricule": one.matricule}
        entry = _entry(scope, seq, one, h)
        entry["h"] = head = link(head, entry)
        digest += sum64(scope, one.matricule, one.rev, h)
        rows[JOURNAL].append(entry)
        rows[MEMBERSHIP].append({"scope": scope, **key, "seq": seq, "present": 1, "motif": ""})
        own = {"scope": scope, "rev": one.rev, "seq": seq, "h": h, "document": document, "replayed": "{}"}
        rows[DOSSIER].append({**key, **own, **one.columns})
    opened = {"id": scope, "caisse": scope, "convention": "", "seq": len(templates), "head": head}
    rows[SCOPE].append({**opened, "digest": str(digest % MODULUS), "made_at": AT})
    _people(rows, shape, number)
    return rows


def _entry(scope: str, seq: int, one: _Template, h: str) -> dict[str, Any]:
    body = f'{{"h":"{h}"}}'
    named = {"scope": scope, "seq": seq, "kind": "receive_extract", "command_id": "", "agent": "extrait"}
    said = {"caisse": scope, "matricule": one.matricule, "rev": one.rev, "at": AT, "body_sha": body_hash(body)}
    return {**named, **said, "body": body, "h": ""}


def _people(rows: Rows, shape: Shape, number: int) -> None:
    scope = shape.scope(number)
    for place in range(shape.agents):
        agent = shape.agent(number + place * shape.caisses)
        person = {"identifiant": agent, "nom": f"Agent {place}", "qualite": "", "caisse": scope, "role": "gca"}
        rows[AGENT].append({**person, "active": 1, "made_at": AT})
        rows[RIGHT].append({"agent": agent, "scope": scope})
        poste = {"id": agent, "agent": agent, "token_sha": hashed(token(agent)), "poste": "banc", "made_at": AT}
        used = {"seen_at": "", "last_n": 0, "last_nonce": "", "schema_version": 1, "revoked_at": ""}
        rows[INSTALL].append({**poste, **used})
