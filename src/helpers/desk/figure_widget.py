"""Plotly's widget, whose library the browser gets once for all charts: each would bring five megabytes of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import anywidget
import plotly.graph_objects as go
import traitlets
from plotly.basewidget import BaseFigureWidget

#: Takes plotly's widget out of the text it is given, and keeps it for all charts of the page.
_LIBRARY = """export default {
  initialize({ model }) {
    const text = new Blob([model.get("source")], { type: "text/javascript" });
    globalThis.wecarePlotly ??= import(URL.createObjectURL(text));
  },
};"""

#: Waits for that, and is it.
_CHART = """export default async () => {
  while (!globalThis.wecarePlotly) await new Promise((again) => setTimeout(again, 10));
  const made = (await globalThis.wecarePlotly).default;
  return typeof made === "function" ? await made() : made;
};"""


class Library(anywidget.AnyWidget):
    """What all charts of a kernel share; nothing of it is shown."""

    _esm = _LIBRARY
    source = traitlets.Unicode().tag(sync=True)


class FigureWidget(go.FigureWidget):
    """A chart whose changes are seen in the notebook, as plotly's own ``FigureWidget``; parameters as of that."""

    _esm = _CHART

    def __init__(self, *args: Any, **kwargs: Any):
        library()
        super().__init__(*args, **kwargs)


@lru_cache(maxsize=1)
def library() -> Library:
    """The one of this kernel."""
    return Library(source=str(BaseFigureWidget._esm))
