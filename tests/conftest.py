"""What tests share: a project of their own to build in, and the whole site built once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import commands
import pytest
from filelock import FileLock
from hypothesis import Phase, settings

from helpers.system import startup

startup.block_unused_modules()

ROOT = Path(__file__).parents[1]

# How fast an example runs says how busy the machine is, not whether the law holds.
settings.register_profile("untimed", deadline=None)
# Whether a changed line is noticed: always by the same examples, and nobody asks for the smallest of them.
settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("untimed")

# A run started in the background may have inherited that Ctrl-C is ignored; the tests of interruption need it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What commands print is compared as text: no colours and no terminal, whatever the machine that runs the tests forces.
for variable in ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "GITHUB_ACTIONS"):
    os.environ.pop(variable, None)
os.environ["NO_COLOR"] = "1"

#: What a build reads; tests get copies, so that nothing they do reaches the working tree.
SOURCES = ("data/raw", "docs", "notebooks", "reports", "src/quarto", "_quarto.yml")


#: Fixtures that build; who asks for one gets the mark.
MARKS = {"built": "site", "reported": "site", "project": "slow", "derived": "slow", "clone": "slow"}


#: Files that take long, begun first, so that no process is left with one of them when the other has ended. The first
#: has the site built, which the second need not wait for.
LONG = (
    *("test_browser_accessibility", "test_dependencies", "test_how_to", "test_build", "test_text", "test_cluster"),
    *("test_import_population", "test_agreement", "test_machines", "test_required"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long; mark the tests that build by what they ask for."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
    for item in items:
        for name in MARKS.keys() & getattr(item, "fixturenames", ()):
            item.add_marker(MARKS[name])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Where NOTHING_SKIPS is set, as .ci/run does, what would be skipped has failed."""
    report = yield
    if report.skipped and os.environ.get("NOTHING_SKIPS"):
        report.outcome, report.longrepr = "failed", f"may not be skipped here: {report.longrepr[-1]}"
    return report


def pytest_report_header() -> str:
    """Say loudly what is not tested here."""
    found = shutil.which("quarto")
    return f"quarto: {found}" if found else "quarto: NOT ON PATH, publishing with it is tested with a stand-in only"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Where files of tests run side by side, no two browsers do: each would wait for the other."""
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "browser" if "mark.browser" in (ROOT / file).read_text(encoding="utf-8") else file

    return OneBrowser(config, log)


class Project:
    """A copy of the project, with the command ``wecare`` working on it."""

    def __init__(self, root: Path):
        self.root = root

    @classmethod
    def fresh(cls, root: Path) -> Project:
        """A copy of the sources."""
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                # Not what an earlier build left in the working tree.
                ignore = shutil.ignore_patterns("*.ipynb" if name == "reports" else "lab")
                shutil.copytree(source, root / name, ignore=ignore)
            else:
                shutil.copy(source, root / name)
        return cls(root)

    @property
    def site(self) -> Path:
        return self.root / "_site"

    def copy(self, root: Path) -> Project:
        """This project in another place, where as much is up to date as here."""
        copy = Project.fresh(root)
        for name in ("reports", "data/processed"):
            shutil.copytree(self.root / name, root / name, dirs_exist_ok=True)
        (root / "build").mkdir()
        for path in (self.root / "build").glob("*.db"):
            if path.name in ("record.db", "inputs.db"):
                shutil.copy(path, root / "build")
        return copy

    def copy_with_site(self, root: Path) -> Project:
        """This project in another place with all that was made, so that publishing makes anew only what differs."""
        return Project(shutil.copytree(self.root, root))

    def wecare(self, *arguments: str, ok: bool = True, first: str = "") -> subprocess.CompletedProcess:
        """Run the command on this project, as a person would, without Quarto on PATH; some Python may run first."""
        path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if not (Path(p) / "quarto").exists())
        environment = os.environ | {"WECARE_ROOT": str(self.root), "COLUMNS": "200", "PATH": path}
        done = commands.run(arguments, environment, self.root, first)
        if ok:
            assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the project."""
    return Project.fresh(tmp_path)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Makes something in a folder, in one of the processes that run the tests side by side; the others wait for it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def once_(name: str, make: Callable[[Path], None]) -> Path:
        done = shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                make(shared / name)
                done.touch()
        return shared / name

    return once_


@pytest.fixture(scope="session")
def checked(once: Callable) -> Project:
    """A project whose tables are checked and derived, without reports; tests take a copy."""

    def make(root: Path) -> None:
        Project.fresh(root).wecare("build", "--data-only")

    return Project(once("checked", make))


@pytest.fixture
def derived(checked: Project, tmp_path: Path) -> Project:
    """A copy of the project whose tables are checked and derived already, for what is about its reports."""
    return checked.copy(tmp_path)


@pytest.fixture(scope="session")
def reported(checked: Project, once: Callable) -> Project:
    """A project with all its reports made; tests only read it, or take a copy."""

    def make(root: Path) -> None:
        checked.copy(root).wecare("build")

    return Project(once("reported", make))


@pytest.fixture(scope="session")
def built(reported: Project, once: Callable) -> Project:
    """The same project with its whole site built by the embedded publisher; tests only read it."""
    once("published", lambda _: reported.wecare("publish"))
    return reported


#: The Chromium that is open.
OPEN = ExitStack()
FOUND: list[object] = []


@pytest.fixture(scope="module")
def browser() -> object:
    """A Chromium, the same for files of tests that follow each other; contexts share nothing."""
    from browser import launched

    if not (FOUND and FOUND[0].is_connected()):
        close_browser()
        FOUND.append(OPEN.enter_context(launched()))
    return FOUND[0]


@pytest.fixture(scope="module")
def at_site(built: Project, browser: object) -> Iterator[object]:
    """A browser at the whole site, for the tests of one file."""
    from browser import visiting

    with visiting(built.site, browser) as found:
        yield found


@pytest.fixture
def visit(at_site: object) -> Iterator[object]:
    """The same for one test, in which nothing may go wrong."""
    yield at_site
    at_site.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Close the browser when the next file does not begin with it: other tests have an event loop of their own."""
    try:
        return (yield)
    finally:
        if nextitem is None or (nextitem.path != item.path and "browser" not in getattr(nextitem, "fixturenames", ())):
            close_browser()


def pytest_unconfigure() -> None:
    """Close the browser where a run stops at a test that failed."""
    close_browser()


def close_browser() -> None:
    """Close the Chromium that is open, if one is."""
    FOUND.clear()
    OPEN.close()


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory):
    """Files of the site made from data, each made once."""
    from helpers.data.data_cache import DataCache

    return DataCache(tmp_path_factory.mktemp("parts") / "parts.db")


@pytest.fixture(scope="session")
def tables() -> dict:
    """The processed tables, derived from data/raw."""
    from helpers.data import levels

    return levels.derive()


@pytest.fixture
def shown() -> Iterator[list[dict]]:
    """What pages display during a test, instead of being shown."""
    from showing import displayed

    with displayed() as outputs:
        yield outputs
