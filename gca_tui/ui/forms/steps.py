"""Forms on what the family does and receives: démarches, notifications, dérogations."""

from __future__ import annotations

from gca_tui.domain.commands import AcknowledgeDemarche, CloseDemarche, EndDerogation, OpenDemarche, RecordReception
from gca_tui.domain.commands.demarches import VOIES
from gca_tui.domain.traces import DEMARCHES
from gca_tui.ui.forms.fields import ChoiceField, DateField, TextField
from gca_tui.ui.forms.plan import Plan, motif, one, past_day

PLANS = (
    Plan(
        "demarche",
        "Démarche de la famille",
        "Démarche enregistrée",
        lambda day: (
            ChoiceField("nature", "Démarche", DEMARCHES, "reclamation"),
            past_day("Reçue le", day, "recue_le"),
            ChoiceField("voie", "Voie", VOIES, "ecrite"),
            past_day("Accusé de réception envoyé le", day, "accuse_le", required=False),
            TextField("objet", "Objet"),
        ),
        one(
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
            past_day("Répondu le", day),
            TextField("issue", "Réponse donnée", required=True, multiline=True),
        ),
        one(lambda a, s, d, target: CloseDemarche(**s, demarche=target, le=a["le"], issue=a["issue"])),
    ),
    Plan(
        "acknowledge_demarche",
        "Accusé de réception envoyé",
        "Accusé de réception noté",
        lambda day: (past_day("Envoyé le", day),),
        one(lambda a, s, d, target: AcknowledgeDemarche(**s, demarche=target, le=a["le"])),
    ),
    Plan(
        "reception",
        "Réception de la notification",
        "Réception notée",
        lambda day: (past_day("Reçue par la famille le", day),),
        one(lambda a, s, d, target: RecordReception(**s, notification=target, le=a["le"])),
    ),
    Plan(
        "end_derogation",
        "Fin de la dérogation",
        "Dérogation terminée",
        lambda day: (DateField("le", "Terminée le", default=day.today, calendar=day.calendar), motif("Pourquoi")),
        one(lambda a, s, d, target: EndDerogation(**s, derogation=target, le=a["le"], motif=a["motif"])),
    ),
)
