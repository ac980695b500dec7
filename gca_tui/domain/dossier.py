"""The dossier: one aggregate, everything a GCA needs to know of one family at one caisse.

Two layers stand side by side. What the information system says is under `extrait` and is replaced by each newer
extract; what agents say is in the other fields and no extract touches it. The properties combine the two.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from gca_tui.domain.values import Author, HistoryEntry, Item, Value

OUVERT, EN_ATTENTE, CLOS = "ouvert", "en_attente", "clos"

TRAITEE, RETOURNEE = "TRAITEE", "RET"
ETATS_PIECE = {
    RETOURNEE: "retournée à l’allocataire",
    "INS": "mise en instance",
    "APJ": "attente de pièce justificative",
    "INC": "dossier incomplet",
}
"""States of a pièce in SDP (data.caf.fr, « taux d'allers-retours »)."""

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


class Allocataire(Value):
    """The family's correspondent, as the information system knows them. No NIR is kept."""

    nom: str = ""
    prenom: str = ""
    date_naissance: date | None = None
    telephones: tuple[str, ...] = ()
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""

    @property
    def label(self) -> str:
        """Family name in capitals, then the first name."""
        return f"{self.nom.upper()} {self.prenom}".strip()


class Coordonnees(Value):
    """Contact details an agent was given and that the information system does not have yet. None: no correction."""

    telephones: tuple[str, ...] | None = None
    adresse: str | None = None
    code_postal: str | None = None
    commune: str | None = None
    author: Author
    at: datetime


class ExtraitPiece(Value):
    """A pièce as the information system knows it. `etat` is one of ETATS_PIECE, empty when it waits for treatment."""

    nature: str = ""
    canal: str = ""
    recue_le: date | None = None
    prestation: str = ""
    etat: str = ""
    masse: bool = False


class Traitement(Value):
    """What an agent did with a pièce: TRAITEE, or one of ETATS_PIECE."""

    etat: str
    commentaire: str = ""
    author: Author
    at: datetime


class Piece(Item):
    """A unit of work: any document or message, by any channel."""

    extrait: ExtraitPiece = ExtraitPiece()
    traitement: Traitement | None = None
    absente_le: date | None = None

    @property
    def etat(self) -> str:
        """The agent's word where there is one, else the information system's."""
        return self.traitement.etat if self.traitement else self.extrait.etat

    @property
    def is_open(self) -> bool:
        """Whether work is left on it: neither treated nor returned to the allocataire."""
        return self.etat not in (TRAITEE, RETOURNEE)


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
        """Cents paid in excess. A due amount not given counts as nothing due, so that no threshold is missed."""
        return (self.verse or 0) - (self.du or 0)


class TropPercu(Item):
    """An overpayment of one prestation over some months. Codes are those of the CNAF lists."""

    reference: str = ""
    prestation: str = ""
    motif: str = ""
    origine: str = ""
    responsabilite: str = ""
    mois: tuple[Mois, ...] = ()
    absente_le: date | None = None

    @property
    def montant(self) -> int:
        """Cents paid in excess over all its months."""
        return sum(mois.montant for mois in self.mois)


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

    @property
    def reception(self) -> date | None:
        """Day the family received it, from which every delay runs (CSS R.133-9-2)."""
        return self.recue_le or self.extrait.recue_le

    @property
    def montant(self) -> int:
        """Cents over all its trop-perçus, whichever prestations it mixes: the threshold is on this total."""
        return sum(trop_percu.montant for trop_percu in self.trop_percus)


class Demarche(Item):
    """A step the family took. `nature` is one of DEMARCHES; each step of its life has its own date."""

    nature: str = ""
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


class AppelPieces(Item):
    """Documents asked of the family with a date limit (CRPA L.114-5)."""

    pieces: tuple[str, ...] = ()
    avant_le: date | None = None
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
    author: Author | None = None


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


class Cloture(Value):
    """A closing: what the agent said, and the trop-perçus known then, so that a new one brings the dossier back."""

    motif: str = ""
    connus: tuple[str, ...] = ()
    author: Author
    at: datetime


class Extrait(Value):
    """What the information system says of the dossier as a whole.

    `urgence_le`: day of the extract that brought the urgence; `absente_le`: of the one that lost the dossier.
    """

    importe_le: date | None = None
    urgence: str = ""
    urgence_le: date | None = None
    absente_le: date | None = None


class DossierKey(Value):
    """The only identity of a dossier: a matricule alone means nothing, two caisses may use the same one."""

    caisse: str
    matricule: str

    @property
    def label(self) -> str:
        """`681·0123456`."""
        return f"{self.caisse}·{self.matricule}"


class Dossier(Value):
    """One family's dossier at one caisse, keyed by (caisse, matricule), which never change.

    `rev` counts the commands applied; `revisions` gives, for each field that may conflict, the `rev` that last set it.
    """

    caisse: str
    matricule: str
    convention: str | None = None
    allocataire: Allocataire = Allocataire()
    coordonnees: Coordonnees | None = None
    situation: str = ""
    prestations: tuple[str, ...] = ()
    extrait: Extrait = Extrait()
    lie_a: DossierKey | None = None
    statut: str = OUVERT
    holder: str | None = None
    urgence: Urgence | None = None
    cloture: Cloture | None = None
    pieces: tuple[Piece, ...] = ()
    notifications: tuple[Notification, ...] = ()
    demarches: tuple[Demarche, ...] = ()
    notes: tuple[Note, ...] = ()
    contacts: tuple[Contact, ...] = ()
    rendez_vous: tuple[RendezVous, ...] = ()
    questions: tuple[Question, ...] = ()
    appels: tuple[AppelPieces, ...] = ()
    attentes: tuple[Attente, ...] = ()
    derogations: tuple[Derogation, ...] = ()
    points_controle: tuple[PointControle, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    rev: int = 0
    revisions: dict[str, int] = Field(default_factory=dict)

    @property
    def key(self) -> DossierKey:
        """(caisse, matricule)."""
        return DossierKey(caisse=self.caisse, matricule=self.matricule)

    @property
    def contact_details(self) -> Allocataire:
        """The allocataire with the agents' corrections laid over the extract."""
        if self.coordonnees is None:
            return self.allocataire
        fields = ("telephones", "adresse", "code_postal", "commune")
        said = {name: getattr(self.coordonnees, name) for name in fields}
        return self.allocataire.model_copy(update={name: value for name, value in said.items() if value is not None})

    @property
    def urgence_active(self) -> Urgence | None:
        """The urgence in force: the agents' word, else the extract's, unless it was known when one was lifted."""
        levee = self.urgence.levee if self.urgence else None
        if self.urgence and not levee:
            return self.urgence
        if not self.extrait.urgence or (levee and levee.couvre == self.extrait.urgence_le):
            return None
        return Urgence(motif=self.extrait.urgence)

    @property
    def open_pieces(self) -> tuple[Piece, ...]:
        """Pièces on which work is left."""
        return tuple(piece for piece in self.pieces if piece.is_open)

    @property
    def open_demarches(self) -> tuple[Demarche, ...]:
        """Démarches that still await an answer."""
        return tuple(demarche for demarche in self.demarches if demarche.is_open)

    @property
    def owed_answers(self) -> tuple[Demarche, ...]:
        """Open réclamations and demandes de rectification; the other démarches outlive the dossier's treatment."""
        return tuple(demarche for demarche in self.open_demarches if demarche.nature in (RECLAMATION, RECTIFICATION))

    @property
    def trop_percus(self) -> tuple[TropPercu, ...]:
        """The trop-perçus of all notifications."""
        return tuple(trop_percu for notification in self.notifications for trop_percu in notification.trop_percus)

    @property
    def current_attente(self) -> Attente | None:
        """The last pause, if no agent ended it; whether its date has passed is for the reader of a calendar to say."""
        return self.attentes[-1] if self.attentes and self.attentes[-1].fin is None else None

    @property
    def etat(self) -> str:
        """The statut, or `ouvert` for a closed dossier to which work was added since: what would forbid its closing."""
        if self.statut == CLOS and (self.open_pieces or self.owed_answers or self._has_new_trop_percu):
            return OUVERT
        return self.statut

    @property
    def _has_new_trop_percu(self) -> bool:
        known = set(self.cloture.connus) if self.cloture else set()
        return any(trop_percu.id not in known for trop_percu in self.trop_percus)

    def to_json(self) -> str:
        """The document as it is stored and sent: defaults are left out."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_json(cls, document: str | bytes) -> Dossier:
        """Read a stored document. Raises pydantic.ValidationError on one that is damaged."""
        return cls.model_validate_json(document)
