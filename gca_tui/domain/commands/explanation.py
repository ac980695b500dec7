"""What an explanation is made of: facts, months, sections, and a blocking check passed over for a written reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, check_erased, refuse_unless
from gca_tui.domain.dossier import CLOS, LEFT_THE_QUEUE, TRANSMIS, Dossier
from gca_tui.domain.explanation.checking import check_notification
from gca_tui.domain.explanation.results import BLOCKING, Result
from gca_tui.domain.french import euros
from gca_tui.domain.paths import path, read
from gca_tui.domain.trop_percu import SECTIONS, Faits, Montants, Notification, Passage, TropPercu, Version
from gca_tui.domain.values import Value

SECTION_LIMIT = 20_000
"""Characters of one section."""
_NOTHING_SAID = Faits()
CODES = {"motif": "motifs", "origine": "origines", "responsabilite": "responsabilites"}


class OnNotification(Command):
    """A command about one notification."""

    notification: str

    def letter(self, dossier: Dossier) -> Notification:
        """The notification. Raises CommandRefused when it is not there, or the dossier is closed or left the queue.

        What was complete at the closing would else be undone behind it.
        """
        refuse_unless(dossier.etat != TRANSMIS, "transmis", LEFT_THE_QUEUE)
        refuse_unless(dossier.etat != CLOS, "clos", "Le dossier est clos : rouvrez-le d’abord (C).")
        found = read(dossier, path("notifications", self.notification))
        refuse_unless(found, "notification_inconnue", "Cette notification n’est pas dans le dossier.")
        assert isinstance(found, Notification)
        return found


class EstablishFacts(OnNotification):
    """Say what is known of one or several trop-perçus of a notification; None leaves what was said.

    `effacer` names the facts taken back: nothing is said of them any more.
    """

    kind: Literal["establish_facts"] = "establish_facts"
    trop_percus: tuple[str, ...]
    motif: str | None = None
    origine: str | None = None
    responsabilite: str | None = None
    evenement_le: date | None = None
    evenement: str | None = None
    regle: str | None = None
    connu_le: date | None = None
    connu_par: str | None = None
    tiers: bool | None = None
    tiers_nom: str | None = None
    tiers_contenu: str | None = None
    prochaine_fois: str | None = None
    effacer: tuple[str, ...] = ()

    def _given(self) -> dict[str, Any]:
        return {name: said for name in Faits.model_fields if (said := getattr(self, name)) is not None}

    def _said(self) -> dict[str, Any]:
        return self._given() | {name: getattr(_NOTHING_SAID, name, None) for name in self.effacer}

    def writes(self) -> tuple[str, ...]:
        """Each fact said or taken back, of each trop-perçu."""
        return tuple(
            path("notifications", self.notification, "trop_percus", one, "faits", name)
            for one in self.trop_percus
            for name in self._said()
        )

    def check(self, dossier: Dossier, context: Context) -> None:
        """The trop-perçus exist, codes are known and tell no fraud, nothing is learnt before it happens nor to come."""
        known = {one.id: one for one in self.letter(dossier).trop_percus}
        refuse_unless(
            self.trop_percus and set(self.trop_percus) <= set(known),
            "trop_percu_inconnu",
            "Ce trop-perçu n’est pas dans la notification.",
        )
        check_erased(self.effacer, self._given(), Faits.model_fields)
        self._check_codes(context)
        for day in (self.evenement_le, self.connu_le):
            refuse_unless(day is None or day <= context.today, "date_a_venir", "Cette date n’est pas encore venue.")
        for one in self.trop_percus:
            faits = known[one].faits
            happened, learnt = (self._said().get(name, getattr(faits, name)) for name in ("evenement_le", "connu_le"))
            refuse_unless(
                happened is None or learnt is None or happened <= learnt,
                "dates",
                "La Caf ne peut pas avoir connu l’événement avant qu’il ait lieu : corrigez l’une des deux dates.",
            )

    def _check_codes(self, context: Context) -> None:
        for name, entries in CODES.items():
            code = getattr(self, name)
            listed = getattr(context.lexicon, entries)
            refuse_unless(not code or not listed or code in listed, "code_inconnu", f"Le code « {code} » n’existe pas.")
        responsibility = context.lexicon.responsabilites.get(self.responsabilite or "")
        refuse_unless(
            responsibility is None or responsibility.cote != "fraude",
            "fraude",
            "Une suspicion de fraude ne se note pas ici : transmettez le dossier, il quitte la file.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The facts said that are new."""
        said = {
            path("notifications", self.notification, "trop_percus", one, "faits", name): value
            for one in self.trop_percus
            for name, value in self._said().items()
        }
        return {name: value for name, value in said.items() if read(dossier, name) != value}


class MoisCorrige(Value):
    """What an agent read for one month, in cents."""

    mois: str
    verse: int
    du: int


