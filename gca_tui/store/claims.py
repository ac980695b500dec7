"""What this store knows of claims: who has a dossier and until when, what to renew, to give back, to ask for.

The remote store alone decides, by its own clock. It says how many seconds are left, and `until` is counted from there
on this machine's clock: a wrong one shows wrong hours and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, text

from gca_tui.domain.command import Command
from gca_tui.domain.commands import CloseDossier, HandBack, Take
from gca_tui.store.claimed import LONGEST, RELEASE, Key, instant
from gca_tui.store.facts import is_tied

WORK = "work"
TAKEN_TOGETHER = 200
"""Dossiers in one question to the remote store."""

_PUT = text(
    "INSERT INTO claim (caisse, matricule, nom, mine, token, until, mode)"
    " VALUES (:caisse, :matricule, :nom, :mine, :token, :until, :mode)"
    " ON CONFLICT (caisse, matricule) DO UPDATE SET nom = excluded.nom, mine = excluded.mine, until = excluded.until,"
    f" mode = CASE WHEN claim.mode = '{RELEASE}' AND claim.token = excluded.token THEN claim.mode"
    " ELSE excluded.mode END, token = excluded.token"
)
_INTEND = text(
    "INSERT INTO claim (caisse, matricule, nom, mine, token, until, mode)"
    " VALUES (:caisse, :matricule, :nom, 1, 0, '', :mode) ON CONFLICT (caisse, matricule) DO UPDATE SET"
    f" nom = CASE WHEN claim.mode = '{RELEASE}' THEN claim.nom ELSE excluded.nom END, mine = 1,"
    f" token = CASE WHEN claim.mode = '{RELEASE}' THEN claim.token ELSE 0 END,"
    f" until = CASE WHEN claim.mode = '{RELEASE}' THEN claim.until ELSE '' END, mode = excluded.mode"
    f" WHERE claim.mode = '{RELEASE}' OR claim.mine = 0 AND claim.until <= :at"
)
_ROW = "FROM claim WHERE caisse = :caisse AND matricule = :matricule"
_HERE = (
    "EXISTS (SELECT 1 FROM dossier d WHERE d.caisse = claim.caisse AND d.matricule = claim.matricule"
    " AND d.statut NOT IN ('clos', 'transmis') AND d.until > coalesce((SELECT CAST(value AS INTEGER) FROM meta"
    " WHERE name = 'generation'), 0)"
)
_UNSENT = (
    "EXISTS (SELECT 1 FROM outbox o WHERE o.caisse = claim.caisse AND o.matricule = claim.matricule"
    " AND o.state IN ('pending', 'in_flight'))"
)


class Claimed(Protocol):
    """Who has a dossier, as the remote store says it; `lease` 0 (seconds): nobody."""

    @property
    def nom(self) -> str:
        """The agent's name."""

    @property
    def lease(self) -> int:
        """Seconds left."""

    @property
    def mode(self) -> str:
        """`work` or `lot`."""

    @property
    def token(self) -> int:
        """The number to show, where it is mine."""

    @property
    def mine(self) -> bool:
        """Whether this agent has it."""


def event(connection: Connection, key: Key, claimed: Claimed, at: datetime) -> None:
    """Take in what the remote store says of a dossier. An intention stays until the remote store answered it."""
    if claimed.mine:
        put(connection, key, nom=claimed.nom, token=claimed.token, lease=claimed.lease, mode=claimed.mode, at=at)
    elif claimed.lease > 0:
        put_other(connection, key, nom=claimed.nom, lease=claimed.lease, at=at)
    else:
        connection.execute(text(f"DELETE {_ROW} AND NOT (mine = 1 AND token = 0)"), _named(key))


def put(connection: Connection, key: Key, *, nom: str, token: int, lease: int, mode: str, at: datetime) -> None:
    """This agent has the dossier for `lease` seconds. What was given back here meanwhile stays given back."""
    values = {"nom": nom, "mine": 1, "token": token, "until": _end(at, lease), "mode": mode or WORK}
    connection.execute(_PUT, _named(key) | values)


def put_other(connection: Connection, key: Key, *, nom: str, lease: int, at: datetime) -> None:
    """Somebody else has it for `lease` seconds."""
    values = {"nom": nom, "mine": 0, "token": 0, "until": _end(at, lease), "mode": WORK}
    connection.execute(_PUT, _named(key) | values)


def drop(connection: Connection, key: Key) -> None:
    """Forget whose it is: it left this store, or what was mine has ended."""
    connection.execute(text(f"DELETE {_ROW}"), _named(key))


def intend(connection: Connection, keys: Iterable[Key], nom: str, at: datetime, mode: str = WORK) -> None:
    """Dossiers taken without network, to be asked for at the next contact; what somebody has is left alone."""
    for key in keys:
        connection.execute(_INTEND, _named(key) | {"nom": nom, "mode": mode, "at": instant(at)})


