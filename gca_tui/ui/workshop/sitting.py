"""One notification being explained: what the store says of it, and the commands and drafts that come of the text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from gca_tui import clock
from gca_tui.domain.command import Command, Context
from gca_tui.domain.commands.explanation import EditExplanation, OverrideChecks
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.french import count, euros, short_date
from gca_tui.domain.trop_percu import SECTIONS, Explication, Notification
from gca_tui.presentation.safe_text import pasted
from gca_tui.store.drafts import EXPLANATION, Begun, Place
from gca_tui.store.drafts_left import REPLACED
from gca_tui.ui.desk import Desk

KEPT = 10
"""Replaced texts that stay readable."""
Texts = dict[str, str]
"""The sections by name."""


def shown(explication: Explication) -> Texts:
    """The sections as an editor holds them: what may not be shown is not there."""
    return {name: pasted(getattr(explication, name)) for name in SECTIONS}


class Sitting:
    """The dossier and notification as last read. Reading is cheap; what writes gives a future."""

    notification: Notification = Notification(id="")
    proposed: Texts | None = None
    """What the facts gave for an explanation nobody had written: made again at the next opening, from newer facts."""
    has_left = False
    """Whether the dossier was taken away from this store."""
    made: Texts | None = None
    """What the facts gave last, whatever it took the place of."""

    def __init__(self, desk: Desk, dossier: Dossier, notification: str) -> None:
        self.desk = desk
        self.key = (dossier.caisse, dossier.matricule)
        self.id = notification
        self.place = Place(*self.key, EXPLANATION, notification)
        self._take(dossier)
        self._seen = desk.window.data_version()
        self._begin()

    def _take(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.context: Context = self.desk.context()
        found = next((one for one in dossier.notifications if one.id == self.id), None)
        self.is_there = found is not None
        self.notification = found or self.notification

    def _begin(self) -> None:
        explication = self.notification.explication
        self._begun = Begun(self.dossier.rev, {name: getattr(explication, name) for name in SECTIONS})
        self.saved = shown(explication)

    @property
    def subject(self) -> Subject:
        """What the text is about."""
        return subject(self.dossier, self.notification, self.context, self.desk.person.author())

    @property
    def title(self) -> str:
        """Dossier, letter and total, on one line."""
        sent = self.notification.extrait.notifiee_le
        letter = f"du {short_date(sent)}" if sent else "à notifier"
        head = f"Explication {self.dossier.key.label} {self.dossier.allocataire.label}"
        due = "à expliquer" if self.subject.must_explain else "sous le seuil"
        return f" {head} · {euros(self.notification.montant)} {letter} · {due}"

    def follow(self) -> bool:
        """Read again when somebody wrote; whether the dossier changed."""
        version = self.desk.window.data_version()
        if version == self._seen:
            return False
        self._seen = version
        return self.read()

    def read(self) -> bool:
        """Read again; whether the dossier changed. A dossier that is gone leaves what was known."""
        found = self.desk.dossier(self.key)
        self.has_left = found is None and self.desk.is_tied
        if found is None or found == self.dossier:
            return False
        self._take(found)
        return True

    def others_text(self) -> bool:
        """Whether somebody saved another text since this one was begun."""
        return shown(self.notification.explication) != self.saved

    def settled(self) -> None:
        """What is saved is the new beginning."""
        self.read()
        self._begin()

    def draft(self) -> tuple[Texts, str] | None:
        """What was typed before and not saved, and when."""
        found = self.desk.draft(self.place)
        if found is None:
            return None
        return {name: found[0].get(name, self.saved[name]) for name in SECTIONS}, found[1]

    def is_typed(self, texts: Mapping[str, str]) -> bool:
        """Whether an agent wrote some of it since it was saved, or made from the facts."""
        return texts not in (self.saved, self.proposed)

    def is_made(self, texts: Mapping[str, str]) -> bool:
        """Whether it is what the facts gave, and nobody typed in it since."""
        return texts == self.made

    def keep(self, texts: Mapping[str, str]) -> Future[None]:
        """Keep what is being typed; a text that nobody typed in is no draft."""
        fields = dict(texts) if self.is_typed(texts) else dict.fromkeys(SECTIONS, "")
        return self.desk.put_draft(self.place, fields, self._begun)

    def edit(self, texts: Mapping[str, str]) -> EditExplanation | None:
        """The command that saves the sections that changed; None when none did."""
        changed = {name: text for name, text in texts.items() if text != self.saved[name]}
        return EditExplanation(**self._stamp(), **changed) if changed else None

    def override(self, controles: tuple[int, ...], motif: str, seen: tuple[str, ...]) -> OverrideChecks:
        """The command that passes over all that was seen of some checks."""
        return OverrideChecks(**self._stamp(), controles=controles, motif=motif, vu=seen)

    def record(self, commands: list[Command], draft: Place | None) -> Future[list[Dossier]]:
        """Apply commands as one; the draft they come from goes with them."""
        return self.desk.record(commands, draft=draft)

    def _stamp(self) -> dict[str, Any]:
        return {**self.desk.stamp(self.key), "notification": self.id}

    def put_aside(self, texts: Mapping[str, str]) -> None:
        """Keep a text that another one replaces on screen; the newest KEPT of them are."""
        if not any(map(str.strip, texts.values())):
            return
        place = Place(*self.key, REPLACED, self.id)
        known = self.desk.draft(place)
        fields = {**(known[0] if known else {}), clock.now().isoformat(): json.dumps(dict(texts), ensure_ascii=False)}
        self.desk.put_draft(place, dict(sorted(fields.items())[-KEPT:]), Begun(self.dossier.rev))

    def put_asides(self) -> list[tuple[str, Texts]]:
        """The texts put aside, the newest first, with their instant (ISO)."""
        known = self.desk.draft(Place(*self.key, REPLACED, self.id))
        return [(at, json.loads(text)) for at, text in sorted(known[0].items(), reverse=True)] if known else []


def label(notification: Notification, *, due: bool) -> str:
    """A notification in a choice."""
    sent = notification.extrait.notifiee_le
    unwritten = "à expliquer" if due else "sous le seuil"
    state = unwritten if notification.explication.is_empty else "explication enregistrée"
    parts = count(len(notification.trop_percus), "trop-perçu")
    return f"{short_date(sent) if sent else 'à notifier'} · {euros(notification.montant)} · {parts} · {state}"
