"""Journals, digests and corbeilles are true to the dossiers, whatever is done to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from gca_tui.domain.apply import apply, based
from gca_tui.server.base import open_base
from gca_tui.server.chain import Entry, append, body_hash, holds, link, open_scope
from gca_tui.server.laying import Change, lay, stir, stored
from gca_tui.server.service import Service
from gca_tui.server.tables import DOSSIER, JOURNAL, MEMBERSHIP, SCOPE
from gca_tui.wire import START, Key, Mark
from tests.domain.given import an_extract
from tests.postgres import empty
from tests.server.pushes import KEY, check_base, held, poste, receive
from tests.strategies import AGENT_KINDS, commands

AT = "2026-11-12T09:30:00+00:00"
OTHER = Key("681", "7654321")


def entry(name: str = "x", key: Key = KEY, rev: int = 1) -> Entry:
    return Entry("note", key.caisse, key.matricule, rev, AT, "{}", name, "091-ifaure")


def members(service: Service, key: Key = KEY) -> dict[str, tuple[int, int, str]]:
    """By corbeille: since which entry, whether the dossier is there, why not."""
    mine = (MEMBERSHIP.c.caisse == key.caisse, MEMBERSHIP.c.matricule == key.matricule)
    with service.base.read() as connection:
        rows = connection.execute(select(MEMBERSHIP).where(*mine))
        return {row.scope: (row.seq, row.present, row.motif) for row in rows}


def move(service: Service, scope: str, motif: str) -> Mark:
    def work(connection: Connection) -> Mark:
        open_scope(connection, scope, AT)
        before = stored(connection, [KEY])[KEY]
        change = Change(before, before.dossier, (entry("m", rev=before.rev),), scope, motif)
        return lay(connection, [change], service.context(connection))[KEY]

    return service.base.writing(work)


def test_each_entry_holds_the_hash_of_those_before(service: Service) -> None:
    with service.base.write() as connection:
        open_scope(connection, "681", AT)
        marks = append(connection, "681", [entry(name) for name in "abc"])
    assert [mark.seq for mark in marks] == [1, 2, 3]
    with service.base.read() as connection:
        rows = connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq)).all()
        assert connection.execute(select(SCOPE.c.seq, SCOPE.c.head)).one() == (3, marks[-1].h)
        assert holds(connection, "681", [START, *marks, Mark(2, "ff"), Mark(9, marks[0].h)]) == {START, *marks}
        assert holds(connection, "999", [marks[0]]) == set()
    assert link(rows[0].h, rows[1]._mapping) == rows[1].h
    assert link(rows[0].h, {**rows[1]._mapping, "agent": "autre"}) != rows[1].h
    assert link(rows[0].h, {**rows[1]._mapping, "body_sha": body_hash("[]")}) != rows[1].h
    assert link(rows[2].h, rows[1]._mapping) != rows[1].h


def test_the_chain_holds_without_the_bodies(service: Service) -> None:
    receive(service)
    with service.base.write() as connection:
        connection.execute(update(JOURNAL).values(body=None))
    check_base(service)


def test_nothing_is_noted_in_a_corbeille_that_is_not_there(service: Service) -> None:
    with service.base.write() as connection, pytest.raises(KeyError):
        append(connection, "999", [entry()])


def test_a_corbeille_is_made_once(service: Service) -> None:
    with service.base.write() as connection:
        open_scope(connection, "681/CONV-TI", AT)
        append(connection, "681/CONV-TI", [entry()])
        open_scope(connection, "681/CONV-TI", AT)
        row = connection.execute(select(SCOPE)).one()
    assert (row.caisse, row.convention, row.seq) == ("681", "CONV-TI", 1)


def test_a_dossier_that_moves_leaves_a_word_where_it_was(service: Service) -> None:
    receive(service, an_extract(), an_extract(matricule=OTHER.matricule))
    mark = move(service, "681/CONV", "réaffecté")
    assert members(service) == {"681": (3, 0, "réaffecté"), "681/CONV": (1, 1, "")}
    assert (held(service).scope, held(service).seq, mark.seq) == ("681/CONV", 1, 1)
    check_base(service)
    assert move(service, "681", "revenu").seq == 4
    assert members(service) == {"681": (4, 1, ""), "681/CONV": (2, 0, "revenu")}
    check_base(service)


def test_what_leaves_says_nothing_of_where_it_went(service: Service) -> None:
    receive(service)
    move(service, "681/SECRET", "réaffecté")
    with service.base.read() as connection:
        gone = connection.execute(select(JOURNAL).where(JOURNAL.c.kind == "gone")).one()
    assert "SECRET" not in str(gone.body)
    assert gone.scope == "681"


def test_a_claim_moves_the_dossier_in_its_corbeille_and_not_its_document(service: Service) -> None:
    receive(service)
    before = held(service)
    with service.base.write() as connection:
        mark = stir(connection, {"681": [entry(rev=before.rev)]})[KEY]
    assert held(service) == before
    assert members(service)["681"][0] == mark.seq == before.seq + 1
    check_base(service)


def test_many_dossiers_are_laid_in_few_statements(service: Service) -> None:
    keys = [Key("681", f"{n:07d}") for n in range(500)]
    extracts = [an_extract(matricule=key.matricule) for key in keys]

    def work(connection: Connection) -> dict[Key, Mark]:
        open_scope(connection, "681", AT)
        context = service.context(connection)
        changes = [
            Change(None, apply(None, one, context), (entry(key=key),), "681")
            for one, key in zip(extracts, keys, strict=True)
        ]
        return lay(connection, changes, context)

    marks = service.base.writing(work)
    assert [marks[key].seq for key in keys] == list(range(1, 501))
    check_base(service)


def test_a_document_changed_behind_the_journal_shows(service: Service) -> None:
    receive(service)
    with service.base.write() as connection:
        connection.execute(update(DOSSIER).values(h="0" * 16))
    with pytest.raises(AssertionError):
        check_base(service)


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_pushes_keep_chain_and_digests_true(tmp_path: Path, data: st.DataObject) -> None:
    _random(Service(open_base(tmp_path / f"{uuid4().hex}.db")), data)


@given(st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_pushes_keep_chain_and_digests_true_on_postgresql(postgresql_url: str, data: st.DataObject) -> None:
    assert empty(postgresql_url)
    _random(Service(open_base(postgresql_url)), data)


def _random(service: Service, data: Any) -> None:
    receive(service, an_extract(), an_extract(matricule=OTHER.matricule))
    machine = poste(service, "091-ifaure")
    for _ in range(data.draw(st.integers(1, 6))):
        seen = held(service, data.draw(st.sampled_from([KEY, OTHER]))).dossier
        sent = []
        for _ in range(data.draw(st.integers(1, 3))):
            one = data.draw(commands(seen, uuid4().hex, AGENT_KINDS))
            signed = one.author.model_copy(update={"identifiant": "091-ifaure"})
            sent.append(based(one, seen).model_copy(update={"author": signed}))
        again = data.draw(st.sampled_from([None, None, None, seen.rev + 2]))
        tx = data.draw(st.sampled_from(["", uuid4().hex]))
        answer = machine.send(*[machine.operation(one, tx=tx, acked_rev=again) for one in sent])
        assert not answer.error
        move_to = data.draw(st.sampled_from(["", "", "681/CONV", "681"]))
        if move_to and held(service).scope != move_to:
            move(service, move_to, "réaffecté")
        check_base(service)
    service.close()