def give_back(connection: Connection, keys: Iterable[Key]) -> None:
    """Have them given back at the next contact; an intention is forgotten at once."""
    for key in keys:
        connection.execute(text(f"DELETE {_ROW} AND mine = 1 AND token = 0"), _named(key))
        release = f"UPDATE claim SET mode = '{RELEASE}' WHERE caisse = :caisse AND matricule = :matricule AND mine = 1"
        connection.execute(text(release), _named(key))


def released(connection: Connection, keys: Iterable[Key]) -> None:
    """The remote store knows that these were given back; one taken again meanwhile stays."""
    for key in keys:
        connection.execute(text(f"DELETE {_ROW} AND mode = '{RELEASE}'"), _named(key))


def follow(connection: Connection, commands: Sequence[Command], at: datetime) -> None:
    """Have claims follow commands given here, in their transaction; nothing in a store tied to no server.

    What is taken is asked for. What is handed back or closed is no more renewed here, and the remote store ends its
    claim when it applies the command: to end it earlier would let a colleague in before the work is there.
    """
    if not is_tied(connection):
        return
    for command in commands:
        key = (command.caisse, command.matricule)
        if isinstance(command, Take):
            intend(connection, [key], command.author.nom, at)
        elif isinstance(command, HandBack | CloseDossier):
            connection.execute(text(f"DELETE {_ROW} AND mine = 1"), _named(key))


def unfollow(connection: Connection, commands: Sequence[Command]) -> None:
    """Have claims follow commands that were taken back: a dossier not taken after all is given back."""
    if is_tied(connection):
        give_back(connection, [(one.caisse, one.matricule) for one in commands if isinstance(one, Take)])


def token_of(connection: Connection, key: Key) -> int:
    """The number to show with a command on the dossier; 0 where this agent does not have it."""
    found = connection.execute(text(f"SELECT token {_ROW} AND mine = 1"), _named(key)).scalar()
    return int(found or 0)


def intentions(connection: Connection) -> list[Key]:
    """What was taken here and not asked for yet; of a dossier that left or was closed nothing is asked."""
    return _keys(connection, f"mine = 1 AND token = 0 AND {_HERE})")


def to_release(connection: Connection) -> dict[Key, int]:
    """What was given back here, with its number, once nothing given on it waits to be sent."""
    return _tokens(connection, f"mine = 1 AND token > 0 AND mode = '{RELEASE}' AND NOT {_UNSENT}")


def to_renew(connection: Connection, at: datetime, within: int, me: str) -> dict[Key, int]:
    """What ends within so many seconds and is still being worked on, with its number; lots are not renewed.

    One that ran out is renewed only where its agent holds the dossier. An end further than any lease was counted
    before the clock was put back: renewing counts it again.
    """
    kept = f"mine = 1 AND token > 0 AND mode = '{WORK}'"
    times = {"at": instant(at), "soon": _end(at, within), "longest": _end(at, int(LONGEST.total_seconds()) + 1)}
    wanted = f"(until <= :soon OR until > :longest) AND {_HERE} AND (claim.until > :at OR d.holder = :me))"
    return _tokens(connection, f"{kept} AND {wanted}", me=me, **times)


def clean(connection: Connection, at: datetime, me: str) -> None:
    """Forget what ran out, and what was mine of dossiers that left or were closed."""
    kept = f"mine = 1 AND {_HERE} AND (claim.token = 0 OR claim.until > :at OR d.holder = :me))"
    connection.execute(text(f"DELETE FROM claim WHERE until <= :at AND NOT ({kept})"), {"at": instant(at), "me": me})
    connection.execute(text(f"DELETE FROM claim WHERE mine = 1 AND mode <> '{RELEASE}' AND NOT {_HERE})"))


def next_end(connection: Connection, at: datetime, me: str) -> str:
    """The earliest end of what is renewed, "" without one."""
    wanted = f"mine = 1 AND token > 0 AND mode = '{WORK}' AND {_HERE} AND (claim.until > :at OR d.holder = :me))"
    found = connection.execute(text(f"SELECT min(until) FROM claim WHERE {wanted}"), {"at": instant(at), "me": me})
    return str(found.scalar() or "")


def _keys(connection: Connection, where: str) -> list[Key]:
    rows = connection.execute(text(f"SELECT caisse, matricule FROM claim WHERE {where} ORDER BY caisse, matricule"))
    return [(row[0], row[1]) for row in rows][:TAKEN_TOGETHER]


def _tokens(connection: Connection, where: str, **values: str) -> dict[Key, int]:
    found = f"SELECT caisse, matricule, token FROM claim WHERE {where} ORDER BY until LIMIT {TAKEN_TOGETHER}"
    return {(row[0], row[1]): row[2] for row in connection.execute(text(found), values)}


def _named(key: Key) -> dict[str, str | int]:
    return {"caisse": key[0], "matricule": key[1]}


def _end(at: datetime, lease: int) -> str:
    """The instant so many seconds later, as near to it as this clock can say."""
    try:
        return instant(at + timedelta(seconds=lease))
    except OverflowError:
        return instant(at)
