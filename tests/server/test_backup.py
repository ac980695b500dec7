"""A backup holds everything of one moment, goes from one kind of base to the other, and is refused unless whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from gca_tui.errors import InputError
from gca_tui.server import backup
from gca_tui.server.access import identify
from gca_tui.server.administering import Person, add_agent, change_scopes, set_active
from gca_tui.server.backup import save
from gca_tui.server.base import open_base
from gca_tui.server.delegating import conventions, end_convention
from gca_tui.server.enrolling import install_for
from gca_tui.server.overseeing import quarantine, revoke
from gca_tui.server.restoring import read_manifest, restore
from gca_tui.server.service import Service
from gca_tui.server.tables import META, QUARANTINE
from gca_tui.server.verifying import verify
from tests.server.supply import dossiers, everything, files, heads, note, read, take

MARTIN = Person("martin", "681", "gca", ("681",), "Zoé Martin", "GCA")


@pytest.fixture
def filled(service):
    take(service, [read(n) for n in range(1, 8)])
    take(service, [read(8, convention="CONV", nom="Œuvré « é » \u2028\n")])
    note(service, 1, "Une note.")
    service.base.writing(lambda connection: add_agent(connection, MARTIN, service.now()))
    return service


@pytest.fixture
def other(request, tmp_path, filled) -> Iterator[Service]:
    """An empty base of the other kind."""
    where = str(tmp_path / "autre.db")
    if filled.base.is_sqlite:
        where = request.getfixturevalue("new_postgresql")()
    base = open_base(where)
    yield Service(base)
    base.close()


def install(service: Service, agent: str = "martin") -> tuple[str, str]:
    """A machine of an agent: its id and its token."""
    made = service.base.writing(lambda connection: install_for(connection, agent, "poste", 1, service.now()))
    return made.install, made.token


def scopes(service: Service, token: str) -> tuple[str, ...] | None:
    with service.base.read() as connection:
        who = identify(connection, token, service.now())
    return who and who.scopes


def meta(service: Service) -> dict[str, str]:
    with service.base.read() as connection:
        return {row.name: row.value for row in connection.execute(select(META))}


def test_it_goes_to_the_other_kind_of_base(filled, other, tmp_path):
    saved = save(filled, tmp_path / "s.gz")
    assert saved.counts["dossier"] == 8
    manifest = restore(other, tmp_path / "s.gz")
    assert (manifest.counts, manifest.sha256) == (saved.counts, saved.sha256)
    assert everything(other.base) == everything(filled.base)
    before, after = meta(filled), meta(other)
    assert before["server"] == after["server"]
    assert before["epoch"] != after["epoch"]
    assert int(after["rights"]) > int(before["rights"])
    assert verify(other).faults == ()
    take(other, [read(9)])
    assert verify(other).faults == ()


def test_it_is_for_its_owner_alone_and_leaves_nothing_beside(filled, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    save(filled, folder / "s.gz")
    assert files(folder) == {"s.gz"}
    assert (folder / "s.gz").stat().st_mode & 0o777 == 0o600


def test_it_is_of_one_moment(filled, tmp_path, monkeypatch):
    """What is written while it is made is not in it, in any table."""
    expected = everything(filled.base)
    line, late = backup.line, iter([lambda: take(filled, [read(90), read(1, nom="NEUF")])])

    def slow(value):
        next(late, lambda: None)()
        return line(value)

    monkeypatch.setattr(backup, "line", slow)
    save(filled, tmp_path / "s.gz")
    assert 90 in dossiers(filled.base)
    restore(filled, tmp_path / "s.gz", replace=True)
    assert everything(filled.base) == expected
    assert verify(filled).faults == ()


def test_a_base_that_is_used_is_replaced_only_when_asked(filled, tmp_path):
    save(filled, tmp_path / "s.gz")
    note(filled, 2, "Après la sauvegarde.")
    after = everything(filled.base)
    with pytest.raises(InputError, match="n’est pas vide"):
        restore(filled, tmp_path / "s.gz")
    assert everything(filled.base) == after
    restore(filled, tmp_path / "s.gz", replace=True)
    assert dossiers(filled.base)[2].notes == ()
    assert verify(filled).faults == ()


def test_who_may_work_stays_as_it_is_now(filled, tmp_path):
    kept, stolen = install(filled), install(filled)
    save(filled, tmp_path / "s.gz")
    late = install(filled)
    roux = Person("roux", "091", "gca", ("681/CONV", "681/NEUVE"))

    def changed(connection):
        now = filled.now()
        revoke(connection, stolen[0], now)
        add_agent(connection, roux, now)
        change_scopes(connection, "martin", ["681/CONV"], ["681"], now)
        end_convention(connection, "681/CONV", now.date())
        row = {"agent": "martin", "caisse": "681", "matricule": "0000001", "kind": "x", "body": "{}", "seen_by": ""}
        connection.execute(insert(QUARANTINE).values(id="q", motif="fin", at="2026", **row))

    filled.base.writing(changed)
    newcomer = install(filled, "roux")
    restore(filled, tmp_path / "s.gz", replace=True)
    assert [scopes(filled, token) for _, token in (kept, late, stolen)] == [("681/CONV",), ("681/CONV",), ()]
    assert scopes(filled, newcomer[1]) == ("681/CONV",)
    assert {"681", "681/CONV", "681/NEUVE"} <= heads(filled.base).keys()
    with filled.base.read() as connection:
        assert [(one.nom, one.fin is not None) for one in conventions(connection)] == [("CONV", True)]
        assert [one.id for one in quarantine(connection)] == ["q"]
    filled.base.writing(lambda connection: set_active(connection, "martin", active=False))
    restore(filled, tmp_path / "s.gz", replace=True)
    assert scopes(filled, kept[1]) == ()


def test_an_empty_base_takes_machines_from_the_backup(filled, other, tmp_path):
    _, token = install(filled)
    save(filled, tmp_path / "s.gz")
    restore(other, tmp_path / "s.gz")
    assert scopes(other, token) == ("681",)


def rewritten(path: Path, change) -> None:
    """The same backup with other lines."""
    with gzip.open(path, "rb") as file:
        lines = file.readlines()
    with gzip.open(path, "wb") as file:
        file.writelines(change(lines))


DAMAGES = {
    "a changed row": lambda lines: [line.replace(b"NOM1", b"NOM9") for line in lines],
    "a row less": lambda lines: lines[:5] + lines[6:],
    "a row more": lambda lines: [*lines[:-1], lines[-2], lines[-1]],
    "rows in another order": lambda lines: [lines[0], *reversed(lines[1:-1]), lines[-1]],
    "no end": lambda lines: lines[:-1],
    "no beginning": lambda lines: lines[1:],
    "nothing": lambda lines: [],
    "a row cut": lambda lines: [*lines[:3], lines[3][:-5] + b"\n", *lines[4:]],
    "a row of no table": lambda lines: [*lines[:3], b'["autre",1]\n', *lines[3:]],
    "a row that is no row": lambda lines: [*lines[:3], b"{}\n", *lines[3:]],
    "a head that is none": lambda lines: [b'{"genre":"gca-sauvegarde","tables":[]}\n', *lines[1:]],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_backup_replaces_nothing(filled, tmp_path, damage):
    path = tmp_path / "s.gz"
    save(filled, path)
    rewritten(path, damage)
    before = everything(filled.base)
    with pytest.raises(InputError, match="n’est pas une sauvegarde entière"):
        restore(filled, path, replace=True)
    assert everything(filled.base) == before


@pytest.mark.parametrize("kept", [0, 1, 10, 0.5, 0.99])
def test_a_truncated_backup_is_refused(filled, tmp_path, kept):
    path = tmp_path / "s.gz"
    save(filled, path)
    data = path.read_bytes()
    path.write_bytes(data[: kept if isinstance(kept, int) else int(kept * len(data))])
    with pytest.raises(InputError, match="n’est pas une sauvegarde entière"):
        read_manifest(path)


def test_a_flipped_bit_is_found(filled, tmp_path):
    path = tmp_path / "s.gz"
    save(filled, path)
    data = bytearray(path.read_bytes())
    for place in range(12, len(data), max(1, len(data) // 40)):
        data[place] ^= 4
        path.write_bytes(data)
        with pytest.raises(InputError):
            read_manifest(path)
        data[place] ^= 4


def test_a_backup_of_a_newer_program_is_refused(filled, tmp_path):
    path = tmp_path / "s.gz"
    save(filled, path)

    def newer(lines):
        head = json.loads(lines[0])
        head["tables"]["dossier"].append("a_venir")
        return [json.dumps(head).encode() + b"\n", *lines[1:]]

    rewritten(path, newer)
    with pytest.raises(InputError, match="plus récente"):
        restore(filled, path, replace=True)


def test_a_file_that_is_there_is_never_overwritten(filled, tmp_path):
    path = tmp_path / "s.gz"
    path.write_text("autre")
    with pytest.raises(InputError, match="existe déjà"):
        save(filled, path)
    assert path.read_text() == "autre"
    with pytest.raises(InputError, match="ne peut pas être écrit"):
        save(filled, tmp_path / "absent" / "s.gz")
    with pytest.raises(InputError, match="n’existe pas"):
        read_manifest(tmp_path / "absent.gz")


def test_replacing_goes_with_other_agents(filled, tmp_path):
    """An agent of the base whom the backup does not know keeps what they may do."""
    save(filled, tmp_path / "s.gz")
    other = replace(MARTIN, identifiant="durand")
    filled.base.writing(lambda connection: add_agent(connection, other, filled.now()))
    _, token = install(filled, "durand")
    restore(filled, tmp_path / "s.gz", replace=True)
    assert scopes(filled, token) == ("681",)
