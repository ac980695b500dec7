"""The store's tables. STRICT refuses the types SQLModel would choose, so each column names its own."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import INTEGER, TEXT, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

FOREVER = 1 << 62
"""`until` of a version that nothing replaces yet."""


def _text(**options: Any) -> Any:
    return Field(sa_type=TEXT, **options)


def _integer(**options: Any) -> Any:
    return Field(sa_type=INTEGER, **options)


class DossierRow(SQLModel, table=True):
    """What the queue sorts, filters and shows of one version of a dossier; only `projection.project` fills it.

    A version is visible at generation g when `since <= g < until`. An import writes its versions under a generation
    to come and shows them all at once by moving to it.
    """

    __tablename__ = "dossier"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("caisse", "matricule", "since", name="ux_dossier_key"),
        Index(
            "ix_dossier_order",
            *("classe", "recue_le", "caisse", "matricule", "echeance"),
            *("statut", "attente_jusqu", "holder", "since", "until"),
        ),
        *(
            Index(f"ix_dossier_{name}", "classe", "recue_le", "caisse", "matricule", sqlite_where=text(where))
            for name, where in (
                ("a_expliquer", "a_expliquer = 1"),
                ("rectification", "rectification = 1"),
                ("reclamation", "reclamation = 1"),
                ("rac", "rac = 1"),
                ("rdv", "rdv_le IS NOT NULL"),
                ("absente", "absente_le IS NOT NULL"),
                ("appel", "appel_le IS NOT NULL"),
                ("attente", "statut = 'en_attente'"),
                ("clos", "statut = 'clos'"),
            )
        ),
        Index("ix_dossier_since", "since"),
        Index("ix_dossier_until", "until", sqlite_where=text(f"until < {FOREVER}")),
        {"sqlite_strict": True},
    )

    id: int | None = _integer(default=None, primary_key=True)
    caisse: str = _text()
    matricule: str = _text()
    convention: str = _text()
    since: int = _integer()
    until: int = _integer()
    statut: str = _text()
    holder: str = _text()
    attente_jusqu: str = _text()
    classe: int = _integer()
    echeance: str = _text()
    recue_le: str = _text()
    anteriorite_le: str = _text()
    nom: str = _text()
    nom_tri: str = _text()
    commune: str = _text()
    prestations: str = _text()
    natures: str = _text()
    canaux: str = _text()
    objet: str = _text()
    indu: int = _integer()
    a_expliquer: int = _integer()
    rectification: int = _integer()
    reclamation: int = _integer()
    rac: int = _integer()
    rdv_le: str | None = _text(default=None)
    absente_le: str | None = _text(default=None)
    appel_le: str | None = _text(default=None)
    notes: int = _integer()
    questions: int = _integer()


class DocumentRow(SQLModel, table=True):
    """The document of a version; `mirror` is the document without the pending commands, where there are any."""

    __tablename__ = "document"
    __table_args__: ClassVar[Any] = (
        Index("ix_document_mirror", "dossier_id", sqlite_where=text("mirror IS NOT NULL")),
        {"sqlite_strict": True},
    )

    dossier_id: int = _integer(primary_key=True)
    document: str = _text()
    mirror: str | None = _text(default=None)


class OutboxRow(SQLModel, table=True):
    """A command given here, not yet folded in or acknowledged.

    `state`: pending, in_flight, conflict, refused, revoked; `code` is the refusal's. `token` is the claim it was given
    under. `acked_rev`: a server that was restored since had it at that revision, as `seal` proves. `lost_at`: what it
    was begun on is not on the restored server; it waits for it until then plus a day.
    """

    __tablename__ = "outbox"
    __table_args__: ClassVar[Any] = (
        Index("ix_outbox_dossier", "caisse", "matricule"),
        {"sqlite_strict": True, "sqlite_autoincrement": True},
    )

    n: int | None = _integer(default=None, primary_key=True)
    command_id: str = _text(unique=True)
    tx: str = _text(index=True)
    place: int = _integer()
    session: str = _text()
    caisse: str = _text()
    matricule: str = _text()
    state: str = _text()
    attempts: int = _integer(default=0)
    reason: str = _text(default="")
    command: str = _text()
    code: str = _text(default="")
    token: int = _integer(default=0)
    acked_rev: int = _integer(default=0)
    lost_at: str = _text(default="")
    seal: str = _text(default="")


class CorbeilleRow(SQLModel, table=True):
    """A corbeille of the remote store that this store follows: what it read up to, and the greatest mark it was shown.

    `digest` is the sum over its dossiers. `snapshot` names the reading in progress ("" when complete), `after` is
    where it stands, `expected` how many dossiers it announced.
    """

    __tablename__ = "corbeille"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    scope: str = _text(primary_key=True)
    cur_seq: int = _integer(default=0)
    cur_h: str = _text(default="")
    seen_seq: int = _integer(default=0)
    seen_h: str = _text(default="")
    digest: str = _text(default="0")
    snapshot: str = _text(default="")
    after: str = _text(default="")
    expected: int = _integer(default=0)


class SyncedRow(SQLModel, table=True):
    """A dossier as the remote store gave it: its corbeille, revision, hash, and the reading that brought it."""

    __tablename__ = "synced"
    __table_args__: ClassVar[Any] = (Index("ix_synced_scope", "scope", "snapshot"), {"sqlite_strict": True})

    caisse: str = _text(primary_key=True)
    matricule: str = _text(primary_key=True)
    scope: str = _text()
    rev: int = _integer()
    h: str = _text()
    snapshot: str = _text(default="")


class AckedRow(SQLModel, table=True):
    """A command that the remote store has, kept some weeks: a server restored from an older backup gets it again."""

    __tablename__ = "acked"
    __table_args__: ClassVar[Any] = (Index("ix_acked_scope", "scope", "seq"), {"sqlite_strict": True})

    command_id: str = _text(primary_key=True)
    tx: str = _text()
    place: int = _integer()
    scope: str = _text()
    seq: int = _integer()
    h: str = _text()
    rev: int = _integer()
    at: str = _text(index=True)
    command: str = _text()
    seal: str = _text(default="")


class ConflictRow(SQLModel, table=True):
    """One field of a command in conflict, as JSON texts: what it was begun on, what it says, what the server holds."""

    __tablename__ = "conflict"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    command_id: str = _text(primary_key=True)
    path: str = _text(primary_key=True)
    base: str = _text()
    mine: str = _text()
    server: str = _text()
    server_rev: int = _integer()
    by: str = _text(default="")
    at: str = _text(default="")


class ClaimRow(SQLModel, table=True):
    """A dossier somebody took, as the remote store said; `until` is counted on this machine's clock (UTC, ISO).

    `token` 0 and `mine` 1: taken here without network, to be asked for at the next contact.
    """

    __tablename__ = "claim"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    caisse: str = _text(primary_key=True)
    matricule: str = _text(primary_key=True)
    nom: str = _text()
    mine: int = _integer()
    token: int = _integer(default=0)
    until: str = _text(default="")
    mode: str = _text(default="")


class DepartureRow(SQLModel, table=True):
    """A dossier that left this store, without its content: why, and how much unsent work went with it.

    `drafts` holds what was being typed until the remote store has it in quarantine, then "".
    """

    __tablename__ = "departure"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True, "sqlite_autoincrement": True},)

    n: int | None = _integer(default=None, primary_key=True)
    caisse: str = _text()
    matricule: str = _text()
    motif: str = _text()
    at: str = _text()
    commands: int = _integer(default=0)
    drafts_left: int = _integer(default=0)
    drafts: str = _text(default="")
    seen: int = _integer(default=0)


class DraftRow(SQLModel, table=True):
    """What is being typed in one form over one dossier, and the revision and values it was begun on."""

    __tablename__ = "draft"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    caisse: str = _text(primary_key=True)
    matricule: str = _text(primary_key=True)
    kind: str = _text(primary_key=True)
    target: str = _text(primary_key=True)
    rev: int = _integer()
    base: str = _text()
    fields: str = _text()
    saved_at: str = _text()


class ViewRow(SQLModel, table=True):
    """A view the agent saved: a filter and a sort under a name."""

    __tablename__ = "saved_view"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    name: str = _text(primary_key=True)
    filter: str = _text()
    sort: str = _text()
    base: str = _text()


class MetaRow(SQLModel, table=True):
    """Single facts of the store: generation, author, settings, whether it is a demonstration."""

    __tablename__ = "meta"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    name: str = _text(primary_key=True)
    value: str = _text()


class HolidayRow(SQLModel, table=True):
    """A public holiday of a zone, so that no program start computes them."""

    __tablename__ = "jour_ferie"
    __table_args__: ClassVar[Any] = ({"sqlite_strict": True},)

    zone: str = _text(primary_key=True)
    jour: str = _text(primary_key=True)


DOSSIER, DOCUMENT, OUTBOX, DRAFT, META, CORBEILLE, SYNCED, ACKED, CONFLICT, CLAIM, DEPARTURE = (
    SQLModel.metadata.tables[name]
    for name in (
        *("dossier", "document", "outbox", "draft", "meta"),
        *("corbeille", "synced", "acked", "conflict", "claim", "departure"),
    )
)
"""The same tables, to make statements of."""
