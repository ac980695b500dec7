"""The remote store's tables: the same on SQLite and on PostgreSQL. `docs/protocol.md` says what each is for.

Instants are ISO texts in UTC, all of one form, so that they compare as texts. `migrations/server` makes the tables.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BIGINT, INTEGER, TEXT, Index, MetaData
from sqlmodel import Field, SQLModel

METADATA = MetaData()
"""Apart from the local store's: both may be loaded in one program."""


class ServerModel(SQLModel):
    """A table of the remote store."""

    metadata = METADATA


def _text(**options: Any) -> Any:
    return Field(sa_type=TEXT, **options)


def _big(**options: Any) -> Any:
    return Field(sa_type=BIGINT, **options)


def _small(**options: Any) -> Any:
    return Field(sa_type=INTEGER, **options)


class ServerMeta(ServerModel, table=True):
    """Single facts: `server` (its id), `epoch`, `settings`, `rights` (raised when any right moves)."""

    __tablename__ = "meta"

    name: str = _text(primary_key=True)
    value: str = _text()


class ScopeRow(ServerModel, table=True):
    """A corbeille: `seq` and `head` are its last mark. Its row is locked last in every write, in the order of ids."""

    __tablename__ = "scope"

    id: str = _text(primary_key=True)
    caisse: str = _text()
    convention: str = _text()
    seq: int = _big(default=0)
    head: str = _text(default="")
    digest: str = _text(default="0")
    made_at: str = _text()


class ServerDossier(ServerModel, table=True):
    """A dossier: its document, and what get-next and lots choose by.

    `seq` is that of its last change in its corbeille. `replayed` holds, by field, the revision that a command sent
    again after a restore put there.
    """

    __tablename__ = "dossier"
    __table_args__: ClassVar[Any] = (
        Index("ix_server_dossier_order", "scope", "classe", "echeance", "recue_le", "caisse", "matricule"),
    )

    caisse: str = _text(primary_key=True)
    matricule: str = _text(primary_key=True)
    scope: str = _text(index=True)
    rev: int = _big()
    seq: int = _big(default=0)
    h: str = _text()
    document: str = _text()
    replayed: str = _text(default="{}")
    statut: str = _text()
    holder: str = _text()
    attente_jusqu: str = _text()
    classe: int = _small()
    echeance: str = _text()
    recue_le: str = _text()
    natures: str = _text()


class Membership(ServerModel, table=True):
    """Which corbeille shows a dossier, and since which entry. `present` 0: it left, `motif` says why."""

    __tablename__ = "membership"
    __table_args__: ClassVar[Any] = (Index("ix_membership_seq", "scope", "seq"),)

    scope: str = _text(primary_key=True)
    caisse: str = _text(primary_key=True)
    matricule: str = _text(primary_key=True)
    seq: int = _big()
    present: int = _small(default=1)
    motif: str = _text(default="")


class JournalRow(ServerModel, table=True):
    """One entry of a corbeille's chain: `h` is the hash of the one before and of `body_sha` with these columns.

    `body` is what happened, as JSON. It may be taken out for the law; the chain holds without it.
    """

    __tablename__ = "journal"
    __table_args__: ClassVar[Any] = (Index("ix_journal_dossier", "caisse", "matricule"),)

    scope: str = _text(primary_key=True)
    seq: int = _big(primary_key=True)
    h: str = _text()
    kind: str = _text()
    command_id: str = _text(default="")
    agent: str = _text()
    caisse: str = _text()
    matricule: str = _text()
    rev: int = _big()
    at: str = _text()
    body_sha: str = _text()
    body: str | None = _text(default=None)


class OpResult(ServerModel, table=True):
    """The answer to a command, so that sending it again changes nothing."""

    __tablename__ = "op_result"

    command_id: str = _text(primary_key=True)
    install: str = _text()
    agent: str = _text()
    body_sha: str = _text()
    result: str = _text()
    at: str = _text(index=True)


class Quarantine(ServerModel, table=True):
    """Work of an agent who had lost the right, or a draft left behind: for the caisse that owns the dossier."""

    __tablename__ = "quarantine"

    id: str = _text(primary_key=True)
    agent: str = _text()
    caisse: str = _text(index=True)
    matricule: str = _text()
    kind: str = _text()
    body: str = _text()
    motif: str = _text()
    at: str = _text()
    seen_by: str = _text(default="")


class AgentRow(ServerModel, table=True):
    """An agent. `active` 0: nothing of theirs is taken any more."""

    __tablename__ = "agent"

    identifiant: str = _text(primary_key=True)
    nom: str = _text()
    qualite: str = _text()
    caisse: str = _text()
    role: str = _text()
    active: int = _small(default=1)
    made_at: str = _text()


class RightRow(ServerModel, table=True):
    """An agent may work in a corbeille."""

    __tablename__ = "agent_right"

    agent: str = _text(primary_key=True)
    scope: str = _text(primary_key=True)


class ConventionRow(ServerModel, table=True):
    """A delegation between caisses (CSS L.122-7): its corbeille is open to others until `fin` (a day), included."""

    __tablename__ = "convention"

    caisse: str = _text(primary_key=True)
    nom: str = _text(primary_key=True)
    delegataire: str = _text()
    debut: str = _text()
    fin: str = _text()


class Install(ServerModel, table=True):
    """One local store of one agent. The token is known by its hash; `last_n` and `last_nonce` are of its last push."""

    __tablename__ = "install"

    id: str = _text(primary_key=True)
    agent: str = _text(index=True)
    token_sha: str = _text(unique=True)
    poste: str = _text(default="")
    made_at: str = _text()
    seen_at: str = _text(default="")
    last_n: int = _big(default=0)
    last_nonce: str = _text(default="")
    schema_version: int = _small(default=0)
    revoked_at: str = _text(default="")


class EnrolmentCode(ServerModel, table=True):
    """A one-time code, known by its hash."""

    __tablename__ = "enrolment"

    code_sha: str = _text(primary_key=True)
    agent: str = _text()
    until: str = _text()
    used_at: str = _text(default="")


class Attempt(ServerModel, table=True):
    """Failed enrolments from one address: each makes the next one wait longer."""

    __tablename__ = "attempt"

    source: str = _text(primary_key=True)
    failures: int = _small(default=0)
    until: str = _text(default="")


class ServerClaim(ServerModel, table=True):
    """Who took a dossier and until when, on the server's clock. `token` grows with each taking of the dossier."""

    __tablename__ = "claim"
    __table_args__: ClassVar[Any] = (Index("ix_claim_agent", "agent"),)

    caisse: str = _text(primary_key=True)
    matricule: str = _text(primary_key=True)
    agent: str = _text()
    nom: str = _text()
    install: str = _text()
    token: int = _big()
    until: str = _text()
    mode: str = _text()


_TABLES = METADATA.tables
META, SCOPE, DOSSIER, MEMBERSHIP = (_TABLES[name] for name in ("meta", "scope", "dossier", "membership"))
JOURNAL, OP_RESULT, QUARANTINE, CLAIM = (_TABLES[name] for name in ("journal", "op_result", "quarantine", "claim"))
AGENT, RIGHT, CONVENTION = (_TABLES[name] for name in ("agent", "agent_right", "convention"))
INSTALL, ENROLMENT, ATTEMPT = (_TABLES[name] for name in ("install", "enrolment", "attempt"))
