"""A remote store: what is followed there, what it acknowledged, what is in conflict, claimed, or gone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables of exchanges, and to the outbox what a server's answer leaves there."""
    for column in (_text("code"), _integer("token"), _integer("acked_rev"), _text("lost_at"), _text("seal")):
        op.add_column("outbox", column)
    _followed()
    _settled()
    _others()


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    given = None if default is None else sa.text(f"'{default}'")
    return sa.Column(name, sa.TEXT(), nullable=False, server_default=given)


def _integer(name: str, *, default: int | None = 0) -> sa.Column[int]:
    given = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.INTEGER(), nullable=False, server_default=given)


def _key() -> tuple[sa.Column[str], sa.Column[str], sa.PrimaryKeyConstraint]:
    return (
        _text("caisse", default=None),
        _text("matricule", default=None),
        sa.PrimaryKeyConstraint("caisse", "matricule"),
    )


def _followed() -> None:
    op.create_table(
        "corbeille",
        _text("scope", default=None),
        *(_integer("cur_seq"), _text("cur_h"), _integer("seen_seq"), _text("seen_h")),
        *(_text("digest", default="0"), _text("snapshot"), _text("after"), _integer("expected")),
        sa.PrimaryKeyConstraint("scope"),
        sqlite_strict=True,
    )
    op.create_table(
        "synced",
        *_key(),
        *(_text("scope", default=None), _integer("rev", default=None), _text("h", default=None), _text("snapshot")),
        sqlite_strict=True,
    )
    op.create_index("ix_synced_scope", "synced", ["scope", "snapshot"])


def _settled() -> None:
    op.create_table(
        "acked",
        *(_text(name, default=None) for name in ("command_id", "tx")),
        _integer("place", default=None),
        _text("scope", default=None),
        _integer("seq", default=None),
        _text("h", default=None),
        _integer("rev", default=None),
        *(_text(name, default=None) for name in ("at", "command")),
        _text("seal"),
        sa.PrimaryKeyConstraint("command_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_acked_scope", "acked", ["scope", "seq"])
    op.create_index("ix_acked_at", "acked", ["at"])
    op.create_table(
        "conflict",
        *(_text(name, default=None) for name in ("command_id", "path", "base", "mine", "server")),
        _integer("server_rev", default=None),
        *(_text("by"), _text("at")),
        sa.PrimaryKeyConstraint("command_id", "path"),
        sqlite_strict=True,
    )


def _others() -> None:
    op.create_table(
        "claim",
        *_key(),
        *(_text("nom", default=None), _integer("mine", default=None), _integer("token"), _text("until"), _text("mode")),
        sqlite_strict=True,
    )
    op.create_table(
        "departure",
        sa.Column("n", sa.INTEGER(), nullable=False),
        *(_text(name, default=None) for name in ("caisse", "matricule", "motif", "at")),
        *(_integer("commands"), _integer("drafts_left"), _text("drafts"), _integer("seen")),
        sa.PrimaryKeyConstraint("n"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
