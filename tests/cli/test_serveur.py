"""`gca serveur` as an administrator types it: what it prints, what it refuses, what it leaves on the disk."""

from __future__ import annotations

import json
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest
from click import Group
from sqlalchemy import insert

from gca_tui.cli.serveur import COMMANDS, agent
from gca_tui.server.base import open_base
from gca_tui.server.roles import ROLES
from gca_tui.server.service import Service
from gca_tui.server.tables import QUARANTINE
from gca_tui.server.verifying import verify
from tests.cli.test_commands import ENGLISH
from tests.conftest import Gca
from tests.store.given import FIXTURES, extract, imported, person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "donnees"


@pytest.fixture
def serveur(gca: Gca, folder: Path):
    """`serveur("agent", "liste")` in a data folder of its own."""

    def ran(*arguments: str, code: int = 0) -> Any:
        found = gca("serveur", *arguments, folder=folder)
        assert found.code == code, found
        return found

    return ran


@pytest.fixture
def told(serveur):
    """The JSON that a command prints."""
    return lambda *arguments, code=0: json.loads(serveur(*arguments, "--json", code=code).out.splitlines()[-1])


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    people = [person(1), person(2, convention="CONV"), person(3, caisse="091")]
    return extract(tmp_path / "e.csv", people)


def counts(told) -> dict[str, int]:
    return {one["corbeille"]: one["dossiers"] for one in told("corbeille", "liste")}


def test_it_makes_its_base_in_the_data_folder_for_its_owner_alone(serveur, folder):
    serveur("corbeille", "liste")
    assert (folder / "serveur.db").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("given", ["option", "environment"])
def test_the_base_may_be_elsewhere(serveur, folder, tmp_path, monkeypatch, given):
    place = tmp_path / "ailleurs.db"
    options = ("--base", str(place)) if given == "option" else ()
    if given == "environment":
        monkeypatch.setenv("GCA_BASE", str(place))
    serveur("corbeille", "liste", *options)
    assert place.stat().st_mode & 0o777 == 0o600
    assert not (folder / "serveur.db").exists()


def test_a_base_that_is_none_is_refused(serveur, tmp_path):
    assert "n’est pas connue" in serveur("corbeille", "liste", "--base", "mysql://x/y", code=2).err
    assert "n’existe pas" in serveur("corbeille", "liste", "--base", str(tmp_path / "a" / "b.db"), code=2).err


def test_an_extra_that_is_not_installed_is_named(serveur, monkeypatch, folder):
    found = util.find_spec
    monkeypatch.setattr("gca_tui.cli.serveur.find_spec", lambda name: None if name == "fastapi" else found(name))
    ran = serveur("corbeille", "liste", code=2)
    assert "pip install 'gca-tui[serveur]'" in ran.err
    assert "fastapi" in ran.err
    assert not folder.exists()


def test_extracts_are_spread_and_told_as_the_client_does(gca, serveur, told, lines, tmp_path):
    on_client = gca("importer", str(lines), "--json", folder=tmp_path / "client")
    on_server = serveur("importer", str(lines), "--json")
    assert (on_server.code, on_server.out) == (on_client.code, on_client.out)
    assert counts(told) == {"091": 1, "681": 1, "681/CONV": 1}
    again = json.loads(serveur("importer", str(lines), "--json").out.splitlines()[-1])
    assert again["inchangees"] == 3


def test_the_extracts_of_two_weeks_give_the_client_s_dossiers(gca, serveur, told, tmp_path):
    client = tmp_path / "client"
    for name in ("mulhouse-2026-11-12.csv", "mulhouse-2026-11-19.csv", "foix-2026-11-12.csv"):
        here = gca("importer", str(FIXTURES / name), "--rejets", str(tmp_path / f"{name}.r"), folder=client)
        there = serveur("importer", str(FIXTURES / name), "--rejets", str(tmp_path / f"{name}.r"), code=here.code)
        assert there.out == here.out
    exported = [json.loads(line) for line in gca("exporter", "--json", folder=client).out.splitlines()]
    assert sum(counts(told).values()) == len(exported) > 0
    assert told("verifier")["fautes"] == []


def test_rejected_lines_are_written_and_the_exit_code_says_so(serveur, told, tmp_path):
    wrong = extract(tmp_path / "e.csv", [person(1), person(2, caisse="68")])
    ran = serveur("importer", str(wrong), "--rejets", str(tmp_path / "r.csv"), code=1)
    assert "1\xa0rejetée" in ran.out
    assert "code caisse de 3 chiffres" in (tmp_path / "r.csv").read_text("utf-8-sig")
    assert counts(told) == {"681": 1}


def test_a_dry_import_writes_nothing(serveur, told, lines):
    assert "à blanc" in serveur("importer", str(lines), "--a-blanc").out
    assert counts(told) == {}


