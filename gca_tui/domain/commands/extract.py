"""System commands: what a newer extract of the information system says, laid under what agents wrote.

An extract may lack columns: a field that it does not set keeps its value, and a list left None is not looked at. When
lines of a dossier were rejected its extract is `partial`: what it does not hold may still be there. An extract older
than what a dossier has is refused there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any, Literal, TypeVar

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.french import short_date
from gca_tui.domain.paths import changed, path
from gca_tui.domain.pieces import ExtraitPiece, Piece
from gca_tui.domain.trop_percu import ExtraitNotification, Mois, Montants, Notification, TropPercu
from gca_tui.domain.values import Item, Value, trusted

OLDER = "extrait_ancien"
"""Code of the refusal of an extract older than what the dossier has."""
A_NOTIFIER = "N-a-notifier"
_NEW_PIECE = {"id", "extrait"}
_BLANK = Dossier(caisse="", matricule="")
Layer = TypeVar("Layer", bound=Value)


class ReadPiece(Item):
    """A pièce as read; `id` is the information system's."""

    extrait: ExtraitPiece


class ReadIndu(Item):
    """A trop-perçu as read; the cents of each month by `AAAA-MM`. No `notifiee_le`: still to be notified."""

    reference: str = ""
    prestation: str = ""
    motif: str = ""
    notifiee_le: date | None = None
    recue_le: date | None = None
    mois: dict[str, Montants] = Field(default_factory=dict)


