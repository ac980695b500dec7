"""What a hurried agent may write that is wrong for the family, in a text that is otherwise the program's own."""

from dataclasses import dataclass
from datetime import date

import pytest

from gca_tui import reference
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Section, Texte
from gca_tui.domain.trop_percu import ExtraitNotification, Faits, Mois, Montants, Notification, TropPercu
from tests.domain.explanation.subjects import about, drafted

LEXICON = reference.lexicon()
FAITS = Faits(
    motif="50",
    evenement_le=date(2025, 11, 12),
    evenement="vous avez repris un travail à temps plein le mois même, novembre 2025",
    connu_le=date(2026, 6, 3),
    tiers=False,
)
MONTHS = (
    Mois(id="2026-03", extrait=Montants(verse=150_050, du=10_000)),
    Mois(id="2026-04", extrait=Montants(verse=114_000, du=20_000)),
)
PPA = TropPercu(id="PPA", prestation="PPA", motif="50", mois=MONTHS, faits=FAITS)
ONE = about(Notification(id="N", trop_percus=(PPA,)))
RECEIVED = ExtraitNotification(notifiee_le=date(2026, 10, 28), recue_le=date(2026, 11, 2))
TOLD = about(Notification(id="N", extrait=RECEIVED, trop_percus=(PPA,)))
END = "2\u00a0340,50\u00a0€.\n"
JUDGE = "vous pouvez saisir le tribunal administratif."
TWO_MONTHS = "deux mois qui suivent la réception de ce courrier"
TWENTY_DAYS = "20 jours qui suivent la réception de ce courrier"


@dataclass(frozen=True)
class Passage:
    """A passage of the draft replaced by another."""

    was: str
    becomes: str

    def in_the_draft(self, of: Subject) -> Texte:
        texte = drafted(of)
        at, longer = texte.whole.index(self.was), len(self.becomes) - len(self.was)
        sections = tuple(
            Section(one.name, one.start + longer * (one.start > at), one.end + longer * (one.end > at))
            for one in texte.sections
        )
        return Texte(texte.whole.replace(self.was, self.becomes, 1), sections)


def failing(was: str, becomes: str, of: Subject = ONE) -> list[int]:
    results = check_all(Passage(was, becomes).in_the_draft(of), of, LEXICON)
    return [one.controle for one in results if not one.ok]


def test_the_draft_itself_is_right() -> None:
    assert failing("", "") == failing("", "", TOLD) == []


@pytest.mark.parametrize(
    ("check", "was", "becomes"),
    [
        (3, END, END + "Cela fait mille cinq cents euros.\n"),
        (3, END, "deux mille trois cent quarante euros et cinquante centimes.\n"),
        (3, END, END + "Soit environ 1,5 k€.\n"),
        (3, END, END + "Soit deux mille €.\n"),
        (3, END, END + "Vous ne devez rien.\n"),
        (3, "reçu 1\u00a0500,50\u00a0€, droit 100,00\u00a0€", "reçu 100,00\u00a0€, droit 1\u00a0500,50\u00a0€"),
        (2, "de mars 2026 à avril 2026", "d’avril 2026 à mars 2026"),
        (2, "de mars 2026 à avril 2026", "de mars 2025 à avril 2025"),
        (5, "le mois même, novembre 2025", "le mois même, avril 2026"),
        (8, TWO_MONTHS, "mois qui suit la réception de ce courrier"),
        (8, TWO_MONTHS, "deux mois qui suivent la date de ce courrier"),
        (8, TWENTY_DAYS, "quinze jours qui suivent la réception de ce courrier"),
        (8, TWENTY_DAYS, "20 jours ouvrés qui suivent la réception de ce courrier"),
        (8, TWENTY_DAYS, TWENTY_DAYS + ", sous quinzaine si possible"),
        (8, JUDGE, "vous ne pouvez pas saisir le tribunal administratif."),
        (8, JUDGE, JUDGE + " Ce recours est inutile."),
        (8, JUDGE, JUDGE + " Cette décision est définitive."),
        (8, "Ce recours est obligatoire", "Ce recours n’est pas obligatoire"),
        (8, "Écrivez à la commission", "N’écrivez pas à la commission"),
        (8, "Contactez la Caf du Haut-Rhin", "Contactez la Caf de l’Ariège"),
    ],
)
def test_it_is_told(check: int, was: str, becomes: str) -> None:
    assert check in failing(was, becomes)


@pytest.mark.parametrize(
    ("was", "becomes"), [("22 novembre 2026", "23 novembre 2026"), ("2 janvier 2027", "3 janvier 2027")]
)
def test_a_last_day_that_is_wrong_by_one_is_told(was: str, becomes: str) -> None:
    assert failing(was, becomes, TOLD) == [8]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (JUDGE, JUDGE + " Vous ne pouvez pas saisir le tribunal avant ce recours."),
        (JUDGE, JUDGE + " Après ce délai, vous ne pourrez plus contester."),
        ("Contactez la Caf du Haut-Rhin", "Contactez votre Caf, la Caf du Haut-Rhin"),
        (END, END + "Vous n’avez rien à payer tout de suite.\n"),
    ],
)
def test_what_is_true_is_not_blamed(was: str, becomes: str) -> None:
    assert failing(was, becomes) == []
