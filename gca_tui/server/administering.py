"""Who may work where: agents, their roles and corbeilles, their machines. `gca serveur` is its only caller.

Each change of a right raises `rights` in the base, so that every server process tells those who wait.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from gca_tui.domain.french import listed
from gca_tui.domain.settings import Settings
from gca_tui.errors import InputError, StoreDamaged
from gca_tui.server.delegating import NOTHING, Delegation, convention_of, ensure_scopes, split
from gca_tui.server.enrolling import new_code
from gca_tui.server.roles import ROLES
from gca_tui.server.tables import AGENT, ENROLMENT, INSTALL, META, RIGHT
from gca_tui.store.rules import SETTINGS, parsed

RAISED = "rights"
"""Name of the number that each change of a right raises."""
SETTINGS_SINCE = "settings_since"
"""Name of the instant at which the rules in force were."""
LONGEST = 80
"""Characters of an agent's identifier."""
_RAISE = text("UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = :name")


@dataclass(frozen=True)
class Person:
    """An agent as an administrator knows them. `scopes` are the corbeilles they were given."""

    identifiant: str
    caisse: str
    role: str
    scopes: tuple[str, ...] = ()
    nom: str = ""
    qualite: str = ""
    active: bool = True
    postes: int = 0


def touch_rights(connection: Connection) -> None:
    """Let every server process know that a right, a convention or the rules moved."""
    connection.execute(_RAISE, {"name": RAISED})


def add_agent(connection: Connection, wanted: Person, at: datetime) -> tuple[Person, bool]:
    """Write an agent and what they may see. Returns them and whether they are new; raises InputError.

    One who is there already as described is left as they are: they only get another code.
    """
    wanted = _checked(wanted)
    known = agent_of(connection, wanted.identifiant)
    if known is None:
        check_scopes(connection, wanted.caisse, wanted.scopes)
        values = {"identifiant": wanted.identifiant, "nom": wanted.nom, "qualite": wanted.qualite, "active": 1}
        values |= {"caisse": wanted.caisse, "role": wanted.role, "made_at": at.isoformat()}
        connection.execute(insert(AGENT).values(values))
        _give(connection, wanted.identifiant, wanted.scopes, at)
        return wanted, True
    _check_active(known)
    if differs := _differences(known, wanted):
        raise InputError(
            f"L’agent {known.identifiant} existe déjà, avec {listed(differs)}.",
            NOTHING,
            "gca serveur agent role et agent corbeille le changent ; agent code lui donne un autre code.",
        )
    return known, False


def code_for(connection: Connection, identifiant: str, at: datetime) -> str:
    """Another code for an agent. Raises InputError."""
    known = known_agent(connection, identifiant)
    _check_active(known)
    return new_code(connection, known.identifiant, at)


def unopened(connection: Connection, person: Person) -> tuple[str, ...]:
    """The corbeilles of another caisse that they were given and of which no convention is known yet."""
    others = [scope for scope in person.scopes if split(scope)[0] != person.caisse]
    return tuple(scope for scope in others if convention_of(connection, scope) is None)


def agent_of(connection: Connection, identifiant: str) -> Person | None:
    """An agent; None when nobody has this identifier."""
    return next(iter(agents(connection, identifiant)), None)


def known_agent(connection: Connection, identifiant: str) -> Person:
    """An agent. Raises InputError when nobody has this identifier."""
    found = agent_of(connection, identifiant)
    if found is None:
        raise InputError(f"Aucun agent « {identifiant} ».", NOTHING, "gca serveur agent liste les dit.")
    return found


def agents(connection: Connection, identifiant: str = "") -> list[Person]:
    """All agents, or one."""
    chosen = select(AGENT).order_by(AGENT.c.identifiant)
    rights, postes = select(RIGHT).order_by(RIGHT.c.scope), select(INSTALL.c.agent).where(INSTALL.c.revoked_at == "")
    if identifiant:
        chosen = chosen.where(AGENT.c.identifiant == identifiant)
        rights = rights.where(RIGHT.c.agent == identifiant)
        postes = postes.where(INSTALL.c.agent == identifiant)
    scopes: dict[str, list[str]] = {}
    for row in connection.execute(rights):
        scopes.setdefault(row.agent, []).append(row.scope)
    alive = list(connection.execute(postes).scalars())
    return [
        Person(
            identifiant=row.identifiant,
            caisse=row.caisse,
            role=row.role,
            scopes=tuple(scopes.get(row.identifiant, ())),
            nom=row.nom,
            qualite=row.qualite,
            active=bool(row.active),
            postes=alive.count(row.identifiant),
        )
        for row in connection.execute(chosen)
    ]


def set_active(connection: Connection, identifiant: str, *, active: bool) -> Person:
    """Withdraw an agent, whose machines then empty themselves and whose codes are worth nothing, or take them back.

    Raises InputError.
    """
    known_agent(connection, identifiant)
    connection.execute(update(AGENT).where(AGENT.c.identifiant == identifiant).values(active=int(active)))
    if not active:
        connection.execute(delete(ENROLMENT).where(ENROLMENT.c.agent == identifiant, ENROLMENT.c.used_at == ""))
    touch_rights(connection)
    return known_agent(connection, identifiant)


def set_role(connection: Connection, identifiant: str, role: str) -> Person:
    """Give an agent another role. Raises InputError."""
    known_agent(connection, identifiant)
    connection.execute(update(AGENT).where(AGENT.c.identifiant == identifiant).values(role=_checked_role(role)))
    touch_rights(connection)
    return known_agent(connection, identifiant)


