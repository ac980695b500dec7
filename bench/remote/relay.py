"""A TCP relay in front of a server: bytes arrive as late as on a line of that round trip, and are counted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 1 << 16


class Relay:
    """Listens at `url`. `up` and `down` are the bytes towards the server and back, headers included."""

    def __init__(self, target: str, round_trip: float = 0.0) -> None:
        self.url = ""
        self.up = self.down = self.requests = 0
        self._port = urlsplit(target).port
        self._delay = round_trip / 2
        self._writers: set[asyncio.StreamWriter] = set()

    async def listen(self) -> asyncio.Server:
        """Begin."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    def hang_up(self) -> None:
        """End all connections."""
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, outer}
        # A connection costs one round trip before its first byte leaves.
        await asyncio.gather(self._up(reader, outer, 2 * self._delay), self._down(inner, writer))

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opening: float) -> None:
        loop = asyncio.get_running_loop()
        opened = loop.time() + opening
        while data := await _read(reader):
            self.up += len(data)
            self.requests += data.startswith((b"POST ", b"GET "))
            loop.call_at(max(loop.time(), opened) + self._delay, _write, writer, data)
        loop.call_later(self._delay, writer.close)

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while data := await _read(reader):
            self.down += len(data)
            loop.call_later(self._delay, _write, writer, data)
        loop.call_later(self._delay, writer.close)


async def _read(reader: asyncio.StreamReader) -> bytes:
    with suppress(OSError):
        return await reader.read(CHUNK)
    return b""


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(OSError):
        writer.write(data)


@contextmanager
def relayed(target: str, round_trip: float = 0.0) -> Iterator[Relay]:
    """A relay to a server, in a thread of its own; `round_trip` in seconds."""
    loop = asyncio.new_event_loop()
    relay = Relay(target, round_trip)
    server = loop.run_until_complete(relay.listen())
    thread = threading.Thread(target=loop.run_forever, name="relay", daemon=True)
    thread.start()

    async def end() -> None:
        server.close()
        relay.hang_up()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield relay
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
