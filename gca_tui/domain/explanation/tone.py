"""Check 11: nobody is accused, and whose error it is is said when it is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.explanation.reading import reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.sentences import sentences_of
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import cased_like, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import Phrases, level

BY_THE_CAF = "La Caf a fait une erreur. Vous n’en êtes pas responsable."
BY_A_THIRD_PARTY = "Un autre organisme nous a transmis cette information en retard."
BY_NOBODY = "Cette information n’était pas connue de la Caf à temps."
_LINK = (
    r"(?:d'|l'|qu'|vous|nous|de|du|des|la|le|les|une?|en|aux?|a|votre|vos|comme|que|ce|soit|il|y|ait|aucun|aucune|cas|acte|part"
    r"|accuse[es]*|soupconne[es]*|reproche[es]?|considere[es]*|s'agit|c'est|commis|agi|par)"
)
_DENIED = re.compile(
    rf"(?<!\w)(?:sans|aucune?|pas|ni|jamais|sauf|hors|rien|aucunement|nullement|ne)\s+(?:{_LINK}\s*)*$"
)
_NEGATION = re.compile(r"(?<!\w)(?:n'|ne|aucune?|sans|pas|jamais)(?!\w)|(?<!\w)n'")
_CAF = r"(?:caf|caisse|nous|notre|nos)"
_ERROR = (
    r"(?:erreurs?|trompee?s?|oublie|dysfonctionnement|mal (?:calcule|enregistre|saisi|lu|pris|compte|applique)\w*"
    r"|(?:traite|enregistre|calcule|tenu compte|pris en compte)\b[^,;:]*\b(?:retard|tard))"
)
_ERRED = re.compile(r"erreur|tromp|oubli|dysfonc|mal |traite|enregistre|calcule|tenu compte|pris en compte")
"""A sentence without any of these tells of no error."""
_CAF_ERRED = re.compile(rf"(?<!\w){_CAF}\b[^,;:]*?(?<!\w){_ERROR}\b")
_ERROR_OF_CAF = re.compile(
    rf"(?:(?:sans|aucune|pas d'|pas une)\s*)?(?<!\w){_ERROR}\b[^,;:]{{0,40}}?\b(?:de la|de notre|par la|notre)"
    rf"\s+(?:{_CAF}|part|fait|service)\b"
)
_THIRD = re.compile(
    r"(?<!\w)(?:(?:autre |un |cet |l')organismes?|employeur|bailleur|proprietaire|tiers|administration|impots"
    r"|france travail|urssaf|assurance maladie|caisse de retraite|mutuelle|banque|etablissement|ecole|mairie)\b"
)
_ARTICLE = re.compile(r"(?:l'|(?:les?|la|une?)\s+)")
_LATE = re.compile(
    r"(?<!\w)(?:erreurs?|retard|tard|tardive\w*|trompe\w*|transmi\w*|inexact\w*|fausses?|incomplet\w*|corrige\w*"
    r"|rectifi\w*|apres|delai|envoy\w*|communiqu\w*|inform\w*)\b"
)
_PLAINLY_LATE = re.compile(r"(?<!\w)(?:erreurs?|retard|tard|tardive\w*|trompe\w*|inexact\w*|incomplet\w*|corrige\w*)\b")
"""What counts when the third party is named in the sentence before or after."""


def tone(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 11: words that accuse, unless denied (« sans faute de votre part »), and the responsibility if known."""
    levelled = reading(texte, about, lexicon).level
    yield from _accusations(texte.whole, levelled, lexicon)
    yield from _responsibility(texte, levelled, about)


def _accusations(text: str, levelled: str, lexicon: Lexicon) -> Iterator[Finding]:
    spans = sentences_of(text)
    for number, match in _phrases(lexicon).find(levelled):
        words = lexicon.accusations[number]
        start, end = next((one for one in spans if one[0] <= match.start() < one[1]), match.span())
        if _DENIED.search(levelled[start : match.start()]):
            continue
        written = text[match.start() : match.end()]
        advice = f"« {written} » accuse la famille : dites ce qui s’est passé, sans juger."
        if words.portee == "mots":
            yield Finding(*match.span(), typeset(advice), cased_like(words.remplacement, written))
        else:
            yield Finding(start, end, typeset(advice), words.remplacement)


def _responsibility(texte: Texte, levelled: str, about: Subject) -> Iterator[Finding]:
    sides = {part.cote for part in about.parts}
    spans = sentences_of(texte.whole)
    erring = spans if _ERRED.search(levelled) else ()
    caf = next(((start, end) for start, end in erring if _blames_caf(levelled[start:end])), None)
    place = _end_of_reasons(texte)
    if "caf" in sides and not caf:
        dire = "L’erreur vient de la Caf et le texte ne le dit pas : ajoutez une phrase qui le dit."
        yield Finding(place, place, typeset(dire), BY_THE_CAF)
    if "tiers" in sides and not _names_third_party(levelled, spans, about):
        dire = "L’erreur ou le retard vient d’un tiers et le texte ne le dit pas : ajoutez une phrase qui le dit."
        yield Finding(place, place, typeset(dire), BY_A_THIRD_PARTY)
    if caf and "allocataire" in sides and not sides & {"caf", "tiers"}:
        dire = "Le texte met l’erreur au compte de la Caf, les faits établis disent autre chose : accordez-les."
        yield Finding(*caf, typeset(dire), BY_NOBODY)


def _blames_caf(sentence: str) -> bool:
    if sentence.startswith("si ") or sentence.endswith("?"):
        return False
    if not _ERRED.search(sentence):
        return False
    said = (*_CAF_ERRED.finditer(sentence), *_ERROR_OF_CAF.finditer(sentence))
    return any(not _NEGATION.search(match[0]) for match in said)


def _names_third_party(levelled: str, spans: tuple[tuple[int, int], ...], about: Subject) -> bool:
    names = [_ARTICLE.sub("", level(part.faits.tiers_nom).strip()) for part in about.parts if part.cote == "tiers"]
    naming = [
        at
        for at, (start, end) in enumerate(spans)
        if _THIRD.search(levelled, start, end) or any(name and levelled.find(name, start, end) >= 0 for name in names)
    ]
    for at in naming:
        around = levelled[spans[max(0, at - 1)][0] : spans[min(at + 1, len(spans) - 1)][1]]
        if _LATE.search(levelled, *spans[at]) or _PLAINLY_LATE.search(around):
            return True
    return False


def _end_of_reasons(texte: Texte) -> int:
    """Where a sentence on the responsibility would stand: at the end of the reasons, or of the text."""
    ends = [section.end for section in texte.sections if section.name == "raison"]
    return ends[0] if ends else len(texte.whole)


@remembered(4)
def _phrases(lexicon: Lexicon) -> Phrases:
    return Phrases((one.terme, one.sauf) for one in lexicon.accusations)
