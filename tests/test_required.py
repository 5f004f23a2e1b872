"""Rows that the site speaks of one by one: found by key, whatever the words say; one that is not there fails alone."""

import csv
import io
import re

import pytest
from raw_fixtures import Copy, copied, reduced

from helpers import config
from helpers.build import inputs, jobs
from helpers.checks.run import descriptor_of_accepted, require_valid
from helpers.data import processed, raw, required
from helpers.data.csv_form import Text, parse
from helpers.errors import InputError
from helpers.pages.wecare_will import inputs as wecare_will
from helpers.subjects import timeline

DECLARED = required.read_required()
#: Keys written in code and templates: of rows, and of sources cited.
LITERAL = re.compile(r'"((?:ACT|EV|EVF|M1F|M2F|WFA|PAF|STF|PRF|WCF|WP|KF)-\d+|S\d{3})"')
#: What code and templates stand for by name: measures and districts.
NAMED = {"M1", "M2", "WA", "WA-ANI", "WA-DIS", "WA-PRO", "FESR", "ACC", "D06", "D14"}


#: The tables that are broken here, without those that take long to check, and what they refer to.
TABLES = (
    *("sources", "quadrants", "regions", "comuni", "provinces", "measures", "misura1_projects", "events"),
    *("strategy_acts", "patto_text", "patto_regions", "evaluation_facts"),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


def text_of(table: str) -> Text:
    entry = raw.resource(table)
    data = (config.RAW / entry["path"]).read_bytes()
    return parse(data, raw.label(entry["path"]), len(entry["schema"]["fields"]))


def names_of(job: jobs.Job) -> set[str]:
    """The names by which a report is declared to need a row."""
    return {job.report, job.template.stem}


# ---- what is declared


@pytest.mark.parametrize("key", DECLARED)
def test_a_row_that_is_removed_or_blanked_is_named_with_its_reports(key):
    wanted = DECLARED[key]
    text, path = text_of(wanted.table), raw.resource(wanted.table)["path"]
    assert raw.resource(wanted.table)["schema"]["primaryKey"] == [wanted.column]
    assert wanted.problems(text, path) == []
    at = text.frame.index[text.frame[wanted.column] == key][0]
    without = text.frame.drop(index=at)
    (missing,) = wanted.problems(Text(without, text.lines), path)
    assert (missing.file, missing.column, missing.value) == (f"data/raw/{path}", wanted.column, key)
    assert missing.reports == wanted.reports and key in missing.rule and missing.remedy
    for column, reports in wanted.needs().items():
        blanked = text.frame.copy()
        blanked.loc[at, column] = ""
        (blank,) = wanted.problems(Text(blanked, text.lines), path)
        assert (blank.file, blank.row, blank.column) == (f"data/raw/{path}", text.lines[at], column)
        assert blank.reports == reports and blank.remedy == "fill the cell"


def test_every_key_in_code_and_templates_is_declared_and_every_declared_key_is_used():
    files = [
        *(
            path
            for room in ("subjects", "pages", "publish", "analysis")
            for path in (config.HELPERS / room).rglob("*.py")
        ),
        *(config.HELPERS / "prose").rglob("*.j2"),
    ]
    used = {key for path in files for key in LITERAL.findall(path.read_text(encoding="utf-8"))}
    assert used == set(DECLARED) - NAMED and set(DECLARED) >= NAMED


@pytest.mark.slow
def test_the_reports_declared_for_a_row_are_those_that_ask_for_it():
    processed.ensure()
    # Of the thirty districts two: one with a project and one without.
    chosen = [
        job
        for job in {job.report: job for job in jobs.all_jobs()}.values()
        if job.template.stem != "district" or job.report in ("D12", "D27")
    ]
    asked: dict[str, set[str]] = {key: set() for key in DECLARED}
    for job, (found, reads) in zip(chosen, inputs._cut(chosen).values(), strict=True):
        assert not isinstance(found, inputs.Failed), found
        for read in reads:
            table, column, key = (read.name.split(" ", 2) + ["", ""])[:3]
            if read.kind == "rows" and key in DECLARED and DECLARED[key].table == table:
                assert column == DECLARED[key].column
                asked[key].add(job.report)
    for key, wanted in DECLARED.items():
        due = {job.report for job in chosen if names_of(job) & {*wanted.reports, *wanted.also}}
        assert asked[key] == due, key
    assert {name for w in DECLARED.values() for name in (*w.reports, *w.also)} <= {
        name for job in jobs.all_jobs() for name in names_of(job)
    }


@pytest.mark.slow
def test_a_problem_of_single_reports_is_told_by_the_check_and_stops_neither_record_nor_build(copy):
    row = copy.row_of("strategy_acts.csv", "act_id", "ACT-05")
    copy.edit("strategy_acts.csv", row, "date", "")
    (problem,) = copy.problems()
    assert str(problem) == (
        f"data/raw/strategy_acts.csv, row {row}, column date: the cell is empty, and the site says what ACT-05 has "
        "there. Needed by: M1, strategy. To do: fill the cell."
    )
    descriptor, changed = descriptor_of_accepted(copy.root)
    assert changed == ["data/raw/strategy_acts.csv"] and descriptor["resources"]
    assert require_valid(copy.root).problems == [problem]
    copy.edit("strategy_acts.csv", row, "date", "2018-02-30x")
    with pytest.raises(InputError, match="column date"):
        require_valid(copy.root)


@pytest.mark.slow
def test_a_source_that_texts_cite_is_needed_by_all(copy):
    rows = copy.read("sources.csv")
    copy.write("sources.csv", [row for row in rows if row[0] != "S140"])
    with pytest.raises(InputError, match="there is no row S140"):
        require_valid(copy.root)


def test_a_table_that_is_gone_is_told_for_each_of_its_rows():
    (problem,) = DECLARED["WP-01"].problems(None)
    assert problem.file == "data/raw/datapackage.json" and problem.reports == ("wecare_will",)


# ---- one report fails


@pytest.mark.slow
def test_an_error_that_nobody_foresaw_in_the_inputs_of_one_report_is_of_that_report(monkeypatch):
    def broken(events):
        raise KeyError("EV-99")

    processed.ensure()
    monkeypatch.setattr(timeline, "order_events", broken)
    chosen = [job for job in jobs.all_jobs() if job.name in ("timeline", "evaluation", "D12")]
    cut = {report: found for report, (found, _) in inputs._cut(chosen).items()}
    assert {report for report, found in cut.items() if isinstance(found, inputs.Failed)} == {"timeline"}
    told = cut["timeline"].error
    assert told.startswith("KeyError: 'EV-99' in helpers/") and "timeline" in told and "To do: " in told
    assert "Traceback" not in told and "\n" not in told


def test_a_comparison_without_its_town_says_which_row_it_misses(monkeypatch):
    processed.ensure()
    monkeypatch.setattr(wecare_will, "project_facts", lambda code: None)
    with pytest.raises(InputError) as caught:
        wecare_will.wecare_will_inputs()
    (problem,) = caught.value.problems
    assert (problem.file, problem.column, problem.value) == ("data/raw/district_projects.csv", "distretto_id", "D23")
    assert "Novara" in problem.rule and problem.reports == ("wecare_will",)


def edit(project, table: str, key: str, column: str | None, change=None) -> int:
    """Change one cell of a project's table as text, or remove the row; gives the line of the row."""
    path = project.root / f"data/raw/{table}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    line = next(n for n, row in enumerate(rows) if row[0] == key)
    if column is None:
        del rows[line]
    else:
        at = rows[0].index(column)
        rows[line][at] = change(rows[line][at])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return line + 1


#: Edits of words that no report may need: a name, how an act is written, a note, a language, a row that repeats others.
WORDS = (
    ("districts", "D23", "name", lambda name: "Novara e dintorni"),
    ("strategy_acts", "ACT-02", "act", lambda act: "DGR 22-5076 del 2017"),
    ("events", "EV-05", "note", lambda note: ""),
    ("evaluation_facts", "EVF-02", "value", lambda value: value.replace("million", "milioni")),
    ("events", "EV-40", None, None),
    ("events", "EV-26", "confidence", lambda words: "una fonte; anno dedotto"),
    ("wa_fesr_acc_facts", "WFA-02", "figures", lambda words: "beneficiari: trentotto"),
    ("programme_facts", "PRF-12", "value", lambda words: "Inclusione sociale: un quinto"),
    ("measures", "M1", "note", lambda note: ""),
    ("measures", "FESR", "note", lambda note: ""),
    ("patto_regions", "Provincia autonoma di Trento", "region", lambda name: "Trento (Provincia autonoma)"),
    ("evaluation_facts", "EVF-01", "confidence", lambda words: "non letto"),
    ("quadrants", "cuneo", "name", lambda name: "Quadrante di Cuneo"),
)


def test_what_words_say_and_how_nothing_rests_on(derived):
    """The five edits that stopped a whole build, and others of the kind: everything is built, with the same numbers."""
    project = derived
    for one in WORDS:
        edit(project, *one)
    project.wecare("record")
    asked = ("strategy", "timeline", "evaluation", "wecare_will", "laboratorio", "M1", "FESR", "WA", "D12", "D23")
    said = project.wecare("build", *(part for name in asked for part in ("--only", name)))
    assert f"{2 * len(asked)} of {2 * len(asked)} reports made" in said.stdout
    pages = {
        job.report: project.root / f"reports/{job.address}.ipynb" for job in jobs.all_jobs() if job.name == job.report
    }
    told = {report: pages[report].read_text(encoding="utf-8") for report in asked}
    assert "13 maggio 2017" in told["strategy"] and "6,5 milioni" in told["strategy"]
    assert all("38" in told[report] and "176" in told[report] for report in ("WA", "wecare_will"))
    assert "147" in told["M1"] and "Novara e dintorni" in told["D23"]


def test_a_report_that_misses_its_row_fails_by_itself_and_is_named_without_a_traceback(derived):
    project = derived
    edit(project, "events", "EV-39", None)
    row = edit(project, "strategy_acts", "ACT-04", "date", lambda date: "")
    assert project.wecare("record").returncode == 0
    told = project.wecare("check", ok=False)
    assert told.returncode == 1 and "there is no row EV-39" in told.stderr and f"row {row}" in told.stderr
    asked = [part for name in ("timeline", "strategy", "D12") for part in ("--only", name)]
    done = project.wecare("build", *asked, ok=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr + done.stdout
    assert "2 of 6 reports made" in done.stdout
    lines = [line for line in done.stderr.splitlines() if "(notebooks/" in line]
    assert sorted(lines) == [
        "strategy, strategy-en (notebooks/strategy.ipynb): "
        f"data/raw/strategy_acts.csv, row {row}, column date: the cell is empty, and the site says what ACT-04 has "
        "there. Needed by: strategy. To do: fill the cell.",
        "timeline, timeline-en (notebooks/timeline.ipynb): data/raw/events.csv, column event_id: there is no row EV-39,"
        " and the site speaks of it. Found: 'EV-39'. Needed by: overview, timeline, wecare_will. To do: put the row "
        "back under this key.",
    ]
    assert (project.root / "reports/distretti/cuneo.ipynb").exists()
    assert not (project.root / "reports/cronologia.ipynb").exists()
    why = project.wecare("build", "--explain", *asked).stdout
    assert "timeline: cannot be made: data/raw/events.csv" in why and "D12: up to date" in why


# ---- keys and statuses


@pytest.mark.slow
def test_a_key_or_status_that_means_nothing_is_told_with_its_cell(copy):
    wrong = [
        ("measures", "ACC", "slug", ""),
        ("measures", "ACC", "place_in_act", ""),
        ("measures", "WA-DIS", "slug", "diffusione"),
        ("measures", "FESR", "slug", "misura-1"),
        ("measures", "WA", "slug", "Welfare aziendale"),
        ("misura1_projects", "M1-13", "title_status", ""),
        ("misura1_projects", "M1-08", "title_status", "sourced"),
        ("patto_text", "PT-25", "text_it", ""),
        ("events", "EV-43", "same_event", "EV-99"),
        ("events", "EV-26", "date_is", "dedotta"),
        ("patto_regions", "Puglia", "region_code", "99"),
        ("evaluation_facts", "EVF-01", "quality", "not read"),
        ("evaluation_facts", "EVF-02", "topic", "rapporto"),
    ]
    due = set()
    for table, key, column, value in wrong:
        file = f"{table}.csv"
        row = copy.row_of(file, copy.read(file)[0][0], key)
        copy.edit(file, row, column, value)
        due.add((f"data/raw/{file}", row, column))
    problems = copy.problems()
    assert {(problem.file, problem.row, problem.column) for problem in problems} == due
    assert all(problem.remedy and not problem.reports for problem in problems)
