"""Check 8: what the family can do, to whom, until when, and who answers for the letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gca_tui.domain.delai import RECOURS
from gca_tui.domain.explanation.authorities import (
    DELAY,
    Said,
    covered,
    is_misread,
    months_of,
    number_of,
    of_family,
    rounded,
    written_of,
)
from gca_tui.domain.explanation.days import DEADLINE, day_role, days_expected, is_day
from gca_tui.domain.explanation.obstacles import obstacles
from gca_tui.domain.explanation.passed import passed, possessives, rectification_over, unsaid
from gca_tui.domain.explanation.reading import Reading, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import count, typeset
from gca_tui.domain.lexicon import Famille, Lexicon
from gca_tui.domain.months import long_date
from gca_tui.domain.phrases import Sought, level
from gca_tui.domain.traces import RECTIFICATION

_RECTIFY = Sought(
    r"rectifi\w+|information (?:est )?(?:fausse|inexacte)|corrig\w+|dites-le(?:-nous)?", "rect info corr dite"
)
_REMISE = Sought(r"remises?(?: \w+)? (?:de )?(?:votre |cette |la )?dette", "remi")
_PLAN = Sought(
    r"echeanciers?|(?:en )?plusieurs fois|mensualites|plan de (?:remboursement|paiement)|etal\w+",
    "eche en plus mens plan etal",
)
_CONTEST = Sought(r"contest\w*|recours", "cont reco")
_NOT = re.compile(r"(?<!\w)(?:n'est pas|ne (?:vaut|remplace|conteste|constitue) pas|pas un|sans|ni une?)(?!\w)")
_ASK_REMISE = "Vous pouvez demander une remise de dette."
_ASK_PLAN = "Vous pouvez demander un échéancier, pour rembourser en plusieurs fois."
_NOT_WORD = re.compile(r"[\W_]+")


def recourse(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 8: rectification, the recourse of each family, remise and échéancier apart, contact, the agent's name."""
    read = reading(texte, about, lexicon)
    yield from _rectification(read)
    yield from _recourses(read)
    yield from obstacles(read)
    yield from _payment(read)
    yield from _contact(read)
    yield from _agent(read)


def _rectification(read: Reading) -> Iterator[Finding]:
    days = next((one.rectification_jours for one in read.about.familles if one.rectification_jours), None)
    places = list(_rectifying(read))
    over = passed(read.about, RECTIFICATION)
    if not places and not over:
        until, at = _until(read, days), read.end_of("que_faire")
        advice = f"Dites que la famille peut demander une rectification{until}."
        yield Finding(at, at, typeset(advice), typeset(f"Vous pouvez demander une rectification{until}."))
        return
    if days is None or any(one.suspendu for one in read.about.calendrier if one.objet == RECTIFICATION):
        return
    wrong = list(_miscounted(read, places, days))
    yield from wrong
    said = [day for place in places for day in read.days_in(*place)]
    misdated = {one.start for one in _deadlines(read)}.intersection(day.start for day in said)
    if over:
        yield from rectification_over(read, over, places, is_wrong=bool(wrong or misdated))
        return
    known = [one.le for one in read.about.calendrier if one.objet == RECTIFICATION and one.le]
    dated = any(is_day(one, last) for one in said for last in known)
    if not (dated or misdated or any(True for place in places for _ in DELAY.finditer(read.level, *place))):
        at = read.end_of("que_faire")
        advice = f"Dites le délai de rectification : {count(days, 'jour')} après la réception de ce courrier."
        yield Finding(at, at, typeset(advice), typeset(f"Vous pouvez demander une rectification{_until(read, days)}."))


def _until(read: Reading, days: int | None) -> str:
    """How a letter says it: ` dans les 20 jours qui suivent la réception…`, ` jusqu’au 2 décembre 2026`."""
    said = next((one.dire for one in read.about.calendrier if one.objet == RECTIFICATION and one.dire), "")
    return f" {said}" if said and days else ""


