"""What must run again follows from the import graph: all a step can run, and nothing it cannot."""

import ast
import json
import os
import shutil
import subprocess
import sys
from functools import cache

import commands
import pytest
from conftest import ROOT, Project

from helpers import config
from helpers.build import jobs, plan, sheets
from helpers.publish import feeds, finish, stage
from helpers.publish.render import embedded, quarto
from helpers.publish.weight import css
from helpers.system import dependencies, files, notebooks

#: Where each step begins in the library, as the builds and publications take it.
STEPS = {
    "check": (plan.CHECK,),
    "derive": (plan.LEVELS,),
    "analyse": (plan.ANALYSES,),
    "sheet": sheets.CODE,
    **{m.__name__.rpartition(".")[2]: (m.__name__,) for m in (stage, embedded, quarto, finish, css, feeds)},
    **{
        f"report {template.stem}": (*notebooks.imports_of(template), *plan.EXECUTION)
        for template in sorted({job.template for job in jobs.all_jobs()})
    },
}

MODULES = {
    ".".join(("helpers", *path.relative_to(config.HELPERS).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in config.HELPERS.rglob("*.py")
}


@cache
def imported(module):
    """Modules that one imports, read from its source by the rules of Python and without grimp."""
    path, found = MODULES[module], set()
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        inside
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inside in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found |= {origin} - {"helpers"} | {f"{origin}.{name.name}" for name in node.names}
    return found & MODULES.keys()


def reachable(start):
    found, waiting = set(), set(start)
    while waiting:
        module = waiting.pop()
        found.add(module)
        packages = {module.rsplit(".", n)[0] for n in range(1, module.count(".") + 1)}
        waiting |= (imported(module) | packages) - found
    return found


@pytest.fixture(scope="module")
def closures():
    return {step: reachable(start) for step, start in STEPS.items()}


@pytest.mark.slow
def test_a_closure_is_what_can_be_reached(closures):
    assert {step: set(dependencies.closure(*start)) for step, start in STEPS.items()} == closures


@pytest.mark.slow
@pytest.mark.parametrize("bit", range(len(MODULES).bit_length()))
@pytest.mark.parametrize("value", [0, 1])
def test_an_edited_module_touches_the_steps_whose_closure_holds_it_and_no_others(closures, bit, value):
    # Half of the modules are edited at once; of any two modules, one is edited without the other in one of the rounds.
    edited = {module for n, module in enumerate(MODULES) if (n >> bit & 1) == value}
    with files.holding():
        before = {step: dependencies.fingerprints(*start) for step, start in STEPS.items()}
        for module in edited:
            files._held[MODULES[module]] = files.read(MODULES[module]), "edited"
        for step, start in STEPS.items():
            after = dependencies.fingerprints(*start)
            assert {name for name in after if after[name] != before[step][name]} == edited & closures[step], step


@pytest.mark.slow
def test_steps_feel_what_they_rest_on_and_nothing_else(closures):
    reports = {step for step in STEPS if step.startswith("report ")}

    def touched(module):
        return {step for step, closure in closures.items() if module in closure}

    assert not touched("helpers.cli.imports") and not touched("helpers.imports.grants") & reports
    assert touched("helpers.analysis.equity") == {"analyse", "report equity"}
    assert {"derive", "analyse", *reports} <= touched("helpers.config")
    assert touched("helpers.pages.timeline.page") == {"report timeline"}
    assert not touched("helpers.publish.check.verify") & {"stage", "embedded", *reports}


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [
        *("derive", "report district"),
        *(pytest.param(s, marks=pytest.mark.audit) for s in ("check", "analyse", "report timeline", "report whatif")),
    ],
)
def test_a_step_imports_nothing_outside_its_closure(closures, step, tmp_path):
    programs = {
        "check": "from helpers.checks.run import check; check()",
        "derive": "from helpers.data import levels; levels.derive()",
        "analyse": "from helpers.data import analyses, processed\nprocessed.write = lambda *_: None\nanalyses.build()",
    }
    report = (
        "from helpers.build.execute import execute\n"
        "from helpers.build import jobs\n"
        "job = next(job for job in jobs.all_jobs() if job.template.stem == {!r})\n"
        "assert execute(job, 'wecare-inline')[0].error is None"
    )
    program = programs.get(step) or report.format(step.removeprefix("report "))
    program += "\nimport json, sys; print(json.dumps([name for name in sys.modules if name.startswith('helpers')]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    # The list of reports, which the program asks for the job.
    loaded -= set() if step in programs else reachable(["helpers.build.jobs"])
    assert loaded and loaded <= closures[step]


def test_texts_beside_modules_belong_to_their_package(tmp_path):
    names = set(dependencies.fingerprints("helpers.pages.district.page"))
    assert {"texts of helpers.prose", "helpers.pages.district.page", "helpers"} <= names
    assert "texts of helpers.sheet" in dependencies.fingerprints(*sheets.CODE)
    assert "texts of helpers.sheet" not in names and not [name for name in names if name.startswith("helpers.cli.main")]
    with files.holding():
        before = dependencies.fingerprints("helpers.prose.render")
        template = config.HELPERS / "prose/it/district_brief.md.j2"
        files._held[template] = b"", "edited"
        after = dependencies.fingerprints("helpers.prose.render")
    assert {name for name in after if after[name] != before[name]} == {"texts of helpers.prose"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from helpers.pages.district.page import DistrictReport", {"helpers.pages.district.page"}),
        ("from helpers.pages import district", {"helpers.pages", "helpers.pages.district"}),
        ("%matplotlib inline\nimport helpers.data.raw as r\n!ls", {"helpers.data.raw"}),
        ("import pandas", set()),
    ],
)
def test_notebooks_say_what_they_import(source, found):
    assert dependencies.imported_in(source) == found


