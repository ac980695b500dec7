"""The scenarios of the domain that concern explanations, with their dates written out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gca_tui.demo import settings
from gca_tui.domain.apply import apply, replay
from gca_tui.domain.closing import missing_to_close
from gca_tui.domain.command import CommandRefused
from gca_tui.domain.commands import AnyCommand
from gca_tui.domain.delai import DOCUMENTS, RECOURS, REPONSE_RECTIFICATION
from gca_tui.domain.dossier import CLOS, OUVERT, Dossier
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.subject import subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import euros
from gca_tui.domain.recours import Delai, calendrier
from gca_tui.domain.sensitive import redacted, sensitive
from gca_tui.domain.traces import RECTIFICATION
from gca_tui.domain.trop_percu import Montants
from gca_tui.presentation.dossier_text import TABS, Shown
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models
from tests.domain.given import INES, KATIA, an_extract, an_indu, command, give, made
from tests.strategies import CONTEXT, NOW

RULES = replace(CONTEXT, settings=settings())
SENT, RECEIVED = date(2026, 1, 8), date(2026, 1, 10)
LETTER = "N-2026-01-08"
EVENT = {
    "evenement_le": date(2025, 11, 12),
    "evenement": "vous avez commencé une vie de couple avec une personne qui travaille",
    "connu_le": date(2025, 12, 3),
    "tiers": False,
}


def notified(*amounts: tuple[str, int], received: date | None = RECEIVED, caisse: str = "681") -> Dossier:
    """A letter of 8 January 2026 that claims so many cents of each prestation, for November 2025."""
    indus = tuple(
        an_indu(f"{code} 001", SENT, prestation=code, recue_le=received, mois={"2025-11": Montants(verse=cents, du=0)})
        for code, cents in amounts
    )
    return made(an_extract(caisse=caisse, pieces=(), prestations=("RSA",), indus=indus))


def delays(dossier: Dossier, objet: str, famille: str = "", today: date = date(2026, 2, 2)) -> list[Delai]:
    """The delays of that kind on that day."""
    found = calendrier(dossier, dossier.notifications[0], replace(RULES, today=today))
    return [one for one in found if one.objet == objet and (not famille or famille in one.familles)]


@pytest.mark.parametrize(("cents", "compulsory"), [(74_999, False), (75_000, True)])
def test_1_received_on_10_january_1499_99_and_1500_00(cents: int, compulsory: bool) -> None:
    dossier = notified(("APL", 75_000), ("PPA", cents))
    assert dossier.notifications[0].montant == 75_000 + cents
    wanted = [missing for missing in missing_to_close(dossier, RULES) if missing.action == "explanation"]
    assert bool(wanted) is compulsory
    after, refused = replay(dossier, [command("close")], RULES)
    assert (after.etat, bool(refused)) == ((OUVERT, True) if compulsory else (CLOS, False))
    assert {one.le for one in delays(dossier, RECTIFICATION)} == {date(2026, 1, 30)}
    assert {one.le for one in delays(dossier, RECOURS)} == {date(2026, 3, 10)}


def test_2_four_families_of_mulhouse_treated_at_pamiers() -> None:
    dossier = notified(("RSA", 194_900), ("PPA", 56_900), ("APL", 121_010), ("AEFA", 15_245), received=None)
    ids = tuple(trop_percu.id for trop_percu in dossier.trop_percus)
    established = command("establish_facts", notification=LETTER, trop_percus=ids, motif="AD", **EVENT)
    dossier = give(dossier, established, context=RULES)
    about = subject(dossier, dossier.notifications[0], RULES, INES)
    assert INES.caisse == "091"
    written = draft(about, Models(), RULES.lexicon).explication
    text = written.que_faire
    assert "président du conseil départemental du Haut-Rhin" in text
    assert "26 rue du Colporteur-de-Brume, 68100 Mulhouse" in text
    assert settings().of("681").telephone in text
    assert settings().of("091").telephone not in text
    assert "Ariège" not in written.model_dump_json()
    paragraphs = [one for one in text.split("\n\n") if "Vous contestez la décision" in one]
    named = ("revenu de solidarité active", "prime d’activité", "aide personnalisée au logement", "prime de Noël")
    assert len(paragraphs) == 4
    for name in named:
        assert sum(name in one for one in paragraphs) == 1
    assert all("tribunal administratif" in one for one in paragraphs)
    assert INES.nom in written.prochaine_fois
    results = check_all(Texte.of(written), about, RULES.lexicon)
    assert [result.controle for result in results if not result.ok] == []


def asked(le: date, voie: str = "orale") -> AnyCommand:
    return command("open_demarche", nature=RECTIFICATION, recue_le=le, voie=voie, objet="Ressources comptées deux fois")


def test_3_asked_by_telephone_on_the_nineteenth_day() -> None:
    dossier = give(notified(("PPA", 160_000)), asked(date(2026, 1, 29)))
    (answer,) = delays(dossier, REPONSE_RECTIFICATION)
    assert answer.le == date(2026, 2, 28)
    (recours,) = delays(dossier, RECOURS)
    assert recours.le == date(2026, 4, 28)
    assert delays(dossier, DOCUMENTS) == []
    assert [missing.action for missing in missing_to_close(dossier, RULES)] == [
        "close_demarche",
        "explanation",
        "contact",
    ]


def test_3_asked_by_telephone_on_the_twenty_first_day() -> None:
    dossier = give(notified(("PPA", 160_000)), asked(date(2026, 1, 31)))
    assert delays(dossier, REPONSE_RECTIFICATION) == []
    assert [one.le for one in delays(dossier, RECOURS)] == [date(2026, 3, 10)]
    (documents,) = delays(dossier, DOCUMENTS)
    assert documents.le == date(2026, 1, 31) + timedelta(days=20) == date(2026, 2, 20)


def test_3_the_twentieth_day_is_in_time() -> None:
    dossier = give(notified(("PPA", 160_000)), asked(date(2026, 1, 30)))
    assert [one.le for one in delays(dossier, REPONSE_RECTIFICATION)] == [date(2026, 2, 28)]


def test_4_two_dossiers_1234567_keep_their_own_caisse() -> None:
    both = []
    for caisse in ("681", "091"):
        indu = an_indu(prestation="RSA", verse=150_000)
        both.append(made(an_extract(caisse=caisse, matricule="1234567", pieces=(), indus=(indu,))))
    key = {"caisse": "681", "matricule": "1234567"}
    written = command("edit_explanation", **key, notification="N-2026-05-04", raison="Le 3 janvier, un emploi.")
    mulhouse, foix = both
    assert not give(mulhouse, written).notifications[0].explication.is_empty
    with pytest.raises(CommandRefused) as met:
        apply(foix, written, RULES)
    assert met.value.code == "autre_dossier"
    texts = [
        draft(subject(one, one.notifications[0], RULES, INES), Models(), RULES.lexicon).explication.que_faire
        for one in both
    ]
    assert ["du Haut-Rhin" in text for text in texts] == [True, False]
    assert ["de l’Ariège" in text for text in texts] == [False, True]


def test_6_a_derogation_that_ends_tomorrow_alerts_and_suspends_nothing() -> None:
    today, tomorrow = date(2026, 11, 12), date(2026, 11, 13)
    kept = command("grant_derogation", nature="titre de séjour", debut=date(2026, 9, 1), fin=tomorrow)
    dossier = give(notified(("RSA", 160_000)), kept)
    for day in (today, tomorrow, date(2026, 11, 14)):
        assert dossier.etat_on(day) == OUVERT
        assert dossier.derogations[0].is_open
    shown = Shown(today, RULES.calendars, RULES.settings, RULES.lexicon)
    lines = [line.text for tab in TABS for line in tab.lines(dossier, shown)]
    assert any("titre de séjour" in line and "13/11/2026" in line and "réexaminer" in line for line in lines)


def test_7_a_note_with_a_nir_or_an_iban_is_warned_about_and_redacted() -> None:
    """Neither is anybody's: no commune has the code 999, and the account is the one that documents give."""
    body = "2550899999001"
    nir = f"2 55 08 99 999 001 {97 - int(body) % 97:02d}"
    iban = "FR76 3000 6000 0112 3456 7890 189"
    note = f"Document reçu pour {nir}, virement sur {iban}."
    found = sensitive(note)
    assert [(one.kind, one.mot) for one in found] == [("nir", nir), ("iban", iban)]
    clean = redacted(note)
    assert clean.startswith("Document reçu pour [")
    assert not any(part in clean for part in (nir, iban))
    assert sensitive(clean) == ()
    assert sensitive("Rappeler au 03 53 01 12 01, dossier 0445121, 1 500,00 € reçus le 12/11/2026.") == ()


