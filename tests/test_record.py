"""Why a step must run: what it was made from, and whether what it made is still there as it was made."""

import pytest

from helpers import config
from helpers.system.record import Record, Step, files_as_inputs


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "ROOT", tmp_path)
    return tmp_path


def test_the_record_knows_why(root):
    target = root / "t"
    record = Record(root / "r.db")

    def step(**inputs):
        return Step("s", {"project": "x", **inputs}, (target,))

    assert record.reasons(step()) == ["never made before"]
    target.write_text("made")
    record.done(step())
    assert record.reasons(step()) == [] == Record(root / "r.db").reasons(step())
    assert record.reasons(step(project="y")) == ["project changed"]
    assert record.reasons(step(more="1")) == ["more added"]
    assert record.reasons(Step("s", {}, (target,))) == ["project removed"]
    target.write_text("edited")
    assert record.reasons(step()) == ["t is not what was made"]
    target.unlink()
    assert Record(root / "r.db").reasons(step()) == ["t missing"]
    record.forget(["s"])
    assert record.reasons(step()) == Record(root / "r.db").reasons(step()) == ["never made before"]


def test_what_a_step_was_made_from_is_what_it_knew_when_it_began(root):
    source, target = root / "a.csv", root / "t"
    source.write_text("1")
    step = Step("s", files_as_inputs([source]), (target,))
    source.write_text("2")  # while the step runs
    target.write_text("made of 1")
    record = Record(root / "r.db")
    record.done(step)
    assert record.reasons(Step("s", files_as_inputs([source]), (target,))) == ["a.csv changed"]


def test_a_record_serves_another_place(root, tmp_path_factory, monkeypatch):
    (root / "a.csv").write_text("1"), (root / "t").write_text("made")
    Record(root / "r.db").done(Step("s", files_as_inputs([root / "a.csv"]), (root / "t",)))
    moved = tmp_path_factory.mktemp("elsewhere") / "moved"
    root.rename(moved)
    monkeypatch.setattr(config, "ROOT", moved)
    step = Step("s", files_as_inputs([moved / "a.csv"]), (moved / "t",))
    assert Record(moved / "r.db").reasons(step) == []


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 100])
def test_a_record_that_cannot_be_read_is_made_anew(root, content):
    (root / "r.db").write_bytes(content)
    record = Record(root / "r.db")
    assert record.reasons(Step("s", {})) == ["never made before"]
    record.done(Step("s", {}))
    assert Record(root / "r.db").reasons(Step("s", {})) == []
