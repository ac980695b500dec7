"""A remote store with a few agents and dossiers, called over its real HTTP application."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import insert, update

from gca_tui import clock
from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.dossier import Allocataire
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.server import enrolling, importing
from gca_tui.server.administering import touch_rights
from gca_tui.server.app import make_app
from gca_tui.server.chain import open_scope
from gca_tui.server.service import Service
from gca_tui.server.tables import AGENT, CONVENTION, INSTALL, RIGHT
from gca_tui.store.loading import Given

SYSTEM = Author(identifiant="systeme", nom="Extrait", caisse="681")
OPEN, RUNNING, OVER, LATER = "681", "681/CONV", "681/PASSEE", "681/FUTURE"
OLD_NAME = "Vieille-Famille"


@dataclass(frozen=True)
class Poste:
    """One agent's installation."""

    agent: str
    install: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Gca-Install": self.install, "Gca-Schema": "1"}


class Office:
    """The application, and what an operator does to its base."""

    def __init__(self, service: Service, places: int = 100) -> None:
        self.service = service
        self.base = service.base
        self.app: FastAPI = make_app(service, places=places)
        self.at = clock.now().isoformat()

    def client(self, poste: Poste | None = None, **headers: str) -> httpx.AsyncClient:
        """A client of the application; what it raises comes out as a 500, as over a socket."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://serveur",
            headers={**(poste.headers if poste else {}), **headers},
        )

    def agent(self, identifiant: str, caisse: str, scopes: Iterable[str] = (), role: str = "gca") -> Poste:
        """An agent with rights, and their installation."""
        with self.base.write() as connection:
            values: dict[str, Any] = {"identifiant": identifiant, "nom": identifiant.title(), "qualite": "GCA"}
            connection.execute(insert(AGENT).values(**values, caisse=caisse, role=role, active=1, made_at=self.at))
            for scope in scopes:
                connection.execute(insert(RIGHT).values(agent=identifiant, scope=scope))
            made = enrolling.install_for(connection, identifiant, "poste", 1, self.service.now())
        return Poste(identifiant, made.install, made.token)

    def code(self, identifiant: str) -> str:
        """A one-time code."""
        with self.base.write() as connection:
            return enrolling.new_code(connection, identifiant, self.service.now())

    def corbeilles(self, *scopes: str) -> None:
        """Corbeilles without any dossier."""
        with self.base.write() as connection:
            for scope in scopes:
                open_scope(connection, scope, self.at)

    def convention(self, nom: str, debut: str = "", fin: str = "", delegataire: str = "") -> None:
        """A delegation of 681."""
        with self.base.write() as connection:
            connection.execute(
                insert(CONVENTION).values(caisse="681", nom=nom, delegataire=delegataire, debut=debut, fin=fin)
            )

    def end(self, nom: str, fin: str) -> None:
        """Its last day."""
        with self.base.write() as connection:
            connection.execute(update(CONVENTION).where(CONVENTION.c.nom == nom).values(fin=fin))
            touch_rights(connection)

    def revoke(self, poste: Poste) -> None:
        """Shut one installation out."""
        with self.base.write() as connection:
            connection.execute(update(INSTALL).where(INSTALL.c.id == poste.install).values(revoked_at=self.at))
            touch_rights(connection)

    def withdraw(self, poste: Poste) -> None:
        """Shut an agent out."""
        with self.base.write() as connection:
            connection.execute(update(AGENT).where(AGENT.c.identifiant == poste.agent).values(active=0))
            touch_rights(connection)

    def dossiers(self, *matricules: str, convention: str | None = None, nom: str = "Exemple") -> None:
        """Dossiers of 681, as an import brings them."""
        importing.load(self.service, [_given(matricule, convention, nom) for matricule in matricules])


def _given(matricule: str, convention: str | None, nom: str) -> Given:
    return Given(
        ReceiveExtract(
            id=new_id(),
            caisse="681",
            matricule=matricule,
            author=SYSTEM,
            at=clock.now(),
            le=clock.today(),
            allocataire=Allocataire(nom=nom, prenom="Zoé", commune="Colmar"),
            prestations=("RSA",),
            convention=convention,
        )
    )


def start() -> list[Any]:
    """A position before everything."""
    return [0, ""]


def asked(*scopes: str, rights: str = "", **more: Any) -> dict[str, Any]:
    """A pull of these corbeilles from their start."""
    return {"scopes": {scope: {} for scope in scopes}, "rights": rights, **more}
