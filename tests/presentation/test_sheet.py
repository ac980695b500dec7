"""The sheet read aloud: it fits its page whatever the dossier, cuts no figure, and says what the desk needs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.commands import RecordReception, ReportSuspicion
from gca_tui.domain.commands.extract import ReadIndu
from gca_tui.domain.delai import RECOURS
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import NBSP, euros
from gca_tui.domain.recours import calendrier
from gca_tui.domain.settings import Settings
from gca_tui.domain.traces import RECTIFICATION
from gca_tui.domain.trop_percu import Montants
from gca_tui.presentation.fitting import cells
from gca_tui.presentation.sheet import letter_count, sheet, sheet_text
from gca_tui.presentation.sheet_owed import by_urgency
from gca_tui.presentation.speech import spoken_day
from tests.domain.given import INES, a_piece, an_extract, an_indu, command, give, made
from tests.presentation.wild import OWN, wild
from tests.store.given import demo, exported
from tests.strategies import CONTEXT, dossiers

RULES = replace(CONTEXT, settings=Settings(caisses={"681": OWN, "091": OWN}))
AMOUNT = re.compile(r"-?\d[\d\xa0]*,\d\d\xa0€")
DAY = re.compile(r"\b\d{1,2}(?:er)?\xa0[a-zéû]+\xa0\d{4}\b")
EVENT = "vous avez repris un emploi à temps plein chez un nouvel employeur"


def told(dossier: Dossier, width: int = 80, height: int = 24, rank: int = 0) -> list[str]:
    return [line.text for line in sheet(dossier, RULES, width=width, height=height, rank=rank)]


def aloud(dossier: Dossier, **size: int) -> str:
    """The sheet as it is heard: one text, its spaces all alike."""
    return " ".join(" ".join(told(dossier, **size)).replace("\xa0", " ").split())


def fits(dossier: Dossier, width: int, height: int) -> None:
    lines = told(dossier, width, height)
    assert lines
    assert len(lines) <= height
    assert [line for line in lines if cells(line) > width] == []


def whole_figures(dossier: Dossier) -> None:
    """No amount and no day but those that stand in a page without end, or that add up letters."""
    page, small = "\n".join(told(dossier, 5_000, 5_000)), "\n".join(told(dossier))
    letters = by_urgency(dossier, RULES)
    sums = {euros(sum(one.montant for one in letters[first:])) for first in range(len(letters))}
    rest = [one for one in letters if one is not letters[0]] if letters else []
    sums |= {euros(sum(one.montant for one in rest[first:])) for first in range(len(rest))}
    assert set(AMOUNT.findall(small)) <= set(AMOUNT.findall(page)) | sums
    assert set(DAY.findall(small)) <= set(DAY.findall(page))
    if letters and letters[0].montant > 0:
        assert euros(letters[0].montant) in small


def nearest_delay(dossier: Dossier) -> None:
    """The next day on which something ends for the first letter is on the page."""
    letters = by_urgency(dossier, RULES)
    if not letters:
        return
    told_first = (RECTIFICATION, RECOURS)
    coming = [
        one.le
        for one in calendrier(dossier, letters[0], RULES)
        if one.objet in told_first and one.le and one.le >= RULES.today and not one.suspendu
    ]
    if coming:
        assert spoken_day(min(coming)) in "\n".join(told(dossier))


@given(wild(), st.sampled_from([(80, 24), (78, 23), (60, 15), (200, 50), (1, 1)]))
@settings(max_examples=60, deadline=None)
def test_whatever_the_dossier_it_fits(dossier, size):
    fits(dossier, *size)


@given(dossiers)
@settings(max_examples=60, deadline=None)
def test_a_dossier_as_agents_find_it_fits(dossier):
    fits(dossier, 80, 24)
    whole_figures(dossier)
    nearest_delay(dossier)


@given(wild())
@settings(max_examples=60, deadline=None)
def test_no_amount_and_no_day_is_cut(dossier):
    whole_figures(dossier)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> list[Dossier]:
    folder: Path = demo(tmp_path_factory.mktemp("fiche") / "gca", 120)
    return [Dossier.model_validate(document) for document in exported(folder)]


def test_the_demonstration_fits(crowd, private_umask, frozen_clock):
    assert any(letter_count(dossier) for dossier in crowd)
    for dossier in crowd:
        fits(dossier, 80, 24)
        whole_figures(dossier)
        nearest_delay(dossier)


def owing(*indus: ReadIndu, received: date | None = date(2026, 11, 12), **seen: object) -> Dossier:
    dossier = made(an_extract(indus=indus or (an_indu(),), pieces=(), **seen))
    if received is None:
        return dossier
    known = [
        command(RecordReception, notification=one.id, le=max(received, one.extrait.notifiee_le or received))
        for one in dossier.notifications
    ]
    return give(dossier, *known)


def explained(dossier: Dossier, **said: object) -> Dossier:
    letter = dossier.notifications[0]
    facts = {"evenement_le": date(2025, 11, 12), "evenement": EVENT, "connu_le": date(2026, 6, 3), **said}
    one = command(
        "establish_facts", notification=letter.id, trop_percus=tuple(tp.id for tp in letter.trop_percus), **facts
    )
    return give(dossier, one)


def test_who_what_when_how_much_why_until_when():
    heard = aloud(explained(owing()))
    assert "SCHÄFER Anna, dossier numéro 0123456 de la Caf du Haut-Rhin." in heard
    assert "Vous devez rembourser 1 500,00 € : votre revenu de solidarité active, pour janvier 2026." in heard
    assert "Vous avez reçu 1 500,00 €. Vous aviez droit à 0,00 €." in heard
    assert f"Le 12 novembre 2025, {EVENT}. Nous l’avons su le 3 juin 2026." in heard
    assert "pour demander une rectification : il reste 20 jours, jusqu’au 2 décembre 2026." in heard
    assert "Pour écrire : Caf du Haut-Rhin, 26 rue du Colporteur, 68100 Mulhouse. Téléphone : 03 53 01 68 10." in heard


@pytest.mark.parametrize(
    ("received", "heard"),
    [
        (None, "rectification : dans les 20 jours qui suivent la réception de ce courrier"),
        (date(2026, 11, 4), "rectification : il reste 12 jours, jusqu’au 24 novembre 2026"),
        (date(2026, 10, 24), "rectification : il reste 1 jour, jusqu’au 13 novembre 2026"),
        (date(2026, 10, 23), "rectification : c’est le dernier jour, le 12 novembre 2026"),
        (date(2026, 10, 22), "rectification : le délai est passé depuis le 11 novembre 2026"),
    ],
)
def test_what_is_left_of_a_delay(received, heard):
    assert heard in aloud(owing(received=received))


def test_a_mediation_suspends_and_gives_no_day():
    dossier = give(
        owing(received=date(2026, 11, 4)),
        command("open_demarche", nature="mediation", recue_le=date(2026, 11, 10), objet="Ne comprend pas"),
    )
    heard = aloud(dossier)
    assert re.search(r"Pour contester la décision : le délai est suspendu par la médiation en cours", heard)
    assert "Votre médiation, reçue le 10 novembre 2026, attend une réponse." in heard


def test_the_error_of_the_caf_is_said_and_a_suspicion_never():
    assert "La Caf a fait une erreur : vous n’en êtes pas responsable." in aloud(
        explained(owing(), responsabilite="10")
    )
    assert "erreur" not in aloud(explained(owing(), responsabilite="60"))
    sent = give(explained(owing()), command(ReportSuspicion, motif="Deux adresses, fraude ?"))
    heard = aloud(sent)
    assert "suivi par un autre service de la Caf" in heard
    assert "1 500,00 €" in heard
    for word in ("fraude", "suspicion", "Deux adresses", EVENT):
        assert word not in heard.lower() + heard


@pytest.mark.parametrize(
    ("motif", "heard"),
    [
        ("50", "à préciser. Motif noté : « Modification activité professionnelle »."),
        ("", "La cause est encore à préciser."),
    ],
)
def test_a_cause_nobody_wrote_is_said_to_be_missing(motif, heard):
    assert heard in aloud(owing(an_indu(motif=motif)))


def test_the_most_urgent_letter_comes_first_and_each_has_its_turn():
    old = an_indu("A 1", date(2026, 5, 4), recue_le=date(2026, 5, 6), verse=20_000)
    near = an_indu("B 2", date(2026, 10, 26), recue_le=date(2026, 10, 28), verse=30_000, prestation="PPA")
    late = an_indu("C 3", date(2026, 11, 4), recue_le=date(2026, 11, 9), verse=40_000, prestation="APL")
    dossier = owing(old, near, late, received=None)
    assert [one.montant for one in by_urgency(dossier, RULES)] == [30_000, 40_000, 20_000]
    heard = aloud(dossier)
    assert "Vous devez rembourser 300,00 € : votre prime d’activité" in heard
    assert "Autre courrier, du 4 novembre 2026 : 400,00 € à rembourser ; il reste" in heard
    assert "Autre courrier, du 4 mai 2026 : 200,00 € à rembourser." in heard
    first = [re.search(r"Vous devez rembourser (\S+) €", aloud(dossier, rank=rank))[1] for rank in range(4)]
    assert first == ["300,00", "400,00", "200,00", "300,00"]


def test_no_sigle_is_read_aloud():
    sigles = {one.terme for one in reference.jargon() if one.type == "sigle"} - {"CAF"} | {"Paje"}
    for code in reference.prestations():
        for piece in ("rac_annuel", "rac_trimestriel", "dtr"):
            dossier = owing(an_indu(prestation=code, motif=""), received=date(2026, 11, 4), prestations=(code,))
            heard = aloud(
                give(dossier, an_extract(indus=(an_indu(prestation=code, motif=""),), pieces=(a_piece(nature=piece),)))
            )
            assert sigles & set(re.findall(r"\w+", heard)) == set()


def test_what_was_said_already_and_when():
    letter = owing().notifications[0].id
    dossier = give(
        owing(),
        command("log_contact", canal="telephone", resultat="message", le=date(2026, 11, 6), texte="À rappeler."),
        command("log_contact", canal="guichet", resultat="joint", le=date(2026, 11, 9), texte=""),
        command("edit_explanation", notification=letter, raison="Nous avons recalculé."),
        command("add_note", texte="Secret de bureau"),
    )
    heard = aloud(dossier)
    assert "Une explication a été écrite le 12 novembre 2026 par Inès Faure." in heard
    assert (
        "Le 9 novembre 2026, à l’accueil, Inès Faure a échangé avec vous. Le 6 novembre 2026, par téléphone," in heard
    )
    assert "1 note interne au dossier, à ne pas lire" in heard
    assert "Secret" not in aloud(dossier, width=200, height=50)
    assert "L’explication n’est pas encore écrite." in aloud(owing())


def test_without_a_trop_percu_it_says_what_is_awaited_and_what_comes_next():
    dossier = give(
        made(an_extract(indus=())),
        command("request_pieces", pieces=("bail signé", "quittance"), avant_le=date(2026, 11, 24)),
        command("wait", depuis=date(2026, 11, 12), jusqu_au=date(2026, 11, 24), motif="Attend le bail"),
        command("schedule_rendez_vous", le=date(2026, 11, 26), heure="09:30", forme="accueil", objet="Logement"),
    )
    heard = aloud(dossier)
    assert "Votre dossier est en attente jusqu’au 24 novembre 2026 : Attend le bail." in heard
    assert "Nous vous avons demandé d’envoyer avant le 24 novembre 2026 : bail signé et quittance." in heard
    assert "Prochaine étape : vous envoyez les documents demandés." in heard
    assert "Vous avez rendez-vous le 26 novembre 2026 à 9 h 30, à l’accueil : Logement." in heard
    assert "Rien n’est en cours dans ce dossier." in aloud(made(an_extract(indus=(), pieces=())))


def test_more_room_says_more():
    names = list(reference.prestations())[:9]
    paid = {f"2026-{month:02d}": Montants(verse=50_000, du=10_000) for month in range(1, 7)}
    dossier = owing(*(an_indu(f"I {code}", date(2026, 11, 2), prestation=code, mois=paid) for code in names))
    small, large = told(dossier), told(dossier, 200, 50)
    assert len(small) <= 24 < len(large)
    assert f"autres prestations (pour vous{NBSP}: onglet Trop-perçus)" in " ".join(small)
    assert sum("droit à" in line for line in large) == len(names)


def test_an_address_nobody_set_is_said_to_be_missing():
    heard = sheet_text(sheet(owing(), CONTEXT)).replace("\n", " ")
    assert "L’adresse de la Caf du Haut-Rhin n’est pas renseignée ici. Son téléphone n’est pas renseigné." in heard


def test_who_said_it_is_named_as_agents_are_known():
    contact = command("log_contact", canal="telephone", resultat="non_joint", le=date(2026, 11, 6), texte="")
    assert f"{INES.nom} n’a pas pu vous joindre" in aloud(give(owing(), contact))
