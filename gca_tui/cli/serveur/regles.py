"""`gca serveur regles`: what each caisse decides or is, for every machine; and changing it."""

from __future__ import annotations

from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.rules_told import UNCHANGED, check_options, recorded, rules_options, tell
from gca_tui.cli.serveur.opening import base_option, opened


@click.command("regles", cls=french.Command)
@rules_options
@base_option
@click.pass_obj
def command(folder: Path | None, depuis: Path | None, modele: bool, as_json: bool, base: str | None) -> None:
    """Les règles des caisses : seuil d’explication, contact, adresses, tribunaux. Les postes les suivent."""
    check_options(depuis, modele=modele, as_json=as_json)
    from gca_tui.cli.rules_file import read_rules
    from gca_tui.server.administering import read_settings, store_settings
    from gca_tui.server.delegating import caisses

    told = ""
    rules = read_rules(depuis) if depuis else None
    with opened(folder, base) as store:
        if rules:
            change, now = rules.over, clock.now()
            before, after = store.writing(lambda connection: store_settings(connection, change, now))
            told = UNCHANGED if before == after else f"{recorded(after.version)} Les postes les suivent."
        with store.read() as connection:
            settings, codes = read_settings(connection), caisses(connection)
    tell(settings, codes, told, modele=modele, as_json=as_json)
