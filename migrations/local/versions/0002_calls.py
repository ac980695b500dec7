"""Calls to make: the first day on which a dossier's family is to be called."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op

from gca_tui import clock, reference
from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar, Calendars
from gca_tui.domain.calls import calls
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.settings import Settings

revision = "0002"
down_revision = "0001"

BATCH = 200
"""Documents held in memory at once."""
_CANDIDATES = sa.text(
    "SELECT d.id, t.document FROM dossier AS d JOIN document AS t ON t.dossier_id = d.id"
    " WHERE d.id > :after AND (d.indu > 0 OR d.rdv_le IS NOT NULL) ORDER BY d.id LIMIT :batch"
)
"""Only letters and rendez-vous can make a call before this version."""
_SET = sa.text("UPDATE dossier SET appel_le = :day WHERE id = :id")


def upgrade() -> None:
    """Add the column and its index, and fill it for the dossiers that may have a call."""
    op.add_column("dossier", sa.Column("appel_le", sa.TEXT(), nullable=True))
    op.create_index(
        "ix_dossier_appel",
        "dossier",
        ["classe", "recue_le", "caisse", "matricule"],
        unique=False,
        sqlite_where=sa.text("appel_le IS NOT NULL"),
    )
    connection = op.get_bind()
    context = _context(connection)
    for batch in _batches(connection):
        days = [(number, calls(Dossier.from_json(document), context)) for number, document in batch]
        found = [{"id": number, "day": planned[0].le.isoformat()} for number, planned in days if planned]
        if found:
            connection.execute(_SET, found)


def _batches(connection: sa.Connection) -> Iterator[list[tuple[int, str]]]:
    after = 0
    while rows := connection.execute(_CANDIDATES, {"after": after, "batch": BATCH}).all():
        yield [(row[0], row[1]) for row in rows]
        after = rows[-1][0]


def _context(connection: sa.Connection) -> Context:
    written = connection.execute(sa.text("SELECT value FROM meta WHERE name = 'settings'")).scalar()
    settings = Settings.model_validate_json(written) if written else Settings()
    return Context(clock.today(), _calendars(connection), settings, reference.lexicon())


def _calendars(connection: sa.Connection) -> Calendars:
    days: dict[str, list[date]] = {METROPOLE: [], ALSACE_MOSELLE: []}
    for zone, day in connection.execute(sa.text("SELECT zone, jour FROM jour_ferie")):
        days.setdefault(zone, []).append(date.fromisoformat(day))
    return {zone: Calendar(known) for zone, known in days.items()}