def edited(name: str, author: object, **sections: str) -> AnyCommand:
    return command("edit_explanation", id=name, author=author, notification=LETTER, **sections)


def test_8_pamiers_and_mulhouse_write_different_sections() -> None:
    """Each wrote without the other's text; replayed one after the other nothing is lost."""
    start = notified(("APL", 160_000))
    pamiers = edited("p1", INES, raison="Le loyer a baissé.")
    mulhouse = edited("m1", KATIA, calcul="Vous avez reçu 1 600,00 €.")
    dossier, refused = replay(start, [mulhouse, pamiers], RULES)
    assert refused == ()
    letter = dossier.notifications[0]
    assert (letter.explication.raison, letter.explication.calcul) == (
        "Le loyer a baissé.",
        "Vous avez reçu 1 600,00 €.",
    )
    assert [version.author for version in letter.versions] == [KATIA, INES]


def test_8_pamiers_and_mulhouse_write_the_same_section() -> None:
    """The last one prevails and what the other wrote stays readable, with its author."""
    start = notified(("APL", 160_000))
    both = [edited("m1", KATIA, raison="De Mulhouse."), edited("p1", INES, raison="De Pamiers.")]
    letter = replay(start, both, RULES)[0].notifications[0]
    assert letter.explication.raison == "De Pamiers."
    assert [(version.author, version.raison) for version in letter.versions] == [
        (KATIA, "De Mulhouse."),
        (INES, "De Pamiers."),
    ]


