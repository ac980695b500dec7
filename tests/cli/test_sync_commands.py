"""`gca connexion`, `gca synchroniser`, `gca attente`, and what a store tied to a server refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gca_tui.store.location import exclusive
from gca_tui.sync.line import Line
from tests.conftest import Gca
from tests.store.given import extract, imported, person
from tests.sync.desks import URL, Tap, code_for, unmotivated
from tests.sync.people import INES, KATIA, KEYS
from tests.sync.server import Server

HERE = KEYS[1]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "serveur.db")
    made.people((KATIA, INES))
    yield made
    made.close()


@pytest.fixture
def tap(server: Server, monkeypatch: pytest.MonkeyPatch) -> Tap:
    """Every line of the program leads to the server of this test."""
    made, original = Tap(server.transport), Line.__init__
    monkeypatch.setattr(
        Line, "__init__", lambda self, url, **given: original(self, url, **{**given, "transport": made})
    )
    return made


@pytest.fixture
def folder(gca: Gca, server: Server, tap: Tap, tmp_path: Path) -> Path:
    """A store tied and filled."""
    made = tmp_path / "poste"
    assert gca("connexion", URL, "--code", code_for(server, INES), folder=made).code == 0
    assert gca("synchroniser", folder=made).code == 0
    return made


def note(gca: Gca, folder: Path, text: str) -> str:
    ran = gca("note", *HERE, text, "--json", folder=folder)
    assert ran.code == 0, ran.err
    return str(json.loads(ran.out)["id"])


def asked(gca: Gca, *arguments: str, folder: Path) -> tuple[int, Any]:
    ran = gca(*arguments, "--json", folder=folder)
    return ran.code, json.loads(ran.out)


def answering(status: str, **fields: Any) -> Callable[[str, httpx.Response], httpx.Response]:
    """A server that answers pushes so."""

    def after(path: str, answer: httpx.Response) -> httpx.Response:
        if path != "/sync/push":
            return answer
        body = json.loads(answer.read())
        for result in body["results"]:
            result.update(status=status, **fields)
        return httpx.Response(200, json={"results": body["results"]})

    return after


def test_it_says_who_one_is_and_what_to_do_next(gca: Gca, server: Server, tap: Tap, tmp_path: Path) -> None:
    ran = gca("connexion", URL, "--code", code_for(server, INES), folder=tmp_path / "a")
    assert ran.code == 0
    assert INES.nom in ran.out
    assert "681/CONV" in ran.out
    assert "gca synchroniser" in ran.out
    code, told = asked(gca, "connexion", URL, "--code", code_for(server, INES), folder=tmp_path / "b")
    assert code == 0
    assert told["identifiant"] == INES.identifiant
    assert told["corbeilles"] == ["681/CONV"]
    assert not [value for value in told.values() if "token" in str(value)]


def test_an_address_in_clear_is_refused_before_anything_is_sent(
    gca: Gca, server: Server, tap: Tap, tmp_path: Path
) -> None:
    ran = gca("connexion", "http://gca.exemple", "--code", code_for(server, INES), folder=tmp_path / "a")
    assert ran.code == 2
    assert "--sans-tls" in ran.err
    assert tap.asked == []
    given = ("connexion", "http://gca.exemple", "--code", code_for(server, INES), "--sans-tls")
    assert gca(*given, folder=tmp_path / "a").code == 0


def test_a_wrong_code_is_the_servers_to_refuse(gca: Gca, tap: Tap, tmp_path: Path) -> None:
    ran = gca("connexion", URL, "--code", "AAAA-BBBB", folder=tmp_path / "a")
    assert ran.code == 6
    assert "code" in ran.err
    assert gca("synchroniser", folder=tmp_path / "a").code == 2


def test_a_store_with_its_own_dossiers_is_refused(gca: Gca, server: Server, tap: Tap, tmp_path: Path) -> None:
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1, "DUPONT")]))
    ran = gca("connexion", URL, "--code", code_for(server, INES), folder=folder)
    assert ran.code == 2
    assert tap.asked == []


def test_a_note_written_on_the_command_line_arrives(gca: Gca, server: Server, folder: Path) -> None:
    note(gca, folder, "Par la ligne de commande.")
    assert asked(gca, "attente", folder=folder)[1]["commandes"][0]["contenu"]["texte"] == "Par la ligne de commande."
    code, left = asked(gca, "synchroniser", folder=folder)
    assert (code, left["en_attente"], left["refuses"]) == (0, 0, 0)
    assert [one.texte for one in server.dossier(HERE).notes] == ["Par la ligne de commande."]
    ran = gca("attente", folder=folder)
    assert (ran.code, ran.out.strip()) == (0, "Rien n’attend\u00a0: tout est sur le serveur.")


def test_a_server_that_is_away_keeps_all(gca: Gca, tap: Tap, folder: Path) -> None:
    note(gca, folder, "Plus tard.")
    tap.cut()
    ran = gca("synchroniser", folder=folder)
    assert ran.code == 5
    assert "gardé" in ran.err
    code, told = asked(gca, "attente", folder=folder)
    assert code == 0
    assert told["etat"]["hors_ligne_depuis"]
    assert [one["etat"] for one in told["commandes"]] == ["pending"]
    tap.mend()
    assert gca("synchroniser", folder=folder).code == 0
    assert asked(gca, "attente", folder=folder)[1]["etat"]["hors_ligne_depuis"] is None


def test_an_access_taken_back_is_said(gca: Gca, tap: Tap, folder: Path) -> None:
    problem = {"title": "Ce poste n’est pas connu du serveur.", "status": 401, "code": "jeton_inconnu"}
    headers = {"Content-Type": "application/problem+json"}
    tap.after = lambda path, answer: httpx.Response(401, content=json.dumps(problem).encode(), headers=headers)
    ran = gca("synchroniser", folder=folder)
    assert ran.code == 6
    assert "gca connexion" in ran.err
    assert asked(gca, "attente", folder=folder)[1]["etat"]["probleme"] == "access"


def test_what_is_refused_can_be_copied_out_as_it_was_typed(gca: Gca, tap: Tap, folder: Path) -> None:
    note(gca, folder, "Premier ! texte\nsur deux lignes")
    tap.after = answering("refused", code="clos", reason="Le dossier est clos.")
    ran = gca("synchroniser", folder=folder)
    assert ran.code == 1
    assert "gca attente" in ran.out
    shown = gca("attente", folder=folder)
    assert shown.code == 1
    assert "Premier ! texte\n    sur deux lignes" in shown.out
    assert "Le dossier est clos." in shown.out
    code, told = asked(gca, "attente", folder=folder)
    assert code == 1
    assert told["commandes"][0]["contenu"]["texte"] == "Premier ! texte\nsur deux lignes"
    assert (told["commandes"][0]["etat"], told["commandes"][0]["code"]) == ("refused", "clos")


def test_what_a_hostile_server_says_does_not_reach_the_terminal(gca: Gca, tap: Tap, folder: Path) -> None:
    note(gca, folder, "Texte.")
    tap.after = answering("refused", code="x", reason="\x1b[31mrouge\u202eà l’envers")
    for ran in (
        gca("synchroniser", folder=folder),
        gca("attente", folder=folder),
        gca("attente", "--json", folder=folder),
    ):
        assert "\x1b" not in ran.out + ran.err
        assert "\u202e" not in ran.out + ran.err


def test_dossiers_that_left_are_told_with_their_reason(gca: Gca, server: Server, folder: Path) -> None:
    server.reassign(HERE, "681", "Réaffecté à Mulhouse.")
    code, left = asked(gca, "synchroniser", folder=folder)
    assert (code, left["partis"]) == (0, 1)
    ran = gca("attente", folder=folder)
    assert "681·0000002" in ran.out
    assert "Réaffecté à Mulhouse." in ran.out


def test_what_left_is_said_by_one_exchange_and_new_until_it_was_read(gca: Gca, server: Server, folder: Path) -> None:
    server.reassign(HERE, "681", "Réaffecté à Mulhouse.")
    said = "1\u00a0dossier parti"
    assert [said in gca("synchroniser", folder=folder).out for _ in range(2)] == [True, False]
    assert asked(gca, "synchroniser", folder=folder)[1]["partis"] == 1
    assert said in gca("attente", folder=folder).out
    assert asked(gca, "synchroniser", folder=folder)[1]["partis"] == 0
    assert said in gca("attente", folder=folder).out


def test_a_conflict_is_told_in_the_agents_words(gca: Gca, tap: Tap, folder: Path) -> None:
    note(gca, folder, "Premier texte")
    moved = [{"path": "coordonnees.telephones", "rev": 5, "value": ["0388000000", "0612000000"], "by": "Paul Martin"}]
    tap.after = answering("conflict", moved=moved)
    assert gca("synchroniser", folder=folder).code == 1
    shown = gca("attente", folder=folder).out.replace("\u00a0", " ")
    assert "  En conflit : téléphones\n    avant : (rien)\n" in shown
    assert shown.endswith("    serveur (Paul Martin) : 0388000000\n      0612000000\n")


def test_a_dossier_that_came_back_did_not_leave(gca: Gca, server: Server, folder: Path) -> None:
    server.reassign(HERE, "681", "Réaffecté à Mulhouse.")
    assert gca("synchroniser", folder=folder).code == 0
    server.reassign(HERE, "681/CONV", "Rendu.")
    code, left = asked(gca, "synchroniser", folder=folder)
    assert (code, left["partis"]) == (0, 0)
    assert asked(gca, "attente", folder=folder)[1]["departs"] == []


def test_an_agent_without_any_corbeille_is_told_so(gca: Gca, server: Server, folder: Path) -> None:
    assert "Aucune corbeille" not in gca("synchroniser", folder=folder).out
    server.let(INES.identifiant, "681/CONV", False)
    assert "Aucune corbeille n’est ouverte" in gca("synchroniser", folder=folder).out


def test_a_mass_removal_is_confirmed_by_a_person(
    gca: Gca, server: Server, tap: Tap, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gca_tui.store import removals

    monkeypatch.setattr(removals, "FEW", 1)

    tap.after = unmotivated
    for key in KEYS[1:4]:
        server.reassign(key, "681")
    ran = gca("synchroniser", folder=folder)
    assert ran.code == 1
    assert "--accepter-retraits" in ran.out
    assert len(gca("liste", folder=folder).out.splitlines()) >= 4
    code, left = asked(gca, "synchroniser", "--accepter-retraits", folder=folder)
    assert (code, left["retraits_a_confirmer"], left["partis"]) == (0, [], 3)


def test_another_program_that_exchanges_is_left_to_it(gca: Gca, folder: Path) -> None:
    with exclusive(folder, "sync", "Un échange est"):
        ran = gca("synchroniser", folder=folder)
    assert ran.code == 3
    assert "échange déjà" in ran.err


def test_a_store_without_a_server_says_how_to_get_one(gca: Gca, store: Path) -> None:
    ran = gca("synchroniser", folder=store)
    assert ran.code == 2
    assert "gca connexion" in ran.err
    assert gca("attente", folder=store).code == 0


def test_extracts_and_rules_are_the_servers(gca: Gca, folder: Path, tmp_path: Path) -> None:
    lines = extract(tmp_path / "a.csv", [person(9, "DUPONT")])
    rules = tmp_path / "regles.toml"
    rules.write_text(gca("regles", "--modele", folder=folder).out)
    for arguments in (
        ("importer", str(lines)),
        ("importer", "--a-blanc", str(lines)),
        ("regles", "--depuis", str(rules)),
    ):
        ran = gca(*arguments, folder=folder)
        assert ran.code == 2
        assert "serveur" in ran.err
    assert gca("regles", folder=folder).code == 0


@pytest.mark.parametrize("name", ["connexion", "synchroniser", "attente"])
def test_exit_codes_are_documented(gca: Gca, name: str) -> None:
    assert "Codes de retour" in gca(name, "--help").out
