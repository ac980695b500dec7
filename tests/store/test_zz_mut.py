import pytest, sys
from gca_tui.store import journal, loading
import tests.store.test_journal as tj
from tests.store.conftest import *
from tests.conftest import *
def mut_settle(mp):
    def settle(c, key, context):
        commands = journal.pending(c, key)
        for v in journal.versions(c, key):
            if v.mirror is None: continue
            d, refused = journal.replay(journal.Dossier.from_json(v.mirror), commands, context)
            journal.save(c, v, d, v.mirror if commands else None, context)
            for command, refusal in refused:
                c.execute(journal.update(journal._OUTBOX).where(journal._OUTBOX.c.command_id == command.id).values(state="refused", reason=refusal.reason))
    mp.setattr(journal, "settle", settle); mp.setattr(loading, "settle", settle)
def mut_staged(mp):
    real = journal.versions
    mp.setattr(journal, "versions", lambda c, k: real(c, k)[:1])
def mut_undo(mp):
    mp.setattr(journal, "settle", lambda *a: None)
@pytest.mark.parametrize("mut", [mut_settle, mut_staged, mut_undo])
def test_mut(people_store, monkeypatch, mut):
    mut(monkeypatch)
    with pytest.raises(BaseException):
        tj.test_whatever_happens_documents_outbox_columns_and_words_agree(people_store)
