"""Names and notes that try to act on the program or the terminal: shown as text wherever they are shown."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from agent import LARGE, SMALL, agent
from hostile import CORPUS, leaks, screen_output

AT, TOMORROW = "2026-11-12T09:30:00Z", "2026-11-13"
MARKUP = ("[/foo]", "[@click=app.quit]x", "[bold red]y[/]")
BIDI = "\u202eegnahc\u202c"
ALL = "".join(text[:60] for name, text in CORPUS.items() if name != "surrogates")


@pytest.fixture
def imported(store, tmp_path):
    """Dossiers that an extract brings, with markup and overrides where people write."""
    lines = [
        {
            "caisse": "681",
            "matricule": f"900000{number}",
            "nom": text,
            "prenom": BIDI,
            "adresse": text,
            "commune": text,
            "prestations": ["RSA"],
            "piece": f"P{number}{piece}",
            "nature": text,
            "canal": text,
            "recue_le": "2026-11-02",
            "urgence": text,
        }
        for number, text in enumerate(MARKUP)
        for piece in range(2)
    ]
    extract = tmp_path / "extrait.jsonl"
    extract.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "gca_tui", "--donnees", str(store), "importer", str(extract)]
    subprocess.run(command, env=os.environ, check=True, capture_output=True)
    return store


def poison(store):
    """Write into the store, behind the program's back, what no extract may bring."""
    database = sqlite3.connect(store / "gca.db")
    found = database.execute(
        "SELECT d.id, c.document FROM dossier d JOIN document c ON c.dossier_id = d.id WHERE d.matricule LIKE '900000%'"
    ).fetchall()
    assert len(found) == len(MARKUP)
    for number, written in found:
        document = json.loads(written)
        document["allocataire"] |= {"nom": ALL, "prenom": ALL, "adresse": ALL, "commune": ALL, "telephones": [ALL]}
        document["prestations"] = [ALL]
        document["extrait"]["urgence"] = ALL
        for piece in document["pieces"]:
            piece["extrait"] |= {"nature": ALL, "canal": ALL, "prestation": ALL}
        trace = {"author": {"identifiant": ALL, "nom": ALL}, "at": AT}
        document["notes"] = [{"id": f"N{place}", "texte": ALL, **trace} for place in range(2)]
        document["questions"] = [{"id": "Q1", "texte": ALL, "pole": ALL, **trace}]
        document["demarches"] = [{"id": "D1", "nature": ALL, "recue_le": TOMORROW, "objet": ALL, **trace}]
        document["rendez_vous"] = [{"id": "R1", "le": TOMORROW, "heure": "10:30", "forme": ALL, "objet": ALL, **trace}]
        document["history"] = [
            {"id": "H1", "kind": ALL, "changes": [{"path": ALL, "before": ALL, "after": ALL}], **trace}
        ]
        database.execute("UPDATE document SET document = ? WHERE dossier_id = ?", (json.dumps(document), number))
        database.execute(
            "UPDATE dossier SET nom = ?, objet = ?, prestations = ?, holder = ?, convention = ? WHERE id = ?",
            (ALL, ALL, f"|{ALL}|", ALL, ALL, number),
        )
    for place, text in enumerate(text for name, text in CORPUS.items() if name != "surrogates"):
        database.execute(
            "UPDATE dossier SET nom = ? WHERE id = (SELECT id FROM dossier WHERE matricule NOT LIKE '900000%'"
            " ORDER BY id LIMIT 1 OFFSET ?)",
            (text, place),
        )
    database.execute("INSERT INTO saved_view (name, filter, sort, base) VALUES (?, '', '', 'corbeille')", (ALL,))
    database.commit()
    database.close()


async def test_markup_in_an_extract_is_text(imported):
    async with agent(imported) as someone:
        await someone.press("g", "u")
        await someone.sees("[/FOO]", "[@CLICK=APP.QUIT]X", "[BOLD RED]Y[/]")
        for number, text in enumerate(MARKUP):
            await someone.goes_to(f"681·900000{number}")
            await someone.press("enter")
            await someone.sees(f"urgence signalée ({text})", f"{text}, ")
            await someone.press("o")
            await someone.sees(f"681·900000{number} {text.upper()}")
            await someone.fill(text)
            await someone.press("f2", *["right"] * 3)
            await someone.sees(f"note {text}")
            await someone.press("right", "right")
            assert leaks(screen_output(someone.app)) == []
            assert someone.document()["notes"][0]["texte"] == text
        assert someone.app.is_running


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_nothing_hostile_reaches_the_terminal(imported, size):
    poison(imported)
    seen = []
    async with agent(imported, size) as someone:
        for view in ("u", "m"):
            await someone.press("g")
            assert leaks(screen_output(someone.app)) == []
            await someone.press(view)
            for _ in range(2):
                assert leaks(screen_output(someone.app)) == []
                await someone.press("pagedown")
        await someone.goes_to("681·9000001")
        await someone.press("enter")
        for _ in range(5):
            seen.append(screen_output(someone.app))
            await someone.press("right")
        for key in ("o", "O", "t", "D", "R", "r", "c", "f1", "y", "Y", "p", "L", "V"):
            await someone.press(key)
            seen.append(screen_output(someone.app))
            await someone.press("escape")
        assert [leaks(output) for output in seen] == [[]] * len(seen)
        assert "exemple.test" in "".join(seen)
        assert someone.app.is_running