def test_8_what_was_written_offline_is_kept_when_the_dossier_left_the_queue() -> None:
    """The refusal says so, names the way back, and the text applies once the dossier is taken back."""
    gone = give(notified(("APL", 160_000)), command("report_suspicion", motif="Deux baux.", author=KATIA))
    text = edited("p1", INES, raison="Le loyer a baissé.")
    after, refused = replay(gone, [text], RULES)
    assert after is gone
    ((kept, refusal),) = refused
    assert kept is text
    assert "reprenez-le" in refusal.reason
    back = give(after, command("withdraw_suspicion", motif="Un seul bail."), text)
    assert back.notifications[0].explication.raison == "Le loyer a baissé."


def explained(cents: int = 160_000) -> Dossier:
    """A prime d'activité whose facts are complete and whose draft was saved by Inès."""
    dossier = notified(("PPA", cents), received=None)
    established = command("establish_facts", notification=LETTER, trop_percus=("PPA 001",), motif="50", **EVENT)
    dossier = give(dossier, established, context=RULES)
    made_of = subject(dossier, dossier.notifications[0], RULES, INES)
    written = draft(made_of, Models(), RULES.lexicon).explication
    return give(dossier, edited("v1", INES, **written.model_dump()), context=RULES)


def standing(dossier: Dossier) -> list[str]:
    """What keeps the dossier from being closed."""
    return [missing.text for missing in missing_to_close(dossier, RULES) if missing.blocks]


def test_an_explanation_that_holds_closes_the_dossier() -> None:
    assert give(explained(), command("close"), context=RULES).etat == CLOS


def test_one_wrong_cent_keeps_it_open_and_says_which_check() -> None:
    dossier = explained()
    wrong = dossier.notifications[0].explication.calcul.replace("rembourser 1\u00a0600,00", "rembourser 1\u00a0600,01")
    dossier = give(dossier, edited("v2", INES, calcul=wrong), context=RULES)
    (said,) = standing(dossier)
    assert said.startswith("explication, contrôle 3 (montants)")
    with pytest.raises(CommandRefused) as met:
        apply(dossier, command("close"), RULES)
    assert met.value.code == "reste_a_faire"
    over = command("override_checks", notification=LETTER, controles=(3,), motif="Arrondi demandé par la comptabilité.")
    assert give(dossier, over, command("close"), context=RULES).etat == CLOS


