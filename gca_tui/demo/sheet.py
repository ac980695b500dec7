"""How a dossier of the showcase is written, fact after fact."""

from __future__ import annotations

from datetime import date
from typing import Any

from gca_tui.demo.people import HAUT_RHIN
from gca_tui.demo.scribe import CONVENTION, EXTRACT, C, Cast, DemoDossier, Diary, Scribe, indu
from gca_tui.domain.command import Command
from gca_tui.domain.commands import EditExplanation, EstablishFacts, ReceiveExtract
from gca_tui.domain.commands.extract import A_NOTIFIER, ReadIndu, ReadPiece
from gca_tui.domain.dossier import Allocataire
from gca_tui.domain.french import typeset
from gca_tui.domain.pieces import ExtraitPiece
from gca_tui.domain.values import Author

IMPORTED = 14
"""Age in days of the extracts of the showcase: what they tell is older, what agents do is younger."""


class Sheet:
    """One dossier of the showcase while it is being written: its extract, then what agents did."""

    def __init__(self, scribe: Scribe, diary: Diary, cast: Cast) -> None:
        self.diary = diary
        self.cast = cast
        self.pieces: list[ReadPiece] = []
        self.indus: list[ReadIndu] = []
        self.urgence = ""
        self._scribe = scribe
        self._identity: dict[str, Any] = {}
        self._commands: list[Command] = []
        self._done = 0

    def family(self, nom: str, prenom: str, prestations: str, telephone: str, born: str, home: str) -> Sheet:
        """Who they are. `telephone` is the last four digits; `home` is `12 rue des Vosges, 68100 Mulhouse`."""
        adresse, _, ville = home.partition(", ")
        code_postal, _, commune = ville.partition(" ")
        prefix = "03 53 01" if self._scribe.caisse == HAUT_RHIN else "05 36 49"
        self._identity = {
            "prestations": tuple(prestations.split()),
            "allocataire": Allocataire(
                nom=nom,
                prenom=prenom,
                date_naissance=date.fromisoformat(born),
                telephones=(f"{prefix} {telephone[:2]} {telephone[2:]}",),
                adresse=adresse,
                code_postal=code_postal,
                commune=commune,
            ),
        }
        return self

    def piece(self, nature: str, age: int, canal: str = "caf.fr", etat: str = "") -> str:
        """A pièce received so many days ago, for the first prestation; its id."""
        name = f"{self._scribe.matricule}{len(self.pieces) + 1}"
        prestation = self._identity["prestations"][0]
        received = self.diary.day(age)
        extrait = ExtraitPiece(nature=nature, canal=canal, recue_le=received, prestation=prestation, etat=etat)
        self.pieces.append(ReadPiece(id=name, extrait=extrait))
        return name

    def owes(
        self,
        reference: str,
        prestation: str,
        motif: str,
        montants: list[tuple[int, int]],
        dates: tuple[int | None, int | None] = (None, None),
        last_month: int = 2,
    ) -> None:
        """A trop-perçu (see `scribe.indu`)."""
        self.indus.append(indu(self.diary, reference, prestation, motif, montants, dates, last_month))

    @property
    def letter(self) -> str:
        """The id of its only notification, as the extract will give it."""
        (day,) = {one.notifiee_le for one in self.indus}
        return f"N-{day}" if day else A_NOTIFIER

    def establish(self, age: int, **facts: Any) -> None:
        """What an agent established, of all its trop-perçus; no data came from a third party unless it is said."""
        ids = tuple(one.id for one in self.indus)
        self.do(EstablishFacts, age, notification=self.letter, trop_percus=ids, **{"tiers": False, **facts})

    def explain(self, age: int, raison: str, calcul: str, que_faire: str, prochaine_fois: str) -> None:
        """What an agent wrote to the family, typeset here."""
        texts = {"raison": raison, "calcul": calcul, "que_faire": que_faire, "prochaine_fois": prochaine_fois}
        written: dict[str, Any] = {name: typeset(text) for name, text in texts.items()}
        self.do(EditExplanation, age, notification=self.letter, **written)

    def do(self, kind: type[C], age: int, author: Author | None = None, **fields: Any) -> C:
        """What an agent did on the weekday at or before that day, a quarter of an hour after the thing before."""
        self._done += 1
        at = self.diary.at(self.diary.weekday_age(age), 7 * 60 + 15 * self._done)
        command = self._scribe.write(kind, author or self.cast.agent, at, **fields)
        self._commands.append(command)
        return command

    def worked(self, age: int) -> date:
        """The weekday at or before that day, on which `do` dates things."""
        return self.diary.day(self.diary.weekday_age(age))

    def finished(self) -> DemoDossier:
        """The dossier as it now stands."""
        extract = self._scribe.write(
            ReceiveExtract,
            EXTRACT,
            self.diary.at(IMPORTED, 5 * 60),
            le=self.diary.day(IMPORTED),
            convention=CONVENTION if self._scribe.caisse == HAUT_RHIN else None,
            urgence=self.urgence,
            pieces=tuple(self.pieces),
            indus=tuple(self.indus),
            **self._identity,
        )
        return DemoDossier(extract, tuple(self._commands))
