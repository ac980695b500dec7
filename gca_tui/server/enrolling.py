"""How a machine becomes an agent's own: a one-time code, given on another way, buys an installation and its token."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, text, update

from gca_tui.server.access import hashed
from gca_tui.server.tables import AGENT, ATTEMPT, ENROLMENT, INSTALL

CODE_HOURS = 72
"""How long a code may wait to be used."""
INSTALLS = 20
"""Installations one agent may have alive: a stolen token cannot make itself any number of others."""
LONGEST_WAIT = 900
"""Seconds one address waits at most between two attempts that fail."""
FORGOTTEN_AFTER = timedelta(days=1)
"""After which failures of an address are forgotten, with the address."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_GROUPS, _GROUP = 5, 4

_ONE_MORE = text(
    "INSERT INTO attempt (source, failures, until) VALUES (:source, 1, '')"
    " ON CONFLICT (source) DO UPDATE SET failures = attempt.failures + 1 RETURNING failures"
)


@dataclass(frozen=True)
class Installed:
    """A new installation and its secret, which is said once."""

    install: str
    token: str


class TooSoon(Exception):
    """This address failed too often: nothing is looked at before `seconds` have passed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def new_code(connection: Connection, agent: str, now: datetime) -> str:
    """A code for this agent, of 100 bits in groups, kept by its hash alone. The ones not used yet are withdrawn."""
    connection.execute(delete(ENROLMENT).where(ENROLMENT.c.agent == agent, ENROLMENT.c.used_at == ""))
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    code = "-".join(groups)
    until = (now + timedelta(hours=CODE_HOURS)).isoformat()
    connection.execute(insert(ENROLMENT).values(code_sha=_code_sha(code), agent=agent, until=until, used_at=""))
    return code


def _code_sha(code: str) -> str:
    """Hash of a code as it was meant: case, spaces, dashes, and letters taken for figures, do not matter."""
    meant = "".join(code.upper().split()).replace("-", "").translate(_READ_AS)
    return sha256(meant.encode("utf-8", "surrogateescape")).hexdigest()


def spend(connection: Connection, code: str, poste: str, schema: int, now: datetime) -> Installed | None:
    """Turn a code into an installation, in the caller's write transaction; None when it is not worth one.

    Unknown, used, too old, and that of an agent who was withdrawn, look the same. Two machines that show one code at
    once: one gets it.
    """
    spent = connection.execute(
        update(ENROLMENT)
        .where(
            ENROLMENT.c.code_sha == _code_sha(code),
            ENROLMENT.c.used_at == "",
            ENROLMENT.c.until > now.isoformat(),
            ENROLMENT.c.agent.in_(select(AGENT.c.identifiant).where(AGENT.c.active == 1)),
        )
        .values(used_at=now.isoformat())
        .returning(ENROLMENT.c.agent)
    ).scalar()
    return None if spent is None else install_for(connection, spent, poste, schema, now)


def install_for(connection: Connection, agent: str, poste: str, schema: int, now: datetime) -> Installed:
    """A new installation of an agent."""
    made = Installed(str(uuid.uuid4()), secrets.token_urlsafe(32))
    connection.execute(
        insert(INSTALL).values(
            id=made.install,
            agent=agent,
            token_sha=hashed(made.token),
            poste=poste,
            made_at=now.isoformat(),
            seen_at=now.isoformat(),
            last_n=0,
            last_nonce="",
            schema_version=schema,
            revoked_at="",
        )
    )
    return made


def alive(connection: Connection, agent: str) -> int:
    """Installations of an agent that are not revoked."""
    counted = select(func.count()).select_from(INSTALL).where(INSTALL.c.agent == agent, INSTALL.c.revoked_at == "")
    return int(connection.execute(counted).scalar_one())


def check_pace(connection: Connection, source: str, now: datetime) -> None:
    """Raise TooSoon while an address must wait."""
    until = connection.execute(select(ATTEMPT.c.until).where(ATTEMPT.c.source == source)).scalar()
    if until and until > now.isoformat():
        raise TooSoon(int((datetime.fromisoformat(until) - now).total_seconds()) + 1)


def failed(connection: Connection, source: str, now: datetime) -> int:
    """Count a failure of an address; returns the seconds it waits from now on: 1, 2, 4… up to LONGEST_WAIT."""
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.until < (now - FORGOTTEN_AFTER).isoformat()))
    failures = int(connection.execute(_ONE_MORE, {"source": source}).scalar_one())
    wait = min(1 << min(failures - 1, 20), LONGEST_WAIT)
    until = (now + timedelta(seconds=wait)).isoformat()
    connection.execute(update(ATTEMPT).where(ATTEMPT.c.source == source).values(until=until))
    return wait


def forgive(connection: Connection, source: str) -> None:
    """An address that succeeded starts anew."""
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.source == source))
