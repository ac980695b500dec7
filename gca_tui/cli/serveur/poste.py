"""`gca serveur poste`: the machines that hold dossiers, and shutting one out."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import say, say_json, table
from gca_tui.cli.serveur.opening import ListingGroup, common_options, opened
from gca_tui.domain.french import typeset

_HEADER = ("poste", "agent", "nom", "relié le", "vu le", "fermé le")
_WIDTHS = (36, 16, 20, 16, 16, 16)


@click.group("poste", cls=ListingGroup)
def command() -> None:
    """Les postes reliés au serveur, chacun à un agent."""


@command.command("liste", cls=french.Command)
@click.option("--agent", default="", metavar="IDENTIFIANT", help="Ceux d’un agent.")
@common_options
@click.pass_obj
def listing(folder: Path | None, agent: str, base: str | None, as_json: bool) -> None:
    """Les postes, et quand ils ont été vus."""
    from gca_tui.server.overseeing import postes

    with opened(folder, base) as store, store.read() as connection:
        found = postes(connection, agent)
    if as_json:
        say_json(
            [
                {"poste": one.id, "agent": one.agent, "nom": one.nom, "relie_le": one.made_at}
                | {"vu_le": one.seen_at or None, "ferme_le": one.revoked_at or None}
                for one in found
            ]
        )
        return
    rows = [
        (one.id, one.agent, one.nom, *(_minute(at) for at in (one.made_at, one.seen_at, one.revoked_at)))
        for one in found
    ]
    for line in table([_HEADER, *rows], _WIDTHS):
        say(line)


@command.command("revoquer", cls=french.Command)
@click.argument("poste")
@common_options
@click.pass_obj
def revoke(folder: Path | None, poste: str, base: str | None, as_json: bool) -> None:
    """Ferme un poste perdu ou volé, par son identifiant ou le début : au prochain contact il se vide.

    L’agent garde ses autres postes ; gca serveur agent code en relie un nouveau.
    """
    from gca_tui.server import overseeing

    now = clock.now()
    with opened(folder, base) as store:
        found = store.writing(lambda connection: overseeing.revoke(connection, poste, now))
    if as_json:
        say_json({"poste": found.id, "agent": found.agent})
    else:
        say(typeset(f"Poste {found.id} de {found.agent} : fermé."))


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")
