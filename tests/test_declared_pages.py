"""Pages declared on their classes: what is read of them, and what is wrong in a declaration told in one message."""

import shutil
import subprocess

import pytest
from ruff.__main__ import find_ruff_bin

from helpers import config
from helpers.build import new_report
from helpers.errors import InputError, WecareError
from helpers.pages.common import declared as pages

PAGE = """
class Page{n}:
    notebook = {notebook}
    address = {address}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of pages and one of notebooks, with the page of one notebook."""
    (tmp_path / "pages" / "one").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    write(tmp_path, "one", PAGE.format(n=1, notebook='"one"', address='"uno"'))
    (tmp_path / "notebooks" / "one.ipynb").touch()
    return tmp_path


def write(folder, topic, text):
    (folder / "pages" / topic).mkdir(exist_ok=True)
    (folder / "pages" / topic / "page.py").write_text(text)


def read(folder):
    return pages.declared_pages(folder / "pages", folder / "notebooks")


def problems(folder):
    with pytest.raises(InputError) as found:
        read(folder)
    return [(p.file, p.row, p.column, p.value) for p in found.value.problems]


def test_a_page_is_found_without_a_list(folder):
    write(folder, "two", PAGE.format(n=2, notebook='"two"', address='"due"'))
    (folder / "notebooks" / "two.ipynb").touch()
    assert [(page.notebook, page.address) for page in read(folder)] == [("one", "uno"), ("two", "due")]


def test_a_class_without_a_notebook_is_no_page(folder):
    write(folder, "base", "class Base:\n    address = 'x'\n")
    assert [page.notebook for page in read(folder)] == ["one"]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (PAGE.format(n=2, notebook='"two"', address='"due"'), "notebook"),  # there is no such notebook
        (PAGE.format(n=2, notebook='"one"', address='"due"'), "notebook"),
        (PAGE.format(n=2, notebook='"one2"', address='"uno"'), "address"),
        ("class Page2:\n    notebook = 'one2'\n", "address"),
        (PAGE.format(n=2, notebook='"one2"', address='"due/{slug}"'), "each"),
        (PAGE.format(n=2, notebook='"one2"', address='"due"') + "    each = 'districts'\n", "each"),
    ],
)
def test_what_is_wrong_names_file_row_and_attribute(folder, text, column):
    (folder / "notebooks" / "one2.ipynb").touch()
    write(folder, "two", text)
    ((file, row, found, _),) = problems(folder)
    assert (file, found) == ("src/helpers/pages/two/page.py", column)
    assert row == (2 if text.startswith("\n") else 1)


def test_an_attribute_that_is_computed_is_refused(folder):
    write(folder, "two", PAGE.format(n=2, notebook="NAME", address='"due"'))
    (((file, row, _, _)),) = problems(folder)
    assert (file, row) == ("src/helpers/pages/two/page.py", 3)


def test_all_that_is_wrong_is_told_at_once(folder):
    write(folder, "two", PAGE.format(n=2, notebook='"two"', address='"uno"'))
    write(folder, "three", "class Page3:\n    notebook = 'three'\n")
    assert len(problems(folder)) == 4


# ---- a new one

MENU = config.QUARTO_YML.read_text(encoding="utf-8")


def test_the_line_of_a_report_is_added_at_the_end_of_its_menu():
    made = new_report.with_menu_line(MENU, "Mobilità", "mobilita", "Risorse ed equità")
    added = [line for line in made.splitlines() if line not in MENU.splitlines()]
    assert added == ['          - text: "Mobilità"', "            href: mobilita.ipynb"]
    assert made.replace("\n".join(added) + "\n", "") == MENU
    assert made.index("simulatore.ipynb") < made.index("mobilita.ipynb") < made.index('"Valutazione"')


def test_a_menu_that_does_not_exist_gets_a_suggestion():
    with pytest.raises(WecareError, match="Did you mean 'La strategia'"):
        new_report.with_menu_line(MENU, "X", "x", "La strategie")


@pytest.mark.parametrize(
    ("name", "title", "address", "said"),
    [
        ("2nd", "Seconda", "", "cannot be the name"),
        ("class", "Classe", "", "cannot be the name"),
        ("equity", "Altra", "", "is a report already"),
        ("other", "Equita", "", "is a report already"),
        ("other", "Altra", "../altra", "cannot be an address"),
        ("other", 'A "B"', "altra", "cannot be a title"),
        ("common", "Comune", "", "exists already"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_in_words(name, title, address, said):
    with pytest.raises(WecareError, match=said):
        new_report.files(name, dict.fromkeys(config.LANGUAGES, title), address)


def test_the_files_of_a_report_are_as_the_linter_wants_them(tmp_path):
    made = new_report.files("access", dict.fromkeys(config.LANGUAGES, "Accesso"))
    assert {path.suffix for path in made} == {".ipynb", ".py", ".toml", ".j2"}
    for path, content in made.items():
        if path.suffix == ".py":
            target = tmp_path / path.relative_to(config.ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    shutil.copy(config.ROOT / "pyproject.toml", tmp_path)
    ours = ["--config", "lint.isort.known-first-party = ['helpers']"]
    for command in (["check", *ours], ["format", "--check"]):
        ran = [find_ruff_bin(), *command, "src", "tests"]
        done = subprocess.run(ran, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