def test_a_cell_that_is_no_python_rests_on_everything():
    assert dependencies.imported_in("x = = 1") == set(MODULES)
    with pytest.raises(ValueError, match=r"helpers\.nowhere"):
        dependencies.closure("helpers.nowhere")


# --- edits of the library, compared with a build from nothing ------------------------------------------------------


class Checkout(Project):
    """A copy of the project and of the library, of which a few reports are made."""

    ASKED = ("--only", "D01", "--only", "indicators", "--only", "timeline")

    @classmethod
    def of(cls, project):
        # With what is compiled, which is found by the time of a file.
        shutil.copytree(ROOT / "src", project.root / "src", dirs_exist_ok=True)
        return cls(project.root)

    def build(self, *arguments):
        environment = os.environ | {"PYTHONPATH": str(self.root / "src"), "WECARE_ROOT": ""}
        done = commands.run(["build", *self.ASKED, *arguments], environment, self.root)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def made(self):
        paths = [*(self.root / "reports").rglob("*.ipynb"), *(self.root / "data/processed").glob("*.parquet")]
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}

    def edit(self, name, old, new):
        path = self.root / "src/helpers" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def checkout(checked, tmp_path_factory):
    made = Checkout.of(checked.copy(tmp_path_factory.mktemp("checkout") / "a"))
    made.build()
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "old", "new", "runs"),
    [
        ("config.py", "SMALL_COMUNE = 1_000", "SMALL_COMUNE = 5_000", 6),
        pytest.param(
            *("declarations/age.toml", 'short = "Indice di vecchiaia"', 'short = "Vecchiaia"', 6),
            marks=pytest.mark.audit,
        ),
        ("prose/en/district_brief.md.j2", "{#", "{# edited #}{#", 6),
        ("pages/timeline/page.py", "class Timeline", "EDITED = 1\n\n\nclass Timeline", 2),
        ("cli/imports.py", "from __future__", "# A comment.\nfrom __future__", 0),
        ("publish/check/verify.py", "from __future__", "# A comment.\nfrom __future__", 0),
    ],
)
def test_an_edit_of_the_library_makes_again_what_rests_on_it(checkout, name, old, new, runs):
    checkout.edit(name, old, new)
    said = checkout.build()
    assert (f"{runs} of {runs} reports made" if runs else "Nothing changed") in said


@pytest.mark.slow
def test_edits_of_the_library_give_what_a_build_from_nothing_gives(checkout, tmp_path):
    # After all the edits above: whatever one of them left stale and no later one made again still is.
    fresh = Checkout.of(Project.fresh(tmp_path / "b"))
    shutil.copytree(checkout.root / "src", fresh.root / "src", dirs_exist_ok=True)
    fresh.build()
    assert checkout.made() == fresh.made()


@pytest.mark.slow
def test_a_checkout_that_is_moved_with_what_it_made_has_nothing_to_make_again(checkout, tmp_path):
    shutil.copytree(checkout.root, tmp_path / "moved")
    assert "Nothing changed" in Checkout(tmp_path / "moved").build()
