"""Long polls wake when a corbeille or a right moves, also through another process, and never sleep through it."""

from __future__ import annotations

import asyncio
import threading

from sqlalchemy import text

from gca_tui.server.base import Base, open_base
from gca_tui.server.bell import RIGHTS, Bell
from gca_tui.server.chain import open_scope
from gca_tui.server.service import Service
from tests.server.pushes import note, poste, receive

LONG, SHORT = 20.0, 0.01


async def test_a_push_wakes_who_waits_for_its_corbeille(service: Service) -> None:
    receive(service)
    mine, other = service.bell.listen(["681"]), service.bell.listen(["091"])
    machine = poste(service)
    await asyncio.to_thread(machine.one, note("…"))
    assert await mine.moved(LONG)
    assert not await other.moved(SHORT)
    assert not await mine.moved(SHORT)


async def test_rights_wake_everybody_and_a_closed_ear_nobody() -> None:
    bell = Bell()
    some, gone = [bell.listen([name]) for name in ("681", "091")], bell.listen(["681"])
    gone.close()
    threading.Thread(target=bell.ring, args=([RIGHTS],)).start()
    assert [await one.moved(LONG) for one in some] == [True, True]
    assert not await gone.moved(SHORT)


async def test_what_another_process_did_is_noticed(base: Base) -> None:
    with base.write() as connection:
        open_scope(connection, "681", "2026-11-12T09:30:00+00:00")
    other = open_base(base.where if base.is_sqlite else base.engine.url.render_as_string(hide_password=False))
    bell = Bell(base)
    bell.watch()
    try:
        waiting = bell.listen(["681"])
        assert await waiting.moved(LONG), "a corbeille never looked at before may have moved since its poll looked"
        with other.write() as connection:
            connection.execute(text("UPDATE scope SET seq = seq + 1"))
        assert await waiting.moved(LONG)
        with other.write() as connection:
            connection.execute(text("UPDATE meta SET value = 'x' WHERE name = 'rights'"))
        assert await waiting.moved(LONG)
    finally:
        bell.close()
        other.close()


async def test_closing_ends_every_wait() -> None:
    bell = Bell()
    waiting = bell.listen(["681"])
    threading.Thread(target=bell.close).start()
    assert not await waiting.moved(LONG)
    assert not await bell.listen(["681"]).moved(LONG)


def test_a_service_knows_the_rules_in_force_and_the_day_in_paris(service: Service) -> None:
    with service.base.write() as connection:
        assert service.context(connection).settings.threshold == 150_000
        put = "INSERT INTO meta (name, value) VALUES ('settings', :value)"
        connection.execute(text(put), {"value": '{"version": 2, "threshold": 100000}'})
        context = service.context(connection)
    assert (context.settings.threshold, context.today.isoformat()) == (100_000, "2026-11-12")
    assert context.calendars["FR-AM"].count(context.today, context.today.replace(month=12, day=31)) > 0