def _miscounted(read: Reading, places: list[tuple[int, int]], days: int) -> Iterator[Finding]:
    """Days of a rectification that are not those of the law, or are counted otherwise."""
    for place in places:
        for match in DELAY.finditer(read.level, *place):
            if match["unit"] != "jour" or number_of(match) != days or is_misread(read, match):
                advice = f"« {written_of(read, match)} » n’est pas le délai de rectification : {count(days, 'jour')}."
                yield Finding(*match.span(), typeset(advice), count(days, "jour"))
        yield from rounded(read, *place)


def _rectifying(read: Reading) -> Iterator[tuple[int, int]]:
    """The sentences on rectification, those of recourses left out; around them, the rest of their paragraph."""
    for top, bottom in read.paragraphs:
        inside = [one for one in read.sentences_in(top, bottom) if read.is_recourse_place(one[0])]
        if any(read.find(_RECTIFY, *one) and not _is_recourse(read, *one) for one in inside):
            told = [one for one in inside if read.find(_RECTIFY, *one)]
            whole = not any(_is_recourse(read, *one) for one in inside)
            yield from inside if whole else (one for one in _next_to(inside, told) if not _is_recourse(read, *one))


def _next_to(inside: list[tuple[int, int]], told: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for before, one in zip([None, *inside], inside, strict=False):
        if one in told or before in told:
            yield one


def _is_recourse(read: Reading, start: int, end: int) -> bool:
    return bool(read.find(_CONTEST, start, end)) or "tribunal" in read.level[start:end]


def _recourses(read: Reading) -> Iterator[Finding]:
    said, wrong = covered(read)
    yield from wrong
    taken = {(one.start, one.end) for one in wrong}
    yield from (one for one in _deadlines(read) if (one.start, one.end) not in taken)
    at = read.end_of("que_faire")
    for famille in read.about.familles:
        for advice, instead in _lacking(read, famille, said[famille.code]):
            yield Finding(at, at, typeset(advice), typeset(instead))


def _lacking(read: Reading, famille: Famille, said: Said) -> Iterator[tuple[str, str]]:
    where, before = of_family(read, famille), famille.recours_prealable
    if over := passed(read.about, RECOURS, famille.code):
        if not (said.over and said.delay) and "delay" not in said.wrong:
            yield unsaid(read, over, famille, where)
        yield from _unnamed(read, famille, said)
        return
    mine, authority, court = possessives(read, famille), famille.lettre_autorite, famille.lettre_juge
    if authority and not said.authority and "authority" not in said.wrong:
        to = "à la" if authority.startswith("commission") else "au"
        instead = f"Pour contester la décision sur {mine}, écrivez {to} {authority}."
        yield f"Dites à qui écrire pour contester {where} : {authority}.", instead
    if not said.court and "court" not in said.wrong:
        then = "ensuite " if before else ""
        instead = f"Pour contester la décision sur {mine}, vous pouvez {then}saisir le {court}."
        yield f"Dites quel juge saisir pour {where} : {court}.", instead
    delays = [one for one in read.about.calendrier if one.objet == RECOURS and famille.code in one.familles]
    suspended = any(one.suspendu for one in delays)
    if suspended and not said.suspended:
        instead = f"Le délai pour contester la décision sur {mine} est suspendu par la médiation en cours."
        yield f"Dites que la médiation suspend le délai de recours pour {where}.", instead
    elif before and not said.delay and not suspended and "delay" not in said.wrong:
        until = next((one.dire for one in delays if one.dire), "")
        instead = f"Vous pouvez contester la décision sur {mine} {until}." if until else ""
        yield f"Dites le délai de recours pour {where} : {count(max(months_of(famille)), 'mois', 'mois')}.", instead
    yield from _unnamed(read, famille, said)


def _unnamed(read: Reading, famille: Famille, said: Said) -> Iterator[tuple[str, str]]:
    if said.prestations or len(read.about.familles) > 1:
        for part in read.about.parts:
            if part.famille is famille and part.trop_percu.prestation not in said.prestations:
                yield f"Nommez « {read.said(part)} » dans le paragraphe de son recours.", ""


def _deadlines(read: Reading) -> Iterator[Finding]:
    """A date that is no delay of the calendar, where no recourse is spoken of."""
    for one in read.days:
        if day_role(read, one) != DEADLINE:
            continue
        start, end = read.sentence(one.start)
        rectifying = bool(read.find(_RECTIFY, start, end)) and not _is_recourse(read, start, end)
        known = [delai for delai in read.about.calendrier if delai.le]
        own = (
            [delai.le for delai in known if delai.objet == RECTIFICATION]
            if rectifying
            else days_expected(read, DEADLINE)
        )
        if not any(is_day(one, day) for day in own if day):
            written = read.whole[one.start : one.end]
            right = long_date(own[0]) if rectifying and own and own[0] else ""
            instead = f" : {right}" if right else ""
            advice = f"« {written} » n’est pas une date du calendrier de cette notification{instead}."
            yield Finding(one.start, one.end, typeset(advice), right)


def _payment(read: Reading) -> Iterator[Finding]:
    places = [one for one in read.sentences if read.is_recourse_place(one[0])]
    remises = [one for one in places if read.find(_REMISE, *one)]
    plans = [one for one in places if read.find(_PLAN, *one)]
    at = read.end_of("que_faire")
    if not remises:
        yield Finding(at, at, typeset("Dites que la famille peut demander une remise de dette."), _ASK_REMISE)
    if not plans:
        yield Finding(at, at, typeset("Dites que la famille peut demander un échéancier."), _ASK_PLAN)
    if remises and plans and set(remises) == set(plans):
        advice = "Remise de dette et échéancier sont deux choix : dites-les en deux phrases."
        yield Finding(*remises[0], typeset(advice))
    for start, end in remises:
        if read.find(_CONTEST, start, end) and not _NOT.search(read.level, start, end):
            advice = "Une demande de remise de dette n’est pas une contestation : séparez-la du recours."
            yield Finding(start, end, typeset(advice))


def _contact(read: Reading) -> Iterator[Finding]:
    at, about = read.end_of("que_faire"), read.about
    if _flat(about.caisse_nom) not in read.flat:
        instead = f"Une question ? Contactez la {about.caisse_nom}."
        yield Finding(at, at, typeset(f"Nommez la caisse à contacter : {about.caisse_nom}."), typeset(instead))
    address = ", ".join(filter(None, (line.strip(" ,") for line in about.settings.adresse.splitlines())))
    if address and _flat(address) not in read.flat:
        advice = f"Donnez l’adresse de la {about.caisse_nom} : {address}."
        yield Finding(at, at, typeset(advice), typeset(f"Adresse : {address}."))
    phone = about.settings.telephone.strip()
    if phone and _flat(phone).replace(" ", "") not in read.flat.replace(" ", ""):
        advice = f"Donnez le téléphone de la {about.caisse_nom} : {phone}."
        yield Finding(at, at, typeset(advice), typeset(f"Téléphone : {phone}."))


def _agent(read: Reading) -> Iterator[Finding]:
    signers = [one for one in read.about.agents if one.nom.strip() and one.qualite.strip()]
    if any(f" {_flat(one.nom)} " in read.flat and f" {_flat(one.qualite)} " in read.flat for one in signers):
        return
    at = read.end_of("prochaine_fois")
    signature = f"{signers[0].nom}, {signers[0].qualite}" if signers else ""
    instead = f" : {signature}" if signature else ". Le programme ne les connaît pas : votre profil est à compléter"
    yield Finding(at, at, typeset(f"Signez avec le nom et la qualité de l’agent{instead}."), signature)


def _flat(text: str) -> str:
    return _NOT_WORD.sub(" ", level(text)).strip()
