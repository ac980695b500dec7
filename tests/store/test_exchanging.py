"""A store tied to a server: what is given, sent, answered, received, and what stays whatever happens in between."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from gca_tui.domain.command import CommandRefused
from gca_tui.domain.commands import CorrectContactDetails, HandBack, Take
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store import leaving, lost, receiving, resolving, sending
from gca_tui.store.drafts import Begun, Place
from gca_tui.store.drafts import put as put_draft
from gca_tui.store.driver import connect
from gca_tui.store.location import DATABASE
from gca_tui.store.resolving import THEIRS, Written
from gca_tui.store.waiting import conflict_fields, departures, sync_state, waiting_list
from tests.store.given import AT, ME, Key, note, raw
from tests.store.pretend import BARE, OTHER, SCOPE, Client, Server, digest_of

LEA = Author(identifiant="u2", nom="Léa Inventée")
ADRESSE = "coordonnees.adresse"


def moves(key: Key, adresse: str, author: Author = ME) -> CorrectContactDetails:
    return CorrectContactDetails(id=new_id(), caisse=key[0], matricule=key[1], author=author, at=AT, adresse=adresse)


def takes(key: Key, author: Author = ME) -> Take:
    return Take(id=new_id(), caisse=key[0], matricule=key[1], author=author, at=AT)


@pytest.fixture
def server():
    made = Server(BARE)
    for number in range(1, 5):
        made.add(number)
    return made


@pytest.fixture
def client(tmp_path, server):
    with closing(Client(tmp_path / "gca", server)) as made:
        yield made


def shown(client: Client, key: Key) -> Dossier:
    with raw(client.folder) as connection:
        sql = "SELECT document FROM document JOIN dossier ON id = dossier_id WHERE caisse = ? AND matricule = ?"
        return Dossier.from_json(connection.execute(sql, key).fetchone()[0])


def waiting(client: Client):
    with closing(connect(client.folder / DATABASE, readonly=True)) as connection:
        return waiting_list(connection)


def state(client: Client):
    with closing(connect(client.folder / DATABASE, readonly=True)) as connection:
        return sync_state(connection)


def same(client: Client, scope: str = SCOPE) -> None:
    """The copy is the server's, byte for byte where nothing waits, and the digests agree."""
    with raw(client.folder) as connection:
        sql = "SELECT caisse, matricule, coalesce(mirror, document) FROM document JOIN dossier ON id = dossier_id"
        held = {(row[0], row[1]): row[2] for row in connection.execute(sql)}
        rows = connection.execute("SELECT caisse, matricule, rev, h FROM synced WHERE scope = ?", (scope,)).fetchall()
        kept = connection.execute("SELECT digest FROM corbeille WHERE scope = ?", (scope,)).fetchone()[0]
    server = client.server
    assert held == {key: document for key, document in server.dossiers.items() if key in held}
    assert {key for key, where in server.where.items() if where == scope} <= held.keys()
    assert digest_of(rows) == kept == server.digest(scope)


def test_a_corbeille_is_read_and_followed(client, server):
    same(client)
    server.act(moves(("681", "0000002"), "ailleurs", LEA))
    key = server.add(9)
    taken = client.pull()
    assert taken[SCOPE].events == 2
    assert shown(client, ("681", "0000002")).coordonnees.adresse == "ailleurs"
    assert shown(client, key).allocataire.nom == "NOM9"
    same(client)
    assert client.pull()[SCOPE].events == 0


def test_small_pages_bring_everything(client, server):
    for number in range(1, 5):
        server.act(moves(("681", f"{number:07d}"), f"rue {number}", LEA))
    while client.pull(limit=1)[SCOPE].events:
        pass
    same(client)


def test_what_is_given_is_sent_and_acknowledged(client, server):
    key = ("681", "0000001")
    client.writer.record([moves(key, "chez lui")]).result()
    assert state(client).pending == 1
    assert shown(client, key).coordonnees.adresse == "chez lui"
    assert client.push().applied == 1
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == "chez lui"
    assert (state(client).pending, state(client).in_flight, waiting(client)) == (0, 0, [])
    same(client)
    assert client.push() is None


