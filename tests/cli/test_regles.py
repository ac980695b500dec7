"""`gca regles`: what is in force, a file taken whole or refused whole, and the queue that follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gca_tui.domain.dossier import Dossier
from gca_tui.presentation.safe_text import FORBIDDEN
from gca_tui.store import ruling
from gca_tui.store.location import exclusive
from gca_tui.store.projection import project
from gca_tui.store.rules import SETTINGS, read_settings
from tests.conftest import Gca
from tests.store.given import dossiers, extract, imported, note, person, raw, run, window, writing

WHOLE = """
seuil = 1200.50
contact_obligatoire = true
essais_de_contact = 2
[caisse.681]
seuil = "1 000,00 €"
adresse = "12 rue des Tanneurs, 68000 Mulhouse"
telephone = "03 00 00 00 00"
rsa_delegue = true
[caisse.091]
essais_de_contact = 0
"""
AMOUNTS = {1: "99999", 2: "100000", 3: "120049", 4: "120050", 5: "149999", 6: "150000"}
"""Cents of the trop-perçus of caisse 091; those of 681 are the same."""


@pytest.fixture(scope="session")
def owing_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two caisses, each with six trop-perçus around the thresholds, and one dossier with none."""
    lines = [
        person(
            number + 100 * (caisse == "681"), caisse=caisse, indu_reference=f"INK{number}", indu_prestation="RSA",
            indu_mois="2026-01", indu_verse=f"{int(cents) / 100:.2f}".replace(".", ","), indu_du="0,00",
            indu_notifie_le="04/05/2026",
        )
        for caisse in ("091", "681")
        for number, cents in AMOUNTS.items()
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("regles") / "gca"
    return imported(folder, extract(folder.parent / "indus.csv", [*lines, person(900)]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "regles.toml"
    path.write_text(WHOLE, "utf-8")
    return path


def told(gca: Gca, folder: Path) -> Mapping[str, Any]:
    return json.loads(gca("regles", "--json", folder=folder).out)


def listed(gca: Gca, folder: Path) -> set[str]:
    """The dossiers to explain, as the queue finds them."""
    found = json.loads(gca("liste", "--vue", "trop_percus", "--json", folder=folder).out)
    return {f"{row['caisse']}·{int(row['matricule']) % 100}" for row in found}


def test_the_rules_at_first(gca: Gca, owing):
    ran = gca("regles", folder=owing)
    assert (ran.code, ran.err) == (0, "")
    assert "Règles en vigueur, version 1" in ran.out
    assert "1\xa0500,00\xa0€" in ran.out
    assert "681 Caf du Haut-Rhin" in ran.out
    assert "Adresse où les familles écrivent\xa0: non renseigné" in ran.out
    assert told(gca, owing)["communes"] == {
        "seuil_centimes": 150_000, "contact_obligatoire": False, "essais_de_contact": 1,
    }  # fmt: skip


def test_a_file_is_taken_and_said(gca: Gca, owing, file):
    ran = gca("regles", "--depuis", str(file), folder=owing)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Règles enregistrées, version 2. 6\xa0dossiers changent dans la file.\n")
    now = told(gca, owing)
    assert now["version"] == 2
    assert now["communes"] == {"seuil_centimes": 120_050, "contact_obligatoire": True, "essais_de_contact": 2}
    assert now["caisses"]["091"]["seuil_centimes"] == 120_050
    assert now["caisses"]["091"]["essais_de_contact"] == 0
    mulhouse = now["caisses"]["681"]
    assert (mulhouse["seuil_centimes"], mulhouse["adresse"]) == (100_000, "12 rue des Tanneurs, 68000 Mulhouse")
    assert mulhouse["rsa_delegue"] is True


def test_the_queue_follows_the_threshold(gca: Gca, owing, file):
    assert listed(gca, owing) == {"091·6", "681·6"}
    run(owing, "regles", "--depuis", str(file))
    assert listed(gca, owing) == {*(f"091·{n}" for n in (4, 5, 6)), *(f"681·{n}" for n in (2, 3, 4, 5, 6))}
    file.write_text("")
    run(owing, "regles", "--depuis", str(file))
    assert listed(gca, owing) == {"091·6", "681·6"}
    with window(owing) as opened:
        assert read_settings(opened).version == 3
        assert opened.meta(ruling.FOLLOWING) is None


def test_every_column_is_what_the_rules_make_of_the_document(owing, file, monkeypatch):
    monkeypatch.setattr(ruling, "BATCH", 2)
    run(owing, "regles", "--depuis", str(file))
    with writing(owing) as writer, window(owing) as opened, raw(owing) as seen:
        for number, dossier in dossiers(opened).items():
            columns = project(dossier, writer.context())
            names = ", ".join(columns)
            found = seen.execute(f"SELECT {names} FROM dossier WHERE id = ?", (number,)).fetchone()
            assert found == tuple(columns.values())


def test_the_same_file_again_changes_nothing(gca: Gca, owing, file):
    run(owing, "regles", "--depuis", str(file))
    ran = gca("regles", "--depuis", str(file), folder=owing)
    assert ran.out.startswith("Ces règles étaient déjà en vigueur")
    assert told(gca, owing)["version"] == 2


@pytest.mark.parametrize("given", ["", WHOLE], ids=["rien", "tout"])
def test_the_model_gives_the_rules_in_force(gca: Gca, owing, tmp_path, given):
    first = tmp_path / "premier.toml"
    first.write_text(given, "utf-8")
    run(owing, "regles", "--depuis", str(first))
    before = told(gca, owing)
    model = tmp_path / "modele.toml"
    model.write_text(gca("regles", "--modele", folder=owing).out, "utf-8")
    ran = gca("regles", "--depuis", str(model), folder=owing)
    assert ran.out.startswith("Ces règles étaient déjà en vigueur")
    assert told(gca, owing) == before


def test_hard_texts_survive_the_model(gca: Gca, owing, tmp_path):
    hard = """12 rue "des \\\\ Tanneurs" : n° 3 # bis, ''' [caisse.091]"""
    file = tmp_path / "dur.toml"
    file.write_text(f"[caisse.681]\nadresse = {json.dumps(hard)}\n", "utf-8")
    run(owing, "regles", "--depuis", str(file))
    assert told(gca, owing)["caisses"]["681"]["adresse"] == hard
    file.write_text(gca("regles", "--modele", folder=owing).out, "utf-8")
    assert gca("regles", "--depuis", str(file), folder=owing).out.startswith("Ces règles étaient déjà")


AMOUNT = "seuil : attendu un montant en euros"
WRONG = {
    "seuil = -1": AMOUNT,
    "seuil = 0": AMOUNT,
    "seuil = true": AMOUNT,
    "seuil = 1500.001": AMOUNT,
    "seuil = nan": AMOUNT,
    "seuil = inf": AMOUNT,
    "seuil = 1e400": AMOUNT,
    "seuil = 999999999999999999999": AMOUNT,
    'seuil = "mille"': AMOUNT,
    'seuil = "-3,00 €"': AMOUNT,
    "seuil = 2026-11-12": AMOUNT,
    "seuil = [1500]": AMOUNT,
    'contact_obligatoire = "oui"': "contact_obligatoire : attendu true ou false",
    "essais_de_contact = -1": "essais_de_contact : attendu un nombre entier",
    "essais_de_contact = 1.5": "essais_de_contact : attendu un nombre entier",
    "essais_de_contact = true": "essais_de_contact : attendu un nombre entier",
    "threshold = 3": "threshold : clé inconnue, attendu l’une de seuil",
    'adresse = "ici"': "adresse : clé inconnue",
    "caisse = 3": "caisse : attendu une table par caisse",
    "[caisse]\n681 = 3": "[caisse.681] : attendu une table",
    "[caisse.68]\nseuil = 3": "[caisse.68] : attendu une table dont le nom est un code",
    '[caisse."٦٨١"]\nseuil = 3': "attendu une table dont le nom est un code",
    "[caisse.681]\nadresse = 3": "[caisse.681] adresse : attendu un texte",
    '[caisse.681]\nadresse = "a\\u001b[31m"': "[caisse.681] adresse : attendu un texte d’une ligne",
    '[caisse.681]\nadresse = "a\\u202eb"': "[caisse.681] adresse : attendu un texte d’une ligne",
    '[caisse.681]\nadresse = """a\nb"""': "[caisse.681] adresse : attendu un texte d’une ligne",
    f'[caisse.681]\nadresse = "{"a" * 301}"': "[caisse.681] adresse : attendu un texte d’une ligne",
    "[caisse.681]\nminima = 3": "[caisse.681] minima : clé inconnue",
    '[caisse.681]\n"\\u001b[31m\\u202e" = 3': "clé inconnue",
    "seuil = 1\nseuil = 2\n": "n’est pas un fichier TOML (ligne 3)",
    "seuil =": "n’est pas un fichier TOML",
    f"seuil = {'[' * 5000}": "n’est pas un fichier TOML",
    f"seuil = {'9' * 5000}": "TOML",
    "#" * 70_000: "dépasse 64 Kio",
}


@pytest.mark.parametrize(("written", "said"), WRONG.items(), ids=[name[:40] for name in map(ascii, WRONG)])
def test_what_is_wrong_is_said_and_nothing_changes(gca: Gca, owing, file, written, said):
    run(owing, "regles", "--depuis", str(file))
    before = told(gca, owing)
    file.write_text(f"# règles\n{written}", "utf-8")
    ran = gca("regles", "--depuis", str(file), folder=owing)
    assert (ran.code, ran.out) == (2, "")
    message = ran.err.replace("\xa0", " ")
    assert str(file) in message
    assert said in message
    assert "Rien n’a changé." in message
    assert not FORBIDDEN.search(ran.err)
    assert told(gca, owing) == before


def test_all_that_is_wrong_is_said_together(gca: Gca, owing, file):
    file.write_text("seuil = -1\nzut = 2\n[caisse.681]\nadresse = 3\ntelephone = ''\n", "utf-8")
    message = gca("regles", "--depuis", str(file), folder=owing).err.replace("\xa0", " ")
    assert all(said in message for said in ("seuil :", "zut :", "[caisse.681] adresse :"))
    assert "telephone" not in message.split("Rien n’a")[0].replace("attendu l’une de", "")
    with window(owing) as opened:
        assert opened.meta(SETTINGS) is None


@pytest.mark.parametrize("place", ["/dev/zero", "nulle-part.toml"])
def test_a_file_that_cannot_be_read_is_said(gca: Gca, owing, place):
    ran = gca("regles", "--depuis", place, folder=owing)
    assert (ran.code, ran.out) == (2, "")
    assert place in ran.err


def test_a_file_in_another_encoding_is_said_with_its_line(gca: Gca, owing, file):
    file.write_bytes("# r\n[caisse.681]\nadresse = 'été'\n".encode("latin-1"))
    ran = gca("regles", "--depuis", str(file), folder=owing)
    assert ran.code == 2
    assert "n’est pas en UTF-8 (ligne 3)" in ran.err


@pytest.mark.parametrize("options", [["--modele", "--json"], ["--modele", "--depuis", "x"]], ids=" ".join)
def test_options_that_do_not_go_together_are_refused(gca: Gca, owing, options):
    ran = gca("regles", *options, folder=owing)
    assert (ran.code, ran.out) == (2, "")
    assert "--modele" in ran.err


def test_rules_wait_for_an_import(gca: Gca, owing, file):
    with exclusive(owing, "import", "Un import est"):
        ran = gca("regles", "--depuis", str(file), folder=owing)
    assert ran.code == 3
    assert "import" in ran.err
    assert told(gca, owing)["version"] == 1


def test_a_program_stopped_in_the_middle_is_taken_up_by_the_next(gca: Gca, owing, file, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ruling, "_write", stopped)
    assert gca("regles", "--depuis", str(file), folder=owing).code == 130
    monkeypatch.undo()
    assert listed(gca, owing) == {"091·6", "681·6"}
    with writing(owing):
        pass
    assert len(listed(gca, owing)) == 8


def test_a_program_that_was_open_writes_by_the_rules_in_force(gca: Gca, owing, file):
    with writing(owing) as writer:
        run(owing, "regles", "--depuis", str(file))
        writer.record([note(("091", "0000004"), "Lu.")]).result()
    assert "091·4" in listed(gca, owing)


def test_what_moves_while_it_is_read_is_projected_as_it_is_then(owing, file, monkeypatch):
    """An agent's note comes between the reading and the writing of a batch."""
    wrote = ruling._write

    def after_a_note(connection, number, document, columns, context):
        moved = Dossier.from_json(document).model_copy(update={"holder": "091-ifaure"})
        connection.exec_driver_sql("UPDATE document SET document = ? WHERE dossier_id = ?", (moved.to_json(), number))
        wrote(connection, number, document, columns, context)

    monkeypatch.setattr(ruling, "_write", after_a_note)
    run(owing, "regles", "--depuis", str(file))
    with raw(owing) as seen:
        holders = seen.execute("SELECT DISTINCT holder FROM dossier WHERE a_expliquer = 1 AND indu < 150000").fetchall()
    assert holders == [("091-ifaure",)]
