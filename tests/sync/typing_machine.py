"""A program of its own: it opens a store, types, says the id of each command recorded, and exchanges all the while.

`python typing_machine.py FOLDER NAME`. It ends when it is killed.
"""

from __future__ import annotations

import random
import sys
import time
from contextlib import suppress
from pathlib import Path

from gca_tui import clock
from gca_tui.domain.command import CommandRefused
from gca_tui.domain.commands import AddNote, CorrectContactDetails
from gca_tui.ids import new_id
from gca_tui.store.location import DATABASE
from gca_tui.store.writer import Writer
from gca_tui.sync.engine import Engine
from tests.sync.people import INES, KEYS

NOTE, PAUSE = 0.7, 0.01


def main(folder: Path, name: str) -> None:
    writer = Writer(folder / DATABASE)
    engine = Engine(writer)
    engine.start()
    chance = random.Random(new_id())
    while True:
        caisse, matricule = chance.choice(KEYS[1:])
        common = {"id": new_id(), "caisse": caisse, "matricule": matricule, "author": INES, "at": clock.now()}
        if chance.random() < NOTE:
            command = AddNote(**common, texte=f"{name} {common['id']}")
        else:
            command = CorrectContactDetails(**common, adresse=f"{name} {common['id']}")
        with suppress(CommandRefused):
            writer.record([command]).result()
            print(command.kind, command.id, flush=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
