"""What nobody foresaw: kept in a file without the names of people, and told in words."""

from __future__ import annotations

import traceback
from pathlib import Path

from gca_tui import clock
from gca_tui.errors import GcaError

LOG = "gca.log"


def told(error: BaseException, folder: Path | None = None) -> str:
    """Keep the error's place (never its values) and give the sentence for the agent. Never raises."""
    happened = f"erreur imprévue ({type(error).__name__}). Ce qui était enregistré l’est toujours."
    try:
        log = _kept(error, folder)
    except (OSError, RuntimeError, ValueError):
        return f"{happened} Relancez gca ; si cela recommence, transmettez cette phrase."
    return (
        f"{happened} Le lieu de l’erreur est noté dans {log}, sans nom de personne."
        " Relancez gca ; si cela recommence, transmettez ce fichier."
    )


def _kept(error: BaseException, folder: Path | None) -> Path:
    """The file the error's place was added to. Raises OSError, or RuntimeError when there is no home folder."""
    from gca_tui.store.location import default_folder

    log = (folder or default_folder()) / LOG
    lines = [f"{_moment()} {type(error).__name__}"]
    frames = traceback.extract_tb(error.__traceback__)
    lines += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    with log.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return log


def _moment() -> str:
    try:
        return clock.now().isoformat()
    except GcaError:
        return "sans heure"
