"""Forms on calls: a contact in full, why none is possible, a call to plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from gca_tui.domain.calls import CAMPAGNE, DEMI_JOURNEES, EXPLICATION, OBJETS
from gca_tui.domain.command import Command
from gca_tui.domain.commands import CancelCall, LogContact, PlanCall
from gca_tui.domain.commands.trace import CANAUX_CONTACT, RESULTATS_CONTACT
from gca_tui.ui.forms.fields import ChoiceField, DateField, TextField
from gca_tui.ui.forms.plan import Answers, Day, Plan, Stamp, motif, one, past_day

Settles = Callable[[str, date], tuple[str, ...]]
"""The planned calls that a contact with an outcome, on a day, settles."""
NO_HALF = {"": "peu importe", **DEMI_JOURNEES}


def contact_plan(settles: Settles = lambda _, __: ()) -> Plan:
    """A contact by any way, on any day."""
    return Plan(
        "contact",
        "Contact avec l’allocataire",
        "Contact enregistré",
        lambda day: (
            ChoiceField("canal", "Canal", CANAUX_CONTACT, "telephone"),
            ChoiceField("resultat", "Résultat", RESULTATS_CONTACT, "joint"),
            past_day("Le", day),
            TextField("texte", "Ce qui a été dit", multiline=True),
        ),
        one(
            lambda a, s, d, t: LogContact(
                **s,
                canal=a["canal"],
                resultat=a["resultat"],
                le=a["le"],
                texte=a["texte"],
                appels=settles(a["resultat"], a["le"]),
            )
        ),
    )


def impossible_plan(settles: Settles) -> Plan:
    """Why the family cannot be called."""
    return Plan(
        "contact_impossible",
        "Contact impossible",
        "Contact impossible, noté",
        lambda day: (motif("Pourquoi", "pas de numéro, numéro non attribué, famille sous tutelle…"),),
        one(
            lambda a, s, d, t: LogContact(
                **s,
                canal="telephone",
                resultat="impossible",
                le=d.today,
                texte=a["motif"],
                appels=settles("impossible", d.today),
            )
        ),
    )


def _plan_call(answers: Answers, stamp: Callable[[], Stamp], day: Day, _: str) -> Sequence[Command]:
    name = answers["campagne"]
    objet = CAMPAGNE if name else answers["objet"]
    fields = {"le": answers["le"], "demi_journee": answers["demi_journee"], "objet": objet, "campagne": name}
    return (PlanCall(**stamp(), **fields),)


PLANS = (
    contact_plan(),
    Plan(
        "plan_call",
        "Prévoir un appel",
        "Appel prévu",
        lambda day: (
            _day_to_come(day),
            ChoiceField("demi_journee", "Moment", NO_HALF, ""),
            ChoiceField(
                "objet", "Objet", {name: label for name, label in OBJETS.items() if name != CAMPAGNE}, EXPLICATION
            ),
            TextField("campagne", "Campagne de prévention, si c’en est une", hint="Déclaration trimestrielle 2026"),
        ),
        _plan_call,
        confirm="Prévoir",
    ),
    Plan(
        "cancel_call",
        "Annuler l’appel prévu",
        "Appel annulé",
        lambda day: (motif("Pourquoi"),),
        one(lambda a, s, d, target: CancelCall(**s, appel=target, motif=a["motif"])),
        confirm="Annuler l’appel",
    ),
)


def _day_to_come(day: Day) -> DateField:
    """The next jour ouvré unless said otherwise."""
    past = "Ce jour est passé : choisissez-en un à venir."
    following = day.calendar.add(day.today, 1)
    return DateField(
        "le", "Le", default=following, calendar=day.calendar, check=lambda told: past if told < day.today else None
    )
