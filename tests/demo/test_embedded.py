"""A demonstration with its server: what is made, what the colleague does and leaves alone, what is cut."""

import json
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from gca_tui import cli, clock, demo
from gca_tui.cli import demo as command
from gca_tui.demo.colleague import NOTEBOOK, SCENES
from gca_tui.demo.disagreement import KEY
from gca_tui.demo.embedded import BASE, Embedded, Office
from gca_tui.domain.commands import AddNote, Take
from gca_tui.errors import Unreachable
from gca_tui.ids import new_id
from gca_tui.server.verifying import verify
from gca_tui.store.claimed import claims
from gca_tui.store.location import DATABASE, FOLDER_VARIABLE
from gca_tui.store.remote import read_tie
from gca_tui.store.schema import open_reader
from gca_tui.store.views import CORBEILLE
from gca_tui.store.waiting import conflict_fields, sync_state, waiting_list
from gca_tui.store.window import Selection, Window
from gca_tui.store.writer import Writer
from gca_tui.sync.engine import Engine
from gca_tui.sync.exchange import Exchange

NOW = "2026-11-12T09:30:00+00:00"
NUMBER = 40
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setenv(clock.FROZEN, NOW)
    monkeypatch.setenv(FOLDER_VARIABLE, "")


def gca(folder, *arguments):
    return cli.run(["--donnees", str(folder), *arguments])


def made(folder, *options):
    return gca(folder, "demo", "--dossiers", str(NUMBER), "--sans-ouvrir", *options)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A demonstration with a server, as its first start leaves it: copy it before opening."""
    folder = tmp_path_factory.mktemp("partagee") / "gca"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(clock.FROZEN, NOW)
        patch.setenv(FOLDER_VARIABLE, "")
        assert made(folder) == 0
    return folder


@pytest.fixture
def store(shared, tmp_path):
    return shutil.copytree(shared, tmp_path / "gca") / DATABASE


@pytest.fixture
def writer(store):
    with closing(Writer(store)) as opened:
        yield opened


@pytest.fixture
def office(store):
    with closing(Office(store.parent)) as opened:
        yield opened


def state(store):
    with closing(open_reader(store)) as connection:
        return sync_state(connection)


def until(condition):
    """Wait for something that another thread does."""
    last = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < last
        threading.Event().wait(0.02)


def exchange(writer, office):
    """One exchange of the agent's store."""
    tie = writer.run(read_tie).result()
    with closing(office.line()) as line:
        line.identify(tie.install, tie.token)
        Exchange(writer, line).full()


def play(office, store, wait=lambda _: False):
    with closing(office.colleague(store, wait)) as colleague:
        colleague.play()


def held(store):
    """What the agent's list shows of claims."""
    with closing(open_reader(store)) as connection:
        return {key: one.nom for key, one in claims(connection, clock.now()).items()}


def journal(office):
    """(agent, kind, dossier) of all that agents sent, in order."""
    sql = (
        "SELECT agent, json_extract(body, '$.command.kind'), caisse, matricule FROM journal"
        f" WHERE agent IN ('{demo.COLLEAGUE.identifiant}', '{demo.AGENT.identifiant}') AND body LIKE '%\"status\"%'"
        " AND kind <> 'claim' ORDER BY scope, seq"
    )
    with office.service.base.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def top(store, number=12):
    with closing(Window(open_reader(store), "")) as window:
        return [row.key for row in window.head(Selection(CORBEILLE), clock.today(), number)]


def test_the_first_start_leaves_all_dossiers_and_one_change_to_send(store, office):
    found = state(store)
    assert (found.tied, found.pending, found.conflicts, found.offline_since) == (True, 1, 0, "")
    assert verify(office.service).faults == ()
    with closing(Window(open_reader(store), "")) as window:
        assert sum(number for _, number in window.caisses()) > NUMBER - 10
        assert json.loads(window.meta("author"))["identifiant"] == demo.AGENT.identifiant


def test_the_first_exchange_shows_a_conflict_of_one_section(store, writer, office):
    exchange(writer, office)
    assert state(store).conflicts == 1
    with closing(open_reader(store)) as connection:
        (row,) = waiting_list(connection)
        (field,) = conflict_fields(connection, row.command_id)
    assert (row.caisse, row.matricule) == KEY
    assert field.by == demo.COLLEAGUE.label
    assert len({field.base, field.mine, field.server}) == 3


