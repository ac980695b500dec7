"""Forms on what is told and asked: notes, rendez-vous, questions to a référent."""

from __future__ import annotations

from gca_tui.domain.commands import (
    AddNote,
    AnswerReferent,
    AskReferent,
    CorrectNote,
    HoldRendezVous,
    ScheduleRendezVous,
)
from gca_tui.domain.commands.referent import POLES
from gca_tui.domain.commands.rendez_vous import FORMES_RENDEZ_VOUS, RESULTATS_RENDEZ_VOUS
from gca_tui.ui.forms.fields import ChoiceField, DateField, TextField, TimeField
from gca_tui.ui.forms.note import NoteField
from gca_tui.ui.forms.plan import Plan, one

PLANS = (
    Plan(
        "note",
        "Note interne",
        "Note enregistrée",
        lambda day: (NoteField("texte", "Note", required=True, multiline=True),),
        one(
            lambda a, s, d, target: (
                CorrectNote(**s, texte=a["texte"], corrige=target) if target else AddNote(**s, texte=a["texte"])
            )
        ),
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
        one(
            lambda a, s, d, t: ScheduleRendezVous(**s, le=a["le"], heure=a["heure"], forme=a["forme"], objet=a["objet"])
        ),
    ),
    Plan(
        "rendez_vous_result",
        "Résultat du rendez-vous",
        "Résultat enregistré",
        lambda day: (ChoiceField("resultat", "Résultat", RESULTATS_RENDEZ_VOUS, "tenu"),),
        one(lambda a, s, d, target: HoldRendezVous(**s, rendez_vous=target, resultat=a["resultat"])),
    ),
    Plan(
        "question",
        "Question au référent",
        "Question posée ; vous gardez le dossier",
        lambda day: (
            ChoiceField("pole", "À", POLES, "referent"),
            TextField("texte", "Question", required=True, multiline=True),
        ),
        one(lambda a, s, d, t: AskReferent(**s, texte=a["texte"], pole=a["pole"])),
    ),
    Plan(
        "answer",
        "Réponse à la question",
        "Réponse enregistrée",
        lambda day: (TextField("texte", "Réponse", required=True, multiline=True),),
        one(lambda a, s, d, target: AnswerReferent(**s, question=target, texte=a["texte"])),
    ),
)
