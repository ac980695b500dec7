"""What nobody foresaw: kept in a file without the names of people, and told in words."""

from __future__ import annotations

import traceback
from pathlib import Path

from gca_tui import clock

LOG = "gca.log"


def told(error: BaseException, folder: Path | None = None) -> str:
    """Keep the error's place (never its values) and give the sentence for the agent."""
    from gca_tui.store.location import default_folder

    place = folder or default_folder()
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{clock.now().isoformat()} {type(error).__name__}"]
    lines += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    try:
        with (place / LOG).open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        kept = f"Le lieu de l’erreur est noté dans {place / LOG}, sans nom de personne."
    except OSError:
        kept = ""
    return (
        f"erreur imprévue ({type(error).__name__}). Ce qui était enregistré l’est toujours. {kept}"
        " Relancez gca ; si cela recommence, transmettez ce fichier."
    )
