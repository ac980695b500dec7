"""What the two caisses of the demonstration decide, and where their families turn to.

Streets are invented and the telephone numbers are of those reserved for fiction: none of them is the caisse's.
"""

from __future__ import annotations

from gca_tui.demo.people import ARIEGE, HAUT_RHIN
from gca_tui.domain.settings import CaisseSettings, Settings


def settings() -> Settings:
    """The rules of every demonstration. The Ariège wants two attempts to reach a family before a dossier is closed."""
    return Settings(
        caisses={
            HAUT_RHIN: CaisseSettings(
                adresse="26 rue du Colporteur-de-Brume, 68100 Mulhouse",
                telephone="03 53 01 68 10",
                departement="Haut-Rhin",
                adresse_departement="7 place des Trois-Horloges-Bleues, 68000 Colmar",
                tribunal_administratif="Strasbourg",
                tribunal_judiciaire="Mulhouse",
            ),
            ARIEGE: CaisseSettings(
                adresse="11 rue de la Fontaine-aux-Songes, 09000 Foix",
                telephone="05 36 49 09 10",
                departement="Ariège",
                adresse_departement="3 allée des Ours-Polis, 09000 Foix",
                tribunal_administratif="Toulouse",
                tribunal_judiciaire="Foix",
                contact_blocks=True,
                contact_attempts=2,
            ),
        }
    )
