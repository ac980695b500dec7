"""`gca regles`: what each caisse decides or is, and changing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui.cli import french, store_path
from gca_tui.cli.output import reading, refuse_tied
from gca_tui.cli.rules_told import UNCHANGED, check_options, moved, recorded, rules_options, tell

if TYPE_CHECKING:
    from gca_tui.cli.rules_file import Rules


@click.command("regles", cls=french.Command)
@rules_options
@click.pass_obj
def command(folder: Path | None, depuis: Path | None, modele: bool, as_json: bool) -> None:
    """Les règles des caisses : seuil d’explication, contact, adresses, tribunaux."""
    check_options(depuis, modele=modele, as_json=as_json)
    if depuis:
        refuse_tied(folder, "Ce poste est relié à un serveur : les règles y sont données, pour tous.")
    told = _change(folder, depuis) if depuis else ""
    from gca_tui.store.rules import read_settings

    with reading(folder) as window:
        settings = read_settings(window)
        caisses = [code for code, _ in window.caisses()]
    tell(settings, caisses, told, modele=modele, as_json=as_json)


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
        return UNCHANGED
    return f"{recorded(after.version)} {moved(changed)}"
