"""What each role may push."""

from __future__ import annotations

import json

import pytest

from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.server.roles import KINDS, RECEPTION, ROLES, SYSTEM, WORK, may


def test_the_kinds_are_those_of_the_program() -> None:
    assert set(json.loads(json.dumps(ANY_COMMAND.json_schema()))["discriminator"]["mapping"]) == KINDS


@pytest.mark.parametrize("role", ROLES)
def test_no_role_speaks_for_the_information_system(role: str) -> None:
    assert not any(may(role, kind) for kind in SYSTEM)


def test_reception_tells_and_never_decides() -> None:
    assert RECEPTION < WORK
    assert not RECEPTION & {"take", "close", "edit_explanation", "treat_piece", "report_suspicion", "override_checks"}


@pytest.mark.parametrize(("role", "kind"), [("admin", "add_note"), ("inconnu", "add_note"), ("gca", "de_demain")])
def test_what_is_not_listed_is_refused(role: str, kind: str) -> None:
    assert not may(role, kind)