def test_an_answer_that_never_came_is_asked_for_again_and_counts_once(client, server):
    key = ("681", "0000001")
    given = note(key, "une seule fois")
    client.writer.record([given]).result()
    client.push(lose=True)
    assert state(client).in_flight == 1
    client.pull()
    assert [one.texte for one in shown(client, key).notes] == ["une seule fois"]
    assert state(client).judged == 0
    assert client.push().applied == 1
    assert [one.texte for one in shown(client, key).notes] == ["une seule fois"]
    same(client)


def test_an_answer_taken_in_twice_changes_nothing_more(client, server):
    key = ("681", "0000001")
    client.writer.record([moves(key, "a")]).result()
    batch = client.run(sending.next_batch)
    pushed = server.push(batch.push)
    client.settle(batch, pushed)
    client.writer.record([moves(key, "b")]).result()
    assert client.settle(batch, pushed).applied == 0
    assert shown(client, key).coordonnees.adresse == "b"
    assert client.push().applied == 1
    same(client)


def test_one_tx_of_a_dossier_goes_at_a_time_and_the_next_stands_on_it(client, server):
    key, other = ("681", "0000001"), ("681", "0000002")
    for adresse in ("a", "b", "c"):
        client.writer.record([moves(key, adresse)]).result()
    client.writer.record([moves(other, "d")]).result()
    batch = client.run(sending.next_batch)
    assert [op.command["adresse"] for op in batch.push.ops] == ["a", "d"]
    client.settle(batch, server.push(batch.push))
    assert client.push().applied == client.push().applied == 1
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == "c"
    assert client.push() is None


def test_an_acknowledgement_raises_the_bases_of_the_fields_it_set_only(client, server):
    """A note's acknowledgement would else hide that somebody else set the address: a lost update."""
    key = ("681", "0000001")
    client.writer.record([note(key, "vu")]).result()
    client.writer.record([moves(key, "mine")]).result()
    server.act(moves(key, "theirs", LEA))
    assert client.push().applied == 1
    assert client.push().conflicts == 1
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == "theirs"


def test_two_agents_on_one_field_is_a_conflict_and_a_person_settles_it(client, server):
    key = ("681", "0000001")
    server.act(moves(key, "start", LEA))
    client.pull()
    client.writer.record([moves(key, "mine")]).result()
    server.act(moves(key, "theirs", LEA))
    assert client.push().conflicts == 1
    assert state(client).conflicts == 1
    assert shown(client, key).coordonnees.adresse == "theirs"
    (one,) = waiting(client)
    with closing(connect(client.folder / DATABASE, readonly=True)) as connection:
        (field,) = conflict_fields(connection, one.command_id)
    assert (field.path, field.base, field.mine, field.server) == (ADRESSE, "start", "mine", "theirs")
    assert client.push() is None
    assert client.run(lambda c: resolving.resolve(c, one.command_id, {}, BARE))
    assert shown(client, key).coordonnees.adresse == "mine"
    assert client.push().applied == 1
    same(client)


@pytest.mark.parametrize(("choice", "expected"), [(THEIRS, "theirs"), (Written("both"), "both")])
def test_another_way_to_settle_it(client, server, choice, expected):
    key = ("681", "0000001")
    client.writer.record([moves(key, "mine")]).result()
    server.act(moves(key, "theirs", LEA))
    client.push()
    (one,) = waiting(client)
    assert client.run(lambda c: resolving.resolve(c, one.command_id, {ADRESSE: choice}, BARE))
    assert not client.run(lambda c: resolving.resolve(c, one.command_id, {ADRESSE: choice}, BARE))
    client.push()
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == expected
    assert waiting(client) == []
    same(client)


def test_an_earlier_unsent_command_lends_its_base(client, server):
    """What the server got meanwhile was never shown: the second command must not pass over it."""
    key = ("681", "0000001")
    client.writer.record([moves(key, "first")]).result()
    server.act(moves(key, "theirs", LEA))
    client.pull()
    assert shown(client, key).coordonnees.adresse == "first"
    client.writer.record([moves(key, "second")]).result()
    assert client.push().conflicts == 1
    assert client.push().conflicts == 1
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == "theirs"


