"""What the agents of the demonstration wrote to families, well and badly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gca_tui.demo.sheet import Sheet
from gca_tui.domain.french import capital, euros
from gca_tui.domain.months import long_date, month_name, period


@dataclass(frozen=True)
class Letter:
    """One trop-perçu told: `votre` is the prestation as « votre prime d’activité », `mois` (paid, due) by month.

    `rectification` and `recours` are until when, in words. `months_told` False: the months are not told one by one.
    """

    votre: str
    mois: dict[str, tuple[int, int]]
    cause: str
    autorite: str
    juge: str
    contact: str
    prochaine_fois: str
    signature: str
    rectification: str = "dans les 20 jours qui suivent la réception de ce courrier"
    recours: str = "dans les deux mois qui suivent la réception de ce courrier"
    error: int = 0
    months_told: bool = True

    @property
    def sections(self) -> tuple[str, str, str, str]:
        """Raison, calcul, que faire, la prochaine fois; the total asked for is wrong by `error` cents."""
        raison = f"Nous avons recalculé {self.votre}, {period(list(self.mois))}.\n{self.cause}"
        return raison, self._calcul(), self._what_to_do(), f"{self.prochaine_fois}\n\n{self.signature}"

    def _calcul(self) -> str:
        paid, due = (sum(amounts) for amounts in zip(*self.mois.values(), strict=True))
        lines = [
            f"{capital(self.votre)}, {period(list(self.mois))} :",
            f"Vous avez reçu {euros(paid)}. Vous aviez droit à {euros(due)}. La différence est de {euros(paid - due)}.",
        ]
        if self.months_told:
            lines += [
                f"- {month_name(name)} : reçu {euros(one)}, droit {euros(other)}, différence {euros(one - other)}"
                for name, (one, other) in sorted(self.mois.items())
            ]
        return "\n".join([*lines, f"En tout, vous devez rembourser {euros(paid - due + self.error)}."])

    def _what_to_do(self) -> str:
        return "\n\n".join(
            (
                f"Une information est fausse ? Dites-le-nous {self.rectification}, par téléphone ou par écrit. "
                "C’est une demande de rectification.",
                f"Vous contestez la décision sur {self.votre} ? Écrivez {self.autorite} {self.recours}. "
                "Ce recours est obligatoire avant d’aller devant le juge. "
                f"Ensuite, vous pouvez saisir le {self.juge}.",
                "Vous ne pouvez pas payer en une fois ? Demandez un échéancier : vous payez chaque mois une partie.",
                "Vous ne pouvez pas payer du tout ? Demandez une remise de dette. Ce n’est pas une contestation.",
                self.contact,
            )
        )


def told_months(sheet: Sheet) -> dict[str, tuple[int, int]]:
    """What was paid and due each month, over its trop-perçus."""
    return {name: (read.verse or 0, read.du or 0) for one in sheet.indus for name, read in sorted(one.mois.items())}


def contact(caisse: str, adresse: str, telephone: str) -> str:
    """Where to turn to."""
    return f"Pour nous joindre : {caisse}, {adresse}. Téléphone : {telephone}."


def until(day: date) -> str:
    """The last day of a delay, in words."""
    return f"jusqu’au {long_date(day)}"
