"""Calls by the keyboard: outcomes, what was said, next tries, campaigns; and what a closing says of them."""

import json
import sqlite3
from contextlib import closing

import pytest
from agent import LARGE, SMALL, agent

FREE = "681·0830411"
EXPLAINED = {"raison": "Pourquoi", "calcul": "Calcul", "que_faire": "Que faire", "prochaine_fois": "Ensuite"}


def last(document, kind="contacts"):
    """The last of a list of the dossier, in the words that an agent chose."""
    names = {"canal", "resultat", "le", "texte", "appels", "demi_journee", "objet", "campagne", "fait"}
    return {name: value for name, value in document[kind][-1].items() if name in names}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_an_outcome_in_two_keys_then_the_next_try(store, size):
    async with agent(store, size) as someone:
        await someone.goes_to(FREE)
        before = someone.document()
        await someone.press("a")
        await someone.sees("Contact avec l’allocataire", "j joint", "n non joint", "m message laissé", "i contact")
        await someone.press("n")
        await someone.sees("Prévoir le prochain essai ?", "Vendredi 13 novembre 2026, après-midi.")
        assert last(someone.document()) == {"canal": "telephone", "resultat": "non_joint", "le": "2026-11-12"}
        await someone.press("enter")
        await someone.is_told("Prochain essai le 13/11/2026, après-midi")
        planned = last(someone.document(), "appels_prevus")
        assert planned == {"le": "2026-11-13", "demi_journee": "apres_midi", "objet": "explication"}
        await someone.press("u", "u")
        await someone.is_told("Annulé")
        assert someone.document() == before


