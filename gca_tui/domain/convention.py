"""Conventions between caisses (CSS L.122-7) and the corbeilles they make."""

from __future__ import annotations


def corbeille(caisse: str, convention: str | None) -> str:
    """The unit of right, of counting and of exchange: `681`, or `681/CONV` for what is delegated."""
    return f"{caisse}/{convention}" if convention else caisse
