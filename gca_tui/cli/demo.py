"""`gca demo`: a store of invented people."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui import clock, demo
from gca_tui.cli import french, open_screen, store_path
from gca_tui.domain.french import count
from gca_tui.errors import StoreError

if TYPE_CHECKING:
    from gca_tui.store.writer import Writer


@click.command("demo", cls=french.Command)
@click.option(
    "--dossiers", metavar="N", type=click.IntRange(1, 1_000_000), default=300, show_default=True, help="Combien."
)
@click.option(
    "--graine", metavar="N", type=click.IntRange(0), default=1, show_default=True, help="Même graine, mêmes dossiers."
)
@click.option("--sans-ouvrir", is_flag=True, help="Préparer sans ouvrir l’écran.")
@click.option("--garder-auteur", is_flag=True, hidden=True)
@click.pass_context
def command(context: click.Context, dossiers: int, graine: int, sans_ouvrir: bool, garder_auteur: bool) -> None:
    """Fait un poste de dossiers inventés et l’ouvre.

    Sans --donnees ni GCA_DONNEES, la démonstration a son propre dossier de données et ne touche pas au vôtre.
    """
    path = store_path(context.obj or _own_folder())
    if _fill(path, dossiers, graine, keep_author=garder_auteur) or sans_ouvrir:
        click.echo(f"{count(dossiers, 'dossier inventé', 'dossiers inventés')} dans {path.parent}.")
    if not sans_ouvrir:
        asked = context.find_root().params
        open_screen(path.parent, plain=asked["simple"], mouse=not asked["sans_souris"])


def _own_folder() -> Path:
    """Where it was said to be, else beside the agent's own data."""
    from gca_tui.store.location import FOLDER_VARIABLE, default_folder

    folder = default_folder()
    return folder if os.environ.get(FOLDER_VARIABLE) else folder.with_name(f"{folder.name}-demo")


def _fill(path: Path, number: int, seed: int, *, keep_author: bool) -> bool:
    """Fill an empty store; False where that demonstration is there already. Raises StoreError over anything else."""
    from gca_tui.cli.progress import progress_bar
    from gca_tui.store.importing import load_all
    from gca_tui.store.loading import Given
    from gca_tui.store.rules import SETTINGS
    from gca_tui.store.writer import Writer

    writer = Writer(path, bulk=True)
    try:
        if _is_filled(writer, path, f"{number}/{seed}"):
            return False
        writer.set_meta("demo", f"{number}/{seed}").result()
        writer.set_meta(SETTINGS, demo.settings().model_dump_json(exclude_defaults=True)).result()
        if not keep_author:
            writer.set_author(demo.AGENT).result()
        told = demo.dossiers(number, seed, clock.today(), demo.AGENT)
        given = (Given(one.extract, one.commands) for one in told)
        with progress_bar("Démonstration") as advance:
            load_all(writer, given, lambda done: advance(done, number))
        return True
    finally:
        writer.close()


def _is_filled(writer: Writer, path: Path, wanted: str) -> bool:
    """Whether that demonstration is there. Raises StoreError when something else is: it is never replaced."""
    if not writer.has_dossiers():
        return False
    made = writer.read_meta("demo")
    if made is None:
        raise StoreError(
            "Ce dossier de données contient déjà des dossiers.",
            "Ils n’ont pas été modifiés.",
            "Choisissez un autre dossier avec --donnees.",
        )
    if made != wanted:
        raise StoreError(
            f"Une autre démonstration ({made}) est déjà dans {path.parent}.",
            "Elle n’a pas été modifiée.",
            "Supprimez ce dossier, ou choisissez-en un autre avec --donnees.",
        )
    return True
