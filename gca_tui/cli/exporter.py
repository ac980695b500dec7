"""`gca exporter`: everything that is here, to take elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import reading, say
from gca_tui.domain.french import count
from gca_tui.errors import InputError
from gca_tui.store.views import EVERYTHING
from gca_tui.store.window import Selection


@click.command("exporter", cls=french.Command)
@click.option("--json", "as_json", is_flag=True, help="Les documents, un par ligne (JSON Lines).")
@click.option("--vers", type=click.Path(path_type=Path, dir_okay=False), help="Fichier à écrire, au lieu de l’écran.")
@click.pass_obj
def command(folder: Path | None, as_json: bool, vers: Path | None) -> None:
    """Tous les dossiers : les documents avec --json, sinon la liste en CSV dans un fichier."""
    with reading(folder) as window:
        ids = window.ids(Selection(EVERYTHING, sort="caisse"), clock.today())
        if not as_json:
            from gca_tui.store.export import write_csv

            path = write_csv(vers.parent if vers else Path.cwd(), window, ids, vers.name if vers else "")
            say(f"{count(len(ids), 'dossier')} dans {path}.")
            return
        documents = window.documents(window.ids(Selection(EVERYTHING, sort="matricule"), clock.today()))
        try:
            with click.open_file(str(vers) if vers else "-", "w", encoding="utf-8") as file:
                for document in documents:
                    file.write(json.dumps(json.loads(document), ensure_ascii=False) + "\n")
        except OSError as error:
            raise InputError(f"{vers} ne peut pas être écrit ({error.strerror}).") from error
