"""What becomes a command: the text, and a check passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gca_tui.domain.french import count
from gca_tui.store.drafts import Begun, Place
from gca_tui.ui.forms.fields import ChoiceField, FormSpec, TextField
from gca_tui.ui.forms.screen import FormScreen
from gca_tui.ui.workshop.report import BLOCKS, sign_of

if TYPE_CHECKING:
    from gca_tui.domain.command import Command
    from gca_tui.domain.explanation.results import Result
    from gca_tui.ui.workshop.screen import Workshop
    from gca_tui.ui.workshop.sitting import Sitting

OVERRIDE = "passer_outre"
_ALL = "tous"


def save(screen: Workshop) -> None:
    """Save the sections that changed; an incomplete text too, which then forbids closing."""
    edit = screen.sitting.edit(screen.texts())
    if edit is None:
        screen.checking.ask(lambda: screen.say_what_is_left("Rien n’a changé depuis l’enregistrement."))
        return
    screen.pauses.keep()
    screen.changes.record(screen.sitting.record([edit], screen.sitting.place), "Explication enregistrée.")


def override(screen: Workshop) -> None:
    """Pass over a blocking check, or all that fail, for a written reason."""
    screen.checking.when_fresh(lambda: _override(screen))


def _override(screen: Workshop) -> None:
    sitting, passages = screen.sitting, screen.sitting.notification.passages
    failing = {str(one.controle): one for one in screen.checking.report.results if sign_of(one, passages) == BLOCKS}
    if not failing:
        screen.announce("Aucun contrôle bloquant à passer outre.")
        return
    place = Place(*sitting.key, OVERRIDE, sitting.id)
    before = sitting.desk.draft(place)
    form = FormScreen(
        _spec(failing),
        today=sitting.desk.today,
        initial=before[0] if before else None,
        resumed=before[1] if before else "",
        on_draft=lambda typed: _keep(sitting, place, typed),
    )

    def answered(answers: dict[str, Any] | None) -> None:
        if answers is not None:
            chosen = list(failing.values()) if answers["controle"] == _ALL else [failing[answers["controle"]]]
            _keep(sitting, place, {})
            _pass_over(screen, chosen, answers["motif"])

    screen.app.push_screen(form, answered)


def _spec(failing: dict[str, Result]) -> FormSpec:
    """One check or all of them, and why."""
    every = {_ALL: f"les {count(len(failing), 'contrôle')}"} if len(failing) > 1 else {}
    options = {**{number: f"{number} {one.nom}" for number, one in failing.items()}, **every}
    fields = (
        ChoiceField("controle", "Contrôle", options, next(iter(options))),
        TextField("motif", "Pourquoi", required=True, multiline=True, hint="Reste dans l’historique"),
    )
    return FormSpec("Passer outre", "Le texte est enregistré avec ; la raison porte votre nom.", fields, OVERRIDE)


def _pass_over(screen: Workshop, results: list[Result], motif: str) -> None:
    """Pass over what is seen of some checks, and save with it the text in which it is seen."""
    sitting = screen.sitting
    seen = tuple(finding.dire for one in results for finding in one.findings)
    over = sitting.override(tuple(one.controle for one in results), motif, seen)
    edit = sitting.edit(screen.texts())
    commands: list[Command] = [edit, over] if edit else [over]
    screen.pauses.keep()
    future = sitting.record(commands, sitting.place if edit else None)
    screen.changes.record(future, "Passé outre, la raison est notée.")


def _keep(sitting: Sitting, place: Place, typed: dict[str, str]) -> None:
    sitting.desk.put_draft(place, typed, Begun(sitting.dossier.rev))
