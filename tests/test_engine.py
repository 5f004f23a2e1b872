"""The warm engine against papermill's own: the same notebook, cell by cell."""

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import plotly.io as pio
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forking does not exist on this system"),
]

#: One cell per thing a kernel does that a reader of the notebook can see.
CELLS = [
    "x = 1\nprint('one')\nprint('two')\nx",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('again')",
    "from IPython.display import display, HTML, Markdown, clear_output\nh = display(HTML('<b>1</b>'), display_id='k')\n"
    "display(Markdown('*m*'), metadata={'a': 1})\n3",
    "h.update(HTML('<b>2</b>'))",
    "import pandas as pd\npd.DataFrame({'a': [1, 2.5, None]})",
    "%%bash\necho from bash",
    "!echo from shell",
    # The standard kernel collects in a thread what C code writes: the cell shows nothing else and leaves it time.
    "import os, time\nwritten = os.system('echo from C')\ntime.sleep(1)",
    "print('gone')\nclear_output()\nprint('kept')",
    "await __import__('asyncio').sleep(0, 'awaited')",
    "try:\n    input()\nexcept Exception as e:\n    print(type(e).__name__, e)",
    "import plotly.graph_objects as go\ngo.Figure(go.Bar(x=[1], y=[2]))",
    "import base64\nfrom IPython.display import Image\nImage(base64.b64decode("
    "'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))",
    "x = 5; x;",
    "__name__, type(get_ipython()).__name__, In[1][:5], _3",
    "class Odd:\n    def _repr_html_(self):\n        raise ValueError('no repr')\n"
    "    __repr__ = lambda self: 'odd'\nOdd()",
    "# tagged\n1 / 0",
    "",
    "from comm import create_comm\nc = create_comm(target_name='t', data={'state': {'_model_name': 'M'}})\nc.send({})",
    "def f():\n    return {}['missing']\nf()",
    "print('never reached')",
]


def notebook(cells, tagged=()):
    nb = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    nb.cells = [nbformat.v4.new_markdown_cell("# Title")]
    nb.cells += [
        nbformat.v4.new_code_cell(c, metadata={"tags": ["raises-exception"]} if i in tagged else {})
        for i, c in enumerate(cells)
    ]
    return nb


def run(nb, engine, path, **options):
    source = path / "in.ipynb"
    nbformat.write(nb, source)
    output = path / f"{engine}.ipynb"
    error = None
    try:
        papermill.execute_notebook(source, output, engine_name=engine, progress_bar=False, **options)
    except PapermillExecutionError as raised:
        error = raised
    return nbformat.read(output, 4), error


def seen(nb):
    """What a reader sees of each cell."""
    return [
        (
            cell.source.replace("in.ipynb", ""),
            cell.get("execution_count"),
            cell.get("outputs"),
            cell.metadata.get("papermill", {}).get("status"),
            cell.metadata.get("papermill", {}).get("exception"),
        )
        for cell in nb.cells
    ]


def test_outputs_equal_those_of_the_standard_engine(tmp_path, monkeypatch):
    # Under this variable ipykernel does not collect what C code writes.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    nb = notebook(CELLS, tagged={15, 16})
    standard, standard_error = run(nb, "nbclient", tmp_path)
    warm, warm_error = run(nb, "wecare-warm", tmp_path)
    for expected, found in zip(seen(standard), seen(warm), strict=True):
        assert found == expected
    assert (warm_error.ename, warm_error.cell_index) == (standard_error.ename, standard_error.cell_index)
    strip = {"papermill", "language_info", "widgets"}
    assert {k: v for k, v in warm.metadata.items() if k not in strip} == {
        k: v for k, v in standard.metadata.items() if k not in strip
    }
    assert warm.metadata.language_info == standard.metadata.language_info
    assert set(warm.metadata.papermill) == set(standard.metadata.papermill)


def test_a_figure_is_shown_though_plotly_was_imported_outside_a_notebook(tmp_path, monkeypatch):
    monkeypatch.setattr(pio.renderers, "default", None)
    nb, _ = run(
        notebook(["import plotly.graph_objects as go\ngo.Figure(go.Bar(x=[1], y=[2]))"]), "wecare-warm", tmp_path
    )
    assert list(nb.cells[1].outputs[0].data) == ["application/vnd.plotly.v1+json"]


def test_it_works_from_the_papermill_command(tmp_path):
    nbformat.write(notebook(["y = 2", "y * 21"]), tmp_path / "in.ipynb")
    command = [Path(sys.executable).parent / "papermill", "--engine", "wecare-warm", "in.ipynb", "out.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    out = nbformat.read(tmp_path / "out.ipynb", 4)
    assert out.cells[2].outputs[0].data["text/plain"] == "42"


def test_one_notebook_leaves_nothing_to_the_next(tmp_path):
    run(notebook(["leak = 1\nimport os\nos.environ['LEAK'] = '1'"]), "wecare-warm", tmp_path)
    nb, error = run(notebook(["'leak' in globals(), __import__('os').environ.get('LEAK')"]), "wecare-warm", tmp_path)
    assert error is None
    assert nb.cells[1].outputs[0].data["text/plain"] == "(False, None)"


def test_a_cell_that_takes_too_long_is_ended(tmp_path):
    nb = notebook(["print('before')", "import time\ntime.sleep(60)"])
    start = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(nb, "wecare-warm", tmp_path, execution_timeout=1)
    assert time.monotonic() - start < 15
    saved = nbformat.read(tmp_path / "wecare-warm.ipynb", 4)
    assert saved.cells[1].outputs[0].text == "before\n"
    assert saved.cells[2].metadata.papermill.status == "failed"


def test_a_child_that_dies_is_reported(tmp_path):
    with pytest.raises(DeadKernelError, match="SIGKILL"):
        run(notebook(["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"]), "wecare-warm", tmp_path)


def test_memory_is_limited(tmp_path):
    nb = notebook(["b = bytearray(600 * 1024 * 1024)", "1"])
    _, error = run(nb, "wecare-warm", tmp_path, memory_limit_mb=200)
    assert error.ename == "MemoryError"
    _, error = run(nb, "wecare-warm", tmp_path, memory_limit_mb=2000)
    assert error is None


def test_interrupting_the_parent_ends_the_children(tmp_path):
    marker = tmp_path / "pid"
    nb = notebook([f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"])
    nbformat.write(nb, tmp_path / "in.ipynb")
    command = [Path(sys.executable).parent / "papermill", "--engine", "wecare-warm", "in.ipynb", "out.ipynb"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(2)
    assert process.wait(20) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)


def test_log_and_stream_files_are_filled(tmp_path, caplog):
    out, err = tmp_path / "out.txt", tmp_path / "err.txt"
    nb = notebook(["import sys\nprint('said')\nprint('shouted', file=sys.stderr)"])
    with caplog.at_level("INFO", logger="papermill"), out.open("w") as stdout, err.open("w") as stderr:
        run(nb, "wecare-warm", tmp_path, log_output=True, stdout_file=stdout, stderr_file=stderr)
    assert out.read_text() == "said\n"
    assert err.read_text() == "shouted\n"
    assert "said" in caplog.text


def test_without_forking_the_standard_engine_serves(tmp_path, monkeypatch):
    from helpers.system import processes

    monkeypatch.setattr(processes, "AVAILABLE", False)
    nb, error = run(notebook(["6 * 7"]), "wecare-warm", tmp_path)
    assert error is None
    assert nb.cells[1].outputs[0].data["text/plain"] == "42"
