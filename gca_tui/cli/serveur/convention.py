"""`gca serveur convention`: what one caisse delegates to another, and until when (CSS L.122-7)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import say, say_json, table
from gca_tui.cli.serveur.opening import ListingGroup, common_options, day_of, opened
from gca_tui.domain.french import short_date, typeset

if TYPE_CHECKING:
    from gca_tui.server.delegating import Delegation

_HEADER = ("convention", "délégataire", "début", "fin")
_WIDTHS = (40, 11, 10, 10)


@click.group("convention", cls=ListingGroup)
def command() -> None:
    """Les conventions : une caisse y délègue une corbeille à une autre, jusqu’à un jour dit."""


@command.command("liste", cls=french.Command)
@common_options
@click.pass_obj
def listing(folder: Path | None, base: str | None, as_json: bool) -> None:
    """Les conventions connues. Sans délégataire : un extrait l’a nommée, personne ne l’a décrite."""
    from gca_tui.server.delegating import conventions

    with opened(folder, base) as store, store.read() as connection:
        found = conventions(connection)
    if as_json:
        say_json([_told(one) for one in found])
        return
    rows = [
        (one.scope, one.delegataire, *(short_date(day) if day else "" for day in (one.debut, one.fin))) for one in found
    ]
    for line in table([_HEADER, *rows], _WIDTHS):
        say(line)


@command.command("ajouter", cls=french.Command)
@click.option("--caisse", required=True, metavar="CODE", help="La caisse qui délègue.")
@click.option("--nom", required=True, metavar="CONV", help="Le nom de la convention, celui des extraits.")
@click.option("--delegataire", required=True, metavar="CODE", help="La caisse qui travaille pour elle.")
@click.option("--debut", metavar="AAAA-MM-JJ", help="Premier jour ; sinon aucun n’est connu.")
@click.option("--fin", metavar="AAAA-MM-JJ", help="Dernier jour, compris ; sinon aucun n’est connu.")
@common_options
@click.pass_obj
def add(
    folder: Path | None,
    caisse: str,
    nom: str,
    delegataire: str,
    debut: str | None,
    fin: str | None,
    base: str | None,
    as_json: bool,
) -> None:
    """Écrit une convention, ou complète celle qu’un extrait a nommée."""
    from gca_tui.server.administering import touch_rights
    from gca_tui.server.delegating import Delegation, add_convention

    first, last = (day_of(day) if day else None for day in (debut, fin))
    now = clock.now()

    def write(connection: Any) -> Delegation:
        wanted = Delegation(caisse, nom, delegataire, first, last).named()
        if add_convention(connection, wanted, now):
            touch_rights(connection)
        return wanted

    with opened(folder, base) as store:
        _tell(store.writing(write), as_json=as_json)


@command.command("terminer", cls=french.Command)
@click.argument("convention", metavar="681/CONV")
@click.option("--fin", metavar="AAAA-MM-JJ", help="Dernier jour, compris ; sinon c’était hier.")
@common_options
@click.pass_obj
def end(folder: Path | None, convention: str, fin: str | None, base: str | None, as_json: bool) -> None:
    """Met fin à une convention : les postes de l’autre caisse s’en vident, les dossiers restent à leur caisse."""
    from datetime import timedelta

    from gca_tui.server.administering import touch_rights
    from gca_tui.server.delegating import end_convention

    last = day_of(fin) if fin else clock.today() - timedelta(days=1)

    def write(connection: Any) -> Delegation:
        ended = end_convention(connection, convention, last)
        touch_rights(connection)
        return ended

    with opened(folder, base) as store:
        _tell(store.writing(write), as_json=as_json)


def _tell(one: Delegation, *, as_json: bool) -> None:
    if as_json:
        say_json(_told(one))
        return
    until = f"jusqu’au {short_date(one.fin)}, compris" if one.fin else "sans fin connue"
    say(typeset(f"Convention {one.scope} : déléguée à la caisse {one.delegataire or 'non dite'}, {until}."))


def _told(one: Delegation) -> dict[str, Any]:
    return {
        "corbeille": one.scope,
        "caisse": one.caisse,
        "nom": one.nom,
        "delegataire": one.delegataire or None,
        "debut": one.debut.isoformat() if one.debut else None,
        "fin": one.fin.isoformat() if one.fin else None,
    }
