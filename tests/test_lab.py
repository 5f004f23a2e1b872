"""Working copies: running never changes a template, and adopting takes what a copy says and nothing else."""

import json
from urllib.request import Request, urlopen

import nbformat
import pytest
from jupyter_server_process import jupyterlab

from helpers import config
from helpers.build import lab
from helpers.errors import WecareError
from helpers.system import notebooks
from helpers.system.notebooks import Cell, read_cells


@pytest.fixture
def folder(project, monkeypatch):
    """A project's notebooks, with working copies."""
    monkeypatch.setattr(config, "NOTEBOOKS", project.root / "notebooks")
    monkeypatch.setattr(config, "LAB", project.root / "notebooks/lab")
    lab.make_copies()
    return config.NOTEBOOKS


def ran(path):
    """Make a notebook look as after a run in JupyterLab that was saved."""
    notebook = nbformat.read(path, 4)
    for count, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count, cell.outputs = count, [nbformat.v4.new_output("stream", text="x" * 1000)]
        cell.metadata["execution"] = {"iopub.status.idle": "2026-01-01"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    notebook.metadata["widgets"] = {}
    nbformat.write(notebook, path)
    return notebook


def test_templates_are_written_as_they_are_adopted():
    for path in lab.templates():
        assert notebooks.as_bytes(notebooks.document(read_cells(path))) == path.read_bytes(), path.name


def test_copies_follow_their_templates_until_somebody_edits_them(folder):
    copy, template = folder / "lab/district.ipynb", folder / "district.ipynb"
    assert read_cells(copy) == read_cells(template) and lab.make_copies() == lab.Copies([], [], [])
    ran(copy)
    assert lab.make_copies() == lab.Copies([], [], [])
    cells = read_cells(template)
    template.write_bytes(notebooks.as_bytes(notebooks.document(cells[:-1])))
    assert lab.make_copies() == lab.Copies([], ["district.ipynb"], [])
    assert read_cells(copy) == cells[:-1]
    edited = ran(copy)
    edited.cells[0].source = "# Mine"
    nbformat.write(edited, copy)
    mine = copy.read_bytes()
    template.write_bytes(notebooks.as_bytes(notebooks.document(cells)))
    assert lab.make_copies() == lab.Copies([], [], ["district.ipynb"]) and copy.read_bytes() == mine


def test_adopting_takes_cells_and_no_outputs(folder):
    copy, template = folder / "lab/district.ipynb", folder / "district.ipynb"
    before = template.read_bytes()
    ran(copy)
    assert lab.adopt(copy) == [] and template.read_bytes() == before
    edited = ran(copy)
    edited.cells.insert(3, nbformat.v4.new_code_cell("report.brief()  # mine", metadata={"tags": ["remove-cell"]}))
    edited.cells.insert(4, nbformat.v4.new_code_cell("district = 1", metadata={"tags": [notebooks.INJECTED_TAG]}))
    edited.cells.append(nbformat.v4.new_code_cell(""))
    nbformat.write(edited, copy)
    assert "+report.brief()  # mine" in lab.adopt(copy)
    now = read_cells(template)
    assert now[3] == Cell("code", "report.brief()  # mine", ("remove-cell",)) and len(now) == len(edited.cells) - 2
    assert not [cell for cell in json.loads(template.read_bytes())["cells"] if cell.get("outputs")]
    # The copy follows the template it has just made.
    assert lab.make_copies().behind == [] and lab.adopt(copy) == []


def test_a_template_that_changed_since_is_not_written_over(folder):
    copy, template = folder / "lab/district.ipynb", folder / "district.ipynb"
    template.write_bytes(notebooks.as_bytes(notebooks.document(read_cells(template)[:-1])))
    changed = template.read_bytes()
    with pytest.raises(WecareError, match=r"has changed since.*--force"):
        lab.adopt(copy)
    assert template.read_bytes() == changed
    assert lab.adopt(copy, force=True) and template.read_bytes() != changed


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere.ipynb", None, "There is no working copy"),
        ("mine.ipynb", "{}", "no copy of a template.*district.ipynb"),
        ("district.ipynb", "not json", "district.ipynb has changed since|not a notebook"),
        ("../raw.csv", None, "There is no working copy"),
    ],
)
def test_what_cannot_be_adopted_is_told(folder, name, content, said):
    path = folder / "lab" / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(WecareError, match=said):
        lab.adopt(path)


def test_a_copy_that_lost_a_parameter_is_refused(folder):
    copy = folder / "lab/district.ipynb"
    notebook = nbformat.read(copy, 4)
    given = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    given.source = 'district = "D12"'
    nbformat.write(notebook, copy)
    with pytest.raises(WecareError, match="does not declare edition, lang"):
        lab.adopt(copy)


def test_a_copy_of_a_notebook_that_makes_no_page_needs_no_parameters(folder):
    copy = folder / "lab/gallery.ipynb"
    notebook = nbformat.read(copy, 4)
    notebook.cells.append(nbformat.v4.new_code_cell("we.region"))
    nbformat.write(notebook, copy)
    assert any("we.region" in line for line in lab.adopt(copy))
    assert read_cells(folder / "gallery.ipynb")[-1].source == "we.region"


def test_the_command_adopts_and_says_what_changed(project):
    template = project.root / "notebooks/timeline.ipynb"
    copy = project.root / "notebooks/lab/timeline.ipynb"
    copy.parent.mkdir()
    notebook = nbformat.read(template, 4)
    notebook.cells[0].source += " Mine."
    notebook.metadata["wecare"] = {"template": "timeline.ipynb", "fingerprint": notebooks.fingerprint_of(template)}
    nbformat.write(notebook, copy)
    said = project.wecare("adopt", "timeline.ipynb").stdout
    assert "Mine." in said and "wecare build" in said
    assert nbformat.read(template, 4).cells[0].source.endswith("Mine.")
    assert "the same already" in project.wecare("adopt", "timeline.ipynb").stdout


@pytest.fixture
def server(project):
    """JupyterLab as the command starts it; asks its interface for something."""
    with jupyterlab(project.root) as address:

        def ask(method, path, body=None):
            data = None if body is None else json.dumps(body).encode()
            asked = Request(f"{address}/api/{path}", data, {"Authorization": "token t"}, method=method)
            with urlopen(asked, timeout=30) as answer:
                return json.load(answer)

        yield ask


def test_saving_a_template_that_was_run_leaves_it_as_it_was(project, server):
    template, copy = (project.root / "notebooks" / name for name in ("district.ipynb", "lab/district.ipynb"))
    before = template.read_bytes()
    for name in ("district.ipynb", "lab/district.ipynb"):
        notebook = server("GET", f"contents/{name}")["content"]
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {
                    "execution_count": 3,
                    "outputs": [{"output_type": "stream", "name": "stdout", "text": "hello"}],
                }
        server("PUT", f"contents/{name}", {"type": "notebook", "format": "json", "content": notebook})
    assert template.read_bytes() == before
    assert b"hello" in copy.read_bytes()
