"""What agents write down about a dossier and what happens around it."""

from __future__ import annotations

from datetime import date, datetime

from gca_tui.domain.values import Author, Item, Value

RECLAMATION, RECTIFICATION = "reclamation", "rectification"
DEMARCHES = {
    RECLAMATION: "réclamation",
    RECTIFICATION: "demande de rectification",
    "recours": "recours",
    "remise": "demande de remise de dette",
    "echeancier": "échéancier",
    "mediation": "médiation",
}
"""Kinds of démarche. Each is its own track and none is ever read as another: to ask a remise is not to contest."""

ABOUT_A_LETTER = (RECTIFICATION, "recours", "remise", "echeancier", "mediation")
"""Kinds that answer a notification; a réclamation may be about anything."""

SUSPENDING = ("recours", "remise", RECLAMATION)
"""Kinds whose lodging forbids retenues on RSA and prime d'activité (CASF L.262-46, CSS L.845-3)."""


class Demarche(Item):
    """A step the family took. `nature` is one of DEMARCHES; each step of its life has its own date.

    `notification` is the id of the letter it is about, "" when nobody said.
    """

    nature: str = ""
    notification: str = ""
    recue_le: date | None = None
    voie: str = ""
    objet: str = ""
    accuse_le: date | None = None
    close_le: date | None = None
    issue: str = ""
    author: Author
    at: datetime

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.close_le is None


class Note(Item):
    """An internal note. A correction is a new note; `corrige` is the id of the one it replaces."""

    texte: str = ""
    author: Author
    at: datetime
    corrige: str | None = None


class Contact(Item):
    """A contact or an attempt: `canal`, `resultat` (joint, non joint…), the day it took place."""

    canal: str = ""
    resultat: str = ""
    le: date | None = None
    texte: str = ""
    author: Author
    at: datetime


class Annulation(Value):
    """Why and by whom something planned was cancelled."""

    motif: str
    author: Author
    at: datetime


class AppelPrevu(Item):
    """A call to make: the day, the half of it, what for; `campagne` names the campaign it belongs to.

    `fait` is the id of the contact that settled it; `annulation` says why it is not to be made any more.
    """

    le: date
    demi_journee: str = ""
    objet: str = ""
    campagne: str = ""
    fait: str | None = None
    annulation: Annulation | None = None
    author: Author
    at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.fait is None and self.annulation is None


class RendezVous(Item):
    """A rendez-vous; `resultat` is set once it was held, missed or cancelled."""

    le: date | None = None
    heure: str = ""
    forme: str = ""
    objet: str = ""
    resultat: str = ""
    author: Author
    at: datetime


class Reponse(Value):
    """A référent's answer."""

    texte: str
    author: Author
    at: datetime


class Question(Item):
    """A question to a référent technique; the asker keeps the dossier."""

    texte: str = ""
    pole: str = ""
    reponse: Reponse | None = None
    author: Author
    at: datetime


class Attente(Item):
    """A pause of the delay, kept as an interval: from `depuis` until `fin`, or until `jusqu_au` while it runs."""

    depuis: date
    jusqu_au: date
    motif: str = ""
    fin: date | None = None

    @property
    def end(self) -> date:
        """First day that counts again."""
        return self.fin or self.jusqu_au

    def bounded(self, day: date) -> date:
        """The day, or the nearest one on which this pause can end."""
        return min(max(day, self.depuis), self.jusqu_au)


class Derogation(Item):
    """A right kept open by exception until `fin`: to be re-examined then, never cut by itself."""

    nature: str = ""
    debut: date | None = None
    fin: date | None = None
    base: str = ""
    levee_le: date | None = None
    levee_motif: str = ""
    author: Author | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody ended it."""
        return self.levee_le is None


class PointControle(Item):
    """A deviation found by a control, to be explained before the dossier goes on."""

    libelle: str = ""
    explication: str = ""


class Levee(Value):
    """Why and by whom an urgence was lifted; `couvre` is the extract's `urgence_le` then: a newer one counts again."""

    motif: str
    couvre: date | None = None
    author: Author
    at: datetime


class Urgence(Value):
    """An urgence or a rupture de droits; once lifted it stays, with the reason of its lifting."""

    nature: str = "urgence"
    motif: str = ""
    author: Author | None = None
    at: datetime | None = None
    levee: Levee | None = None


class Signalement(Value):
    """A suspicion of fraud: the dossier left the agents' queue, its explanation is not theirs to write any more."""

    motif: str
    author: Author
    at: datetime


class Cloture(Value):
    """A closing: what the agent said, and the trop-perçus known then, so that a new one brings the dossier back.

    `montants` are their cents then, in the same order: one that grew since is new as well.
    """

    motif: str = ""
    connus: tuple[str, ...] = ()
    montants: tuple[int, ...] = ()
    author: Author
    at: datetime