def test_a_text_begun_on_something_else_is_a_conflict(client, server):
    key = ("681", "0000001")
    place = Place(*key, "coordonnees")
    begun = shown(client, key).rev
    client.writer.put_draft(place, {"adresse": "mi"}, Begun(begun)).result()
    server.act(moves(key, "theirs", LEA))
    client.pull()
    client.writer.record([moves(key, "mine")], draft=place).result()
    assert client.push().conflicts == 1


def test_what_this_machine_would_refuse_is_kept_for_the_server_to_judge(client, server):
    key = ("681", "0000001")
    client.writer.record([takes(key), note(key, "je le prends")]).result()
    back = HandBack(id=new_id(), caisse=key[0], matricule=key[1], author=ME, at=AT, motif="pris par une autre")
    client.writer.record([back]).result()
    server.act(takes(key, LEA))
    client.pull()
    now = state(client)
    assert now.pending == 3
    assert now.judged >= 1
    held = {one.tx for one in waiting(client) if one.reason}
    for tx in held:
        assert all(one.reason for one in waiting(client) if one.tx == tx), "one tx, one fate"
    assert shown(client, key).holder == "u2"
    while client.push():
        pass
    assert waiting(client) or Dossier.from_json(server.dossiers[key])
    same(client)


def test_nothing_is_folded_in_and_only_what_was_not_sent_is_undone(tmp_path, server):
    key = ("681", "0000001")
    client = Client(tmp_path / "gca", server)
    client.writer.record([moves(key, "a")]).result()
    assert len(client.writer.undo().result()) == 1
    client.writer.record([moves(key, "b")]).result()
    client.push(lose=True)
    with pytest.raises(CommandRefused, match="déjà envoyé"):
        client.writer.undo().result()
    client.close()
    assert [one.state for one in waiting(client)] == ["in_flight"]


def test_a_dossier_that_leaves_leaves_no_byte_and_loses_no_work(tmp_path, server):
    key = server.add(7)
    dossier = Dossier.from_json(server.dossiers[key])
    nom = "ZYXWVUT"
    server.put(dossier.model_copy(update={"allocataire": dossier.allocataire.model_copy(update={"nom": nom})}))
    client = Client(tmp_path / "gca", server)
    client.writer.record([moves(key, "TYPEDANDSENT")]).result()
    client.push()
    client.writer.record([note(key, "NOTEWORTHY")]).result()
    client.writer.put_draft(Place(*key, "note"), {"texte": "DRAFTWORTHY"}, Begun(1)).result()
    server.drop(key, "Réaffecté à la Caf inventée.")
    assert client.pull()[SCOPE].removed == 1
    handed = client.run(leaving.drafts_to_hand)
    assert handed.drafts[0].fields == {"texte": "DRAFTWORTHY"}
    assert client.run(leaving.drafts_to_hand) == handed
    client.run(lambda c: leaving.drafts_handed(c, handed.id))
    assert client.run(leaving.drafts_to_hand) is None
    assert client.push().revoked == 1
    assert len(server.quarantine) == 1
    with closing(connect(client.folder / DATABASE, readonly=True)) as connection:
        (gone,) = departures(connection)
    assert (gone.motif, gone.commands, gone.drafts_left) == ("Réaffecté à la Caf inventée.", 1, 1)
    assert leaving.scrub(client.writer.engine)
    assert not leaving.scrub(client.writer.engine)
    client.close()
    left = b"".join(path.read_bytes() for path in client.folder.iterdir()).lower()
    for word in (nom, "TYPEDANDSENT", "NOTEWORTHY", "DRAFTWORTHY", "rue inventée, 7"):
        assert word.lower().encode() not in left, word


def test_what_was_refused_or_in_conflict_goes_to_quarantine_when_the_dossier_leaves(client, server):
    key = ("681", "0000001")
    client.writer.record([moves(key, "mine")]).result()
    server.act(moves(key, "theirs", LEA))
    client.push()
    server.drop(key, "ailleurs")
    client.pull()
    assert client.push().revoked == 1
    assert waiting(client) == []


def test_last_words_over_a_dossier_that_left_go_with_it(client, server):
    key = ("681", "0000001")
    server.drop(key, "ailleurs")
    client.pull()
    for typed in ("der", "dernier mot"):
        client.run(lambda c, t=typed: put_draft(c, Place(*key, "note"), {"texte": t}, AT.isoformat(), Begun()))
    handed = client.run(leaving.drafts_to_hand)
    assert [draft.fields for draft in handed.drafts] == [{"texte": "dernier mot"}]
    with raw(client.folder) as connection:
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (0,)


