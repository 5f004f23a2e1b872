"""What ``wecare status`` and ``wecare doctor`` find."""

from __future__ import annotations

import pytest

from helpers import config
from helpers.build import doctor
from helpers.build.status import Status, published_edition

UP_TO_DATE = {
    "version": "2026.3",
    "date": "2026-12-01",
    "edited": (),
    "unchecked": (),
    "derived": True,
    "reports": 160,
    "outdated": {},
    "published": "2026.3",
    "unpublished": (),
}


@pytest.mark.parametrize(
    ("given", "follow"),
    [
        ({}, ()),
        ({"edited": ("data/raw/income.csv",)}, ("wecare check", "wecare record", "wecare build", "wecare publish")),
        ({"unchecked": ("data/raw/income.csv changed",)}, ("wecare build", "wecare publish")),
        ({"derived": False, "outdated": None}, ("wecare build", "wecare publish")),
        ({"outdated": {"D12": "raw events changed"}}, ("wecare build", "wecare publish")),
        ({"unpublished": ("_quarto.yml changed",)}, ("wecare publish",)),
        ({"published": ""}, ("wecare publish",)),
    ],
)
def test_what_to_type_next_follows_from_what_was_found(given, follow):
    assert Status(**(UP_TO_DATE | given)).next == follow


def test_a_folder_without_a_site_has_no_edition(tmp_path):
    assert published_edition(tmp_path) == ""


def test_every_step_of_the_work_is_told(derived):
    told = derived.wecare("status").stdout
    assert "Edited:    nothing in data/raw" in told and "nothing in _site/" in told
    assert told.splitlines()[-1] == "Next: `wecare build`, `wecare publish`"
    table = derived.root / "data" / "raw" / "measures.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("6400000", "6400001"), encoding="utf-8")
    before = {path: path.read_bytes() for path in (derived.root / "data").rglob("*") if path.is_file()}
    told = derived.wecare("status").stdout
    assert "Edited:    data/raw/measures.csv" in told and "data/raw/measures.csv changed" in told
    assert told.splitlines()[-1].startswith("Next: `wecare check`, `wecare record`, `wecare build`")
    assert {path: path.read_bytes() for path in (derived.root / "data").rglob("*") if path.is_file()} == before


def test_published_is_told_until_something_of_the_site_is_edited(built, tmp_path):
    project = built.copy_with_site(tmp_path / "project")
    assert project.wecare("status").stdout.splitlines()[-1].startswith("Next: nothing to do")
    page = project.root / "reports" / "privacy.qmd"
    page.write_text(page.read_text(encoding="utf-8") + "\nUna riga.\n", encoding="utf-8")
    told = project.wecare("status").stdout
    assert "reports/privacy.qmd changed" in told and told.splitlines()[-1] == "Next: `wecare publish`"


def test_packages_are_compared_with_the_lock_file(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "pandas==0.1 \\\n    --hash=sha256:00\nno-such-package==1.0\nalso-none==1.0 ; python_full_version < '3'\n"
    )
    (found,) = [finding for finding in doctor.examine(lock=lock) if finding.name == "Packages"]
    assert not found.good and found.needed and "2 of 2" in found.found
    assert "pandas" in found.found and "(==0.1)" in found.found and "no-such-package missing" in found.found
    assert "requirements.lock" in found.remedy


def test_a_folder_that_refuses_writing_and_a_full_disk_are_told(tmp_path, monkeypatch):
    def refuse(dir):
        raise PermissionError

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: doctor.shutil._ntuple_diskusage(1, 1, 0))
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    monkeypatch.delenv("CHROMIUM", raising=False)
    found = doctor.examine(tmp_path, config.LOCK)
    lacking = {finding.name for finding in found if not finding.good and finding.needed}
    assert {"Space", "Writing in reports", "Writing in data/raw"} <= lacking
    optional = [finding for finding in found if not finding.good and not finding.needed]
    assert {finding.name.split()[0] for finding in optional} == {
        "git",
        "quarto",
        "chromium",
        "pdftotext",
        "node",
        "java",
        "tools",
    }
    assert all(finding.remedy for finding in found if not finding.good)
