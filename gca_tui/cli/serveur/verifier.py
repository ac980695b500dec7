"""`gca serveur verifier`: whether the shared store holds together."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui.cli import french
from gca_tui.cli.output import say, say_json
from gca_tui.cli.serveur.opening import common_options, opened
from gca_tui.domain.french import count, typeset

SHOWN = 50
"""Faults told one by one to a person; a program gets them all."""


@click.command("verifier", cls=french.Command)
@common_options
@click.pass_obj
def command(folder: Path | None, base: str | None, as_json: bool) -> int:
    """Vérifie la chaîne des journaux, les documents, les corbeilles, les réponses données, les clôtures.

    Peut être lancé pendant que le serveur sert. Code de retour 1 quand quelque chose ne tient pas.
    """
    from gca_tui.server.service import Service
    from gca_tui.server.verifying import verify

    with opened(folder, base) as store:
        found = verify(Service(store))
    faults = found.faults
    if as_json:
        told = [{"quoi": one.check, "ou": one.where, "dire": one.what} for one in faults]
        say_json({"dossiers": found.dossiers, "entrees": found.entries, "fautes": told})
        return 1 if faults else 0
    for fault in faults[:SHOWN]:
        say(typeset(f"{fault.check} {fault.where} : {fault.what}"))
    if len(faults) > SHOWN:
        say(typeset(f"… et {len(faults) - SHOWN} de plus (--json les donne tous)."))
    read = f"{count(found.dossiers, 'dossier')}, {count(found.entries, 'entrée')} de journal"
    say(typeset(f"{read} : {count(len(faults), 'faute') if faults else 'tout tient'}."))
    if faults:
        say(typeset("Gardez cette base telle quelle, puis comparez-la à une sauvegarde."))
    return 1 if faults else 0
