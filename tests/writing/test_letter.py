"""The letter as text: what it holds, how wide it is, and that reading it back finds the explanation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gca_tui.domain.french import NBSP, typeset
from gca_tui.domain.trop_percu import SECTIONS, Explication
from gca_tui.writing.letter import WIDTH, compose, letter, read_letter, sections_text
from tests.writing.given import EXPLICATION, MARKS, ON, about

LONG = "Nous avons recalculé votre prime d’activité, de mars 2026 à juillet 2026, parce que vos ressources ont changé."
sentences = st.lists(st.sampled_from([LONG, "Vous avez reçu 1 234,56 €.", "- mars 2026 : reçu 10,00 €", "", "Court."]))


def test_a_letter_says_who_writes_to_whom_about_what():
    lines = letter(EXPLICATION, about(), on=ON).splitlines()
    assert lines[:10] == [
        "Caf du Haut-Rhin",
        "12 rue des Tanneurs, 68000 Mulhouse",
        f"Téléphone{NBSP}: 03 00 00 00 00",
        "",
        "SCHÄFER Anna",
        f"Dossier n°{NBSP}0123456",
        "",
        "Le 12 novembre 2026",
        "",
        f"Objet{NBSP}: votre trop-perçu de 1{NBSP}500,00{NBSP}€, notifié le 4 mai 2026",
    ]
    titles = [typeset(title) for title in SECTIONS.values()]
    assert [line for line in lines if line in titles] == titles
    assert [line for line in lines if line.startswith(f"- janvier 2026{NBSP}: reçu 1 500,00{NBSP}€, droit")]
    assert lines[-1] == "Caf"


def test_nothing_empty_is_shown():
    bare = replace(about(known=False), notifiee_le=None)
    text = letter(Explication(raison="Une phrase.", calcul=" \n\n "), bare, on=ON)
    assert text.splitlines() == [
        *("Caf du Haut-Rhin", "", "SCHÄFER Anna", f"Dossier n°{NBSP}0123456", "", "Le 12 novembre 2026", ""),
        *(f"Objet{NBSP}: votre trop-perçu de 1{NBSP}500,00{NBSP}€", "", f"Pourquoi{NBSP}?", "", "Une phrase."),
    ]


def test_lists_are_told_from_sentences():
    blocks = compose(EXPLICATION, about(), on=ON).sections[1].blocks
    assert [(len(block.lines), block.is_list) for block in blocks] == [(2, False), (1, True), (1, False)]


@given(sentences)
def test_a_line_is_never_too_wide_and_no_word_is_lost(lines):
    explication = Explication(raison="\n".join(lines))
    text = letter(explication, about(), on=ON)
    assert all(len(line) <= WIDTH for line in text.splitlines())
    body = text.partition(f"Pourquoi{NBSP}?")[2]
    assert " ".join(body.split()) == " ".join(typeset("\n".join(lines)).split())


def test_what_an_agent_writes_is_printed_as_it_is():
    text = letter(Explication(raison=MARKS), about(), on=ON)
    assert " ".join(typeset(MARKS).split()) in " ".join(text.split())


@given(sentences, sentences)
def test_a_letter_read_back_is_the_explanation_unbroken(raison, calcul):
    explication = Explication(raison="\n".join(raison), calcul="\n".join(calcul))
    assume(explication.raison.strip() or explication.calcul.strip())
    text = letter(explication, about(), on=ON)
    read = read_letter(text)
    assert len(read.whole) == len(text)
    for name in ("raison", "calcul"):
        wanted = [line for line in typeset(getattr(explication, name)).splitlines() if line.strip()]
        assert [line for line in read.of_section(name).splitlines() if line.strip()] == wanted
    assert [one.name for one in read.sections if one.name] == [
        name for name in ("raison", "calcul") if getattr(explication, name).strip()
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_head_is_no_explanation_and_places_stay(ending):
    text = "\ufeff" + letter(EXPLICATION, about(), on=ON).replace("\n", ending)
    read = read_letter(text)
    assert len(read.whole) == len(text)
    assert "12 novembre 2026" not in read.whole
    for section in read.sections:
        assert section.name in SECTIONS
    at = read.whole.index("La différence est")
    assert text[at:].startswith("La différence est")
    assert read.section_at(at).name == "calcul"


def test_what_stands_before_the_first_title_without_object_stays_in_the_text():
    read = read_letter("Vous devez 12,00 €.\n\nPourquoi ?\n\nUne raison.")
    assert "12,00" in read.whole
    assert [one.name for one in read.sections] == ["", "raison"]


def test_sections_alone_are_read_back_as_they_were_written():
    read = read_letter(sections_text(EXPLICATION))
    for name in SECTIONS:
        assert read.of_section(name).strip() == typeset(getattr(EXPLICATION, name))
