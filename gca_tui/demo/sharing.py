"""The first start of a demonstration with a server: the server is filled, the agent's store follows it.

It may be stopped at any moment: done again, it goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from gca_tui import clock, demo
from gca_tui.demo.disagreement import BY_AGENT, BY_COLLEAGUE, KEY, words, yesterday
from gca_tui.demo.embedded import BASE, Office
from gca_tui.demo.people import ARIEGE, HAUT_RHIN
from gca_tui.demo.scribe import COLLEAGUE, CONVENTION
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.server import importing
from gca_tui.server.administering import Person, add_agent, code_for, store_settings
from gca_tui.server.delegating import Delegation, add_convention
from gca_tui.store import loading
from gca_tui.store.outbox import Given, given
from gca_tui.store.remote import read_tie
from gca_tui.store.tables import DOCUMENT, DOSSIER
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.status import Noting
from gca_tui.sync.tying import tie_to

if TYPE_CHECKING:
    from gca_tui.store.remote import Tie
    from gca_tui.store.writer import Writer
    from gca_tui.sync.line import Line

POSTE = "poste de la démonstration"
DISAGREEMENT = "desaccord"
"""What the colleague notes once he has sent what he wrote."""
Progress = Callable[[int, int], None]
Bar = Callable[[str], AbstractContextManager[Progress]]
"""A progress bar of that label, told (done, total)."""


def share(writer: Writer, number: int, seed: int, bar: Bar) -> None:
    """Fill a server beside an empty store, tie the store to it and read all of it. Raises StoreError, SyncError."""
    folder, tie = writer.path.parent, writer.run(read_tie).result()
    if tie is None:
        for old in folder.glob(f"{BASE}*"):
            old.unlink()
    with closing(Office(folder, make=True)) as office:
        if tie is None:
            _fill(office, number, seed, bar)
            tie = _tie(office, writer)
        with closing(office.line()) as line:
            line.identify(tie.install, tie.token)
            _follow(writer, line, bar)
        _disagree(office, writer)


def _fill(office: Office, number: int, seed: int, bar: Bar) -> None:
    """The dossiers, the rules, the convention, and the two who work here."""
    service = office.service
    service.base.writing(lambda c: store_settings(c, lambda _: demo.settings(), service.now()))
    told = demo.dossiers(number, seed, clock.today(), demo.AGENT)
    extracts = (loading.Given(one.extract, one.commands) for one in told)
    with bar("Serveur") as advance:
        importing.load(service, extracts, lambda done: advance(done, number))
    delegation = Delegation(HAUT_RHIN, CONVENTION, delegataire=ARIEGE)
    service.base.writing(lambda c: add_convention(c, delegation, service.now()))
    for author in (demo.AGENT, COLLEAGUE):
        service.base.writing(partial(_add, author=author, office=office))


def _add(connection: Connection, author: Author, office: Office) -> None:
    scopes = (ARIEGE, f"{HAUT_RHIN}/{CONVENTION}")
    person = Person(author.identifiant, author.caisse, "gca", scopes, author.nom, author.qualite)
    add_agent(connection, person, office.service.now())


def _code(office: Office, author: Author) -> str:
    return office.service.base.writing(lambda c: code_for(c, author.identifiant, office.service.now()))


def _tie(office: Office, writer: Writer) -> Tie:
    with closing(office.line()) as line:
        return tie_to(writer, line, _code(office, demo.AGENT), poste=POSTE)


def _follow(writer: Writer, line: Line, bar: Bar) -> None:
    """Read all corbeilles to their end, and note that the server was there."""
    exchange = Exchange(writer, line)
    with bar("Lecture") as advance:
        exchange.on_progress = advance
        exchange.hello()
        while exchange.read() or exchange.pull().moved:
            pass
    Noting(writer, clock.now).went_well(moved=True)


def _disagree(office: Office, writer: Writer) -> None:
    """Both wrote the same sentence yesterday, the agent without network: what is sent now meets the colleague's.

    A demonstration of a few dossiers lacks the one it is about.
    """
    with closing(office.colleague(writer.path, lambda _: True)) as colleague:
        if not colleague.is_enrolled:
            colleague.enrol(_code(office, COLLEAGUE))
        dossier = writer.run(_dossier).result()
        if dossier is None or colleague.has_played(DISAGREEMENT):
            return
        now = clock.now()
        if not writer.run(_given).result():
            writer.record([words(dossier, demo.AGENT, yesterday(now, 17), BY_AGENT)]).result()
        # Both saw the same, whatever the store shows by now.
        bases = writer.run(_given).result()[0].command.bases
        his = words(dossier, COLLEAGUE, yesterday(now, 16), BY_COLLEAGUE)
        colleague.say(DISAGREEMENT, his.model_copy(update={"bases": bases}))


def _given(connection: Connection) -> list[Given]:
    return given(connection, KEY)


def _dossier(connection: Connection) -> Dossier | None:
    here = select(DOSSIER.c.id).filter_by(**KEY._asdict()).scalar_subquery()
    found = connection.execute(select(DOCUMENT.c.document).where(DOCUMENT.c.dossier_id == here)).scalar()
    return Dossier.from_json(found) if found else None
