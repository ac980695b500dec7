"""How many single changes of a text its checks catch: `python -m tools.mutations [DOSSIER]` prints the rates."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gca_tui import reference
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.explanation.authorities import DELAY
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.mentions import Amount, mentions
from gca_tui.domain.explanation.reading import reading
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Section, Texte
from gca_tui.domain.french import euros
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.months import MONTHS
from gca_tui.domain.phrases import level
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.trop_percu import ExtraitNotification, Faits, Mois, Montants, Notification, TropPercu
from gca_tui.domain.values import Author

KINDS = {"montant": (3, 6), "mois": (2, 4, 5, 7, 8), "prestation": (1, 8), "recours": (8,)}
"""What is changed, and the checks of which one must say so."""
_MONTH = re.compile(rf"(?<![\w-])(?:{'|'.join(MONTHS)})(?!\w)", re.IGNORECASE)
_PARTIES = (
    ("commission de recours amiable", "président du conseil départemental", "directeur de la caf"),
    ("tribunal judiciaire", "tribunal administratif"),
)


@dataclass(frozen=True)
class Change:
    """One place of a text and what stands there instead."""

    kind: str
    start: int
    end: int
    instead: str

    def made(self, texte: Texte) -> Texte:
        """The text with this change and no other; sections follow."""
        longer = len(self.instead) - (self.end - self.start)

        def moved(place: int) -> int:
            return place + longer if place >= self.end else place

        sections = tuple(Section(one.name, moved(one.start), moved(one.end)) for one in texte.sections)
        return Texte(texte.whole[: self.start] + self.instead + texte.whole[self.end :], sections)


def changes(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterator[Change]:
    """Single changes of every amount, month, prestation and recourse, each into something else."""
    for one in mentions(texte.whole):
        if isinstance(one, Amount):
            yield from (Change("montant", one.start, one.end, euros(one.cents + more)) for more in (1, 10_000, 123_456))
    for match in _MONTH.finditer(texte.whole):
        yield from (Change("mois", *match.span(), name) for name in MONTHS if name != match[0].lower())
    labels = [one.libelle[:1].lower() + one.libelle[1:] for one in lexicon.prestations.values()]
    for name in reading(texte, about, lexicon).names:
        written = lexicon.prestations[name.code].libelle if name.code in lexicon.prestations else ""
        others = [one for one in labels if level(one) != level(written)] if name.full else []
        yield from (Change("prestation", name.start, name.end, one) for one in others)
    yield from _recourses(texte)


def _recourses(texte: Texte) -> Iterator[Change]:
    levelled = level(texte.whole)
    for group in _PARTIES:
        for words in group:
            for match in re.finditer(re.escape(level(words)), levelled):
                if texte.section_at(match.start()).name in ("que_faire", ""):
                    yield from (Change("recours", *match.span(), one) for one in group if one != words)
    for match in DELAY.finditer(levelled):
        if texte.section_at(match.start()).name in ("que_faire", ""):
            start, end = match.span("number")
            kind = "mois" if levelled.endswith("ces ", 0, start) else "recours"
            yield from (Change(kind, start, end, one) for one in ("trois", "15", "six") if one != match["number"])


def is_caught(change: Change, texte: Texte, about: Subject, lexicon: Lexicon) -> bool:
    """Whether one of the checks that should say so does; the text passes them all as it stands."""
    results = check_all(change.made(texte), about, lexicon)
    return any(one.findings for one in results if one.controle in KINDS[change.kind])


def case(read: dict[str, Any]) -> tuple[Texte, Subject]:
    """A text of the corpus and what it is about: its file as read."""
    faits = read["faits"]
    parts = tuple(_trop_percu(number, one) for number, one in enumerate(faits["trop_percus"]))
    extrait = ExtraitNotification(notifiee_le=_day(faits.get("notifiee_le")), recue_le=_day(faits.get("recue_le")))
    agent = Author(identifiant="091-ifaure", nom="Inès Faure", qualite="gestionnaire conseil allocataires")
    dossier = Dossier(caisse=faits["caisse"], matricule="0123456", allocataire=Allocataire(nom="MARTIN", prenom="Zoé"))
    settings = Settings(caisses={faits["caisse"]: CaisseSettings.model_validate(faits.get("reglages", {}))})
    today = _day(faits.get("aujourdhui")) or datetime(2026, 11, 12, tzinfo=UTC).date()
    context = Context(today, {}, settings, reference.lexicon())
    letter = Notification(id="N1", extrait=extrait, trop_percus=parts)
    return Texte.read("\n".join(read["texte"])), subject(dossier, letter, context, agent)


def _trop_percu(number: int, read: dict[str, Any]) -> TropPercu:
    months = tuple(Mois(id=name, extrait=Montants(verse=a, du=b)) for name, (a, b) in read["mois"].items())
    codes = {name: read.get(name, "") for name in ("prestation", "motif", "origine", "responsabilite")}
    return TropPercu(id=f"T{number}", mois=months, faits=Faits.model_validate(read.get("faits", {})), **codes)


def _day(read: str | None) -> date | None:
    return date.fromisoformat(read) if read else None


def rates(folder: Path) -> dict[str, tuple[int, int]]:
    """Of each kind, how many single changes are caught and how many were made, in the texts without a fault."""
    import json

    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    lexicon = reference.lexicon()
    for path in sorted(folder.glob("*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        if read["controles"]:
            continue
        texte, about = case(read)
        for change in changes(texte, about, lexicon):
            made[change.kind] += 1
            if is_caught(change, texte, about, lexicon):
                caught[change.kind] += 1
            else:
                print(_missed(path.stem, change, texte), file=sys.stderr)
    return {kind: (caught[kind], made[kind]) for kind in KINDS}


def _missed(name: str, change: Change, texte: Texte) -> str:
    before, after = texte.whole[max(0, change.start - 40) : change.start], texte.whole[change.end : change.end + 20]
    written = texte.whole[change.start : change.end]
    return f"{name}\u00a0: …{before}[{written} → {change.instead}]{after}…".replace("\n", " ")


def main() -> None:
    """Print the rates of a folder of texts as a table, what is not caught on the error output."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("fixtures/explications")
    print("| ce qui est changé | contrôles attendus | changements | vus | taux |\n|---|---|---|---|---|")
    for kind, (caught, made) in rates(folder).items():
        rate = f"{100 * caught / made:.1f}".replace(".", ",") if made else "—"
        print(f"| {kind} | {', '.join(map(str, KINDS[kind]))} | {made} | {caught} | {rate}\u00a0% |")


if __name__ == "__main__":
    main()
