"""What a line of reference data is. Named tuples, since a frozen dataclass takes eight times as long to define."""

from typing import NamedTuple


class Caisse(NamedTuple):
    """A caisse under one of its 3-digit codes (NUMORG); merged caisses keep several, `à valider`."""

    code: str
    departement: str
    nom: str
    siren: str
    statut: str
    libelle_flux: str

    @property
    def territoire(self) -> str:
        """`Haut-Rhin` for `Caf du Haut-Rhin`."""
        name = self.nom.removeprefix("Caf ")
        for article in ("de la ", "de l’", "des ", "du ", "de ", "d’"):
            if name.startswith(article):
                return name.removeprefix(article)
        return name


class Nature(NamedTuple):
    """The nature of a pièce, or a canal, with the other ways extracts write it."""

    code: str
    libelle: str
    alias: tuple[str, ...]


class Term(NamedTuple):
    """A word of the screen and its explanation, with where it comes from and whether that was checked."""

    terme: str
    explication: str
    source: str
    statut: str
    alias: tuple[str, ...] = ()
