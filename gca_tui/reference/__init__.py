"""Reference data shipped with the program: caisses, prestations, the Cnaf's lists, recourse families, words.

Each file names its source, licence and status; nothing is read before it is asked for.
"""

from gca_tui.domain.lexicon import Code, Jargon, Prestation
from gca_tui.reference.entries import Caisse, Nature, Term
from gca_tui.reference.lists import (
    accusations,
    caisses,
    canaux,
    glossaire,
    jargon,
    lexicon,
    medical,
    motifs,
    natures,
    origines,
    prestations,
    recours,
    responsabilites,
    sigles,
    situations,
)
from gca_tui.reference.lookup import caisse_label, canal_code, explain, nature_code

__all__ = [
    "Caisse",
    "Code",
    "Jargon",
    "Nature",
    "Prestation",
    "Term",
    "accusations",
    "caisse_label",
    "caisses",
    "canal_code",
    "canaux",
    "explain",
    "glossaire",
    "jargon",
    "lexicon",
    "medical",
    "motifs",
    "nature_code",
    "natures",
    "origines",
    "prestations",
    "recours",
    "responsabilites",
    "sigles",
    "situations",
]
