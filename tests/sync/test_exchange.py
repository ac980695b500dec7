"""The steps of an exchange, with a real server: each goes on where the last one stopped, whatever cut it."""

from __future__ import annotations

import json

import httpx
import pytest

from gca_tui.errors import AccessLost, Rejected, TooOld, Unreachable
from gca_tui.store import removals
from gca_tui.store.remote import read_tie
from gca_tui.sync import answers
from tests.sync.desks import Desk, unmotivated
from tests.sync.people import DELEGATED, INES, KEYS

HERE, OTHER = KEYS[1], KEYS[2]


def test_a_new_store_is_filled_with_its_corbeilles_alone(ines: Desk) -> None:
    told: list[tuple[int, int]] = []
    ines.exchange.on_progress = lambda done, total: told.append((done, total))
    ines.exchange.full()
    assert set(ines.dossiers()) == set(KEYS[1:])
    assert told[-1] == (4, 4)
    assert ines.state().pending == 0


def test_a_note_goes_from_one_desk_to_the_other_once(ines: Desk, katia: Desk) -> None:
    ines.exchange.full()
    ines.note(HERE, "Appelée ce matin.")
    ines.exchange.full()
    katia.exchange.full()
    katia.exchange.full()
    assert katia.notes(HERE) == ["Appelée ce matin."]
    assert ines.state().pending == ines.state().in_flight == 0


def test_an_answer_that_never_came_is_asked_again_and_counts_once(ines: Desk) -> None:
    ines.exchange.full()
    ines.note(HERE, "Une fois.")

    def lose(path: str, answer: httpx.Response) -> httpx.Response:
        raise httpx.ReadError("lost")

    ines.tap.after = lose
    with pytest.raises(Unreachable):
        ines.exchange.push()
    assert ines.state().in_flight == 1
    ines.tap.after = lambda path, answer: answer
    ines.exchange.full()
    assert ines.state().in_flight == 0
    assert [note.texte for note in ines.server.dossier(HERE).notes] == ["Une fois."]


def test_a_reading_goes_on_after_the_last_dossier_taken(ines: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "TOGETHER", 1)
    whole: list[int] = []

    def cut(path: str, answer: httpx.Response) -> httpx.Response:
        if path != "/sync/snapshot" or whole:
            return answer
        lines = b"".join(answer.iter_bytes()).splitlines(keepends=True)
        whole.append(len(lines))
        headers = {"Content-Type": answer.headers["Content-Type"]}
        return httpx.Response(200, content=b"".join(lines[:3]) + lines[3][:20], headers=headers)

    ines.tap.after = cut
    ines.exchange.hello()
    with pytest.raises(Unreachable):
        ines.exchange.read()
    assert len(ines.rows("SELECT 1 FROM synced")) == 2
    seen: list[str] = []
    ines.exchange.line.snapshot, original = _noting(ines, seen), ines.exchange.line.snapshot  # type: ignore[method-assign]
    assert original
    ines.exchange.full()
    assert seen[0] == "/".join(KEYS[2])
    assert set(ines.dossiers()) == set(KEYS[1:])


def _noting(one: Desk, seen: list[str]) -> object:
    original = one.exchange.line.snapshot

    def snapshot(scope: str, after: str = "", limit: int = 0) -> object:
        seen.append(after)
        return original(scope, after, limit)

    return snapshot


def test_a_pull_asked_before_a_push_never_undoes_it(ines: Desk) -> None:
    ines.exchange.full()
    ines.exchange.page = 1
    with_note: list[str] = []

    def push_meanwhile(path: str, answer: httpx.Response) -> httpx.Response:
        if path == "/sync/pull" and not with_note:
            answer.read()
            with_note.append(ines.note(HERE, "Pendant la réponse."))
            ines.exchange.push()
        return answer

    ines.server.reassign(KEYS[0], DELEGATED)
    ines.tap.after = push_meanwhile
    assert ines.exchange.pull().more
    assert KEYS[0] not in ines.dossiers(), "the answer was older than what the push brought"
    assert ines.notes(HERE) == ["Pendant la réponse."]
    ines.exchange.full()
    assert KEYS[0] in ines.dossiers()


