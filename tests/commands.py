"""The command in a process of its own, which need not load again what is no part of the project."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

#: Packages of others that the command loads, and none of ours: each process imports ours anew, for its own folder.
OTHERS = (
    *("typer", "rich.progress", "rich.table", "pandas", "pyarrow.parquet", "geopandas", "shapely", "pandera.pandas"),
    *("grimp", "jinja2", "babel.numbers", "babel.dates", "markupsafe", "nbformat", "nbclient", "IPython", "PIL.Image"),
    *("scipy.stats", "libpysal.graph", "esda", "inequality", "mapclassify", "SALib.sample.sobol"),
    *("SALib.analyze.sobol", "plotly.graph_objects", "bs4", "lxml.html"),
)

_CONTEXT = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
_CONTEXT.set_forkserver_preload([*OTHERS, "preloaded"])


def run(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, first: str = ""
) -> subprocess.CompletedProcess:
    """Run ``wecare`` with these arguments in a folder, after some Python; the library is that of ``PYTHONPATH``."""
    with tempfile.TemporaryDirectory() as said:
        given = (list(arguments), dict(environment), folder, Path(said), first)
        process = _CONTEXT.Process(target=_be_command, args=given)
        process.start()
        process.join()
        out, err = ((Path(said) / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess(["wecare", *arguments], process.exitcode or 0, out, err)


def _be_command(arguments: list[str], environment: dict[str, str], folder: Path, said: Path, first: str) -> None:
    for name, number in (("out", 1), ("err", 2)):
        opened = os.open(said / name, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:0] = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.argv = ["wecare", *arguments]
    exec(first, {})
    from helpers.cli.main import main

    main()
