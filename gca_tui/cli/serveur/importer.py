"""`gca serveur importer`: take the extracts of a caisse into the shared store."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui.cli import french
from gca_tui.cli.progress import progress_bar
from gca_tui.cli.serveur.opening import base_option, opened
from gca_tui.cli.taking import extract_arguments, importer, take


@click.command("importer", cls=french.Command)
@extract_arguments
@base_option
@click.pass_obj
def command(
    folder: Path | None,
    fichiers: tuple[Path, ...],
    a_blanc: bool,
    rejets: Path | None,
    as_json: bool,
    base: str | None,
) -> int:
    """Prend un ou plusieurs extraits (CSV ou JSON Lines), ensemble, même pendant que le serveur sert.

    Chaque dossier va dans la corbeille de sa caisse, ou de sa convention. Le format est décrit dans docs/extraits.md.
    """
    from gca_tui.server.importing import Absent, load
    from gca_tui.server.service import Service

    author = importer()
    taken = take(fichiers, author, rejets, dry=a_blanc)
    absent = Absent(taken.scopes, taken.seen, author) if taken.scopes else None
    with opened(folder, base) as store, progress_bar("Enregistrement") as advance:
        total = len(taken.orders.keys)
        done = load(Service(store), taken.orders, lambda n: advance(n, total), absent, dry=a_blanc)
    return taken.tell(done.loaded, done.absent, as_json=as_json)
