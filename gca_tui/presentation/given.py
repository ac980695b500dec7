"""What somebody gave, in words: a command that waits or was refused, the value of a field, a text to be copied out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from gca_tui.domain.french import NBSP, euros, short_date, typeset
from gca_tui.presentation.kinds import ETATS_TRAITES, KINDS, STATUTS
from gca_tui.presentation.lines import moment

_FRAME = frozenset(("id", "kind", "caisse", "matricule", "author", "at", "bases"))
_POINTERS = frozenset(
    (
        *("notification", "trop_percu", "trop_percus", "piece", "attente", "demarche", "question", "corrige"),
        *("rendez_vous", "derogation", "appel", "appels", "vu"),
    )
)
"""Fields that name an item by its id, which tells nobody anything."""
_CENTS = frozenset(("verse", "du", "montant"))
_LABELS = {
    "texte": "texte",
    "raison": "pourquoi",
    "calcul": "le calcul",
    "que_faire": "que faire",
    "prochaine_fois": "la prochaine fois",
    "motif": "motif",
    "le": "le",
    "jusqu_au": "jusqu’au",
    "depuis": "depuis",
    "avant_le": "à fournir avant le",
    "recue_le": "reçue le",
    "accuse_le": "accusé de réception le",
    "pieces": "documents",
    "telephones": "téléphones",
    "code_postal": "code postal",
    "evenement_le": "date de l’événement",
    "evenement": "événement",
    "regle": "règle",
    "connu_le": "su le",
    "connu_par": "su par",
    "tiers_nom": "tiers",
    "tiers_contenu": "ce que le tiers a indiqué",
    "resultat": "résultat",
    "etat": "état",
    "pole": "à",
    "demi_journee": "moment",
    "verse": "reçu",
    "du": "droit",
    "responsabilite": "responsabilité",
    "controles": "contrôles",
    "effacer": "retiré",
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def kind_words(kind: str) -> str:
    """What a command of that kind does; the kind itself when this program does not know it."""
    return KINDS.get(kind, kind)


def given_lines(command: str) -> list[str]:
    """All that a stored command says, for a reader: one line a value, texts whole. A stranger to this program too."""
    return told_lines(json.loads(command))


def told_lines(said: Mapping[str, Any], indent: str = "") -> list[str]:
    """All that a command, or the fields of a form, say to a reader; `indent` stands before each further line."""
    told = ((name, value) for name, value in said.items() if name not in _FRAME | _POINTERS)
    return [line for name, value in told for line in _lines(name, value, indent)]


def given_text(command: str, why: str = "") -> str:
    """The same, to be copied out: what it was, for whom, by whom and when, why it was refused, all that was typed."""
    said = json.loads(command)
    author = said.get("author") or {}
    head = f"{kind_words(said.get('kind', ''))}, {said.get('caisse', '')}·{said.get('matricule', '')}"
    by = f"{author.get('nom') or author.get('identifiant', '')}, {instant_words(said.get('at', ''))}"
    told = [f"Refusé : {why}"] if why else []
    return "\n".join((typeset(f"{head} ({by})"), *map(typeset, told), "", *given_lines(command)))


def value_text(value: Any, name: str = "") -> str:
    """A field's value as a reader sees it; "" when nothing is there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return euros(value) if name in _CENTS else str(value)
    if isinstance(value, str):
        return short_date(date.fromisoformat(value)) if _is_day(value) else _word(name, value)
    if isinstance(value, Mapping):
        return "\n".join(line for key, one in value.items() if key not in _FRAME for line in _lines(key, one))
    return "\n".join(filter(None, (value_text(one) for one in value)))


def instant_words(at: str) -> str:
    """An ISO instant on the agents' clock; "" when it is not one."""
    try:
        return moment(datetime.fromisoformat(at))
    except ValueError:
        return ""


def _lines(name: str, value: Any, indent: str = "") -> Iterator[str]:
    text = value_text(value, name)
    if text:
        first, *others = text.split("\n")
        label = _LABELS.get(name, name.replace("_", " "))
        yield f"{label}{NBSP}: {first}"
        yield from (f"{indent}{line}" for line in others)


def _word(name: str, value: str) -> str:
    if name == "statut":
        return STATUTS.get(value, value)
    return ETATS_TRAITES.get(value, value) if name in ("etat", "traitement") else value


def _is_day(value: str) -> bool:
    try:
        return bool(_ISO_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False
