"""Trop-perçus, month by month, and the letters that notify them."""

from __future__ import annotations

from datetime import date, datetime

from gca_tui.domain.values import Author, Item, Value


class Montants(Value):
    """What was paid and what was due for one month, in cents. None: not given."""

    verse: int | None = None
    du: int | None = None


class Mois(Item):
    """One month (id `AAAA-MM`) of a trop-perçu; `corrige` is the agent's reading and prevails figure by figure."""

    extrait: Montants = Montants()
    corrige: Montants | None = None

    @property
    def verse(self) -> int | None:
        """Cents paid."""
        return self.corrige.verse if self.corrige and self.corrige.verse is not None else self.extrait.verse

    @property
    def du(self) -> int | None:
        """Cents due."""
        return self.corrige.du if self.corrige and self.corrige.du is not None else self.extrait.du

    @property
    def montant(self) -> int:
        """Cents paid in excess. A due amount not given counts as nothing due, so that no threshold is missed.

        Nothing is known to be paid in excess where the amount paid is not given.
        """
        verse = self.verse
        return 0 if verse is None else verse - (self.du or 0)


class Faits(Value):
    """What the agent establishes about a trop-perçu, for its explanation. None or "": not said yet.

    `evenement` is the dated fact as the family reads it after « Le 12 novembre 2025, », `regle` what follows from it,
    `connu_par` how the Caf learnt it, `prochaine_fois` what to declare next time. `tiers` answers whether data came
    from a third party; if so its name and what it said are owed to the family (CSS L.114-21).
    """

    motif: str = ""
    origine: str = ""
    responsabilite: str = ""
    evenement_le: date | None = None
    evenement: str = ""
    regle: str = ""
    connu_le: date | None = None
    connu_par: str = ""
    tiers: bool | None = None
    tiers_nom: str = ""
    tiers_contenu: str = ""
    prochaine_fois: str = ""


class TropPercu(Item):
    """An overpayment of one prestation over some months. Codes are those of the CNAF lists.

    `motif`, `origine` and `responsabilite` are the extract's word; those of `faits`, the agent's, prevail.
    """

    reference: str = ""
    prestation: str = ""
    motif: str = ""
    origine: str = ""
    responsabilite: str = ""
    mois: tuple[Mois, ...] = ()
    absente_le: date | None = None
    faits: Faits = Faits()

    def code(self, name: str) -> str:
        """The `motif`, `origine` or `responsabilite` in force."""
        return str(getattr(self.faits, name) or getattr(self, name))

    @property
    def montant(self) -> int:
        """Cents paid in excess over all its months."""
        return sum([mois.montant for mois in self.mois])


SECTIONS = {
    "raison": "Pourquoi ?",
    "calcul": "Le calcul",
    "que_faire": "Que pouvez-vous faire ?",
    "prochaine_fois": "La prochaine fois",
}
"""The sections of an explanation, in the order the family reads them, under their titles."""


class Explication(Value):
    """What the family reads, in four sections."""

    raison: str = ""
    calcul: str = ""
    que_faire: str = ""
    prochaine_fois: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return not any((self.raison, self.calcul, self.que_faire, self.prochaine_fois))


class Version(Item, Explication):
    """An explanation as an agent saved it. `id` is the command's."""

    author: Author
    at: datetime


class Passage(Item):
    """A blocking check passed over, and why; it covers what the check said then, and nothing it says later."""

    controle: int
    motif: str
    couvre: tuple[str, ...] = ()
    author: Author
    at: datetime


class ExtraitNotification(Value):
    """Dates of a notification as the information system knows them; no date: it is still to be notified."""

    notifiee_le: date | None = None
    recue_le: date | None = None


class Notification(Item):
    """One letter: the trop-perçus notified together, and their explanation. `recue_le` is what an agent recorded."""

    extrait: ExtraitNotification = ExtraitNotification()
    recue_le: date | None = None
    trop_percus: tuple[TropPercu, ...] = ()
    explication: Explication = Explication()
    versions: tuple[Version, ...] = ()
    passages: tuple[Passage, ...] = ()

    @property
    def reception(self) -> date | None:
        """Day the family received it, from which every delay runs (CSS R.133-9-2).

        A day before the letter left is that of an earlier sending: an extract gave it another date since.
        """
        sent = self.extrait.notifiee_le
        return next((day for day in (self.recue_le, self.extrait.recue_le) if day and (not sent or day >= sent)), None)

    @property
    def montant(self) -> int:
        """Cents over all its trop-perçus, whichever prestations it mixes: the threshold is on this total."""
        return sum([trop_percu.montant for trop_percu in self.trop_percus])