def test_what_only_warns_does_not_keep_it_open() -> None:
    dossier = explained()
    raison = dossier.notifications[0].explication.raison + "\nVotre DTR ne le disait pas."
    dossier = give(dossier, edited("v2", INES, raison=raison), context=RULES)
    about = subject(dossier, dossier.notifications[0], RULES, INES)
    results = check_all(Texte.of(dossier.notifications[0].explication), about, RULES.lexicon)
    assert [result.controle for result in results if not result.ok] == [10]
    assert standing(dossier) == []


def test_a_correction_of_the_months_makes_the_old_text_wrong() -> None:
    """The checks compare with the facts of today, not with those of the day it was written."""
    dossier = explained(170_000)
    november = {"mois": "2025-11", "verse": 170_000, "du": 10_000}
    read = command("correct_months", notification=LETTER, trop_percu="PPA 001", mois=(november,), montant=160_000)
    assert standing(dossier) == []
    assert standing(give(dossier, read, context=RULES))


def received(*amounts: tuple[str, int], on: date | None = None) -> AnyCommand:
    """A newer extract of that dossier: what was due of each prestation, the last of them sent on another day."""
    return an_extract(
        pieces=(),
        indus=tuple(
            an_indu(
                f"{code} 001",
                on if on and (code, cents) == amounts[-1] else SENT,
                prestation=code,
                mois={"2025-11": Montants(verse=cents, du=0)},
            )
            for code, cents in amounts
        ),
    )


def test_a_newer_extract_makes_the_old_text_wrong() -> None:
    dossier = explained()
    assert standing(give(dossier, received(("PPA", 160_000)), context=RULES)) == []
    assert standing(give(dossier, received(("PPA", 165_000)), context=RULES))
    assert standing(give(dossier, received(("PPA", 160_000), ("APL", 1)), context=RULES))


def test_a_check_passed_over_is_not_passed_over_for_other_amounts() -> None:
    dossier = explained()
    wrong = dossier.notifications[0].explication.calcul.replace("rembourser 1\u00a0600,00", "rembourser 1\u00a0600,01")
    over = command("override_checks", notification=LETTER, controles=(3,), motif="Arrondi demandé par la comptabilité.")
    dossier = give(dossier, edited("v2", INES, calcul=wrong), over, context=RULES)
    assert standing(dossier) == []
    assert standing(give(dossier, received(("PPA", 165_000)), context=RULES))


def test_a_trop_percu_moved_to_another_letter_is_explained_by_none() -> None:
    dossier = give(explained(), received(("PPA", 160_000), ("APL", 150_000)), context=RULES)
    moved = give(dossier, received(("PPA", 160_000), ("APL", 150_000), on=date(2026, 2, 2)), context=RULES)
    first, second = moved.notifications
    assert not first.explication.is_empty
    assert second.explication.is_empty
    assert standing(moved) == [f"explication à écrire : trop-perçu de {euros(150_000)}, notification du 02/02/2026"]


def test_a_trop_percu_that_the_extract_lost_still_counts() -> None:
    dossier = notified(("PPA", 100_000), ("APL", 60_000), received=None)
    lost = give(dossier, received(("PPA", 100_000)), context=RULES)
    assert lost.trop_percus[0].absente_le
    assert standing(lost)


def test_a_letter_that_was_right_when_written_stays_so() -> None:
    """Months later its delays have passed, and the family asked for a médiation."""
    written = explained()
    asked = command("open_demarche", nature="mediation", recue_le=date(2026, 11, 20), at=NOW + timedelta(days=9))
    later = replace(RULES, today=date(2027, 6, 1))
    after = give(written, asked, context=later)
    assert [missing.text for missing in missing_to_close(after, later) if missing.blocks] == []
    anew = check_all(
        Texte.of(after.notifications[0].explication), subject(after, after.notifications[0], later), later.lexicon
    )
    assert [result.controle for result in anew if result.bloquant and not result.ok] == [8]
