from dataclasses import replace
from datetime import date

from gca_tui import reference
from gca_tui.demo import DemoDossier, settings
from gca_tui.domain.apply import apply
from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier

TODAY = date(2026, 11, 24)
CONTEXT = Context(TODAY, {METROPOLE: Calendar(), ALSACE_MOSELLE: Calendar()}, settings(), reference.lexicon())


def told(demo: DemoDossier, today: date = TODAY) -> Dossier:
    """The dossier after its extract and everything agents did; a refusal is an exception."""
    context = replace(CONTEXT, today=today)
    dossier = apply(None, demo.extract, context)
    for command in demo.commands:
        dossier = apply(dossier, command, context)
    return dossier
