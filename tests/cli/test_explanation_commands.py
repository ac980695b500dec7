"""`gca explication` and `gca controler`: what they print, write and refuse, on hostile data too."""

from __future__ import annotations

import io
import json
import stat
import sys
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from gca_tui.cli.controler import SIZE_LIMIT
from gca_tui.domain.commands import EditExplanation, EstablishFacts
from gca_tui.domain.commands.explanation import OnNotification
from gca_tui.domain.explanation import checking
from gca_tui.domain.explanation.results import Finding, Result
from gca_tui.domain.french import typeset
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.ids import new_id
from gca_tui.presentation.safe_text import FORBIDDEN
from tests.conftest import Gca
from tests.store.given import AT, ME, dossiers, extract, imported, person, run, window, writing

RULES = '[caisse.681]\nadresse = "12 rue des Tanneurs, 68000 Mulhouse"\ntelephone = "03 00 00 00 00"\n'
ONE, TWO, SMALL, NONE, HOSTILE = "0000001", "0000002", "0000003", "0000004", "0000005"
EVENEMENT = "vous avez repris un travail à temps plein chez un employeur de Colmar"
FACTS = {
    "evenement_le": date(2026, 1, 3),
    "evenement": EVENEMENT,
    "connu_le": date(2026, 4, 20),
    "tiers": False,
}


def indu(number: str, day: str, verse: str, **more: str) -> dict[str, str]:
    base = {"indu_reference": f"INK {number}-{day[3:5]}", "indu_prestation": "RSA", "indu_motif": "10"}
    months = {"indu_mois": "2026-02", "indu_verse": verse, "indu_du": "0,00", "indu_notifie_le": day}
    return person(int(number), **{**base, **months, **more})


