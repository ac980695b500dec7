"""What is established about trop-perçus: the form, over all those of a notification at once or over one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gca_tui import reference
from gca_tui.domain.closing import must_explain
from gca_tui.domain.commands import EstablishFacts
from gca_tui.domain.french import count, euros, short_date, typeset
from gca_tui.domain.months import long_date
from gca_tui.domain.trop_percu import Faits
from gca_tui.ui.forms.fields import OPTIONAL, REQUIRED, ChoiceField, DateField, Field, FieldValue, Reading, TextField
from gca_tui.ui.forms.opening import Then, open_plan
from gca_tui.ui.forms.plan import Day, Plan, not_after
from gca_tui.ui.forms.reasons import options_of, responsibilities
from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from gca_tui.domain.command import Command
    from gca_tui.domain.dossier import Dossier
    from gca_tui.domain.trop_percu import Notification, TropPercu
    from gca_tui.ui.forms.screen import FormScreen
    from gca_tui.ui.opener import Opener

ALL = "*"
NEEDED = "pour clôturer"
NO_TROP_PERCU = "Aucun trop-perçu dans ce dossier."
_CODES = ("motif", "origine", "responsabilite")
_DAYS = ("evenement_le", "connu_le")
_ANSWERS = {True: "oui", False: "non", None: ""}
_UNSAID = {"": "pas encore dit"}


class Beside:
    """The other fields of a form, for one whose meaning depends on them; nothing before the form is there."""

    def __init__(self) -> None:
        self.form: FormScreen | None = None

    def value(self, name: str) -> FieldValue:
        """What a field understands of what is typed in it."""
        boxes = self.form.boxes if self.form else ()
        return next((box.reading.value for box in boxes if box.field.name == name), None)


@dataclass(frozen=True)
class EventField(TextField):
    """The dated fact; it shows how the sentence begins for the family."""

    beside: Beside | None = None

    def read(self, raw: str, today: date) -> Reading:
        """The text, the beginning of its sentence shown beside."""
        reading = super().read(raw, today)
        day = self.beside.value("evenement_le") if self.beside else None
        when = f"Le {long_date(day)}" if isinstance(day, date) else "Le [date à dire]"
        return Reading(reading.value, reading.error, typeset(f"« {when}, … »"))


@dataclass(frozen=True)
class ThirdPartyField(TextField):
    """What is owed to the family once data came from a third party, and asked only then (CSS L.114-21)."""

    beside: Beside | None = None

    def read(self, raw: str, today: date) -> Reading:
        """The text; its lack is an error when the answer was yes."""
        reading = super().read(raw, today)
        if reading.value:
            return reading
        return Reading("", REQUIRED if self.beside and self.beside.value("tiers") == "oui" else "")


def open_facts(screen: Opener, dossier: Dossier, notification: str = "", then: Then | None = None) -> None:
    """Ask over what when there are several, then open the form. `then` is told once the facts are in the dossier."""

    def chosen(letter: Notification, trop_percu: str) -> None:
        letter_facts(screen, dossier, letter, trop_percu, then)

    choose_letter(screen, dossier, notification, lambda letter: _choose_part(screen, letter, chosen))


def choose_letter(screen: Opener, dossier: Dossier, notification: str, chosen: Callable[[Notification], None]) -> None:
    """The notification of that id, the only one, or the one that the agent chooses."""
    letters = [one for one in dossier.notifications if one.trop_percus and notification in ("", one.id)]
    if not letters:
        screen.refuse(NO_TROP_PERCU)
    elif len(letters) == 1:
        chosen(letters[0])
    else:
        by_id = {one.id: one for one in letters}
        choices = [Choice(one.id, letter_label(one)) for one in letters]
        screen.app.push_screen(
            Chooser("Quelle notification ?", choices), lambda value: chosen(by_id[value]) if value else None
        )


def _choose_part(screen: Opener, letter: Notification, chosen: Callable[[Notification, str], None]) -> None:
    if len(letter.trop_percus) == 1:
        chosen(letter, ALL)
        return
    choices = [Choice(ALL, f"{_all_of(letter)}, {euros(letter.montant)}", "t")]
    choices += [Choice(one.id, part_label(one)) for one in letter.trop_percus]
    screen.app.push_screen(
        Chooser("Établir les faits de quel trop-perçu ?", choices),
        lambda value: chosen(letter, value) if value else None,
    )


def letter_label(letter: Notification) -> str:
    """A notification to choose: its day and its total."""
    sent = letter.extrait.notifiee_le
    return f"{f'Notification du {short_date(sent)}' if sent else 'À notifier'} · {euros(letter.montant)}"


def part_label(part: TropPercu) -> str:
    """A trop-perçu to choose: its reference, its prestation and what it comes to."""
    return f"{part.reference} {part.prestation} · {euros(part.montant)}".strip()


def _all_of(letter: Notification) -> str:
    return f"Tous les trop-perçus ({len(letter.trop_percus)})"


def letter_facts(
    screen: Opener, dossier: Dossier, letter: Notification, trop_percu: str, then: Then | None = None
) -> None:
    """Open the form over one trop-perçu of a notification, or over ALL of them."""
    parts = [one for one in letter.trop_percus if trop_percu in (ALL, one.id)]
    beside = Beside()
    first = facts_texts(parts)
    due = must_explain(dossier, letter, screen.desk.context())
    number = len(parts)
    about = part_label(parts[0]) if number == 1 else f"les {number} trop-perçus, {euros(letter.montant)}"
    form = beside.form = open_plan(
        screen,
        Plan(
            "facts",
            "Les faits du trop-perçu" if number == 1 else "Les faits, les mêmes pour tous les trop-perçus",
            f"Faits enregistrés pour {count(number, 'trop-perçu', 'trop-perçus')}",
            lambda day: facts_fields(day, parts, beside, NEEDED if due else OPTIONAL),
            lambda answers, stamp, day, _: facts_commands(answers, stamp, letter, parts),
        ),
        dossier,
        target=letter.id if trop_percu == ALL else f"{letter.id} {trop_percu}",
        first=first,
        subtitle=f"{dossier.key.label} {dossier.allocataire.label} · {about}",
        then=then,
    )
    for box in form.boxes:
        box.on_descendant_blur()  # what depends on the fields beside is known from here on


def facts_texts(parts: Sequence[TropPercu]) -> dict[str, str]:
    """What the form holds at first: what is known, where all the trop-perçus have it in common."""
    texts = {}
    for name in Faits.model_fields:
        known = {_text(name, part) for part in parts}
        texts[name] = known.pop() if len(known) == 1 else ""
    return texts


def _text(name: str, part: TropPercu) -> str:
    if name in _CODES:
        return part.code(name)
    value = getattr(part.faits, name)
    if name in _DAYS:
        return short_date(value) if value else ""
    return _ANSWERS[value] if name == "tiers" else str(value)


def facts_fields(day: Day, parts: Sequence[TropPercu], beside: Beside, needed: str = OPTIONAL) -> tuple[Field, ...]:
    """The questions. A day or an answer once given may be changed, no longer taken back.

    `needed` is said of those without which an explanation that is due forbids closing.
    """
    texts = facts_texts(parts)

    def dated(name: str, label: str) -> DateField:
        late, given = not_after(day.today), bool(texts[name])
        return DateField(name, label, required=given, calendar=day.calendar, check=late, past=True, tag=needed)

    answers = {"oui": "oui", "non": "non"}
    return (
        ChoiceField("motif", "Motif", options_of(reference.motifs(), texts["motif"]), required=False, tag=needed),
        dated("evenement_le", "Date de l’événement"),
        EventField(
            "evenement",
            "Ce qui s’est passé",
            hint="ex. : vous avez repris un emploi",
            tag=needed,
            beside=beside,
        ),
        TextField("regle", "Ce qui en découle", hint="ex. : Vos salaires comptent dans le calcul de votre prime."),
        dated("connu_le", "La Caf l’a su le"),
        TextField("connu_par", "Par", hint="ex. : votre déclaration trimestrielle"),
        ChoiceField(
            "tiers",
            "Données obtenues d’un tiers ? (réponse due, CSS L.114-21)",
            answers if texts["tiers"] else _UNSAID | answers,
        ),
        ThirdPartyField("tiers_nom", "Si oui, quel tiers", required=True, hint="ex. : votre employeur", beside=beside),
        ThirdPartyField(
            "tiers_contenu",
            "Si oui, ce qu’il a dit",
            required=True,
            hint="ex. : vos salaires de mars à mai",
            beside=beside,
        ),
        ChoiceField("responsabilite", "Responsabilité", responsibilities(texts["responsabilite"]), required=False),
        ChoiceField("origine", "Origine", options_of(reference.origines(), texts["origine"]), required=False),
        TextField("prochaine_fois", "La prochaine fois", hint="ex. : Déclarez vos salaires dès le premier mois."),
    )


def facts_commands(
    answers: Mapping[str, Any], stamp: Callable[[], dict[str, Any]], letter: Notification, parts: Sequence[TropPercu]
) -> Sequence[Command]:
    """One command, which says only what changed; none when nothing did."""
    first, said = facts_texts(parts), {}
    for name, answer in answers.items():
        text = short_date(answer) if isinstance(answer, date) else answer or ""
        if text != first[name]:
            said[name] = answer == "oui" if name == "tiers" else answer
    if not said:
        return ()
    ids = tuple(part.id for part in parts)
    return (EstablishFacts(**stamp(), notification=letter.id, trop_percus=ids, **said),)
