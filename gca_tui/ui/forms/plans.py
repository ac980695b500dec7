"""Which form each action opens over a dossier, and which commands its answers make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gca_tui.domain.calendar import Calendar
from gca_tui.domain.command import Command
from gca_tui.domain.commands import (
    AcknowledgeDemarche,
    AddNote,
    AnswerReferent,
    AskReferent,
    CloseDemarche,
    CloseDossier,
    CorrectNote,
    EndDerogation,
    FlagUrgence,
    HandBack,
    HoldRendezVous,
    LiftUrgence,
    LogContact,
    OpenDemarche,
    RecordReception,
    Reopen,
    RequestPieces,
    ScheduleRendezVous,
    TreatPiece,
    Wait,
)
from gca_tui.domain.commands.demarches import VOIES
from gca_tui.domain.commands.referent import POLES
from gca_tui.domain.commands.rendez_vous import FORMES_RENDEZ_VOUS, RESULTATS_RENDEZ_VOUS
from gca_tui.domain.commands.trace import CANAUX_CONTACT, RESULTATS_CONTACT
from gca_tui.domain.commands.urgence import NATURES_URGENCE
from gca_tui.domain.pieces import ETATS_PIECE, TRAITEE
from gca_tui.domain.traces import DEMARCHES
from gca_tui.ui.forms.fields import ChoiceField, DateField, Field, TextField, TimeField

Answers = dict[str, Any]
Stamp = dict[str, Any]
REQUEST_DAYS = 15
"""Days proposed for the family to answer a request: a proposal of the form, which the agent changes at will."""


@dataclass(frozen=True)
class Day:
    """Today, and the caisse's calendar."""

    today: date
    calendar: Calendar


@dataclass(frozen=True)
class Plan:
    """A form: its fields for a given day, its commands from the answers. `stamp` makes a new one for each command."""

    kind: str
    title: str
    done: str
    fields: Callable[[Day], Sequence[Field]]
    commands: Callable[[Answers, Callable[[], Stamp], Day, str], Sequence[Command]]
    confirm: str = "Enregistrer"


def _one(make: Callable[[Answers, Stamp, Day, str], Command]) -> Callable[..., Sequence[Command]]:
    return lambda answers, stamp, day, target: (make(answers, stamp(), day, target),)


def _motif(label: str, hint: str = "") -> TextField:
    return TextField("motif", label, required=True, hint=hint)


def _request(answers: Answers, stamp: Callable[[], Stamp], day: Day, _: str) -> Sequence[Command]:
    """A request makes the dossier wait for its answer."""
    listed = tuple(line for line in answers["pieces"].splitlines() if line.strip())
    wait = Wait(**stamp(), depuis=day.today, jusqu_au=answers["avant_le"], motif="pièces demandées")
    request = RequestPieces(**stamp(), pieces=listed, avant_le=answers["avant_le"])
    return (request, wait) if answers["attendre"] == "oui" else (request,)


