"""`gca fiche`: one dossier."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gca_tui import clock, reference
from gca_tui.cli import french
from gca_tui.cli.output import key_of, missing, reading, say, say_json
from gca_tui.domain.french import typeset


@click.command("fiche", cls=french.Command)
@click.argument("caisse")
@click.argument("matricule")
@click.option("--json", "as_json", is_flag=True, help="Le document du dossier.")
@click.pass_obj
def command(folder: Path | None, caisse: str, matricule: str, as_json: bool) -> None:
    """Un dossier : tout ce que l’écran en montre, onglet après onglet."""
    key = key_of(caisse, matricule)
    with reading(folder) as window:
        document = window.document(*key)
        if document is None:
            raise missing(key)
        if as_json:
            say_json(json.loads(document))
            return
        from gca_tui.domain.command import Context
        from gca_tui.domain.dossier import Dossier
        from gca_tui.domain.settings import Settings
        from gca_tui.presentation.dossier_text import TABS

        written = window.meta("settings")
        settings = Settings.model_validate_json(written) if written else Settings()
        context = Context(clock.today(), window.calendars(), settings, reference.lexicon())
    dossier = Dossier.from_json(document)
    say(dossier.key.label)
    for tab in TABS:
        say(f"\n{tab.name}")
        for line in tab.lines(dossier, context):
            say(f"  {line.text if line.typed else typeset(line.text)}")
