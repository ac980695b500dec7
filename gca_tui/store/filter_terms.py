"""The filter an agent types: words, and terms such as `caisse:681 prest:rsa indu>=1500 age>10 canal:courrier`.

A word is looked for in the matricule and the names; `note:mot` in the notes. `-` before a term turns it round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gca_tui.domain.calendar import ALSACE_MOSELLE, ALSACE_MOSELLE_DEPARTMENTS, METROPOLE, Calendars
from gca_tui.domain.folding import fold_typed, fold_words, plain
from gca_tui.domain.french import NBSP, capital, parse_cents
from gca_tui.errors import InputError
from gca_tui.store.filter_values import Known, UnknownValueError, codes, problem
from gca_tui.store.views import NEVER, WAITING, WORKABLE, Condition, searched

_TOKEN = re.compile(r'(?P<no>-?)(?P<name>[^\W\d_]+)(?P<op>>=|<=|[:=<>])(?P<value>"[^"]*"?|\S*)')
_KEY = re.compile(r"(\d{3})·(\d{7})")
_PIECES = re.compile(r'-?[^\W\d_]+(?:>=|<=|[:=<>])"[^"]*"?|\S+')
_SPACED = re.compile(
    r"(?<!\S)-?indu(?:>=|<=|[:=<>])-?\d{1,3}(?:\s\d{3})+(?:[.,]\d{1,2})?(?:\s?€)?(?!\S)", re.IGNORECASE
)
"""An amount written as French readers write it: `indu>=1 500,00 €`."""
_MOST_DAYS = 9_999
_MOST_CENTS = 10**15


@dataclass(frozen=True)
class Setting:
    """What terms may know beside the text: the day, the calendars, the store."""

    today: date
    calendars: Calendars
    known: Known | None = None
    """Whether the store holds a value that the reference does not have; without it no value is unknown."""


Maker = Callable[[Condition, str, str, Setting], str]


@dataclass(frozen=True)
class Term:
    """One term: its name, what it does in a sentence, the values it knows, and its SQL."""

    name: str
    help: str
    make: Maker
    values: tuple[str, ...] = ()
    numeric: bool = False


def _equal(column: str) -> Maker:
    def make(condition: Condition, _: str, value: str, __: Setting) -> str:
        return f"{column} = {condition.bind(value)}"

    return make


def _listed(column: str) -> Maker:
    def make(condition: Condition, _: str, value: str, __: Setting) -> str:
        return f"{column} LIKE {condition.bind(f'%|{_like(value)}%')} ESCAPE '\\'"

    return make


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _commune(condition: Condition, _: str, value: str, __: Setting) -> str:
    return f"commune LIKE {condition.bind(f'{_like(plain(value))}%')} ESCAPE '\\'"


def _existing(name: str, maker: Maker, *, whole: bool = False) -> Maker:
    """Refuses a value that neither the reference nor the store has, which would find nothing without a word."""

    def make(condition: Condition, operator: str, value: str, setting: Setting) -> str:
        refused = problem(name, value, codes(name), whole=whole) if setting.known else ""
        if refused and setting.known:
            alone = Condition()
            alone.where.append(maker(alone, operator, value, setting))
            if not setting.known(alone, setting.today):
                raise UnknownValueError(refused)
        return maker(condition, operator, value, setting)

    return make


def _amount(condition: Condition, operator: str, value: str, _: Setting) -> str:
    expected = f"un montant{NBSP}: indu>=1500"
    try:
        cents = parse_cents(value)
    except ValueError:
        raise ValueError(expected) from None
    if abs(cents) > _MOST_CENTS:
        raise ValueError(expected)
    return f"indu {'=' if operator == ':' else operator} {condition.bind(cents)}"


def _number(value: str, example: str) -> int:
    expected = f"des jours{NBSP}: {example}"
    try:
        days = int(value)
    except ValueError:
        raise ValueError(expected) from None
    if abs(days) > _MOST_DAYS:
        raise ValueError(expected)
    return days


_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", ":": "=", "=": "="}


def _age(condition: Condition, operator: str, value: str, setting: Setting) -> str:
    """Older means received earlier: an age in jours ouvrés becomes a day, one for each zone of holidays."""
    days = _number(value, "age>10")
    return _by_zone(condition, "anteriorite_le", _TURNED[operator], -days, setting)


def _due(condition: Condition, operator: str, value: str, setting: Setting) -> str:
    days = _number(value, "ech<=5")
    return _by_zone(condition, "echeance", "=" if operator == ":" else operator, days, setting)


def _by_zone(condition: Condition, column: str, operator: str, days: int, setting: Setting) -> str:
    """The zones are told apart only where a holiday lies between today and that day."""
    known = f"{column} <> '{NEVER}'"
    here, alsace = (_days_at(setting, zone, days) for zone in (METROPOLE, ALSACE_MOSELLE))
    if here == alsace:
        return f"{known} AND {_compared(condition, column, operator, *here)}"
    sides = (
        f"(substr(caisse, 1, 2) {at} {ALSACE_MOSELLE_DEPARTMENTS} AND {_compared(condition, column, operator, *span)})"
        for at, span in (("IN", alsace), ("NOT IN", here))
    )
    return f"{known} AND ({' OR '.join(sides)})"


def _compared(condition: Condition, column: str, operator: str, first: str, last: str) -> str:
    """A day against the run of days that count as one jour ouvré."""
    if operator == "=":
        return f"{column} BETWEEN {condition.bind(first)} AND {condition.bind(last)}"
    return f"{column} {operator} {condition.bind(first if operator in ('<', '>=') else last)}"


def _days_at(setting: Setting, zone: str, days: int) -> tuple[str, str]:
    """First and last calendar day that lie exactly that many jours ouvrés from today."""
    calendar = setting.calendars[zone]
    step = timedelta(days=1)
    day = setting.today
    direction = step if days > 0 else -step
    while calendar.count(setting.today, day) != days:
        day += direction
    first = last = day
    while calendar.count(setting.today, first - step) == days:
        first -= step
    while calendar.count(setting.today, last + step) == days:
        last += step
    return first.isoformat(), last.isoformat()


_STATUTS = {
    "ouvert": WORKABLE,
    "attente": WAITING,
    "transmis": "statut = 'transmis'",
    "clos": "statut = 'clos'",
}
_FLAGS = {
    "urgence": "classe = 0",
    "minimum": "classe = 1",
    "retard": "echeance < :today",
    "indu": "indu > 0",
    "expliquer": "a_expliquer = 1",
    "rac": "rac = 1",
    "reclamation": "reclamation = 1",
    "rectification": "rectification = 1",
    "rdv": "rdv_le IS NOT NULL",
    "absent": "absente_le IS NOT NULL",
    "appel": "appel_le IS NOT NULL AND appel_le <= :today",
    "question": "questions > 0",
    "note": "notes > 0",
    "pris": "holder <> ''",
    "moi": "holder = :me AND :me <> ''",
    "libre": "holder = ''",
    "convention": "convention <> ''",
}


def _choice(table: Mapping[str, str]) -> Maker:
    def make(_: Condition, __: str, value: str, ___: Setting) -> str:
        if value not in table:
            raise ValueError("l’un de : " + ", ".join(table))
        return table[value]

    return make


def _note(condition: Condition, _: str, value: str, __: Setting) -> str:
    return _match(condition, [fold_words(value)], "notes")


def _match(condition: Condition, ways: list[list[str]], columns: str) -> str:
    """What is found by all the beginnings of words of one of the ways; see `folding.fold_typed`."""
    if not any(ways):
        raise ValueError("au moins une lettre ou un chiffre")
    query = " OR ".join(f"({' AND '.join(f'{word}*' for word in way)})" for way in ways)
    return searched(f"SELECT rowid FROM recherche WHERE recherche MATCH {condition.bind(f'{{{columns}}} : ({query})')}")


def _code(maker: Maker) -> Maker:
    return lambda condition, operator, value, setting: maker(condition, operator, value.upper(), setting)


TERMS = {
    term.name: term
    for term in (
        Term("caisse", "code de la caisse, par exemple caisse:681", _existing("caisse", _equal("caisse"), whole=True)),
        Term("prest", "prestation, par exemple prest:rsa", _existing("prest", _code(_listed("prestations")))),
        Term(
            "nature",
            "nature d’une pièce à traiter, par exemple nature:rac_annuel",
            _existing("nature", _listed("natures")),
        ),
        Term("canal", "canal d’une pièce à traiter, par exemple canal:courrier", _existing("canal", _listed("canaux"))),
        Term("indu", "montant de la notification en euros, par exemple indu>=1500", _amount, numeric=True),
        Term("age", "ancienneté en jours ouvrés, pièces de masse exclues, par exemple age>10", _age, numeric=True),
        Term("ech", "jours ouvrés avant l’échéance, négatif si dépassée, par exemple ech<=2", _due, numeric=True),
        Term("statut", "ouvert, attente, transmis ou clos", _choice(_STATUTS), tuple(_STATUTS)),
        Term("est", "une marque, par exemple est:urgence ou est:retard", _choice(_FLAGS), tuple(_FLAGS)),
        Term("pris", "identifiant de l’agent qui a pris le dossier", _equal("holder")),
        Term("conv", "convention, par exemple conv:CONV-1", _equal("convention")),
        Term("commune", "commune, par exemple commune:mulhouse", _commune),
        Term("note", "mot d’une note, par exemple note:bailleur", _note),
    )
}


def parse(text: str, setting: Setting) -> Condition:
    """The meaning of a filter. Raises InputError naming the term that is wrong and what was expected."""
    condition = Condition()
    words: list[str] = []
    for token in _PIECES.findall(_SPACED.sub(_compact, text)):
        if match := _TOKEN.fullmatch(token):
            condition.where.append(_term(condition, token, match, setting))
        elif key := _KEY.fullmatch(token):
            caisse, matricule = map(condition.bind, key.groups())
            condition.where.append(f"caisse = {caisse} AND matricule = {matricule}")
        else:
            words.append(token)
    ways = fold_typed(" ".join(words))
    if any(ways):
        condition.where.append(_match(condition, ways, "nom"))
    return condition


def _compact(spaced: re.Match[str]) -> str:
    return "".join(spaced[0].split())


def parse_everywhere(text: str) -> Condition:
    """Words looked for in matricules, names and notes alike."""
    condition = Condition()
    ways = fold_typed(text)
    if any(ways):
        condition.where.append(_match(condition, ways, "nom notes"))
    return condition


def _term(condition: Condition, token: str, match: re.Match[str], setting: Setting) -> str:
    name, operator, value = plain(match["name"]), match["op"], match["value"].strip('"')
    term = TERMS.get(name)
    if term is None:
        raise InputError(f"{token}{NBSP}: terme inconnu.", todo=f"Termes{NBSP}: {', '.join(TERMS)}.")
    if not value:
        raise InputError(f"{token} attend une valeur.", todo=f"{capital(term.help)}.")
    if operator != ":" and operator != "=" and not term.numeric:
        raise InputError(f"{token}{NBSP}: {operator} ne va qu’avec un nombre.")
    try:
        sql = term.make(condition, operator, value if term.numeric else plain(value) if term.values else value, setting)
    except UnknownValueError as unknown:
        raise InputError(str(unknown)) from None
    except ValueError as expected:
        raise InputError(f"{token} attend {expected}.") from None
    return f"NOT ({sql})" if match["no"] else sql


def completions(text: str) -> tuple[str, ...]:
    """What the word being typed may become, and its help when it is a term."""
    last = text.rsplit(" ", 1)[-1].lstrip("-")
    for name, term in TERMS.items():
        if last.startswith(f"{name}:"):
            typed = plain(last.partition(":")[2])
            return tuple(f"{name}:{value}" for value in term.values if value.startswith(typed)) or (term.help,)
    if not last:
        return ()
    return tuple(
        f"{name}{'>=' if term.numeric else ':'}" for name, term in TERMS.items() if name.startswith(plain(last))
    )
