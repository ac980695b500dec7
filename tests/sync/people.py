"""The invented families and agents of the tests of exchange, and what an extract says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.commands.extract import ReadIndu
from gca_tui.domain.dossier import Allocataire
from gca_tui.domain.trop_percu import Montants
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store.loading import Given

Key = tuple[str, str]
NOON = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
DAY = date(2026, 11, 2)
LETTER = "N-2026-10-01"
CAISSE, DELEGATED = "681", "681/CONV"
SYSTEM = Author(identifiant="systeme", nom="Extrait", caisse="681")
KATIA = Author(identifiant="681-kmeyer", nom="Katia Meyer", qualite="référente technique", caisse="681")
INES = Author(identifiant="091-ifaure", nom="Inès Faure", qualite="gestionnaire conseil allocataires", caisse="091")
SCOPES: dict[str, tuple[str, ...]] = {KATIA.identifiant: (CAISSE, DELEGATED), INES.identifiant: (DELEGATED,)}
FAMILIES = ("SCHÄFER", "DIALLO", "WEISSENBACHER", "OBERKIRCH", "TRAORÉ")
"""Their names are found nowhere else: what is left of one on a disk is told by it."""
KEYS: tuple[Key, ...] = tuple((CAISSE, f"{number:07d}") for number in range(1, 6))
IN_CAISSE = KEYS[:1]
"""The others are delegated."""
AMOUNTS = (10_000, 200_000, 400_000)
THRESHOLDS = (150_000, 300_000)


def extract(key: Key, amount: int, le: date = DAY, convention: str | None = "CONV") -> Given:
    """A letter of one trop-perçu (cents) to the family; a later one changes the amount."""
    indu = ReadIndu(
        id="I1",
        reference="I1",
        prestation="RSA",
        motif="10",
        notifiee_le=date(2026, 10, 1),
        mois={"2026-01": Montants(verse=amount, du=0)},
    )
    return Given(
        ReceiveExtract(
            id=new_id(),
            caisse=key[0],
            matricule=key[1],
            author=SYSTEM,
            at=NOON,
            le=le,
            allocataire=Allocataire(nom=FAMILIES[KEYS.index(key)], prenom="Zoé", commune="Colmar"),
            prestations=("RSA",),
            convention=convention,
            indus=(indu,),
        )
    )


def first_extracts(keys: Iterable[Key] = KEYS) -> Iterator[Given]:
    """Every family as the caisse first sends it: small and great amounts by turns."""
    for place, key in enumerate(keys):
        yield extract(key, AMOUNTS[place % 3], convention=None if key in IN_CAISSE else "CONV")
