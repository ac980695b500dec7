"""Taking dossiers on the remote store: one, the next one, a lot. Without an answer the work goes on here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.french import count
from gca_tui.store.views import Condition
from gca_tui.ui.reserving import LOT_PATIENCE, denial

if TYPE_CHECKING:
    from gca_tui.sync.claims import Claiming
    from gca_tui.ui.desk import Key
    from gca_tui.ui.screens.queue import QueueScreen
    from gca_tui.wire import Claims

LOT = 20
"""Dossiers in a lot."""
TRIES = 5
"""Dossiers given by the server that are not free here, after which this store's own order is followed."""
WORK, OF_THE_DAY = "work", "lot"
_BUSY = "Le serveur n’a pas encore répondu : un instant."


def take_one(screen: QueueScreen, key: Key) -> None:
    """Take a dossier: the server is asked first, so that a refusal says who has it and until when."""
    from gca_tui.domain.commands import Take

    if refusal := screen.reserving.refusal(key):
        screen.refuse(refusal)
        return
    run = screen.work.many(lambda one: Take(**screen.desk.stamp(one)), [key])
    if not screen.reserving.is_tied or run.refused:
        screen.work.give([Take(**screen.desk.stamp(key))], "Dossier pris.")
        return
    if screen.reserving.is_asking:
        screen.refuse(_BUSY)
        return

    def answered(answer: Claims | None) -> None:
        if answer and (refusal := denial(answer, key)):
            screen.refuse(refusal)
            return
        later = f"Dossier pris. {screen.reserving.why_not} réservé au prochain contact."
        screen.work.give([Take(**screen.desk.stamp(key))], "Dossier pris." if answer else later)

    screen.reserving.ask(lambda claiming: claiming.take([key]), answered)


def ask_next(screen: QueueScreen, tries: int = TRIES) -> None:
    """The next dossier: one given already and not opened yet, else the one the server gives."""
    reserving, following = screen.reserving, screen.following
    if reserving.is_asking:
        screen.refuse(_BUSY)
        return
    waiting = [key for key in reserving.mine(WORK) if not _is_held(screen, key)]
    if row := following.first_of(waiting):
        following.open(row)
        return
    passed, before = list(following.passed_keys), screen.key()
    reserving.ask(
        lambda claiming: claiming.next(passed),
        partial(_next_came, screen, before, tries),
        late=partial(_came_late, screen),
    )


def _next_came(screen: QueueScreen, before: Key | None, tries: int, answer: Claims | None) -> None:
    """Open what the server gave. An agent who went elsewhere meanwhile is not taken away from there."""
    following = screen.following
    if not screen.is_current or screen.key() != before:
        _came_late(screen, answer)
    elif answer is None:
        _without_server(screen)
    elif not answer.granted:
        following.next_here()
    else:
        key = (answer.granted[0].caisse, answer.granted[0].matricule)
        if row := following.first_of([key]):
            following.open(row)
            return
        following.passed_keys[key] = None
        screen.reserving.give_back([key])
        if tries > 1:
            ask_next(screen, tries - 1)
        else:
            following.next_here()


def _without_server(screen: QueueScreen) -> None:
    """My lot first, then the order of the day as this store knows it."""
    if row := screen.following.first_of(screen.reserving.mine(OF_THE_DAY)):
        screen.following.open(row, f"{screen.reserving.why_not} suivant de votre lot.")
    else:
        screen.following.next_here(f"{screen.reserving.why_not} suivant dans l’ordre de ce poste.")


def _came_late(screen: QueueScreen, answer: Claims | None) -> None:
    """What came when nobody waited for it any more is given back."""
    if answer:
        screen.reserving.give_back([(one.caisse, one.matricule) for one in answer.granted])


def take_lot(screen: QueueScreen, natures: Sequence[str], condition: Condition) -> None:
    """Take a lot on the server and work it; without an answer, the same sequence without a lease."""
    if screen.reserving.is_asking:
        screen.refuse(_BUSY)
        return

    def answered(answer: Claims | None) -> None:
        if answer is None:
            _lot_here(screen, condition)
        else:
            _work_on(screen, [(one.caisse, one.matricule) for one in answer.granted])

    screen.reserving.ask(partial(_lot, natures), answered, late=partial(_came_late, screen), patience=LOT_PATIENCE)


def resume_lot(screen: QueueScreen) -> None:
    """Work again what is left of the lot."""
    _work_on(screen, screen.reserving.mine(OF_THE_DAY))


def give_lot_back(screen: QueueScreen) -> None:
    """Give back what is left of the lot."""
    keys = screen.reserving.mine(OF_THE_DAY)
    screen.reserving.give_back(keys)
    screen.announce(f"{count(len(keys), 'dossier rendu', 'dossiers rendus')}.")


def _lot(natures: Sequence[str], claiming: Claiming) -> Claims:
    """So many dossiers of these natures together."""
    answer = claiming.lot(natures[0], LOT)
    for nature in natures[1:]:
        if (missing := LOT - len(answer.granted)) > 0:
            more = claiming.lot(nature, missing)
            answer = answer.model_copy(update={"granted": (*answer.granted, *more.granted)})
    return answer


def _work_on(screen: QueueScreen, keys: Sequence[Key]) -> None:
    rows = [row for key in keys if (row := screen.desk.window.row(*key))]
    if not screen.following.start_with({row.id for row in rows}, "Lot réservé."):
        screen.refuse("Aucun dossier libre de cette nature dans vos corbeilles.")


def _lot_here(screen: QueueScreen, condition: Condition) -> None:
    window = screen.desk.window
    said = f"{screen.reserving.why_not} lot sans réservation, demandée au prochain contact."
    ids = screen.following.start_with(window.matching(condition, screen.desk.today), said)
    if not ids:
        screen.refuse("Aucun dossier de cette sorte dans votre corbeille.")
    first = list(ids[:LOT])
    screen.reserving.intend([row.key for row in window.rows(first).values()])


def _is_held(screen: QueueScreen, key: Key) -> bool:
    row = screen.desk.window.row(*key)
    return row is not None and bool(row.holder)
