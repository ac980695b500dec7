"""What an operator watches: counts and times, no name. One registry an application, so that two do not mix."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "gca_requetes", "Requêtes servies", ("methode", "route", "statut"), registry=self.registry
        )
        self._seconds = Histogram(
            "gca_requete_secondes",
            "Temps d’une requête, sans les attentes longues",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.waiting = Gauge("gca_attentes", "Attentes longues en cours", registry=self.registry)
        self.turned_away = Counter("gca_attentes_refusees", "Attentes longues sans place", registry=self.registry)
        self.events = Counter("gca_dossiers_envoyes", "Dossiers envoyés aux postes", registry=self.registry)
        self.commands = Counter("gca_commandes", "Commandes reçues", ("resultat",), registry=self.registry)
        self.enrolments = Counter("gca_connexions", "Codes présentés", ("resultat",), registry=self.registry)
        self.errors = Counter("gca_erreurs", "Erreurs imprévues", registry=self.registry)
        self._children: dict[tuple[str, str, int], Counter] = {}
        self._times: dict[str, Histogram] = {}

    def served(self, method: str, route: str, status: int, seconds: float, waited: float = 0.0) -> None:
        """Count a request: `seconds` in all, of which `waited` in a long poll."""
        key = (method, route, status)
        counter = self._children.get(key)
        if counter is None:
            counter = self._children[key] = self._requests.labels(method, route, str(status))
            self._times.setdefault(route, self._seconds.labels(route))
        counter.inc()
        self._times[route].observe(max(seconds - waited, 0.0))

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