class ReceiveExtract(Command):
    """Replace the information system's side of a dossier. `le` is the day of the import.

    A field that is not set is a column that the extract lacks, and its JSON leaves it out.
    """

    kind: Literal["receive_extract"] = "receive_extract"
    le: date
    allocataire: Allocataire = Allocataire()
    prestations: tuple[str, ...] | None = None
    convention: str | None = None
    urgence: str | None = None
    pieces: tuple[ReadPiece, ...] | None = None
    indus: tuple[ReadIndu, ...] | None = None
    partial: bool = False

    @model_serializer(mode="wrap")
    def _only_what_is_set(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = _only_set(self, dump(self))
        return dumped

    def writes(self) -> tuple[str, ...]:
        """The places it may set; which of them depends on the dossier."""
        return ("allocataire", "prestations", "convention", "extrait", "notifications", "pieces")

    def check(self, dossier: Dossier, context: Context) -> None:
        """No newer extract is in the dossier."""
        _refuse_older(self.le, dossier.extrait.newest)

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Only what differs: the same extract twice changes nothing."""
        differs = dict(self._identity(dossier))
        if self.pieces is not None:
            differs.update(self._pieces(dossier, context))
        if self.indus is not None:
            differs.update(_notifications(dossier, self.indus, None if self.partial else self.le))
        urgence = dossier.extrait.urgence if self.urgence is None else self.urgence
        if differs or urgence != dossier.extrait.urgence or dossier.extrait.absente_le:
            update = {"importe_le": self.le, "urgence": urgence, "absente_le": None}
            if urgence != dossier.extrait.urgence:
                update["urgence_le"] = self.le if urgence else None
            differs["extrait"] = changed(dossier.extrait, update)
        return differs

    def first(self, context: Context) -> dict[str, Any]:
        """The fields of a dossier that this extract makes: `changes` on a blank one, without its paths."""
        said = dict(self._identity(_BLANK))
        if pieces := dict(self._pieces(_BLANK, context)):
            said["pieces"] = tuple(pieces.values())
        if notifications := dict(_notifications(_BLANK, self.indus or (), None)):
            said["notifications"] = tuple(notifications.values())
        if said or self.urgence:
            extrait = {"importe_le": self.le, "urgence": self.urgence or "", "absente_le": None}
            if self.urgence:
                extrait["urgence_le"] = self.le
            said["extrait"] = changed(_BLANK.extrait, extrait)
        return said

    def _identity(self, dossier: Dossier) -> Iterator[tuple[str, Any]]:
        allocataire = _laid_over(dossier.allocataire, self.allocataire)
        if allocataire != dossier.allocataire:
            yield "allocataire", allocataire
        if self.prestations is not None and self.prestations != dossier.prestations:
            yield "prestations", self.prestations
        if "convention" in self.model_fields_set and self.convention != dossier.convention:
            yield "convention", self.convention

    def _pieces(self, dossier: Dossier, context: Context) -> Iterator[tuple[str, Any]]:
        known = {piece.id: piece for piece in dossier.pieces}
        for read in self.pieces or ():
            old = known.get(read.id)
            extrait = _laid_over(old.extrait, read.extrait) if old else read.extrait
            received = extrait.recue_le
            masse = received is not None and context.settings.is_mass(extrait.nature, received.isoformat()[5:])
            if masse != extrait.masse:
                extrait = changed(extrait, {"masse": masse})
            if old is None:
                yield path("pieces", read.id), trusted(Piece, {"id": read.id, "extrait": extrait}, _NEW_PIECE)
            elif extrait != old.extrait or old.absente_le:
                yield path("pieces", read.id), changed(old, {"extrait": extrait, "absente_le": None})
        present = {read.id for read in self.pieces or ()} if known else ()
        for gone in dossier.pieces:
            if gone.id not in present and gone.absente_le is None and not self.partial:
                yield path("pieces", gone.id), changed(gone, {"absente_le": self.le})


class MarkAbsent(Command):
    """Say that the extract of that day no longer holds the dossier. It is not closed: somebody looks."""

    kind: Literal["mark_absent"] = "mark_absent"
    le: date

    def writes(self) -> tuple[str, ...]:
        """The mark."""
        return ("extrait.absente_le",)

    def check(self, dossier: Dossier, context: Context) -> None:
        """No newer extract holds the dossier."""
        _refuse_older(self.le, dossier.extrait.importe_le)

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The mark keeps the first day."""
        return {} if dossier.extrait.absente_le else {"extrait.absente_le": self.le}


def _refuse_older(le: date, known: date | None) -> None:
    if known and le < known:
        newer = f"un extrait du {short_date(known)} est déjà dans le dossier"
        raise CommandRefused(OLDER, f"Extrait du {short_date(le)} ignoré : {newer}.")


def _only_set(value: Any, dumped: Any) -> Any:
    """What was dumped of a value without the fields that it does not set, however deep; the kind always says itself.

    One that is not its default is told even so: values made without validation may not count it as set.
    """
    if isinstance(value, Value):
        given = {"kind", *value.model_fields_set, *(value.model_extra or ())}
        return {
            name: _only_set(getattr(value, name), inner)
            for name, inner in dumped.items()
            if name in given or getattr(value, name) != _default(value, name)
        }
    if isinstance(value, tuple):
        return [_only_set(one, inner) for one, inner in zip(value, dumped, strict=True)]
    if isinstance(value, dict):
        return {name: _only_set(value.get(name), inner) for name, inner in dumped.items()}
    return dumped


def _default(value: Value, name: str) -> Any:
    return type(value).model_fields[name].get_default(call_default_factory=True)


def _laid_over(old: Layer, read: Layer) -> Layer:
    """The old layer with the fields that the extract sets; what a newer program added to it stays."""
    if read.model_fields_set >= type(read).__pydantic_fields__.keys() and not old.model_extra:
        return read
    return changed(old, {name: getattr(read, name) for name in read.model_fields_set})


def _notifications(dossier: Dossier, indus: tuple[ReadIndu, ...], absent: date | None) -> Iterator[tuple[str, Any]]:
    """The notifications that change: indus of one day are one letter, those without a day are one to be notified.

    What the extract does not hold is marked with the day `absent`, or left alone when lines were rejected (None).

    A letter keeps its id, its explanation and its reception while it keeps any of its trop-perçus, even when the
    information system gives it its date later. The order of the lines read does not matter.
    """
    if not indus and not dossier.notifications:
        return
    read = {indu.id: indu for indu in indus}
    known = {trop_percu.id: trop_percu for trop_percu in dossier.trop_percus}
    free = {notification.id: notification for notification in dossier.notifications}
    letters = _letters(dossier, read)
    for day in sorted(letters, key=lambda day: day or date.max):
        letter = letters[day]
        old = _same_letter(free, letter, day) or Notification(id=_new_id(dossier, day))
        free.pop(old.id, None)
        gone = [_absent(tp, absent) for tp in old.trop_percus if tp.id not in read]
        current = [_trop_percu(known.get(indu.id), indu, keep=absent is None) for indu in letter]
        update = {
            "extrait": _dates(old.extrait, letter, day),
            "trop_percus": tuple(sorted((*current, *gone), key=lambda trop_percu: trop_percu.id)),
        }
        new = changed(old, update)
        if new not in dossier.notifications:
            yield path("notifications", new.id), new
    for left in free.values():
        kept = tuple(_absent(tp, absent) for tp in left.trop_percus if tp.id not in read)
        if kept != left.trop_percus:
            yield path("notifications", left.id), changed(left, {"trop_percus": kept})


def _letters(dossier: Dossier, read: Mapping[str, ReadIndu]) -> dict[date | None, list[ReadIndu]]:
    days = {tp.id: old.extrait.notifiee_le for old in dossier.notifications for tp in old.trop_percus}
    letters: dict[date | None, list[ReadIndu]] = {}
    for indu in read.values():
        day = indu.notifiee_le if "notifiee_le" in indu.model_fields_set else days.get(indu.id)
        letters.setdefault(day, []).append(indu)
    return letters


def _same_letter(free: Mapping[str, Notification], letter: list[ReadIndu], day: date | None) -> Notification | None:
    """The known letter that shares trop-perçus with this one, of the same day rather than of another.

    Else one of the same day, unless it lost all its trop-perçus: its explanation would be read under others.
    """
    ids = {indu.id for indu in letter}
    shared = {old.id: len(ids & {tp.id for tp in old.trop_percus}) for old in free.values()}
    dated = [old for old in free.values() if old.extrait.notifiee_le == day]
    candidates = [old for old in free.values() if shared[old.id]] or [
        old for old in dated if old.trop_percus or old.explication.is_empty
    ]
    return max(candidates, key=lambda old: (old in dated, shared[old.id]), default=None)


def _new_id(dossier: Dossier, day: date | None) -> str:
    name = f"N-{day}" if day else A_NOTIFIER
    taken = {notification.id for notification in dossier.notifications}
    return next(free for n in count(1) if (free := name if n == 1 else f"{name}-{n}") not in taken)


def _dates(old: ExtraitNotification, letter: list[ReadIndu], day: date | None) -> ExtraitNotification:
    update = {"notifiee_le": day}
    said = [indu.recue_le for indu in letter if "recue_le" in indu.model_fields_set]
    if said:
        update["recue_le"] = min(filter(None, said), default=None)
    return changed(old, update)


def _trop_percu(old: TropPercu | None, indu: ReadIndu, *, keep: bool) -> TropPercu:
    base = old or TropPercu(id=indu.id)
    given = indu.model_fields_set & {"reference", "prestation", "motif"}
    update: dict[str, Any] = {name: getattr(indu, name) for name in given} | {"absente_le": None}
    if "mois" in indu.model_fields_set:
        update["mois"] = _months(base.mois, indu.mois, keep=keep)
    return changed(base, update)


def _months(old: tuple[Mois, ...], read: Mapping[str, Montants], *, keep: bool) -> tuple[Mois, ...]:
    """The months read; one that an agent corrected stays as it was when the extract no longer holds it."""
    known = {mois.id: mois for mois in old}
    months = {name: mois for name, mois in known.items() if mois.corrige or keep}
    for name, montants in read.items():
        mois = known.get(name) or Mois(id=name)
        months[name] = changed(mois, {"extrait": _laid_over(mois.extrait, montants)})
    return tuple(months[name] for name in sorted(months))


def _absent(trop_percu: TropPercu, le: date | None) -> TropPercu:
    return trop_percu if trop_percu.absente_le or le is None else changed(trop_percu, {"absente_le": le})
