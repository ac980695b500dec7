"""A server that answers nonsense in valid JSON: nothing typed is lost, and the store is right again once it is sane."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from gca_tui.errors import GcaError, Rejected, Unreachable
from gca_tui.ids import new_id
from gca_tui.server import importing
from gca_tui.store.loading import Given
from gca_tui.sync.exchange import Exchange
from tests.sync.desks import Desk
from tests.sync.people import KEYS, NOON, extract
from tests.sync.server import Server

HERE, OTHER = KEYS[1], KEYS[2]
NONSENSE: tuple[Any, ...] = (
    *(None, True, -1, 0, 1 << 62, 1 << 70, 1.5, "", "x", "\u202e\x1b[2J", "é" * 5_000, [], {}, [[]], {"a": []}),
    *("9999-12-31", "0001-01-01T00:00:00", "681/AUTRE", "lineage", "scope", "clone", [1, "ab"], "a" * 64),
)


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*here, name)
        yield from places(one, (*here, name))


def spoil(value: Any, chance: random.Random) -> Any:
    """The value with nonsense at one or two places."""
    for _ in range(chance.randint(1, 2)):
        found = list(places(value))
        if not found:
            return value
        *into, last = chance.choice(found)
        held = value
        for step in into:
            held = held[step]
        what = chance.choice(("put", "put", "drop", "twice"))
        if what == "drop" and isinstance(held, dict):
            del held[last]
        elif what == "twice" and isinstance(held, list):
            held.append(held[last])
        else:
            held[last] = chance.choice(NONSENSE)
    return value


def spoiling(chance: random.Random, rate: float) -> Callable[[str, httpx.Response], httpx.Response]:
    def after(path: str, answer: httpx.Response) -> httpx.Response:
        kind = answer.headers.get("Content-Type", "")
        body = b"".join(answer.iter_bytes())
        if chance.random() < rate and "json" in kind:
            lines = [json.loads(line) for line in body.splitlines() if line]
            place = chance.randrange(len(lines))
            lines[place] = spoil(lines[place], chance)
            body = b"\n".join(json.dumps(line).encode() for line in lines) + (b"\n" if "nd" in kind else b"")
        return httpx.Response(answer.status_code, content=body, headers={"Content-Type": kind})

    return after


@pytest.mark.parametrize("seed", range(20))
def test_nonsense_breaks_nothing_for_good(ines: Desk, server: Server, seed: int) -> None:
    """Only errors with words come out; afterwards the store is the server's, with all that was typed."""
    chance = random.Random(seed)
    if seed % 2:
        ines.exchange.full()
    typed: list[str] = []
    for turn in range(3):
        ines.tap.after = spoiling(chance, 0.6)
        for _ in range(6):
            step = chance.choice((ines.exchange.hello, ines.exchange.read, ines.exchange.pull, ines.exchange.push))
            with suppress(GcaError):
                step()
        if HERE in ines.dossiers():
            typed.append(ines.note(HERE, f"Note {turn}."))
    kept = {row[0] for row in ines.rows("SELECT command_id FROM outbox UNION SELECT command_id FROM acked")}
    assert set(typed) <= kept | {note.id for note in server.dossier(HERE).notes}
    sane(ines)
    assert ines.rows("PRAGMA integrity_check") == [("ok",)]
    assert {key: one.rev for key, one in ines.dossiers().items()} == {key: server.dossier(key).rev for key in KEYS[1:]}
    held = {note.id for note in server.dossier(HERE).notes}
    assert set(typed) <= held | {row[0] for row in ines.rows("SELECT command_id FROM outbox")}


def sane(ines: Desk) -> None:
    """The server answers well again; a program started since has nothing put aside."""
    ines.tap.after = lambda path, answer: answer
    for _ in range(3):
        Exchange(ines.writer, ines.line, now=server_noon).full()


def server_noon() -> datetime:
    return NOON + timedelta(days=40)


