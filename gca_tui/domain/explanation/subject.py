"""What an explanation is about, in plain figures and words: drafts are made of it and checks compare with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.lexicon import Famille, Prestation
from gca_tui.domain.recours import Delai, calendrier
from gca_tui.domain.settings import CaisseSettings
from gca_tui.domain.trop_percu import Faits, Mois, Notification, TropPercu
from gca_tui.domain.values import Author


@dataclass(frozen=True)
class Part:
    """One trop-perçu of the notification: a prestation, its months in order, its facts, its recourse family.

    `prestation` and `famille` are None for a code nobody knows. `motif` is its label, "" when no known code is chosen;
    `cote` tells whose error it is (`caf`, `allocataire`, `tiers`, `fraude`), "" when that is not said.
    """

    trop_percu: TropPercu
    prestation: Prestation | None
    famille: Famille | None
    motif: str
    cote: str

    @cached_property
    def mois(self) -> tuple[Mois, ...]:
        """Its months, oldest first."""
        return tuple(sorted(self.trop_percu.mois, key=lambda mois: mois.id))

    @property
    def faits(self) -> Faits:
        """What the agent established."""
        return self.trop_percu.faits

    @cached_property
    def libelle(self) -> str:
        """The prestation in full, in lower case as inside a sentence: `prime d’activité`."""
        name = self.prestation.libelle if self.prestation else self.trop_percu.prestation
        return name[:1].lower() + name[1:] if self.prestation else name

    @cached_property
    def verse(self) -> int | None:
        """Cents paid over all its months; None when that of a month is not known."""
        return _sum(mois.verse for mois in self.mois)

    @cached_property
    def du(self) -> int | None:
        """Cents due over all its months; None when that of a month is not known."""
        return _sum(mois.du for mois in self.mois)

    @cached_property
    def montant(self) -> int:
        """Cents paid in excess."""
        return self.trop_percu.montant


@dataclass(frozen=True)
class Subject:
    """A notification with all that a text about it may say. `agents`: whose name may sign it, the last one first."""

    caisse: str
    caisse_nom: str
    settings: CaisseSettings
    matricule: str
    nom: str
    parts: tuple[Part, ...]
    notifiee_le: date | None
    recue_le: date | None
    threshold: int
    agents: tuple[Author, ...]
    calendrier: tuple[Delai, ...]
    today: date

    @cached_property
    def total(self) -> int:
        """Cents over all prestations."""
        return sum(part.montant for part in self.parts)

    @property
    def must_explain(self) -> bool:
        """Whether the threshold is reached: the first eight checks block."""
        return self.total >= self.threshold

    @cached_property
    def familles(self) -> tuple[Famille, ...]:
        """The recourse families present, each once, in the order of the parts."""
        return tuple({part.famille.code: part.famille for part in self.parts if part.famille}.values())

    @cached_property
    def mois(self) -> tuple[str, ...]:
        """Every month concerned (`AAAA-MM`), oldest first."""
        return tuple(sorted({mois.id for part in self.parts for mois in part.mois}))


def subject(dossier: Dossier, notification: Notification, context: Context, author: Author | None = None) -> Subject:
    """What an explanation of this notification is about; `author` is who writes it now, if somebody does."""
    settings = context.settings.of(dossier.caisse)
    writers = [*([author] if author else []), *(version.author for version in reversed(notification.versions))]
    return Subject(
        caisse=dossier.caisse,
        caisse_nom=context.lexicon.caisses.get(dossier.caisse, f"Caf {dossier.caisse}"),
        settings=settings,
        matricule=dossier.matricule,
        nom=dossier.allocataire.label,
        parts=tuple(_part(trop_percu, context) for trop_percu in notification.trop_percus),
        notifiee_le=notification.extrait.notifiee_le,
        recue_le=notification.reception,
        threshold=context.settings.threshold_of(dossier.caisse),
        agents=tuple({writer.identifiant: writer for writer in writers}.values()),
        calendrier=calendrier(dossier, notification, context),
        today=context.today,
    )


def _part(trop_percu: TropPercu, context: Context) -> Part:
    words = context.lexicon
    prestation = words.prestations.get(trop_percu.prestation)
    motif = words.motifs.get(trop_percu.code("motif"))
    responsabilite = words.responsabilites.get(trop_percu.code("responsabilite"))
    return Part(
        trop_percu=trop_percu,
        prestation=prestation,
        famille=words.familles.get(prestation.famille) if prestation else None,
        motif=motif.libelle if motif else "",
        cote=responsabilite.cote if responsabilite else "",
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = list(amounts)
    return None if not known or any(one is None for one in known) else sum(one or 0 for one in known)
