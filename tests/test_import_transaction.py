"""What writes data/raw writes all of it or nothing: killed anywhere, interrupted, refused, or one of two at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Project
from killing import KILLED, kill, kills, settles_wherever_killed
from raw_fixtures import Copy, copied, reduced, state

from helpers.checks import run
from helpers.checks.run import check, record
from helpers.data import raw, transaction
from helpers.errors import WecareError
from helpers.imports.draft import Draft
from helpers.imports.keep_edition import keep

pytestmark = pytest.mark.slow

TABLES = ("sources", "quadrants", "provinces", "province_quadrant")


@pytest.fixture
def root(tmp_path) -> Path:
    """A data package that is quick to check, alone in its folder."""
    return reduced(tmp_path / "data" / "raw", TABLES)


def drafted(root: Path, table: str = "quadrants", column: str = "name") -> Draft:
    """A draft with another text in the first row of a table, and a table more."""
    draft = Draft(root)
    cells = draft.cells(table)
    cells.loc[0, column] = "Altro"
    draft.write(table, cells)
    return draft


def with_sources(draft: Draft) -> Draft:
    sources = draft.cells("sources")
    sources.loc[0, "site"] = "altro.example.org"
    draft.write("sources", sources)
    return draft


# --- killed -----------------------------------------------------------------------------------------------------------


def test_an_import_killed_anywhere_is_settled_whole(root):
    settles_wherever_killed(with_sources(drafted(root)).commit, root, edited="quadrants.csv")
    assert check(root).problems == []


@pytest.mark.audit
def test_an_edition_kept_and_killed_anywhere_is_settled_whole(root, tmp_path):
    keep(root, root)
    with_sources(drafted(root)).commit()
    extra = root / "superseded/editions" / raw.edition(root).version / "gone.csv"
    extra.write_text("a table that the edition has no more")
    settles_wherever_killed(lambda: keep(root, root), root, edited=str(extra.relative_to(root)))


def test_a_record_killed_anywhere_is_settled_whole(root):
    edited_by_hand(root)
    before, left = state(root), []
    for _ in kills(lambda: record(root), root):
        transaction.settle(root)
        left.append(state(root))
    after = state(root)
    assert before != after and all(found in (before, after) for found in left)
    assert check(root).problems == []


def edited_by_hand(root: Path) -> None:
    path = root / "quadrants.csv"
    path.write_bytes(path.read_bytes() + b"altro,Altro\n")


def test_new_files_of_a_killed_change_go_with_their_folders(root):
    files = {"superseded/a/b.csv": b"b", "c.csv": b"c", raw.DESCRIPTOR: b"{}"}
    assert kill_before_the_last(root, files)
    assert (root / "superseded/a/b.csv").exists()
    assert transaction.settle(root).files == ["superseded/a/b.csv", "c.csv"]
    assert not (root / "superseded").exists() and not (root / "c.csv").exists()


def kill_before_the_last(root: Path, files: dict[str, bytes | None]) -> bool:
    """End a change when all of its files but the last are in place."""
    last = str(root / list(files)[-1])

    def work() -> None:
        sys.addaudithook(lambda event, given: event == "os.rename" and str(given[1]) == last and os._exit(KILLED))
        transaction.write(files, {}, root)

    return kill(work)


def test_a_killed_change_stops_what_would_build_on_it(root):
    assert kill_before_the_last(root, {"quadrants.csv": b"x", raw.DESCRIPTOR: b"{}"})
    before = state(root.parent)
    for work in (lambda: Draft(root), lambda: transaction.write({"a.csv": b""}, {}, root), lambda: keep(root, root)):
        with pytest.raises(WecareError, match="killed half-way.*wecare check"):
            work()
    assert state(root.parent) == before


def test_what_cannot_be_put_back_is_told_and_nothing_is_touched(root):
    assert kill_before_the_last(root, {"quadrants.csv": b"x", raw.DESCRIPTOR: b"{}"})
    stage = root.with_name(transaction.STAGE)
    (stage / "old/quadrants.csv").write_bytes(b"damaged")
    before = state(root.parent)
    with pytest.raises(WecareError, match=r"what quadrants\.csv was before.*git checkout"):
        transaction.settle(root)
    journal = stage / "journal.json"
    move = '{"path": "%s", "old": null, "new": null}'
    for text in ("[", "[]", "{}", "7", "[" * 100_000, '{"by": "x", "when": "y", "files": []}',
                 '{"by": 1, "when": "y", "files": [%s]}' % (move % "x"), "\udcff"):  # fmt: skip
        journal.write_bytes(text.encode(errors="surrogateescape"))
        with pytest.raises(WecareError, match="journal cannot be read.*remove the folder"):
            transaction.settle(root)
    for path in ("../outside.csv", "/tmp/outside.csv", "a/../../outside.csv"):
        journal.write_text('{"by": "x", "when": "y", "files": [%s]}' % (move % path), encoding="utf-8")
        with pytest.raises(WecareError, match="which is not in data/raw"):
            transaction.settle(root)
    journal.unlink()
    os.mkfifo(journal)
    with pytest.raises(WecareError, match="journal cannot be read"):
        transaction.settle(root)
    assert state(root) == {name.removeprefix("raw/"): d for name, d in before.items() if name.startswith("raw/")}


# --- stopped ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stop", [OSError("no space left on device"), KeyboardInterrupt()])
def test_a_commit_that_is_stopped_puts_everything_back(root, monkeypatch, stop):
    draft = with_sources(drafted(root))
    before, replace, placed = state(root.parent), os.replace, 0
    for last in range(1, 5):
        calls = []

        def stopped(source, target, calls=calls, last=last):
            calls.append(target)
            if len(calls) == last:
                raise stop
            replace(source, target)

        monkeypatch.setattr(transaction.os, "replace", stopped)
        with pytest.raises(type(stop)):
            draft.commit()
        monkeypatch.undo()
        placed += len(calls)
        assert state(root.parent) == before
    # The journal, two tables, the descriptor; what went before was put back by renaming too.
    assert placed == 1 + 2 + (3 + 1) + (4 + 2)
    assert draft.commit()


def test_an_interruption_after_everything_is_in_place_comes_too_late(root, monkeypatch):
    draft = drafted(root)
    clear, calls = transaction._clear, []

    def interrupted(stage):
        calls.append(stage)
        if len(calls) == 1:
            raise KeyboardInterrupt
        clear(stage)

    monkeypatch.setattr(transaction, "_clear", interrupted)
    assert draft.commit() == ["data/raw/quadrants.csv", "data/raw/datapackage.json"]
    assert raw.load("quadrants", root)["name"][0] == "Altro"
    assert not transaction.pending(root) and check(root).problems == []


# --- two at once ------------------------------------------------------------------------------------------------------


def test_of_two_imports_at_once_the_second_writes_nothing(root):
    first, second = drafted(root), with_sources(Draft(root))
    first.commit()
    before = state(root)
    with pytest.raises(WecareError, match=r"changed while .*datapackage\.json.*run it again"):
        second.commit()
    assert state(root) == before
    assert with_sources(Draft(root)).commit() and raw.load("quadrants", root)["name"][0] == "Altro"


def test_what_an_import_puts_beside_the_tables_must_be_what_it_saw(root):
    draft = Draft(root)
    draft.put("superseded/a/b.csv", b"ours")
    (root / "superseded/a").mkdir(parents=True)
    (root / "superseded/a/b.csv").write_bytes(b"theirs")
    with pytest.raises(WecareError, match=r"changed while .*superseded/a/b\.csv"):
        draft.commit()
    assert (root / "superseded/a/b.csv").read_bytes() == b"theirs"


def test_a_record_does_not_take_back_an_import(root, monkeypatch):
    draft, inspect = with_sources(Draft(root)), run._inspect

    def meanwhile(where):
        monkeypatch.undo()
        draft.commit()
        edited_by_hand(root)
        return inspect(where)

    monkeypatch.setattr(run, "_inspect", meanwhile)
    with pytest.raises(WecareError, match="changed while"):
        record(root)
    assert record(root) == ["data/raw/quadrants.csv"]
    assert check(root).problems == []


# --- what a person sees -----------------------------------------------------------------------------------------------

LIST = "project_id,amount_granted_eur\nM1-20,412345\n"
GRANTS = ("import", "grants", "list.csv", "--source", "Elenco generato")
EDITED = "misura1_projects.csv"

#: Ends the command when the second table would be put in place.
HALF_WAY = """
import os, sys
def hook(event, given):
    if event == "os.rename" and str(given[1]).endswith(os.path.join("data", "raw", "sources.csv")):
        os._exit(9)
