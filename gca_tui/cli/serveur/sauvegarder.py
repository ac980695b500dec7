"""`gca serveur sauvegarder`: everything in one file, while the server works."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui.cli import french
from gca_tui.cli.output import say, say_json
from gca_tui.cli.serveur.opening import common_options, opened
from gca_tui.domain.french import count, typeset


@click.command("sauvegarder", cls=french.Command)
@click.argument("fichier", type=click.Path(path_type=Path, dir_okay=False))
@common_options
@click.pass_obj
def command(folder: Path | None, fichier: Path, base: str | None, as_json: bool) -> None:
    """Copie tout dans un fichier neuf (lignes JSON, gzip), d’un même instant, pendant que le serveur sert.

    Il se restaure aussi bien sur SQLite que sur PostgreSQL. Gardez-le à l’abri : il contient les dossiers.
    """
    from gca_tui.server.backup import save
    from gca_tui.server.service import Service

    with opened(folder, base) as store:
        saved = save(Service(store), fichier)
    dossiers = saved.counts.get("dossier", 0)
    if as_json:
        say_json({"fichier": str(fichier), "dossiers": dossiers, "lignes": saved.counts, "sha256": saved.sha256})
    else:
        say(typeset(f"{count(dossiers, 'dossier sauvegardé', 'dossiers sauvegardés')} dans {fichier}."))
