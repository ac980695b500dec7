"""`gca regles`: what each caisse decides or is, and changing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import reference
from gca_tui.cli import french, store_path
from gca_tui.cli.output import reading, say, say_json
from gca_tui.domain.french import NBSP, count, euros, typeset
from gca_tui.errors import InputError

if TYPE_CHECKING:
    from gca_tui.cli.rules_file import Key, Rules
    from gca_tui.domain.settings import Settings

UNKNOWN = "non renseigné"


@click.command("regles", cls=french.Command)
@click.option(
    "--depuis",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Prend les règles d’un fichier TOML, qui les donne toutes.",
)
@click.option("--modele", is_flag=True, help="Le fichier qui donne les règles en vigueur, à corriger.")
@click.option("--json", "as_json", is_flag=True, help="Les règles en vigueur (montants en centimes).")
@click.pass_obj
def command(folder: Path | None, depuis: Path | None, modele: bool, as_json: bool) -> None:
    """Les règles des caisses : seuil d’explication, contact, adresses, tribunaux."""
    if sum(map(bool, (depuis, modele, as_json and modele))) > 1:
        raise InputError("--modele ne va ni avec --depuis ni avec --json.", "Rien n’a changé.")
    told = _change(folder, depuis) if depuis else ""
    from gca_tui.store.rules import read_settings

    with reading(folder) as window:
        settings = read_settings(window)
        codes = sorted({*settings.caisses, *(code for code, _ in window.caisses())})
    names = {code: reference.lexicon().caisses.get(code, f"Caf {code}") for code in codes}
    if modele:
        from gca_tui.cli.rules_file import written_rules

        say(written_rules(settings, names))
    elif as_json:
        say_json(_told_to_programs(settings, codes))
    else:
        for line in filter(None, (told, *_lines(settings, names))):
            say(typeset(line))


def _change(folder: Path | None, source: Path) -> str:
    """Take the rules of a file and make the queue follow. Says what changed."""
    from gca_tui.cli.rules_file import read_rules
    from gca_tui.domain.settings import Settings
    from gca_tui.store.importing import DOING
    from gca_tui.store.location import exclusive
    from gca_tui.store.ruling import follow, give_again, store_settings
    from gca_tui.store.schema import ensure
    from gca_tui.store.writer import Writer

    rules: Rules = read_rules(source)
    path = store_path(folder)
    ensure(path)
    mended = give_again(path, rules.over(Settings()))
    writer = Writer(path)
    try:
        with exclusive(writer.path.parent, "import", DOING):
            before, after = writer.run(lambda c: store_settings(c, rules.over)).result()
            changed = follow(writer.engine, writer.context())
    finally:
        writer.close()
    if before == after and not mended:
        return "Ces règles étaient déjà en vigueur : rien n’a changé."
    moved = count(changed, "dossier change", "dossiers changent")
    return f"Règles enregistrées, version {after.version}. {moved} dans la file."


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
