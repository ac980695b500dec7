"""Writing a whole file or none of it, for its owner alone."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from gca_tui.errors import InputError

_NOTHING = "Rien n’a été écrit."


def write_whole(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write beside, then put in place, mode 0600: whoever reads sees all of it.

    Raises InputError when there is a file already and it was not said to replace it, or the place cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path} n’est pas un fichier ordinaire.", _NOTHING, "Choisissez un autre fichier.")
        _write(path, data, replace=replace)
    except FileExistsError:
        raise InputError(
            f"{path} existe déjà.", _NOTHING, "Choisissez un autre fichier, ou dites de le remplacer."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} ne peut pas être écrit.", _NOTHING, "Vérifiez son dossier, ou choisissez un autre fichier."
        ) from error


def _write(path: Path, data: bytes, *, replace: bool) -> None:
    number, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            beside.replace(path)
        else:
            path.hardlink_to(beside)  # unlike a rename it never takes the place of a file made meanwhile
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
