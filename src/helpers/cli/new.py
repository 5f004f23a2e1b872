"""The commands that begin something: ``wecare new indicator``, ``wecare new report``, ``wecare new table``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpers.cli.console import out

new = typer.Typer(no_args_is_help=True, help="Begin an indicator, a report or a table; words are left to fill in.")


@new.command("indicator")
def new_indicator(
    name: Annotated[str, typer.Argument(help="Its id, such as share_75_plus.", metavar="ID")],
    theme: Annotated[str, typer.Option(help="Its theme: a file of src/helpers/declarations, made if missing.")],
    numerator: Annotated[list[str] | None, typer.Option(help="A count; repeat to sum several.")] = None,
    denominator: Annotated[list[str] | None, typer.Option(help="A count; repeat to sum several.")] = None,
    kind: Annotated[str, typer.Option(help="ratio, mean or change.")] = "ratio",
    unit: Annotated[
        str, typer.Option(help="share, per_100, per_1000, per_km2, euro, years, minutes or number.")
    ] = "share",
    per: Annotated[int, typer.Option(help="100 for “per 100”.")] = 1,
    decimals: Annotated[int, typer.Option(help="Decimals a reader sees.")] = 1,
    prominence: Annotated[int, typer.Option(help="1 key number and sheet, 2 page, 3 explorer and downloads.")] = 2,
    source: Annotated[str, typer.Option(help="The dataset its counts come from.")] = "population",
) -> None:
    """Write the entry of an indicator. Its words in each language are left to fill in; `wecare check` says which.

    Example: `wecare new indicator share_75_plus --theme age --numerator age_75_plus --denominator residents`
    """
    from helpers import config
    from helpers.declarations import writer
    from helpers.system.lock import exclusive

    given = {
        "kind": kind,
        "numerator": numerator or (),
        "denominator": denominator or (),
        "per": per,
        "unit": unit,
        "decimals": decimals,
        "prominence": prominence,
        "source": source,
    }
    with exclusive("new indicator"):
        path = writer.add_indicator(name, theme, given)
    out.print(f"Written: the entry {name} at the end of {path.relative_to(config.ROOT)}.", markup=False, soft_wrap=True)
    out.print("Next: fill in its words; `wecare check` says what is missing.", markup=False)


@new.command("table")
def new_table(
    file: Annotated[Path, typer.Argument(help="A CSV file in data/raw.")],
    title: Annotated[str, typer.Option(help="What the table is called, in English.")],
    description: Annotated[str, typer.Option(help="What it holds and what a row is, in English.")],
    source: Annotated[str, typer.Option(help="Where it comes from.")],
    licence: Annotated[str, typer.Option(help="Under which licence it may be reused, such as CC-BY-4.0.")],
    address: Annotated[str, typer.Option(help="Web address of where it comes from.")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="What a column holds; repeat for each.", metavar="NAME=TEXT")
    ] = None,
) -> None:
    """Describe a table in datapackage.json: types, key and references follow from the file.

    Columns that are not described here are left to describe; `wecare check` says which. `wecare record` then accepts
    the file.
    """
    from helpers.imports import describe
    from helpers.system.lock import exclusive

    with exclusive("new table"):
        words = {"title": title, "description": description, "source": source, "address": address}
        name = describe.add(file, words, dict(text.split("=", 1) for text in column or () if "=" in text), licence)
    out.print(f"Written: the entry {name} in data/raw/datapackage.json.", markup=False)
    out.print("Next: `wecare check` says what is missing there, `wecare record` accepts the file.", markup=False)


@new.command("report")
def new_report(
    name: Annotated[str, typer.Argument(help="Of its notebook, such as mobility.", metavar="NAME")],
    title: Annotated[str, typer.Option(help="Its title in Italian; by default its name.")] = "",
    title_en: Annotated[str, typer.Option(help="Its title in English; by default its name.")] = "",
    address: Annotated[str, typer.Option(help="Where it stands on the site; by default its title.")] = "",
    menu: Annotated[str, typer.Option(help="The menu that leads to it; by default the last one.")] = "",
    indicator: Annotated[str, typer.Option(help="What its map shows.")] = "old_age_index",
) -> None:
    """Write a report: notebook, module, texts in both languages, a test, its line in the menu of _quarto.yml.

    It can be built and published at once; then write what it has to say.

    Example: `wecare new report mobility --title Mobilità --title-en Mobility --menu "Risorse ed equità"`
    """
    from helpers import config
    from helpers.build import new_report as report
    from helpers.system.lock import exclusive

    plain = name.replace("_", " ").capitalize()
    with exclusive("new report"):
        written = report.make(name, {"it": title or plain, "en": title_en or plain}, address, menu, indicator)
    for path in written:
        out.print(f"Written: {path.relative_to(config.ROOT)}", markup=False, soft_wrap=True)
    out.print(f"Next: `wecare build --only {name}`, then `wecare publish`.", markup=False)
