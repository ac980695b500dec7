"""The crowd: ordinary invented dossiers, as many as wanted, each drawn after the other from one seed."""

from __future__ import annotations

import random
from datetime import date

from gca_tui.demo import people, texts
from gca_tui.demo.scribe import CONVENTION, EXTRACT, IDS_PER_DOSSIER, Cast, DemoDossier, Diary, Scribe, indu
from gca_tui.demo.stories import Scene, pick, story
from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.commands.extract import ReadIndu, ReadPiece
from gca_tui.domain.dossier import Allocataire
from gca_tui.domain.pieces import ExtraitPiece

SHARE_ARIEGE = 0.15
SHARE_INDU = 0.08
SHARE_URGENCE = 0.009
SHARE_SECOND_PIECE = 0.30
SHARE_ETAT = 0.08
OLDEST = 38
"""Age in days of the oldest reception; one by post on a week-end counts from the Friday before."""
SETTLED = 5
"""Age in days from which a dossier may have been worked on: at least one weekday lies between its extract and today."""

FIRST_MATRICULE = 1_000_000
MATRICULES, STRIDE = 9_000_000, 5_566_277
"""The stride shares no factor with the number of matricules: none comes twice in 9 million dossiers."""


class Population:
    """Draws dossiers one by one: each depends on the seed, on today and on those before it, not on how many follow."""

    def __init__(self, seed: int, diary: Diary, cast: Cast) -> None:
        generator = random.Random(seed)
        self.first_id = generator.getrandbits(61)
        self._first_matricule = generator.getrandbits(32)
        self._random = generator.random
        self._diary = diary
        self._cast = cast

    def dossier(self, index: int) -> DemoDossier:
        """The next dossier; `index` gives it its matricule and its ids."""
        chance = self._random
        caisse = people.ARIEGE if chance() < SHARE_ARIEGE else people.HAUT_RHIN
        matricule = FIRST_MATRICULE + (self._first_matricule + index * STRIDE) % MATRICULES
        scribe = Scribe(caisse, str(matricule), self.first_id + index * IDS_PER_DOSSIER)
        told = story(chance())
        extract = self._extract(scribe, index, SETTLED if told else 0)
        if told is None:
            return DemoDossier(extract, ())
        scene = Scene(
            scribe=scribe,
            cast=self._cast,
            diary=self._diary,
            random=chance,
            author=self._cast.agent,
            pieces=tuple(piece.id for piece in extract.pieces or ()),
            owed=sum((read.verse or 0) - (read.du or 0) for one in extract.indus or () for read in one.mois.values()),
            age=self._diary.weekday_age(1 + int(chance() * 2)),
            minutes=7 * 60 + int(chance() * 400),
        )
        return DemoDossier(extract, tuple(told(scene)))

    def _extract(self, scribe: Scribe, index: int, newest: int) -> ReceiveExtract:
        chance = self._random
        prestations = pick(chance, texts.PROFILS)
        number = 2 if chance() < SHARE_SECOND_PIECE else 1
        ages = [newest + int((OLDEST + 1 - newest) * chance() ** 2) for _ in range(number)]
        pieces = [self._piece(index * 4 + rank, age, prestations, newest) for rank, age in enumerate(ages)]
        imported = max(0, min(ages) - 1)
        return scribe.write(
            ReceiveExtract,
            EXTRACT,
            self._diary.at(imported, 5 * 60),
            le=self._diary.day(imported),
            allocataire=self._allocataire(scribe.caisse),
            prestations=prestations,
            convention=CONVENTION if scribe.caisse == people.HAUT_RHIN else None,
            urgence=pick(chance, texts.URGENCES) if not newest and chance() < SHARE_URGENCE else "",
            pieces=tuple(pieces),
            indus=self._indus(prestations, imported) if chance() < SHARE_INDU else (),
        )

    def _allocataire(self, caisse: str) -> Allocataire:
        chance = self._random
        nom = pick(chance, people.NOMS[caisse])
        if chance() < 0.06:
            nom = f"{nom}-{pick(chance, people.NOMS[caisse])}"
        code_postal, commune = pick(chance, people.COMMUNES[caisse])
        telephone = f"{int(chance() * 10_000):04d}"
        return Allocataire(
            nom=nom,
            prenom=pick(chance, people.PRENOMS),
            date_naissance=date.fromordinal(self._diary.today.toordinal() - 6_800 - int(chance() * 22_000)),
            telephones=(f"{pick(chance, people.PREFIXES[caisse])} {telephone[:2]} {telephone[2:]}",),
            adresse=f"{1 + int(chance() * 140)} {pick(chance, people.RUES[caisse])}",
            code_postal=code_postal,
            commune=commune,
        )

    def _piece(self, number: int, age: int, prestations: tuple[str, ...], newest: int) -> ReadPiece:
        chance = self._random
        prestation = pick(chance, prestations)
        if chance() < texts.RAC:
            nature = "rac_trimestriel" if prestation in texts.TRIMESTRIELLES else "rac_annuel"
        else:
            nature = pick(chance, texts.NATURES[prestation])
        if chance() < texts.DEMATERIALISED:
            canal = pick(chance, texts.CANAUX_DEMATERIALISES)
        else:
            canal, age = pick(chance, texts.CANAUX_AUTRES), self._diary.weekday_age(age)
        etat = pick(chance, texts.ETATS_EXTRAIT) if not newest and chance() < SHARE_ETAT else ""
        extrait = ExtraitPiece(
            nature=nature, canal=canal, recue_le=self._diary.day(age), prestation=prestation, etat=etat
        )
        return ReadPiece(id=f"{number:08d}", extrait=extrait)

    def _indus(self, prestations: tuple[str, ...], newest: int) -> tuple[ReadIndu, ...]:
        """One trop-perçu, or one for each of two prestations; still to be notified, or notified, or received too."""
        chance = self._random
        dates: tuple[int | None, int | None] = (None, None)
        if chance() < 0.65:
            notified = newest + int(chance() * 25)
            dates = (notified, max(newest, notified - 4) if chance() < 0.5 else None)
        motif = pick(chance, texts.MOTIFS_INDU)
        number = 2 if len(prestations) > 1 and chance() < 0.2 else 1
        return tuple(self._indu(prestation, motif, dates) for prestation in prestations[:number])

    def _indu(self, prestation: str, motif: str, dates: tuple[int | None, int | None]) -> ReadIndu:
        chance = self._random
        verse = 8_000 + int(chance() * 52_000)
        du = int(verse * chance() * 0.6) if chance() < 0.7 else 0
        reference = f"{texts.REFERENCES.get(prestation, prestation)} 001"
        montants = [(verse, du)] * (1 + int(chance() * 9))
        return indu(self._diary, reference, prestation, motif, montants, dates)