@pytest.mark.parametrize("limit", [1, 100])
def test_a_dossier_that_moves_between_two_corbeilles_followed_here_stays(tmp_path, server, limit):
    key = ("681", "0000001")
    with closing(Client(tmp_path / "gca", server, SCOPE, OTHER)) as client:
        client.writer.put_draft(Place(*key, "note"), {"texte": "à moi"}, Begun(1)).result()
        server.put(Dossier.from_json(server.dossiers[key]), OTHER)
        for _ in range(3):
            client.pull(limit)
        assert shown(client, key).rev == 1
        same(client, SCOPE)
        same(client, OTHER)
        with raw(client.folder) as connection:
            assert connection.execute("SELECT count(*) FROM draft").fetchone() == (1,)


def test_many_leaving_without_a_reason_wait_for_a_persons_word(tmp_path):
    server = Server(BARE)
    keys = [server.add(number) for number in range(1, 61)]
    with closing(Client(tmp_path / "gca", server)) as client:
        for key in keys[:25]:
            server.drop(key, "")
        for _ in range(5):
            client.pull(limit=8)
        (ask,) = state(client).asks
        with raw(client.folder) as connection:
            left = connection.execute("SELECT count(*) FROM dossier").fetchone()[0]
        assert left >= 60 - 20
        assert (ask.scope, ask.total) == (SCOPE, 60)
        client.run(lambda c: receiving.answer_removal(c, SCOPE, accept=True))
        for _ in range(5):
            client.pull(limit=8)
        same(client)
        assert state(client).asks == ()


def test_a_reason_lets_any_number_leave(tmp_path):
    server = Server(BARE)
    keys = [server.add(number) for number in range(1, 41)]
    with closing(Client(tmp_path / "gca", server)) as client:
        for key in keys:
            server.drop(key, "Fin de la convention.")
        assert client.pull()[SCOPE].removed == 40
        same(client)


def test_a_corbeille_lost_takes_everything_with_it(client, server):
    del server.chains[SCOPE]
    taken = client.pull()[SCOPE]
    assert (taken.error, taken.motif) == ("scope", "La convention est terminée.")
    assert client.run(lambda c: receiving.drop_scope(c, SCOPE, taken.motif, AT)) == 4
    with raw(client.folder) as connection:
        tables = ("dossier", "document", "recherche", "synced", "corbeille")
        counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]
    assert counts == [0] * 5


def test_a_reading_goes_on_where_it_was_stopped(tmp_path, server):
    client = Client(tmp_path / "gca", server)
    client.run(lambda c: receiving.reread(c, SCOPE))
    first = server.lines(SCOPE, limit=2)
    context = client.writer.context()
    reading = client.run(lambda c: receiving.take_lines(c, SCOPE, first[:2], context, AT))
    assert (reading.taken, reading.complete) == (1, False)
    client.close()
    server.act(moves(("681", "0000001"), "entre-temps", LEA))
    again = Client.__new__(Client)
    again.server, again.folder = server, client.folder
    again.writer = type(client.writer)(client.folder / DATABASE)
    (left,) = again.run(receiving.readings)
    assert left.after == "681/0000001"
    again.read()
    again.pull()
    same(again)
    again.close()


def test_a_server_restored_gets_back_what_it_acknowledged(client, server):
    key, other = ("681", "0000001"), ("681", "0000002")
    client.writer.record([moves(key, "avant")]).result()
    client.push()
    backup = server.backup()
    client.writer.record([moves(key, "après")]).result()
    client.push()
    client.writer.record([note(other, "gardée")]).result()
    client.push()
    client.writer.record([moves(key, "jamais envoyée")]).result()
    server.__dict__.update(backup.__dict__)
    batch = client.run(sending.next_batch)
    pushed = server.push(batch.push)
    assert pushed.error == "lineage"
    assert client.settle(batch, pushed).error == "lineage"
    assert client.pull()[SCOPE].error == "lineage"
    for _ in range(4):
        client.push()
        client.pull()
        client.run(lambda c: lost.settle_lost(c, client.writer.context(), AT))
    assert waiting(client) == []
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == "jamais envoyée"
    assert [one.texte for one in Dossier.from_json(server.dossiers[other]).notes] == ["gardée"]
    same(client)


