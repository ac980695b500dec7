"""Nobody writes over somebody's work by saying that a lost history had it: the server believes its own seals alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from gca_tui.domain.values import Base
from gca_tui.server import settling, snapshot
from gca_tui.server.chain import Entry
from gca_tui.server.laying import Change, lay, stored
from gca_tui.server.leases import Standing, instant, put
from gca_tui.server.seals import NAME
from gca_tui.server.service import Service
from gca_tui.server.tables import META, OP_RESULT, RIGHT
from tests.domain.given import PAUL, an_extract
from tests.server.pushes import KEY, NOTIFICATION, Poste, held, note, poste, raison, receive

FORGED = ("", "0" * 64, "abc")


def texte(service: Service) -> str:
    return held(service).dossier.notifications[0].explication.raison


@pytest.fixture
def written(service: Service) -> Poste:
    """Paul wrote the reason; the machine of Inès has not seen it."""
    receive(service)
    ines, paul = poste(service), poste(service, "091-psoulie")
    ines.sees()
    assert paul.one(raison("De Paul.", held(service).dossier, author=PAUL)).status == "applied"
    return ines


@pytest.mark.parametrize("seal", FORGED)
@pytest.mark.parametrize("rev", [1, 4, 1000])
@pytest.mark.parametrize("known", [0, 1, 1 << 40])
def test_a_forged_replay_writes_over_nothing(service: Service, written: Poste, seal: str, rev: int, known: int) -> None:
    """Whatever revision, base and fork a hostile client makes up."""
    blind = raison("D’Inès.").model_copy(
        update={"bases": {f"notifications.{NOTIFICATION}.explication.raison": Base(rev=known, value="")}}
    )
    written.sees()
    written.forks = dict(written.seen)
    answer = written.one(written.operation(blind, acked_rev=rev, seal=seal))
    assert answer.status in ("conflict", "future")
    assert texte(service) == "De Paul."
    assert held(service).rev < 1000


def test_a_forged_replay_does_not_pass_under_a_claim(service: Service) -> None:
    receive(service)
    ines, paul = poste(service), poste(service, "091-psoulie")
    until = instant(service.now() + timedelta(minutes=10))
    with service.base.write() as connection:
        put(connection, [Standing(*KEY, paul.who.agent.identifiant, "Paul", paul.who.install, 1, until, "work")])
    given = raison("D’Inès.", held(service).dossier)
    answer = ines.one(ines.operation(given, acked_rev=9, seal="0" * 64))
    assert (answer.status, answer.code) == ("refused", "claim_perdu")


@pytest.mark.parametrize("what", ["agent", "text", "rev"])
def test_a_seal_is_for_one_command_of_one_agent_at_one_revision(service: Service, what: str) -> None:
    receive(service)
    ines, paul = poste(service), poste(service, "091-psoulie")
    given = raison("Vu.", held(service).dossier)
    answer = ines.one(given)
    assert answer.seal
    with service.base.write() as connection:  # the server has lost it
        connection.execute(delete(OP_RESULT))
    fresh = raison("De Paul.", held(service).dossier, author=PAUL)
    assert paul.one(fresh).status in ("applied", "merged")
    sender, rev = (paul, answer.rev) if what == "agent" else (ines, answer.rev + (what == "rev"))
    shown = given.model_copy(update={"raison": "Autre."}) if what == "text" else given
    if what == "agent":
        shown = shown.model_copy(update={"author": PAUL})
    result = sender.one(sender.operation(shown, acked_rev=rev, seal=answer.seal))
    assert result.status not in ("superseded",)
    assert texte(service) == "De Paul."


def test_a_genuine_seal_brings_back_what_the_server_lost(service: Service) -> None:
    receive(service)
    ines = poste(service)
    ines.sees()
    given = raison("Revient.", held(service).dossier)
    lost = ines.operation(given, acked_rev=9)
    assert lost.seal
    answer = ines.one(lost)
    assert (answer.status, texte(service)) == ("applied", "Revient.")
    assert answer.seal


def test_a_base_without_a_key_seals_nothing_and_believes_nothing(service: Service) -> None:
    receive(service)
    with service.base.write() as connection:
        connection.execute(delete(META).where(META.c.name == NAME))
    ines = poste(service)
    answer = ines.one(raison("Vu.", held(service).dossier))
    assert (answer.status, answer.seal) == ("applied", "")


def test_a_note_is_not_written_over_by_one_of_the_same_id(service: Service) -> None:
    """It came by an import, and its history is gone: the base has no answer under its id."""
    receive(service)
    ines, paul = poste(service), poste(service, "091-psoulie")
    first = note("De Paul.", author=PAUL)
    assert paul.one(first).status == "applied"
    with service.base.write() as connection:
        connection.execute(delete(OP_RESULT))
    _forget_history(service)
    answer = ines.one(note("D’Inès.", id=first.id))
    assert (answer.status, answer.code) == ("refused", "deja_applique")
    assert [one.texte for one in held(service).dossier.notes] == ["De Paul."]


def _forget_history(service: Service) -> None:
    with service.base.write() as connection:
        before = stored(connection, [KEY])[KEY]
        after = before.dossier.model_copy(update={"history": ()})
        entry = Entry("x", *KEY, after.rev, service.instant(), "{}")
        lay(connection, [Change(before, after, (entry,), before.scope)], service.context(connection))


def test_a_dossier_does_not_grow_beyond_what_a_machine_can_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(service)
    ines = poste(service)
    monkeypatch.setattr(settling, "DOCUMENT", len(held(service).document) + 1_000)
    assert ines.one(note("Courte.")).status in ("applied", "merged")
    answer = ines.one(note("Longue. " * 200))
    assert (answer.status, answer.code) == ("refused", "dossier_plein")


def test_a_reading_breaks_off_where_the_right_ends(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "BATCH", 1)
    receive(service, *(an_extract(matricule=f"{n:07d}", id=f"e{n}") for n in range(1, 5)))
    ines = poste(service)
    lines = snapshot.stream(service, ines.who, "681", None, 100)
    seen = [next(lines), next(lines)]
    with service.base.write() as connection:
        connection.execute(delete(RIGHT))
    assert list(lines) == []
    assert b'"end":true' not in b"".join(seen)
