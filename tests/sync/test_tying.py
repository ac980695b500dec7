"""Tying a store to a server: which addresses, which stores, and again after a lost access."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gca_tui.errors import GcaError, InputError
from gca_tui.store.location import DATABASE
from gca_tui.store.remote import Tie, read_tie
from gca_tui.store.writer import Writer
from gca_tui.sync.address import checked, is_loopback
from gca_tui.sync.line import Line
from gca_tui.sync.tying import tie_to
from tests.store.given import extract, imported, person
from tests.sync.desks import URL, Desk, code_for
from tests.sync.people import INES, KATIA, KEYS
from tests.sync.server import Server


def tied(writer: Writer, server: Server, code: str) -> Tie:
    with closing(Line(URL, transport=server.transport.line())) as line:
        return tie_to(writer, line, code)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://gca.exemple/", "https://gca.exemple"),
        (" https://gca.exemple:8443/sous ", "https://gca.exemple:8443/sous"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_as_it_is_kept(written: str, kept: str) -> None:
    assert checked(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "gca.exemple", "ftp://gca.exemple", "https://", "https://a b", "https://x:port", "https://moi:mdp@gca.exemple",
     "https://gca.exemple?x=1", "https://gca.exemple/#x", "https://gca\x1b[31m.exemple", "https://gcaé.exemple", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(InputError, match="n’est pas l’adresse"):
        checked(written, plain=True)


@pytest.mark.parametrize(
    "host", ["gca.exemple", "192.168.1.4", "127.0.0.1.exemple", "127.gca.exemple", "localhost.exemple"]
)
def test_nothing_goes_in_clear_to_another_machine(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(InputError, match="en clair"):
        checked(f"http://{host}:8080")
    assert checked(f"http://{host}:8080", plain=True) == f"http://{host}:8080"


def test_a_code_serves_once(server: Server, ines: Desk, tmp_path: Path) -> None:
    code = code_for(server, INES)
    writer = Writer(tmp_path / "autre.db")
    try:
        tie = tied(writer, server, code)
        assert tie.agent.identifiant == INES.identifiant
        assert tie.scopes == ("681/CONV",)
        assert tie.token not in repr(tie)
        with pytest.raises(GcaError) as raised:
            tied(writer, server, code)
        assert tie.token not in str(raised.value)
        assert writer.run(read_tie).result() == tie
    finally:
        writer.close()


def test_a_store_with_dossiers_of_its_own_stays_its_own(server: Server, tmp_path: Path) -> None:
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1, "DUPONT")]))
    writer, code = Writer(folder / DATABASE), code_for(server, INES)
    try:
        with pytest.raises(InputError, match="déjà des dossiers"):
            tied(writer, server, code)
        assert writer.run(read_tie).result() is None
    finally:
        writer.close()
    empty = Writer(tmp_path / "vide.db")
    assert tied(empty, server, code), "the code was not spent"
    empty.close()


def test_a_new_access_keeps_what_waits(server: Server, ines: Desk) -> None:
    ines.exchange.full()
    ines.note(KEYS[1], "Gardée.")
    before = ines.writer.run(read_tie).result()
    after = tied(ines.writer, server, code_for(server, INES))
    assert before
    assert (after.server, after.agent) == (before.server, before.agent)
    assert after.token != before.token
    assert ines.state().pending == 1
    ines.line.identify(after.install, after.token)
    ines.exchange.full()
    assert [note.texte for note in server.dossier(KEYS[1]).notes] == ["Gardée."]


def test_a_store_is_of_one_agent(server: Server, ines: Desk) -> None:
    before = ines.writer.run(read_tie).result()
    with pytest.raises(InputError, match=INES.nom):
        tied(ines.writer, server, code_for(server, KATIA))
    assert ines.writer.run(read_tie).result() == before


def test_a_store_is_of_one_server(server: Server, ines: Desk) -> None:
    before = ines.writer.run(read_tie).result()
    code = code_for(server, INES)
    server.set_meta("server", "un-autre")
    with pytest.raises(InputError, match="autre serveur"):
        tied(ines.writer, server, code)
    assert ines.writer.run(read_tie).result() == before
