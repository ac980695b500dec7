"""Hypothesis strategies: notifications of any prestations, months, amounts and facts, and what texts are about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.traces import Demarche
from gca_tui.domain.trop_percu import ExtraitNotification, Faits, Mois, Montants, Notification, TropPercu
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models
from tests.domain.given import INES, an_extract, made
from tests.strategies import CALENDARS, NOW, TODAY

MULHOUSE = CaisseSettings(adresse="26 avenue Robert Schuman\n68084 Mulhouse cedex", telephone="03 89 00 00 00")
CAUSES = (
    "votre fils a quitté votre foyer pour vivre chez son père",
    "vous avez repris un travail à temps plein dans une entreprise",
    "vous avez commencé à vivre en couple avec une autre personne",
    "votre employeur vous a versé 1 250,40 € au titre d’octobre 2025",
    "votre loyer a baissé de 35 € depuis le 1er septembre 2025",
    "vous avez quitté votre logement de Mulhouse pour Colmar",
)
RULES = ("", "Les revenus de chaque mois comptent dans le calcul.", "Au-delà de 500 €, le droit diminue.")
SOURCES = ("", "votre déclaration de ressources", "par un échange avec France Travail")
SAID_BY_OTHERS = ("un salaire de 1 200,00 € en mars 2025", "la reprise d’un emploi à temps plein", "un bail rendu")
NEXT = ("", "Prévenez-nous dès que votre travail change.", "Déclarez vos revenus du mois de janvier 2027.")
CAISSES = tuple(reference.lexicon().caisses)
RESPONSIBILITIES = ("", "10", "15", "62", "66")


@dataclass(frozen=True)
class Case:
    """A subject and the text that the program drafts for it."""

    about: Subject
    texte: Texte


@cache
def a_dossier(caisse: str = "681") -> Dossier:
    """Any dossier of a caisse: what it holds beside the notification does not matter here."""
    return made(an_extract(caisse=caisse, indus=()))


def about(
    notification: Notification,
    settings: CaisseSettings = MULHOUSE,
    caisse: str = "681",
    demarches: tuple[Demarche, ...] = (),
) -> Subject:
    """What a text of Inès on this notification is about, on 12 November 2026."""
    context = Context(TODAY, CALENDARS, Settings(caisses={caisse: settings}), reference.lexicon())
    dossier = a_dossier(caisse).model_copy(update={"demarches": demarches})
    return subject(dossier, notification, context, INES)


def drafted(of: Subject) -> Texte:
    """The program's own text."""
    return Texte.of(draft(of, Models(None), reference.lexicon()).explication)


amounts = st.one_of(st.integers(1, 250_000), st.sampled_from([1, 2, 99, 100, 10_000, 10_001, 30_000]))
"""Few enough that the same amount often plays two roles, or two differ by a cent."""


@st.composite
def months(draw: st.DrawFn) -> tuple[Mois, ...]:
    """1 to 18 months, not always in a row, each paid and due."""
    first = draw(st.integers(2024 * 12, 2026 * 12 + 9))
    steps = draw(st.lists(st.integers(1, 3), max_size=17))
    numbers = [first + sum(steps[:count]) for count in range(len(steps) + 1)]
    made = []
    for number in numbers:
        due = draw(st.one_of(st.just(0), amounts))
        extrait = Montants(verse=due + draw(amounts), du=due)
        made.append(Mois(id=f"{number // 12:04d}-{number % 12 + 1:02d}", extrait=extrait))
    return tuple(made)


@st.composite
def facts(draw: st.DrawFn) -> Faits:
    """All that must be established, and perhaps the rest."""
    happened = draw(st.dates(date(2024, 1, 1), date(2026, 10, 31)))
    told = draw(st.booleans())
    return Faits(
        motif=draw(st.sampled_from(["", "40", "20"])),
        responsabilite=draw(st.sampled_from(RESPONSIBILITIES)),
        evenement_le=happened,
        evenement=draw(st.sampled_from(CAUSES)),
        regle=draw(st.sampled_from(RULES)),
        connu_le=happened + timedelta(days=draw(st.integers(0, 300))),
        connu_par=draw(st.sampled_from(SOURCES)),
        tiers=told,
        tiers_nom="France Travail" if told else "",
        tiers_contenu=draw(st.sampled_from(SAID_BY_OTHERS)) if told else "",
        prochaine_fois=draw(st.sampled_from(NEXT)),
    )


@st.composite
def notifications(draw: st.DrawFn) -> Notification:
    """1 to 4 trop-perçus of any prestations, received or not; their facts are often the same."""
    common = draw(facts())
    known = draw(st.sampled_from([list(reference.prestations()), ["PPA", "APL"]]))
    codes = draw(st.lists(st.sampled_from(known), min_size=1, max_size=4))
    parts = tuple(
        TropPercu(
            id=f"T{number}",
            reference=f"IN{number} 001",
            prestation=code,
            motif="50",
            mois=draw(months()),
            faits=draw(st.one_of(st.just(common), facts())),
        )
        for number, code in enumerate(codes)
    )
    received = draw(st.one_of(st.none(), st.dates(date(2026, 9, 1), TODAY)))
    extrait = ExtraitNotification(notifiee_le=date(2026, 8, 30), recue_le=received)
    return Notification(id="N1", extrait=extrait, trop_percus=parts)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A notification with complete facts and its draft."""
    letter = draw(notifications())
    settings = MULHOUSE.model_copy(
        update={
            "rsa_delegue": draw(st.booleans()),
            "tribunal_administratif": draw(st.sampled_from(["", "Strasbourg", "La Roche-sur-Yon"])),
            "departement": draw(st.sampled_from(["", "Haut-Rhin"])),
        }
    )
    of = about(letter, settings, draw(st.sampled_from(CAISSES)), draw(demarches(letter.reception)))
    return Case(of, drafted(of))


@st.composite
def demarches(draw: st.DrawFn, received: date | None) -> tuple[Demarche, ...]:
    """None, or what changes the delays of a letter: a médiation, a rectification, a recours, a remise."""
    natures = draw(
        st.lists(st.sampled_from(["mediation", "rectification", "recours", "remise"]), max_size=2, unique=True)
    )
    since = received or date(2026, 9, 1)
    days = st.dates(since, max(since, TODAY))
    return tuple(
        Demarche(id=f"D{nature}", nature=nature, recue_le=draw(days), voie="ecrite", author=INES, at=NOW)
        for nature in natures
    )


def without(notification: Notification, **lost: Any) -> Notification:
    """The notification whose first trop-perçu lacks some facts."""
    first, *others = notification.trop_percus
    changed = first.model_copy(update={"faits": first.faits.model_copy(update=lost)})
    return notification.model_copy(update={"trop_percus": (changed, *others)})