def refusing(status: int, culprit: str, *, html: bool = False) -> Callable[[httpx.Request], httpx.Response | None]:
    """A proxy that refuses a request in which a text is, and says no more."""

    def refuse(request: httpx.Request) -> httpx.Response | None:
        body = request.read()
        text = gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body
        if culprit.encode() not in text:
            return None
        if html:
            return httpx.Response(status, text="<html>", headers={"Content-Type": "text/html"})
        return httpx.Response(status, json={"title": "Non", "status": status, "code": "contenu"})

    return refuse


@pytest.mark.parametrize("html", [False, True])
def test_one_command_that_nobody_takes_holds_up_no_other(ines: Desk, server: Server, html: bool) -> None:
    """The server names no culprit: fewer and fewer are sent, and the one that is refused alone is."""
    ines.exchange.full()
    for key in KEYS[1:]:
        ines.note(key, "Bonne.")
        ines.note(key, "Encore.")
    culprit = ines.note(OTHER, "Poison.")
    ines.tap.inner = Refusing(ines.tap.inner, refusing(413 if html else 422, "Poison.", html=html))
    ines.exchange.full()
    assert ines.rows("SELECT command_id, state FROM outbox") == [(culprit, "refused")]
    assert all([note.texte for note in server.dossier(key).notes] == ["Bonne.", "Encore."] for key in KEYS[1:])


def test_a_refusal_that_is_not_about_the_content_refuses_nothing(ines: Desk) -> None:
    ines.exchange.full()
    kept = ines.note(HERE, "Bonne.")
    ines.tap.inner = Refusing(ines.tap.inner, refusing(405, "Bonne."))
    with pytest.raises(Rejected):
        ines.exchange.push()
    assert ines.rows("SELECT command_id, state FROM outbox") == [(kept, "in_flight")]


@pytest.mark.parametrize(
    "rules",
    [
        {"threshold": -1},
        {"threshold": "beaucoup"},
        {"history_limit": 0},
        {"targets": [{"days": 10**9}]},
        {"caisses": {"681": {"threshold": 1 << 60}}},
    ],
)
def test_absurd_rules_are_not_adopted(ines: Desk, rules: dict[str, Any]) -> None:
    ines.exchange.full()
    before = ines.rows("SELECT value FROM meta WHERE name = 'settings'")

    def absurd(path: str, answer: httpx.Response) -> httpx.Response:
        said = json.loads(b"".join(answer.iter_bytes()))
        return httpx.Response(200, json={**said, "settings": rules})

    ines.tap.after = absurd
    with pytest.raises(Unreachable):
        ines.exchange.hello()
    assert ines.rows("SELECT value FROM meta WHERE name = 'settings'") == before


def test_a_server_restored_without_most_dossiers_is_asked_at_a_human_pace(ines: Desk, server: Server) -> None:
    """What it no longer has waits for a person; work on what it has goes on, and nothing is read again and again."""
    backup = server.backup()
    importing.load(server.service, many(60))
    ines.exchange.full()
    ines.note(HERE, "Reconnue, puis perdue.")
    ines.exchange.full()
    server.restore(backup)
    ines.tap.asked.clear()
    ines.exchange.full()
    ines.note(HERE, "Depuis.")
    ines.exchange.full()
    assert ines.state().asks
    assert ines.tap.asked.count("/sync/snapshot") < 6
    assert [note.texte for note in server.dossier(HERE).notes] == ["Reconnue, puis perdue.", "Depuis."]
    assert len(ines.dossiers()) > 60


def many(number: int) -> list[Given]:
    """So many more families of the delegation."""
    said = extract(HERE, 10_000)
    return [Given(said.command.model_copy(update={"id": new_id(), "matricule": f"9{n:06d}"})) for n in range(number)]


class Refusing(httpx.BaseTransport):
    """A line with something on it that refuses some requests."""

    def __init__(self, inner: httpx.BaseTransport, refuse: Callable[[httpx.Request], httpx.Response | None]) -> None:
        self._inner, self._refuse = inner, refuse

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._refuse(request) or self._inner.handle_request(request)
