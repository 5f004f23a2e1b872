"""What holds of every page in both languages: each piece shows something, whole and from the page's inputs alone."""

import re
import subprocess
import sys

import pytest
from readers import DOCUMENTATION, OURS, SHUNNED
from showing import LEAKED, charts, code_cells, displayed, markup, mute, refuse_tables, words

from helpers.build import jobs

JOBS = {job.name: job for job in jobs.all_jobs()}

#: The first report of each notebook, which `make test-quick` looks at; the others come with `make test`.
FIRST = {job.template: job.name for job in reversed(JOBS.values())}.values()

#: Of districts and projects those unlike one another, which `make test` looks at; `make audit` looks at all.
SEVERAL = {"district": ("D01", "D04", "D11", "D12", "D25", "D29", "D30"), "project": ("M1-05", "M1-09", "M1-20")}

#: Pieces that show nothing where there is nothing to say.
SILENT = {
    "report.spending()",
    *(f"page.{piece}()" for piece in ("spending", "aims", "projects", "records", "parts", "work")),
}

#: Pages that name the comune called None.
NAMES_NONE = {"D30", "boundaries", "catalogue"}


def mark_of(job):
    """When a report is looked at that is not the first of its notebook."""
    return pytest.mark.slow if job.report in SEVERAL.get(job.template.stem, (job.report,)) else pytest.mark.audit


@pytest.mark.parametrize(
    "name", [name if name in FIRST else pytest.param(name, marks=mark_of(job)) for name, job in JOBS.items()]
)
@pytest.mark.slow
def test_every_piece_shows_something_whole_from_the_inputs_of_its_page(name, monkeypatch):
    job = JOBS[name]
    given, making, *showing = code_cells(job.template)
    space = {}
    with displayed() as outputs:
        exec(given, space)
        space |= job.parameters
        exec(making, space)
        # What decides whether a page runs again must be all that it shows.
        refuse_tables(monkeypatch)
        for cell in showing:
            before = len(outputs)
            exec(cell, space)
            assert len(outputs) > before or cell in SILENT, cell
    text = words(outputs)
    if job.report in NAMES_NONE:
        text = re.sub(r"\bNone\b", "", text)
    assert not (leak := LEAKED.search(text)), text[max(0, leak.start() - 60) : leak.end() + 60]
    charts(outputs)
    assert mute(outputs) == []
    # What a source without a title is called, its address says.
    ours = words([{"text/html": re.sub(r'<span class="from-address">.*?</span>', "", markup(outputs))}])
    shunned = SHUNNED[job.parameters["lang"]].search(ours)
    assert not shunned, ours[shunned.start() - 60 : shunned.end() + 60]
    if job.template.stem not in DOCUMENTATION:
        assert not (own := OURS.search(text)), text[max(0, own.start() - 60) : own.end() + 60]


@pytest.mark.slow
def test_no_page_loads_plotly_or_pysal():
    """Both take longer to load than a page to run: charts are plain dicts, statistics are made once for all pages."""
    code = (
        "import sys, nbformat\nfrom helpers.build import jobs\n"
        "for job in {job.template: job for job in jobs.all_jobs()}.values():\n"
        "    given, *cells = [c.source for c in nbformat.read(job.template, 4).cells if c.cell_type == 'code']\n"
        "    exec(given, space := {})\n"
        "    exec('\\n'.join(cells), space | job.parameters)\n"
        "print(sorted({'plotly', 'inequality', 'esda', 'libpysal'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["[]"], 0), done.stderr
