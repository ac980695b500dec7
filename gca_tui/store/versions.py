"""The versions of a dossier inside a transaction: the visible one, and the one an import prepares."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, text, update

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.store.facts import generation
from gca_tui.store.projection import project, search_words
from gca_tui.store.tables import DOCUMENT, DOSSIER

Key = tuple[str, str]


@dataclass(frozen=True)
class Version:
    """One version of a dossier; `mirror` is its document without the pending commands, where there are any."""

    id: int
    since: int
    document: str
    mirror: str | None

    @property
    def ground(self) -> str:
        """The document without the pending commands."""
        return self.mirror or self.document


def versions(connection: Connection, key: Key) -> list[Version]:
    """The visible version of a dossier first, then the one an import is preparing, if any."""
    found = connection.execute(
        select(DOSSIER.c.id, DOSSIER.c.since, DOCUMENT.c.document, DOCUMENT.c.mirror)
        .join(DOCUMENT, DOCUMENT.c.dossier_id == DOSSIER.c.id)
        .where(DOSSIER.c.caisse == key[0], DOSSIER.c.matricule == key[1])
        .where(DOSSIER.c.until > generation(connection))
        .order_by(DOSSIER.c.since)
    )
    return [Version(*row) for row in found]


def save(
    connection: Connection, version: Version, dossier: Dossier, mirror: str | None, context: Context, *, as_is: str = ""
) -> None:
    """Write a document, its columns and its words over a version; `as_is` is the document's text where it is known."""
    connection.execute(update(DOSSIER).where(DOSSIER.c.id == version.id).values(project(dossier, context)))
    connection.execute(
        update(DOCUMENT)
        .where(DOCUMENT.c.dossier_id == version.id)
        .values(document=as_is or dossier.to_json(), mirror=mirror)
    )
    names, notes = search_words(dossier)
    connection.execute(
        text("UPDATE recherche SET nom = :nom, notes = :notes WHERE rowid = :id"),
        {"id": version.id, "nom": names, "notes": notes},
    )
