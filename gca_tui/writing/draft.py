"""A first text of an explanation, made of the facts; what they do not say stays to be completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gca_tui.domain.explanation.placeholders import placeholders, to_complete
from gca_tui.domain.explanation.remarks import known_before
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import capital, euros, possessive, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.months import long_date, month_name, period
from gca_tui.domain.trop_percu import SECTIONS, Explication, Mois
from gca_tui.writing import remedies
from gca_tui.writing.models import Models
from gca_tui.writing.phrases import ended, inside, of, one_line

Values = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A text as facts make it. `manque`: what it leaves to complete, once each; `problems`: templates not usable."""

    explication: Explication
    manque: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def draft(about: Subject, models: Models, lexicon: Lexicon) -> Draft:
    """The four sections, from the facts and the templates of the caisse whose dossier it is."""
    advice = models.data("conseils", about.caisse, _wrong_advice)
    values = values_of(about, lexicon, advice.data)
    texts = {name: models.text(name, about.caisse, values) for name in SECTIONS}
    explication = Explication(**{name: _tidy(made.text) for name, made in texts.items()})
    left = placeholders(Texte.of(explication))
    problems = (*advice.problems, *(one for made in texts.values() for one in made.problems))
    return Draft(explication, tuple(dict.fromkeys(one.label for one in left)), problems)


def values_of(about: Subject, lexicon: Lexicon, advice: Mapping[str, Any]) -> Values:
    """All that a template may show: mappings, lists and texts only."""
    return {
        "causes": [_cause(parts) for parts in _by_facts(about.parts)],
        "parts": [_part(part) for part in about.parts],
        "total": euros(about.total),
        "rectification": remedies.rectification(about),
        "rectification_passee": remedies.rectification_over(about),
        "recours_ouvert": remedies.is_any_recourse_open(about),
        "encore": remedies.is_any_recourse_over(about),
        "recours": remedies.recourses(about, lexicon),
        "conseils": _advice(about, advice),
        "agent": _agent(about),
        "caisse": {
            "nom": about.caisse_nom,
            "adresse": _address(about.settings.adresse) or to_complete("adresse de la Caf"),
            "telephone": _address(about.settings.telephone) or to_complete("téléphone de la Caf"),
        },
    }


def _part(part: Part) -> Values:
    mine = possessive(remedies.name(part))
    return {
        "nom": part.libelle,
        "votre": mine,
        "Votre": capital(mine),
        "periode": period([mois.id for mois in part.mois]) or to_complete("période"),
        "recu": _amount(part.verse, "montant versé"),
        "droit": _amount(part.du, "montant dû"),
        "difference": euros(part.montant),
        "mois": [_month(mois) for mois in part.mois],
    }


def _month(mois: Mois) -> Values:
    return {
        "nom": month_name(mois.id),
        "recu": _amount(mois.verse, "montant versé"),
        "droit": _amount(mois.du, "montant dû"),
        "difference": _amount(None if mois.verse is None else mois.montant, "montant versé"),
    }


def _amount(cents: int | None, label: str) -> str:
    return to_complete(label) if cents is None else euros(cents)


def _by_facts(parts: Sequence[Part]) -> list[list[Part]]:
    """Trop-perçus that have the same facts stand together, in the order of the first of them."""
    groups: dict[object, list[Part]] = {}
    for part in parts:
        said = part.faits.model_dump(exclude={"origine", "motif", "responsabilite", "prochaine_fois"})
        groups.setdefault((*said.values(), bool(part.motif), part.cote), []).append(part)
    return list(groups.values())


def _cause(parts: Sequence[Part]) -> Values:
    """The facts of some trop-perçus, in words that templates put into their sentences."""
    part, faits = parts[0], parts[0].faits
    told = faits.tiers is True
    return {
        "parts": [_part(one) for one in parts],
        "motif": "" if part.motif else to_complete("motif"),
        "date": long_date(faits.evenement_le) if faits.evenement_le else to_complete("date de l’événement"),
        "fait": ended(inside(faits.evenement) or to_complete("ce qui s’est passé")),
        "connu_le": long_date(faits.connu_le) if faits.connu_le else to_complete("date à laquelle la Caf l’a su"),
        "connu_par": inside(faits.connu_par).removeprefix("par "),
        "regle": ended(capital(one_line(faits.regle))),
        "tiers_a_dire": to_complete("données obtenues d’un tiers, oui ou non") if faits.tiers is None else "",
        "tiers": of(inside(faits.tiers_nom)) if told and faits.tiers_nom.strip() else _lacking(told, "nom du tiers"),
        "tiers_contenu": ended(inside(faits.tiers_contenu) or to_complete("ce que le tiers a indiqué")),
        "cote": part.cote,
        "su_apres": not any(known_before(one) for one in parts),
    }


def _lacking(wanted: bool, label: str) -> str:
    return f"de {to_complete(label)}" if wanted else ""


def _advice(about: Subject, advice: Mapping[str, Any]) -> list[str]:
    """What to declare next time: the agents' words, else those of the motives when they are one or two."""
    said = [ended(capital(one_line(part.faits.prochaine_fois))) for part in about.parts]
    if written := list(dict.fromkeys(filter(None, said))):
        return written
    by_motive = {code: typeset(entry["texte"]) for entry in advice.get("conseil", ()) for code in entry["motifs"]}
    general = typeset(advice["general"])
    found = list(dict.fromkeys(by_motive.get(part.trop_percu.code("motif"), general) for part in about.parts))
    return found if len(found) == 1 else [general]


def _wrong_advice(data: Mapping[str, Any]) -> str:
    if not isinstance(data.get("general"), str):
        return "il y manque la phrase « general »"
    entries = data.get("conseil", [])
    fit = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("texte"), str) and isinstance(entry.get("motifs"), list)
        for entry in entries
    )
    return "" if fit else "chaque « conseil » doit avoir des « motifs » et un « texte »"


def _agent(about: Subject) -> Values:
    writer = about.agents[0] if about.agents else None
    return {
        "nom": (writer.nom if writer else "") or to_complete("nom de l’agent"),
        "qualite": _after_comma(writer.qualite if writer else "") or to_complete("qualité de l’agent"),
    }


def _after_comma(quality: str) -> str:
    """`Gestionnaire conseil` -> `gestionnaire conseil`; a sigle keeps its capitals."""
    return quality[:1].lower() + quality[1:] if quality[1:2].islower() else quality


def _address(text: str) -> str:
    return ", ".join(filter(None, (line.strip(" ,") for line in text.splitlines()))).rstrip(".")


def _tidy(text: str) -> str:
    """No space at the end of a line, no more than one line left blank, none around."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept)
