"""Ready passages by motive, with what the facts say already put into them; the rest stays to be completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gca_tui.domain.explanation.placeholders import to_complete
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.french import possessive
from gca_tui.domain.months import long_date, period
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.writing.models import Models
from gca_tui.writing.phrases import inside, of
from gca_tui.writing.remedies import name

_NAMES = ("date", "connu_le", "periode", "votre", "tiers")


@dataclass(frozen=True)
class Bloc:
    """A passage: what it is called, the section it is for, and its text."""

    label: str
    section: str
    text: str


def blocs(about: Subject, models: Models, section: str = "") -> tuple[Bloc, ...]:
    """The passages for a section ("": for all), those of the notification's motives first.

    A file of the caisse that cannot be used is told by `models.problems`, and ours serves.
    """
    data = models.data("blocs", about.caisse, lambda data: _wrong(data, models)).data
    entries = [entry for entry in data["bloc"] if section in ("", entry["section"])]
    motives = {part.trop_percu.code("motif"): part for part in reversed(about.parts)}
    ours = sorted(entries, key=lambda entry: motives.keys().isdisjoint(entry["motifs"]))
    return tuple(Bloc(entry["label"], entry["section"], _filled(entry, motives, about, models)) for entry in ours)


def _filled(entry: Mapping[str, Any], motives: Mapping[str, Part], about: Subject, models: Models) -> str:
    """The text with the facts of the trop-perçu it is about: the first of its motives, else the first.

    One that these facts make unusable is left to be completed.
    """
    from gca_tui.writing.templating import TemplateRefused

    meant = [motives[code] for code in entry["motifs"] if code in motives] or about.parts
    try:
        return models.filled(entry["texte"], _values(meant[0] if meant else None)).strip()
    except TemplateRefused:
        return to_complete(entry["label"])


def _values(part: Part | None) -> dict[str, str]:
    faits = part.faits if part else None
    return {
        "date": _day(faits.evenement_le if faits else None, "date de l’événement"),
        "connu_le": _day(faits.connu_le if faits else None, "date à laquelle la Caf l’a su"),
        "periode": (period([mois.id for mois in part.mois]) if part else "") or to_complete("période"),
        "votre": possessive(name(part)) if part else to_complete("prestation"),
        "tiers": of(inside(faits.tiers_nom)) if faits and faits.tiers_nom else f"de {to_complete('nom du tiers')}",
    }


def _day(day: Any, label: str) -> str:
    return long_date(day) if day else to_complete(label)


def _wrong(data: Mapping[str, Any], models: Models) -> str:
    """What is wrong with a file of passages, in French; "" when nothing is."""
    entries = data.get("bloc")
    if not isinstance(entries, list) or not entries:
        return "il n’y a aucun « [[bloc]] »"
    for entry in entries:
        texts = [entry.get(key) for key in ("label", "section", "texte")] if isinstance(entry, dict) else []
        if not texts or not all(isinstance(text, str) and text for text in texts):
            return "un « [[bloc]] » doit avoir « label », « section » et « texte »"
        if entry["section"] not in SECTIONS:
            return f"« {entry['label']} » : la section « {entry['section']} » n’existe pas"
        if not isinstance(entry.get("motifs"), list):
            return f"« {entry['label']} » : « motifs » doit être une liste de codes"
        if wrong := models.wrong_text(entry["texte"], _NAMES):
            return f"« {entry['label']} » : {wrong}"
    return ""
