"""What the project records of the strategy, and any other table of ``data/raw``, as plain frames."""

from __future__ import annotations

import pandas as pd

from helpers.data import raw
from helpers.desk.names import find_measure
from helpers.desk.tables import RENAMED
from helpers.errors import nearest, refuse


def measures() -> pd.DataFrame:
    """The measures of the strategy, with their sub-calls.

    Returns
    -------
    DataFrame
        ``measure`` (id), ``slug``, ``official_name``, ``fund``, ``budget_eur`` (euro), ``call_act``, ``deadline``,
        ``projects_funded``, ``amount_granted_eur`` (euro; missing where no source gives it), ``confidence``,
        ``source_ids``.

    Notes
    -----
    Source: the acts and articles that ``source_ids`` lists; ``we.sources`` has their titles and addresses.

    Examples
    --------
    >>> import helpers as we
    >>> int(we.measures.set_index("measure").loc["M1", "budget_eur"])
    6400000
    """
    return table("measures")


def measure(name: str) -> pd.Series:
    """One measure by its id, slug, number or name, as a row of :func:`measures`.

    Raises
    ------
    InputError
        If there is no such measure; says the nearest.

    Notes
    -----
    Source: the acts that its ``source_ids`` lists.

    Examples
    --------
    >>> import helpers as we
    >>> int(we.measure("Misura 1").budget_eur)
    6400000
    """
    return measures().set_index("measure", drop=False).loc[find_measure(name, "we.measure")]


def projects() -> pd.DataFrame:
    """The 22 projects of Misura 1.

    Returns
    -------
    DataFrame
        ``project`` (id), ``lead_town``, ``lead_comune`` (ISTAT code), ``quadrant``, ``lead_ente_gestore``,
        ``project_title``, ``amount_granted_eur`` (euro; missing: no source gives it), ``districts`` (codes of those
        that take part, separated by semicolons), ``confidence``, ``source_ids``.

    Notes
    -----
    Source: the publications that ``source_ids`` lists.

    Examples
    --------
    >>> import helpers as we
    >>> len(we.projects), we.projects.query("lead_town == 'Fossano'")["districts"].iloc[0]
    (22, 'D13')
    """
    links = raw.load("district_projects").groupby("project_id")["distretto_id"].agg(";".join)
    frame = table("misura1_projects")
    return frame.assign(districts=frame["project"].map(links))


def sources() -> pd.DataFrame:
    """The sources that tables and reports cite: ``source`` (id), ``title``, ``publisher``, ``date``, ``address``.

    Notes
    -----
    Source: the documents themselves.

    Examples
    --------
    >>> import helpers as we
    >>> we.sources["source"].is_unique
    True
    """
    return table("sources")


def table(name: str) -> pd.DataFrame:
    """Any table of ``data/raw``, its keys named as on the desk.

    Parameters
    ----------
    name
        As ``datapackage.json`` calls it: ``population``, ``events``, ``income``.

    Returns
    -------
    DataFrame
        A copy; ``attrs["title"]`` and ``attrs["description"]`` say what it holds, in the words of its entry, and
        ``attrs["sources"]`` where it comes from.

    Raises
    ------
    InputError
        If there is no such table, or it holds outlines: ``we.comuni()`` has these.

    Examples
    --------
    >>> import helpers as we
    >>> we.table("population").columns.tolist()
    ['comune', 'age', 'female', 'male']
    """
    known = [each for each in raw.tables() if raw.form(each)[0].endswith(".csv")]
    if name not in known:
        raise refuse("we.table", "there is no such table", nearest(name, known), name)
    found = raw.resource(name)
    frame = raw.load(name).rename(columns=columns_on_the_desk([field["name"] for field in found["schema"]["fields"]]))
    sources = "; ".join(source["title"] for source in found.get("sources", ()))
    about = {key: found.get(key, "") for key in ("title", "description")}
    frame.attrs = about | {"sources": sources, "edition": raw.edition().version}
    return frame


def columns_on_the_desk(columns: list[str]) -> dict[str, str]:
    """New names of columns: keys as on the desk, and a name that is called like the key beside it as ``name``."""
    renamed = {column: RENAMED[column] for column in columns if column in RENAMED}
    return renamed | {column: "name" for column in columns if column in renamed.values()}
