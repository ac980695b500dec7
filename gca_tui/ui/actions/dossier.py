"""Actions on the dossier under the cursor, or on the marked ones; those of one subject have a module of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import short_date
from gca_tui.presentation.holding import hour
from gca_tui.ui.actions import calls, claims, closing, family, trop_percu
from gca_tui.ui.actions.base import Action, Situation, needs_dossier, needs_open
from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.screens.queue import QueueScreen

NEW = "nouveau"


def _form(kind: str, screen: QueueScreen, target: str = "") -> None:
    dossier = screen.dossier()
    if dossier:
        screen.work.form(kind, dossier, target)


def _choose(screen: QueueScreen, title: str, choices: list[Choice], kind: str, kind_new: str = "") -> None:
    """Choose which one of several things a form is about; the only one is not asked."""
    if len(choices) == 1:
        chosen(screen, choices[0].value, kind, kind_new)
        return
    screen.app.push_screen(Chooser(title, choices), lambda value: chosen(screen, value, kind, kind_new))


def chosen(screen: QueueScreen, value: str | None, kind: str, kind_new: str) -> None:
    """Open the form for what was chosen."""
    if value == NEW:
        _form(kind_new, screen)
    elif value is not None:
        _form(kind, screen, value)


def note(screen: QueueScreen) -> None:
    """Write a note."""
    from gca_tui.ui.forms.note import open_note

    if dossier := screen.dossier():
        open_note(screen, dossier)


def correct_note(screen: QueueScreen) -> None:
    """Choose a note and replace it."""
    from gca_tui.ui.forms.note import open_note

    dossier = screen.dossier()
    if dossier is None:
        return
    corrected = {one.corrige for one in dossier.notes}
    open_notes = [one for one in reversed(dossier.notes) if one.id not in corrected]
    if not open_notes:
        screen.refuse("Aucune note à corriger dans ce dossier : o en écrit une.")
        return
    choices = [Choice(one.id, one.texte.splitlines()[0][:60]) for one in open_notes]

    def corrected_one(value: str | None) -> None:
        for one in open_notes:
            if one.id == value:
                open_note(screen, dossier, one.id, one.texte)

    if len(choices) == 1:
        corrected_one(choices[0].value)
    else:
        screen.app.push_screen(Chooser("Corriger quelle note ?", choices), corrected_one)


def treat(screen: QueueScreen) -> None:
    """Treat a pièce; asked which one when there are several."""
    dossier = screen.dossier()
    if dossier is None:
        return
    if not dossier.open_pieces:
        screen.refuse("Aucune pièce à traiter dans ce dossier.")
        return
    choices = [Choice(piece.id, f"{piece.id} · {piece.extrait.nature}") for piece in dossier.open_pieces]
    _choose(screen, "Traiter quelle pièce ?", choices, "treat")


def request(screen: QueueScreen) -> None:
    """Ask for documents."""
    _form("request", screen)


def wait(screen: QueueScreen) -> None:
    """Put aside, or take out of waiting."""
    if screen.marked_keys():
        screen.work.many_by_form("wait", screen.marked_keys())
        return
    dossier = screen.dossier()
    if dossier is None:
        return
    attente = dossier.current_attente
    if attente and dossier.waits_on(screen.desk.today):
        from gca_tui.domain.commands import Resume

        stamp = screen.desk.stamp((dossier.caisse, dossier.matricule))
        screen.work.give([Resume(**stamp, attente=attente.id, le=screen.desk.today)], "Dossier repris.")
    else:
        _form("wait", screen)


def rendez_vous(screen: QueueScreen) -> None:
    """Fix a rendez-vous, or say how one went."""
    dossier = screen.dossier()
    if dossier is None:
        return
    planned = [one for one in dossier.rendez_vous if not one.resultat and one.le]
    choices = [Choice(one.id, f"Résultat du {short_date(one.le)} à {hour(one.heure)}") for one in planned if one.le]
    choices.append(Choice(NEW, "Nouveau rendez-vous", "n"))
    _choose(screen, "Rendez-vous", choices, "rendez_vous_result", "rendez_vous")


def question(screen: QueueScreen) -> None:
    """Ask a référent, or write the answer down."""
    if screen.marked_keys():
        screen.work.many_by_form("question", screen.marked_keys())
        return
    dossier = screen.dossier()
    if dossier is None:
        return
    waiting = [one for one in dossier.questions if one.reponse is None]
    choices = [Choice(one.id, f"Réponse à : {one.texte.splitlines()[0][:50]}") for one in waiting]
    choices.append(Choice(NEW, "Nouvelle question", "n"))
    _choose(screen, "Question au référent", choices, "answer", "question")


def demarche(screen: QueueScreen) -> None:
    """Record a démarche, its steps, the reception of a notification, the end of a dérogation."""
    dossier = screen.dossier()
    if dossier is None:
        return
    choices = [*_demarche_steps(dossier), Choice("demarche", "Nouvelle démarche", "n")]

    def chosen_step(value: str | None) -> None:
        if value == "demarche":
            _new_demarche(screen, dossier)
        elif value is not None:
            kind, _, target = value.partition(" ")
            screen.work.form(kind, dossier, target)

    if len(choices) == 1:
        chosen_step(choices[0].value)
    else:
        screen.app.push_screen(Chooser("Démarche", choices), chosen_step)


def _new_demarche(screen: QueueScreen, dossier: Dossier) -> None:
    """A démarche is about one of the letters that notify something."""
    from gca_tui.ui.forms.opening import open_plan
    from gca_tui.ui.forms.steps import demarche_plan

    open_plan(screen, demarche_plan([one for one in dossier.notifications if one.trop_percus]), dossier)


def _demarche_steps(dossier: Dossier) -> Iterator[Choice]:
    """What can be said of the démarches, notifications and dérogations: the form and its target, and a label."""
    from gca_tui.domain.traces import DEMARCHES

    for one in dossier.open_demarches:
        label = DEMARCHES.get(one.nature, one.nature) + (f" du {short_date(one.recue_le)}" if one.recue_le else "")
        yield Choice(f"close_demarche {one.id}", f"Réponse à : {label}")
        if one.accuse_le is None:
            yield Choice(f"acknowledge_demarche {one.id}", f"Accusé de réception envoyé : {label}")
    for letter in dossier.notifications:
        sent = letter.extrait.notifiee_le
        if sent and letter.trop_percus and letter.reception is None:
            yield Choice(f"reception {letter.id}", f"Réception de la notification du {short_date(sent)}")
    for derogation in dossier.derogations:
        if derogation.is_open:
            yield Choice(f"end_derogation {derogation.id}", f"Fin de la dérogation : {derogation.nature}")


def urgence(screen: QueueScreen) -> None:
    """Flag an urgence, or lift the one in force."""
    dossier = screen.dossier()
    if dossier:
        _form("lift_urgence" if dossier.urgence_active else "urgence", screen)


def take(screen: QueueScreen) -> None:
    """Take the dossier, or the marked ones."""
    from gca_tui.domain.commands import Take

    if keys := screen.marked_keys():
        run = screen.work.many(lambda key: Take(**screen.desk.stamp(key)), keys, screen.reserving.refusal)
        screen.work.confirm_many("Prendre les dossiers marqués", run, "Pris")
    elif key := screen.key():
        claims.take_one(screen, key)


def hand_back(screen: QueueScreen) -> None:
    """Give the dossier back, or the marked ones."""
    if keys := screen.marked_keys():
        screen.work.many_by_form("hand_back", keys)
    else:
        _form("hand_back", screen)


def _holder(situation: Situation) -> str | None:
    if situation.marked:
        return None
    return needs_open(situation)


ACTIONS = (
    Action("note", "o", "note", "Écrire une note interne sur le dossier.", note, "f6", needs_dossier, footer=True),
    Action("correct_note", "O", "corriger une note", "Remplacer une note ; l’ancienne reste lisible.", correct_note,
           refusal=needs_dossier),
    *trop_percu.ACTIONS,
    *calls.ACTIONS,
    Action("treat_piece", "t", "traiter", "Dire ce qui a été fait d’une pièce.", treat, "f9", needs_dossier,
           footer=True),
    Action("request_pieces", "d", "demander", "Demander des documents, avec une date limite.", request,
           refusal=needs_open),
    Action("wait", "w", "attente", "Mettre en attente jusqu’à une date, ou reprendre.", wait, refusal=_holder,
           footer=True),
    Action("rendez_vous", "R", "rendez-vous", "Fixer un rendez-vous ou noter son résultat.", rendez_vous,
           refusal=needs_dossier),
    Action("ask_referent", "r", "référent", "Poser une question au référent, ou noter sa réponse.", question,
           refusal=_holder),
    Action("close_demarche", "D", "démarche", "Enregistrer une réclamation, une rectification, un recours… ou la "
           "réponse donnée.", demarche, refusal=needs_dossier),
    Action("take", "p", "prendre", "Prendre le dossier, ou les dossiers marqués.", take, refusal=_holder),
    Action("hand_back", "P", "rendre", "Rendre le dossier, ou les dossiers marqués, en disant pourquoi.", hand_back,
           refusal=_holder),
    Action("urgence", "exclamation_mark", "urgence", "Signaler l’urgence ou la lever, en disant pourquoi.", urgence,
           refusal=needs_dossier),
    *family.ACTIONS,
    *closing.ACTIONS,
)  # fmt: skip
