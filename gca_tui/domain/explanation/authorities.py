"""What a text says of each recourse family: to whom, within what delay, then which court; and what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gca_tui.domain.delai import JUGE, RECOURS
from gca_tui.domain.explanation.days import is_day
from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.explanation.mentions import Day
from gca_tui.domain.explanation.passed import is_said, passed, recourse_over
from gca_tui.domain.explanation.reading import Reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.french import count, listed, typeset
from gca_tui.domain.lexicon import Famille, Lexicon
from gca_tui.domain.months import long_date
from gca_tui.domain.phrases import Sought, keys_of, level

OTHER_AUTHORITIES = ("préfet", "maire", "ministre", "président de la Caf", "commission de surendettement")
OTHER_COURTS = (
    "tribunal de grande instance",
    "tribunal d’instance",
    "tribunal de proximité",
    "tribunal de commerce",
    "tribunal des affaires de sécurité sociale",
    "conseil de prud’hommes",
    "cour d’appel",
    "cour administrative d’appel",
    "Conseil d’État",
)
"""Named in a recourse, they are wrong for every family."""
_UNITS = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
NUMBERS = {word: number for number, word in enumerate(_UNITS.split(), start=1)} | {"une": 1, "vingt": 20, "trente": 30}
DELAY = re.compile(rf"(?<!\w)(?P<number>\d+|{'|'.join(NUMBERS)})\s+(?P<unit>jour|semaine|mois|an|annee)s?(?!\w)")
_MISREAD = re.compile(
    r"\s(?:ouvre|ouvrable|franc)s?(?!\w)"
    r"|\s(?:qui suivent|apres|suivant|a compter de|a partir de)"
    r" (?:la date (?:de (?:ce|cette|notre)|du)|l'envoi|l'emission)(?: \w+)?"
)
_ROUND = Sought(r"huitaine|quinzaine|dizaine|vingtaine|trentaine", "huit quin diza ving tren")
_TRIGGER = Sought(r"contest\w*|recours", "cont reco")
_NOT_HERE = Sought(r"remise|rectifi\w+|echeancier", "remi rect eche")
_NO_RETENUE = Sought(r"(?:ne fait pas de|pas de|aucune|sans) retenues?", "ne pas aucu sans")
_PLACE = re.compile(
    r"(?: de (?:la|votre) (?:caf|caisse))? (?:du |de la |des |de l'|de |d')"
    r"(?P<name>[a-z][\w'-]*(?: (?:et|de|la|du|le|les|saint) ?[\w'-]+)*)"
)
_ADVICE = re.compile(r"avis (?:de la |du |de l'|simple de la )$")


@dataclass
class Said:
    """What was found of one family. `over`: that its delay is; `wrong`: what was found in the place of something."""

    authority: bool = False
    court: bool = False
    delay: bool = False
    suspended: bool = False
    over: bool = False
    prestations: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)


def covered(read: Reading) -> tuple[dict[str, Said], list[Finding]]:
    """What is said of each family by its code, and the words that are wrong for the family they stand with."""
    said = {famille.code: Said() for famille in read.about.familles}
    wrong: list[Finding] = []
    for start, end, familles in _sentences(read):
        for name in read.within(start, end):
            for famille in familles:
                said[famille.code].prestations.add(name.code)
        wrong += _parties(read, start, end, familles, said, courts=False)
        wrong += _parties(read, start, end, familles, said, courts=True)
        wrong += _delays(read, start, end, familles, said)
        wrong += _withholding(read, start, end, familles)
        wrong += _over(read, start, end, familles, said)
        if "suspend" in read.level[start:end]:
            for famille in familles:
                said[famille.code].suspended = True
    return said, wrong


def _over(read: Reading, start: int, end: int, familles: Sequence[Famille], said: dict[str, Said]) -> Iterator[Finding]:
    found = {one.code: passed(read.about, RECOURS, one.code) for one in familles}
    over = [one for one in found.values() if one]
    if over and is_said(read, [(start, end)]):
        for code in found:
            said[code].over = True
    elif over and len(over) == len(familles):
        days = read.days_in(start, end)
        dated = any(is_day(day, one.le) for day in days for one in over if one.le)
        yield from recourse_over(read, over, start, end, is_dated=dated or bool(DELAY.search(read.level, start, end)))


def _sentences(read: Reading) -> Iterator[tuple[int, int, Sequence[Famille]]]:
    """The sentences on recourses, each with the families it is about: those named there, or just before."""
    names = (_TRIGGER, _parties_pattern(read.lexicon)[False].sought)
    for top, bottom in read.paragraphs:
        inside = [one for one in read.sentences_in(top, bottom) if read.is_recourse_place(one[0])]
        inside = [one for one in inside if not read.find(_NOT_HERE, *one)]
        if any(read.find(name, *one) for one in inside for name in names):
            yield from _with_families(read, inside, names)


def _with_families(
    read: Reading, inside: list[tuple[int, int]], names: tuple[Sought, ...]
) -> Iterator[tuple[int, int, Sequence[Famille]]]:
    by_code = {part.trop_percu.prestation: part.famille for part in read.about.parts if part.famille}
    named = {by_code[one.code].code for start, end in inside for one in read.within(start, end) if one.code in by_code}
    everywhere = [one for one in read.about.familles if one.code in named] if len(named) == 1 else read.about.familles
    context: Sequence[Famille] = everywhere
    open_, listed = False, False
    for start, end in inside:
        open_ = open_ or any(read.find(name, start, end) for name in names)
        if not open_:
            continue
        here = [by_code[one.code] for one in read.within(start, end) if one.code in by_code]
        item = read.whole[start] in "-•*"
        if here:
            context = [*context, *here] if item and listed else here
        listed = item
        yield start, end, tuple({one.code: one for one in context}.values())


def _parties(
    read: Reading, start: int, end: int, familles: Sequence[Famille], said: dict[str, Said], *, courts: bool
) -> Iterator[Finding]:
    sought, owners = _parties_pattern(read.lexicon)[courts]
    for match in read.find(sought, start, end):
        if not courts and _ADVICE.search(read.level, max(0, match.start() - 24), match.start()):
            continue
        right = [one for one in familles if one.code in owners[int(str(match.lastgroup)[1:])]]
        for famille in right:
            setattr(said[famille.code], "court" if courts else "authority", True)
        if not right and familles:
            said[familles[0].code].wrong.add("court" if courts else "authority")
            yield _misplaced(read, match, familles[0], courts=courts)
        elif away := _elsewhere(read, match, courts=courts):
            yield away


def _elsewhere(read: Reading, match: re.Match[str], *, courts: bool) -> Finding | None:
    """An authority of another département, a court of another town than the caisse's."""
    place = _PLACE.match(read.level, match.end())
    if not place:
        return None
    settings, named = read.about.settings, place["name"]
    start, end = match.start(), place.end()
    if courts:
        known = settings.tribunal_judiciaire if "judiciaire" in match[0] else settings.tribunal_administratif
        if not known or named in level(known) or named.split()[0] in level(known):
            return None
        right = known.splitlines()[0].split(",")[0]
        advice = f"« {read.whole[start:end]} » n’est pas le tribunal de cette caisse : {right}."
        return Finding(start, end, typeset(advice))
    own = f"{level(read.about.caisse_nom)} {level(settings.departement)}"
    if named in own or named.rpartition("'")[2] not in _places(read.lexicon):
        return None
    advice = f"« {read.whole[start:end]} » n’est pas l’autorité de ce dossier, qui est de la {read.about.caisse_nom}."
    return Finding(start, end, typeset(advice))


