"""One parser for each column: what a cell must look like, and in French what was expected when it does not.

Parsers take a cell that is not empty and return None when it holds only blanks. They raise BadValue. Those of columns
whose values repeat remember their answers: a file holds a few hundred days, and one line per dossier.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from gca_tui.domain import matricule
from gca_tui.domain.french import parse_cents, parse_date
from gca_tui.domain.pieces import ETATS_PIECE
from gca_tui.reference import canal_code, nature_code

TEXT_LIMIT = 2_000
"""Characters of a text cell: more is a quote that was never closed, not an address."""

AMOUNT_LIMIT = 10_000_000_000
"""Cents under which an amount must stay: a hundred million euros for one month is a broken column."""

YEARS = range(1900, 2101)
URGENCE_UNSAID = "signalée par l’extrait"
"""The reason of an urgence that the extract flags without giving one."""

Parser = Callable[[str], Any]
Result = TypeVar("Result")

_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LINE_BREAKS = re.compile("[ \t\r\n\u2028\u2029]*[\t\r\n\u2028\u2029][ \t\r\n\u2028\u2029]*")
_CAISSE = re.compile(r"[0-9]{3}")
_MOIS = re.compile(r"(?:20[0-9]{2}|2100)-(?:0[1-9]|1[0-2])")
_PRESTATION = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_CODE_POSTAL = re.compile(r"[0-9A-Z]{5}")
_NONE = frozenset({"non", "n", "0", "no", "faux", "false"})
_FLAGGED = frozenset({"oui", "o", "1", "x", "vrai", "true"})


class BadValue(ValueError):
    """A cell that cannot be taken; its text says in French what was expected."""


def shown(text: str, limit: int = 200) -> str:
    """A cell as it can be printed and written in a file: control characters escaped, the end cut."""
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return _FORBIDDEN.sub(lambda match: f"\\x{ord(match[0]):02x}", cut)


def text(cell: str) -> str | None:
    """A text on one line, in NFC."""
    if not (cell.isprintable() and (cell.isascii() or unicodedata.is_normalized("NFC", cell))):
        cell = unicodedata.normalize("NFC", cell.strip())
        if found := _FORBIDDEN.search(cell):
            what = "saut de ligne" if found[0] in "\r\n" else f"caractère de contrôle U+{ord(found[0]):04X}"
            raise BadValue(f"texte sur une ligne attendu, {what} trouvé")
    if len(cell) > TEXT_LIMIT:
        raise BadValue(f"texte de {len(cell)} caractères, {TEXT_LIMIT} au plus")
    return cell.strip() or None


def long_text(cell: str) -> str | None:
    """A text whose line breaks and tabs become spaces."""
    return text(cell if cell.isprintable() else _LINE_BREAKS.sub(" ", cell.strip()))


def caisse(cell: str) -> str | None:
    """The three digits of a caisse. Historic codes are kept as given."""
    code = cell.strip()
    if code and not _CAISSE.fullmatch(code):
        raise BadValue("code caisse de 3 chiffres attendu")
    return code or None


def numero(cell: str) -> str | None:
    """A matricule, also in CNAF's 15-character form."""
    if len(cell) == matricule.LENGTH and cell.isascii() and cell.isdigit():
        return cell
    if not cell.strip():
        return None
    try:
        return matricule.normalise(cell)
    except ValueError:
        raise BadValue("matricule attendu : 7 chiffres, ou la forme de 15 caractères de la Cnaf") from None


def day(cell: str) -> date | None:
    """A date `JJ/MM/AAAA` or `AAAA-MM-JJ`."""
    written = cell.strip()
    if not written:
        return None
    try:
        read = parse_date(written)
    except ValueError:
        raise BadValue("date attendue, existante : JJ/MM/AAAA ou AAAA-MM-JJ") from None
    if read.year not in YEARS:
        raise BadValue(f"année entre {YEARS[0]} et {YEARS[-1]} attendue")
    return read


