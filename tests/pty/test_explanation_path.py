"""An agent's whole path on a terminal, keys alone: refused closing, explanation, call, pièce, closing."""

import pytest

pytestmark = pytest.mark.pty

LABEL = "681·0571820"
"""A dossier of the demonstration whose facts are established and whose explanation is to be written."""


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_from_a_refused_closing_to_a_closed_dossier(few, columns, rows):
    before = few.dossier(LABEL)
    with few.opened(columns=columns, rows=rows, until=(r"\d{3}·\d{7}",)) as running:

        def step(keys, *shown):
            running.press(keys) if isinstance(keys, str) else running.send(keys)
            for pattern in shown:
                running.wait_for(pattern, timeout=30)
            running.settle()

        step("/", "Filtre")
        step(LABEL[4:].encode() + b"\r", "1 sur|MÜLLER")
        step("c", "Clôture impossible", r"explication à\s+écrire")
        step("x", "Pourquoi", r"Texte\sproposé")
        step("f2", r"Explication\senregistrée")
        step("escape", "MÜLLER")
        step("a", "joint")
        step("j", "Noter ce qui a été dit")
        step("escape", r"Appel\senregistré")
        step("t", "Traiter la pièce")
        step("f2", r"Pièce\straitée")
        step("c", "Clôturer le dossier")
        step("f2", r"Dossier\sclos")
        running.press("q")
        assert running.wait_exit() == 0

    after = few.dossier(LABEL)
    letter = after["notifications"][0]
    assert before["notifications"][0].get("explication", {}) == {}
    assert after["statut"] == "clos"
    assert "3\u00a0880,55\u00a0€" in letter["explication"]["calcul"]
    assert letter["explication"]["que_faire"].count("Vous contestez la décision") == 4
    assert [one["author"]["identifiant"] for one in letter["versions"]] == ["ifaure"]
    assert [(one["canal"], one["resultat"]) for one in after["contacts"]] == [("telephone", "joint")]
    assert [one["kind"] for one in after["history"]][-4:] == ["edit_explanation", "log_contact", "treat_piece", "close"]
