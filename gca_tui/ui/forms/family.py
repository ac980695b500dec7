"""Forms on the family: how to reach it, the dossier that goes on elsewhere, a right kept open by exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gca_tui.domain.command import Command
from gca_tui.domain.commands import CorrectContactDetails, GrantDerogation, LinkMutation
from gca_tui.domain.dossier import DossierKey
from gca_tui.domain.matricule import normalise
from gca_tui.ui.forms import checks
from gca_tui.ui.forms.fields import DateField, TextField
from gca_tui.ui.forms.opening import open_plan
from gca_tui.ui.forms.plan import Answers, Day, Plan, Stamp, after, one

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.screens.queue import QueueScreen

DETAILS, MUTATION, DEROGATION = "contact_details", "link_mutation", "grant_derogation"
TITLES = {DETAILS: "Coordonnées de la famille", MUTATION: "Mutation : dossier lié", DEROGATION: "Dérogation accordée"}


def open_family(screen: QueueScreen, dossier: Dossier, kind: str) -> None:
    """Open one of these forms over a dossier."""
    if kind == DETAILS:
        open_plan(screen, _details_plan(dossier), dossier, first=details_texts(dossier))
    elif kind == MUTATION:
        linked = dossier.lie_a
        first = {"caisse": linked.caisse, "matricule": linked.matricule} if linked else None
        open_plan(screen, _mutation_plan(screen.desk), dossier, first=first)
    else:
        open_plan(screen, _DEROGATION, dossier)


def details_texts(dossier: Dossier) -> dict[str, str]:
    """What the form holds at first: what is known now, the agents' corrections included."""
    known = dossier.contact_details
    texts = {"adresse": known.adresse, "code_postal": known.code_postal, "commune": known.commune}
    return {"telephones": "\n".join(known.telephones), **texts}


def details_commands(answers: Mapping[str, str], stamp: Callable[[], Stamp], dossier: Dossier) -> Sequence[Command]:
    """One command that says only what changed; none when nothing did."""
    first = details_texts(dossier)
    said: dict[str, Any] = {name: text for name, text in answers.items() if text != first[name].strip()}
    if "telephones" in said:
        said["telephones"] = tuple(filter(None, map(str.strip, said["telephones"].splitlines())))
    return (CorrectContactDetails(**stamp(), **said),) if said else ()


def _details_plan(dossier: Dossier) -> Plan:
    return Plan(
        DETAILS,
        TITLES[DETAILS],
        "Coordonnées corrigées",
        lambda day: (
            TextField("telephones", "Téléphones, un par ligne", multiline=True, check=checks.telephones),
            TextField("adresse", "Adresse"),
            TextField("code_postal", "Code postal", check=checks.postcode),
            TextField("commune", "Commune"),
        ),
        lambda answers, stamp, day, _: details_commands(answers, stamp, dossier),
    )


def _mutation_plan(desk: Desk) -> Plan:
    return Plan(
        MUTATION,
        TITLES[MUTATION],
        "Dossier lié",
        lambda day: (
            TextField(
                "caisse",
                "Caisse de l’autre dossier",
                required=True,
                hint="trois chiffres, par exemple 091",
                check=checks.caisse_check(desk),
            ),
            TextField("matricule", "Son matricule", required=True, hint="sept chiffres", check=checks.matricule),
        ),
        one(_link),
        confirm="Lier",
        told=lambda answers, _: f"Dossier lié à {_key(answers).label}",
    )


def _key(answers: Answers) -> DossierKey:
    return DossierKey(caisse=answers["caisse"], matricule=normalise(answers["matricule"]))


def _link(answers: Answers, stamp: Stamp, day: Day, _: str) -> Command:
    return LinkMutation(**stamp, lie_a=_key(answers))


_DEROGATION = Plan(
    DEROGATION,
    TITLES[DEROGATION],
    "Dérogation enregistrée",
    lambda day: (
        TextField("nature", "Sur quoi elle porte", required=True),
        DateField("debut", "Depuis le", default=day.today, calendar=day.calendar),
        DateField("fin", "Jusqu’au", calendar=day.calendar, check=after(day.today)),
        TextField("base", "Ce qui la fonde", hint="décision, texte, accord"),
    ),
    one(lambda a, s, d, t: GrantDerogation(**s, nature=a["nature"], debut=a["debut"], fin=a["fin"], base=a["base"])),
)
