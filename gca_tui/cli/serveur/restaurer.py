"""`gca serveur restaurer`: take a backup again."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui.cli import french
from gca_tui.cli.output import say, say_json
from gca_tui.cli.progress import progress_bar
from gca_tui.cli.serveur.opening import common_options, opened
from gca_tui.domain.french import count, typeset


@click.command("restaurer", cls=french.Command)
@click.argument("fichier", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--remplacer", is_flag=True, help="Remplace ce que la base a déjà.")
@common_options
@click.pass_obj
def command(folder: Path | None, fichier: Path, remplacer: bool, base: str | None, as_json: bool) -> None:
    """Reprend une sauvegarde, vérifiée en entier avant que rien ne change.

    Agents, droits, conventions, postes et quarantaine restent ceux de la base quand elle en a. Les postes renvoient
    d’eux-mêmes ce que la sauvegarde n’a pas.
    """
    from gca_tui.server.restoring import read_manifest, restore
    from gca_tui.server.service import Service

    total = read_manifest(fichier).rows
    with opened(folder, base) as store, progress_bar("Restauration") as advance:
        manifest = restore(Service(store), fichier, lambda done: advance(done, total), replace=remplacer)
    dossiers = manifest.counts.get("dossier", 0)
    if as_json:
        say_json({"fichier": str(fichier), "le": manifest.at, "dossiers": dossiers, "lignes": dict(manifest.counts)})
        return
    said = count(dossiers, "dossier repris", "dossiers repris")
    say(typeset(f"{said} de la sauvegarde du {manifest.at[:16].replace('T', ' à ')} (temps universel)."))
    say(typeset("Les postes renverront d’eux-mêmes ce qu’ils ont de plus."))
