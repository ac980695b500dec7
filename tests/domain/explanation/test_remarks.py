"""What an agent is told before signing a text."""

from dataclasses import replace
from datetime import date

from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.remarks import Remark, remarks
from gca_tui.domain.explanation.subject import subject
from gca_tui.domain.french import typeset
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.traces import Demarche
from gca_tui.domain.trop_percu import ExtraitNotification, Faits, Mois, Montants, Notification, TropPercu
from tests.strategies import AUTHORS, CONTEXT, NOW

COMPLETE = CaisseSettings(
    adresse="1 rue du Moulin, 68000 Mulhouse",
    telephone="3230",
    departement="Haut-Rhin",
    adresse_departement="2 rue du Moulin, 68000 Colmar",
    tribunal_administratif="Strasbourg",
    tribunal_judiciaire="Mulhouse",
    rsa_delegue=True,
)


def a_trop_percu(
    prestation: str, month: str = "2026-04", verse: int | None = 50_000, du: int | None = 0, **faits: object
) -> TropPercu:
    read = (Mois(id=month, extrait=Montants(verse=verse, du=du)),)
    return TropPercu(id=f"{prestation} {month}", prestation=prestation, mois=read, faits=Faits.model_validate(faits))


def said(
    *trop_percus: TropPercu,
    settings: CaisseSettings = COMPLETE,
    opened: tuple[str, ...] = (),
    letters: int = 1,
    today: date = date(2026, 11, 12),
) -> tuple[Remark, ...]:
    sent = ExtraitNotification(notifiee_le=date(2026, 11, 2), recue_le=date(2026, 11, 12))
    notifications = [Notification(id=f"N{n}", extrait=sent, trop_percus=trop_percus) for n in range(letters)]
    demarches = tuple(
        Demarche(id=nature, nature=nature, recue_le=date(2026, 11, 12), author=AUTHORS[0], at=NOW) for nature in opened
    )
    dossier = Dossier(caisse="681", matricule="0123456", notifications=tuple(notifications), demarches=demarches)
    context = replace(CONTEXT, today=today, settings=Settings(caisses={"681": settings}))
    return remarks(subject(dossier, notifications[0], context), dossier)


def holds(found: tuple[Remark, ...], words: str) -> bool:
    return any(typeset(words) in remark.text for remark in found)


def test_prime_d_activite_has_nothing_to_validate_of_its_own() -> None:
    assert not any(remark.text.startswith("Prime d’activité") for remark in said(a_trop_percu("PPA")))


def test_what_nobody_read_is_listed_in_plain_words() -> None:
    found = said(a_trop_percu("RSA"), a_trop_percu("APL"), a_trop_percu("AEFA"))
    assert holds(found, "Revenu de solidarité active, à valider : l’effet de la demande de rectification")
    assert holds(found, "le délai pour saisir le juge")
    assert holds(found, "aucun texte lu ne dit si le recours suspend les retenues")
    assert holds(found, "Aide exceptionnelle de fin d’année (prime de Noël), à valider : le délai de rectification")


def test_every_field_to_validate_has_plain_words() -> None:
    found = said(*(a_trop_percu(code) for code in CONTEXT.lexicon.prestations))
    assert not any("_" in remark.text or "R.262-92-1 III" in remark.text for remark in found)


def test_a_doubtful_member_of_a_family_is_said_when_it_is_there() -> None:
    assert holds(said(a_trop_percu("AJPA")), "le rattachement de la prestation")
    assert not holds(said(a_trop_percu("AF")), "le rattachement de la prestation")


def test_days_are_counted_without_extension() -> None:
    assert holds(said(a_trop_percu("PPA")), "sans report pour un jour férié")


class TestSettings:
    def test_what_the_caisse_did_not_set(self) -> None:
        found = said(a_trop_percu("RSA"), settings=CaisseSettings())
        wanted = "adresse, téléphone, département, adresse du département, tribunal administratif"
        assert holds(found, f"Réglages de la Caf du Haut-Rhin à compléter : {wanted}.")
        assert holds(found, "sauf si la convention délègue cette décision à la Caf")

    def test_only_the_court_that_is_wanted(self) -> None:
        assert holds(said(a_trop_percu("AF"), settings=CaisseSettings()), "adresse, téléphone, tribunal judiciaire.")

    def test_nothing_when_all_is_set(self) -> None:
        assert not holds(said(a_trop_percu("RSA"), a_trop_percu("AF")), "Réglages")


