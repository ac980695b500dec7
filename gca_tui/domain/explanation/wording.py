"""Check 10: no word of the trade and no sigle that the family has not been told the meaning of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.explanation.reading import reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import cased_like, typeset
from gca_tui.domain.lexicon import Jargon, Lexicon
from gca_tui.domain.phrases import Phrases, beginnings, keys_of, level

_WORDS = re.compile(r"[a-z]{4,}")
_IN_BRACKETS = re.compile(r"\s?\(([^()\n]*)\)")
_THAT_IS = re.compile(r"[\s,(]*c'est-a-dire\b")
_MEANS = re.compile(r"\s(?:est|sont|signifie|veut dire)\s(?:l'|(?:les?|la|une?)\s)?")
_PLACEHOLDER = re.compile(r"\[\[[^\[\]]*\]\]")
_CAPITALS = re.compile(r"[A-ZÀ-Ý](?<![\w@/.-].)[A-ZÀ-Ý]{1,5}(?![\w@/-])")
_SHOUTED = re.compile(r"[A-ZÀ-Ý](?<!\w.)[A-ZÀ-Ý]+(?:[\s'’,-]+[A-ZÀ-Ý]{2,})+(?!\w)")
_POSTCODE = re.compile(r"\d{5}\s$")
_ROMAN = re.compile(r"[IVX]+")
_PLAIN_CAPITALS = frozenset({"NE", "PAS", "NON", "OUI", "ET", "OU", "EN", "LE", "LA", "LES", "UN", "UNE", "VOUS"})
_OWN_SIGLE = "caf"
"""How families name their caisse: understood, unless it is in capitals."""
_CONTRACTED = {"au": "le ", "aux": "les ", "du": "le ", "des": "les "}


@dataclass(frozen=True)
class _Made:
    """What is looked for, made of a lexicon once. `names` are levelled; `sigles` are the keys of the known ones."""

    names: tuple[str, ...]
    terms: tuple[Jargon, ...]
    phrases: Phrases
    forms: dict[str, str]
    known: re.Pattern[str] | None
    sigles: frozenset[str]


def words(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 10: each term of the trade and each sigle, up to the place where it is explained; then it is understood."""
    text, levelled = texte.whole, reading(texte, about, lexicon).level
    made = _made(lexicon)
    taken = _fixed(levelled, made.names)
    jargon = list(_jargon(text, levelled, made, taken))
    taken += [(finding.start, finding.end) for finding in jargon]
    sigles = _sigles(text, levelled, about, made, taken)
    return sorted((*jargon, *sigles), key=lambda finding: finding.start)


