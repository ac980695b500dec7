"""The remote store: corbeilles and their journals, dossiers, rights, installations, claims."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.TEXT().with_variant(sa.TEXT(collation="C"), "postgresql")
"""Compared byte by byte everywhere: keys, instants and days are put in order as texts."""


def upgrade() -> None:
    """Make the tables; name this store."""
    _dossiers()
    _journal()
    _rights()
    _machines()
    names = {
        "server": secrets.token_hex(8),
        "epoch": secrets.token_hex(8),
        "rights": "0",
        "seal": secrets.token_hex(32),
    }
    insert = sa.text("INSERT INTO meta (name, value) VALUES (:name, :value)")
    op.get_bind().execute(insert, [{"name": name, "value": value} for name, value in names.items()])


def _text(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    given = None if default is None else sa.text(f"'{default}'")
    return [sa.Column(name, TEXT, nullable=False, server_default=given) for name in names]


def _number(name: str, kind: type[sa.types.TypeEngine[int]] = sa.BIGINT, default: int | None = None) -> sa.Column[int]:
    given = None if default is None else sa.text(str(default))
    return sa.Column(name, kind(), nullable=False, server_default=given, autoincrement=False)


def _key(*names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names)


def _dossiers() -> None:
    op.create_table("meta", *_text("name", "value"), _key("name"))
    op.create_table(
        "scope",
        *_text("id", "caisse", "convention"),
        _number("seq", default=0),
        *_text("head", default=""),
        *_text("digest", default="0"),
        *_text("made_at"),
        _key("id"),
    )
    op.create_table(
        "dossier",
        *_text("caisse", "matricule", "scope"),
        *(_number("rev"), _number("seq", default=0)),
        *_text("h", "document"),
        *_text("replayed", default="{}"),
        *_text("statut", "holder", "attente_jusqu"),
        _number("classe", sa.INTEGER),
        *_text("echeance", "recue_le", "natures"),
        _key("caisse", "matricule"),
    )
    op.create_index("ix_dossier_scope", "dossier", ["scope"])
    order = ["scope", "classe", "echeance", "recue_le", "caisse", "matricule"]
    op.create_index("ix_server_dossier_order", "dossier", order)
    op.create_table(
        "membership",
        *_text("scope", "caisse", "matricule"),
        *(_number("seq"), _number("present", sa.INTEGER, 1)),
        *_text("motif", default=""),
        _key("scope", "caisse", "matricule"),
    )
    op.create_index("ix_membership_seq", "membership", ["scope", "seq"])


def _journal() -> None:
    op.create_table(
        "journal",
        *_text("scope"),
        _number("seq"),
        *_text("h", "kind"),
        *_text("command_id", default=""),
        *_text("agent", "caisse", "matricule"),
        _number("rev"),
        *_text("at", "body_sha"),
        sa.Column("body", TEXT, nullable=True),
        _key("scope", "seq"),
    )
    op.create_index("ix_journal_dossier", "journal", ["caisse", "matricule"])
    op.create_table(
        "op_result", *_text("command_id", "install", "agent", "body_sha", "result", "at"), _key("command_id")
    )
    op.create_index("ix_op_result_at", "op_result", ["at"])
    op.create_table(
        "quarantine",
        *_text("id", "agent", "caisse", "matricule", "kind", "body", "motif", "at"),
        *_text("seen_by", default=""),
        _key("id"),
    )
    op.create_index("ix_quarantine_caisse", "quarantine", ["caisse"])


def _rights() -> None:
    op.create_table(
        "agent",
        *_text("identifiant", "nom", "qualite", "caisse", "role"),
        _number("active", sa.INTEGER, 1),
        *_text("made_at"),
        _key("identifiant"),
    )
    op.create_table("agent_right", *_text("agent", "scope"), _key("agent", "scope"))
    op.create_table("convention", *_text("caisse", "nom", "delegataire", "debut", "fin"), _key("caisse", "nom"))


def _machines() -> None:
    op.create_table(
        "install",
        *_text("id", "agent", "token_sha"),
        *_text("poste", default=""),
        *_text("made_at"),
        *_text("seen_at", default=""),
        _number("last_n", default=0),
        *_text("last_nonce", default=""),
        _number("schema_version", sa.INTEGER, 0),
        *_text("revoked_at", default=""),
        _key("id"),
        sa.UniqueConstraint("token_sha", name="ux_install_token"),
    )
    op.create_index("ix_install_agent", "install", ["agent"])
    op.create_table("enrolment", *_text("code_sha", "agent", "until"), *_text("used_at", default=""), _key("code_sha"))
    op.create_table(
        "attempt", *_text("source"), _number("failures", sa.INTEGER, 0), *_text("until", default=""), _key("source")
    )
    op.create_table(
        "claim",
        *_text("caisse", "matricule", "agent", "nom", "install"),
        _number("token"),
        *_text("until", "mode"),
        _key("caisse", "matricule"),
    )
    op.create_index("ix_claim_agent", "claim", ["agent"])
