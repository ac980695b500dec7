"""What the exchanges make of answers that are not plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gca_tui.domain.settings import Settings
from gca_tui.errors import Rejected, SyncError
from gca_tui.sync import faults_told as told
from gca_tui.wire import Hello, Push, Pushed, Result, Status

TOGETHER = 340
"""Lines taken in one transaction: the writing thread is the agent's too. About 20 ms of it, and a commit."""
FURTHEST, DEAREST = 3_660, 1 << 53
"""Days of a target, cents of a threshold, that no caisse would set."""
NOT_TAKEN = "contenu"
"""The code of a command that the server did not read."""
OF_CONTENT = frozenset({413, 422})
"""Statuses that are about what was sent, and not about how or where."""
_AROUND = frozenset(Push.model_fields) - {"ops"}
_COMMAND = re.compile(r"ops\.(\d+)(?:\.|$)")


def parts(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Lines in handfuls, as they come. Those that came before the line broke are given before the error."""
    some: list[bytes] = []
    try:
        for line in lines:
            some.append(line)
            if len(some) >= TOGETHER:
                yield some
                some = []
    except SyncError:
        if some:
            yield some
        raise
    if some:
        yield some


def check_rules(hello: Hello) -> None:
    """Raise Unreachable for rules that this program cannot work with: those it has go on."""
    try:
        rules = Settings.model_validate(hello.settings)
    except (ValueError, RecursionError) as error:
        raise told.garbled("des règles ne se lisent pas") from error
    targets = all(0 <= one.days <= FURTHEST for one in rules.targets)
    thresholds = (rules.threshold, *(one.threshold or 0 for one in rules.caisses.values()))
    if not (targets and rules.history_limit > 0 and all(0 <= one < DEAREST for one in thresholds)):
        raise told.garbled("des règles ne tiennent pas")


def without_unreadable(push: Push, error: Rejected) -> Pushed:
    """What becomes of a push that the server does not take: the commands it names are refused, the others wait.

    One that cannot be taken must not hold up all the others for ever. Where none is named all wait, to be sent again
    fewer at a time; what was given together and went alone is refused. Raises an error that is not about the content.
    """
    named = _named(push, error.faults)
    reasons = {push.ops[index].tx: reason for index, reason in named.items()}
    if not named:
        if error.status not in OF_CONTENT or any(field.partition(".")[0] in _AROUND for field in error.faults):
            raise error
        groups = {op.tx for op in push.ops}
        reasons = dict.fromkeys(groups, error.happened) if len(groups) == 1 else {}
    return Pushed(results=tuple(_result(str(op.command["id"]), reasons.get(op.tx)) for op in push.ops))


def _named(push: Push, faults: Mapping[str, str]) -> dict[int, str]:
    found = ((_COMMAND.match(field), field, why) for field, why in faults.items())
    named = {
        int(match[1]): f"{field.partition('.command.')[2] or field} : {why}" for match, field, why in found if match
    }
    return {index: why for index, why in named.items() if index < len(push.ops)}


def _result(command_id: str, reason: str | None) -> Result:
    status: Status = "waiting" if reason is None else "refused"
    code = "" if reason is None else NOT_TAKEN
    return Result(id=command_id, status=status, code=code, reason=reason or "")
