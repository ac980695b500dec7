"""A line between programs of different versions: what a newer one says more, what an older one does not say."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx

Change = Callable[[str, Any], Any]
MAPS = frozenset({"scopes", "seen", "set", "limits", "tokens", "dossiers", "forks"})
"""Objects whose names are data."""
THEIRS = frozenset({"document", "command"})
"""Texts of the domain, which keep what they do not know by their own rules."""
FUTURE = {"futur": {"valeur": [1, "deux", None]}}


class Between(httpx.BaseTransport):
    """Changes what is asked and what is answered, each JSON text by a function of its path."""

    def __init__(self, inner: httpx.BaseTransport, asked: Change, answered: Change) -> None:
        self.inner = inner
        self.asked = asked
        self.answered = answered

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        headers = {k: v for k, v in request.headers.items() if k not in ("content-length", "content-encoding")}
        if content:
            plain = gzip.decompress(content) if request.headers.get("content-encoding") == "gzip" else content
            content = json.dumps(self.asked(request.url.path, json.loads(plain)), ensure_ascii=False).encode()
        answer = self.inner.handle_request(
            httpx.Request(request.method, request.url, headers=headers, content=content, extensions=request.extensions)
        )
        return self._changed(request.url.path, answer)

    def _changed(self, path: str, answer: httpx.Response) -> httpx.Response:
        content = b"".join(answer.stream)  # type: ignore[arg-type]
        answer.close()
        if answer.headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        lines = [self._line(path, line) for line in content.split(b"\n")] if content else []
        kept = {k: v for k, v in answer.headers.items() if k not in ("content-length", "content-encoding")}
        return httpx.Response(answer.status_code, headers=kept, content=b"\n".join(lines))

    def _line(self, path: str, line: bytes) -> bytes:
        if not line:
            return line
        return json.dumps(self.answered(path, json.loads(line)), ensure_ascii=False, separators=(",", ":")).encode()


def newer(_: str, value: Any) -> Any:
    """The message with something more in each object of it."""
    return _walk(value, lambda one: FUTURE | one)


def as_it_is(_: str, value: Any) -> Any:
    """The same message."""
    return value


def older(*names: str) -> Change:
    """The message without these names, wherever they are."""

    def without(_: str, value: Any) -> Any:
        return _walk(value, lambda one: {name: inner for name, inner in one.items() if name not in names})

    return without


def _walk(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]], *, is_map: bool = False) -> Any:
    if isinstance(value, list):
        return [_walk(one, change) for one in value]
    if not isinstance(value, dict):
        return value
    walked = {
        name: inner if name in THEIRS else _walk(inner, change, is_map=name in MAPS and not is_map)
        for name, inner in value.items()
    }
    return walked if is_map else change(walked)
