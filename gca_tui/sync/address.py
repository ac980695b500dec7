"""Addresses of servers: which may be spoken to, and which are this very machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from gca_tui.errors import InputError

_UNCHANGED = "Rien n’a changé."


def checked(written: str, *, plain: bool = False) -> str:
    """The address as it is kept. Without TLS, only this machine is spoken to, or what `plain` lets.

    Raises InputError.
    """
    address = written.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise _unreadable(written) from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise _unreadable(written)
    if parts.username is not None or not address.isascii() or not address.isprintable() or " " in address:
        raise _unreadable(written)
    if parts.scheme == "http" and not (plain or is_loopback(host)):
        raise InputError(
            "Cette adresse n’est pas chiffrée (http) : les dossiers et votre accès passeraient en clair.",
            _UNCHANGED,
            "Prenez l’adresse en https. Sur un réseau dont vous répondez : --sans-tls.",
        )
    return address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: nobody listens on the way, and no proxy belongs there."""
    digits = host.removeprefix("127.").split(".")
    return host in ("localhost", "::1") or (
        host.startswith("127.") and len(digits) == 3 and all(map(str.isdecimal, digits))
    )


def _unreadable(written: str) -> InputError:
    return InputError(
        f"« {written} » n’est pas l’adresse d’un serveur.", _UNCHANGED, "Attendu : https://serveur.exemple."
    )
