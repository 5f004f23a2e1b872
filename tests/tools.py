"""Where the tools are that judge the built site from outside; ``.ci/tools`` names them, ``.ci/run`` installs them.

They come from the npm registry and are no part of the project. By hand: copy the two files of ``.ci/tools`` to
``build/tools`` and run ``npm ci --ignore-scripts`` there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

#: It ends before all the work of its compilers pays: half the processor time. The schemas of HTML need a deep stack.
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m")
INSTALLED = Path(__file__).parents[1] / "build/tools/node_modules"


def command(name: str) -> list[str]:
    """How a tool is called: ``lighthouse`` or ``vnu``, on PATH or installed for the project."""
    runner, script = {
        "lighthouse": (["node"], INSTALLED / "lighthouse/cli/index.js"),
        "vnu": ([*JAVA, "-jar"], INSTALLED / "vnu-jar/build/dist/vnu.jar"),
    }[name]
    if script.exists() and shutil.which(runner[0]):
        return [*runner, str(script)]
    if found := shutil.which(name):
        return [found]
    pytest.skip(f"NOT JUDGED: {name} is neither on PATH nor, with {runner[0]} to run it, in build/tools")
