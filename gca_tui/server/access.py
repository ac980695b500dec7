"""Who speaks, and in which corbeilles they may work. Read from the base at each call, in one statement.

A right given to an agent opens a corbeille. That of a delegation (`681/CONV`) is open to another caisse's agent only
while the convention runs, and `681` alone never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from gca_tui import clock
from gca_tui.domain.french import short_date, typeset
from gca_tui.server.tables import AGENT, CONVENTION, INSTALL, META, RIGHT, SCOPE
from gca_tui.wire import Agent, Mark

NO_RIGHT = typeset("Vous n’avez plus accès à cette corbeille.")
"""Said of a corbeille that is closed to the agent, and of one that does not exist: they must look the same."""


@dataclass(frozen=True, slots=True)
class Who:
    """An installation, its agent, and the corbeilles open to them, with the last mark and digest of each.

    `closed` says why a corbeille the agent was given is shut. `allowed` False: the installation was revoked or the
    agent withdrawn, nothing is open. `rights` changes whenever what a hello says does.
    """

    install: str
    agent: Agent
    scopes: tuple[str, ...] = ()
    heads: dict[str, Mark] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    rights: str = ""
    epoch: str = ""
    settings: str = ""
    allowed: bool = True

    def motif(self, scope: str) -> str:
        """Why a corbeille is shut to them."""
        return self.closed.get(scope, NO_RIGHT)


def hashed(secret: str) -> str:
    """What the base keeps of a token."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


_SETTINGS, _EPOCH = META.alias("settings"), META.alias("epoch")


def _question(which: ColumnElement[bool]) -> Any:
    return (
        select(
            INSTALL.c.id,
            INSTALL.c.revoked_at,
            AGENT.c.identifiant,
            AGENT.c.nom,
            AGENT.c.qualite,
            AGENT.c.caisse,
            AGENT.c.role,
            AGENT.c.active,
            _SETTINGS.c.value.label("settings"),
            _EPOCH.c.value.label("epoch"),
            SCOPE.c.id.label("scope"),
            SCOPE.c.caisse.label("owner"),
            SCOPE.c.convention,
            SCOPE.c.seq,
            SCOPE.c.head,
            SCOPE.c.digest,
            CONVENTION.c.delegataire,
            CONVENTION.c.debut,
            CONVENTION.c.fin,
        )
        .select_from(INSTALL)
        .join(AGENT, AGENT.c.identifiant == INSTALL.c.agent)
        .outerjoin(_SETTINGS, _SETTINGS.c.name == "settings")
        .outerjoin(_EPOCH, _EPOCH.c.name == "epoch")
        .outerjoin(RIGHT, RIGHT.c.agent == AGENT.c.identifiant)
        .outerjoin(SCOPE, SCOPE.c.id == RIGHT.c.scope)
        .outerjoin(CONVENTION, (CONVENTION.c.caisse == SCOPE.c.caisse) & (CONVENTION.c.nom == SCOPE.c.convention))
        .where(which)
    )


_BY_TOKEN = _question(INSTALL.c.token_sha == bindparam("token_sha"))
_BY_INSTALL = _question(INSTALL.c.id == bindparam("install"))


def identify(connection: Connection, token: str, now: datetime) -> Who | None:
    """Who holds this token; None when nobody does. One statement."""
    return _who(connection.execute(_BY_TOKEN, {"token_sha": hashed(token)}).all(), clock.local(now).date())


def again(connection: Connection, who: Who, now: datetime) -> Who:
    """The same installation as it is now, inside a transaction that relies on its rights."""
    found = _who(connection.execute(_BY_INSTALL, {"install": who.install}).all(), clock.local(now).date())
    return found or Who(install=who.install, agent=who.agent, allowed=False)


def _who(rows: Sequence[Row[Any]], today: date) -> Who | None:
    if not rows:
        return None
    first = rows[0]
    allowed = bool(first.active) and not first.revoked_at
    opened: dict[str, Row[Any]] = {}
    closed: dict[str, str] = {}
    for row in rows if allowed else ():
        if row.scope is None:
            continue
        if motif := _shut(row, today):
            closed[row.scope] = motif
        else:
            opened[row.scope] = row
    scopes = tuple(sorted(opened))
    return Who(
        install=first.id,
        agent=Agent(
            identifiant=first.identifiant,
            nom=first.nom,
            qualite=first.qualite,
            caisse=first.caisse,
            role=first.role,
        ),
        scopes=scopes,
        heads={scope: Mark(opened[scope].seq, opened[scope].head) for scope in scopes},
        digests={scope: opened[scope].digest for scope in scopes},
        closed=closed,
        rights=_fingerprint(first, scopes),
        epoch=first.epoch or "",
        settings=first.settings or "",
        allowed=allowed,
    )


def _shut(row: Row[Any], today: date) -> str:
    """Why the corbeille of this right is shut to the agent; empty when it is open."""
    if row.owner == row.caisse:
        return ""
    if not row.convention or row.fin is None or (row.delegataire and row.delegataire != row.caisse):
        return NO_RIGHT
    if row.debut and today.isoformat() < row.debut:
        return NO_RIGHT
    if row.fin and today.isoformat() > row.fin:
        last = short_date(date.fromisoformat(row.fin))
        return typeset(f"La convention {row.convention} a pris fin le {last}.")
    return ""


def _fingerprint(row: Row[Any], scopes: tuple[str, ...]) -> str:
    told = (row.identifiant, row.nom, row.qualite, row.caisse, row.role, row.epoch, row.settings, *scopes)
    return sha256("\x1f".join(str(one) for one in told).encode()).hexdigest()[:32]
