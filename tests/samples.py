"""Small executed notebooks in the shape that ``helpers.publish`` takes, written without running anything."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import v4

from helpers.figures import theme

PAGE_MIME = "application/vnd.wecare.page+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"
ASSETS = Path(__file__).parents[1] / "reports" / "assets"


def _site_description() -> Path:
    """The project's ``_quarto.yml`` with a menu of the pages that :func:`small_site` has."""
    text = (Path(__file__).parents[1] / "_quarto.yml").read_text(encoding="utf-8")
    menu = "".join(
        f'      - text: "{name}"\n        href: {page}.ipynb\n'
        for name, page in (("Home", "index"), ("Distretti", "distretti/index"), ("Metodo e fonti", "metodo"))
    )
    short, times = re.subn(r"(?m)(^    left:\n)(?:      .*\n)+", lambda found: found[1] + menu, text, count=1)
    assert times == 1
    method = '      - text: "Metodo e fonti"\n        href: metodo.ipynb\n'
    short, times = re.subn(r"(?m)(^    center:\n)(?:      .*\n)+", lambda found: found[1] + method, short, count=1)
    assert times == 1
    path = Path(tempfile.mkdtemp()) / "_quarto.yml"
    path.write_text(short, encoding="utf-8")
    return path


QUARTO_YML = _site_description()


def page_output(path: str, title: str, **more: str):
    described = {
        "path": path,
        "title": title,
        "subtitle": "Chi vive qui e che cosa ha fatto WE.CA.RE.",
        "description": f"Rapporto: {title}",
        "lang": "it",
        "edition": "2026.1",
        "edition_date": "2026-11-22",
        **more,
    }
    return v4.new_output("display_data", {PAGE_MIME: described, "text/markdown": f"# {title}"})


def markdown(text: str):
    return v4.new_output("display_data", {"text/markdown": text})


def html(text: str, csv: str | None = None):
    return v4.new_output("display_data", {"text/html": text} | ({} if csv is None else {"text/csv": csv}))


def plotly(name: str, spec: dict):
    return v4.new_output("display_data", {PLOTLY_MIME: spec}, metadata={"wecare": {"figure": name}})


def table(name: str, caption: str, header: list[str], rows: list[list]):
    head = "".join(f'<th scope="col"{" class=num" if n else ""}>{h}</th>' for n, h in enumerate(header))
    body = "".join(
        "<tr>"
        + f'<th scope="row">{row[0]}</th>'
        + "".join(f'<td class="num">{cell}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="table-scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>",
        ",".join(header) + "\n" + "".join(",".join(str(c) for c in row) + "\n" for row in rows),
    )


def areas(href: str = "page:index") -> dict:
    """A map of two areas."""

    def area(x: float, colour: str) -> dict:
        return {
            "type": "scatter",
            "x": [x, x + 4, x + 4, x, x],
            "y": [0, 0, 3, 3, 0],
            "fill": "toself",
            "fillcolor": colour,
            "mode": "lines",
            "line": {"color": "#fff", "width": 1},
            "hoveron": "fills",
            "text": "Un'area",
            "showlegend": False,
            "meta": {"href": href},
        }

    across = theme.axis(visible=False, range=[0, 9], constrain="domain")
    up = theme.axis(visible=False, range=[0, 3], scaleanchor="x", constrain="domain")
    layout = theme.layout(320, xaxis=across, yaxis=up, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return {"data": [area(0, "#08519C"), area(5, "#6BAED6")], "layout": layout | {"template": None}}


def figure(name: str = "map", spec: dict | None = None) -> list:
    rows, csv = table(name, "", ["Comune", "Residenti"], [["Uno", "1.234"], ["Due", "56"]])
    return [
        plotly(name, spec or areas()),
        html(
            f'<figure class="figure-wecare" id="fig-{name}">'
            f'<div class="plot" data-figure="{name}" role="img" '
            f'aria-label="Mappa di due aree"></div>'
            f'<figcaption class="caption">Due aree: la prima pesa più della seconda.</figcaption>'
            f'<details class="figure-data"><summary>Mostra i dati</summary>{rows}</details>'
            f'<p class="downloads"><a href="csv:{name}" download>Scarica i dati (CSV)</a>'
            f'<span class="saving" data-figure="{name}"></span></p></figure>',
            csv,
        ),
    ]


def notebook(path: Path, *outputs) -> Path:
    """Write an executed notebook, with a cell of secrets that no page may show."""
    code = v4.new_code_cell("SEGRETO = 'codice sorgente'", outputs=list(outputs), execution_count=1)
    code.metadata["papermill"] = {"start_time": "2026-11-22T10:00:00", "duration": 1.5}
    nb = v4.new_notebook(cells=[v4.new_markdown_cell("Note per l'analista"), code])
    nb.metadata["papermill"] = {"input_path": "/somewhere/district.ipynb", "parameters": {"district": "d"}}
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


def small_site(reports: Path) -> Path:
    """What the navigation bar links to, one district, and a page written by hand."""
    shutil.copytree(ASSETS, reports / "assets")
    (reports / "progetto.qmd").write_text("---\ntitle: Il progetto\n---\n\n## Chi\n\nEdizione @edition@.\n")
    # The documentation leads to these.
    for path, title in (("en/index", "Home"), ("en/dati", "Data"), ("en/indicatori", "Indicators")):
        notebook(reports / f"{path}.ipynb", page_output(path, title, lang="en"), markdown("## Text"))
    notebook(reports / "metodo.ipynb", page_output("metodo", "Metodo e fonti"), markdown("## Fonti"))
    notebook(reports / "home.ipynb", page_output("index", "Osservatorio WE.CA.RE."), markdown("## Oggi\n\nTesto."))
    notebook(
        reports / "districts" / "list.ipynb",
        page_output("distretti/index", "Distretti"),
        markdown("## Elenco\n\n* [Torino](page:distretti/torino)"),
    )
    notebook(
        reports / "districts" / "torino.ipynb",
        page_output("distretti/torino", "Città di Torino"),
        markdown("## Il territorio"),
        *figure(),
    )
    return reports


def staged_text(path: Path) -> str:
    """Everything a staged page says, front matter included."""
    return "\n\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
