"""A new edition sets the one before aside; a release is made of a commit alone, and says what it holds."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from hashlib import sha256

import pytest
from conftest import ROOT, Project
from typer.testing import CliRunner

from helpers import config
from helpers.build import release
from helpers.checks.run import check
from helpers.cli.main import app
from helpers.data import raw
from helpers.errors import InputError, WecareError
from helpers.imports import edition

TEXTS = {"it": "Redditi del 2025.", "en": "Incomes of 2025."}
AT_HAND = raw.edition()
LATER = f"{AT_HAND.date.year + 1}.1"
DAY = AT_HAND.date + dt.timedelta(days=20)


@pytest.mark.parametrize(
    ("version", "day", "texts", "column"),
    [
        ("2026-3", DAY, TEXTS, "version"),
        (AT_HAND.version, DAY, TEXTS, "version"),
        ("2019.9", DAY, TEXTS, "version"),
        (LATER, AT_HAND.date - dt.timedelta(days=1), TEXTS, "created"),
        (LATER, DAY, {"it": "Redditi.", "en": " "}, "changes"),
        (LATER, DAY, {"it": "Redditi <b>.", "en": "Incomes."}, "changes"),
    ],
)
def test_what_can_be_no_later_edition_is_refused_and_nothing_is_written(version, day, texts, column):
    before = (config.RAW / raw.DESCRIPTOR).read_bytes()
    with pytest.raises(InputError) as found:
        edition.begin(version, day, texts)
    assert [problem.column for problem in found.value.problems] == [column]
    assert (config.RAW / raw.DESCRIPTOR).read_bytes() == before


def test_a_new_edition_is_named_told_and_compared_with_the_one_before(project, monkeypatch):
    monkeypatch.setattr(config, "HELPERS", project.root / "src" / "helpers")
    words = project.root / "src/helpers/prose/it/rows/editions.toml"
    words.parent.mkdir(parents=True)
    words.write_text((ROOT / "src/helpers/prose/it/rows/editions.toml").read_text(encoding="utf-8"), encoding="utf-8")
    folder = project.root / "data/raw"
    before = (folder / raw.DESCRIPTOR).read_bytes()
    monkeypatch.setattr(config, "RAW", folder)
    monkeypatch.setattr(config, "SITE", project.site)
    monkeypatch.setattr(config, "ROOT", project.root)
    (project.root / "CITATION.cff").write_bytes((ROOT / "CITATION.cff").read_bytes())
    made = edition.begin(LATER, DAY, TEXTS)
    cited = (project.root / "CITATION.cff").read_text(encoding="utf-8")
    assert cited.endswith(f'version: "{LATER}"\ndate-released: {DAY.isoformat()}\n')
    assert made.before == AT_HAND.version and made.kept == folder / "superseded/editions" / AT_HAND.version
    assert (made.kept / raw.DESCRIPTOR).read_bytes() == before
    package = json.loads((folder / raw.DESCRIPTOR).read_text(encoding="utf-8"))
    assert (package["version"], package["created"][:10]) == (LATER, DAY.isoformat())
    assert (
        (folder / "editions.csv").read_text(encoding="utf-8").endswith(f"{LATER},{DAY.isoformat()},Incomes of 2025.\n")
    )
    assert f'["{LATER}"]\nchanges = "Redditi del 2025."\n' in words.read_text(encoding="utf-8")
    assert check(folder).problems == []
    told = CliRunner().invoke(app, ["diff", str(made.kept), str(folder)]).output
    assert f"{AT_HAND.version} ({AT_HAND.date.isoformat()}) → {LATER}" in told
    # The one before is what readers saw: an edition that was kept stays as it was kept.
    with pytest.raises(InputError):
        edition.begin(LATER, DAY, TEXTS)


def committed(project: Project) -> None:
    """Make a checkout of a project: what is committed is what is there."""
    for part in ("src/helpers", "pyproject.toml", "requirements.lock", ".gitignore"):
        target = project.root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", ROOT / part, target], check=True)
    git = ["git", "-C", project.root, "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "All"], check=True)


@pytest.fixture
def checkout(project, monkeypatch):
    committed(project)
    monkeypatch.setattr(config, "ROOT", project.root)
    monkeypatch.setattr(release, "FOLDER", project.root / "build" / "release")
    return project


def test_a_release_is_refused_while_something_is_not_committed(checkout):
    (checkout.root / "reports" / "nuova.qmd").write_text("---\ntitle: Nuova\n---\n")
    with pytest.raises(WecareError, match="Not committed: reports/nuova.qmd"):
        release.make("embedded")
    assert not release.FOLDER.exists()


def test_a_release_is_refused_if_what_is_committed_fails_a_check(checkout):
    table = checkout.root / "data/raw/measures.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("6400000", "6400001"), encoding="utf-8")
    git = ["git", "-C", checkout.root, "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run([*git, "commit", "-q", "-a", "-m", "An edit that is not recorded"], check=True)
    with pytest.raises(WecareError, match=r"`wecare check` failed.*\n(.*\n)*.*measures\.csv"):
        release.make("embedded")
    assert list(release.FOLDER.iterdir()) == []


def test_outside_a_checkout_there_is_nothing_to_release(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "ROOT", tmp_path)
    with pytest.raises(WecareError, match="no checkout of git"):
        release.make("embedded")


@pytest.mark.audit
def test_a_release_holds_data_site_and_the_hash_of_every_file_and_stays(checkout):
    made = release.make("embedded")
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    held = {p.relative_to(made.folder).as_posix(): p for p in made.folder.rglob("*") if p.is_file()}
    assert held.keys() - manifest["files"].keys() == {"manifest.json", "SHA256SUMS"}
    for name, told in manifest["files"].items():
        assert sha256(held[name].read_bytes()).hexdigest() == told["sha256"]
    assert (made.folder / "site" / "index.html").is_file() and (made.folder / "data" / raw.DESCRIPTOR).is_file()
    assert manifest["edition"] == AT_HAND.version == made.folder.name and len(manifest["commit"]) == 40
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made.folder, check=True)
    # The same commit gives the same release; another content of the same edition does not take its place.
    (made.folder / "SHA256SUMS").chmod(0o644)
    (made.folder / "SHA256SUMS").write_text("0  other\n")
    with pytest.raises(WecareError, match="holds another content"):
        release.make("embedded")
    assert (made.folder / "SHA256SUMS").read_text() == "0  other\n"
