"""What a text says against the family's rights: that it cannot contest, that it need not, that another Caf answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.explanation.reading import Reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.french import typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import Sought, level

_TO_ACT = r"(?:contester|saisir|former|deposer|faire|aller devant|ecrire|vous adresser|demander)"
_CLOSED = Sought(
    rf"ne (?:pouvez|pourrez|devez|devrez) (?:pas|plus|jamais) {_TO_ACT}"
    r"|n'ecrivez (?:pas|plus)|ne saisissez (?:pas|plus)"
    r"|(?:recours|contestation|reclamation|rectification) (?:est|serait|sera) (?:inutile|impossible|interdite?)"
    rf"|inutile (?:de |d'){_TO_ACT}|decision (?:est|sera) definitive"
    r"|ne (?:peut|pourra) (?:pas|plus) etre contestee?|n'est (?:pas|plus) contestable"
    r"|aucun recours(?! (?:prealable|amiable|administratif|n'est (?:necessaire|obligatoire)))",
    "ne n reco cont recl rect inut deci aucu",
)
"""Words that close a way the law leaves open."""
_RIGHTS = Sought(
    r"contest\w*|recours|tribunal|juge|commission|president|directeur|directrice|rectifi\w+|remises?|echeancier|decision",
    "cont reco trib juge comm pres dire rect remi eche deci",
)
_TRUE_BEFORE = Sought(r"avant|sans|directement|d'abord|tant que|apres|au-dela|si", "avan sans dire d tant apre au si")
"""What makes such words right: « avant ce recours », « après ce délai »."""
_OPTIONAL = Sought(r"recours (?:prealable )?(?:n'est pas obligatoire|est facultatif)", "reco")
_CONTACT = Sought(r"contactez|ecrivez|appelez|telephonez|adressez-vous", "cont ecri appe tele adre")
_OF_PLACE = re.compile(r"c(?<!\wc)(?:af|aisse) (?:du |de la |des |de l'|de |d')(?P<name>[a-z][\w' -]*)")


def obstacles(read: Reading) -> Iterator[Finding]:
    """The sentences on what the family can do that shut it out or send it elsewhere."""
    optional_nowhere = all(one.recours_prealable for one in read.about.familles)
    for start, end in read.sentences:
        if not read.is_recourse_place(start):
            continue
        closed = read.find(_CLOSED, start, end)
        if closed and read.find(_RIGHTS, start, end) and not read.find(_TRUE_BEFORE, start, end):
            written = read.whole[closed[0].start() : closed[0].end()]
            advice = f"« {written} » : cette phrase ferme une voie ouverte à la famille, retirez-la."
            yield Finding(start, end, typeset(advice))
        if optional_nowhere and (found := read.find(_OPTIONAL, start, end)):
            advice = "Ce recours est obligatoire avant d’aller devant le juge : dites-le ainsi."
            yield Finding(*found[0].span(), typeset(advice), "recours est obligatoire")
        if read.find(_CONTACT, start, end):
            yield from _elsewhere(read, start, end)


def _elsewhere(read: Reading, start: int, end: int) -> Iterator[Finding]:
    """A family told to write to the Caf of another place."""
    own = f"{level(read.about.caisse_nom)} {level(read.about.settings.departement)}"
    for match in _OF_PLACE.finditer(read.level, start, end):
        other = next((one for one in caisse_places(read.lexicon) if _is_at(match["name"], one)), "")
        if other and not re.search(rf"(?<!\w){re.escape(other)}(?!\w)", own):
            written = read.whole[match.start() : match.start("name") + len(other)]
            advice = f"« {written} » n’est pas la caisse de ce dossier : {read.about.caisse_nom}."
            yield Finding(match.start(), match.start("name") + len(other), typeset(advice), read.about.caisse_nom)


def _is_at(name: str, place: str) -> bool:
    return name.startswith(place) and not name[len(place) : len(place) + 1].isalnum()


@remembered(4)
def caisse_places(lexicon: Lexicon) -> tuple[str, ...]:
    """What follows « Caf du », « Caf de l’ » in the name of every caisse, levelled, the longest first."""
    found = (_OF_PLACE.match(level(one)) for one in lexicon.caisses.values())
    return tuple(sorted({match["name"] for match in found if match}, key=len, reverse=True))