class TestPrescription:
    def test_a_month_older_than_two_years_before_the_letter(self) -> None:
        assert holds(
            said(a_trop_percu("PPA", "2024-10")), "Prime d’activité, pour octobre 2024 : prescription à vérifier"
        )
        assert holds(said(a_trop_percu("AF", "2024-11")), "prescription à vérifier")

    def test_not_a_younger_one(self) -> None:
        assert not holds(said(a_trop_percu("PPA", "2024-12")), "prescription à vérifier")

    def test_not_where_fraud_is_said(self) -> None:
        assert not holds(said(a_trop_percu("PPA", "2020-10", responsabilite="64")), "prescription à vérifier")


def test_fraud_leaves_the_queue() -> None:
    assert holds(said(a_trop_percu("PPA", responsabilite="64")), "le dossier doit quitter la file")


def test_housing_before_2020_has_another_judge() -> None:
    assert holds(said(a_trop_percu("ALF", "2019-12")), "avant 2020, le juge n’est pas le tribunal administratif")
    assert not holds(said(a_trop_percu("ALF", "2020-01")), "avant 2020, le")
    assert not holds(said(a_trop_percu("APL", "2019-12")), "avant 2020, le")


def test_amounts_that_do_not_hold() -> None:
    assert holds(said(a_trop_percu("PPA", verse=100, du=200)), "Prime d’activité, avril 2026 : le montant dû dépasse")
    assert holds(said(a_trop_percu("PPA", du=None)), "avril 2026 : montant versé ou dû inconnu")
    assert holds(said(TropPercu(id="T", prestation="PPA")), "Prime d’activité : aucun mois n’est connu")


def test_a_prestation_nobody_knows() -> None:
    assert holds(said(a_trop_percu("XYZ")), "Prestation XYZ inconnue : le recours est à écrire")


class TestDemarches:
    def test_something_suspensive_is_open(self) -> None:
        found = said(a_trop_percu("RSA"), a_trop_percu("APL"), opened=("remise", "recours"))
        assert holds(found, "recours et demande de remise de dette en cours. Suspensif : pas de retenue")
        assert not holds(found, "Aides au logement (APL, ALF, ALS) et prime de déménagement : recours")

    def test_nothing_of_the_kind_without_any(self) -> None:
        assert not holds(said(a_trop_percu("RSA")), "pas de retenue")

    def test_mediation_and_rectification(self) -> None:
        found = said(a_trop_percu("PPA"), opened=("mediation", "rectification"))
        assert holds(found, "Médiation en cours : elle suspend les délais de recours")
        assert holds(found, "elle interrompt le délai de recours")

    def test_which_letter_they_are_about(self) -> None:
        assert holds(said(a_trop_percu("PPA"), opened=("recours",), letters=2), "Plusieurs notifications")
        assert not holds(said(a_trop_percu("PPA"), opened=("recours",)), "Plusieurs notifications")


class TestWhatIsSaidOfTheCaf:
    def test_payments_went_on_after_it_was_known(self) -> None:
        words = "versements faits après le 3 mars 2026"
        assert holds(said(a_trop_percu("PPA", "2026-04", connu_le=date(2026, 3, 3))), words)
        assert not holds(said(a_trop_percu("PPA", "2026-03", connu_le=date(2026, 3, 3))), words)
        assert not holds(said(a_trop_percu("PPA", "2026-04", connu_le=date(2026, 3, 3), responsabilite="10")), words)

    def test_the_side_of_a_third_party_is_a_reading(self) -> None:
        assert holds(said(a_trop_percu("PPA", responsabilite="66")), "Responsabilité d’un tiers : lecture du projet")
        assert not holds(said(a_trop_percu("PPA", responsabilite="61")), "Responsabilité d’un tiers")


def test_a_delay_that_has_passed_is_told_to_whoever_signs() -> None:
    passed = said(a_trop_percu("PPA"), today=date(2026, 12, 3))
    assert holds(passed, "Délai passé depuis le 2 décembre 2026 : demander une rectification (PPA)")
    assert not holds(passed, "faire un recours (PPA)")
    assert not holds(said(a_trop_percu("PPA"), today=date(2026, 12, 2)), "Délai passé")


def test_each_prestation_has_its_own_text_on_prescription() -> None:
    sources = {
        code: next(one.source for one in said(a_trop_percu(code, "2024-10")) if "prescription" in one.text)
        for code in ("AF", "AAH", "PPA", "RSA")
    }
    assert sources["AF"] == "CSS L.553-1"
    assert sources["AAH"] == "CSS L.821-5"
    assert sources["PPA"].startswith("CSS L.845-4")
    assert sources["RSA"].startswith("CASF L.262-45")
