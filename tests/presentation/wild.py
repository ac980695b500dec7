"""Dossiers that ask too much of a page: many letters and benefits, endless names, wide characters, no figure known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.dossier import Allocataire, Coordonnees, Dossier
from gca_tui.domain.pieces import AppelPieces, ExtraitPiece, Piece
from gca_tui.domain.settings import CaisseSettings
from gca_tui.domain.traces import DEMARCHES, Contact, Demarche, RendezVous
from gca_tui.domain.trop_percu import (
    Explication,
    ExtraitNotification,
    Faits,
    Mois,
    Montants,
    Notification,
    TropPercu,
    Version,
)
from tests.strategies import AUTHORS, dossiers

AT = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
OWN = CaisseSettings(adresse="26 rue du Colporteur, 68100 Mulhouse", telephone="03 53 01 68 10")

typed = st.one_of(
    st.sampled_from(
        (
            "",
            "漢字" * 80,
            "mot " * 90,
            "vous avez repris un emploi et touché 12 345,67 € le 3 mars 2026 " * 9,
            "A\u0301" * 200,
            "\u202eà l’envers\x1b[31m",
            "x" * 500,
        )
    ),
    st.text(max_size=200),
)
day = st.dates(date(2026, 1, 1), date(2026, 12, 31))
maybe_day = st.one_of(st.none(), day)
cents = st.one_of(st.none(), st.integers(0, 99_999_999))
CODES = {name: ("", *list(getattr(reference, name)())) for name in ("motifs", "responsabilites")}


def one_of(*kinds: st.SearchStrategy[Any], most: int = 6) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.one_of(*kinds), max_size=most).map(tuple)


months = st.dictionaries(st.sampled_from([f"2026-{n:02d}" for n in range(1, 13)]), st.tuples(cents, cents), max_size=12)
faits = st.builds(
    Faits,
    evenement_le=maybe_day,
    evenement=typed,
    regle=typed,
    connu_le=maybe_day,
    connu_par=typed,
    tiers=st.one_of(st.none(), st.booleans()),
    tiers_nom=typed,
)
trop_percus = st.builds(
    lambda prestation, motif, responsabilite, paid, faits: TropPercu(
        id=f"{prestation}-{motif}-{responsabilite}",
        prestation=prestation,
        motif=motif,
        responsabilite=responsabilite,
        mois=tuple(Mois(id=one, extrait=Montants(verse=verse, du=du)) for one, (verse, du) in paid.items()),
        faits=faits,
    ),
    st.one_of(st.sampled_from(list(reference.prestations())), st.just("漢字inconnue" * 20)),
    st.sampled_from(CODES["motifs"]),
    st.sampled_from(CODES["responsabilites"]),
    months,
    faits,
)
explications = st.builds(Explication, raison=typed, calcul=typed)


@st.composite
def letters(draw: Any, number: int) -> Notification:
    said = draw(explications)
    version = Version(id=f"v{number}", author=AUTHORS[0], at=AT, **said.model_dump())
    return Notification(
        id=f"N{number}",
        extrait=ExtraitNotification(notifiee_le=draw(maybe_day)),
        recue_le=draw(maybe_day),
        trop_percus=draw(one_of(trop_percus, most=12)),
        explication=said,
        versions=() if said.is_empty else (version,),
    )


demarches = st.builds(
    lambda nature, recue, objet: Demarche(
        id=nature, nature=nature, recue_le=recue, objet=objet, author=AUTHORS[0], at=AT
    ),
    st.one_of(st.sampled_from(list(DEMARCHES)), typed),
    maybe_day,
    typed,
)
contacts = st.builds(
    lambda canal, resultat, le, texte: Contact(
        id="c", canal=canal, resultat=resultat, le=le, texte=texte, author=AUTHORS[1], at=AT
    ),
    st.sampled_from(["telephone", "caf.fr", "pigeon"]),
    st.sampled_from(["joint", "message", "peut-être"]),
    maybe_day,
    typed,
)
rendez_vous = st.builds(
    lambda le, objet: RendezVous(id="r", le=le, heure="09:30", forme="accueil", objet=objet, author=AUTHORS[0], at=AT),
    maybe_day,
    typed,
)
appels = st.builds(
    lambda names, le: AppelPieces(id="a", pieces=tuple(names), avant_le=le, author=AUTHORS[0], at=AT),
    st.lists(typed, max_size=8),
    maybe_day,
)
pieces = st.builds(lambda nature, le: Piece(id="p", extrait=ExtraitPiece(nature=nature, recue_le=le)), typed, maybe_day)


@st.composite
def wild(draw: Any) -> Dossier:
    """A generated dossier with far more laid over it."""
    number = draw(st.integers(0, 8))
    known = Allocataire(nom=draw(typed), prenom=draw(typed), adresse=draw(typed), date_naissance=draw(maybe_day))
    return draw(dossiers).model_copy(
        update={
            "allocataire": known,
            "coordonnees": Coordonnees(),
            "notifications": tuple(draw(letters(one)) for one in range(number)),
            "demarches": draw(one_of(demarches, most=12)),
            "contacts": draw(one_of(contacts, most=12)),
            "rendez_vous": draw(one_of(rendez_vous)),
            "appels": draw(one_of(appels, most=2)),
            "pieces": draw(one_of(pieces, most=12)),
        }
    )
