"""Dossiers that leave this store: nothing of them stays on the disk, and nothing that was typed is lost.

What was given is sent all the same, and the server keeps it in quarantine for the caisse that owns the dossier. What
was being typed waits in `departure` until the server has it there too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from gca_tui.ids import new_id
from gca_tui.store import claims, synced
from gca_tui.store.departed import last_departure
from gca_tui.store.facts import drop_meta, meta, set_meta
from gca_tui.store.outbox import CONFLICT, PENDING, REFUSED, rewrite
from gca_tui.store.tables import CONFLICT as CONFLICTS
from gca_tui.store.tables import DEPARTURE, DOSSIER, DRAFT, OUTBOX
from gca_tui.store.unread import read_command
from gca_tui.store.versions import Key
from gca_tui.wire import TEXT, LeftDraft, LeftDrafts

TO_SCRUB = "a_nettoyer"
"""There while bytes of what left may still be in the file."""
_HELD = ("kind", "target", "rev", "base", "fields", "saved_at")


def purge(connection: Connection, keys: Collection[Key], motif: str, at: datetime) -> None:
    """Take dossiers out of this store. What was refused or in conflict goes to the server again, under new ids.

    Call `scrub` after the transaction.
    """
    if not keys:
        return
    wanted = set(keys)
    ids = [row[0] for row in _rows_of(connection, wanted)]
    for table, column in (("recherche", "rowid"), ("document", "dossier_id"), ("dossier", "id")):
        if ids:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ?", [(number,) for number in ids])
    synced.forget(connection, synced.known(connection, wanted).values())
    _hand_over_drafts(connection, wanted, motif, at)
    _send_again(connection, wanted)
    _forget_acked(connection, wanted)
    for key in wanted:
        claims.drop(connection, key)
    set_meta(connection, TO_SCRUB, "1")


def _rows_of(connection: Connection, keys: Collection[Key]) -> list[Any]:
    found: list[Any] = []
    for caisse, numbers in synced.by_caisse(keys):
        where = DOSSIER.c.caisse == caisse, DOSSIER.c.matricule.in_(numbers)
        found += connection.execute(select(DOSSIER.c.id).where(*where)).all()
    return found


def _hand_over_drafts(connection: Connection, keys: Collection[Key], motif: str, at: datetime) -> None:
    """Note each departure, with the drafts that were left there."""
    drafts: dict[Key, list[dict[str, Any]]] = {}
    for row in connection.execute(select(DRAFT)).mappings().all():
        key = (row["caisse"], row["matricule"])
        if key in keys:
            drafts.setdefault(key, []).append({name: row[name] for name in _HELD})
    announced = _announced(connection)
    written = []
    for key in sorted(keys):
        left = drafts.get(key, [])
        values = {"motif": motif, "at": at.isoformat(), "drafts_left": len(left), "drafts": _parcels(left)}
        if key in announced:
            connection.execute(update(DEPARTURE).where(DEPARTURE.c.n == announced[key]).values(**values))
        else:
            written.append({"caisse": key[0], "matricule": key[1], "commands": 0, "seen": 0, **values})
        if left:
            connection.execute(delete(DRAFT).where(DRAFT.c.caisse == key[0], DRAFT.c.matricule == key[1]))
    if written:
        connection.execute(insert(DEPARTURE), written)


def _announced(connection: Connection) -> dict[Key, int]:
    """The departures that a refused right announced before the dossier went."""
    where = DEPARTURE.c.motif == "", DEPARTURE.c.drafts == ""
    rows = connection.execute(select(DEPARTURE.c.caisse, DEPARTURE.c.matricule, DEPARTURE.c.n).where(*where))
    return {(row[0], row[1]): row[2] for row in rows}


def _parcels(drafts: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps([{"id": new_id(), "drafts": list(drafts)}], ensure_ascii=False) if drafts else ""


def _send_again(connection: Connection, keys: Collection[Key]) -> None:
    """What the server said no to is given to it once more, so that it keeps the text in quarantine."""
    columns = (OUTBOX.c.n, OUTBOX.c.caisse, OUTBOX.c.matricule, OUTBOX.c.command_id, OUTBOX.c.tx, OUTBOX.c.command)
    txs: dict[str, str] = {}
    for row in connection.execute(select(*columns).where(OUTBOX.c.state.in_((CONFLICT, REFUSED)))).all():
        if (row.caisse, row.matricule) in keys:
            again = read_command(row).model_copy(update={"id": new_id()})
            values = {"tx": txs.setdefault(row.tx, new_id()), "state": PENDING, "code": "", "reason": "", "token": 0}
            rewrite(connection, row.n, again, lost_at="", acked_rev=0, seal="", attempts=0, **values)
            connection.execute(delete(CONFLICTS).where(CONFLICTS.c.command_id == row.command_id))


def _forget_acked(connection: Connection, keys: Collection[Key]) -> None:
    """What was acknowledged holds texts of the dossier too."""
    sql = "SELECT command_id, command ->> 'caisse', command ->> 'matricule' FROM acked"
    gone = [(row[0],) for row in connection.exec_driver_sql(sql) if (row[1], row[2]) in keys]
    if gone:
        connection.exec_driver_sql("DELETE FROM acked WHERE command_id = ?", gone)


def is_gone(connection: Connection, key: Key) -> bool:
    """Whether a dossier is not here any more; what the caller takes out of the outbox is then to be scrubbed too."""
    if _rows_of(connection, (key,)):
        return False
    set_meta(connection, TO_SCRUB, "1")
    return True


def count_revoked(connection: Connection, key: Key, at: datetime) -> None:
    """One more command on a dossier is in the server's quarantine."""
    last = last_departure(connection, key)
    if last is None:
        values = {"caisse": key[0], "matricule": key[1], "motif": "", "at": at.isoformat(), "commands": 1}
        connection.execute(insert(DEPARTURE).values(drafts_left=0, drafts="", seen=0, **values))
    else:
        values = {"commands": last.commands + 1, "seen": 0}
        connection.execute(update(DEPARTURE).where(DEPARTURE.c.n == last.n).values(**values))


