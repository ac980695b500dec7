"""What the workshop looks like: a text to complete, small and large, a finished one, two versions compared."""

import owing
import pytest
from agent import LARGE, SMALL, looks_as_it_did

from gca_tui.domain.commands import EditExplanation
from gca_tui.ui.workshop import Workshop

SHOTS = {
    "atelier-80x24": (SMALL, "gca-sombre", False, ()),
    "atelier-120x40": (LARGE, "gca-clair", False, ("f9",)),
    "atelier-pret-120x40": (LARGE, "gca-sombre", True, ("tab",)),
    "versions-120x40": (LARGE, "gca-contraste", True, ("f10", "v", "enter")),
}


@pytest.fixture
def made(owing_store):
    """Dossiers of which all that is owed is known."""
    return owing_store


async def _opened(someone, store, *, known):
    await someone.ready()
    await someone.goes_to(owing.ONE)
    if known:
        document = someone.document(owing.ONE)
        written = EditExplanation(**owing.stamp(owing.ONE, document), raison="Vous avez changé de situation.")
        owing.given(store, owing.facts(owing.ONE, document), written)
    await someone.press("x")
    await someone.until(lambda: isinstance(someone.app.screen, Workshop), "l’atelier")
    if known:
        await someone.press("f5", "enter")
    checking = someone.app.screen.checking
    wanted = "emploi salarié" if known else "[[à compléter"
    await someone.until(lambda: wanted in checking.texte.whole and not someone.app.screen.spelling.is_due, "le texte")


@pytest.mark.parametrize("name", SHOTS)
def test_the_workshop_looks_as_it_did(store, snap_compare, private_umask, name):
    size, theme, known, keys = SHOTS[name]

    async def shown(someone):
        await _opened(someone, store, known=known)
        await someone.press(*keys)
        await someone.settled()

    assert looks_as_it_did(store, snap_compare, size, theme, shown)
