"""A store tied to a server that is not there, and what it may hold, written as the exchange would leave it."""

import json
import sqlite3
from contextlib import closing, contextmanager

from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.ids import new_id

AT = "2026-11-12T08:15:00+00:00"
ME = {"identifiant": "ifaure", "nom": "Inès Faure", "qualite": "GCA", "caisse": "091"}
TIE = {
    "url": "http://127.0.0.1:9",
    "server": "s1",
    "epoch": "e1",
    "install": "i1",
    "token": "t1",
    "agent": {**ME, "role": "gca"},
    "rights": "r1",
    "scopes": ["681"],
}


@contextmanager
def written(store):
    """The store's file, open to write."""
    with closing(sqlite3.connect(store / "gca.db", timeout=30)) as database, database:
        yield database


def meta(store, name, value):
    """Note a fact of the store."""
    with written(store) as database:
        database.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, json.dumps(value)))


def tie(store):
    """Tie the store."""
    meta(store, "server", TIE)
    says(store)


def says(store, **status):
    """What the exchange last noted."""
    meta(store, "sync", {"last_contact": "2026-11-12T09:42:00+00:00", **status})


def command(label, kind, *, author=None, at=AT, **fields):
    """A command as the outbox keeps it."""
    caisse, matricule = label.split("·")
    said = {"id": new_id(), "caisse": caisse, "matricule": matricule, "author": author or ME, "at": at}
    return ANY_COMMAND.validate_python({"kind": kind, **said, **fields})


def waits(store, given, state="pending", *, reason="", code="", tx=""):
    """Put a command in the outbox; gives its id."""
    row = (given.id, tx or new_id(), given.caisse, given.matricule, state, reason, given.model_dump_json(), code)
    with written(store) as database:
        database.execute(
            "INSERT INTO outbox (command_id, tx, place, session, caisse, matricule, state, attempts, reason, command,"
            " code, token, acked_rev, lost_at) VALUES (?, ?, 0, 's', ?, ?, ?, 0, ?, ?, ?, 0, 0, '')",
            row,
        )
    return given.id


def conflicts(store, given, *fields, by="Paul Martin", rev=7):
    """Put a command in conflict: each field a path, what stood there, mine, the server's."""
    waits(store, given, "conflict")
    with written(store) as database:
        for path, *values in fields:
            texts = (json.dumps(value, ensure_ascii=False) for value in values)
            database.execute(
                "INSERT INTO conflict (command_id, path, base, mine, server, server_rev, by, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (given.id, path, *texts, rev, by, "2026-11-12T08:42:00+00:00"),
            )
    return given.id


def left(store, label, motif="réaffecté à la Caf de l’Ariège", *, commands=0, drafts=0):
    """Note that a dossier left, and take it out of the store as a purge does."""
    caisse, matricule = label.split("·")
    with written(store) as database:
        found = database.execute(
            "SELECT id FROM dossier WHERE caisse = ? AND matricule = ?", (caisse, matricule)
        ).fetchall()
        for (number,) in found:
            database.execute("DELETE FROM document WHERE dossier_id = ?", (number,))
            database.execute("DELETE FROM dossier WHERE id = ?", (number,))
        database.execute(
            "INSERT INTO departure (caisse, matricule, motif, at, commands, drafts_left, drafts, seen)"
            " VALUES (?, ?, ?, ?, ?, ?, '', 0)",
            (caisse, matricule, motif, AT, commands, drafts),
        )
