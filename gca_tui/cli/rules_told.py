"""The rules of the caisses as a command shows them: in lines, as JSON, as the file that gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import reference
from gca_tui.cli.output import say, say_json
from gca_tui.domain.french import NBSP, count, euros, typeset
from gca_tui.errors import InputError

if TYPE_CHECKING:
    from gca_tui.cli.rules_file import Key
    from gca_tui.domain.settings import Settings

UNKNOWN = "non renseigné"
UNCHANGED = "Ces règles étaient déjà en vigueur : rien n’a changé."


def rules_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Take a file, give one, or tell."""
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="Les règles en vigueur (montants en centimes)."),
        click.option("--modele", is_flag=True, help="Le fichier qui donne les règles en vigueur, à corriger."),
        click.option(
            "--depuis",
            metavar="FICHIER",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Prend les règles d’un fichier TOML, qui les donne toutes.",
        ),
    ):
        command = decorate(command)
    return command


def check_options(source: Path | None, *, modele: bool, as_json: bool) -> None:
    """Raise InputError for options that do not go together."""
    if modele and (source or as_json):
        raise InputError("--modele ne va ni avec --depuis ni avec --json.", "Rien n’a changé.")


def recorded(version: int) -> str:
    """What is said of rules that were just put in force."""
    return f"Règles enregistrées, version {version}."


def moved(dossiers: int) -> str:
    """What is said of the dossiers that follow."""
    return f"{count(dossiers, 'dossier change', 'dossiers changent')} dans la file."


def tell(settings: Settings, caisses: Iterable[str], told: str, *, modele: bool, as_json: bool) -> None:
    """Print the rules in force for these caisses and those they name, after what was just done (`told`)."""
    codes = sorted({*settings.caisses, *caisses})
    names = {code: reference.lexicon().caisses.get(code, f"Caf {code}") for code in codes}
    if modele:
        from gca_tui.cli.rules_file import written_rules

        say(written_rules(settings, names, click.get_current_context().command_path))
    elif as_json:
        say_json(_told_to_programs(settings, codes))
    else:
        for line in filter(None, (told, *_lines(settings, names))):
            say(typeset(line))


def _told_to_programs(settings: Settings, codes: list[str]) -> Mapping[str, Any]:
    from gca_tui.cli.rules_file import COMMON, OWN

    def told(source: Any, keys: tuple[Key, ...]) -> dict[str, Any]:
        named = {key.name: getattr(source, key.setting) for key in keys}
        return {"seuil_centimes": named.pop("seuil"), **named}

    caisses = {code: told(settings.of(code), (*COMMON, *OWN)) for code in codes}
    return {"version": settings.version, "communes": told(settings, COMMON), "caisses": caisses}


def _lines(settings: Settings, names: Mapping[str, str]) -> Iterator[str]:
    from gca_tui.cli.rules_file import COMMON, OWN

    yield f"Règles en vigueur, version {settings.version}"
    yield "Toutes les caisses"
    for key in COMMON:
        yield f"  {key.label} : {_shown(key, getattr(settings, key.setting))}"
    for code, name in names.items():
        yield f"{code} {name}"
        of, own = settings.of(code), settings.caisses.get(code)
        for key in (*COMMON, *OWN):
            if key in OWN or (own and getattr(own, key.setting) is not None):
                yield f"  {key.label} : {_shown(key, getattr(of, key.setting))}"


def _shown(key: Key, value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if key.setting == "threshold":
        return euros(value)
    return str(value).replace("\n", f",{NBSP}") or UNKNOWN
