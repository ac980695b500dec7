"""Every action by its key and by its twin, from the list and from the open dossier, at both sizes."""

import re
from pathlib import Path

import pytest
from agent import LARGE, SMALL, agent, plain

from gca_tui.ui import help as manual
from gca_tui.ui.actions.base import key_name
from gca_tui.ui.actions.registry import ACTIONS, BY_ID
from gca_tui.ui.settings import FORBIDDEN, load

DOCS = Path(__file__).parents[2] / "docs"
IDS = [action.id for action in ACTIONS]

# What the first dossier of the demonstration answers: it is urgent, has one pièce to treat, no note, no trop-perçu,
# nobody holds it. {length} is how many dossiers the list holds.
OPENS = {
    "lot": "Séquence homogène",
    "filter": "Filtre",
    "search": "Partout",
    "sort": "Trier par",
    "save_view": "Nom de la vue",
    "go": "Aller à",
    "note": "Note interne",
    "contact": "Contact avec l’allocataire",
    "treat_piece": "Traiter la pièce",
    "request_pieces": "Documents demandés",
    "wait": "Mettre en attente",
    "rendez_vous": "Forme",
    "ask_referent": "Question au référent",
    "close_demarche": "Démarche de la famille",
    "family": "Corriger les coordonnées",
    "hand_back": "Rendre le dossier",
    "urgence": "Lever l’urgence",
    "sheet": "Pour vérifier",
    "suspicion": "Transmettre pour suspicion de fraude",
    "plan_call": "Prévoir un appel",
    "close": "Clôture impossible",
    "palette": "Chercher une commande",
    "help": "Déplacements",
    "glossary": "Glossaire",
    "theme": "Contraste renforcé",
    "hide": "Écran masqué",
}
DOES = {
    "next": "Placé ici parce que",
    "mark": "1 dossier marqué",
    "mark_all": "{length} dossiers marqués",
    "copy": "« 4845426 » envoyé au terminal",
    "copy_summary": "Résumé de 091·4845426 envoyé au terminal",
    "export": "{length} dossiers dans",
    "take": "Dossier pris",
    "undo": "Rien à annuler",
}
REFUSES = {
    "correct_note": "Aucune note à corriger",
    "explanation": "Aucun trop-perçu",
    "facts": "Aucun trop-perçu",
    "months": "Aucun trop-perçu",
    "reopen": "n’est pas clos",
    "drafts": "Aucun brouillon",
    "drop_view": "Aucune vue enregistrée",
    "sync": "aucun serveur",
    "waiting": "aucun serveur",
}


def test_each_action_has_its_expectation():
    assert sorted([*OPENS, *DOES, *REFUSES, "quit"]) == sorted(IDS)


async def answers(someone, action):
    """What the key just pressed opened is there, and is left again; or the last line says what was done, or why not."""
    if opened := OPENS.get(action):
        await someone.sees(opened)
        await someone.press("enter" if action == "hide" else "escape")
        await someone.sees_no_more(opened)
    else:
        await someone.is_told((DOES.get(action) or REFUSES[action]).format(length=someone.length))
        assert someone.list.screen.query_one("#footer").has_class("-refused") == (action in REFUSES)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("action", [one for one in ACTIONS if one.id != "quit"], ids=lambda one: one.id)
async def test_a_key_does_what_its_help_says_or_says_why_not(store, action, size):
    """Key in the list and twin in the dossier on the small screen, the other way round on the large one."""
    in_list, in_dossier = [action.key, action.twin or action.key][:: 1 if size == SMALL else -1]
    async with agent(store, size) as someone:
        await someone.press(in_list)
        await answers(someone, action.id)
        if action.id in ("mark", "mark_all", "take", "next"):
            await someone.press("escape", "down")
        await someone.press("enter")
        await someone.sees("Placé ici parce que")
        await someone.press(in_dossier)
        await answers(someone, action.id)


@pytest.mark.parametrize("before", [(), ("enter",)], ids=["list", "dossier"])
async def test_q_leaves(store, before):
    async with agent(store, SMALL) as someone:
        await someone.press(*before)
        await someone.pilot.press("q")
        await someone.until(lambda: not someone.app.is_running, "la fin du programme")
        assert someone.app.return_code == 0


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_other_ways_out_say_which_key_leaves(store, key):
    async with agent(store, SMALL) as someone:
        await someone.press(key)
        await someone.is_told("q quitte")
        await someone.press("o", key)
        await someone.sees("Note interne")
        assert someone.app.is_running


async def test_an_empty_list_is_said_by_what_needs_a_dossier(store):
    async with agent(store, SMALL) as someone:
        await someone.press("slash")
        await someone.paste("introuvable")
        await someone.press("enter")
        await someone.has_listed(0)
        for key in "oatdwRrDpP!cCyYE*":
            await someone.press({"!": "exclamation_mark", "*": "asterisk"}.get(key, key))
            await someone.is_told("Aucun dossier dans cette liste")
            await someone.press("down")
        await someone.press("enter")
        await someone.sees_no_more("Placé ici")


async def test_a_closed_dossier_says_how_to_work_on_it(store):
    async with agent(store) as someone:
        await someone.press("g", "z")
        await someone.has_listed(5)
        for key in ("d", "w", "r", "p", "P", "c"):
            await someone.press(key)
            await someone.is_told("Le dossier est clos")


