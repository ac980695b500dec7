"""Short ways to say « an agent of this corbeille sends that » to a service, without HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from gca_tui.domain.apply import apply, based
from gca_tui.domain.command import Command
from gca_tui.domain.commands import AddNote, EditExplanation
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Base
from gca_tui.server import seals
from gca_tui.server.access import Who, identify
from gca_tui.server.access import hashed as token_hash
from gca_tui.server.chain import Entry, link, open_scope
from gca_tui.server.laying import Change, Stored, lay, stored
from gca_tui.server.pushing import push
from gca_tui.server.receiving import read
from gca_tui.server.service import Service
from gca_tui.server.tables import AGENT, INSTALL, JOURNAL, MEMBERSHIP, QUARANTINE, RIGHT, SCOPE
from gca_tui.wire import MODULUS, START, Key, Mark, Operation, Push, Pushed, Result, sum64
from tests.domain.given import an_extract, command

CAISSE, SCOPE_ID = "681", "681"
KEY = Key("681", "0123456")
NOTIFICATION = "N-2026-05-04"
_pushes = itertools.count(1)


@dataclass
class Poste:
    """A machine of an agent: what it saw, how many pushes it made."""

    service: Service
    token: str
    seen: dict[str, Mark] = field(default_factory=dict)
    forks: dict[str, Mark] = field(default_factory=dict)
    n: int = 0

    @property
    def who(self) -> Who:
        with self.service.base.look() as connection:
            found = identify(connection, self.token, self.service.now())
        assert found
        return found

    def operation(self, one: Command | dict[str, Any], tx: str = "", **fields: Any) -> Operation:
        raw = one if isinstance(one, dict) else one.model_dump(mode="json")
        made = Operation(command=raw, tx=tx or str(raw.get("id")), **fields)
        return made.model_copy(update={"seal": self._seal(made)}) if made.acked_rev and "seal" not in fields else made

    def _seal(self, made: Operation) -> str:
        """What the server gave with the acknowledgement, in the history it has lost."""
        agent = self.who.agent
        given = read(made, agent)
        with self.service.base.look() as connection:
            return seals.seal(seals.key(connection), agent.identifiant, given.id, given.sha, made.acked_rev or 0)

    def send(self, *ops: Operation | Command, n: int | None = None, nonce: str = "") -> Pushed:
        self.n = n or self.n + 1
        given = tuple(one if isinstance(one, Operation) else self.operation(one) for one in ops)
        sent = Push(seen=self.seen, n=self.n, nonce=nonce or uuid4().hex, ops=given, forks=self.forks)
        answer = push(self.service, self.who, sent)
        for result in answer.results:
            if result.mark > self.seen.get(result.scope, START):
                self.seen[result.scope] = result.mark
        return answer

    def one(self, one: Operation | Command) -> Result:
        (result,) = self.send(one).results
        return result

    def sees(self, scope: str = SCOPE_ID) -> None:
        """The machine was shown all there is."""
        with self.service.base.look() as connection:
            self.seen[scope] = Mark(
                *connection.execute(select(SCOPE.c.seq, SCOPE.c.head).where(SCOPE.c.id == scope)).one()
            )


def poste(
    service: Service,
    agent: str = "091-ifaure",
    scopes: Iterable[str] = (SCOPE_ID,),
    role: str = "gca",
    caisse: str = CAISSE,
) -> Poste:
    """A machine of an agent who has these rights; the agent and the corbeilles are made if need be."""
    token, at = uuid4().hex, service.instant()
    row = {
        "identifiant": agent,
        "nom": agent.partition("-")[2].title(),
        "qualite": "gca",
        "caisse": caisse,
        "role": role,
    }
    with service.base.write() as connection:
        if not connection.execute(select(AGENT).where(AGENT.c.identifiant == agent)).first():
            connection.execute(insert(AGENT).values(row | {"made_at": at}))
            for scope in scopes:
                open_scope(connection, scope, at)
                connection.execute(insert(RIGHT).values(agent=agent, scope=scope))
        machine = {"id": uuid4().hex, "agent": agent, "token_sha": token_hash(token), "made_at": at}
        connection.execute(insert(INSTALL).values(machine))
    return Poste(service, token)


def receive(service: Service, *extracts: Any, scope: str = SCOPE_ID) -> None:
    """What the information system says, as an import lays it."""
    for extract in extracts or (an_extract(),):
        service.base.writing(lambda connection, extract=extract: _receive(service, connection, extract, scope))


def _receive(service: Service, connection: Connection, extract: Any, scope: str) -> None:
    open_scope(connection, scope, service.instant())
    key = Key(extract.caisse, extract.matricule)
    before = stored(connection, [key]).get(key)
    context = service.context(connection)
    after = apply(before.dossier if before else None, extract, context)
    entry = Entry(extract.kind, key.caisse, key.matricule, after.rev, service.instant(), "{}", extract.id)
    lay(connection, [Change(before, after, (entry,), scope)], context)


def held(service: Service, key: Key = KEY) -> Stored:
    """A dossier as the base holds it."""
    with service.base.read() as connection:
        return stored(connection, [key], lock=False)[key]


def note(texte: str, **fields: Any) -> AddNote:
    made = command("add_note", **{"id": uuid4().hex, "texte": texte, **fields})
    assert isinstance(made, AddNote)
    return made


def raison(texte: str, dossier: Dossier | None = None, **fields: Any) -> Command:
    """A section of the explanation, written on what is seen of this dossier."""
    given = command(EditExplanation, id=uuid4().hex, notification=NOTIFICATION, raison=texte, **fields)
    return based(given, dossier) if dossier else given


def seen_at(one: Command, rev: int, value: Any = "") -> Command:
    """The command as if its author had seen its fields at that revision."""
    bases = {name: Base(rev=rev, value=value) for name in one.bases}
    return one.model_copy(update={"bases": bases})


def check_base(service: Service) -> None:
    """The chain, the digests and the memberships are those of what the base holds."""
    with service.base.read() as connection:
        for scope in connection.execute(select(SCOPE)).all():
            entries = connection.execute(
                select(JOURNAL).where(JOURNAL.c.scope == scope.id).order_by(JOURNAL.c.seq)
            ).all()
            h = ""
            for seq, entry in enumerate(entries, 1):
                assert entry.seq == seq
                h = link(h, entry._mapping)
                assert entry.h == h
            assert (scope.seq, scope.head) == (len(entries), h)
            members = _members(connection, scope.id)
            dossiers = stored(connection, members, lock=False)
            assert set(dossiers) == set(members)
            total = sum(sum64(*key, one.rev, one.h) for key, one in dossiers.items())
            assert scope.digest == str(total % MODULUS)
            assert all(one.scope == scope.id and one.seq <= members[key] for key, one in dossiers.items())


def _members(connection: Connection, scope: str) -> dict[Key, int]:
    shown = select(MEMBERSHIP).where(MEMBERSHIP.c.scope == scope, MEMBERSHIP.c.present == 1)
    return {Key(row.caisse, row.matricule): row.seq for row in connection.execute(shown)}


def set_aside(service: Service) -> Sequence[Any]:
    """What is in quarantine."""
    with service.base.read() as connection:
        return connection.execute(select(QUARANTINE).order_by(QUARANTINE.c.id)).all()