def _jargon(text: str, levelled: str, made: _Made, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    understood: set[str] = set()
    for number, match in made.phrases.find(levelled):
        term = made.terms[number]
        if _is_inside(match.span(), taken) or term.terme in understood:
            continue
        if _is_explained(levelled, match.end(), term.remplacement):
            understood.add(term.terme)
            continue
        written = text[match.start() : match.end()]
        instead = _instead(written, term)
        advice = f"« {written} » : écrivez plutôt « {instead} »." if instead else f"« {written} » : nommez la chose."
        yield Finding(match.start(), match.end(), typeset(advice), instead)


def _sigles(text: str, levelled: str, about: Subject, made: _Made, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    forms = made.forms
    known = [
        match.span() for at in beginnings(levelled, made.sigles) if made.known and (match := made.known.match(text, at))
    ]
    understood: set[str] = set()
    for start, end in sorted({*known, *_unknown(text, about, forms)}):
        sigle = text[start:end].upper()
        if sigle in understood or _is_inside((start, end), taken):
            continue
        form = forms.get(sigle, "")
        if _has_full_form(text, levelled, (start, end), form):
            understood.add(sigle)
            continue
        written = text[start:end]
        advice = f"« {written} » : écrivez « {form} »." if form else f"« {written} » : écrivez ce sigle en entier."
        yield Finding(start, end, typeset(advice), form)


def _unknown(text: str, about: Subject, forms: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Capitals that are no known sigle, no name of the dossier or of a town, no shouted sentence, no figure."""
    own = _own_words(about)
    shouted = [match.span() for match in _SHOUTED.finditer(text)]
    for match in _CAPITALS.finditer(text):
        word = match[0]
        is_plain = word in forms or word in _PLAIN_CAPITALS or _ROMAN.fullmatch(word) or level(word) in own
        postcode = _POSTCODE.search(text, max(0, match.start() - 6), match.start())
        if not (is_plain or postcode or _is_inside(match.span(), shouted)):
            yield match.span()


def _own_words(about: Subject) -> set[str]:
    """Words of the names a text may hold: people, places, courts, third parties."""
    own = about.settings
    names = [about.nom, about.caisse_nom, own.adresse, own.adresse_departement, own.departement]
    names += [own.tribunal_administratif, own.tribunal_judiciaire]
    names += [text for agent in about.agents for text in (agent.nom, agent.qualite)]
    names += [part.faits.tiers_nom for part in about.parts]
    return set(re.findall(r"\w+", level(" ".join(names))))


def _has_full_form(text: str, levelled: str, place: tuple[int, int], form: str) -> bool:
    """« revenu de solidarité active (RSA) », the other way round, « le RSA est le… »; initials for other sigles."""
    start, end = place
    means = _MEANS.match(levelled, end)
    if form and (_is_explained(levelled, end, form, True) or (means and levelled.startswith(level(form), means.end()))):
        return True
    before = levelled[max(0, start - 120) : start].rstrip()
    if before.endswith("(") and text[end : end + 1] == ")":
        said = before[:-1].rstrip()
        return said.endswith(level(form)) if form else _has_initials(said, level(text[start:end]))
    if form:
        return False
    following = _IN_BRACKETS.match(levelled, end)
    return bool(_THAT_IS.match(levelled, end) or (following and len(_WORDS.findall(following[1])) > 1))


def _has_initials(said: str, sigle: str) -> bool:
    initials = iter([word[0] for word in re.findall(r"\w+", re.split(r"[.;:!?\n]", said)[-1])])
    return all(letter in initials for letter in sigle)


def _is_explained(levelled: str, end: int, replacement: str, whole: bool = False) -> bool:
    """Whether brackets or « c’est-à-dire » follow, and the brackets hold the replacement, or a word of it."""
    if _THAT_IS.match(levelled, end):
        return True
    brackets = _IN_BRACKETS.match(levelled, end)
    if not brackets:
        return False
    if whole:
        return level(replacement) in brackets[1]
    return not {*_WORDS.findall(level(replacement))}.isdisjoint(_WORDS.findall(brackets[1]))


def _instead(written: str, term: Jargon) -> str:
    """The plain words, as they fit where the term stood: article not lost, first letter as it was."""
    instead = term.remplacement
    if instead.startswith("("):
        return ""
    last = level(written).split()[-1]
    if term.terme.endswith((" à", " de")) and last in _CONTRACTED:
        instead = f"{instead[:-2]}{last}" if instead.endswith(" de") else f"{instead} {_CONTRACTED[last].rstrip()}"
    elif last in {"d'", "qu'"}:
        instead = f"{instead[:-1]}’" if instead.endswith(" de") else f"{instead} "
    return cased_like(instead, written)


def _fixed(levelled: str, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Names that a text may not change: of prestations in full; and what is still to complete."""
    places = [match.span() for match in _PLACEHOLDER.finditer(levelled)]
    for name in names:
        at = levelled.find(name)
        while at >= 0:
            places.append((at, at + len(name)))
            at = levelled.find(name, at + len(name))
    return places


def _is_inside(place: tuple[int, int], places: list[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in places)


def _forms(lexicon: Lexicon) -> dict[str, str]:
    jargon = {one.terme: one.remplacement for one in lexicon.jargon if one.type == "sigle"}
    return {one.sigle: one.forme for one in lexicon.sigles} | jargon


@remembered(4)
def _made(lexicon: Lexicon) -> _Made:
    terms = tuple(one for one in lexicon.jargon if one.type != "sigle")
    forms = _forms(lexicon)
    explained = tuple(sigle for sigle, form in forms.items() if form)
    return _Made(
        names=tuple(level(one.libelle) for one in lexicon.prestations.values()),
        terms=terms,
        phrases=Phrases((term.terme, term.sauf) for term in terms),
        forms=forms,
        known=_known(explained),
        sigles=keys_of(explained),
    )


def _known(sigles: tuple[str, ...]) -> re.Pattern[str] | None:
    """Known sigles, in capitals; those of more than three letters in lower case too, `caf` and words excepted."""
    if not sigles:
        return None
    loose = [one for one in sigles if len(one) > 2 and one.lower() not in {_OWN_SIGLE, "ars", "rac", "are", "ass"}]
    strict = [one for one in sigles if one not in loose]
    parts = [f"(?:{'|'.join(strict)})"] if strict else []
    parts += [f"(?i:{'|'.join(loose)})"] if loose else []
    return re.compile(rf"(?<![\w@/.-])(?:{'|'.join(parts)})(?![\w@/-])")