def change_scopes(
    connection: Connection, identifiant: str, added: Iterable[str], taken: Iterable[str], at: datetime
) -> Person:
    """Open and close corbeilles to an agent. Raises InputError."""
    known = known_agent(connection, identifiant)
    added, taken = tuple(added), tuple(taken)
    if unknown := [scope for scope in taken if scope not in known.scopes]:
        raise InputError(f"L’agent {identifiant} n’a pas la corbeille {listed(unknown)}.", NOTHING)
    check_scopes(connection, known.caisse, added)
    _give(connection, identifiant, [scope for scope in added if scope not in known.scopes], at)
    for scope in taken:
        connection.execute(delete(RIGHT).where(RIGHT.c.agent == identifiant, RIGHT.c.scope == scope))
    touch_rights(connection)
    return known_agent(connection, identifiant)


def check_scopes(connection: Connection, caisse: str, scopes: Iterable[str]) -> None:
    """Raise InputError for a corbeille that an agent of this caisse cannot have.

    Delegation is by convention (CSS L.122-7): another caisse's agents see what a convention names, nothing else.
    """
    for scope in scopes:
        owner, nom = split(scope)
        if owner == caisse:
            continue
        if not nom:
            raise InputError(
                f"Un agent de la caisse {caisse} ne peut pas avoir toute la corbeille {scope} : une caisse ne délègue à"
                " une autre que par convention (délégation par convention, CSS L.122-7).",
                NOTHING,
                f"Donnez la corbeille d’une convention, {scope}/CONV.",
            )
        _check_convention(convention_of(connection, scope), caisse, scope)


def read_settings(connection: Connection) -> Settings:
    """The rules in force. Raises StoreDamaged."""
    return parsed(connection.execute(select(META.c.value).where(META.c.name == SETTINGS)).scalar())


def store_settings(
    connection: Connection, change: Callable[[Settings], Settings], at: datetime
) -> tuple[Settings | None, Settings]:
    """Put changed rules in force, their version one higher, and tell everybody; nothing when they are the same.

    Rules that cannot be read are replaced. Returns what was in force (None: it could not be read) and what is now.
    """
    before: Settings | None
    try:
        before = read_settings(connection)
    except StoreDamaged:
        before = None
    after = change(before or Settings())
    if after == before:
        return before, before
    after = after.model_copy(update={"version": (before or after).version + 1})
    values = {SETTINGS: after.model_dump_json(exclude_defaults=True), SETTINGS_SINCE: at.isoformat()}
    connection.execute(delete(META).where(META.c.name.in_(values)))
    connection.execute(insert(META), [{"name": name, "value": value} for name, value in values.items()])
    touch_rights(connection)
    return before, after


def _give(connection: Connection, identifiant: str, scopes: Iterable[str], at: datetime) -> None:
    scopes = tuple(dict.fromkeys(scopes))
    if scopes:
        ensure_scopes(connection, scopes, at)
        connection.execute(insert(RIGHT), [{"agent": identifiant, "scope": scope} for scope in scopes])
    touch_rights(connection)


def _check_active(known: Person) -> None:
    if not known.active:
        raise InputError(
            f"L’agent {known.identifiant} a été retiré.", NOTHING, "gca serveur agent reprendre le fait revenir."
        )


def _check_convention(known: Delegation | None, caisse: str, scope: str) -> None:
    if known and known.delegataire not in ("", caisse):
        raise InputError(
            f"La convention {scope} délègue à la caisse {known.delegataire}, pas à la caisse {caisse} (CSS L.122-7).",
            NOTHING,
        )


def _differences(known: Person, wanted: Person) -> list[str]:
    said = [
        (f"la caisse {known.caisse}", wanted.caisse != known.caisse),
        (f"le rôle {known.role}", wanted.role != known.role),
        (f"le nom « {known.nom} »", wanted.nom not in ("", known.nom)),
        (f"la qualité « {known.qualite} »", wanted.qualite not in ("", known.qualite)),
        (f"les corbeilles {listed(known.scopes) or '(aucune)'}", not {*wanted.scopes} <= {*known.scopes}),
    ]
    return [words for words, differs in said if differs]


def _checked(wanted: Person) -> Person:
    identifiant, caisse = _text(wanted.identifiant), split(wanted.caisse)[0]
    if not identifiant or len(identifiant) > LONGEST:
        raise InputError(f"L’identifiant d’un agent a de 1 à {LONGEST} caractères.", NOTHING)
    if "/" in wanted.caisse:
        raise InputError(f"« {wanted.caisse} » n’est pas une caisse.", NOTHING, "Écrivez son code, 681.")
    scopes = tuple(dict.fromkeys(wanted.scopes))
    role = _checked_role(wanted.role)
    return Person(identifiant, caisse, role, scopes, _text(wanted.nom), _text(wanted.qualite))


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise InputError(f"Le rôle « {role} » n’existe pas.", NOTHING, f"Attendu l’un de {', '.join(ROLES)}.")
    return role


def _text(given: str) -> str:
    composed = unicodedata.normalize("NFC", given).strip()
    if any(unicodedata.category(one)[0] == "C" for one in composed):
        raise InputError("Un nom ne contient pas de caractère invisible.", NOTHING)
    return composed
