"""`gca serveur corbeille`: what agents share, and putting dossiers in another one."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui.cli import french
from gca_tui.cli.output import key_of, say, say_json, table
from gca_tui.cli.serveur.opening import ListingGroup, common_options, opened
from gca_tui.domain.french import count, typeset
from gca_tui.errors import InputError


@click.group("corbeille", cls=ListingGroup)
def command() -> None:
    """Les corbeilles : 681 pour une caisse, 681/CONV pour ce qu’une convention délègue."""


@command.command("liste", cls=french.Command)
@common_options
@click.pass_obj
def listing(folder: Path | None, base: str | None, as_json: bool) -> None:
    """Les corbeilles, et combien de dossiers y sont."""
    from gca_tui.server.delegating import corbeilles

    with opened(folder, base) as store, store.read() as connection:
        found = corbeilles(connection)
    if as_json:
        say_json([{"corbeille": scope, "dossiers": number} for scope, number in found])
        return
    for line in table([("corbeille", "dossiers"), *((scope, f"{number:>8}") for scope, number in found)], (40, 8)):
        say(line)


@command.command("affecter", cls=french.Command)
@click.argument("dossiers", nargs=-1, metavar="[681/0123456]...")
@click.option("--vers", required=True, metavar="681[/CONV]", help="La corbeille où ils vont.")
@click.option("--motif", required=True, metavar="TEXTE", help="Pourquoi : lu par les agents qui ne les auront plus.")
@click.option("--depuis", metavar="681[/CONV]", help="Ceux de cette corbeille, au lieu d’en nommer.")
@click.option("--nature", default="", metavar="CODE", help="Avec --depuis : ceux où cette nature est à traiter.")
@click.option("--statut", default="", metavar="STATUT", help="Avec --depuis : ceux de ce statut.")
@click.option("--pris-par", default="", metavar="IDENTIFIANT", help="Avec --depuis : ceux que cet agent a pris.")
@common_options
@click.pass_obj
def assign(
    folder: Path | None,
    dossiers: tuple[str, ...],
    vers: str,
    motif: str,
    depuis: str | None,
    nature: str,
    statut: str,
    pris_par: str,
    base: str | None,
    as_json: bool,
) -> None:
    """Met des dossiers dans une autre corbeille de leur caisse, avec leurs notes et tout le reste.

    Les postes qui ne les ont plus les effacent, en disant le motif.
    """
    if bool(dossiers) == bool(depuis) or ((nature or statut or pris_par) and not depuis):
        raise InputError("Nommez des dossiers, ou donnez --depuis.", "Rien n’a changé.")
    from gca_tui.server.moving import Filter, matching, move
    from gca_tui.server.service import Service
    from gca_tui.wire import Key

    with opened(folder, base) as store:
        if depuis:
            chosen = Filter(depuis, nature, statut, pris_par)
            keys = store.reading(lambda connection: matching(connection, chosen))
        else:
            keys = [Key(*key_of(*_halves(one))) for one in dossiers]
        moved = move(Service(store), keys, vers, motif)
    if as_json:
        say_json({"choisis": len(keys), "affectes": moved, "vers": vers})
        return
    already = f", {count(len(keys) - moved, 'y était déjà', 'y étaient déjà')}" if len(keys) > moved else ""
    say(typeset(f"{count(moved, 'dossier affecté', 'dossiers affectés')} à {vers}{already}."))


def _halves(written: str) -> tuple[str, str]:
    caisse, slash, matricule = written.partition("/")
    if not slash:
        raise InputError(f"« {written} » n’est pas un dossier.", "Rien n’a changé.", "Écrivez-le 681/0123456.")
    return caisse, matricule