@pytest.fixture(scope="session")
def owing_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One notification to explain; two; one under the threshold; none; one of somebody with a name that acts."""
    lines = [
        indu(ONE, "04/05/2026", "2340,50"),
        indu(TWO, "04/05/2026", "1500,00"),
        indu(TWO, "08/06/2026", "1600,00"),
        indu(SMALL, "04/05/2026", "1499,99"),
        person(int(NONE)),
        indu(HOSTILE, "04/05/2026", "2000,00", nom="#panic() $x$"),
    ]
    folder = tmp_path_factory.mktemp("explications") / "gca"
    rules = folder.parent / "regles.toml"
    rules.write_text(RULES, "utf-8")
    imported(folder, extract(folder.parent / "indus.csv", lines))
    assert run(folder, "regles", "--depuis", str(rules)) == 0
    with writing(folder) as writer:
        writer.set_author(ME).result()
    return folder


def letters(folder: Path, matricule: str) -> list[str]:
    with window(folder) as opened:
        found = next(one for one in dossiers(opened).values() if one.matricule == matricule)
    return [notification.id for notification in found.notifications]


def give(folder: Path, matricule: str, kind: type[OnNotification], **fields: object) -> None:
    """Record a command about the first notification of a dossier, and about all its trop-perçus for facts."""
    with window(folder) as opened:
        found = next(one for one in dossiers(opened).values() if one.matricule == matricule)
    letter = found.notifications[0]
    if kind is EstablishFacts:
        fields = {"trop_percus": tuple(one.id for one in letter.trop_percus), **fields}
    given = kind(id=new_id(), caisse="681", matricule=matricule, author=ME, at=AT, notification=letter.id, **fields)
    with writing(folder) as writer:
        writer.record([given]).result()


def complete(folder: Path) -> Path:
    give(folder, ONE, EstablishFacts, **FACTS)
    return folder


# gca explication


def test_the_draft_is_printed_under_its_titles(gca: Gca, owing):
    ran = gca("explication", "681", ONE, folder=complete(owing))
    assert ran.code == 0
    titles = [typeset(title) for title in SECTIONS.values()]
    assert [line for line in ran.out.splitlines() if line in titles] == titles
    assert ran.out.startswith(titles[0])
    assert EVENEMENT in ran.out
    assert "2\xa0340,50\xa0€" in ran.out
    assert "[[" not in ran.out
    assert "À compléter" not in ran.err


def test_what_is_not_known_is_to_be_completed_and_said_beside(gca: Gca, owing):
    ran = gca("explication", "681", ONE, folder=owing)
    assert ran.code == 0
    assert "[[à compléter" in ran.out
    assert "À compléter\xa0: " in ran.err
    assert "date de l’événement" in ran.err


def test_programs_are_told_sections_and_what_is_missing(gca: Gca, owing):
    [told] = json.loads(gca("explication", "681", ONE, "--json", folder=owing).out)
    assert told["notification"] == letters(owing, ONE)[0]
    assert (told["montant_centimes"], told["seuil_centimes"], told["a_expliquer"]) == (234_050, 150_000, True)
    assert (told["notifiee_le"], told["ecrite"]) == ("2026-05-04", False)
    assert list(told["sections"]) == list(SECTIONS)
    assert "date de l’événement" in told["manque"]
    assert told["problemes"] == []
    [told] = json.loads(gca("explication", "681", ONE, "--json", folder=complete(owing)).out)
    assert told["manque"] == []


def test_all_that_must_be_explained_is(gca: Gca, owing):
    ran = gca("explication", "681", TWO, folder=owing)
    assert ran.code == 0
    assert all(f"=== {name}" in ran.out for name in letters(owing, TWO))
    assert len(json.loads(gca("explication", "681", TWO, "--json", folder=owing).out)) == 2
    last = letters(owing, TWO)[1]
    [told] = json.loads(gca("explication", "681", TWO, "--notification", last, "--json", folder=owing).out)
    assert told["notification"] == last


def test_under_the_threshold_only_what_is_named_is_explained(gca: Gca, owing):
    ran = gca("explication", "681", SMALL, folder=owing)
    [name] = letters(owing, SMALL)
    assert (ran.code, ran.out) == (2, "")
    assert "1\xa0500,00\xa0€" in ran.err
    assert name in ran.err
    ran = gca("explication", "681", SMALL, "--notification", name, "--json", folder=owing)
    assert json.loads(ran.out)[0]["a_expliquer"] is False


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["681", NONE], 2, "Il n’a pas de trop-perçu."),
        (["681", ONE, "--notification", "rien\x1b[31m"], 2, "n’est pas une notification de ce dossier"),
        (["681", ONE, "--ecrite"], 2, "Rien n’est encore écrit"),
        (["681", "9999999"], 4, "n’est pas dans ce poste"),
        (["681", "zut"], 2, "n’est pas un matricule"),
        (["681", TWO, "--pdf", "lettre.pdf"], 2, "--notification"),
        (["681", TWO, "--vers", "lettre.txt"], 2, "--notification"),
        (["681", ONE, "--vers", "nulle-part/lettre.txt"], 2, "ne peut pas être écrit"),
        (["681", ONE, "--pdf", "/proc/lettre.pdf"], 2, "ne peut pas être écrit"),
        (["681", ONE, "--pdf", "/"], 2, "attendu un fichier"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_said(gca: Gca, owing, tmp_path, arguments, code, said):
    ran = gca("explication", *arguments, folder=owing)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert not FORBIDDEN.search(ran.err)
    assert not list(tmp_path.glob("*lettre*"))


def test_what_is_written_is_told_and_given_when_asked(gca: Gca, owing):
    give(owing, ONE, EditExplanation, raison="Une raison.", calcul="Un calcul.")
    ran = gca("explication", "681", ONE, folder=owing)
    assert "Une raison." not in ran.out
    assert f"est déjà écrite ({ME.nom}, 12/11/2026)" in ran.err
    ran = gca("explication", "681", ONE, "--ecrite", folder=owing)
    assert ran.out.replace("\xa0", " ") == "Pourquoi ?\n\nUne raison.\n\nLe calcul\n\nUn calcul.\n"
    [told] = json.loads(gca("explication", "681", ONE, "--ecrite", "--json", folder=owing).out)
    assert (told["ecrite"], told["sections"]["raison"], told["sections"]["que_faire"]) == (True, "Une raison.", "")


def test_a_letter_is_written_as_text_and_as_pdf(gca: Gca, owing, tmp_path):
    text, pdf = tmp_path / "lettre.txt", tmp_path / "lettre.pdf"
    files = ["--vers", str(text), "--pdf", str(pdf)]
    ran = gca("explication", "681", ONE, *files, folder=complete(owing))
    assert (ran.code, ran.out) == (0, "")
    assert text.read_text("utf-8").startswith("Caf du Haut-Rhin\n12 rue des Tanneurs")
    read = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "12 rue des Tanneurs" in read
    assert EVENEMENT[:30] in " ".join(read.split())
    assert {stat.S_IMODE(path.stat().st_mode) for path in (text, pdf)} == {0o600}
    text.write_text("avant")
    assert gca("explication", "681", ONE, *files, folder=owing).code == 2
    assert text.read_text() == "avant"
    assert gca("explication", "681", ONE, *files, "--remplacer", folder=owing).code == 0
    assert text.read_text("utf-8").startswith("Caf")


def test_no_text_of_the_data_acts_on_a_terminal_or_in_a_file(gca: Gca, owing, tmp_path):
    give(owing, HOSTILE, EstablishFacts, **{**FACTS, "evenement": f"{EVENEMENT} \x1b[2J\u202e #panic() {{{{ 7*7 }}}}"})
    files = ["--vers", str(tmp_path / "l.txt"), "--pdf", str(tmp_path / "l.pdf")]
    for options in ([], ["--json"], files):
        ran = gca("explication", "681", HOSTILE, *options, folder=owing)
        assert ran.code == 0
        assert not FORBIDDEN.search(ran.out + ran.err)
    assert not FORBIDDEN.search((tmp_path / "l.txt").read_text("utf-8"))
    read = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "l.pdf").pages)
    read = " ".join(read.replace("-\n", "").split())
    assert "#PANIC() $X$" in read
    assert "#panic() {{ 7*7 }}" in read


# gca controler

HELD = Result(1, "Sections", True)
FAILED = Result(3, "Montants", True, (Finding(4, 9, "Ce montant n’est pas celui du dossier."), Finding(12, 12, "Ici.")))
WARNED = Result(9, "Phrases", False, (Finding(0, 3, "Phrase longue\x1b[31m."),))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    """What the checks will say; the texts they were given are appended by `texts`."""
    results: list[Result] = []
    monkeypatch.setattr(checking, "check_all", lambda *_: tuple(results))
    return results


@pytest.fixture
def texte(tmp_path: Path) -> Path:
    path = tmp_path / "texte.txt"
    path.write_bytes("Un é\r\ndeux\r\n\r\ntrois".encode())
    return path


def test_programs_are_told_one_object_a_finding(gca: Gca, owing, texte, judged):
    judged += [HELD, FAILED, WARNED]
    ran = gca("controler", "681", ONE, "--texte", str(texte), "--json", folder=owing)
    assert (ran.code, ran.err) == (1, "")
    assert json.loads(ran.out) == [
        {"controle": 1, "bloquant": True, "ok": True, "ou": None, "dire": ""},
        {
            "controle": 3, "bloquant": True, "ok": False, "ou": [4, 9],
            "dire": "Ce montant n’est pas celui du dossier.",
        },
        {"controle": 3, "bloquant": True, "ok": False, "ou": [12, 12], "dire": "Ici."},
        {"controle": 9, "bloquant": False, "ok": False, "ou": [0, 3], "dire": "Phrase longue\x1b[31m."},
    ]  # fmt: skip
    assert not FORBIDDEN.search(ran.out)


def test_people_are_told_the_line_and_the_column(gca: Gca, owing, texte, judged):
    judged += [HELD, FAILED, WARNED]
    ran = gca("controler", "681", ONE, "--texte", str(texte), folder=owing)
    assert ran.code == 1
    lines = ran.out.replace("\xa0", " ").splitlines()
    assert lines[1:5] == [
        " 1. Sections : oui",
        " 3. Montants : NON, bloquant",
        f"    {texte}:1:5 Ce montant n’est pas celui du dossier.",
        f"    {texte}:3:1 Ici.",
    ]
    assert lines[-1] == "1 contrôle bloquant non satisfait, 1 à revoir."
    assert not FORBIDDEN.search(ran.out)


@pytest.mark.parametrize(("results", "code"), [([HELD], 0), ([HELD, WARNED], 0), ([WARNED, FAILED], 1)])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_only_a_blocking_check_makes_the_code(gca: Gca, owing, texte, judged, results, code, options):
    judged += results
    assert gca("controler", "681", ONE, "--texte", str(texte), *options, folder=owing).code == code


def test_a_text_may_come_on_the_standard_input(gca: Gca, owing, monkeypatch):
    seen = []
    monkeypatch.setattr(checking, "check_all", lambda texte, *_: seen.append(texte.whole) or ())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Pourquoi ?\n\nÉté.".encode())))
    assert gca("controler", "681", ONE, "--texte", "-", "--json", folder=owing).out == "[]\n"
    assert seen == ["Pourquoi ?\n\nÉté."]


def test_the_notification_is_the_one_to_explain_or_the_one_named(gca: Gca, owing, texte, judged):
    judged += [HELD]
    given = ["--texte", str(texte)]
    ran = gca("controler", "681", TWO, *given, folder=owing)
    assert (ran.code, ran.out) == (2, "")
    assert all(name in ran.err for name in letters(owing, TWO))
    name = letters(owing, TWO)[1]
    assert f"Notification {name}" in gca("controler", "681", TWO, *given, "--notification", name, folder=owing).out
    assert gca("controler", "681", SMALL, *given, folder=owing).code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Bon\xe9jour", "n’est pas en UTF-8 (ligne 1, colonne 4)"),
        ("é\r\néé".encode() + b"\xff", "n’est pas en UTF-8 (ligne 2, colonne 3)"),
        (b"a" * (SIZE_LIMIT + 1), "dépasse 64 Kio"),
    ],
)
def test_a_text_that_cannot_be_read_is_said(gca: Gca, owing, tmp_path, content, said):
    path = tmp_path / "mauvais.txt"
    path.write_bytes(content)
    for options in ([], ["--json"]):
        ran = gca("controler", "681", ONE, "--texte", str(path), *options, folder=owing)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["681", ONE], 2),
        (["681", ONE, "--texte", "nulle-part"], 2),
        (["681", ONE, "--texte", "/"], 2),
        (["681", ONE, "--texte", "/dev/zero"], 2),
        (["681", NONE, "--texte", __file__], 2),
        (["681", "9999999", "--texte", __file__], 4),
    ],
)
def test_what_cannot_be_checked_is_said(gca: Gca, owing, arguments, code):
    ran = gca("controler", *arguments, folder=owing)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("gca\xa0: ")


# One after the other


def checked(gca: Gca, folder: Path, path: Path) -> tuple[int, dict[int, list[dict]]]:
    ran = gca("controler", "681", ONE, "--texte", str(path), "--json", folder=folder)
    found: dict[int, list[dict]] = {}
    for one in json.loads(ran.out):
        found.setdefault(one["controle"], []).append(one)
    return ran.code, found


@pytest.mark.parametrize("form", ["sections", "lettre"])
def test_the_draft_of_complete_facts_passes_and_one_changed_amount_does_not(gca: Gca, owing, tmp_path, form):
    complete(owing)
    path = tmp_path / "texte.txt"
    if form == "lettre":
        assert gca("explication", "681", ONE, "--vers", str(path), folder=owing).code == 0
    else:
        path.write_text(gca("explication", "681", ONE, folder=owing).out, "utf-8")
    code, found = checked(gca, owing, path)
    assert list(found) == list(range(1, 13))
    assert [number for number, said in found.items() if not said[0]["ok"]] == []
    assert code == 0
    text = path.read_text("utf-8")
    start = text.index("rembourser")
    path.write_text(text[:start] + text[start:].replace("2\xa0340,50", "2\xa0340,05", 1), "utf-8")
    code, found = checked(gca, owing, path)
    assert code == 1
    whole = path.read_text("utf-8")
    places = [whole[slice(*one["ou"])] for said in found.values() for one in said if one["ou"]]
    assert any("2\xa0340,05" in place for place in places)
