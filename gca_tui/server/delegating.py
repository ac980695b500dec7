"""Corbeilles and the conventions that open them to other caisses (CSS L.122-7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, text, update

from gca_tui.domain.convention import corbeille
from gca_tui.errors import InputError
from gca_tui.server.chain import open_scope
from gca_tui.server.tables import CONVENTION, MEMBERSHIP, SCOPE

NOTHING = "Rien n’a changé."
_NAME = re.compile(r"[0-9A-Za-z._-]{1,48}")
_CAISSE = re.compile(r"[0-9A-Za-z._-]{1,20}")
_OTHERS = re.compile(r"[^0-9A-Za-z._-]+")
_ADD_CONVENTION = text(
    "INSERT INTO convention (caisse, nom, delegataire, debut, fin)"
    " VALUES (:caisse, :nom, :delegataire, :debut, :fin) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Delegation:
    """A convention: `caisse` delegates to `delegataire` ("": not said) until `fin`, included (None: no end known)."""

    caisse: str
    nom: str
    delegataire: str = ""
    debut: date | None = None
    fin: date | None = None

    @property
    def scope(self) -> str:
        """The corbeille that it opens."""
        return f"{self.caisse}/{self.nom}"

    def named(self) -> Delegation:
        """The same under the name that its corbeille has where an extract writes it as here."""
        return replace(self, nom=scope_of(self.caisse, self.nom).partition("/")[2])


def scope_of(caisse: str, convention: str | None) -> str:
    """The corbeille of what an extract says.

    A convention whose name cannot be part of an address gets one that can, the same each time and for it alone.
    """
    if not convention or _NAME.fullmatch(convention):
        return corbeille(caisse, convention)
    plain = unicodedata.normalize("NFKD", convention).encode("ascii", "ignore").decode()
    short = _OTHERS.sub("-", plain).strip("-")[:40] or "convention"
    return corbeille(caisse, f"{short}.{blake2b(convention.encode(), digest_size=3).hexdigest()}")


def split(scope: str) -> tuple[str, str]:
    """The caisse and the convention ("" for none) of a corbeille. Raises InputError."""
    caisse, slash, nom = scope.partition("/")
    if not _CAISSE.fullmatch(caisse) or (slash and not _NAME.fullmatch(nom)):
        raise InputError(
            f"« {scope} » n’est pas une corbeille.", NOTHING, "Écrivez-la 681, ou 681/CONV pour une convention."
        )
    return caisse, nom


def ensure_scopes(connection: Connection, scopes: Iterable[str], at: datetime) -> None:
    """Make the corbeilles that are not there. Raises InputError."""
    for scope in sorted(set(scopes)):
        split(scope)
        open_scope(connection, scope, at.isoformat())


def ensure_conventions(connection: Connection, scopes: Iterable[str]) -> bool:
    """Make the conventions that extracts name and that nobody described yet: no delegate, no end known.

    Says whether there was any.
    """
    made = 0
    for caisse, nom in sorted({split(scope) for scope in scopes}):
        if nom:
            blank = {"delegataire": "", "debut": "", "fin": ""}
            made += connection.execute(_ADD_CONVENTION, {"caisse": caisse, "nom": nom, **blank}).rowcount
    return made > 0


def add_convention(connection: Connection, wanted: Delegation, at: datetime) -> bool:
    """Write a convention, or what was not known of one; says whether anything changed. Raises InputError."""
    split(wanted.scope)
    if not _CAISSE.fullmatch(wanted.delegataire) or wanted.delegataire == wanted.caisse:
        raise InputError("La caisse délégataire est une autre caisse, par son code.", NOTHING)
    if wanted.debut and wanted.fin and wanted.fin < wanted.debut:
        raise InputError("La convention finirait avant de commencer.", NOTHING)
    before = convention_of(connection, wanted.scope)
    if before and before.delegataire not in ("", wanted.delegataire):
        raise InputError(
            f"La convention {wanted.scope} est déjà avec la caisse {before.delegataire}.",
            NOTHING,
            "Une autre délégation est une autre convention : donnez-lui un autre nom.",
        )
    if before == wanted:
        return False
    ensure_scopes(connection, [wanted.scope], at)
    ensure_conventions(connection, [wanted.scope])
    _set(connection, wanted.scope, delegataire=wanted.delegataire, debut=_day(wanted.debut), fin=_day(wanted.fin))
    return True


def end_convention(connection: Connection, scope: str, fin: date) -> Delegation:
    """The last day of a convention: after it nobody of another caisse sees its corbeille. Raises InputError."""
    known = convention_of(connection, scope)
    if known is None:
        raise InputError(f"La convention {scope} n’est pas connue.", NOTHING, "gca serveur convention liste les dit.")
    if known.debut and fin < known.debut:
        raise InputError("La convention finirait avant de commencer.", NOTHING)
    _set(connection, scope, fin=fin.isoformat())
    return Delegation(known.caisse, known.nom, known.delegataire, known.debut, fin)


def convention_of(connection: Connection, scope: str) -> Delegation | None:
    """The convention of a corbeille; None where there is none."""
    caisse, nom = split(scope)
    row = connection.execute(select(CONVENTION).where(CONVENTION.c.caisse == caisse, CONVENTION.c.nom == nom)).first()
    return _delegation(row) if row else None


def conventions(connection: Connection) -> list[Delegation]:
    """All of them."""
    rows = connection.execute(select(CONVENTION).order_by(CONVENTION.c.caisse, CONVENTION.c.nom))
    return [_delegation(row) for row in rows]


def corbeilles(connection: Connection) -> list[tuple[str, int]]:
    """Every corbeille and how many dossiers it shows."""
    shown = and_(MEMBERSHIP.c.scope == SCOPE.c.id, MEMBERSHIP.c.present == 1)
    found = (
        select(SCOPE.c.id, func.count(MEMBERSHIP.c.matricule))
        .outerjoin(MEMBERSHIP, shown)
        .group_by(SCOPE.c.id)
        .order_by(SCOPE.c.id)
    )
    return [(row[0], int(row[1])) for row in connection.execute(found)]


def caisses(connection: Connection) -> list[str]:
    """The caisses that have a corbeille."""
    return list(connection.execute(select(SCOPE.c.caisse).distinct().order_by(SCOPE.c.caisse)).scalars())


def _set(connection: Connection, scope: str, **values: str) -> None:
    caisse, nom = split(scope)
    where = (CONVENTION.c.caisse == caisse, CONVENTION.c.nom == nom)
    connection.execute(update(CONVENTION).where(*where).values(values))


def _delegation(row: Row[Any]) -> Delegation:
    return Delegation(row.caisse, row.nom, row.delegataire, _read_day(row.debut), _read_day(row.fin))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read_day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
