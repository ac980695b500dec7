"""`gca exporter`: everything that is here, to take elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import json_line, reading, say, unwritable
from gca_tui.domain.french import count
from gca_tui.store.views import EVERYTHING
from gca_tui.store.window import Selection, Window


@click.command("exporter", cls=french.Command)
@click.option("--json", "as_json", is_flag=True, help="Les documents, un par ligne (JSON Lines).")
@click.option(
    "--vers",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fichier à écrire, au lieu de l’écran.",
)
@click.pass_obj
def command(folder: Path | None, as_json: bool, vers: Path | None) -> None:
    """Tous les dossiers : les documents avec --json, sinon la liste en CSV dans un fichier."""
    with reading(folder) as window:
        try:
            if as_json:
                _documents(window, str(vers) if vers else "-")
            else:
                _csv(window, vers)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable(vers or Path.cwd()) from error


def _documents(window: Window, target: str) -> None:
    ids = window.ids(Selection(EVERYTHING, sort="matricule"), clock.today())
    with click.open_file(target, "w", encoding="utf-8") as file:
        for document in window.documents(ids):
            file.write(json_line(json.loads(document)) + "\n")


def _csv(window: Window, target: Path | None) -> None:
    from gca_tui.store.export import write_csv

    ids = window.ids(Selection(EVERYTHING, sort="caisse"), clock.today())
    path = write_csv(target.parent if target else Path.cwd(), window, ids, target.name if target else "")
    say(f"{count(len(ids), 'dossier')} dans {path}.")
