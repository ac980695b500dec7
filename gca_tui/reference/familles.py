"""How trop-perçus are notified and contested, by recourse family. Loaded by `recours()` alone."""

from typing import NamedTuple


class RecoursPrealable(NamedTuple):
    """The recourse to make before going to the judge; delays in months."""

    autorite: str
    delai_mois: int
    base: str
    silence_vaut_rejet_mois: int
    base_silence: str


class Juge(NamedTuple):
    """The court, and the months to go to it."""

    juridiction: str
    delai_mois: int
    base: str


class Prescription(NamedTuple):
    """Years after which an indu is no longer claimed; `annees_fraude` None: the text gives no figure."""

    annees: int
    annees_fraude: int | None
    base: str
    statut: str


class Famille(NamedTuple):
    """How the trop-perçus of some prestations are notified and contested.

    None is « inconnu ou sans objet ». `a_valider` names the fields whose text in force was not read:
    none of them may be shown as certain. `seuil_non_recuperation` is in cents.
    """

    code: str
    libelle: str
    prestations: tuple[str, ...]
    notification: str
    rectification_jours: int | None
    rectification_silence_mois: int | None
    retenues_possibles: str
    recours_prealable: RecoursPrealable | None
    juge: Juge
    suspensif: bool | None
    base_suspensif: str
    remise_de_dette: str
    seuil_non_recuperation: int | None
    base_seuil: str
    prescription: Prescription | None
    verifie: tuple[str, ...]
    a_valider: tuple[str, ...]
    statut: str
