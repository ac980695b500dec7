"""The PDF opened and read back by a library that did not write it."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from datetime import date

import pytest
from pypdf import PdfReader

from gca_tui.domain.trop_percu import SECTIONS, Explication
from gca_tui.errors import InputError
from gca_tui.writing.letter import compose
from gca_tui.writing.pdf import pdf, write_pdf
from tests.writing.given import EXPLICATION, MARKS, ON, about

LONG_WORDS = (
    "Anticonstitutionnellement, l’établissement réexaminera immédiatement votre situation professionnelle. " * 12
)
SYLLABLES = {
    "anticonstitutionnellement": "an ti cons ti tu tion nel le ment",
    "établissement": "éta blis se ment",
    "réexaminera": "ré exa mi ne ra",
    "immédiatement": "im mé dia te ment",
    "situation": "si tua tion",
    "professionnelle": "pro fes sion nelle",
}
PAGE_NUMBER = re.compile(r"\n\d+ / \d+\s*$")


def words(text: str) -> str:
    """Words one space apart, whatever breaks lines. Hyphens are left out: at the end of a line any may be a cut."""
    return " ".join(text.replace("-\n", "").replace("-", "").split())


def read(path) -> tuple[PdfReader, str]:
    reader = PdfReader(path)
    return reader, words("\n".join(PAGE_NUMBER.sub("", page.extract_text()) for page in reader.pages))


def expected(explication: Explication) -> str:
    whole = compose(explication, about(), on=ON)
    lines = [*whole.header, *whole.family, whole.dated, whole.objet]
    for section in whole.sections:
        lines.append(section.title)
        lines += [line for block in section.blocks for line in block.lines]
    return words("\n".join(lines))


@pytest.fixture
def target(tmp_path):
    return tmp_path / "lettre.pdf"


def test_the_pdf_says_what_the_letter_says(target):
    write_pdf(EXPLICATION, about(), target, on=ON)
    reader, text = read(target)
    assert text == expected(EXPLICATION)
    assert len(reader.pages) == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_pdf_is_tagged_and_french(target):
    write_pdf(EXPLICATION, about(), target, on=ON)
    reader, _ = read(target)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Explication de votre trop-perçu, dossier n°\xa00123456"
    assert reader.metadata.author == "Caf du Haut-Rhin"
    assert reader.metadata.creation_date.date() == ON
    assert kinds(root["/StructTreeRoot"]) >= {"/Document", "/P", "/H1", "/L", "/LI"}


def kinds(node) -> set[str]:
    """The kinds of element of the tree that a screen reader follows."""
    found = {node["/S"]} if "/S" in node else set()
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if isinstance(child, dict):
            found |= kinds(child)
    return found


def test_titles_are_headings_a_reader_can_jump_to(target):
    write_pdf(EXPLICATION, about(), target, on=ON)
    reader, _ = read(target)
    assert [entry.title.replace("\xa0", " ") for entry in reader.outline] == list(SECTIONS.values())


@pytest.mark.parametrize("name", SECTIONS)
def test_no_mark_of_an_agent_is_read_as_markup(target, name):
    explication = Explication(**{name: f'{MARKS}\n- {MARKS}\n= {MARKS}\n#read("/etc/passwd")'})
    write_pdf(explication, about(), target, on=ON)
    _, text = read(target)
    assert text == expected(explication)
    assert "root:" not in text


def test_long_words_are_cut_as_french_cuts_them(target):
    write_pdf(Explication(raison=LONG_WORDS), about(), target, on=ON)
    raw = PdfReader(target).pages[0].extract_text()
    cuts = [match.groups() for match in re.finditer(r"(\w+)-\n(\w+)", raw)]
    assert cuts
    for before, after in cuts:
        syllables = SYLLABLES[(before + after).lower()].split()
        assert before.lower() in {"".join(syllables[:count]) for count in range(1, len(syllables))}
    assert words(LONG_WORDS) in words(raw)


@pytest.mark.parametrize(
    "text", [f"{LONG_WORDS} Dites-le-nous.", f"Dites-le-nous. {LONG_WORDS}"], ids=["après", "avant"]
)
def test_a_hyphen_is_a_hyphen_and_a_cut_word_one_word(target, text):
    write_pdf(Explication(raison=text), about(), target, on=ON)
    page = PdfReader(target).pages[0]
    assert "Dites-le-nous." in page.extract_text()
    assert "\xad" not in page.extract_text()
    assert b"<FEFF00AD>" in page.get_contents().get_data()


def test_pages_are_numbered_when_there_are_several(target):
    write_pdf(Explication(raison=LONG_WORDS * 6), about(), target, on=ON)
    pages = PdfReader(target).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert page.extract_text().rstrip().endswith(f"{number} / {len(pages)}")


def test_the_same_letter_is_the_same_file(tmp_path):
    whole = compose(EXPLICATION, about(), on=ON)
    assert pdf(whole, "Caf", on=ON) == pdf(whole, "Caf", on=ON)
    assert pdf(whole, "Caf", on=ON) != pdf(whole, "Caf", on=date(2026, 11, 13))


def test_a_file_there_is_kept_unless_it_is_to_be_replaced(target):
    target.write_text("avant")
    with pytest.raises(InputError, match="existe déjà"):
        write_pdf(EXPLICATION, about(), target, on=ON)
    assert target.read_text() == "avant"
    write_pdf(EXPLICATION, about(), target, on=ON, replace=True)
    assert read(target)[1] == expected(EXPLICATION)
    assert [path.name for path in target.parent.iterdir()] == ["lettre.pdf"]


@pytest.mark.parametrize("place", ["un/lettre.pdf", "nulle-part/lettre.pdf", ".", "x\x00y"])
@pytest.mark.parametrize("replace", [True, False])
def test_a_place_that_cannot_be_written_is_said(tmp_path, place, replace):
    (tmp_path / "un").write_text("")
    with pytest.raises(InputError, match="Rien n’a été écrit"):
        write_pdf(EXPLICATION, about(), tmp_path / place, on=ON, replace=replace)
    assert [path.name for path in tmp_path.iterdir()] == ["un"]


def test_a_character_without_a_shape_is_refused_and_named(target):
    with pytest.raises(InputError, match="日"):
        write_pdf(Explication(raison="Votre nom est 日本."), about(), target, on=ON)
    assert not target.exists()


def test_what_prints_nothing_is_left_out(target):
    write_pdf(Explication(raison="a\x1b[31m\u202eb\u200b\x00c\ud800d"), about(), target, on=ON)
    assert "a[31mbcd" in read(target)[1]


def test_the_typesetter_is_loaded_only_when_asked():
    script = "import sys, gca_tui.writing.pdf, gca_tui.writing.letter; print('typst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("lines", range(24, 44, 2))
def test_the_signature_never_stands_alone_on_its_page(lines, target):
    filled = "\n\n".join("Une ligne de la lettre." for _ in range(lines))
    made = EXPLICATION.model_copy(
        update={"calcul": filled, "prochaine_fois": "Déclarez-le sans attendre.\n\nInès Faure, conseillère"}
    )
    write_pdf(made, about(), target, on=ON)
    page = next(words(page.extract_text()) for page in PdfReader(target).pages if "Inès Faure" in page.extract_text())
    assert words(SECTIONS["prochaine_fois"]) in page
    assert "Déclarezle sans attendre." in page
