"""The sockets of a client, so that a request can be ended from another thread.

Closing an `httpx.Client` does not wake a thread that waits for an answer; shutting its socket does.
"""

from __future__ import annotations

import socket
import threading
import weakref
from contextlib import suppress
from typing import Any


class Sockets:
    """Learns of each connection through httpx's `trace` extension; `shut` ends them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: weakref.WeakSet[Any] = weakref.WeakSet()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """What httpx calls at each step of a request."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._streams.add(info["return_value"])

    def shut(self) -> None:
        """End every connection at once, whatever waits on it."""
        with self._lock:
            streams = tuple(self._streams)
        for stream in streams:
            found = stream.get_extra_info("socket")
            if isinstance(found, socket.socket):
                # Through the base class: that of `ssl` would drop its state under the thread that reads.
                with suppress(OSError):
                    socket.socket.shutdown(found, socket.SHUT_RDWR)