async def test_the_next_try_is_chosen_or_left(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("a", "m")
        await someone.sees("Prévoir le prochain essai ?")
        await someone.press("escape")
        assert "appels_prevus" not in someone.document()
        await someone.press("a", "n")
        await someone.sees("Prévoir le prochain essai ?")
        await someone.press("d")
        await someone.sees("Prévoir un appel")
        await someone.fill("+7", ("right",), ("end",))
        await someone.press("f2")
        await someone.is_told("Appel prévu")
        planned = last(someone.document(), "appels_prevus")
        assert planned == {"le": "2026-11-19", "demi_journee": "matin", "objet": "autre"}


async def test_a_family_that_was_reached_settles_what_was_planned_and_a_note_is_proposed(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("a", "n")
        await someone.sees("Prévoir le prochain essai ?")
        await someone.press("enter")
        await someone.is_told("Prochain essai")
        await someone.press("a", "j")
        await someone.sees("Noter ce qui a été dit ?")
        await someone.press("enter")
        await someone.sees("Note interne")
        await someone.type("Compris")
        await someone.press("f2")
        await someone.is_told("Note enregistrée")
        document = someone.document()
        assert last(document, "appels_prevus")["fait"] == document["contacts"][-1]["id"]
        assert document["notes"][-1]["texte"] == "Compris"


async def test_an_impossible_contact_says_why(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("a", "i", "f2")
        await someone.sees("À remplir")
        await someone.type("Pas de numéro")
        await someone.press("f2")
        await someone.is_told("Contact impossible, noté")
        assert last(someone.document()) == {
            "canal": "telephone",
            "resultat": "impossible",
            "le": "2026-11-12",
            "texte": "Pas de numéro",
        }


async def test_the_full_form_is_one_key_away(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("a", "a")
        await someone.sees("Canal", "Ce qui a été dit")
        await someone.fill(("right",), ("right",), "hier", "Répondeur")
        await someone.press("f2")
        await someone.sees("Prévoir le prochain essai ?")
        await someone.press("escape")
        assert last(someone.document()) == {
            "canal": "courriel",
            "resultat": "non_joint",
            "le": "2026-11-11",
            "texte": "Répondeur",
        }


async def test_a_campaign_is_planned_on_the_marked_dossiers(store):
    async with agent(store) as someone:
        labels = someone.listed[:3]
        await someone.press("home", "space", "space", "space", "A")
        await someone.sees("Prévoir un appel", "3 dossiers")
        await someone.fill(None, None, None, "Prime d’activité")
        await someone.press("f2")
        await someone.sees("3 possibles", "0 refusé")
        await someone.press("enter")
        await someone.is_told("Appel prévu : 3 possibles")
        for label in labels:
            planned = last(someone.document(label), "appels_prevus")
            assert planned == {"le": "2026-11-13", "objet": "campagne", "campagne": "Prime d’activité"}


async def test_a_suspicion_leaves_the_queue_with_a_reason_and_comes_back(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("X", "f2")
        await someone.sees("Transmettre pour suspicion de fraude", "À remplir")
        await someone.type("Deux bulletins contraires")
        await someone.press("f2")
        await someone.is_told("Dossier transmis")
        assert someone.document(FREE)["statut"] == "transmis"
        for key in ("e", "m", "x"):
            await someone.press(key)
            await someone.is_told("transmis pour suspicion de fraude")
        await someone.press("X")
        await someone.sees("Reprendre le dossier transmis")
        await someone.type("Doute levé")
        await someone.press("f2")
        await someone.is_told("Dossier repris")
        assert someone.document(FREE).get("statut", "ouvert") == "ouvert"


def owing(store, montant):
    """A dossier with nothing to do but a trop-perçu of that amount, which stands at its caisse's threshold."""
    with closing(sqlite3.connect(store / "gca.db")) as database, database:
        rows = database.execute("SELECT dossier_id, document FROM document").fetchall()
        for number, text in rows:
            document = json.loads(text)
            if document["caisse"] + "·" + document["matricule"] == FREE:
                document.pop("pieces", None)
                month = {"id": "2026-03", "extrait": {"verse": montant, "du": 0}}
                part = {"id": "T1", "prestation": "PPA", "mois": [month]}
                document["notifications"] = [
                    {"id": "N1", "extrait": {"notifiee_le": "2026-11-02"}, "trop_percus": [part]}
                ]
                database.execute(
                    "UPDATE document SET document = ? WHERE dossier_id = ?", (json.dumps(document), number)
                )


async def test_what_forbids_a_closing_comes_before_what_it_is_good_to_know(store):
    owing(store, 150_000)
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        before = someone.document()
        await someone.press("c")
        await someone.sees("Clôture impossible : il reste 1 point", "explication à écrire", "touche x", "À savoir :")
        await someone.sees("1 essai attendu, 0 noté", "touche a", "Échap fermer")
        await someone.press("enter")
        await someone.sees_no_more("Clôture impossible")
        assert someone.document() == before


async def test_one_cent_under_the_threshold_nothing_is_asked(store):
    owing(store, 149_999)
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("c")
        await someone.sees("Clôturer le dossier")
        await someone.press("f2")
        await someone.is_told("Dossier clos")


async def test_notices_alone_are_read_then_the_dossier_is_closed(store, monkeypatch):
    from gca_tui.domain import closing as rules

    monkeypatch.setattr(rules, "RULES", (rules.open_pieces, rules.open_answers, rules.contacts))
    owing(store, 150_000)
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        before = someone.document()
        await someone.press("c")
        await someone.sees("À savoir avant de clôturer", "1 essai attendu", "Entrée clôturer quand même")
        await someone.press("a")
        await someone.sees("Contact avec l’allocataire")
        await someone.press("escape")
        assert someone.document() == before
        await someone.press("c")
        await someone.sees("À savoir avant de clôturer")
        await someone.press("enter")
        await someone.sees("Clôturer le dossier")
        assert someone.document() == before
        await someone.press("f2")
        await someone.is_told("Dossier clos")


async def test_what_a_note_should_not_hold_is_shown_and_masked_on_demand(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("o")
        await someone.type("Compte FR76 3000 6000 0112 3456 7890 189, rappeler")
        await someone.sees("Note : F4 masque « FR76 3000 6000 0… »")
        await someone.press("f4")
        await someone.sees_no_more("F4 masque")
        await someone.press("f2")
        await someone.is_told("Note enregistrée")
        text = someone.document()["notes"][-1]["texte"]
        assert "3000" not in text
        assert text.startswith("Compte [")
        assert text.endswith("], rappeler")


async def test_a_note_that_holds_such_words_is_recorded_as_it_is(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("o")
        await someone.type("Compte FR76 3000 6000 0112 3456 7890 189")
        await someone.sees("F4 masque")
        await someone.press("f2")
        await someone.is_told("Note enregistrée")
        assert someone.document()["notes"][-1]["texte"].endswith("7890 189")


async def test_the_calls_of_the_day_are_gone_through_with_n(store):
    async with agent(store) as someone:
        await someone.press("g", "e")
        await someone.until(lambda: "Appels" in someone.header, "la vue Appels")
        first, second = someone.listed[:2]
        await someone.press("n")
        assert someone.under_cursor == first
        await someone.press("a", "j")
        await someone.sees("Noter ce qui a été dit ?")
        await someone.press("escape")
        await someone.press("n")
        assert "Appels" in someone.header
        assert someone.under_cursor == second
        assert first not in someone.listed
