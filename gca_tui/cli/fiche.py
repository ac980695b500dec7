"""`gca fiche`: one dossier."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui import clock, reference
from gca_tui.cli import french
from gca_tui.cli.output import key_of, missing, reading, say, say_json
from gca_tui.domain.french import typeset

if TYPE_CHECKING:
    from gca_tui.domain.command import Command
    from gca_tui.domain.dossier import Dossier
    from gca_tui.presentation.dossier_text import Shown
    from gca_tui.store.window import Window


@click.command("fiche", cls=french.Command)
@click.argument("caisse")
@click.argument("matricule")
@click.option("--complet", is_flag=True, help="Tout ce que l’écran montre, onglet après onglet.")
@click.option("--json", "as_json", is_flag=True, help="Le document du dossier.")
@click.pass_obj
def command(folder: Path | None, caisse: str, matricule: str, complet: bool, as_json: bool) -> None:
    """La fiche d’accueil d’un dossier : une page à lire à voix haute.

    Qui, quelles prestations, quelle période, quels montants, pourquoi, jusqu’à quand, ce qui a déjà été dit.
    """
    from gca_tui.domain.dossier import Dossier

    key = key_of(caisse, matricule)
    with reading(folder) as window:
        document = window.document(*key)
        if document is None:
            raise missing(key)
        if as_json:
            say_json(json.loads(document))
            return
        context = _context(window, key)
    dossier = Dossier.from_json(document)
    if complet:
        _say_tabs(dossier, context)
    else:
        _say_sheet(dossier, context)


def _context(window: Window, key: tuple[str, str]) -> Shown:
    """What the rules know, and what was given on the dossier and then refused, as far as this program knows it."""
    from pydantic import ValidationError

    from gca_tui.domain.commands import ANY_COMMAND
    from gca_tui.presentation.dossier_text import Shown
    from gca_tui.store.rules import read_settings

    refused: list[tuple[Command, str]] = []
    for given, reason in window.refused(key):
        with suppress(ValidationError):
            refused.append((ANY_COMMAND.validate_json(given), reason))
    return Shown(clock.today(), window.calendars(), read_settings(window), reference.lexicon(), lambda _: refused)


def _say_tabs(dossier: Dossier, context: Shown) -> None:
    from gca_tui.presentation.dossier_text import TABS

    say(dossier.key.label)
    for tab in TABS:
        say(f"\n{tab.name}")
        for line in tab.lines(dossier, context):
            say(f"  {line.text if line.typed else typeset(line.text)}")


def _say_sheet(dossier: Dossier, context: Shown) -> None:
    from gca_tui.presentation.sheet import sheet

    for line in sheet(dossier, context):
        say(line.text)
