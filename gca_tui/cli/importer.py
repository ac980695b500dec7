"""`gca importer`: take the extracts of a caisse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui import clock
from gca_tui.cli import french, store_path
from gca_tui.cli.output import reading, refuse_tied
from gca_tui.cli.progress import progress_bar
from gca_tui.cli.taking import Taken, extract_arguments, importer, take

if TYPE_CHECKING:
    from gca_tui.domain.values import Author
    from gca_tui.store.loading import Loaded


@click.command("importer", cls=french.Command)
@extract_arguments
@click.pass_obj
def command(folder: Path | None, fichiers: tuple[Path, ...], a_blanc: bool, rejets: Path | None, as_json: bool) -> int:
    """Prend un ou plusieurs extraits (CSV ou JSON Lines), ensemble.

    Chaque ligne est prise, ou écrite dans le fichier des rejets avec la raison. Le format est décrit dans
    docs/extraits.md.
    """
    refuse_tied(folder, "Ce poste est relié à un serveur : les extraits y sont pris, pour tous.")
    alone = a_blanc and not _has_store(folder)
    author = importer() if alone else _author(folder)
    taken = take(fichiers, author, rejets, dry=a_blanc)
    if alone:
        only = "Ce poste n’a pas encore de données : seuls les fichiers ont été vérifiés."
        return taken.tell(None, 0, as_json=as_json, notes=(only,))
    loaded, absent = _load(store_path(folder), taken, author)
    return taken.tell(loaded, absent, as_json=as_json)


def _has_store(folder: Path | None) -> bool:
    """Whether there are data already; looking makes none."""
    from gca_tui.store.location import DATABASE, default_folder

    return Path(folder or default_folder(), DATABASE).exists()


def _author(folder: Path | None) -> Author:
    """Who imports: an extract may be taken before anybody presented themselves."""
    from gca_tui.domain.values import Author

    with reading(folder) as window:
        written = window.meta("author")
    return Author.model_validate_json(written) if written else importer()


def _load(path: Path, taken: Taken, author: Author) -> tuple[Loaded, int]:
    """Load what was taken. Dossiers are marked absent only where every line could be told to a dossier."""
    from gca_tui.store.importing import Absent, load_all
    from gca_tui.store.writer import Writer

    orders = taken.orders
    absent = Absent(taken.scopes, taken.seen, clock.today(), author, clock.now()) if taken.scopes else None
    writer = Writer(path, bulk=True)
    try:
        with progress_bar("Enregistrement") as advance:
            total = len(orders.keys)
            return load_all(writer, orders, lambda done: advance(done, total), absent, dry=taken.dry)
    finally:
        writer.close()
