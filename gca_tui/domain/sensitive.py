"""What a note or an explanation should not hold: social security numbers, bank details, words about health.

Numbers are told by their form, and their key says how sure it is: one with a wrong key is still warned about, since a
slip of the finger makes it no less somebody's. The text is only read.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gca_tui.domain.lexicon import Lexicon, Medical
from gca_tui.domain.phrases import Phrases, level

_LABELS = {
    "nir": "Numéro de sécurité sociale",
    "iban": "Numéro de compte bancaire",
    "carte": "Numéro de carte bancaire",
    "sante": "Donnée de santé",
}
_REDACTIONS = {
    "nir": "[numéro de sécurité sociale retiré]",
    "iban": "[numéro de compte retiré]",
    "carte": "[numéro de carte retiré]",
    "sante": "[donnée de santé retirée]",
}
_GAP = r"[ \t\u00a0\u2007\u2009\u202f]{0,2}"
_JOINT = r"[ \t\u00a0\u2007\u2009\u202f./-]{0,2}"


def _digits(number: int) -> str:
    return _GAP.join([r"\d"] * number)


_MONTH = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2]|2{_GAP}0|3{_GAP}\d|4{_GAP}[0-2]|[5-9]{_GAP}\d)"
_DEPARTEMENT = rf"(?:2{_GAP}[ABab]|\d{_GAP}\d)"
_NIR = re.compile(
    rf"(?<![0-9A-Za-z])(?P<body>[123478]{_JOINT}{_digits(2)}{_JOINT}{_MONTH}{_JOINT}{_DEPARTEMENT}{_JOINT}{_digits(3)}"
    rf"{_JOINT}{_digits(3)})(?:{_GAP}[./-]?{_GAP}(?:cl[eé]\s*:?\s*)?(?P<key>{_digits(2)}))?(?![0-9A-Za-z])"
)
_ACCOUNT = re.compile(
    rf"(?<![0-9A-Za-z])(?:[A-Za-z]{_GAP}[A-Za-z]){_GAP}\d{_GAP}\d(?=[ \t\u00a0\u202f.-]{{0,2}}[0-9A-Za-z])"
)
_CARD = re.compile(rf"(?<![0-9A-Za-z])[2-6](?:{_JOINT}\d){{15}}(?![0-9A-Za-z])")
_APART = re.compile(r"[^0-9A-Za-z]")
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI NL",
        19: "SI",
        20: "AT EE LT LU",
        21: "CH HR LI LV",
        22: "BG DE GB GE IE ME RS",
        23: "AE GI IL",
        24: "AD CZ ES MD RO SE SK TN",
        25: "PT",
        26: "IS TR",
        27: "FR GR IT MC SM",
        28: "AL CI CY HU LB MA PL SN",
        29: "UA",
        31: "MT",
    }.items()
    for country in countries.split()
}
"""Characters of an IBAN by country (ISO 13616), for the countries whose accounts families may have."""
_EMPTY = Lexicon()


@dataclass(frozen=True)
class Sensitive:
    """One thing found. `kind`: nir, iban, carte or sante; `mot` is as written, `redaction` what to put in its place.

    `certain`: its key is right; words about health are never certain, they may speak of anything else.
    """

    start: int
    end: int
    kind: str
    mot: str
    redaction: str
    certain: bool = False

    @property
    def label(self) -> str:
        """What it looks like, in words."""
        return _LABELS[self.kind]


def sensitive(text: str, lexicon: Lexicon = _EMPTY) -> tuple[Sensitive, ...]:
    """All that a text should not hold, from beginning to end; words about health are those of the lexicon."""
    found = [*numbers(text), *_health(text, lexicon.medical)]
    return tuple(sorted(found, key=lambda one: one.start))


def redacted(text: str, lexicon: Lexicon = _EMPTY) -> str:
    """The text with words in brackets in the place of each."""
    for one in reversed(sensitive(text, lexicon)):
        text = text[: one.start] + one.redaction + text[one.end :]
    return text


def numbers(text: str) -> tuple[Sensitive, ...]:
    """Social security, bank account and card numbers of a text, from beginning to end."""
    if not any(char.isdigit() for char in text):
        return ()
    found: list[Sensitive] = []
    for one in (*_accounts(text), *_cards(text), *_nirs(text)):
        place = bisect(found, one.start, key=lambda other: other.start)
        if all(one.start >= other.end or other.start >= one.end for other in found[max(place - 1, 0) : place + 1]):
            found.insert(place, one)
    return tuple(found)


def is_nir_key(body: str, key: str) -> bool:
    """Whether two digits are the key of the thirteen characters before: 97 less their remainder by 97, Corsica's 2A
    counting as 19 and 2B as 18."""
    digits = body.upper().replace("2A", "19").replace("2B", "18")
    return int(key) == 97 - int(digits) % 97


def is_iban(compact: str) -> bool:
    """Whether letters and digits without spaces have the remainder 1 by 97 that an IBAN has."""
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _nirs(text: str) -> Iterator[Sensitive]:
    for match in _NIR.finditer(text):
        body = _APART.sub("", match["body"])
        if body[5:7] == "00" or body[7:10] == "000" or body[10:] == "000":
            continue
        key = _APART.sub("", match["key"] or "")
        yield _made("nir", text, *match.span(), certain=bool(key) and is_nir_key(body, key))


def _accounts(text: str) -> Iterator[Sensitive]:
    for match in _ACCOUNT.finditer(text):
        country = _APART.sub("", match[0])[:2].upper()
        if length := _LENGTHS.get(country):
            found = _iban_from(length).match(text, match.start())
            compact = _APART.sub("", found[0]).upper() if found else ""
            sure = bool(compact) and is_iban(compact)
            if found and (sure or (country == "FR" and sum(map(str.isdigit, compact)) > 15)):
                yield _made("iban", text, *found.span(), certain=sure)


def _cards(text: str) -> Iterator[Sensitive]:
    for match in _CARD.finditer(text):
        digits = [int(char) for char in _APART.sub("", match[0])]
        if (sum(digits[1::2]) + sum(sum(divmod(2 * one, 10)) for one in digits[::2])) % 10 == 0:
            yield _made("carte", text, *match.span(), certain=True)


def _health(text: str, words: tuple[Medical, ...]) -> Iterator[Sensitive]:
    if words:
        for _, match in _phrases(words).find(level(text)):
            yield _made("sante", text, *match.span(), certain=False)


def _made(kind: str, text: str, start: int, end: int, certain: bool) -> Sensitive:
    return Sensitive(start, end, kind, text[start:end], _REDACTIONS[kind], certain)


@lru_cache(maxsize=64)
def _iban_from(length: int) -> re.Pattern[str]:
    return re.compile(rf"[0-9A-Za-z](?:{_JOINT}[0-9A-Za-z]){{{length - 1}}}(?![0-9A-Za-z])")


@lru_cache(maxsize=4)
def _phrases(words: tuple[Medical, ...]) -> Phrases:
    return Phrases((word.terme, word.sauf) for word in words)
