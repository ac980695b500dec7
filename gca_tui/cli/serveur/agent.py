"""`gca serveur agent`: who may work on the shared store, where, and the codes that open it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import say, say_json, table
from gca_tui.cli.serveur.opening import ListingGroup, common_options, opened
from gca_tui.domain.french import typeset

if TYPE_CHECKING:
    from collections.abc import Callable

    from gca_tui.server.administering import Person

ROLES = ("gca", "referent", "responsable", "csu", "admin")
_WIDTHS = (16, 6, 12, 24, 24, 7)
_HEADER = ("agent", "caisse", "rôle", "nom", "corbeilles", "postes")
_role = click.option("--role", type=click.Choice(ROLES), default="gca", show_default=True, help="Ce qu’il peut faire.")


@click.group("agent", cls=ListingGroup)
def command() -> None:
    """Les agents : qui travaille, avec quel rôle, dans quelles corbeilles."""


@command.command("ajouter", cls=french.Command)
@click.argument("identifiant")
@click.option("--caisse", required=True, metavar="CODE", help="La caisse qui l’emploie.")
@_role
@click.option(
    "--corbeille", "corbeilles", multiple=True, metavar="681[/CONV]", help="Où il travaille ; plusieurs fois."
)
@click.option("--nom", metavar="NOM", default="", help="Prénom et nom, que les familles lisent (CRPA L.111-2).")
@click.option("--qualite", default="", metavar="QUALITÉ", help="Sa qualité, dite avec son nom.")
@common_options
@click.pass_obj
def add(
    folder: Path | None,
    identifiant: str,
    caisse: str,
    role: str,
    corbeilles: tuple[str, ...],
    nom: str,
    qualite: str,
    base: str | None,
    as_json: bool,
) -> None:
    """Ajoute un agent et donne le code qui relie son poste, une fois, dans les 72 heures."""
    from gca_tui.server.administering import Person, add_agent, unopened
    from gca_tui.server.enrolling import new_code

    wanted = Person(identifiant, caisse, role, corbeilles, nom, qualite)
    now = clock.now()
    with opened(folder, base) as store:

        def write(connection: Any) -> tuple[Person, bool, str, tuple[str, ...]]:
            person, new = add_agent(connection, wanted, now)
            return person, new, new_code(connection, person.identifiant, now), unopened(connection, person)

        person, new, code, shut = store.writing(write)
    if as_json:
        say_json({"code": code, "nouveau": new, **_told(person)})
        return
    _say_code(person.identifiant, code)
    for scope in shut:
        say(
            typeset(f"La convention {scope} n’est pas encore connue : rien n’y sera visible tant qu’elle n’existe pas.")
        )


@command.command("code", cls=french.Command)
@click.argument("identifiant")
@common_options
@click.pass_obj
def code(folder: Path | None, identifiant: str, base: str | None, as_json: bool) -> None:
    """Donne un autre code à un agent ; celui qui n’a pas servi ne vaut plus rien."""
    from gca_tui.server.administering import code_for

    now = clock.now()
    with opened(folder, base) as store:
        made = store.writing(lambda connection: code_for(connection, identifiant, now))
    if as_json:
        say_json({"code": made, "identifiant": identifiant})
    else:
        _say_code(identifiant, made)


@command.command("liste", cls=french.Command)
@common_options
@click.pass_obj
def listing(folder: Path | None, base: str | None, as_json: bool) -> None:
    """Les agents."""
    from gca_tui.server.administering import agents

    with opened(folder, base) as store, store.read() as connection:
        found = agents(connection)
    if as_json:
        say_json([_told(person) for person in found])
        return
    rows = [
        (
            person.identifiant + ("" if person.active else " (retiré)"),
            person.caisse,
            person.role,
            person.nom,
            ", ".join(person.scopes),
            str(person.postes),
        )
        for person in found
    ]
    for line in table([_HEADER, *rows], _WIDTHS):
        say(line)


@command.command("role", cls=french.Command)
@click.argument("identifiant")
@click.argument("role", type=click.Choice(ROLES))
@common_options
@click.pass_obj
def role(folder: Path | None, identifiant: str, role: str, base: str | None, as_json: bool) -> None:
    """Change le rôle d’un agent."""
    from gca_tui.server.administering import set_role

    _change(folder, base, lambda connection: set_role(connection, identifiant, role), as_json=as_json)


@command.command("corbeille", cls=french.Command)
@click.argument("identifiant")
@click.option("--ajouter", "added", multiple=True, metavar="681[/CONV]", help="Une corbeille de plus.")
@click.option("--retirer", "taken", multiple=True, metavar="681[/CONV]", help="Une corbeille de moins.")
@common_options
@click.pass_obj
def scopes(
    folder: Path | None,
    identifiant: str,
    added: tuple[str, ...],
    taken: tuple[str, ...],
    base: str | None,
    as_json: bool,
) -> None:
    """Change les corbeilles d’un agent : ses postes se vident de celles qu’il n’a plus."""
    from gca_tui.server.administering import change_scopes

    now = clock.now()
    _change(folder, base, lambda connection: change_scopes(connection, identifiant, added, taken, now), as_json=as_json)


@command.command("retirer", cls=french.Command)
@click.argument("identifiant")
@common_options
@click.pass_obj
def withdraw(folder: Path | None, identifiant: str, base: str | None, as_json: bool) -> None:
    """Retire un agent : ses postes se vident, rien de lui n’est plus pris ; ce qu’il a fait reste."""
    from gca_tui.server.administering import set_active

    _change(folder, base, lambda connection: set_active(connection, identifiant, active=False), as_json=as_json)


@command.command("reprendre", cls=french.Command)
@click.argument("identifiant")
@common_options
@click.pass_obj
def take_back(folder: Path | None, identifiant: str, base: str | None, as_json: bool) -> None:
    """Reprend un agent retiré, avec les droits qu’il avait."""
    from gca_tui.server.administering import set_active

    _change(folder, base, lambda connection: set_active(connection, identifiant, active=True), as_json=as_json)


def _change(folder: Path | None, base: str | None, change: Callable[[Any], Person], *, as_json: bool) -> None:
    with opened(folder, base) as store:
        person = store.writing(change)
    if as_json:
        say_json(_told(person))
        return
    state = "" if person.active else ", retiré"
    where = ", ".join(person.scopes) or "aucune corbeille"
    say(typeset(f"{person.identifiant} : caisse {person.caisse}, rôle {person.role}, {where}{state}."))


def _say_code(identifiant: str, code: str) -> None:
    say(typeset(f"Code de {identifiant} : {code}"))
    say(typeset("Il sert une fois, dans les 72 heures : gca connexion URL --code CODE"))


def _told(person: Person) -> dict[str, Any]:
    return {
        "identifiant": person.identifiant,
        "nom": person.nom,
        "qualite": person.qualite,
        "caisse": person.caisse,
        "role": person.role,
        "corbeilles": list(person.scopes),
        "actif": person.active,
        "postes": person.postes,
    }
