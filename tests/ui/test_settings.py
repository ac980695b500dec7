"""The file of settings: what is refused and why, and what a change of it keeps."""

import pytest

from gca_tui.errors import InputError
from gca_tui.ui.actions.registry import key_of
from gca_tui.ui.settings import FILE, Settings, load, refused_key, remember


def written(folder, text):
    (folder / FILE).write_text(text, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("at", "AltGr"), ("@", "AltGr"), ("{", "AltGr"), ("right_curly_bracket", "AltGr"), ("[", "AltGr"),
        ("]", "AltGr"), ("|", "AltGr"), ("\\\\", "AltGr"), ("^", "AltGr"), ("`", "AltGr"), ("~", "AltGr"),
        ("number_sign", "AltGr"), ("7", "Maj"), ("ctrl+e", "terminaux"), ("ctrl+r", "terminaux"),
        ("alt+n", "terminaux"), ("ctrl+space", "terminaux"), ("j", "se déplacer"), ("enter", "se déplacer"),
        ("pagedown", "se déplacer"), ("tab", "se déplacer"), ("banane", "inconnue"), ("banana", "inconnue"),
        ("<any>", "inconnue"), ("f99", "inconnue"),
    ],
)  # fmt: skip
def test_a_refused_key_says_why_and_leaves_the_original(tmp_path, key, why):
    settings = written(tmp_path, f'[touches]\nnote = "{key}"\n')
    assert settings.keys == {}
    assert len(settings.problems) == 1
    assert "[touches] note" in settings.problems[0]
    assert why in settings.problems[0]


@pytest.mark.parametrize("key", ["z", "Z", "é", "f12", "ctrl+l", "space", "slash", "minus", "dollar_sign", "delete"])
def test_a_key_that_can_serve_is_not_refused(key):
    assert refused_key(key) == ""


def test_a_key_written_as_its_character_is_known_by_its_name(tmp_path):
    assert written(tmp_path, '[touches]\nnote = "$,f12"\n').keys == {"note": "dollar_sign,f12"}
    assert "sert déjà à filter" in written(tmp_path, '[touches]\nnote = "/"\n').problems[0]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('couleurs = "rose"', "rose"), ("couleurs = 3", "couleurs"), ('clavier_etendu = "false"', "clavier_etendu"),
        ("defilement_fin = 1", "defilement_fin"), ('touches = "note"', "touches"),
    ],
)  # fmt: skip
def test_a_value_that_means_nothing_is_said(tmp_path, line, word):
    settings = written(tmp_path, line)
    assert [word in problem for problem in settings.problems] == [True]
    assert settings == Settings(problems=settings.problems)


def test_good_values_are_taken(tmp_path):
    settings = written(tmp_path, 'couleurs = "gca-clair"\nclavier_etendu = true\ndefilement_fin = true\n')
    assert settings == Settings("gca-clair", {}, True, True)


def test_a_file_that_does_not_read_is_said_by_its_line_and_without_english(tmp_path):
    assert written(tmp_path, 'couleurs = "gca-clair"\nnote = \n').problems == (
        f"{FILE} ne se lit pas (ligne 2) : réglages d’origine.",
    )
    (tmp_path / FILE).write_bytes(b"\xe9\n")
    assert load(tmp_path).problems == (f"{FILE} ne se lit pas : réglages d’origine.",)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert load(tmp_path).problems == (f"{FILE} ne se lit pas : réglages d’origine.",)


def test_a_change_keeps_the_other_lines_and_leaves_nothing_beside(tmp_path):
    written(tmp_path, 'couleurs = "gca-clair"\n[touches]\nnote = "z"\n')
    remember(tmp_path, "couleurs", "gca-contraste")
    assert (tmp_path / FILE).read_text("utf-8") == 'couleurs = "gca-contraste"\n[touches]\nnote = "z"\n'
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_change_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    written(tmp_path, 'couleurs = "gca-clair"\n')
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disque plein")))
    with pytest.raises(InputError, match="Rien n’a changé"):
        remember(tmp_path, "couleurs", "gca-contraste")
    assert load(tmp_path).theme == "gca-clair"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_change_of_a_file_in_another_encoding_is_refused_in_words(tmp_path):
    (tmp_path / FILE).write_bytes(b"# \xe9t\xe9\n")
    with pytest.raises(InputError, match="UTF-8"):
        remember(tmp_path, "couleurs", "gca-clair")
    assert (tmp_path / FILE).read_bytes() == b"# \xe9t\xe9\n"


def test_the_key_of_an_action_is_the_one_in_force():
    assert key_of("note") == "o"
    assert key_of("note", {"note": "z,f12"}) == "z"
    assert key_of("note", {"next": "N"}) == "o"
    assert key_of("rien", {"note": "z"}) == ""