class CorrectMonths(OnNotification):
    """Correct what was paid and due, month by month. `montant` is what the trop-perçu comes to: the months must add up.

    A month read as the extract has it is no correction.
    """

    kind: Literal["correct_months"] = "correct_months"
    trop_percu: str
    mois: tuple[MoisCorrige, ...]
    montant: int

    def _path(self, *rest: str) -> str:
        return path("notifications", self.notification, "trop_percus", self.trop_percu, *rest)

    def writes(self) -> tuple[str, ...]:
        """The agent's reading of each month."""
        return tuple(self._path("mois", one.mois, "corrige") for one in self.mois)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The months exist, none is negative nor due more than paid, and together they make the amount."""
        self.letter(dossier)
        found = read(dossier, self._path())
        refuse_unless(found, "trop_percu_inconnu", "Ce trop-perçu n’est pas dans la notification.")
        corrected = {one.mois: one for one in self.mois}
        unknown = sorted(set(corrected) - {mois.id for mois in found.mois})
        refuse_unless(not unknown, "mois_inconnu", f"Le mois {', '.join(unknown)} n’est pas dans ce trop-perçu.")
        for one in self.mois:
            label = f"{one.mois[5:]}/{one.mois[:4]}"
            refuse_unless(one.verse >= 0 and one.du >= 0, "montant_negatif", f"{label} : un montant est négatif.")
            refuse_unless(
                one.du <= one.verse,
                "du_superieur",
                f"{label} : dû {euros(one.du)} pour {euros(one.verse)} versés, ce mois n’est pas un trop-perçu.",
            )
        total = sum(
            corrected[mois.id].verse - corrected[mois.id].du if mois.id in corrected else mois.montant
            for mois in found.mois
        )
        refuse_unless(
            total == self.montant,
            "total",
            f"Les mois font {euros(total)} et le trop-perçu {euros(self.montant)} : "
            f"{euros(abs(total - self.montant))} de {'trop' if total > self.montant else 'moins'}.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The corrections that say something new."""
        found: TropPercu = read(dossier, self._path())
        months = {mois.id: mois for mois in found.mois}
        changes = {}
        for one in {one.mois: one for one in self.mois}.values():
            read_so = Montants(verse=one.verse, du=one.du)
            corrige = None if read_so == months[one.mois].extrait else read_so
            if corrige != months[one.mois].corrige:
                changes[self._path("mois", one.mois, "corrige")] = corrige
        return changes


class EditExplanation(OnNotification):
    """Write sections of the explanation; None leaves a section. What was there stays readable as a version."""

    kind: Literal["edit_explanation"] = "edit_explanation"
    raison: str | None = None
    calcul: str | None = None
    que_faire: str | None = None
    prochaine_fois: str | None = None

    def _said(self) -> dict[str, str]:
        return {name: said for name in SECTIONS if (said := getattr(self, name)) is not None}

    def writes(self) -> tuple[str, ...]:
        """Each section said, and the version."""
        sections = (path("notifications", self.notification, "explication", name) for name in self._said())
        return (*sections, path("notifications", self.notification, "versions", self.id))

    def check(self, dossier: Dossier, context: Context) -> None:
        """The notification exists, something is said, and no section is out of all measure."""
        self.letter(dossier)
        refuse_unless(self._said(), "explication_vide", "Aucune section n’est donnée.")
        long = [SECTIONS[name] for name, said in self._said().items() if len(said) > SECTION_LIMIT]
        refuse_unless(not long, "trop_long", f"« {', '.join(long)} » dépasse {SECTION_LIMIT} caractères.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The sections that changed and the whole as it stands after."""
        letter = self.letter(dossier)
        now = {name: getattr(letter.explication, name) for name in SECTIONS}
        changed = {name: said for name, said in self._said().items() if said != now[name]}
        if not changed:
            return {}
        version = Version(id=self.id, author=self.author, at=self.at, **(now | changed))
        sections = {path("notifications", self.notification, "explication", name): changed[name] for name in changed}
        return {**sections, path("notifications", self.notification, "versions", self.id): version}


class OverrideChecks(OnNotification):
    """Pass over blocking checks, for a reason that stays in the history and is shown to whoever reviews.

    `vu` is what its author read of them: applied to a text that changed meanwhile it covers nothing else. None: all
    that they say when it is applied.
    """

    kind: Literal["override_checks"] = "override_checks"
    controles: tuple[int, ...]
    motif: str
    vu: tuple[str, ...] | None = None

    def writes(self) -> tuple[str, ...]:
        """One passage a check."""
        return tuple(self._place(controle) for controle in self.controles)

    def _place(self, controle: int) -> str:
        return path("notifications", self.notification, "passages", f"{self.id}-{controle}")

    def check(self, dossier: Dossier, context: Context) -> None:
        """There is a reason, and each check is one that blocks and fails now."""
        letter = self.letter(dossier)
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi vous passez outre.")
        refuse_unless(
            self.controles and set(self.controles) <= set(BLOCKING),
            "controle",
            "On ne passe outre qu’à un contrôle bloquant, de 1 à 8.",
        )
        results = {one.controle: one for one in check_notification(dossier, letter, context) if not one.ok}
        held = [str(one) for one in self.controles if one not in results]
        refuse_unless(not held, "controle", f"Le contrôle {', '.join(held)} est satisfait : rien à passer outre.")
        other = [str(one) for one in self.controles if not self._covered(results[one])]
        refuse_unless(
            not other,
            "texte_change",
            f"Le contrôle {', '.join(other)} dit maintenant autre chose : relisez-le avant de passer outre.",
        )

    def _covered(self, result: Result) -> tuple[str, ...]:
        said = tuple(finding.dire for finding in result.findings)
        return said if self.vu is None else tuple(one for one in said if one in self.vu)

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """What each check says now, as far as it was read, is covered, and no more."""
        results = {one.controle: one for one in check_notification(dossier, self.letter(dossier), context)}
        return {
            self._place(controle): Passage(
                id=f"{self.id}-{controle}",
                controle=controle,
                motif=self.motif,
                couvre=self._covered(results[controle]),
                author=self.author,
                at=self.at,
            )
            for controle in self.controles
        }
