"""What went wrong on the line, as errors with words for the agent."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from gca_tui import clock
from gca_tui.errors import AccessLost, Rejected, SyncError, TooOld, Unreachable

KEPT = "Ce que vous avez saisi est gardé sur ce poste et partira plus tard."
_REFUSED, _TOO_OLD, _TOO_SOON = (401, 403), 426, 429
_AGAIN = frozenset({408, 425, 429})
_HOW = {"Timeout": "pas de réponse à temps", "Connect": "il n’est pas joignable", "Proxy": "le proxy refuse"}
_SERVER, _ERROR, _TOO_LARGE = 500, 400, 413
_NO_NETWORK = "UnsupportedProtocol"
"""What httpx says of an address that is not of the network: the demonstration's, the only one that is ever kept."""


def unreachable(error: BaseException) -> Unreachable:
    """The network failed."""
    if _is_of_certificates(error):
        return Unreachable(
            "Le certificat du serveur n’est pas reconnu sur ce poste.",
            KEPT,
            "Vérifiez l’adresse ; si la caisse a sa propre autorité : gca connexion ADRESSE --code CODE --ca FICHIER.",
        )
    name = type(error).__name__
    if name == _NO_NETWORK:
        return Unreachable(
            "Le serveur de la démonstration n’est pas joint : il ne tourne que dans gca demo, sans --hors-ligne.", KEPT
        )
    how = next((words for part, words in _HOW.items() if part in name), "la ligne a été coupée")
    return Unreachable(f"Le serveur ne répond pas : {how}.", KEPT)


def _is_of_certificates(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def too_slow() -> Unreachable:
    """The answer comes so slowly that it counts as none."""
    return Unreachable("La ligne est trop lente pour recevoir la réponse du serveur.", KEPT)


def garbled(how: str) -> Unreachable:
    """An answer came that cannot be used."""
    return Unreachable(f"La réponse du serveur est arrivée abîmée ({how}).", KEPT)


def not_the_server() -> Unreachable:
    """Something on the way answered in place of the server."""
    return Unreachable(
        "Ce n’est pas le serveur qui a répondu, mais un équipement du réseau (portail, proxy).",
        KEPT,
        "Ouvrez le portail du réseau s’il y en a un, ou vérifiez l’adresse du serveur.",
    )


def hung_up() -> Unreachable:
    """This program closed the line itself."""
    return Unreachable("L’échange a été interrompu.", KEPT)


def passes(status: int) -> bool:
    """Whether such an answer says nothing but to ask again later."""
    return status >= _SERVER or status in _AGAIN


def another_server() -> Rejected:
    """The address leads to a server that is not the one this store is tied to."""
    return Rejected(
        "L’adresse connue mène à un autre serveur que celui de ce poste.",
        KEPT,
        "Prévenez l’administrateur.",
        code="autre_serveur",
    )


def older_server() -> TooOld:
    """The server speaks only versions that this program has forgotten."""
    return TooOld("Le serveur est trop ancien pour ce programme.", KEPT, "Prévenez l’administrateur.")


def refusal(status: int, retry_after: str, problem: Mapping[str, Any] | None) -> SyncError:
    """The error for a status other than 200, with the words of the server where they are its own."""
    if passes(status):
        happened = f"Le serveur ne peut pas répondre pour l’instant (réponse {status})."
        if status == _TOO_SOON and problem:
            happened = _words(problem) or happened
        return Unreachable(happened, KEPT, retry_after=_seconds(retry_after))
    if problem is None and status == _TOO_LARGE:  # a proxy's limit: fewer at a time may pass
        problem = {}
    if problem is None or status < _ERROR:
        return not_the_server()
    code, words = str(problem.get("code") or ""), _words(problem)
    if status in _REFUSED:
        return AccessLost(
            _first_sentence(words) or "Le serveur ne reconnaît plus ce poste.",
            KEPT,
            "Demandez un nouveau code à l’administrateur, puis : gca connexion ADRESSE --code CODE.",
            code=code,
        )
    if status == _TOO_OLD:
        todo = "Mettez le programme à jour."
        return TooOld(words or "Ce programme est trop ancien pour le serveur.", KEPT, todo, code=code)
    happened = words or f"Le serveur refuse la demande (réponse {status})."
    rejected = Rejected(happened, KEPT, code=code, faults=_faults(problem))
    rejected.status = status
    return rejected


def _words(problem: Mapping[str, Any]) -> str:
    title, detail = (str(problem.get(name) or "").strip() for name in ("title", "detail"))
    return detail or title


def _first_sentence(words: str) -> str:
    """What happened: the server goes on with what was kept and what to do, which is said here."""
    first, more, _ = words.partition(". ")
    return f"{first}." if more else first


def _faults(problem: Mapping[str, Any]) -> dict[str, str]:
    """The fields that were not taken, each with the reason."""
    errors = problem.get("errors")
    found = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return {str(error.get("champ", "")): str(error.get("motif", "")) for error in found}


def _seconds(written: str) -> float | None:
    """What `Retry-After` says: seconds, or a date."""
    if written.strip().isdecimal():
        return float(written)
    try:
        moment = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - clock.now()).total_seconds())
