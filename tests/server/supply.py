"""Extracts for a shared store, and what the store holds of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gca_tui import clock
from gca_tui.domain.commands import AddNote, ReceiveExtract
from gca_tui.domain.commands.extract import ReadIndu, ReadPiece
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.pieces import ExtraitPiece
from gca_tui.domain.trop_percu import Montants
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.server.base import Base
from gca_tui.server.chain import Entry
from gca_tui.server.importing import Absent, Taken, load
from gca_tui.server.laying import Change, lay, stored
from gca_tui.server.service import Service
from gca_tui.server.tables import DOSSIER, JOURNAL, MEMBERSHIP, SCOPE
from gca_tui.store.preparing import Given
from gca_tui.wire import Key

SYSTEM = Author(identifiant="import", nom="Import")
MARTIN = Author(identifiant="martin", nom="Zoé Martin", qualite="GCA", caisse="681")


def read(number: int, caisse: str = "681", nom: str = "", le: date | None = None, **said: Any) -> ReceiveExtract:
    """What an extract says of a dossier."""
    return ReceiveExtract(
        id=new_id(),
        caisse=caisse,
        matricule=f"{number:07d}",
        author=SYSTEM,
        at=clock.now(),
        le=le or clock.today(),
        allocataire=Allocataire(nom=nom or f"NOM{number}", prenom="Zoé"),
        **said,
    )


def piece(name: str, nature: str = "rib") -> ReadPiece:
    return ReadPiece(id=name, extrait=ExtraitPiece(nature=nature, recue_le=date(2026, 10, 1)))


def indu(cents: int) -> ReadIndu:
    months = {"2026-01": Montants(verse=cents, du=0)}
    return ReadIndu(id="INK1:RSA", reference="INK1", prestation="RSA", notifiee_le=date(2026, 5, 4), mois=months)


def take(service: Service, extracts: Iterable[ReceiveExtract], scopes: Sequence[tuple[str, str]] = ()) -> Taken:
    """Import extracts; of these (caisse, convention) they hold every dossier."""
    extracts = list(extracts)
    seen = {(one.caisse, one.matricule) for one in extracts}
    absent = Absent(set(scopes), seen, SYSTEM) if scopes else None
    return load(service, [Given(one) for one in extracts], absent=absent)


def note(service: Service, number: int, texte: str) -> None:
    """An agent writes a note."""
    change(service, number, AddNote(id=new_id(), texte=texte, **_whose(number)))


def _whose(number: int) -> dict[str, Any]:
    return {"caisse": "681", "matricule": f"{number:07d}", "author": MARTIN, "at": clock.now()}


def change(service: Service, number: int, command: Any) -> None:
    """An agent's command, as a push lays it."""
    from gca_tui.domain.apply import apply

    def write(connection: Any) -> None:
        key = Key("681", f"{number:07d}")
        before = stored(connection, [key])[key]
        context = service.context(connection)
        after = apply(before.dossier, command, context)
        body = f'{{"command":{command.model_dump_json()}}}'
        entry = Entry(command.kind, *key, after.rev, service.instant(), body, command.id, command.author.identifiant)
        lay(connection, [Change(before, after, (entry,), before.scope)], context)

    service.base.writing(write)


def dossiers(base: Base) -> dict[int, Dossier]:
    """Every dossier, by the number of its matricule."""
    with base.read() as connection:
        rows = connection.execute(select(DOSSIER.c.matricule, DOSSIER.c.document)).all()
    return {int(row.matricule): Dossier.from_json(row.document) for row in rows}


def places(base: Base) -> dict[int, str]:
    """The corbeille that shows each dossier; each is shown once."""
    with base.read() as connection:
        rows = connection.execute(select(MEMBERSHIP).where(MEMBERSHIP.c.present == 1)).all()
    found = {int(row.matricule): row.scope for row in rows}
    assert len(found) == len(rows)
    return found


def heads(base: Base) -> dict[str, tuple[int, str, str]]:
    """The last number, hash and digest of each corbeille."""
    with base.read() as connection:
        return {row.id: (row.seq, row.head, row.digest) for row in connection.execute(select(SCOPE))}


def everything(base: Base) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but `meta`."""
    from gca_tui.server.backup import tables

    with base.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables()
            if table.name != "meta"
        }


def kinds(base: Base, scope: str) -> list[str]:
    """What the journal of a corbeille tells, in its order."""
    with base.read() as connection:
        found = select(JOURNAL.c.kind).where(JOURNAL.c.scope == scope).order_by(JOURNAL.c.seq)
        return list(connection.execute(found).scalars())


def files(folder: Path) -> set[str]:
    """Names of what is in a folder."""
    return {path.name for path in folder.iterdir()}
