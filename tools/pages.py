"""Makes the picture of the queue and the table of keys that the pages show: `make pages`."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
MOMENT = "2026-11-20T09:42:00+01:00"
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Write docs/file.svg and docs/touches.md."""
    os.environ["GCA_MAINTENANT"] = MOMENT
    with tempfile.TemporaryDirectory() as folder:
        make = [sys.executable, "-m", "gca_tui", "--donnees", folder, "demo", "--sans-serveur", "--sans-ouvrir"]
        subprocess.run(make, check=True, capture_output=True)
        picture = asyncio.run(_picture(Path(folder)))
    (DOCS / "file.svg").write_text(_FONTS.sub("", picture), encoding="utf-8")
    (DOCS / "touches.md").write_text(keys_page(), encoding="utf-8")


def keys_page() -> str:
    """The page of keys, made from the actions."""
    from gca_tui.ui.help import keys_table

    return f"# Touches\n\nFaite à partir des actions du programme (`make pages`).\n\n{keys_table()}\n"


async def _picture(folder: Path) -> str:
    from gca_tui.ui.app import GcaApp, Options
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.settings import Settings
    from gca_tui.ui.widgets.detail import Detail

    desk = Desk(folder / "gca.db")
    app = GcaApp(desk, Settings(theme="gca-sombre"), Options())
    async with app.run_test(size=(120, 36)) as pilot:
        detail = app.screen.query_one("#detail", Detail)
        while detail.dossier is None:
            await pilot.pause()
        await pilot.press("down", "down", "enter", "escape")
        picture = app.export_screenshot(title="gca")
    desk.close()
    return picture


if __name__ == "__main__":
    main()
