"""The process that serves the shared store: it listens, says where, and stops cleanly on SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

import uvicorn

from gca_tui.errors import InputError
from gca_tui.server import logs
from gca_tui.server.app import make_app
from gca_tui.server.service import Service

KEEP_ALIVE = 40
"""Seconds an idle connection is kept: more than a long poll, so that a client does not connect for each."""
GRACE = 20
"""Seconds that running requests have to end once the process was told to stop."""
BACKLOG = 2_048


@dataclass(frozen=True)
class Address:
    """Where to listen. Port 0: one that is free. With a certificate and its key, TLS."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def url(self, port: int) -> str:
        """How a client names it."""
        scheme = "https" if self.certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{port}"


def serve(service: Service, address: Address, announce: Callable[[str], None]) -> None:
    """Serve until told to stop; `announce` is called with the URL once it listens. Closes the service.

    Running requests are answered, long polls end at once. Raises InputError when it cannot listen there.
    """
    logs.configure()
    try:
        listening = _listen(address)
        with listening:
            url = address.url(listening.getsockname()[1])
            server = _Server(_config(service, address), service, lambda: announce(url))
            server.run(sockets=[listening])
    finally:
        service.close()


class _Server(uvicorn.Server):
    """Uvicorn, but told to stop it ends well: long polls are let go, and the exit code is 0."""

    def __init__(self, config: uvicorn.Config, service: Service, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._service = service
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.bell.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own raises the signal again once all is done, which would end the process with an error."""
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True


def _config(service: Service, address: Address) -> uvicorn.Config:
    config = uvicorn.Config(
        make_app(service),
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise InputError(
            "Le certificat ou sa clé ne se lisent pas.",
            "Rien n’est servi.",
            "Donnez deux fichiers PEM qui vont ensemble, avec --certificat et --cle.",
        ) from error
    return config


def _listen(address: Address) -> socket.socket:
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((address.host, address.port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise InputError(
            f"L’adresse {address.host}, port {address.port}, ne peut pas être prise.",
            "Rien n’est servi.",
            "Un autre programme l’a peut-être : choisissez-en une autre avec --hote et --port (0 : un port libre).",
        ) from error
