"""The batch: warm children against papermill's own engine, and reports that fail, hang or die."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import nbformat
import papermill
import pytest

from helpers import config
from helpers.build import batch, jobs
from helpers.data import processed
from helpers.errors import WecareError

#: Districts as unlike as they come: one comune, the largest, the smallest, five sharing a project, none known.
DISTRICTS = ("D11", "D01", "D04", "D29", "D25")

#: Reports with every kind of output there is.
UNLIKE = ("D29", "M1", "explorer", "changes")


def template(path, *cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    nb.cells = [nbformat.v4.new_code_cell('what = ""', metadata={"tags": ["parameters"]})]
    nb.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nb, path)
    return path


def report(folder, name):
    return nbformat.read(folder / f"{name}.ipynb", 4)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["unlike", pytest.param("every", marks=pytest.mark.audit)])
def test_notebooks_give_the_same_outputs_through_both_engines(tmp_path, which):
    processed.ensure()
    reports = {}
    for job in jobs.all_jobs():
        if job.report in UNLIKE or (which == "every" and (job.template.stem != "district" or job.report in DISTRICTS)):
            reports.setdefault(job.report, []).append(job)
    # Of each report one edition, in turn, is made a second time: those a child makes first and those that follow.
    chosen = [editions[n % len(editions)] for n, editions in enumerate(reports.values())]
    assert {job.parameters["lang"] for job in chosen} == set(config.LANGUAGES)
    outcomes = batch.run([job for editions in reports.values() for job in editions], tmp_path)
    assert not [o for o in outcomes if o.error]

    def standard_engine(job):
        return papermill.execute_notebook(job.template, None, job.parameters, progress_bar=False)

    with ThreadPoolExecutor(2) as threads:
        by_papermill = list(threads.map(standard_engine, chosen))
    for job, standard in zip(chosen, by_papermill, strict=True):
        warm = report(tmp_path, job.address)
        assert len(warm.cells) == len(standard.cells)
        for expected, found in zip(standard.cells, warm.cells, strict=True):
            for key in ("cell_type", "source", "execution_count", "outputs"):
                assert found.get(key) == expected.get(key), (job.name, expected.source)


@pytest.mark.slow
def test_one_failing_report_stops_no_other_and_outcomes_keep_their_order(tmp_path):
    path = template(tmp_path / "t.ipynb", "assert what != 'bad', 'no good'", "what")
    wanted = [jobs.Job(n, path, n, {"what": n}) for n in ("a", "bad", "c")]
    (tmp_path / "bad.ipynb").write_text("the last good version")
    seen = []
    outcomes = batch.run(wanted, tmp_path, on_done=seen.append)
    assert [o.job.name for o in outcomes] == ["a", "bad", "c"]
    assert [o.error for o in outcomes] == [None, "AssertionError: no good", None]
    assert outcomes[1].cell == 2
    assert {o.job.name for o in seen} == {"a", "bad", "c"}
    assert (tmp_path / "bad.ipynb").read_text() == "the last good version"
    assert report(tmp_path, "c").cells[-1].outputs[0].data["text/plain"] == "'c'"


def test_an_engine_that_is_none_is_told_before_any_report_runs(tmp_path):
    path = template(tmp_path / "t.ipynb", "1")
    with pytest.raises(WecareError, match="no engine 'nan'.*To do: "):
        batch.run([jobs.Job("a", path, "a", {})], tmp_path, engine="nan")
    assert not (tmp_path / "a.ipynb").exists()


@pytest.mark.slow
def test_a_report_that_hangs_is_ended_and_one_that_dies_is_told(tmp_path):
    code = "import os, time\n{'hang': lambda: time.sleep(600), 'die': lambda: os._exit(7)}.get(what, int)()"
    path = template(tmp_path / "t.ipynb", code)
    wanted = [jobs.Job(n, path, n, {"what": n}) for n in ("hang", "fine", "die")]
    hang, fine, die = batch.run(wanted, tmp_path, timeout=4)
    assert fine.error is None
    assert hang.error == "TimeoutError: no sign of life for 4 s"
    assert die.error == "ChildDied: the process was ended, with code 7"
    assert not (tmp_path / "hang.ipynb").exists()


@pytest.mark.slow
@pytest.mark.parametrize("others", [1, 40])
def test_a_notebook_that_ends_its_process_with_code_0_has_failed(tmp_path, others):
    path = template(tmp_path / "t.ipynb", "import os\nif what == 'a':\n    os._exit(0)")
    names = ["a", *(f"b{n}" for n in range(others))]
    first, *rest = batch.run([jobs.Job(n, path, n, {"what": n}) for n in names], tmp_path, workers=2)
    assert first.error == "ChildDied: the process was ended, with code 0" and not (tmp_path / "a.ipynb").exists()
    assert not [outcome.error for outcome in rest if outcome.error]


def made_by(tmp_path, code, names, workers=1, **options):
    """Run a template that ends with its process number; gives outcomes, and the processes by name."""
    path = template(tmp_path / "t.ipynb", f"import os\n{code}\nos.getpid()")
    outcomes = batch.run([jobs.Job(n, path, n, {"what": n}) for n in names], tmp_path, workers=workers, **options)
    good = [o.job.name for o in outcomes if not o.error]
    return outcomes, {n: report(tmp_path, n).cells[-1].outputs[-1].data["text/plain"] for n in good}


@pytest.mark.slow
def test_a_child_makes_some_reports_and_one_that_dies_takes_no_other_along(tmp_path):
    outcomes, child = made_by(tmp_path, "if what == 'b':\n    os._exit(7)", "abcdefgh")
    assert [o.job.name for o in outcomes if o.error] == ["b"] and set(child) == set("acdefgh")
    assert child["e"] == child["f"] and len(set(child.values())) < len(child)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "assert what != 'c'",
        "os.chdir('/')",
        "os.environ['LEFT'] = 'x'",
        "import sys; sys.path.append('/')",
        "import random; random.random()",
        "import numpy; numpy.random.rand()",
        "import pandas; pandas.options.display.precision = 2",
    ],
)
def test_a_child_whose_process_a_report_has_changed_makes_no_other(tmp_path, code):
    _, child = made_by(tmp_path, f"if what == 'c':\n    {code}", "abcdefgh")
    assert child["a"] == child["b"] != child["d"] and child.get("c", child["a"]) == child["a"]


@pytest.mark.slow
def test_children_draw_each_job_once(tmp_path):
    _, child = made_by(tmp_path, "import time; time.sleep(0.01)", [f"r{n}" for n in range(70)], workers=3)
    per_child = Counter(child.values())
    assert len(child) == 70 and max(per_child.values()) <= batch.REPORTS_OF_A_CHILD and len(per_child) >= 3


def test_children_that_never_begin_are_not_started_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "_surroundings", lambda: os._exit(3))
    outcomes, child = made_by(tmp_path, "", "abc")
    assert not child and {o.error for o in outcomes} == {"ChildDied: no child got as far as to begin"}


@pytest.mark.slow
def test_few_reports_and_many_are_the_same(tmp_path):
    wanted = [job for job in jobs.all_jobs() if job.report in ("changes", "D04", "D11", "M1")]
    made = {}
    for engine in ("wecare-warm", "wecare-inline"):
        outcomes = batch.run(wanted, tmp_path / engine, engine=engine)
        assert [o.job for o in outcomes] == wanted and not [o for o in outcomes if o.error]
        made[engine] = [(tmp_path / engine / f"{job.address}.ipynb").read_bytes() for job in wanted]
    assert made["wecare-warm"] == made["wecare-inline"]


@pytest.mark.slow
def test_a_limit_of_memory_is_for_one_report(tmp_path):
    _, child = made_by(tmp_path, "", "abcdefgh", memory_mb=300)
    assert len(set(child.values())) == 8


def test_a_report_knows_nothing_of_the_one_before(tmp_path):
    code = """import sys, warnings
