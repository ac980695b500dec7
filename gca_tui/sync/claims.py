"""Claims between this store and the remote one: taken, renewed, given back; each answer is kept in one transaction.

The screen asks in a thread of its own and waits a second at most; what could not be asked is an intention, asked for
at the next contact.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from gca_tui import clock
from gca_tui.store import claims
from gca_tui.wire import LEASE, LOT, LOT_LEASE, Claim, Claims, Key, Lot, Next, Renew, key_text

if TYPE_CHECKING:
    from gca_tui.store.writer import Writer

PATIENCE = 1.0
"""Seconds that the screen waits for an answer."""
LOT_PATIENCE = 3.0
"""Seconds it waits for a lot, which is chosen once a day."""
BACKGROUND = 30.0
"""Seconds that a contact waits for each answer: nobody looks at it."""
PASSED = 500
"""Dossiers passed in a sitting that the remote store is told of, the last ones."""
LOT_ENDS = 18
"""The hour of the agents' day at which a lot is free again."""
LEAST = 3_600
"""A lot taken later than this many seconds before that hour is for the day after."""

Pair = tuple[str, str]


class Asked(Protocol):
    """What claims need of the line. Every call raises SyncError."""

    def claim(self, claim: Claim, timeout: float = ...) -> Claims:
        """Take dossiers."""

    def renew(self, renew: Renew, timeout: float = ...) -> Claims:
        """Keep dossiers longer, or give them back."""


@dataclass(frozen=True)
class Refused:
    """A dossier that was taken here and that somebody else has; `until` on this machine's clock."""

    key: Key
    nom: str
    until: datetime


class Claiming:
    """Asks the remote store. Every call but `due` waits for the network and raises SyncError without it."""

    def __init__(self, writer: Writer, line: Asked, me: str, nom: str) -> None:
        self._writer = writer
        self._line = line
        self._me = me
        self._nom = nom

    def take(self, keys: Sequence[Pair], *, timeout: float = PATIENCE) -> Claims:
        """Take these dossiers."""
        return self._ask(Claim(ids=tuple(Key(*key) for key in keys)), timeout)

    def next(self, passed: Collection[Pair] = (), nature: str = "", *, timeout: float = PATIENCE) -> Claims:
        """Take the next dossier that nobody has, but those `passed`."""
        last = tuple(Key(*key) for key in list(passed)[-PASSED:])
        return self._ask(Claim(next=Next(nature=nature, passed=last)), timeout)

    def lot(self, nature: str, number: int = 20, *, timeout: float = LOT_PATIENCE) -> Claims:
        """Take a lot of one nature until the evening."""
        asked = Lot(nature=nature, number=min(number, LOT))
        return self._ask(Claim(lot=asked, seconds=lot_seconds(clock.now())), timeout)

    def contact(self, *, timeout: float = BACKGROUND) -> list[Refused]:
        """Give back, ask for what was taken without network, renew: before anything else is sent.

        Returns what somebody else has, of what this agent took.
        """
        now = clock.now()
        back, wanted, ending = self._writer.run(lambda c: self._due(c, now)).result()
        if back:
            self._line.renew(_renewal(back, release=True), timeout=timeout)
            self._writer.run(lambda c: claims.released(c, back)).result()
        answers = [self.take(wanted, timeout=timeout)] if wanted else []
        if ending:
            answers.append(self._keep(self._line.renew(_renewal(ending), timeout=timeout), clock.now()))
        return [refused for answer in answers for refused in refusals(answer, now)]

    def due(self) -> float | None:
        """Seconds until something must be renewed, 0 where something waits to be said; None: nothing to do."""
        now = clock.now()
        return self._writer.run(lambda c: self._next_contact(c, now)).result()

    def _due(self, connection: Connection, now: datetime) -> tuple[dict[Key, int], list[Key], dict[Key, int]]:
        claims.clean(connection, now, self._me)
        return (
            _keyed(claims.to_release(connection)),
            [Key(*key) for key in claims.intentions(connection)],
            _keyed(claims.to_renew(connection, now, LEASE // 2, self._me)),
        )

    def _ask(self, body: Claim, timeout: float) -> Claims:
        asked = clock.now()
        return self._keep(self._line.claim(body, timeout=timeout), asked)

    def _keep(self, answer: Claims, asked: datetime) -> Claims:
        """Put an answer into the store; leases are counted from before it was asked, so never too long here."""
        self._writer.run(lambda c: self._store(c, answer, asked)).result()
        return answer

    def _store(self, connection: Connection, answer: Claims, at: datetime) -> None:
        for one in answer.granted:
            key = Key(one.caisse, one.matricule)
            claims.put(connection, key, nom=self._nom, token=one.token, lease=one.lease, mode=one.mode, at=at)
        for other in answer.denied:
            key = Key(other.caisse, other.matricule)
            if other.nom:
                claims.put_other(connection, key, nom=other.nom, lease=other.lease, at=at)
            else:
                claims.drop(connection, key)

    def _next_contact(self, connection: Connection, now: datetime) -> float | None:
        if claims.to_release(connection) or claims.intentions(connection):
            return 0.0
        if not (end := claims.next_end(connection, now, self._me)):
            return None
        left = (datetime.fromisoformat(end) - now).total_seconds()
        return 0.0 if left > LOT_LEASE else max(0.0, left - LEASE / 2)


def refusals(answer: Claims, at: datetime) -> list[Refused]:
    """What somebody else has, of what was asked for."""
    return [
        Refused(Key(one.caisse, one.matricule), one.nom, at + timedelta(seconds=one.lease))
        for one in answer.denied
        if one.nom
    ]


def lot_seconds(now: datetime) -> int:
    """Seconds until 18:00 in Paris, of the next day where that is near; never more than a day."""
    local = clock.local(now)
    end = local.replace(hour=LOT_ENDS, minute=0, second=0, microsecond=0)
    if (end - local).total_seconds() < LEAST:
        end += timedelta(days=1)
    return max(60, min(LOT_LEASE, int((end - local).total_seconds())))


def _renewal(tokens: dict[Key, int], *, release: bool = False) -> Renew:
    return Renew(tokens={key_text(*key): token for key, token in tokens.items()}, release=release)


def _keyed(found: dict[tuple[str, str], int]) -> dict[Key, int]:
    return {Key(*key): token for key, token in found.items()}
