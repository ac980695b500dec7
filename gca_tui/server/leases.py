"""Who took a dossier last and whether that is still in force, by this server's clock alone.

What is written here is written under the lock of the dossier's row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, select, text, update

from gca_tui import clock
from gca_tui.domain.french import typeset
from gca_tui.server.among import among
from gca_tui.server.tables import CLAIM
from gca_tui.wire import LEASE, LOT_LEASE, Key

Mode = Literal["work", "lot"]
LONGEST = {"work": LEASE, "lot": LOT_LEASE}
"""Seconds of the longest lease of each kind."""
ENDED = ""
"""`until` of a claim given back: before every instant."""
_AT_ONCE = 500
_COLUMNS = (CLAIM.c.agent, CLAIM.c.nom, CLAIM.c.install, CLAIM.c.token, CLAIM.c.until, CLAIM.c.mode)
_PUT = text(
    "INSERT INTO claim (caisse, matricule, agent, nom, install, token, until, mode)"
    " VALUES (:caisse, :matricule, :agent, :nom, :install, :token, :until, :mode)"
    " ON CONFLICT (caisse, matricule) DO UPDATE SET agent = excluded.agent, nom = excluded.nom,"
    " install = excluded.install, token = excluded.token, until = excluded.until, mode = excluded.mode"
)


@dataclass(frozen=True)
class Standing:
    """The last taking of a dossier, in force or not."""

    caisse: str
    matricule: str
    agent: str
    nom: str
    install: str
    token: int
    until: str
    mode: Mode

    @property
    def key(self) -> Key:
        """The dossier."""
        return Key(self.caisse, self.matricule)

    def is_live(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.until > instant(now)

    def lease(self, now: datetime) -> int:
        """Seconds left, never more than a lease has: the clock may have been put back."""
        if not self.is_live(now):
            return 0
        left = (datetime.fromisoformat(self.until) - now).total_seconds()
        return max(1, min(LONGEST[self.mode], int(left)))


def instant(at: datetime) -> str:
    """An instant as `until` holds it."""
    return at.isoformat(timespec="seconds")


def standings(connection: Connection, keys: Iterable[Key]) -> dict[Key, Standing]:
    """The last taking of each dossier that was ever taken."""
    wanted = sorted(set(keys))
    found = {}
    for first in range(0, len(wanted), _AT_ONCE):
        some = among(CLAIM.c.caisse, CLAIM.c.matricule, wanted[first : first + _AT_ONCE])
        for row in connection.execute(select(CLAIM.c.caisse, CLAIM.c.matricule, *_COLUMNS).where(some)):
            found[Key(row[0], row[1])] = Standing(*row)
    return found


def put(connection: Connection, changed: Sequence[Standing]) -> None:
    """Write takings, leases made longer, releases."""
    connection.execute(_PUT, [asdict(one) for one in changed])


def lost(last: Standing | None, agent: str, token: int, now: datetime) -> bool:
    """Whether an agent who shows this number (0: none) has lost the dossier: another one has it, or had it since."""
    if last is None or last.agent == agent:
        return False
    return last.is_live(now) or 0 < token < last.token


def ended(connection: Connection, key: Key, agent: str) -> None:
    """The agent's claim ends with a command that hands the dossier back or closes it, whose entry tells of both."""
    whose = and_(CLAIM.c.caisse == key[0], CLAIM.c.matricule == key[1], CLAIM.c.agent == agent)
    connection.execute(update(CLAIM).where(whose).values(until=ENDED))


def claim_words(last: Standing, now: datetime) -> str:
    """Why a command is refused, and what becomes of it."""
    has = f"{last.nom} a pris ce dossier entre-temps"
    if last.is_live(now):
        until = clock.local(datetime.fromisoformat(last.until))
        has = f"{last.nom} a ce dossier jusqu’à {until.hour} h {until:%M}"
    return typeset(f"{has}. Votre saisie est gardée : relisez le dossier, puis renvoyez-la ou abandonnez-la.")