def cents(cell: str) -> int | None:
    """An amount in euros, as cents."""
    if not cell.strip():
        return None
    try:
        amount = parse_cents(cell)
    except ValueError:
        raise BadValue("montant attendu, en euros avec deux décimales au plus, comme 1\u00a0523,40") from None
    if not 0 <= amount < AMOUNT_LIMIT:
        raise BadValue("montant entre 0 et 99\u00a0999\u00a0999,99 attendu")
    return amount


def mois(cell: str) -> str | None:
    """A month `AAAA-MM`."""
    month = cell.strip()
    if month and not _MOIS.fullmatch(month):
        raise BadValue("mois attendu : AAAA-MM, entre 2000-01 et 2100-12")
    return month or None


def prestation(cell: str) -> str | None:
    """The code of one prestation; a code we do not know is kept."""
    code = cell.strip().upper()
    if code and not _PRESTATION.fullmatch(code):
        raise BadValue("code de prestation attendu : lettres, chiffres et tiret")
    return code or None


def prestations(cell: str) -> tuple[str, ...] | None:
    """Codes separated by `|`, each once."""
    codes = dict.fromkeys(prestation(code) for code in cell.split("|"))
    return tuple(code for code in codes if code) or None


def telephones(cell: str) -> tuple[str, ...] | None:
    """Numbers separated by `|`, as given."""
    if "|" not in cell:
        return (number,) if (number := text(cell)) else None
    numbers = dict.fromkeys(text(number) for number in cell.split("|"))
    return tuple(number for number in numbers if number) or None


def etat(cell: str) -> str | None:
    """The state of a pièce in SDP."""
    state = cell.strip().upper()
    if state and state not in ETATS_PIECE:
        raise BadValue(f"état attendu : {', '.join(ETATS_PIECE)}, ou rien")
    return state or None


def code_postal(cell: str) -> str | None:
    """Five characters: a spreadsheet that took `09100` for a number has lost its zero, and we do not guess."""
    code = cell.strip().upper()
    if code and not _CODE_POSTAL.fullmatch(code):
        raise BadValue("code postal de 5 caractères attendu (un tableur a pu ôter le zéro de tête)")
    return code or None


def urgence(cell: str) -> str | None:
    """The reason of an urgence."""
    reason = long_text(cell)
    word = reason.casefold() if reason else ""
    if word in _NONE:
        return None
    return URGENCE_UNSAID if word in _FLAGGED else reason


def nature(cell: str) -> str | None:
    """The code of a nature of pièce."""
    return nature_code(name) if (name := text(cell)) else None


def canal(cell: str) -> str | None:
    """The code of a channel; one we do not know is kept as given."""
    return (canal_code(name) or name) if (name := text(cell)) else None


def _remembered(parser: Callable[[str], Result]) -> Callable[[str], Result]:
    return lru_cache(maxsize=8192)(parser)


_day, _text, _prestation = _remembered(day), _remembered(text), _remembered(prestation)

PARSERS: dict[str, Parser] = {
    "caisse": _remembered(caisse),
    "matricule": numero,
    "nom": text,
    "prenom": _text,
    "date_naissance": _remembered(day),
    "telephone": telephones,
    "adresse": long_text,
    "code_postal": _remembered(code_postal),
    "commune": _text,
    "prestations": _remembered(prestations),
    "convention": _text,
    "piece": text,
    "nature": _remembered(nature),
    "canal": _remembered(canal),
    "recue_le": _day,
    "etat": _remembered(etat),
    "urgence": _remembered(urgence),
    "indu_reference": text,
    "indu_prestation": _prestation,
    "indu_mois": _remembered(mois),
    "indu_verse": cents,
    "indu_du": cents,
    "indu_motif": _remembered(long_text),
    "indu_notifie_le": _day,
    "indu_recu_le": _day,
}
"""The parser of each column."""