PLANS = {
    plan.kind: plan
    for plan in (
        Plan(
            "note",
            "Note interne",
            "Note enregistrée",
            lambda day: (TextField("texte", "Note", required=True, multiline=True),),
            _one(
                lambda a, s, d, target: (
                    CorrectNote(**s, texte=a["texte"], corrige=target) if target else AddNote(**s, texte=a["texte"])
                )
            ),
        ),
        Plan(
            "contact",
            "Contact avec l’allocataire",
            "Contact enregistré",
            lambda day: (
                ChoiceField("canal", "Canal", CANAUX_CONTACT, "telephone"),
                ChoiceField("resultat", "Résultat", RESULTATS_CONTACT, "joint"),
                DateField("le", "Le", default=day.today, calendar=day.calendar),
                TextField("texte", "Ce qui a été dit", multiline=True),
            ),
            _one(
                lambda a, s, d, t: LogContact(
                    **s, canal=a["canal"], resultat=a["resultat"], le=a["le"], texte=a["texte"]
                )
            ),
        ),
        Plan(
            "wait",
            "Mettre en attente",
            "Dossier mis en attente",
            lambda day: (
                DateField("jusqu_au", "Jusqu’au", calendar=day.calendar, check=_after(day.today)),
                _motif("Ce qu’il attend"),
            ),
            _one(lambda a, s, d, t: Wait(**s, depuis=d.today, jusqu_au=a["jusqu_au"], motif=a["motif"])),
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
                    check=_after(day.today),
                ),
                ChoiceField("attendre", "Mettre en attente", {"oui": "oui", "non": "non"}, "oui"),
            ),
            _request,
        ),
        Plan(
            "rendez_vous",
            "Rendez-vous",
            "Rendez-vous fixé",
            lambda day: (
                DateField("le", "Le", default=day.today, calendar=day.calendar),
                TimeField("heure", "À"),
                ChoiceField("forme", "Forme", FORMES_RENDEZ_VOUS, "telephone"),
                TextField("objet", "Objet"),
            ),
            _one(
                lambda a, s, d, t: ScheduleRendezVous(
                    **s, le=a["le"], heure=a["heure"], forme=a["forme"], objet=a["objet"]
                )
            ),
        ),
        Plan(
            "rendez_vous_result",
            "Résultat du rendez-vous",
            "Résultat enregistré",
            lambda day: (ChoiceField("resultat", "Résultat", RESULTATS_RENDEZ_VOUS, "tenu"),),
            _one(lambda a, s, d, target: HoldRendezVous(**s, rendez_vous=target, resultat=a["resultat"])),
        ),
        Plan(
            "question",
            "Question au référent",
            "Question posée ; vous gardez le dossier",
            lambda day: (
                ChoiceField("pole", "À", POLES, "referent"),
                TextField("texte", "Question", required=True, multiline=True),
            ),
            _one(lambda a, s, d, t: AskReferent(**s, texte=a["texte"], pole=a["pole"])),
        ),
        Plan(
            "answer",
            "Réponse à la question",
            "Réponse enregistrée",
            lambda day: (TextField("texte", "Réponse", required=True, multiline=True),),
            _one(lambda a, s, d, target: AnswerReferent(**s, question=target, texte=a["texte"])),
        ),
        Plan(
            "urgence",
            "Signaler l’urgence",
            "Urgence signalée",
            lambda day: (ChoiceField("nature", "Nature", NATURES_URGENCE, "urgence"), _motif("Pourquoi")),
            _one(lambda a, s, d, t: FlagUrgence(**s, nature=a["nature"], motif=a["motif"])),
        ),
        Plan(
            "lift_urgence",
            "Lever l’urgence",
            "Urgence levée",
            lambda day: (_motif("Pourquoi"),),
            _one(lambda a, s, d, t: LiftUrgence(**s, motif=a["motif"])),
        ),
        Plan(
            "demarche",
            "Démarche de la famille",
            "Démarche enregistrée",
            lambda day: (
                ChoiceField("nature", "Démarche", DEMARCHES, "reclamation"),
                DateField("recue_le", "Reçue le", default=day.today, calendar=day.calendar),
                ChoiceField("voie", "Voie", VOIES, "ecrite"),
                DateField("accuse_le", "Accusé de réception envoyé le", required=False, calendar=day.calendar),
                TextField("objet", "Objet"),
            ),
            _one(
                lambda a, s, d, t: OpenDemarche(
                    **s,
                    nature=a["nature"],
                    recue_le=a["recue_le"],
                    voie=a["voie"],
                    accuse_le=a["accuse_le"],
                    objet=a["objet"],
                )
            ),
        ),
        Plan(
            "close_demarche",
            "Réponse à la démarche",
            "Démarche close",
            lambda day: (
                DateField("le", "Répondu le", default=day.today, calendar=day.calendar),
                TextField("issue", "Réponse donnée", required=True, multiline=True),
            ),
            _one(lambda a, s, d, target: CloseDemarche(**s, demarche=target, le=a["le"], issue=a["issue"])),
        ),
        Plan(
            "acknowledge_demarche",
            "Accusé de réception envoyé",
            "Accusé de réception noté",
            lambda day: (_past_day("Envoyé le", day),),
            _one(lambda a, s, d, target: AcknowledgeDemarche(**s, demarche=target, le=a["le"])),
        ),
        Plan(
            "reception",
            "Réception de la notification",
            "Réception notée",
            lambda day: (_past_day("Reçue par la famille le", day),),
            _one(lambda a, s, d, target: RecordReception(**s, notification=target, le=a["le"])),
        ),
        Plan(
            "end_derogation",
            "Fin de la dérogation",
            "Dérogation terminée",
            lambda day: (DateField("le", "Terminée le", default=day.today, calendar=day.calendar), _motif("Pourquoi")),
            _one(lambda a, s, d, target: EndDerogation(**s, derogation=target, le=a["le"], motif=a["motif"])),
        ),
        Plan(
            "treat",
            "Traiter la pièce",
            "Pièce traitée",
            lambda day: (
                ChoiceField("etat", "État", {TRAITEE: "traitée", **ETATS_PIECE}, TRAITEE),
                TextField("commentaire", "Commentaire"),
            ),
            _one(lambda a, s, d, target: TreatPiece(**s, piece=target, etat=a["etat"], commentaire=a["commentaire"])),
        ),
        Plan(
            "hand_back",
            "Rendre le dossier",
            "Dossier rendu",
            lambda day: (
                _motif("Pourquoi", "hors convention, expertise requise, pièce manquante, conflit d’intérêts…"),
            ),
            _one(lambda a, s, d, t: HandBack(**s, motif=a["motif"])),
            confirm="Rendre",
        ),
        Plan(
            "close",
            "Clôturer le dossier",
            "Dossier clos",
            lambda day: (TextField("motif", "Commentaire"),),
            _one(lambda a, s, d, t: CloseDossier(**s, motif=a["motif"])),
            confirm="Clôturer",
        ),
        Plan(
            "reopen",
            "Rouvrir le dossier",
            "Dossier rouvert",
            lambda day: (_motif("Pourquoi"),),
            _one(lambda a, s, d, t: Reopen(**s, motif=a["motif"])),
            confirm="Rouvrir",
        ),
    )
}


def _after(today: date) -> Callable[[date], str | None]:
    return lambda day: None if day > today else "Choisissez un jour après aujourd’hui."


def _past_day(label: str, day: Day) -> DateField:
    """The day of something that has happened."""
    late = "Ce jour n’est pas encore venu."
    return DateField(
        "le", label, default=day.today, calendar=day.calendar, check=lambda told: late if told > day.today else None
    )
