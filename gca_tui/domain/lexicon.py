"""The words and rules of reference that the domain compares texts with; `reference` reads them and hands them over.

Named tuples, since a frozen dataclass takes eight times as long to define.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Prestation(NamedTuple):
    """A benefit; `famille` is the code of its recourse family, `pole` that of the experts' pôle."""

    code: str
    libelle: str
    court: str
    famille: str
    minimum_social: bool
    pole: str
    statut: str
    base_legale: str


class Code(NamedTuple):
    """A line of one of the Cnaf's lists, its label as written."""

    code: str
    libelle: str
    statut: str


class Responsabilite(NamedTuple):
    """To whom a trop-perçu is put down. `cote`: caf, allocataire, tiers, fraude or ""; our reading of the label."""

    code: str
    libelle: str
    statut: str
    cote: str


class Jargon(NamedTuple):
    """A word a family may not understand, and what to write instead. `type`: tournure, jargon or sigle.

    `sauf` holds, separated by `|`, the expressions in which it is understood.
    """

    terme: str
    type: str
    remplacement: str
    source: str
    statut: str
    sauf: str = ""


class Accusation(NamedTuple):
    """Words that accuse, and what to write instead: of them (`portee` mots) or of the whole sentence (phrase).

    `sauf` holds, separated by `|`, the expressions in which they accuse nobody.
    """

    terme: str
    portee: str
    remplacement: str
    sauf: str
    statut: str


class Medical(NamedTuple):
    """A word that tells of somebody's health, except in the expressions of `sauf`, separated by `|`."""

    terme: str
    sauf: str
    statut: str


class Sigle(NamedTuple):
    """A sigle that is no jargon of the Cnaf. `forme`: in full; "": it is read as a word and needs no explaining."""

    sigle: str
    forme: str
    statut: str


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
    none of them may be shown as certain. `seuil_non_recuperation` is in cents. `lettre_autorite` and `lettre_juge` are
    how a letter names whom to write to, and how that is recognised in one.
    """

    code: str
    libelle: str
    lettre_autorite: str
    lettre_juge: str
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


class Lexicon(NamedTuple):
    """All of it. `caisses` gives the name of a caisse, `Caf du Haut-Rhin`, by code."""

    caisses: Mapping[str, str] = {}
    prestations: Mapping[str, Prestation] = {}
    familles: Mapping[str, Famille] = {}
    motifs: Mapping[str, Code] = {}
    origines: Mapping[str, Code] = {}
    responsabilites: Mapping[str, Responsabilite] = {}
    jargon: tuple[Jargon, ...] = ()
    accusations: tuple[Accusation, ...] = ()
    medical: tuple[Medical, ...] = ()
    sigles: tuple[Sigle, ...] = ()