def test_a_command_that_the_server_cannot_read_does_not_hold_up_the_others(ines: Desk) -> None:
    ines.exchange.full()
    unreadable = ines.note(HERE, "A\x07B")
    ines.note(OTHER, "Lisible.")
    ines.exchange.full()
    assert [note.texte for note in ines.server.dossier(OTHER).notes] == ["Lisible."]
    found = ines.rows("SELECT command_id, state, reason, command FROM outbox")
    assert [row[:2] for row in found] == [(unreadable, "refused")]
    assert found[0][2]
    assert json.loads(found[0][3])["texte"] == "A\x07B"


def test_a_corbeille_taken_away_while_it_is_read_leaves(ines: Desk) -> None:
    ines.exchange.hello()
    ines.server.let(INES.identifiant, DELEGATED, allowed=False)
    ines.exchange.full()
    assert ines.dossiers() == {}
    assert ines.rows("SELECT scope FROM corbeille") == []


def test_a_server_put_back_gets_again_what_it_lost(ines: Desk) -> None:
    ines.exchange.full()
    before = ines.server.backup()
    ines.note(HERE, "Après la sauvegarde.")
    ines.exchange.full()
    ines.server.restore(before)
    assert ines.server.dossier(HERE).notes == ()
    ines.exchange.full()
    assert [note.texte for note in ines.server.dossier(HERE).notes] == ["Après la sauvegarde."]
    assert ines.notes(HERE) == ["Après la sauvegarde."]


def test_a_corbeille_that_waits_for_a_person_does_not_hold_up_the_others(
    katia: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals, "FEW", 0)
    katia.exchange.page = 1
    katia.tap.after = unmotivated
    katia.server.reassign(KEYS[0], DELEGATED)
    katia.exchange.full()
    assert katia.rows("SELECT scope FROM synced WHERE matricule = ?", KEYS[0][1]) == [(DELEGATED,)]
    katia.exchange.full()
    assert set(katia.dossiers()) == set(KEYS)


def test_new_rules_are_followed(ines: Desk) -> None:
    ines.exchange.full()
    shown = "SELECT count(*) FROM dossier WHERE a_expliquer = 1"
    before = ines.rows(shown)[0][0]
    ines.server.set_threshold(300_000)
    ines.exchange.full()
    assert ines.rows(shown)[0][0] < before


def test_an_address_that_leads_elsewhere_changes_nothing(ines: Desk) -> None:
    ines.exchange.full()
    ines.server.set_meta("server", "un-autre")
    with pytest.raises(Rejected, match="autre serveur"):
        ines.exchange.hello()
    tie = ines.writer.run(read_tie).result()
    assert tie
    assert tie.server != "un-autre"


def test_a_token_taken_back_is_said(ines: Desk) -> None:
    ines.line.identify("", "inconnu")
    with pytest.raises(AccessLost):
        ines.exchange.full()


def test_a_server_older_than_this_program_is_said(ines: Desk) -> None:
    def older(path: str, answer: httpx.Response) -> httpx.Response:
        body = json.loads(answer.read()) | {"newest": 0}
        return httpx.Response(200, json=body)

    ines.tap.after = older
    with pytest.raises(TooOld):
        ines.exchange.hello()


def test_a_copied_store_gets_another_id(ines: Desk) -> None:
    ines.exchange.full()
    first = ines.writer.run(read_tie).result()
    ines.note(HERE, "De l’original.")
    ines.exchange.full()
    ines.writer.run(lambda c: _put_back(c)).result()
    ines.note(OTHER, "De la copie.")
    ines.exchange.full()
    second = ines.writer.run(read_tie).result()
    assert first
    assert second
    assert first.install != second.install
    assert [note.texte for note in ines.server.dossier(OTHER).notes] == ["De la copie."]


def _put_back(connection: object) -> None:
    from sqlalchemy import Connection, text

    assert isinstance(connection, Connection)
    connection.execute(text("UPDATE meta SET value = '0' WHERE name = 'push_n'"))
