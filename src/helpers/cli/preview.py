"""The command ``wecare preview``."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Annotated

import typer

from helpers.cli.console import err, out


def preview(
    publisher: Annotated[
        str | None, typer.Option(help="`quarto` or `embedded`; default: quarto if it is on PATH.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where it is served; 0 for any that is free.", min=0, max=65535)] = 8787,
) -> None:
    """Serve the site and show every edit in the open page: data, notebooks, texts, styles, `_quarto.yml`.

    It is built as `wecare build` and `wecare publish` do, into build/preview: _site/ stays as it is. The pages that are
    open come first, then the others. What is wrong stands in the page. An edit of data/raw that is not recorded is
    shown; `wecare build` takes it after `wecare record`. Ctrl-C ends it.

    Example: `wecare preview`, then open http://127.0.0.1:8787/
    """
    from helpers.build.preview.watching import Preview
    from helpers.publish.site import choose

    choose(publisher)
    made = Preview(publisher, port, _say)
    out.print(f"Open {made.server.address} and edit; Ctrl-C ends the preview.", markup=False)
    with contextlib.suppress(KeyboardInterrupt):
        made.run()
    out.print("Ended. Next: `wecare build`, then `wecare publish`.", markup=False)


def _say(answer) -> None:
    """Say what came of an edit."""
    for problem in answer.problems:
        err.print(problem, markup=False, soft_wrap=True)
    for notice in answer.notices:
        out.print(notice, markup=False, soft_wrap=True)
    what = ", ".join(answer.request.pages) if answer.request.pages else "The whole site"
    done = "could not be made" if answer.problems and not answer.whole else "made"
    time = f"{dt.datetime.now():%H:%M:%S}"
    out.print(f"{time} {what}: {done}, {answer.made} reports run, {answer.seconds:.1f} s.", markup=False)