sys.addaudithook(hook)
"""


@pytest.fixture
def listed(derived) -> Project:
    (derived.root / "list.csv").write_text(LIST, encoding="utf-8")
    return derived


def killed(project: Project) -> None:
    """An import that ends half-way: one table is in place."""
    before = state(project.root / "data/raw")
    assert project.wecare(*GRANTS, "--yes", first=HALF_WAY, ok=False).returncode == 9
    after = state(project.root / "data/raw")
    assert [name for name, data in after.items() if before.get(name) != data] == [EDITED]


def test_an_edit_made_after_a_killed_import_is_kept(listed):
    """Killed, restored as `check` advises, edited, recorded; then an import is answered with no."""
    folder = listed.root / "data/raw"
    before = state(folder)
    killed(listed)
    (folder / EDITED).write_bytes(before[EDITED])
    copy = Copy(folder)
    copy.edit(EDITED, copy.row_of(EDITED, "project_id", "M1-20"), "project_title", "Corretto a mano")
    edited = (folder / EDITED).read_bytes()
    told = listed.wecare("record").stdout
    assert "An import was killed half-way on 20" in told and "nothing had to be put back" in told
    assert f"Left as they are, because they were edited since: data/raw/{EDITED}." in told
    assert f"Recorded: data/raw/{EDITED}" in told
    recorded = state(folder)
    refused = asked(listed, "n\n")
    assert refused.count("Nothing was") == 1 and "killed" not in refused
    assert state(folder) == recorded and recorded[EDITED] == edited


#: A few of many, each ended soon.
COMMANDS = [
    ("check",),
    ("build", "--jobs", "2", "--scheduler", "tcp://nowhere:1"),
    ("import", "income", "nowhere.csv"),
    ("keep",),
]


def test_every_command_settles_first_and_says_so_once(listed, tmp_path):
    folder, left = listed.root / "data", tmp_path / "left"
    before = state(folder / "raw")
    killed(listed)
    shutil.copytree(folder, left)
    for command in COMMANDS:
        shutil.rmtree(folder)
        shutil.copytree(left, folder)
        told = listed.wecare(*command, ok=False).stdout
        assert told.startswith("An import was killed half-way on 20"), command
        assert f"; its files were put back: data/raw/{EDITED}.\n" in told
        assert {name: data for name, data in state(folder / "raw").items() if "superseded" not in name} == before
    assert "killed" not in listed.wecare("import", "income", "nowhere.csv", ok=False).stdout


def asked(project: Project, answer: str, *arguments: str) -> str:
    """All that an import says that is answered."""
    command = [sys.executable, "-c", "from helpers.cli.main import main; main()", *(arguments or GRANTS)]
    environment = os.environ | {"WECARE_ROOT": str(project.root)}
    done = subprocess.run(command, input=answer, env=environment, cwd=project.root, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def asking(project: Project, *arguments: str):
    """An import that has asked its question and waits."""
    command = [sys.executable, "-c", "from helpers.cli.main import main; main()", *arguments]
    environment = os.environ | {"WECARE_ROOT": str(project.root)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, cwd=project.root, text=True, **pipes) as process:
        told = ""
        while not told.endswith("[y/N]: "):
            letter = process.stdout.read(1)
            assert letter, told
            told += letter
        yield process


@pytest.mark.parametrize("stop", ["n", "Ctrl-C", "end"])
def test_an_import_that_is_refused_or_interrupted_says_so_once(listed, stop):
    before = state(listed.root / "data")
    with asking(listed, *GRANTS) as process:
        if stop == "Ctrl-C":
            process.send_signal(signal.SIGINT)
        told, _ = process.communicate("n\n" if stop == "n" else None)
    assert told.strip().startswith("Nothing was written. Next: ") and process.returncode == 1
    assert told.count("written") == 1 and state(listed.root / "data") == before


def test_an_import_answered_after_another_has_written_writes_nothing(listed):
    folder = listed.root / "data/raw"
    with asking(listed, *GRANTS) as process:
        (listed.root / "other.csv").write_text(LIST.replace("M1-20", "M1-01"), encoding="utf-8")
        listed.wecare("import", "grants", "other.csv", "--source", "Altro elenco", "--yes")
        before = state(folder)
        told, _ = process.communicate("y\n")
    assert process.returncode == 1
    assert told.count("nothing was written") == 1 and "run it again" in told and "Wrote" not in told
    assert state(folder) == before


def test_a_draft_is_read_before_it_is_asked_about(tmp_path):
    """What an import shows is of the package as it was when it began."""
    copy: Copy = copied(tmp_path)
    draft = Draft(copy.root)
    descriptor = copy.root / raw.DESCRIPTOR
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    descriptor.write_text(json.dumps(package | {"version": "2099.1"}), encoding="utf-8")
    draft.put("sources.csv", b"source_id,address,site\n")
    with pytest.raises(WecareError, match="changed while"):
        draft.commit()