@remembered(4)
def _places(lexicon: Lexicon) -> frozenset[str]:
    """The last word of the name of every caisse, which tells one from another."""
    return frozenset(level(one).rpartition(" ")[2].rpartition("'")[2] for one in lexicon.caisses.values())


def _withholding(read: Reading, start: int, end: int, familles: Sequence[Famille]) -> Iterator[Finding]:
    """Only a text of law that was read may promise that a recourse suspends."""
    unsure = [one for one in familles if not one.suspensif or "suspensif" in one.a_valider]
    if unsure and read.find(_NO_RETENUE, start, end):
        where = of_family(read, unsure[0])
        advice = f"Rien n’assure qu’un recours suspend les retenues pour {where} : retirez cette phrase."
        yield Finding(start, end, typeset(advice))


def _misplaced(read: Reading, match: re.Match[str], famille: Famille, *, courts: bool) -> Finding:
    written = read.whole[match.start() : match.end()]
    right = famille.lettre_juge if courts else famille.lettre_autorite
    where = of_family(read, famille)
    if right:
        role = "le juge à saisir" if courts else "l’autorité à qui écrire"
        advice = f"« {written} » n’est pas {role} pour {where} : {right}."
    else:
        court = famille.lettre_juge
        advice = f"« {written} » n’a pas à être saisi pour {where} : la famille va directement au {court}."
    return Finding(*match.span(), typeset(advice), right)


