"""The three descriptions of the environment say the same: pyproject.toml, environment.yml, requirements.lock."""

import re
import subprocess
import tomllib

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement

#: In environment.yml but no Python package.
NOT_PYTHON = {"python", "quarto", "pip"}


@pytest.fixture(scope="module")
def declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = {r.name: str(r.specifier) for r in map(Requirement, project["dependencies"])}
    dev = {r.name: str(r.specifier) for r in map(Requirement, project["optional-dependencies"]["dev"])}
    return runtime, dev, project["requires-python"]


def conda():
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(e["pip"] for e in entries if isinstance(e, dict))
    found = [Requirement(e) for e in [*entries, *pip] if isinstance(e, str) and not e.startswith("-")]
    return {r.name: str(r.specifier) for r in found}, pip


def test_conda_names_the_same_packages_and_bounds(declared):
    runtime, _, python = declared
    packages, pip = conda()
    assert {k: v for k, v in packages.items() if k not in NOT_PYTHON} == runtime
    assert packages["python"] == python
    assert "--editable .[dev]" in pip
    assert "quarto" in packages


def test_the_lock_holds_every_declared_package_within_its_bounds_and_with_hashes(declared):
    runtime, dev, _ = declared
    lock = (ROOT / "requirements.lock").read_text()
    pinned = {}
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        name, version = re.match(r"([A-Za-z0-9_.-]+)==([^ ;\\\n]+)", entry).groups()
        assert "--hash=sha256:" in entry, name
        pinned.setdefault(name.lower().replace("_", "-"), []).append(version)
    for name, bounds in (runtime | dev).items():
        assert any(Requirement(f"{name}{bounds}").specifier.contains(v) for v in pinned[name.lower()]), name


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of tracked files to look through")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_generated_things_are_not_tracked():
    names = [str(p.relative_to(ROOT)) for p in tracked()]
    assert not [n for n in names if n.startswith(("_site/", "build/")) or n.endswith(".parquet") and "processed" in n]
    assert not [n for n in names if n.startswith("reports/") and n.endswith(".ipynb")]


def test_notebooks_are_thin_and_tracked_without_outputs():
    import nbformat

    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code":
                assert not cell.outputs, path.name
                assert len(cell.source.splitlines()) <= 10, path.name
                assert not re.search(r"^\s*(def|for|while|if|class) ", cell.source, re.M), path.name


def test_rooms_import_only_from_rooms_below_them():
    """The layers stand in pyproject.toml and in docs/architecture.md."""
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_modules_can_be_read_in_one_sitting():
    for path in (ROOT / "src").rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 350, path.name
