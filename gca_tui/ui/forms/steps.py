"""Forms on what the family does and receives: démarches, notifications, dérogations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gca_tui.domain.commands import AcknowledgeDemarche, CloseDemarche, EndDerogation, OpenDemarche, RecordReception
from gca_tui.domain.commands.demarches import VOIES
from gca_tui.domain.french import euros, short_date
from gca_tui.domain.traces import ABOUT_A_LETTER, DEMARCHES, RECTIFICATION
from gca_tui.domain.trop_percu import Notification
from gca_tui.presentation.dossier_text import silence
from gca_tui.presentation.sheet_course import FEMININE
from gca_tui.ui.forms.fields import ChoiceField, DateField, Field, TextField
from gca_tui.ui.forms.plan import Answers, Day, Plan, motif, one, past_day

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier

NO_LETTER = {"": "aucune, ou non précisée"}


def demarche_plan(letters: Sequence[Notification] = ()) -> Plan:
    """A démarche; `letters` are the notifications it may be about: asked when there are several."""

    def fields(day: Day) -> tuple[Field, ...]:
        asked = ChoiceField("notification", "À propos de", NO_LETTER | {one.id: _named(one) for one in letters})
        return (
            ChoiceField("nature", "Démarche", DEMARCHES, "reclamation"),
            *((asked,) if len(letters) > 1 else ()),
            past_day("Reçue le", day, "recue_le"),
            ChoiceField("voie", "Voie", VOIES, "ecrite"),
            past_day("Accusé de réception envoyé le", day, "accuse_le", required=False),
            TextField("objet", "Objet"),
        )

    return Plan(
        "demarche",
        "Démarche de la famille",
        "Démarche enregistrée",
        fields,
        one(
            lambda a, s, d, t: OpenDemarche(
                **s,
                nature=a["nature"],
                recue_le=a["recue_le"],
                voie=a["voie"],
                accuse_le=a["accuse_le"],
                objet=a["objet"],
                notification=_about(letters, a),
            )
        ),
        told=_recorded,
    )


def _recorded(answers: Answers, dossier: Dossier) -> str:
    """Which démarche, and until when a demande de rectification is to be answered."""
    nature, received = answers["nature"], answers["recue_le"]
    if nature == RECTIFICATION:
        return f"Rectification notée ; {silence(received, dossier)}"
    label, ending = DEMARCHES[nature], "e" if nature in FEMININE else ""
    return f"{label[:1].upper()}{label[1:]} enregistré{ending}, reçu{ending} le {short_date(received)}"


def _about(letters: Sequence[Notification], answers: Answers) -> str:
    """The letter chosen, or the only one there is where the démarche answers a letter."""
    if len(letters) == 1:
        return letters[0].id if answers["nature"] in ABOUT_A_LETTER else ""
    return str(answers.get("notification", ""))


def _named(letter: Notification) -> str:
    sent = letter.extrait.notifiee_le
    said = f"notification du {short_date(sent)}" if sent else "notification à envoyer"
    return f"{said}, {euros(letter.montant)}"


PLANS = (
    demarche_plan(),
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