def test_what_was_begun_on_what_is_lost_waits_a_day_then_is_a_persons_to_decide(client, server):
    key = ("681", "0000001")
    server.act(moves(key, "base", LEA))
    client.pull()
    backup = server.backup()
    server.act(moves(key, "perdu", LEA))
    client.pull()
    client.writer.record([moves(key, "sur ce qui est perdu")]).result()
    server.__dict__.update(backup.__dict__)
    client.pull()
    assert state(client).lost == 1
    assert client.push() is None
    context = client.writer.context()
    assert client.run(lambda c: lost.settle_lost(c, context, AT + timedelta(hours=23))) == 0
    assert client.run(lambda c: lost.settle_lost(c, context, AT + timedelta(hours=25))) == 1
    assert state(client).conflicts == 1
    (one,) = waiting(client)
    client.run(lambda c: resolving.resolve(c, one.command_id, {}, context))
    assert client.push().applied == 1
    same(client)


def test_what_was_lost_and_came_back_lets_the_rest_go(client, server):
    key = ("681", "0000001")
    backup = server.backup()
    theirs = moves(key, "perdu", LEA)
    server.act(theirs)
    client.pull()
    client.writer.record([moves(key, "dessus")]).result()
    server.__dict__.update(backup.__dict__)
    client.pull()
    server.act(theirs)
    client.pull()
    assert client.run(lambda c: lost.settle_lost(c, client.writer.context(), AT)) == 1
    assert client.push().applied == 1
    assert Dossier.from_json(server.dossiers[key]).coordonnees.adresse == "dessus"


def test_what_the_server_refuses_is_said_and_can_be_tried_again(client, server):
    key = ("681", "0000001")
    client.writer.record([takes(key), note(key, "texte")]).result()
    batch = client.run(sending.next_batch)
    pushed = server.push(batch.push)
    said = {"status": "refused", "code": "claim_perdu", "reason": "Pris par Léa.", "set": {}}
    results = tuple(one.model_copy(update=said) for one in pushed.results)
    assert client.settle(batch, pushed.model_copy(update={"results": results, "dossiers": {}})).refused == 2
    told = {(one.state, one.code, one.reason) for one in waiting(client)}
    assert told == {("refused", "claim_perdu", "Pris par Léa.")}
    first = waiting(client)[0]
    assert client.run(lambda c: resolving.retry(c, first.command_id, BARE))
    assert [one.state for one in waiting(client)] == ["pending", "pending"]
    assert first.command_id not in {one.command_id for one in waiting(client)}
    assert len({one.tx for one in waiting(client)}) == 1


def test_what_is_let_go_may_become_a_draft_again(client, server):
    key = ("681", "0000001")
    client.writer.record([note(key, "à garder")]).result()
    client.run(lambda c: c.execute(text("UPDATE outbox SET state = 'refused', reason = 'non'")))
    (one,) = waiting(client)
    assert client.run(lambda c: resolving.discard(c, one.command_id, BARE, AT))
    assert waiting(client) == []
    with raw(client.folder) as connection:
        assert json.loads(connection.execute("SELECT fields FROM draft").fetchone()[0]) == {"texte": "à garder"}


def test_a_page_of_before_is_ignored(client, server):
    asked = client.run(receiving.positions)
    old = server.page(SCOPE, asked[SCOPE])
    server.act(moves(("681", "0000001"), "nouveau", LEA))
    client.pull()
    taken = client.run(lambda c: receiving.take_page(c, SCOPE, old, client.writer.context(), AT, asked))
    assert taken.ignored
    same(client)


def test_a_copy_that_differs_is_told_and_read_again(client, server):
    with raw(client.folder) as connection:
        connection.execute("UPDATE corbeille SET digest = '12'")
    assert client.pull()[SCOPE].differs


def test_the_secret_is_not_told(client, capsys):
    from tests.store.given import run

    for arguments in (["diagnostic"], ["diagnostic", "--json"]):
        run(client.folder, *arguments)
    printed = capsys.readouterr()
    assert "secret-a-taire" not in printed.out + printed.err
