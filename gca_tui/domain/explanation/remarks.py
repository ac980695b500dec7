"""What an agent must know before signing a text: what nobody validated, what is not set, what calls for care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gca_tui.domain.delai import OBJETS, RECOURS
from gca_tui.domain.delays import add_months
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.french import capital, typeset
from gca_tui.domain.lexicon import Famille
from gca_tui.domain.months import long_date, month_name, period
from gca_tui.domain.traces import DEMARCHES, RECTIFICATION, SUSPENDING

PRESCRIPTION_YEARS = 2
"""For every family (CSS L.553-1, CASF L.262-45), fraud and false declaration apart."""
ADMINISTRATIVE_JUDGE_FROM = "2020-01"
"""First month whose ALF and ALS go to the administrative judge (CE 7 avril 2023 n° 457507)."""

_PRESCRIPTION = {
    "AAH": "CSS L.821-5",
    "PPA": "CSS L.845-4, qui renvoie à L.553-1",
    "AEFA": "CSS L.553-1, à valider",
}
"""Where the families do not say it themselves."""
_MATRIX = "matrice des recours du programme"
_FIELDS = {
    "notification": "le contenu de la notification",
    "rectification_jours": "le délai de rectification",
    "rectification_jours et rectification_silence_mois": "le délai de rectification et l’effet du silence",
    "retenues_possibles": "le début des retenues",
    "recours_prealable.delai_mois": "le délai du recours",
    "juge.delai_mois": "le délai pour saisir le juge",
    "suspensif": "l’effet du recours sur les retenues",
    "remise_de_dette": "les conditions de la remise de dette",
    "seuil_non_recuperation": "la somme sous laquelle rien n’est réclamé",
    "prescription.annees_fraude": "la prescription en cas de fraude",
    "R.262-92-1 III et suivants": "l’effet de la demande de rectification sur le délai de recours",
}
_DOUBTFUL_MEMBERS = frozenset({"RSO", "AJPA", "PDEM"})


@dataclass(frozen=True)
class Remark:
    """One thing to know, as a French sentence, and where it comes from."""

    text: str
    source: str = ""


def remarks(about: Subject, dossier: Dossier | None = None) -> tuple[Remark, ...]:
    """All that holds for a notification: warnings first, then what is not set, then what is « à valider ».

    Without the dossier nothing is said of the démarches.
    """
    found = [
        *_fraud(about),
        *(_pending(about, dossier) if dossier else ()),
        *_known_too_early(about),
        *_passed(about),
        *_prescription(about),
        *_other_judge(about),
        *_amounts(about),
        *_unknown(about),
        *_not_set(about),
        *_to_validate(about),
    ]
    return tuple(Remark(typeset(one.text), one.source) for one in found)


def _fraud(about: Subject) -> Iterator[Remark]:
    for part in (part for part in about.parts if part.cote == "fraude"):
        yield Remark(
            f"{_named(part)} : la responsabilité parle de fraude. Ce trop-perçu n’est pas à expliquer ici, "
            "le dossier doit quitter la file.",
            "liste RESPINDU, lecture du projet à valider",
        )


def _pending(about: Subject, dossier: Dossier) -> Iterator[Remark]:
    open_ones = [one.nature for one in dossier.open_demarches]
    asked = [DEMARCHES[nature] for nature in SUSPENDING if nature in open_ones]
    for famille in about.familles if asked else ():
        if famille.suspensif:
            yield Remark(
                f"{famille.libelle} : {' et '.join(asked)} en cours. Suspensif : pas de retenue, "
                "à vérifier dans Cristal.",
                famille.base_suspensif,
            )
    if "mediation" in open_ones:
        yield Remark(
            "Médiation en cours : elle suspend les délais de recours à partir de la décision qui la dit recevable. "
            "Cette date n’est pas dans le dossier, celle de l’accusé de réception la remplace : à valider.",
            "CSS L.217-7-1",
        )
    if RECTIFICATION in open_ones:
        yield Remark(
            "Demande de rectification en cours : faite à temps, elle interrompt le délai de recours.",
            "CSS R.133-9-2 III, R.847-1-1 III",
        )
    if open_ones and sum(bool(one.trop_percus) for one in dossier.notifications) > 1:
        yield Remark("Plusieurs notifications : vérifiez laquelle visent les démarches en cours.")


def known_before(part: Part) -> list[str]:
    """The months (`AAAA-MM`) that follow the day the Caf knew: its not knowing does not account for them."""
    known = part.faits.connu_le
    return [mois.id for mois in part.mois if known and mois.id > known.isoformat()[:7]]


def _known_too_early(about: Subject) -> Iterator[Remark]:
    for part in (part for part in about.parts if part.cote != "caf"):
        if (months := known_before(part)) and part.faits.connu_le:
            yield Remark(
                f"{_named(part)}, {period(months)} : versements faits après le {long_date(part.faits.connu_le)}, "
                "jour où la Caf l’a su. Vérifiez la date et à qui revient l’erreur."
            )
    if any(part.cote == "tiers" for part in about.parts):
        yield Remark("Responsabilité d’un tiers : lecture du projet, à valider.", "liste RESPINDU")


def _passed(about: Subject) -> Iterator[Remark]:
    """The letter says that a delay is over: whoever signs it must be sure of the day."""
    for delai in about.calendrier:
        if delai.objet in (RECTIFICATION, RECOURS) and delai.le and delai.le < about.today:
            supposed = " Cette date est à valider." if delai.a_valider else ""
            yield Remark(
                f"Délai passé depuis le {long_date(delai.le)} : {OBJETS[delai.objet]} ({', '.join(delai.familles)}). "
                f"La lettre le dit passé : vérifiez la date de réception.{supposed}",
                delai.source,
            )


def _prescription(about: Subject) -> Iterator[Remark]:
    limit = add_months(about.notifiee_le or about.today, -12 * PRESCRIPTION_YEARS)
    for part in (part for part in about.parts if part.cote != "fraude"):
        old = [mois.id for mois in part.mois if (first := _first_day(mois.id)) and first < limit]
        if old:
            yield Remark(
                f"{_named(part)}, {period(old)} : prescription à vérifier, deux ans avant la notification.",
                _prescription_source(part),
            )


def _prescription_source(part: Part) -> str:
    known = part.famille.prescription if part.famille else None
    return known.base if known else _PRESCRIPTION.get(part.trop_percu.prestation, "CSS L.553-1")


def _other_judge(about: Subject) -> Iterator[Remark]:
    for part in (part for part in about.parts if part.trop_percu.prestation in ("ALF", "ALS")):
        old = [mois.id for mois in part.mois if mois.id < ADMINISTRATIVE_JUDGE_FROM]
        if old:
            yield Remark(
                f"{_named(part)}, {period(old)} : avant 2020, le juge n’est pas le tribunal administratif. "
                "Corrigez le paragraphe du recours.",
                "CE 7 avril 2023 n° 457507",
            )


def _amounts(about: Subject) -> Iterator[Remark]:
    for part in about.parts:
        over = [mois.id for mois in part.mois if mois.verse is not None and mois.du is not None and mois.montant < 0]
        unknown = [mois.id for mois in part.mois if mois.verse is None or mois.du is None]
        if over:
            yield Remark(f"{_named(part)}, {_listed(over)} : le montant dû dépasse le montant versé.")
        if unknown:
            yield Remark(
                f"{_named(part)}, {_listed(unknown)} : montant versé ou dû inconnu. "
                "Un montant dû inconnu compte pour zéro dans le total."
            )
        if not part.mois:
            yield Remark(f"{_named(part)} : aucun mois n’est connu.")


def _unknown(about: Subject) -> Iterator[Remark]:
    for part in (part for part in about.parts if part.famille is None):
        yield Remark(f"Prestation {part.libelle} inconnue : le recours est à écrire.", "liste des prestations")


def _not_set(about: Subject) -> Iterator[Remark]:
    settings, codes = about.settings, {famille.code for famille in about.familles}
    wanted = [("adresse", settings.adresse), ("téléphone", settings.telephone)]
    if "RSA" in codes:
        wanted += [("département", settings.departement), ("adresse du département", settings.adresse_departement)]
    courts = {famille.lettre_juge for famille in about.familles}
    wanted += [
        (court, given)
        for court, given in (
            ("tribunal administratif", settings.tribunal_administratif),
            ("tribunal judiciaire", settings.tribunal_judiciaire),
        )
        if court in courts
    ]
    if lacking := [label for label, given in wanted if not given]:
        yield Remark(f"Réglages de la {about.caisse_nom} à compléter : {', '.join(lacking)}.", "réglages de la caisse")
    if "RSA" in codes and not settings.rsa_delegue:
        yield Remark(
            "Revenu de solidarité active : le président du conseil départemental décide, "
            "sauf si la convention délègue cette décision à la Caf. À vérifier.",
            "CASF L.262-25",
        )


def _to_validate(about: Subject) -> Iterator[Remark]:
    for famille in about.familles:
        fields = list(dict.fromkeys(filter(None, (_field(one, famille, about) for one in famille.a_valider))))
        if fields:
            yield Remark(f"{famille.libelle}, à valider : {', '.join(fields)}.", _MATRIX)
        if famille.suspensif is None and famille.recours_prealable:
            yield Remark(
                f"{famille.libelle} : aucun texte lu ne dit si le recours suspend les retenues. "
                "La lettre ne dit ni oui ni non.",
                famille.base_suspensif,
            )
    for prestation in dict.fromkeys(part.prestation for part in about.parts if part.prestation):
        if prestation.statut != "vérifié":
            yield Remark(f"{prestation.libelle} : code ou famille de recours à valider.", "liste des prestations")
    if any(famille.code != "RSA" for famille in about.familles):
        yield Remark(
            "Motifs, origines et responsabilités : listes vues pour le RSA, à valider pour les autres prestations.",
            "listes MOTIINDU, ORIINDU, RESPINDU",
        )
    yield Remark(
        "Délais comptés de quantième à quantième, sans report pour un jour férié ou un dimanche : à valider.",
        "lecture du projet",
    )


def _field(entry: str, famille: Famille, about: Subject) -> str:
    """What an entry of `a_valider` is about, in plain words; its own words when nobody foresaw it."""
    if entry.startswith("prestations"):
        present = {part.trop_percu.prestation for part in about.parts if part.famille is famille}
        return "le rattachement de la prestation" if present & _DOUBTFUL_MEMBERS else ""
    name = entry.split(" (")[0].split(" :")[0].strip()
    return _FIELDS.get(name, entry)


def _named(part: Part) -> str:
    return capital(part.libelle)


def _listed(months: list[str]) -> str:
    return ", ".join(month_name(one) for one in months)


def _first_day(month: str) -> date | None:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
