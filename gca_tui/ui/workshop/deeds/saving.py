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
    from gca_tui.ui.workshop.screen import Workshop

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
    passages = screen.sitting.notification.passages
    failing = {str(one.controle): one for one in screen.checking.report.results if sign_of(one, passages) == BLOCKS}
    if not failing:
        screen.announce("Aucun contrôle bloquant à passer outre.")
        return
    every = {_ALL: f"les {count(len(failing), 'contrôle')}"} if len(failing) > 1 else {}
    options = {**{number: f"{number} {one.nom}" for number, one in failing.items()}, **every}
    place, sitting = Place(*screen.sitting.key, OVERRIDE, screen.sitting.id), screen.sitting
    before = sitting.desk.draft(place)
    fields = (
        ChoiceField("controle", "Contrôle", options, next(iter(options))),
        TextField("motif", "Pourquoi", required=True, multiline=True, hint="Reste dans l’historique"),
    )
    form = FormScreen(
        FormSpec("Passer outre", "Le texte est enregistré avec ; la raison porte votre nom.", fields, OVERRIDE),
        today=sitting.desk.today,
        initial=before[0] if before else None,
        resumed=before[1] if before else "",
        on_draft=lambda typed: _ignore(sitting.desk.put_draft(place, typed, Begun(sitting.dossier.rev))),
    )

    def answered(answers: dict[str, Any] | None) -> None:
        if answers is not None:
            chosen = list(failing.values()) if answers["controle"] == _ALL else [failing[answers["controle"]]]
            seen = tuple(finding.dire for one in chosen for finding in one.findings)
            over = sitting.override(tuple(one.controle for one in chosen), answers["motif"], seen)
            edit = sitting.edit(screen.texts())
            commands: list[Command] = [edit, over] if edit else [over]
            sitting.desk.put_draft(place, {}, Begun(sitting.dossier.rev))
            screen.pauses.keep()
            future = sitting.record(commands, sitting.place if edit else None)
            screen.changes.record(future, "Passé outre, la raison est notée.")

    screen.app.push_screen(form, answered)


def _ignore(_: object) -> None:
    return None