def test_an_absent_dossier_is_marked(serveur, tmp_path):
    serveur("importer", str(extract(tmp_path / "a.csv", [person(1), person(2)])))
    assert "1\xa0dossier absent" in serveur("importer", str(extract(tmp_path / "b.csv", [person(1)]))).out


def test_an_agent_gets_a_code_once(told, serveur):
    given = ("agent", "ajouter", "martin", "--caisse", "681", "--role", "gca", "--corbeille", "681")
    first = told(*given, "--corbeille", "681/CONV", "--nom", "Zoé Martin", "--qualite", "GCA")
    again = told(*given)
    assert (first["nouveau"], again["nouveau"]) == (True, False)
    assert first["code"] != again["code"]
    assert first["corbeilles"] == ["681", "681/CONV"]
    assert told("agent", "code", "martin")["code"] not in (first["code"], again["code"])
    assert [(one["identifiant"], one["nom"]) for one in told("agent", "liste")] == [("martin", "Zoé Martin")]
    assert "72 heures" in serveur("agent", "code", "martin").out


def test_an_agent_of_another_caisse_gets_no_whole_caisse(serveur, told):
    ran = serveur("agent", "ajouter", "lea", "--caisse", "091", "--corbeille", "681", code=2)
    assert "délégation par convention, CSS L.122-7" in ran.err
    assert told("agent", "liste") == []
    ran = serveur("agent", "ajouter", "lea", "--caisse", "091", "--corbeille", "681/CONV")
    assert "n’est pas encore connue" in ran.out


def test_agents_change_and_go(told, serveur):
    told("agent", "ajouter", "martin", "--caisse", "681", "--corbeille", "681")
    assert told("agent", "role", "martin", "referent")["role"] == "referent"
    changed = told("agent", "corbeille", "martin", "--ajouter", "681/CONV", "--retirer", "681")
    assert changed["corbeilles"] == ["681/CONV"]
    assert told("agent", "retirer", "martin")["actif"] is False
    assert "martin (retiré)" in serveur("agent", "liste").out
    assert told("agent", "reprendre", "martin")["actif"] is True
    assert "Aucun agent" in serveur("agent", "code", "personne", code=2).err
    assert "attendu l’un de" in serveur("agent", "role", "martin", "chef", code=2).err


def test_dossiers_are_put_in_another_corbeille(serveur, told, lines):
    serveur("importer", str(lines))
    move = ("corbeille", "affecter", "--vers", "681/CONV", "--motif", "renfort")
    assert told(*move, "681/0000001") == {"choisis": 1, "affectes": 1, "vers": "681/CONV"}
    assert counts(told) == {"091": 1, "681": 0, "681/CONV": 2}
    back = ("corbeille", "affecter", "--vers", "681", "--motif", "retour", "--depuis", "681/CONV")
    assert told(*back, "--nature", "rib")["choisis"] == 0
    assert "2\xa0dossiers affectés à 681" in serveur(*back).out
    assert "1\xa0y était déjà" in serveur("corbeille", "affecter", "681/0000002", "--vers", "681", "--motif", "x").out
    for wrong in (move, (*back, "681/0000001"), (*move, "0000001"), (*move, "681/0000001", "--nature", "rib")):
        assert "Rien n’a changé" in serveur(*wrong, code=2).err
    assert "n’est pas ici" in serveur(*move, "681/0000009", code=4).err
    assert "CSS L.122-7" in serveur(*move, "091/0000003", code=2).err


def test_every_role_of_the_server_may_be_given():
    assert tuple(ROLES) == agent.ROLES


def test_conventions(told, serveur):
    given = ("--caisse", "681", "--nom", "CONV", "--delegataire", "091", "--fin", "2026-12-31")
    made = told("convention", "ajouter", *given)
    parties = {"caisse": "681", "nom": "CONV", "delegataire": "091"}
    assert made == {"corbeille": "681/CONV", **parties, "debut": None, "fin": "2026-12-31"}
    assert told("convention", "liste") == [made]
    assert told("convention", "terminer", "681/CONV")["fin"] == "2026-11-11"
    assert told("convention", "terminer", "681/CONV", "--fin", "31/01/2027")["fin"] == "2027-01-31"
    assert "11/11/2026" not in serveur("convention", "liste").out
    assert "n’est pas un jour" in serveur("convention", "terminer", "681/CONV", "--fin", "demain", code=2).err
    assert "n’est pas connue" in serveur("convention", "terminer", "681/AUTRE", code=2).err


