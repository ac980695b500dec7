"""Where the data are, and who may read them: a folder 0700, files 0600."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gca_tui.errors import StoreBusy, StoreError

FOLDER_VARIABLE = "GCA_DONNEES"
DATABASE = "gca.db"
_STEP = 0.05
_ELSEWHERE = "Choisissez-en un autre avec --donnees ou GCA_DONNEES."


def default_folder() -> Path:
    """`GCA_DONNEES`, or the place this system keeps data in."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("gca", appauthor=False))


def prepare(folder: Path) -> Path:
    """Make the folder if need be and refuse one that others can open. Returns the database's path.

    Raises StoreError.
    """
    os.umask(0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
    except OSError as error:
        raise StoreError(f"Le dossier de données {folder} ne peut pas être créé ou lu.", todo=_ELSEWHERE) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise StoreError(f"Le dossier de données {folder} n’est pas ouvert en écriture.", todo=_ELSEWHERE)
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise StoreError(
            f"Le dossier de données {folder} est ouvert à d’autres comptes.",
            "Rien n’a été lu ni écrit.",
            f"Fermez-le : chmod 700 {folder}",
        )
    return folder / DATABASE


@contextmanager
def exclusive(folder: Path, name: str, doing: str, *, wait: float = 0) -> Iterator[None]:
    """Hold a named lock of the folder, freed even if the program is killed.

    Raises StoreBusy when another program still holds it after `wait` seconds.
    """
    last = time.monotonic() + wait
    with (folder / f"{name}.lock").open("a") as file:
        while not _locked(file):
            if time.monotonic() >= last:
                raise StoreBusy(f"{doing} en cours dans un autre programme.", "Rien n’a changé.", "Réessayez ensuite.")
            time.sleep(_STEP)
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Presence:
    """A shared lock that says « a screen is open on this store »; the last one to leave can tell that it is."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "presence.lock").open("a")

    def alone(self) -> bool:
        """Take the lock alone if nobody holds it."""
        return _locked(self._file)

    def share(self) -> None:
        """Be one of those present."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Be present no more."""
        self._file.close()
