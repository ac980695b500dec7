"""What goes in the next request: nothing is held up by what is never taken, and no group is too large to go."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from gca_tui.store import recovering, sending
from gca_tui.wire import PUSH_OPS
from tests.store.given import AT, note
from tests.store.pretend import BARE, Client, Server

FAMILIES = 3


@pytest.fixture
def client(tmp_path):
    server = Server(BARE)
    for number in range(1, FAMILIES + 1):
        server.add(number)
    with closing(Client(tmp_path / "gca", server)) as made:
        yield made


def key(number: int) -> tuple[str, str]:
    return "681", f"{number:07d}"


def batch(client: Client, most: int = PUSH_OPS):
    return client.run(lambda c: sending.next_batch(c, most))


def test_fewer_groups_go_where_fewer_are_asked(client):
    for number in range(1, FAMILIES + 1):
        client.writer.record([note(key(number), "une")]).result()
    assert [len(batch(client, most).ids) for most in (1, 2, PUSH_OPS)] == [1, 2, 3]


def test_what_is_never_taken_lets_the_others_pass(client):
    """A server that leaves the first ones waiting for ever does not hold up what comes after them."""
    for number in (1, 2):
        client.writer.record([note(key(number), "jamais prise")]).result()
    stuck = [batch(client, 2).ids for _ in range(3)]
    client.writer.record([note(key(3), "bonne")]).result()
    assert [set(one) for one in stuck] == [set(stuck[0])] * 3
    (first,) = batch(client, 1).ids
    assert first not in stuck[0]


def test_a_group_larger_than_a_request_is_cut_between_dossiers(client):
    """What was given together on one dossier stays together: its server applies all of it or nothing."""
    given = [note(key(number), str(n)) for number in range(1, FAMILIES + 1) for n in range(90)]
    client.writer.record(given).result()
    sizes = []
    while one := batch(client):
        sizes.append([op.command["matricule"] for op in one.push.ops])
        client.settle(one, client.server.push(one.push))
    assert [len(one) for one in sizes] == [180, 90]
    assert [sorted(set(one)) for one in sizes] == [["0000001", "0000002"], ["0000003"]]


def test_a_clock_gone_wrong_forgets_nothing_that_a_backup_may_need(client):
    client.writer.record([note(key(1), "reconnue")]).result()
    client.push()
    later = AT + timedelta(days=3_650)
    client.run(lambda c: recovering.forget_acked(c, later))
    assert len(client.run(lambda c: recovering.marks(c, "681"))) > 1
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(recovering, "LAST", 0)
        client.run(lambda c: recovering.forget_acked(c, AT + timedelta(days=34)))
        assert client.run(lambda c: c.exec_driver_sql("SELECT count(*) FROM acked").scalar()) == 1
        client.run(lambda c: recovering.forget_acked(c, later))
    assert client.run(lambda c: c.exec_driver_sql("SELECT count(*) FROM acked").scalar()) == 0
