"""What the main screens look like, at both sizes and in three themes."""

import pytest
from agent import LARGE, SMALL, looks_as_it_did

SHOTS = {
    "file-80x24-sombre": (SMALL, "gca-sombre", ()),
    "file-80x24-clair": (SMALL, "gca-clair", ()),
    "file-120x40-sombre": (LARGE, "gca-sombre", ()),
    "file-120x40-clair": (LARGE, "gca-clair", ()),
    "file-120x40-contraste": (LARGE, "gca-contraste", ("space", "space", "down")),
    "dossier-80x24": (SMALL, "gca-sombre", ("enter",)),
    "dossier-120x40": (LARGE, "gca-clair", ("down", "enter")),
    "trop-percus-80x24": (SMALL, "gca-sombre", ("g", "t", "down", "down", "enter", "right", "right")),
    "note-80x24": (SMALL, "gca-sombre", ("o", "É", "t", "é")),
    "contact-120x40": (LARGE, "gca-clair", ("a",)),
    "aide-80x24": (SMALL, "gca-sombre", ("question_mark",)),
    "aller-a-120x40": (LARGE, "gca-sombre", ("g",)),
    "commandes-80x24": (SMALL, "gca-clair", ("colon",)),
    "cloture-refusee-80x24": (SMALL, "gca-contraste", ("c",)),
    "filtre-refuse-120x40": (LARGE, "gca-sombre", ("slash", "a", "g", "e", "greater_than_sign", "x")),
}


@pytest.mark.parametrize("name", SHOTS)
def test_the_screen_looks_as_it_did(store, snap_compare, private_umask, name):
    size, theme, keys = SHOTS[name]

    async def shown(someone):
        await someone.ready()
        await someone.press(*keys)

    assert looks_as_it_did(store, snap_compare, size, theme, shown)
