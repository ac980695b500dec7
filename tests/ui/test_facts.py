"""The facts of a trop-perçu, established by the keyboard."""

import pytest
from agent import LARGE, SMALL, agent, plain


def unsaid(someone, several):
    """A dossier of one notification of one or several trop-perçus, of which no fact is said."""
    for label in someone.listed:
        letters = someone.document(label).get("notifications", [])
        parts = [part for letter in letters for part in letter["trop_percus"]]
        if len(letters) == 1 and (len(parts) > 1) == several and parts and not any("faits" in part for part in parts):
            return label
    raise AssertionError("aucun dossier sans faits")


def faits(document, letter=0):
    """The facts of each trop-perçu of a notification."""
    return [part.get("faits", {}) for part in document["notifications"][letter]["trop_percus"]]


async def field(someone, name):
    """Go to a field of the form."""
    box = next(box for box in someone.app.screen.boxes if box.field.name == name)
    box.editor.focus()
    await someone.settled()
    return box


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_facts_are_said_of_all_trop_percus_at_once(store, size):
    async with agent(store, size) as someone:
        await someone.goes_to(unsaid(someone, several=True))
        before = someone.document()
        number = len(before["notifications"][0]["trop_percus"])
        assert number > 1
        await someone.press("e")
        await someone.choose(f"Tous les trop-perçus ({number})")
        await someone.sees(f"les {number} trop-perçus, ")
        await field(someone, "evenement_le")
        await someone.paste("12/11/2025")
        await field(someone, "evenement")
        await someone.paste("vous avez repris un emploi")
        await someone.sees("Ce qui s’est passé (pour clôturer) : « Le 12 novembre 2025, … »")
        await field(someone, "tiers")
        await someone.type("non")
        await someone.press("f2")
        await someone.is_told(f"Faits enregistrés pour {number} trop-perçus")
        said = {"evenement_le": "2025-11-12", "evenement": "vous avez repris un emploi", "tiers": False}
        assert all(said.items() <= one.items() for one in faits(someone.document()))
        command = someone.document()["history"][-1]
        assert {change["path"].rsplit(".", 1)[1] for change in command["changes"]} == set(said)
        await someone.press("u")
        await someone.is_told("Annulé")
        assert someone.document() == before


async def test_facts_are_said_of_one_trop_percu_only(store):
    async with agent(store) as someone:
        await someone.goes_to(unsaid(someone, several=True))
        parts = someone.document()["notifications"][0]["trop_percus"]
        await someone.press("e")
        await someone.choose(parts[1]["reference"])
        await someone.sees(parts[1]["reference"])
        await field(someone, "regle")
        await someone.paste("Ces salaires comptent.")
        await someone.press("f2")
        await someone.is_told("Faits enregistrés pour 1 trop-perçu")
        assert [one.get("regle", "") for one in faits(someone.document())] == [
            "Ces salaires comptent." if place == 1 else "" for place in range(len(parts))
        ]


async def test_a_motive_is_found_among_many_as_it_is_typed(store):
    async with agent(store) as someone:
        await someone.goes_to(unsaid(someone, several=False))
        await someone.press("e")
        box = await field(someone, "motif")
        await someone.type("mvt enf")
        await someone.sees("mvt enf ‹ AC Situat. famille et mvt enfant › 1/2")
        await someone.press("z")
        assert box.raw == "AC"
        await someone.press("right")
        await someone.sees("BC Changement adresse et mvt enfant › 2/2")
        await someone.press(*["backspace"] * 7)
        await someone.sees("/77")
        assert box.raw == "BC"
        box = await field(someone, "responsabilite")
        await someone.type("caf sais")
        await someone.sees("Caf · 14 erreur de saisie")
        await someone.press("f2")
        await someone.is_told("Faits enregistrés")
        assert {"motif": "BC", "responsabilite": "14"}.items() <= faits(someone.document())[0].items()


async def test_a_third_party_is_named_once_there_is_one(store):
    async with agent(store) as someone:
        await someone.goes_to(unsaid(someone, several=False))
        before = someone.document()
        await someone.press("e")
        await field(someone, "tiers")
        await someone.sees("L.114-21", "pas encore dit")
        await someone.type("o")
        await someone.press("f2")
        await someone.sees("2 champs à corriger", "Si oui, quel tiers")
        assert someone.document() == before
        await someone.paste("votre employeur")
        await someone.press("tab")
        await someone.paste("vos salaires de mars")
        await someone.press("f2")
        await someone.is_told("Faits enregistrés")
        said = {"tiers": True, "tiers_nom": "votre employeur", "tiers_contenu": "vos salaires de mars"}
        assert said.items() <= faits(someone.document())[0].items()
        await someone.press("e")
        await someone.sees_no_more("pas encore dit")


async def test_what_is_typed_is_kept_and_what_is_the_same_is_not_recorded(store):
    async with agent(store) as someone:
        await someone.goes_to(unsaid(someone, several=False))
        before = someone.document()
        await someone.press("e", "f2")
        await someone.is_told("rien n’est enregistré")
        assert someone.document() == before
        await someone.press("e")
        await field(someone, "regle")
        await someone.type("Le loyer")
        await someone.press("escape")
        await someone.is_told("Brouillon gardé")
        await someone.press("e")
        await someone.sees("Brouillon du 12/11/2026 à 10 h 30 repris", "Le loyer")
        await field(someone, "regle")
        await someone.press(*["backspace"] * 8, "f2")
        await someone.is_told("rien n’est enregistré")
        letter = before["notifications"][0]["id"]
        assert someone.draft("facts", letter) is None
        assert someone.document() == before


async def test_a_day_to_come_and_an_order_that_cannot_be_are_refused(store):
    async with agent(store) as someone:
        await someone.goes_to(unsaid(someone, several=False))
        before = someone.document()
        await someone.press("e")
        await field(someone, "evenement_le")
        await someone.paste("13/11/2026")
        await someone.press("f2")
        await someone.sees("pas encore venu")
        await someone.paste("10/11/2026")
        await field(someone, "connu_le")
        await someone.paste("09/11/2026")
        await someone.press("f2")
        await someone.is_told("avant qu’il ait lieu")
        assert someone.document() == before
        assert someone.draft("facts", before["notifications"][0]["id"])["connu_le"] == "09/11/2026"


async def test_a_dossier_without_trop_percu_says_so(store):
    async with agent(store) as someone:
        await someone.goes_to("681·0830411")
        for key in ("e", "m"):
            await someone.press(key)
            await someone.is_told("Aucun trop-perçu dans ce dossier")
        assert plain(someone.footer)
