"""The first store: dossiers, documents, outbox, drafts, saved views, search, public holidays."""

from datetime import date

import holidays
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

YEARS = range(2000, 2061)


def upgrade() -> None:
    """Make the tables and note the public holidays of both zones."""
    _dossiers()
    _work()
    op.execute(
        "CREATE VIRTUAL TABLE recherche USING fts5(nom, notes, tokenize = 'ascii', detail = 'column', columnsize = 0)"
    )
    _holidays()


def _dossiers() -> None:
    op.create_table(
        "document",
        sa.Column("dossier_id", sa.INTEGER(), nullable=False),
        sa.Column("document", sa.TEXT(), nullable=False),
        sa.Column("mirror", sa.TEXT(), nullable=True),
        sa.PrimaryKeyConstraint("dossier_id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_document_mirror", "document", ["dossier_id"], unique=False, sqlite_where=sa.text("mirror IS NOT NULL")
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.INTEGER(), nullable=False),
        sa.Column("caisse", sa.TEXT(), nullable=False),
        sa.Column("matricule", sa.TEXT(), nullable=False),
        sa.Column("convention", sa.TEXT(), nullable=False),
        sa.Column("since", sa.INTEGER(), nullable=False),
        sa.Column("until", sa.INTEGER(), nullable=False),
        sa.Column("statut", sa.TEXT(), nullable=False),
        sa.Column("holder", sa.TEXT(), nullable=False),
        sa.Column("attente_jusqu", sa.TEXT(), nullable=False),
        sa.Column("classe", sa.INTEGER(), nullable=False),
        sa.Column("echeance", sa.TEXT(), nullable=False),
        sa.Column("recue_le", sa.TEXT(), nullable=False),
        sa.Column("anteriorite_le", sa.TEXT(), nullable=False),
        sa.Column("nom", sa.TEXT(), nullable=False),
        sa.Column("nom_tri", sa.TEXT(), nullable=False),
        sa.Column("commune", sa.TEXT(), nullable=False),
        sa.Column("prestations", sa.TEXT(), nullable=False),
        sa.Column("natures", sa.TEXT(), nullable=False),
        sa.Column("canaux", sa.TEXT(), nullable=False),
        sa.Column("objet", sa.TEXT(), nullable=False),
        sa.Column("indu", sa.INTEGER(), nullable=False),
        sa.Column("a_expliquer", sa.INTEGER(), nullable=False),
        sa.Column("rectification", sa.INTEGER(), nullable=False),
        sa.Column("reclamation", sa.INTEGER(), nullable=False),
        sa.Column("rac", sa.INTEGER(), nullable=False),
        sa.Column("rdv_le", sa.TEXT(), nullable=True),
        sa.Column("absente_le", sa.TEXT(), nullable=True),
        sa.Column("notes", sa.INTEGER(), nullable=False),
        sa.Column("questions", sa.INTEGER(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("caisse", "matricule", "since", name="ux_dossier_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_dossier_a_expliquer",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("a_expliquer = 1"),
    )
    op.create_index(
        "ix_dossier_absente",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("absente_le IS NOT NULL"),
    )
    op.create_index(
        "ix_dossier_attente",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("statut = 'en_attente'"),
    )
    op.create_index(
        "ix_dossier_clos",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("statut = 'clos'"),
    )
    op.create_index(
        "ix_dossier_order",
        "dossier",
        [
            "classe",
            "recue_le",
            "caisse",
            "matricule",
            "echeance",
            "statut",
            "attente_jusqu",
            "holder",
            "since",
            "until",
        ],
        unique=False,
    )
    op.create_index(
        "ix_dossier_rac",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("rac = 1"),
    )
    op.create_index(
        "ix_dossier_rdv",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("rdv_le IS NOT NULL"),
    )
    op.create_index(
        "ix_dossier_reclamation",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("reclamation = 1"),
    )
    op.create_index(
        "ix_dossier_rectification",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("rectification = 1"),
    )
    op.create_index("ix_dossier_since", "dossier", ["since"], unique=False)
    op.create_index(
        "ix_dossier_until", "dossier", ["until"], unique=False, sqlite_where=sa.text("until < 4611686018427387904")
    )


def _work() -> None:
    op.create_table(
        "draft",
        sa.Column("caisse", sa.TEXT(), nullable=False),
        sa.Column("matricule", sa.TEXT(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("target", sa.TEXT(), nullable=False),
        sa.Column("rev", sa.INTEGER(), nullable=False),
        sa.Column("base", sa.TEXT(), nullable=False),
        sa.Column("fields", sa.TEXT(), nullable=False),
        sa.Column("saved_at", sa.TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("caisse", "matricule", "kind", "target"),
        sqlite_strict=True,
    )
    op.create_table(
        "jour_ferie",
        sa.Column("zone", sa.TEXT(), nullable=False),
        sa.Column("jour", sa.TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("zone", "jour"),
        sqlite_strict=True,
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("value", sa.TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("n", sa.INTEGER(), nullable=False),
        sa.Column("command_id", sa.TEXT(), nullable=False),
        sa.Column("tx", sa.TEXT(), nullable=False),
        sa.Column("place", sa.INTEGER(), nullable=False),
        sa.Column("session", sa.TEXT(), nullable=False),
        sa.Column("caisse", sa.TEXT(), nullable=False),
        sa.Column("matricule", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("attempts", sa.INTEGER(), nullable=False),
        sa.Column("reason", sa.TEXT(), nullable=False),
        sa.Column("command", sa.TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("command_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_dossier", "outbox", ["caisse", "matricule"], unique=False)
    op.create_index("ix_outbox_tx", "outbox", ["tx"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("filter", sa.TEXT(), nullable=False),
        sa.Column("sort", sa.TEXT(), nullable=False),
        sa.Column("base", sa.TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )


def _holidays() -> None:
    rows = [(zone, day) for zone, subdiv in (("FR", None), ("FR-AM", "57")) for day in _days(subdiv)]
    insert = sa.text("INSERT INTO jour_ferie (zone, jour) VALUES (:zone, :jour)")
    op.get_bind().execute(insert, [{"zone": zone, "jour": day.isoformat()} for zone, day in rows])


def _days(subdiv: str | None) -> list[date]:
    return sorted(holidays.country_holidays("FR", subdiv=subdiv, years=YEARS))
