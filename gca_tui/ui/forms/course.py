"""Forms on the dossier's course: pièces, waiting, urgence, suspicion, closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gca_tui.domain.command import Command
from gca_tui.domain.commands import (
    CloseDossier,
    FlagUrgence,
    HandBack,
    LiftUrgence,
    Reopen,
    ReportSuspicion,
    RequestPieces,
    TreatPiece,
    Wait,
    WithdrawSuspicion,
)
from gca_tui.domain.commands.urgence import NATURES_URGENCE
from gca_tui.domain.pieces import ETATS_PIECE, TRAITEE
from gca_tui.ui.forms.fields import ChoiceField, DateField, TextField
from gca_tui.ui.forms.plan import Answers, Day, Plan, Stamp, after, motif, one, reasoned

REQUEST_DAYS = 15
"""Days proposed for the family to answer a request: a proposal of the form, which the agent changes at will."""


def _request(answers: Answers, stamp: Callable[[], Stamp], day: Day, _: str) -> Sequence[Command]:
    """A request makes the dossier wait for its answer."""
    listed = tuple(line for line in answers["pieces"].splitlines() if line.strip())
    wait = Wait(**stamp(), depuis=day.today, jusqu_au=answers["avant_le"], motif="pièces demandées")
    request = RequestPieces(**stamp(), pieces=listed, avant_le=answers["avant_le"])
    return (request, wait) if answers["attendre"] == "oui" else (request,)


PLANS = (
    Plan(
        "wait",
        "Mettre en attente",
        "Dossier mis en attente",
        lambda day: (
            DateField("jusqu_au", "Jusqu’au", calendar=day.calendar, check=after(day.today)),
            motif("Ce qu’il attend"),
        ),
        one(lambda a, s, d, t: Wait(**s, depuis=d.today, jusqu_au=a["jusqu_au"], motif=a["motif"])),
    ),
    Plan(
        "request",
        "Demander des pièces",
        "Demande enregistrée",
        lambda day: (
            TextField("pieces", "Documents demandés, un par ligne", required=True, multiline=True),
            DateField(
                "avant_le",
                "À fournir avant le",
                default=day.calendar.add(day.today, REQUEST_DAYS),
                calendar=day.calendar,
                check=after(day.today),
            ),
            ChoiceField("attendre", "Mettre en attente", {"oui": "oui", "non": "non"}, "oui"),
        ),
        _request,
    ),
    Plan(
        "treat",
        "Traiter la pièce",
        "Pièce traitée",
        lambda day: (
            ChoiceField("etat", "État", {TRAITEE: "traitée", **ETATS_PIECE}, TRAITEE),
            TextField("commentaire", "Commentaire"),
        ),
        one(lambda a, s, d, target: TreatPiece(**s, piece=target, etat=a["etat"], commentaire=a["commentaire"])),
    ),
    Plan(
        "urgence",
        "Signaler l’urgence",
        "Urgence signalée",
        lambda day: (ChoiceField("nature", "Nature", NATURES_URGENCE, "urgence"), motif("Pourquoi")),
        one(lambda a, s, d, t: FlagUrgence(**s, nature=a["nature"], motif=a["motif"])),
    ),
    Plan(
        "lift_urgence",
        "Lever l’urgence",
        "Urgence levée",
        lambda day: (motif("Pourquoi"),),
        reasoned(LiftUrgence),
    ),
    Plan(
        "hand_back",
        "Rendre le dossier",
        "Dossier rendu",
        lambda day: (motif("Pourquoi", "hors convention, expertise requise, pièce manquante, conflit d’intérêts…"),),
        reasoned(HandBack),
        confirm="Rendre",
    ),
    Plan(
        "close",
        "Clôturer le dossier",
        "Dossier clos",
        lambda day: (TextField("motif", "Commentaire"),),
        reasoned(CloseDossier),
        confirm="Clôturer",
    ),
    Plan(
        "reopen",
        "Rouvrir le dossier",
        "Dossier rouvert",
        lambda day: (motif("Pourquoi"),),
        reasoned(Reopen),
        confirm="Rouvrir",
    ),
    Plan(
        "suspicion",
        "Transmettre pour suspicion de fraude",
        "Dossier transmis, il quitte la file",
        lambda day: (
            motif("Ce qui fait naître le doute", "des faits datés ; la famille n’est ni jugée ni prévenue ici"),
        ),
        reasoned(ReportSuspicion),
        confirm="Transmettre",
    ),
    Plan(
        "withdraw_suspicion",
        "Reprendre le dossier transmis",
        "Dossier repris dans la file",
        lambda day: (motif("Pourquoi"),),
        reasoned(WithdrawSuspicion),
        confirm="Reprendre",
    ),
)
