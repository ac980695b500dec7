"""The dossier: one aggregate, everything a GCA needs to know of one family at one caisse.

Two layers stand side by side. What the information system says is under `extrait` and is replaced by each newer
extract; what agents say is in the other fields and no extract touches it. The properties combine the two.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from gca_tui.domain.pieces import AppelPieces, Piece
from gca_tui.domain.traces import (
    RECLAMATION,
    RECTIFICATION,
    AppelPrevu,
    Attente,
    Cloture,
    Contact,
    Demarche,
    Derogation,
    Note,
    PointControle,
    Question,
    RendezVous,
    Signalement,
    Urgence,
)
from gca_tui.domain.trop_percu import Notification, TropPercu
from gca_tui.domain.values import HistoryEntry, Value

OUVERT, EN_ATTENTE, CLOS, TRANSMIS = "ouvert", "en_attente", "clos", "transmis"
LEFT_THE_QUEUE = "Le dossier est transmis pour suspicion de fraude : reprenez-le d’abord."
"""Why nothing is done on a dossier that is `transmis`."""


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
    """Contact details agents were given and that the information system does not have yet. None: no correction.

    Each field is its own: the history says who corrected it and when.
    """

    telephones: tuple[str, ...] | None = None
    adresse: str | None = None
    code_postal: str | None = None
    commune: str | None = None


COORDONNEES = tuple(Coordonnees.model_fields)
"""The contact details that may be corrected."""


class Extrait(Value):
    """What the information system says of the dossier as a whole.

    `urgence_le`: day of the extract that brought the urgence; `absente_le`: of the one that lost the dossier.
    """

    importe_le: date | None = None
    urgence: str = ""
    urgence_le: date | None = None
    absente_le: date | None = None

    @property
    def newest(self) -> date | None:
        """Day of the newest extract that changed something here, or lost the dossier."""
        return max(filter(None, (self.importe_le, self.absente_le)), default=None)


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
    coordonnees: Coordonnees = Coordonnees()
    situation: str = ""
    prestations: tuple[str, ...] = ()
    extrait: Extrait = Extrait()
    lie_a: DossierKey | None = None
    statut: str = OUVERT
    holder: str | None = None
    urgence: Urgence | None = None
    cloture: Cloture | None = None
    signalement: Signalement | None = None
    pieces: tuple[Piece, ...] = ()
    notifications: tuple[Notification, ...] = ()
    demarches: tuple[Demarche, ...] = ()
    notes: tuple[Note, ...] = ()
    contacts: tuple[Contact, ...] = ()
    appels_prevus: tuple[AppelPrevu, ...] = ()
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
        said = {name: value for name, value in self.coordonnees.__dict__.items() if value is not None}
        return self.allocataire.model_copy(update=said) if said else self.allocataire

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
        return tuple([piece for piece in self.pieces if piece.is_open]) if self.pieces else ()

    @property
    def open_demarches(self) -> tuple[Demarche, ...]:
        """Démarches that still await an answer."""
        return tuple([demarche for demarche in self.demarches if demarche.is_open]) if self.demarches else ()

    @property
    def open_calls(self) -> tuple[AppelPrevu, ...]:
        """Planned calls that no contact settled and nobody cancelled."""
        return tuple([appel for appel in self.appels_prevus if appel.is_open])

    @property
    def owed_answers(self) -> tuple[Demarche, ...]:
        """Open réclamations and demandes de rectification; the other démarches outlive the dossier's treatment."""
        return tuple(demarche for demarche in self.open_demarches if demarche.nature in (RECLAMATION, RECTIFICATION))

    @property
    def trop_percus(self) -> tuple[TropPercu, ...]:
        """The trop-perçus of all notifications."""
        return tuple([trop_percu for notification in self.notifications for trop_percu in notification.trop_percus])

    @property
    def current_attente(self) -> Attente | None:
        """The last pause, if no agent ended it; whether its date has passed is for the reader of a calendar to say."""
        return self.attentes[-1] if self.attentes and self.attentes[-1].fin is None else None

    def waits_on(self, day: date) -> bool:
        """Whether the dossier waits on that day: once its date has come it is back at work, nobody having said so."""
        attente = self.current_attente
        return self.etat == EN_ATTENTE and attente is not None and attente.jusqu_au > day

    def etat_on(self, day: date) -> str:
        """`etat` as it stands on that day: a wait that ran out is `ouvert`."""
        return OUVERT if self.etat == EN_ATTENTE and not self.waits_on(day) else self.etat

    @property
    def etat(self) -> str:
        """The statut, or `ouvert` for a closed dossier to which work was added since: what would forbid its closing."""
        if self.statut == CLOS and (self.open_pieces or self.owed_answers or self._has_new_trop_percu):
            return OUVERT
        return self.statut

    @property
    def _has_new_trop_percu(self) -> bool:
        if self.cloture is None:
            return bool(self.trop_percus)
        known, amounts = set(self.cloture.connus), dict(zip(self.cloture.connus, self.cloture.montants, strict=False))
        return any(one.id not in known or one.montant > amounts.get(one.id, one.montant) for one in self.trop_percus)

    def to_json(self) -> str:
        """The document as it is stored and sent: defaults are left out."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_json(cls, document: str | bytes) -> Dossier:
        """Read a stored document. Raises pydantic.ValidationError on one that is damaged."""
        return cls.model_validate_json(document)