def come_back(connection: Connection, keys: Collection[Key]) -> None:
    """Dossiers that left are here again: what was being typed and was not handed over yet is a draft again.

    A departure with which nothing went is forgotten.
    """
    wanted = set(keys)
    rows = connection.execute(select(DEPARTURE).where(DEPARTURE.c.drafts != "")).all() if wanted else []
    for row in rows:
        if (row.caisse, row.matricule) in wanted:
            drafts = [draft for parcel in json.loads(row.drafts) for draft in parcel["drafts"]]
            for draft in drafts:
                values = {"caisse": row.caisse, "matricule": row.matricule, **draft}
                connection.execute(insert(DRAFT).prefix_with("OR REPLACE").values(**values))
            values = {"drafts": "", "drafts_left": max(0, row.drafts_left - len(drafts))}
            connection.execute(update(DEPARTURE).where(DEPARTURE.c.n == row.n).values(**values))
    nothing_went = DEPARTURE.c.commands == 0, DEPARTURE.c.drafts_left == 0
    for caisse, numbers in synced.by_caisse(wanted):
        here = DEPARTURE.c.caisse == caisse, DEPARTURE.c.matricule.in_(numbers)
        connection.execute(delete(DEPARTURE).where(*here, *nothing_went))


def drafts_to_hand(connection: Connection) -> LeftDrafts | None:
    """The next drafts to hand to the server; their id stays the same until `drafts_handed`. None: there is none."""
    row = connection.execute(select(DEPARTURE).where(DEPARTURE.c.drafts != "").order_by(DEPARTURE.c.n).limit(1)).first()
    if row is None:
        return None
    parcel = json.loads(row.drafts)[0]
    drafts = [
        LeftDraft(
            caisse=row.caisse,
            matricule=row.matricule,
            kind=draft["kind"],
            target=draft["target"],
            fields=_sendable(json.loads(draft["fields"])),
            saved_at=draft["saved_at"],
        )
        for draft in parcel["drafts"]
    ]
    return LeftDrafts(id=parcel["id"], drafts=tuple(drafts))


def _sendable(fields: Mapping[str, str]) -> dict[str, str]:
    """The same texts in parts that the server takes, without what no text may hold."""
    parts = {}
    for name, written in fields.items():
        clean = "".join(letter for letter in written if letter.isprintable() or letter in "\n\t\u00a0\u202f")
        for place in range(0, max(len(clean), 1), TEXT):
            parts[f"{name} (suite {place // TEXT})" if place else name] = clean[place : place + TEXT]
    return parts


def drafts_handed(connection: Connection, parcel_id: str) -> None:
    """The server has these in quarantine: nothing of them stays here."""
    for row in connection.execute(select(DEPARTURE).where(DEPARTURE.c.drafts.contains(parcel_id))).all():
        left = [parcel for parcel in json.loads(row.drafts) if parcel["id"] != parcel_id]
        written = json.dumps(left, ensure_ascii=False) if left else ""
        connection.execute(update(DEPARTURE).where(DEPARTURE.c.n == row.n).values(drafts=written))
        set_meta(connection, TO_SCRUB, "1")


def seen(connection: Connection, n: int | None = None) -> None:
    """The agent was told of a departure; of all of them without a number."""
    where = () if n is None else (DEPARTURE.c.n == n,)
    connection.execute(update(DEPARTURE).where(DEPARTURE.c.seen == 0, *where).values(seen=1))


def scrub(engine: Engine) -> bool:
    """Leave no byte of what left in the file nor in its log; says whether there was anything to do.

    Each row deleted is overwritten at once (`secure_delete`). The index of words keeps what was deleted until it is
    merged, and the log until it is emptied, which a reader can put off: call it again then.
    """
    with engine.begin() as connection:
        if meta(connection, TO_SCRUB) is None:
            return False
        connection.execute(text("INSERT INTO recherche (recherche) VALUES ('optimize')"))
    with closing(engine.raw_connection()) as raw:
        busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if not busy:
        with engine.begin() as connection:
            drop_meta(connection, TO_SCRUB)
    return True