def test_rules_are_those_of_the_client_s_command(gca, serveur, told, lines, tmp_path):
    rules = tmp_path / "regles.toml"
    rules.write_text('seuil = 1200.50\n[caisse.681]\ntelephone = "03 00 00 00 00"\n', "utf-8")
    serveur("importer", str(lines))
    client = imported(tmp_path / "client", lines)
    assert "version 2" in serveur("regles", "--depuis", str(rules)).out
    gca("regles", "--depuis", str(rules), folder=client)
    assert serveur("regles", "--json").out == gca("regles", "--json", folder=client).out
    model = gca("regles", "--modele", folder=client).out.replace("gca regles --depuis", "gca serveur regles --depuis")
    assert serveur("regles", "--modele").out == model
    assert "rien n’a changé" in serveur("regles", "--depuis", str(rules)).out
    assert "ne va ni avec" in serveur("regles", "--modele", "--json", code=2).err


def test_saved_and_restored(serveur, told, lines, tmp_path):
    serveur("importer", str(lines))
    saved = told("sauvegarder", str(tmp_path / "s.gz"))
    assert saved["dossiers"] == 3
    assert "n’est pas vide" in serveur("restaurer", str(tmp_path / "s.gz"), code=2).err
    other = ("--base", str(tmp_path / "autre.db"))
    assert told("restaurer", str(tmp_path / "s.gz"), *other)["dossiers"] == 3
    assert {one["corbeille"] for one in told("corbeille", "liste", *other)} == {"091", "681", "681/CONV"}
    assert told("verifier", *other) == {"dossiers": 3, "entrees": 3, "fautes": []}


def test_a_base_that_does_not_hold_is_told_with_where(serveur, told, lines, folder):
    serveur("importer", str(lines))
    assert "tout tient" in serveur("verifier").out
    base = open_base(folder / "serveur.db")
    with base.write() as connection:
        connection.exec_driver_sql("UPDATE journal SET agent = 'autre' WHERE scope = '681/CONV'")
    assert len(verify(Service(base)).faults) == 1
    base.close()
    assert "681/CONV entrée 1" in serveur("verifier", code=1).out
    assert [one["quoi"] for one in told("verifier", code=1)["fautes"]] == ["journal"]


def test_what_is_in_quarantine_reads_as_it_was_typed(serveur, told, lines, folder):
    serveur("importer", str(lines))
    command = {
        "kind": "add_note",
        "id": "n1",
        "caisse": "681",
        "matricule": "0000002",
        "texte": "Appelée.\nElle viendra.",
    }
    draft = {"caisse": "681", "matricule": "0000002", "kind": "note", "target": "", "fields": {"texte": "Commencé"}}
    common = {"agent": "ines", "caisse": "681", "matricule": "0000002", "motif": "Réaffecté.", "seen_by": ""}
    base = open_base(folder / "serveur.db")
    with base.write() as connection:
        for at, kind, body in (("09", "add_note", command), ("10", "brouillon", draft)):
            moment = f"2026-11-12T{at}:30:00+00:00"
            row = {"id": kind, "kind": kind, "body": json.dumps(body), "at": moment, **common}
            connection.execute(insert(QUARANTINE).values(row))
    base.close()
    shown = serveur("quarantaine").out.replace("\u00a0", " ")
    assert "— 681·0000002 — ines — note\n  Réaffecté.\n  texte : Appelée.\n    Elle viendra.\n" in shown
    assert "— ines — brouillon\n  Réaffecté.\n  texte : Commencé\n" in shown
    assert [one["content"] for one in told("quarantaine")] == [command, draft]


def test_nobody_waits_in_quarantine_and_no_machine_is_known(serveur, told):
    assert told("quarantaine") == []
    assert "0\xa0élément en quarantaine" in serveur("quarantaine", "--lue", "martin").out
    assert told("poste", "liste") == []
    assert "Aucun poste" in serveur("poste", "revoquer", "x", code=2).err


@pytest.mark.parametrize("group", ["agent", "poste", "corbeille", "convention"])
def test_a_group_alone_lists(serveur, told, group):
    assert serveur(group).out == serveur(group, "liste").out
    assert told(group) == []
    assert "commande inconnue" in serveur(group, "autre", code=2).err


def commands() -> list[tuple[str, ...]]:
    """Every command and what is under it."""
    names = list(COMMANDS)
    under = {name: import_module(f"gca_tui.cli.serveur.{name}").command for name in names}
    inner = [(name, one) for name in names if isinstance(under[name], Group) for one in under[name].commands]
    return [*((name,) for name in names), *inner]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_help_is_french(serveur, command):
    ran = serveur(*command, "--help")
    assert ran.err == ""
    assert ran.out.startswith(f"Emploi : gca serveur {' '.join(command)} ")
    assert not ENGLISH.search(ran.out)


def test_help_says_every_command(serveur):
    out = serveur("--help").out
    assert all(f"  {name} " in out for name in COMMANDS)
    assert "commande inconnue" in serveur("autre", code=2).err
