"""Who has which dossier, as the remote store said: what the screen reads. Plain DB-API, nothing heavy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from gca_tui.store.driver import Connection

RELEASE = "release"
"""`mode` of a claim given back here, until the remote store knows."""
LONGEST = timedelta(days=1)
"""No lease is longer: one that seems to be was counted before this machine's clock was put back."""
Key = tuple[str, str]


class Held(NamedTuple):
    """A dossier somebody has: `until` on this machine's clock (UTC, ISO), `token` 0 of mine: not confirmed yet."""

    nom: str
    mine: bool
    token: int
    until: str
    mode: str


def instant(at: datetime) -> str:
    """An instant as `until` has it."""
    return at.isoformat(timespec="seconds")


def claims(connection: Connection, at: datetime) -> dict[Key, Held]:
    """The claims in force at an instant; those that ran out are left out, intentions are there."""
    rows = connection.execute(
        "SELECT caisse, matricule, nom, mine, token, until, mode FROM claim"
        " WHERE mode <> :release AND (mine = 1 AND token = 0 OR until > :at AND until <= :longest)",
        {"release": RELEASE, "at": instant(at), "longest": instant(_later(at))},
    )
    return {(row[0], row[1]): Held(row[2], bool(row[3]), row[4], row[5], row[6]) for row in rows}


def _later(at: datetime) -> datetime:
    """The end of the longest lease; a second more, since `until` is rounded."""
    try:
        return at + LONGEST + timedelta(seconds=1)
    except OverflowError:
        return at
