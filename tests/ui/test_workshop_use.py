"""The workshop as an agent uses it all day: few keys, nothing glued, nothing cut, nothing taken for something else."""

from datetime import date

import pytest
from agent import SMALL, agent, plain
from owing import ONE, facts, given
from test_workshop import at_rest, opened, write

from gca_tui.domain.french import NBSP
from gca_tui.ui.forms.dates import read_day
from gca_tui.ui.screens.chooser import Chooser, Reader
from gca_tui.ui.workshop.deeds.moving import FACTS, apart
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models

TODAY = date(2026, 11, 12)
"""A Thursday."""


@pytest.fixture
def made(owing_store):
    """Dossiers of which all that is owed is known."""
    return owing_store


async def field(someone, name):
    """Go to a field of the form."""
    next(box for box in someone.app.screen.boxes if box.field.name == name).editor.focus()
    await someone.settled()


async def establish(someone, event="vous avez repris un emploi salarié"):
    """Say what happened and when, in the form of the facts."""
    await someone.press("f3")
    await field(someone, "evenement_le")
    await someone.paste("2/3")
    await field(someone, "evenement")
    await someone.paste(event)
    await someone.press("f2")


async def test_facts_said_in_the_workshop_make_the_text_again_when_nobody_typed_in_it(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await establish(someone)
        await someone.is_told("Faits enregistrés pour 1 trop-perçu. Texte refait. F9 : 3 points à compléter.")
        assert "Le 2 mars 2026, vous avez repris un emploi salarié." in screen.texts()["raison"]
        await at_rest(someone)
        assert screen.sitting.put_asides() == []
        await someone.press("escape")
        assert "Brouillon" not in someone.footer


async def test_facts_said_in_the_workshop_leave_a_typed_text_alone(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Ma propre phrase.")
        await establish(someone)
        await someone.is_told("Votre texte n’a pas bougé ; F5 le refait.")
        assert screen.texts()["raison"] == "Ma propre phrase."


async def test_facts_a_colleague_says_make_the_text_again_too(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        given(store, facts(ONE, someone.document(ONE)))
        await someone.is_told("Le dossier a changé. Texte refait. Relisez-le.")
        assert "Le 2 mars 2026, vous avez repris" in screen.texts()["raison"]


async def test_a_text_nobody_typed_in_is_made_again_without_a_question(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        before = screen.texts()
        await someone.press("f5")
        await someone.is_told("Texte refait d’après les faits.")
        assert screen.texts() == before
        await write(someone, "Ma propre phrase.")
        await someone.press("f5")
        assert isinstance(someone.app.screen, Reader)


async def test_what_is_left_to_complete_and_the_facts_know_is_told(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await someone.press("ctrl+home", "f9")
        await someone.is_told("F3 l’établit.")
        made = draft(screen.sitting.subject, Models(), screen.sitting.context.lexicon)
        assert made.manque
        assert set(made.manque) <= set(FACTS)


async def test_the_wrong_amount_under_the_cursor_is_the_next_problem(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        given(store, facts(ONE, someone.document(ONE)))
        await someone.is_told("Texte refait")
        await someone.press("tab")
        right = screen.texts()["calcul"]
        place = right.index("La différence est de ") + len("La différence est de 2")
        wrong = right[: place + 6] + "1" + right[place + 7 :]
        await write(someone, wrong)
        screen.area().select_span(place + 7, place + 7)
        await someone.press("f7")
        assert plain(screen.area().selected_text) == "2 000,01 €"
        await someone.press("f12")
        await someone.is_told("Remplacé par « 2 000,00 € »")
        assert screen.texts()["calcul"] == right


async def test_a_sentence_that_is_added_stands_apart(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await someone.press("tab")
        right = screen.texts()["calcul"]
        start = right.index(" La différence est de")
        await write(someone, right[:start] + right[right.index("\n", start) :])
        for _ in range(12):
            await someone.press("f7")
            if "Dites la différence" in someone.footer:
                break
        await someone.press("f12")
        await someone.is_told("Ajouté : « La différence est de")
        assert ".La différence" not in screen.texts()["calcul"]
        assert "La différence est de" in screen.texts()["calcul"]


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [(".", "", " Oui."), ("", "", "Oui."), ("\n", "N", "Oui. "), (".", "N", " Oui. "), (" ", "\n", "Oui.")],
)
def test_what_is_added_never_touches_what_is_there(before, after, added):
    assert apart(before, "Oui.", after) == added


async def test_no_amount_is_cut_at_the_end_of_a_line(store):
    async with agent(store, SMALL) as someone:
        screen = await opened(someone)
        await someone.press("tab")
        for columns in (60, 70, 75, 80, 83):
            await someone.resize(columns, 24)
            area = screen.area()
            rows = [area.wrapped_document.get_sections(row) for row in range(area.document.line_count)]
            assert not [row for parts in rows for row in parts if row.endswith(NBSP)]
        await someone.type("9")
        assert screen.area().text.startswith("9")


async def test_both_ends_of_the_text_have_their_key(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await someone.press("ctrl+end")
        await someone.type(" Fin")
        await someone.press("ctrl+home")
        await someone.type("Début ")
        assert screen.texts()["raison"].startswith("Début Nous avons")
        assert screen.texts()["raison"].endswith(" Fin")


async def test_a_folded_section_shows_its_beginning_whatever_the_terminal_does(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await someone.press("ctrl+end", "tab")
        await someone.resize(*SMALL)
        await someone.resize(120, 40)
        await someone.resize(*SMALL)
        assert screen.area("raison").scroll_offset.y == 0
        await someone.sees("Nous avons recalculé")


async def test_the_header_says_all_on_a_small_terminal(store):
    async with agent(store, SMALL) as someone:
        await opened(someone)
        assert someone.header.rstrip().endswith("2 000,00 € du 07/10/2026 · à expliquer")


async def test_versions_of_one_minute_are_told_apart(store):
    async with agent(store) as someone:
        await opened(someone)
        for text in ("Une.", "Deux."):
            await write(someone, text)
            await someone.press("f2")
            await someone.is_told("Explication enregistrée")
        await someone.press("f10")
        await someone.press("v")
        await someone.until(lambda: isinstance(someone.app.screen, Chooser), "les versions")
        lines = [plain(line) for line in someone.app.screen.query_one("#choices").lines]
        assert [line.split("version ")[1][0] for line in lines if "version " in line] == ["2", "1"]


async def test_the_agent_signs_as_french_does(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        assert "Inès Faure, gestionnaire conseil allocataires" in plain(screen.texts()["prochaine_fois"])


async def test_a_demarche_is_found_by_any_of_its_words(store):
    async with agent(store) as someone:
        await someone.goes_to(ONE)
        await someone.press("D")
        await someone.choose("Nouvelle démarche")
        await field(someone, "nature")
        for word, found in (("rec", "recours"), ("rect", "demande de rectification"), ("remise", "remise de dette")):
            await someone.press("tab", "shift+tab")
            await someone.type(word)
            await someone.sees(found)
        await someone.press("tab", "shift+tab")
        await someone.type("rectification")
        await field(someone, "voie")
        await someone.type("o")
        await someone.press("f2")
        await someone.is_told("Rectification notée")
        made = someone.document(ONE)["demarches"][-1]
        assert (made["nature"], made["voie"]) == ("rectification", "orale")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2/3", date(2026, 3, 2)),
        ("12/11", TODAY),
        ("13/11", date(2025, 11, 13)),
        ("29/02", date(2024, 2, 29)),
        ("lundi", date(2026, 11, 9)),
        ("jeudi", date(2026, 11, 5)),
        ("jeudi prochain", date(2026, 11, 19)),
        ("hier", date(2026, 11, 11)),
    ],
)
def test_a_day_that_is_past_needs_no_year(typed, day):
    assert read_day(typed, TODAY, past=True) == day


@pytest.mark.parametrize("typed", ["31/02", "0/3", "12/13"])
def test_no_year_has_such_a_day(typed):
    with pytest.raises(ValueError, match="n’existe pas"):
        read_day(typed, TODAY, past=True)


def test_a_day_to_come_is_asked_with_its_year():
    with pytest.raises(ValueError, match="Date non comprise"):
        read_day("12/11", TODAY)


async def test_not_planning_the_next_try_is_no_cancelling(store):
    async with agent(store) as someone:
        await someone.goes_to(ONE)
        await someone.press("a", "n")
        await someone.sees("Prévoir le prochain essai ?", "Échap ne rien prévoir")
        await someone.press("escape")
        assert someone.document(ONE)["contacts"][-1]["resultat"] == "non_joint"
        assert not someone.document(ONE).get("appels_prevus")
