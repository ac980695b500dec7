"""What agents did, in their words: the kinds of commands, and what each of them changed."""

from __future__ import annotations

import re

from gca_tui.domain.french import NBSP
from gca_tui.domain.paths import steps
from gca_tui.domain.pieces import ETATS_PIECE, TRAITEE
from gca_tui.domain.values import Change
from gca_tui.presentation.lines import month_label

KINDS = {
    "receive_extract": "extrait reçu",
    "mark_absent": "absent de l’extrait",
    "add_note": "note",
    "correct_note": "note corrigée",
    "log_contact": "contact",
    "treat_piece": "pièce traitée",
    "request_pieces": "pièces demandées",
    "wait": "mis en attente",
    "resume": "repris",
    "take": "pris",
    "hand_back": "rendu",
    "close": "clos",
    "reopen": "rouvert",
    "schedule_rendez_vous": "rendez-vous fixé",
    "hold_rendez_vous": "rendez-vous",
    "ask_referent": "question au référent",
    "answer_referent": "réponse du référent",
    "flag_urgence": "urgence signalée",
    "lift_urgence": "urgence levée",
    "open_demarche": "démarche enregistrée",
    "acknowledge_demarche": "accusé de réception envoyé",
    "close_demarche": "démarche close",
    "correct_contact_details": "coordonnées corrigées",
    "establish_facts": "faits du trop-perçu",
    "correct_months": "mois corrigés",
    "edit_explanation": "explication écrite",
    "override_checks": "contrôle passé outre",
    "report_suspicion": "transmis pour suspicion de fraude",
    "withdraw_suspicion": "repris après suspicion",
    "record_reception": "réception notée",
    "grant_derogation": "dérogation",
    "end_derogation": "dérogation terminée",
    "link_mutation": "dossier lié",
    "plan_call": "appel prévu",
    "cancel_call": "appel annulé",
}
"""What a command of each kind did, as the history and an undo say it."""

STATUTS = {"ouvert": "ouvert", "en_attente": "en attente", "clos": "clos", "transmis": "transmis (suspicion de fraude)"}
ETATS_TRAITES = {**ETATS_PIECE, TRAITEE: "traitée"}

_ID = r"[^.]+"
_TROP_PERCU = rf"notifications\.{_ID}\.trop_percus\.(?P<item>{_ID})"
_NAMES = {
    "statut": "statut",
    "convention": "convention",
    "situation": "situation",
    r"coordonnees\.adresse": "adresse",
    r"coordonnees\.code_postal": "code postal",
    r"coordonnees\.commune": "commune",
    rf"pieces\.(?P<item>{_ID})\.traitement": "pièce {item}",
    rf"pieces\.(?P<item>{_ID})\.absente_le": "pièce {item} absente de l’extrait",
    r"extrait\.absente_le": "absent de l’extrait",
    rf"demarches\.{_ID}\.accuse_le": "accusé de réception",
    rf"demarches\.{_ID}\.close_le": "réponse donnée",
    rf"demarches\.{_ID}\.issue": "issue",
    rf"rendez_vous\.{_ID}\.resultat": "résultat du rendez-vous",
    rf"attentes\.{_ID}\.fin": "fin de l’attente",
    rf"derogations\.{_ID}\.levee_le": "fin de la dérogation",
    rf"derogations\.{_ID}\.levee_motif": "motif de la fin",
    rf"notifications\.{_ID}\.recue_le": "courrier reçu",
    rf"notifications\.{_ID}\.explication\.raison": "pourquoi",
    rf"notifications\.{_ID}\.explication\.calcul": "le calcul",
    rf"notifications\.{_ID}\.explication\.que_faire": "que faire",
    rf"notifications\.{_ID}\.explication\.prochaine_fois": "la prochaine fois",
    rf"{_TROP_PERCU}\.absente_le": "trop-perçu {item} absent de l’extrait",
    rf"{_TROP_PERCU}\.faits\.motif": "motif",
    rf"{_TROP_PERCU}\.faits\.origine": "origine",
    rf"{_TROP_PERCU}\.faits\.responsabilite": "responsabilité",
    rf"{_TROP_PERCU}\.faits\.evenement_le": "date de l’événement",
    rf"{_TROP_PERCU}\.faits\.evenement": "événement",
    rf"{_TROP_PERCU}\.faits\.regle": "règle",
    rf"{_TROP_PERCU}\.faits\.connu_le": "su le",
    rf"{_TROP_PERCU}\.faits\.connu_par": "su par",
    rf"{_TROP_PERCU}\.faits\.tiers_nom": "tiers",
    rf"{_TROP_PERCU}\.faits\.tiers_contenu": "ce que le tiers a indiqué",
    rf"{_TROP_PERCU}\.faits\.prochaine_fois": "la prochaine fois",
}
"""What stands at a field path; a path that is not here is not shown."""
_OTHER_NAMES = {
    "holder": "qui l’a pris",
    "urgence": "urgence",
    "signalement": "transmission pour suspicion",
    "lie_a": "dossier lié",
    "coordonnees.telephones": "téléphones",
}
"""What the history tells otherwise, or not at all, and a conflict may be about."""
_PATTERNS = tuple((re.compile(pattern), name) for pattern, name in _NAMES.items())
_CORRECTED = re.compile(rf"{_TROP_PERCU}\.mois\.(?P<month>\d{{4}}-\d{{2}})\.corrige")


def change_words(change: Change) -> str:
    """What a change did, in words: `pris par ifaure`; "" when there is nothing an agent would read."""
    if change.path == "holder":
        return f"pris par {change.after}" if change.after else f"rendu par {change.before}" if change.before else ""
    if corrected := _CORRECTED.fullmatch(change.path):
        return f"mois {month_label(corrected['month'])} corrigé"
    if not (change.before or change.after):
        return ""
    for pattern, name in _PATTERNS:
        if match := pattern.fullmatch(change.path):
            named = name.format(**{key: " ".join(steps(item)) for key, item in match.groupdict().items()})
            before, after = _said(change.path, change.before), _said(change.path, change.after)
            return f"{named}{NBSP}: {before} → {after or 'enlevé'}" if before else f"{named}{NBSP}: {after}"
    return ""


def path_name(path: str) -> str:
    """What stands at a field path, in words: `pourquoi`; the path itself where nothing is known of it."""
    if path in _OTHER_NAMES:
        return _OTHER_NAMES[path]
    if corrected := _CORRECTED.fullmatch(path):
        return f"mois {month_label(corrected['month'])}"
    for pattern, name in _PATTERNS:
        if match := pattern.fullmatch(path):
            return name.format(**{key: " ".join(steps(item)) for key, item in match.groupdict().items()})
    return path


def _said(path: str, value: str) -> str:
    if path == "statut":
        return STATUTS.get(value, value)
    return ETATS_TRAITES.get(value, value) if path.endswith(".traitement") else value