warnings.showwarning = lambda message, *_: print(message)
warnings.warn_explicit('said once', UserWarning, 'somewhere.py', 1, registry=vars(sys).setdefault('seen', {}))
warnings.simplefilter('ignore')
print('known' in globals(), len(Out))
known = True"""
    _, child = made_by(tmp_path, code, "abcd")
    first, *others = (report(tmp_path, n).cells[-1] for n in child)
    assert "said once" in first.outputs[0].text and len(set(child.values())) < 4
    assert all(o.outputs[:-1] == first.outputs[:-1] and o.execution_count == first.execution_count for o in others)


@pytest.mark.slow
def test_a_report_that_wants_too_much_memory_fails_alone(tmp_path):
    path = template(tmp_path / "t.ipynb", "b = bytearray(800 * 2**20 if what == 'big' else 1)")
    wanted = [jobs.Job(n, path, n, {"what": n}) for n in ("big", "small")]
    big, small = batch.run(wanted, tmp_path, memory_mb=300)
    assert big.error.startswith("MemoryError")
    assert small.error is None


@pytest.mark.slow
def test_any_papermill_engine_may_be_asked_for(tmp_path):
    path = template(tmp_path / "t.ipynb", "what + '!'")
    (outcome,) = batch.run([jobs.Job("a", path, "a", {"what": "x"})], tmp_path, engine="nbclient")
    assert outcome.error is None
    assert report(tmp_path, "a").cells[-1].outputs[0].data["text/plain"] == "'x!'"


def test_reports_hold_no_time_and_no_path(tmp_path):
    path = template(tmp_path / "t.ipynb", "what")
    batch.run([jobs.Job("a", path, "a", {"what": "x"})], tmp_path)
    text = (tmp_path / "a.ipynb").read_text()
    assert str(tmp_path) not in text
    assert "_time" not in text and "duration" not in text
    assert not list(tmp_path.glob(".*"))


def test_nothing_starts_when_a_parameter_is_wrong(tmp_path):
    path = template(tmp_path / "t.ipynb", "what")
    wanted = [jobs.Job("a", path, "a", {"what": "x"}), jobs.Job("b", path, "b", {"waht": "x"})]
    with pytest.raises(Exception, match="Did you mean 'what'"):
        batch.run(wanted, tmp_path)
    assert not (tmp_path / "a.ipynb").exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_drops_around_a_fork_still_ends_the_run():
    """An exception in a fork hook is printed and forgotten; the run must end all the same."""
    import os
    import signal

    from helpers.system import processes

    hits = []

    def interrupt_once():
        if not hits:
            hits.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    os.register_at_fork(before=interrupt_once)
    done = []
    tasks = ((n, lambda send: send("made")) for n in range(50))
    with pytest.raises(KeyboardInterrupt):
        for key, _ in processes.run_all(tasks, 1):
            done.append(key)
    assert len(done) <= 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
