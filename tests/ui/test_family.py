"""What is known of the family, by one key: contact details, a mutation, a dérogation; a planned call cancelled."""

import pytest
from agent import LARGE, SMALL, agent, plain

FREE = "681·0830411"


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_contact_details_are_corrected_field_by_field(store, size):
    async with agent(store, size) as someone:
        await someone.goes_to(FREE)
        before = someone.document()
        await someone.press("i")
        await someone.sees("Corriger les coordonnées", "Lier le dossier", "Accorder une dérogation")
        await someone.press("c")
        await someone.sees("Coordonnées de la famille")
        await someone.fill("06 39 98 00 12\n03 89 00 00 01 (travail)")
        await someone.press("f2")
        await someone.is_told("Coordonnées corrigées")
        assert someone.document()["coordonnees"] == {"telephones": ["06 39 98 00 12", "03 89 00 00 01 (travail)"]}
        await someone.press("enter")
        await someone.sees("06 39 98 00 12 · 03 89 00 00 01 (travail) (corrigé par un agent)")
        await someone.press("i", "c")
        await someone.fill(None, None, "68100", "Mulhouse")
        await someone.press("f2")
        await someone.is_told("Coordonnées corrigées")
        corrected = someone.document()["coordonnees"]
        assert corrected["telephones"] == ["06 39 98 00 12", "03 89 00 00 01 (travail)"]
        assert corrected["code_postal"] == "68100"
        assert "adresse" not in corrected
        await someone.press("u", "u")
        await someone.is_told("Annulé : coordonnées corrigées")
        assert someone.document() == before


async def test_contact_details_left_as_they_are_change_nothing(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        before = someone.document()
        await someone.press("i", "c", "f2")
        await someone.is_told("Rien de nouveau")
        assert someone.document() == before


async def test_what_is_no_number_nor_postcode_is_said(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("i", "c")
        await someone.fill("plus tard", None, "6810")
        await someone.press("f2")
        await someone.sees("n’est pas un numéro", "Cinq chiffres")


async def test_a_mutation_is_linked_to_a_caisse_that_exists(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("i", "m")
        await someone.fill("999", "123456")
        await someone.press("f2")
        await someone.sees("999 n’est le code d’aucune Caf connue")
        await someone.paste("091")
        await someone.press("f2")
        await someone.is_told("Dossier lié à 091·0123456")
        assert someone.document()["lie_a"] == {"caisse": "091", "matricule": "0123456"}


async def test_a_derogation_is_granted_then_ended(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("i", "d")
        await someone.fill("Séjour", None, "+60", "Décision du pôle")
        await someone.press("f2")
        await someone.is_told("Dérogation enregistrée")
        granted = someone.document()["derogations"][-1]
        assert (granted["nature"], granted["fin"]) == ("Séjour", "2027-01-11")
        await someone.press("i")
        await someone.choose("Fin de la dérogation : Séjour")
        await someone.sees("Fin de la dérogation")
        await someone.fill(None, "Titre reçu")
        await someone.press("f2")
        await someone.is_told("Dérogation terminée")
        assert someone.document()["derogations"][-1]["levee_motif"] == "Titre reçu"


async def test_a_planned_call_is_cancelled_with_a_reason(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("A", "f2")
        await someone.is_told("Appel prévu")
        await someone.press("A")
        await someone.choose("Annuler l’appel prévu le 13/11/2026")
        await someone.fill("La famille a écrit")
        await someone.press("f2")
        await someone.is_told("Appel annulé")
        assert someone.document()["appels_prevus"][-1]["annulation"]["motif"] == "La famille a écrit"
        await someone.press("A")
        await someone.sees("Prévoir un appel")


async def test_a_number_stays_on_one_line_of_the_chooser(store):
    async with agent(store, SMALL) as someone:
        await someone.goes_to(FREE)
        await someone.press("i", "c")
        numbers = [f"06 39 98 00 1{digit}" for digit in range(6)]
        await someone.fill("\n".join(numbers))
        await someone.press("f2")
        await someone.is_told("Coordonnées corrigées")
        await someone.press("a")
        await someone.sees("Contact avec l’allocataire")
        for number in numbers:
            assert any(number in plain(line) for line in someone.lines), number


async def test_a_recorded_demarche_says_which_one(store):
    async with agent(store, SMALL) as someone:
        await someone.goes_to(FREE)
        await someone.press("D", "n", "f2")
        await someone.is_told("Réclamation enregistrée, reçue le 12/11/2026.")