def test_the_colleague_takes_notes_and_changes_near_the_top_of_the_list(store, writer, office):
    seen = top(store)
    play(office, store)
    exchange(writer, office)
    (taken,) = held(store)
    assert held(store)[taken] == demo.COLLEAGUE.nom
    assert taken == seen[SCENES[0].first - 1]
    his = [row for row in journal(office) if row[0] == demo.COLLEAGUE.identifiant]
    kinds = {row[1]: row[2:] for row in his}
    assert set(kinds) == {"edit_explanation", "add_note", "flag_urgence"}
    assert {kinds["add_note"], kinds["flag_urgence"]} <= set(seen)
    assert kinds["flag_urgence"] in top(store, 3)
    assert verify(office.service).faults == ()


def test_nothing_of_it_happens_twice(store, writer, office):
    play(office, store)
    exchange(writer, office)
    before = journal(office), held(store)
    play(office, store)
    exchange(writer, office)
    assert (journal(office), held(store)) == before


def test_killed_before_he_notes_it_a_change_is_still_made_once(store, office, monkeypatch):
    with closing(office.colleague(store, lambda _: False)) as colleague:
        kept = colleague._note
        monkeypatch.setattr(colleague, "_note", lambda **said: None if "note" in said.get("done", ()) else kept(**said))
        colleague.play()
    play(office, store)
    assert [row[1] for row in journal(office)].count("add_note") == 1


def test_he_stops_when_he_is_told_to(store, office):
    told = []
    play(office, store, lambda seconds: told.append(seconds) or len(told) == 2)
    assert told == [SCENES[0].after, SCENES[1].after]
    assert "add_note" not in [row[1] for row in journal(office)]


def test_all_of_it_is_within_the_first_minute():
    assert sum(scene.after for scene in SCENES) < 60


def test_he_leaves_alone_what_the_agent_took_also_without_network(store, writer, office):
    mine = top(store)[: SCENES[-1].first + 1]
    stamps = [{"id": new_id(), "caisse": c, "matricule": m, "author": demo.AGENT, "at": clock.now()} for c, m in mine]
    for stamp in stamps:
        writer.record([Take(**stamp)]).result()
    play(office, store)
    exchange(writer, office)
    his = {row[2:] for row in journal(office) if row[0] == demo.COLLEAGUE.identifiant} - {tuple(KEY)}
    his |= {key for key, nom in held(store).items() if nom == demo.COLLEAGUE.nom}
    assert len(his) == len(SCENES)
    assert his.isdisjoint(mine)


def test_a_screen_gets_its_server_late_and_work_leaves(store, writer):
    with closing(Embedded(store, lambda _: True)) as embedded:
        engine = Engine(writer, make_line=embedded.line_for)
        with closing(engine):
            engine.start()
            until(lambda: state(store).conflicts == 1)
            note = AddNote(
                id=new_id(), caisse="681", matricule="0123456", author=demo.AGENT, at=clock.now(), texte="Vu."
            )
            writer.record([note]).result()
            until(lambda: not (state(store).pending or state(store).in_flight))


def test_leaving_stops_a_colleague_who_waits(store, writer):
    embedded = Embedded(store)
    line = embedded.line_for(writer.run(read_tie).result())
    line.hello()
    before = time.monotonic()
    line.close()
    embedded.close()
    assert time.monotonic() - before < SCENES[0].after
    assert not [thread for thread in threading.enumerate() if thread.name in ("gca-demo", "gca-app")]


def test_leaving_does_not_wait_for_a_server_that_is_still_loading(store, writer):
    go_on = threading.Event()

    def slow(folder):
        go_on.wait(PATIENCE)
        return Office(folder)

    embedded = Embedded(store, office=slow)
    line = embedded.line_for(writer.run(read_tie).result())
    line.close()
    embedded.close()
    go_on.set()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name in ("gca-demo", "gca-app")])


def test_without_the_base_of_its_server_it_is_offline(store, writer):
    (store.parent / BASE).unlink()
    tie = writer.run(read_tie).result()
    with closing(Embedded(store)) as embedded, closing(embedded.line_for(tie)) as line, pytest.raises(Unreachable):
        line.hello()
    assert not (store.parent / BASE).exists()


def test_two_programs_have_one_colleague(store, writer):
    """The second program exchanges only once the first has left."""
    with closing(Embedded(store, lambda _: True)) as first, closing(Embedded(store, lambda _: True)) as second:
        leader, other = Engine(writer, make_line=first.line_for), None
        with closing(Writer(store)) as beside:
            try:
                leader.start()
                until(lambda: state(store).conflicts == 1)
                other = Engine(beside, make_line=second.line_for)
                other.push_step()
                other.pull_step()
                assert (first._office is None, second._office) == (False, None)
                leader.close()
                other.push_step()
                other.pull_step()
                until(lambda: second._office is not None)
            finally:
                leader.close()
                if other:
                    other.close()


