"""Where the tools are that judge the built site from outside; ``.ci/tools`` names them, ``.ci/run`` installs them.

They come from the npm registry and are no part of the project. By hand: copy the two files of ``.ci/tools`` to
``build/tools`` and run ``npm ci --ignore-scripts`` there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

INSTALLED = Path(__file__).parents[1] / "build/tools/node_modules"


def command(name: str) -> list[str]:
    """How a tool is called: ``lighthouse`` or ``vnu``, on PATH or installed for the project."""
    runner, script = {
        "lighthouse": (["node"], INSTALLED / "lighthouse/cli/index.js"),
        "vnu": (["java", "-jar"], INSTALLED / "vnu-jar/build/dist/vnu.jar"),
    }[name]
    if script.exists() and shutil.which(runner[0]):
        return [*runner, str(script)]
    if found := shutil.which(name):
        return [found]
    pytest.skip(f"NOT JUDGED: {name} is neither on PATH nor, with {runner[0]} to run it, in build/tools")