def _delays(
    read: Reading, start: int, end: int, familles: Sequence[Famille], said: dict[str, Said]
) -> Iterator[Finding]:
    for match in DELAY.finditer(read.level, start, end):
        right = [one for one in familles if match["unit"] == "mois" and number_of(match) in months_of(one)]
        right = [] if is_misread(read, match) else right
        for famille in right:
            said[famille.code].delay = True
        if not right and familles:
            said[familles[0].code].wrong.add("delay")
            written = written_of(read, match)
            months = count(max(months_of(familles[0])), "mois", "mois")
            advice = f"« {written} » n’est pas un délai de recours pour {of_family(read, familles[0])} : {months}."
            yield Finding(*match.span(), typeset(advice), "deux mois" if 2 in months_of(familles[0]) else "")
    yield from rounded(read, start, end)
    for day in read.days_in(start, end):
        yield from _until(read, day, familles, said)


def _until(read: Reading, day: Day, familles: Sequence[Famille], said: dict[str, Said]) -> Iterator[Finding]:
    known = [one for one in read.about.calendrier if one.le and any(code.code in one.familles for code in familles)]
    fitting = [one for one in known if one.le and is_day(day, one.le) and one.objet in (RECOURS, JUGE)]
    for delai in fitting:
        for code in delai.familles:
            if code in said:
                said[code].delay = True
    if not fitting and familles:
        said[familles[0].code].wrong.add("delay")
        written = read.whole[day.start : day.end]
        right = next((long_date(one.le) for one in known if one.le and one.objet == RECOURS), "")
        instead = f" : {right}" if right else " : aucune n’est connue"
        advice = f"« {written} » n’est pas la date limite du recours pour {of_family(read, familles[0])}{instead}."
        yield Finding(day.start, day.end, typeset(advice), right)


def is_misread(read: Reading, match: re.Match[str]) -> bool:
    """Whether a delay is counted otherwise than from the reception: working days, from the day of the letter."""
    return bool(_MISREAD.match(read.level, match.end()))


def written_of(read: Reading, match: re.Match[str]) -> str:
    """A delay as written, with what it is wrongly counted from."""
    more = _MISREAD.match(read.level, match.end())
    return read.whole[match.start() : more.end() if more else match.end()]


def rounded(read: Reading, start: int, end: int) -> Iterator[Finding]:
    """Delays that are about right, which is wrong: « sous quinzaine »."""
    for match in read.find(_ROUND, start, end):
        written = read.whole[match.start() : match.end()]
        advice = f"« {written} » n’est pas un délai exact : donnez-le en jours ou en mois."
        yield Finding(*match.span(), typeset(advice))


def months_of(famille: Famille) -> set[int]:
    """The delays in months that a text on this family may give."""
    before = famille.recours_prealable
    return {famille.juge.delai_mois, *((before.delai_mois, before.silence_vaut_rejet_mois) if before else ())}


def of_family(read: Reading, famille: Famille) -> str:
    """The prestations of a family as a finding names them."""
    own = dict.fromkeys(part.libelle for part in read.about.parts if part.famille is famille)
    return listed([f"« {one} »" for one in own])


def number_of(match: re.Match[str]) -> int:
    """The number of a delay, in figures or in words."""
    return int(match["number"]) if match["number"].isdecimal() else NUMBERS[match["number"]]


class _Parties(NamedTuple):
    """Finds authorities, or courts: group `n3` of a match is right for the families of the fourth owners."""

    sought: Sought
    owners: tuple[frozenset[str], ...]


@remembered(4)
def _parties_pattern(lexicon: Lexicon) -> tuple[_Parties, _Parties]:
    """Authorities, then courts."""
    return _finder(lexicon, courts=False), _finder(lexicon, courts=True)


def _finder(lexicon: Lexicon, *, courts: bool) -> _Parties:
    owners: dict[str, set[str]] = {one: set() for one in (OTHER_COURTS if courts else OTHER_AUTHORITIES)}
    for famille in lexicon.familles.values():
        if words := famille.lettre_juge if courts else famille.lettre_autorite:
            owners.setdefault(words, set()).add(famille.code)
    ways = [f"(?P<n{number}>{_inflected(words)})" for number, words in enumerate(owners)]
    return _Parties(Sought("|".join(ways), keys_of(owners)), tuple(frozenset(codes) for codes in owners.values()))


def _inflected(words: str) -> str:
    """Both genders of an office, and the caisse under any of its names."""
    way = r"\s+".join(map(re.escape, level(words).split()))
    way = way.replace("president", "presidente?").replace("directeur", "direct(?:eur|rice)")
    return re.sub(r"la\\s\+caf$", r"(?:la|votre)\\s+(?:caf|caisse)", way)