def test_started_again_after_a_kill_it_is_finished(tmp_path, monkeypatch):
    """Killed once the store is tied, before anything is read."""
    import gca_tui.demo.sharing as sharing

    folder = tmp_path / "gca"

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sharing, "_follow", killed)
        assert made(folder) == 130
    assert made(folder) == 0
    found = state(folder / DATABASE)
    assert (found.tied, found.pending) == (True, 1)
    with closing(Window(open_reader(folder / DATABASE), "")) as window:
        assert sum(number for _, number in window.caisses()) > NUMBER - 10


def test_killed_while_the_server_is_filled_it_begins_again(tmp_path, monkeypatch):
    import gca_tui.demo.sharing as sharing

    folder = tmp_path / "gca"

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sharing, "_tie", killed)
        assert made(folder) == 130
    assert made(folder) == 0
    with closing(Office(folder)) as office:
        assert verify(office.service).faults == ()


def test_a_handful_of_dossiers_has_no_conflict(tmp_path):
    folder = tmp_path / "gca"
    assert gca(folder, "demo", "--dossiers", "3", "--sans-ouvrir") == 0
    assert state(folder / DATABASE).pending == 0


@pytest.mark.parametrize("options", [("--sans-serveur",), ("--garder-auteur",)])
def test_a_store_of_its_own_is_tied_to_nothing(tmp_path, options):
    folder = tmp_path / "gca"
    assert made(folder, *options) == 0
    assert not state(folder / DATABASE).tied
    assert not (folder / BASE).exists()


def test_without_what_serves_it_is_a_store_of_its_own_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert made(tmp_path / "gca") == 0
    assert capsys.readouterr().err.count("gca-tui[serveur]") == 1
    assert not state(tmp_path / "gca" / DATABASE).tied


def test_too_large_a_demonstration_has_no_server(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "LARGEST", NUMBER - 1)
    assert made(tmp_path / "gca") == 0
    assert "trop de dossiers" in capsys.readouterr().err
    assert not state(tmp_path / "gca" / DATABASE).tied


def test_an_older_demonstration_opens_as_it_is(tmp_path, monkeypatch):
    folder, opened = tmp_path / "gca", []
    assert made(folder, "--sans-serveur") == 0
    monkeypatch.setattr(command, "open_screen", lambda *_, **how: opened.append(how))
    assert gca(folder, "demo", "--dossiers", str(NUMBER)) == 0
    assert len(opened) == 1
    assert not state(folder / DATABASE).tied


def test_the_line_is_cut_where_it_is_asked_for(store, monkeypatch):
    opened = []
    monkeypatch.setattr(command, "open_screen", lambda *_, **how: opened.append(how["make_line"]))
    for options in (("--hors-ligne",), ()):
        assert gca(store.parent, "demo", "--dossiers", str(NUMBER), *options) == 0
    assert opened[0] is None
    assert opened[1] is not None


def test_a_later_start_loads_nothing_more_than_the_screen(store):
    """What speaks to a server and what serves is loaded once the screen is there."""
    script = (
        "import sys\nfrom gca_tui import cli\nfrom gca_tui.cli import demo\n"
        "demo.open_screen = lambda *_, **how: print(sorted({name.partition('.')[0] for name in sys.modules}), how)\n"
        "sys.exit(cli.run(sys.argv[1:]))"
    )
    asked = ["--donnees", str(store.parent), "demo", "--dossiers", str(NUMBER)]
    ran = subprocess.run([sys.executable, "-c", script, *asked], capture_output=True, text=True, check=True)
    assert "line_for" in ran.stdout
    for name in ("httpx", "fastapi", "sqlalchemy", "pydantic"):
        assert f"'{name}'" not in ran.stdout


def test_without_the_word_demo_its_server_is_said_not_to_be_there(store, capsys):
    assert gca(store.parent, "synchroniser") == 5
    assert "gca demo" in capsys.readouterr().err


def test_his_notebook_never_shows_his_secret(office):
    with office.service.base.read() as connection:
        kept = connection.exec_driver_sql(f"SELECT value FROM meta WHERE name = '{NOTEBOOK}'").scalar()
    assert json.loads(kept)["token"]
    with closing(office.colleague(None, lambda _: True)) as colleague:
        assert json.loads(kept)["token"] not in repr(colleague._notes)