def test_no_two_actions_share_a_key():
    keys = [key for action in ACTIONS for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))
    assert len(IDS) == len(set(IDS))


@pytest.mark.parametrize("action", ACTIONS, ids=IDS)
def test_a_key_exists_on_a_french_keyboard_and_in_a_multiplexer(action):
    for key in action.keys.split(","):
        assert key not in FORBIDDEN
        assert not key.isdigit()
        assert key == "ctrl+l" or not key.startswith(("ctrl+", "alt+", "shift+"))
        assert key in ("ctrl+l", "space") or re.fullmatch(
            r"[a-zA-Z]|f\d{1,2}|slash|colon|asterisk|exclamation_mark|question_mark", key
        )
    assert action.help.endswith((".", ")"))


def test_forbidden_keys_are_those_of_altgr_and_multiplexers():
    assert {
        "at",
        "number_sign",
        "left_curly_bracket",
        "vertical_line",
        "backslash",
        "tilde",
        *"0123456789",
    } <= FORBIDDEN
    assert {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z", "ctrl+c"} <= FORBIDDEN
    assert "ctrl+l" not in FORBIDDEN


async def test_a_key_is_bound_elsewhere(store):
    (store / "reglages.toml").write_text('[touches]\nnote = "z"\nnext = "N,f5"\n', encoding="utf-8")
    async with agent(store) as someone:
        assert " z note " in someone.footer
        assert " N suivant " in someone.footer
        await someone.press("o")
        await someone.sees_no_more("Note interne")
        await someone.press("z")
        await someone.sees("Note interne")
        await someone.press("escape", "N")
        await someone.is_told("Placé ici parce que")
        await someone.press("question_mark")
        await someone.sees("N F5 Ouvrir le prochain dossier")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('inconnue = "z"', "inconnue : action inconnue"),
        ('note = "ctrl+q"', "note : la touche « ctrl+q » est prise par les terminaux"),
        ('note = "1"', "note : la touche « 1 » demande Maj"),
        ('note = "@"', "note : la touche « @ » demande AltGr"),
        ('note = "c"', "note : « c » sert déjà à close"),
        ('note = ""', "note : il manque une touche"),
        ("note = ", "ne se lit pas"),
    ],
)
async def test_a_bad_line_of_the_settings_is_said_and_the_key_stays(store, line, said):
    (store / "reglages.toml").write_text(f"[touches]\n{line}\n", encoding="utf-8")
    assert load(store).keys == {}
    async with agent(store) as someone:
        await someone.is_told(said)
        await someone.press("o")
        await someone.sees("Note interne")


async def test_a_theme_is_chosen_and_remembered_beside_the_keys(store):
    (store / "reglages.toml").write_text('[touches]\nnote = "z"\n', encoding="utf-8")
    async with agent(store) as someone:
        await someone.press("K")
        await someone.choose("Contraste")
        assert someone.app.theme == "gca-contraste"
    async with agent(store) as someone:
        assert someone.app.theme == "gca-contraste"
        assert " z note " in someone.footer


async def test_footer_palette_and_help_list_the_same_actions(store):
    async with agent(store, (160, 70)) as someone:
        footer = f"{someone.footer} "
        shown = {action.id for action in ACTIONS if f" {key_name(action.key)} {plain(action.label)} " in footer}
        assert shown == {action.id for action in ACTIONS if action.footer}
        await someone.press("colon")
        await someone.sees("Échap fermer")
        lines = [plain(line) for line in someone.lines]
        for action in ACTIONS:
            assert any(f" {key_name(action.keys)} {plain(action.label)} " in line for line in lines), action.id
        await someone.press("escape", "question_mark")
        await someone.sees("Échap fermer")
        lines = [plain(line) for line in someone.lines]
        for action in ACTIONS:
            assert any(f" {key_name(action.keys)} {plain(action.help)[:60]}" in line for line in lines), action.id


async def test_the_palette_finds_without_accents_and_invokes(store):
    async with agent(store) as someone:
        await someone.press("colon")
        await someone.type("clotur")
        await someone.sees("c clôturer Clôturer le dossier")
        await someone.press("enter")
        await someone.sees("Clôture impossible")


def test_the_manual_has_the_table_made_from_the_actions():
    table = manual.keys_table()
    assert re.findall(r"^\| `[^|]+` \| `(\w+)` \|", table, re.MULTILINE) == IDS
    pages = [page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")]
    assert any(table in page for page in pages), "docs/ n’a pas la table de gca_tui.ui.help.keys_table()"


async def test_the_glossary_explains_column_and_field(store):
    async with agent(store) as someone:
        await someone.press("f1")
        await someone.sees("MATRICULE", "Source")
        await someone.press("escape", *["right"] * 2, "f1")
        await someone.sees("Glossaire")
        await someone.sees_no_more("MATRICULE")
        await someone.press("escape", "enter", "right", "f1")
        await someone.sees("Source")


def test_an_action_says_its_key_as_the_keyboard_has_it():
    assert key_name(BY_ID["filter"].keys) == "/ F3"
    assert key_name(BY_ID["mark"].keys) == "Espace"
    assert key_name(BY_ID["hide"].keys) == "Ctrl+L"
