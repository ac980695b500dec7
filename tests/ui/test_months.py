"""The months of a trop-perçu, read and corrected by the keyboard."""

import pytest
from agent import LARGE, SMALL, agent

from gca_tui.domain.french import euros

ERROR_OF_THE_CAF = "681·0690014"
FOUR = "681·0571820"


def months(document, part=0):
    """The months of a trop-perçu."""
    return document["notifications"][0]["trop_percus"][part]["mois"]


async def total(someone, text):
    """Type another total."""
    someone.app.screen.query_one("#total").focus()
    await someone.settled()
    await someone.paste(text)
    await someone.press("enter")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_month_is_corrected_with_the_total_it_makes(store, size):
    async with agent(store, size) as someone:
        await someone.goes_to(ERROR_OF_THE_CAF)
        before = someone.document()
        extrait = months(before)[0]["extrait"]
        made = 8 * 20_000
        await someone.press("m")
        await someone.sees("Les mois du trop-perçu", f"Les mois font {euros(made)}, comme le total")
        await someone.type("300,5")
        await someone.sees("[300,5]", f"le total est de {euros(made)} : 16,40 € de trop")
        await someone.sees(f"extrait : {euros(extrait['verse'])} / {euros(extrait['du'])}")
        await someone.press("f2")
        await someone.sees("Rien n’est enregistré.", "16,40 € de trop")
        assert someone.document() == before
        await someone.press("tab")
        await someone.type("100,50")
        await someone.sees("Les mois font 1 600,00 €, comme le total")
        await someone.press("f2")
        await someone.is_told("Mois corrigés")
        assert months(someone.document())[0]["corrige"] == {"verse": 30_050, "du": 10_050}
        assert [one.get("corrige") for one in months(someone.document())[1:]] == [None] * 7
        await someone.press("m")
        await someone.sees("* ", "[300,50]", "100,50 €")
        await someone.press("escape", "u")
        await someone.is_told("Annulé")
        assert someone.document() == before


async def test_another_total_is_stated_and_then_met(store):
    async with agent(store) as someone:
        await someone.goes_to(ERROR_OF_THE_CAF)
        await someone.press("m")
        await total(someone, "1 700,00")
        await someone.sees("Les mois font 1 600,00 €, le total est de 1 700,00 € : 100,00 € de moins.")
        await someone.press("right")
        await someone.type("0")
        await someone.press("f2")
        await someone.sees("Rien n’est enregistré.", "15,90 € de moins")
        await total(someone, "1684,10")
        await someone.press("f2")
        await someone.is_told("Mois corrigés")
        assert months(someone.document())[0]["corrige"]["du"] == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [("12,345", "n’est pas un montant"), ("900", "ce n’est pas un trop-perçu"), ("1,,2", "n’est pas un montant")],
)
async def test_what_is_no_amount_due_is_refused(store, typed, said):
    async with agent(store) as someone:
        await someone.goes_to(ERROR_OF_THE_CAF)
        before = someone.document()
        await someone.press("m", "right")
        await someone.type(typed)
        await someone.press("f2")
        await someone.sees("Rien n’est enregistré.", said)
        assert someone.document() == before


async def test_the_running_total_follows_each_line(store):
    async with agent(store) as someone:
        await someone.goes_to(ERROR_OF_THE_CAF)
        await someone.press("m")
        grid = someone.app.screen.grid
        assert [grid.total(place) for place in range(8)] == [20_000 * (place + 1) for place in range(8)]
        await someone.sees("200,00 €", "400,00 €", "1 400,00 €")


async def test_what_is_typed_in_the_months_is_kept(store):
    async with agent(store) as someone:
        await someone.goes_to(ERROR_OF_THE_CAF)
        before = someone.document()
        await someone.press("m", "down")
        await someone.type("310")
        await someone.press("escape")
        await someone.is_told("Brouillon gardé")
        assert someone.document() == before
        await someone.press("m")
        await someone.sees("brouillon du 12/11/2026 à 10 h 30 repris", "310,00 €", "25,90 € de trop")
        await someone.press("down", "delete")
        await someone.type("284,10")
        await someone.press("f2")
        await someone.is_told("rien n’est enregistré")
        letter = before["notifications"][0]
        assert someone.draft("months", f"{letter['id']} {letter['trop_percus'][0]['id']}") is None


async def test_the_trop_percu_is_chosen_when_there_are_several(store):
    async with agent(store) as someone:
        await someone.goes_to(FOUR)
        parts = someone.document()["notifications"][0]["trop_percus"]
        await someone.press("m")
        await someone.choose(parts[2]["reference"])
        await someone.sees(parts[2]["reference"], "Les mois font")
        await someone.press("escape")


async def test_letters_type_nothing_and_the_arrows_reach_the_total(store):
    async with agent(store, SMALL) as someone:
        await someone.goes_to(ERROR_OF_THE_CAF)
        await someone.press("m", "c", "q", "x")
        await someone.sees("Les mois du trop-perçu", "comme le total")
        await someone.press("up")
        assert someone.app.focused.id == "total"
        await someone.press("down")
        assert someone.app.focused.id == "months"
        await someone.press("end", "tab", "tab")
        assert someone.app.focused.id == "total"
