"""How shared stores are cut up. Without the server's own imports, so that any measure may know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """How a shared store is cut up: so many caisses, each one corbeille of so many dossiers and agents."""

    name: str
    caisses: int
    dossiers: int
    agents: int

    @property
    def total(self) -> int:
        """Dossiers in all."""
        return self.caisses * self.dossiers

    def scope(self, number: int) -> str:
        """A corbeille."""
        return f"{500 + number % self.caisses}"

    def agent(self, number: int) -> str:
        """An agent: those of consecutive numbers work in different corbeilles. Also the id of their installation."""
        return f"agent-{self.scope(number)}-{number // self.caisses}"


@dataclass(frozen=True, slots=True)
class Shapes:
    """One caisse; as many dossiers in sixteen; a whole country."""

    one: Shape
    sixteen: Shape
    country: Shape

    @classmethod
    def of(cls, whole: bool) -> Shapes:
        """Those that goals hold for, or small ones for a glance."""
        if whole:
            return cls(Shape("une", 1, 13_000, 1_008), Shape("seize", 16, 813, 63), Shape("pays", 101, 9_901, 16))
        return cls(Shape("une", 1, 1_300, 1_008), Shape("seize", 16, 82, 63), Shape("pays", 101, 99, 16))
