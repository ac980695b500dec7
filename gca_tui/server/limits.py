"""What a request may hold: so many bytes once unpacked, so deep, so many values, and no character that deceives."""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Coroutine, Iterator
from math import isfinite
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from gca_tui.server.problems import Refusal
from gca_tui.wire import PUSH_BYTES, TEXT

DEPTH = 40
"""Objects and lists inside each other."""
VALUES = 100_000
"""Values in one body."""
NAME = 200
"""Characters of a field's name."""
PATIENCE = 60.0
"""Seconds a client has to send a body."""
APART = 32_000
"""Bytes from which a body is read outside the loop that serves everybody."""
_INTEGER = 1 << 63
_CHUNK = 64 * 1024

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_TEXT_ONLY = re.compile(rb"[\t\n\r -\[\]-~]*")
_RETURNS = re.compile("\r\n?")


async def read_body(request: Request) -> bytes:
    """The body, unpacked. Raises Refusal: 413 when it is too large, 415 for another packing, 400 when it is broken."""
    packing = request.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip"):
        raise Refusal(415, "Seul gzip est reçu.", "compression")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:12]) > PUSH_BYTES:
        _too_large()
    unpacker = zlib.decompressobj(wbits=31) if packing == "gzip" else None
    parts: list[bytes] = []
    size = came = 0
    async for chunk in request.stream():
        came += len(chunk)
        for part in _unpacked(chunk, unpacker):
            parts.append(part)
            size += len(part)
            if size > PUSH_BYTES:
                _too_large()
        if came > PUSH_BYTES:
            _too_large()
    if unpacker is not None and came and not (unpacker.eof and not unpacker.unused_data):
        raise Refusal(400, "Le contenu compressé est coupé ou abîmé.", "gzip")
    return b"".join(parts)


def _unpacked(chunk: bytes, unpacker: zlib._Decompress | None) -> Iterator[bytes]:
    """What a piece of the body holds, never more than a little at a time: a small one may unpack to gigabytes."""
    if unpacker is None:
        yield chunk
        return
    try:
        while chunk and not unpacker.eof:
            yield unpacker.decompress(chunk, _CHUNK)
            chunk = unpacker.unconsumed_tail
    except zlib.error:
        raise Refusal(400, "Le contenu compressé est coupé ou abîmé.", "gzip") from None


def _too_large() -> NoReturn:
    raise Refusal(413, f"Un envoi fait au plus {PUSH_BYTES} octets : envoyez-le en plusieurs fois.")


def parse(body: bytes) -> Any:
    """The JSON of a body, in which every text is NFC and every line ends with a line feed.

    Raises Refusal: 422, naming the field and what is wrong with it; json.JSONDecodeError when it is no JSON.
    """
    try:
        found = json.loads(body.decode(), parse_constant=_not_a_number)
    except UnicodeDecodeError as error:
        raise Refusal(422, f"L’octet {error.start} n’est pas de l’UTF-8.", "utf8") from None
    except RecursionError:
        raise _fault("", "profondeur", f"plus de {DEPTH} niveaux") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise _fault("", "nombre", "un nombre est trop grand") from None
    if len(body) < TEXT and body.count(b"{") + body.count(b"[") < DEPTH and _plain(body):
        return found
    return _Cleaning().value(found, "", 0)


def _plain(body: bytes) -> bool:
    """No escape, no accent, no long figure: nothing in it can need a closer look."""
    return _TEXT_ONLY.fullmatch(body) is not None and not _LONG_FIGURE.search(body)


_LONG_FIGURE = re.compile(rb"\d{16}|\d[eE][+-]?\d")


def _not_a_number(_: str) -> NoReturn:
    raise _fault("", "nombre", "un nombre n’a pas de valeur")


def _fault(path: str, code: str, words: str) -> Refusal:
    where = path or "le contenu"
    return Refusal(
        422,
        f"{where} : {words}. Rien n’a été enregistré.",
        code,
        errors=({"champ": path, "code": code, "motif": words},),
    )


class _Cleaning:
    """One look at every value of a body."""

    def __init__(self) -> None:
        self.left = VALUES

    def value(self, value: Any, path: str, depth: int) -> Any:
        """The value as it is kept. Raises Refusal."""
        self.left -= 1
        if self.left < 0:
            raise _fault("", "nombre_de_valeurs", f"plus de {VALUES} valeurs")
        if isinstance(value, str):
            return checked_text(value, path)
        if isinstance(value, dict | list):
            return self._inside(value, path, depth + 1)
        if isinstance(value, int) and not -_INTEGER <= value < _INTEGER:
            raise _fault(path, "nombre", "nombre trop grand")
        if isinstance(value, float) and not isfinite(value):
            raise _fault(path, "nombre", "nombre trop grand")
        return value

    def _inside(self, value: Any, path: str, depth: int) -> Any:
        if depth > DEPTH:
            raise _fault("", "profondeur", f"plus de {DEPTH} niveaux")
        if isinstance(value, list):
            return [self.value(item, _under(path, place), depth) for place, item in enumerate(value)]
        return {
            checked_text(name, f"{path} (nom d’un champ)", NAME): self.value(item, _under(path, name), depth)
            for name, item in value.items()
        }


def _under(path: str, part: object) -> str:
    return f"{path}.{part}" if path else str(part)


def checked_text(text: str, path: str, longest: int = TEXT) -> str:
    """The text as it is kept: NFC, lines ended by line feeds. Raises Refusal 422 naming the field and the character."""
    if len(text) > longest:
        raise _fault(path, "trop_long", f"plus de {longest} caractères")
    if text.isascii() and text.isprintable():
        return text
    if found := _FORBIDDEN.search(text):
        raise _fault(path, "caractere", f"caractère U+{ord(found[0]):04X} (place {found.start() + 1}) refusé")
    return unicodedata.normalize("NFC", _RETURNS.sub("\n", text))


class Bounded(Request):
    """A request whose body is read within these limits."""

    async def body(self) -> bytes:
        """The body, unpacked. Raises Refusal."""
        if not hasattr(self, "_body"):
            try:
                async with asyncio.timeout(PATIENCE):
                    self._body = await read_body(self)
            except TimeoutError:
                raise Refusal(408, "Le contenu n’est pas arrivé à temps. Rien n’a été enregistré.") from None
        return self._body

    async def json(self) -> Any:
        """Its JSON, cleaned. Raises Refusal and json.JSONDecodeError."""
        if not hasattr(self, "_json"):
            body = await self.body()
            self._json = parse(body) if len(body) < APART else await run_in_threadpool(parse, body)
        return self._json


class BoundedRoute(APIRoute):
    """A route that reads its requests within these limits."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, given a bounded request."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            return await handle(Bounded(request.scope, request.receive))

        return bounded
