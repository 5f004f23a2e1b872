"""An analyst's own columns summed to districts and provinces."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.people import COUNTS
from helpers.analysis.series import ENOUGH_KNOWN
from helpers.data import processed
from helpers.desk.names import KEYS
from helpers.errors import nearest, refuse

#: What a sum is printed per, for each unit of what it is divided by.
THOUSAND = 1000


class Joined(pd.DataFrame):
    """A table of one's own beside ours, as :func:`helpers.desk.own.join` makes it; else a frame like all others."""

    @property
    def _constructor(self) -> type[Joined]:
        return Joined

    def by_district(
        self,
        sum: str | Sequence[str] = (),
        mean: str | Sequence[str] = (),
        per: str | None = None,
        times: float = THOUSAND,
        absent: str = "unknown",
    ) -> Joined:
        """Sum own columns of comuni to the districts.

        Parameters
        ----------
        sum, mean
            Columns that are added up, and columns whose mean, weighted by residents, is taken. Rates are no sums: sum
            what they were made from, and divide with ``per``.
        per
            A count of ``we.comuni()`` to divide sums by: ``residents``, ``age_80_plus``, ``area_km2``.
        times
            Sums are per so many of it; 1,000 if nothing is said, 1 for ``area_km2``.
        absent
            What a comune is that the table does not have: ``unknown`` (a district then has a value only if nine tenths
            of its residents live where it is known, as on the site) or ``zero``.

        Returns
        -------
        Joined
            A row per district: ``district``, ``name``, ``residents`` (persons), ``known`` (share of the residents who
            live where all columns are known, 0–1), the columns, and for each sum ``<column> per 1000``.

        Raises
        ------
        InputError
            If a column is missing or holds no numbers, or the table is not one of comuni.

        Examples
        --------
        >>> import helpers as we
        >>> beds = we.join(we.comuni()[["comune", "area_km2"]].rename(columns={"area_km2": "km2"}), quiet=True)
        >>> by = beds.by_district(sum="km2", per="residents")
        >>> by.query("name == 'Cuneo'")[["km2", "km2 per 1000"]].round(1).values.tolist()
        [[2475.5, 15.4]]
        """
        return self._by("districts", sum, mean, per, times, absent)

    def by_province(
        self,
        sum: str | Sequence[str] = (),
        mean: str | Sequence[str] = (),
        per: str | None = None,
        times: float = THOUSAND,
        absent: str = "unknown",
    ) -> Joined:
        """Sum own columns of comuni to the provinces, as :meth:`by_district` does to the districts."""
        return self._by("provinces", sum, mean, per, times, absent)

    def _by(
        self,
        level: str,
        sum: str | Sequence[str],
        mean: str | Sequence[str],
        per: str | None,
        times: float,
        absent: str,
    ) -> Joined:
        call = f"by_{KEYS[level]}"
        sums, means = ([each] if isinstance(each, str) else list(each) for each in (sum, mean))
        self._require(call, [*sums, *means], absent)
        comuni = pd.DataFrame(processed.load("comuni").drop(columns="geometry")).set_index("code")
        if per is not None and per not in COUNTS:
            raise refuse(call, "there is no such count to divide by", nearest(per, COUNTS), per)
        groups = comuni[{"districts": "distretto_id", "provinces": "province_code"}[level]]
        own = pd.DataFrame(self).groupby("comune")[[*sums, *means]]
        # Several rows of a comune: parts add up, and rates are taken as their mean.
        parts = pd.concat([own.agg("sum", min_count=1)[sums], own.mean()[means]], axis=1).reindex(comuni.index)
        if absent == "zero":
            parts[sums] = parts[sums].fillna(0)
        people = comuni["residents"]
        found, shares = pd.DataFrame(index=groups.drop_duplicates().sort_values()), []
        for name in [*sums, *means]:
            held = parts[name].notna()
            share = people.where(held, 0).groupby(groups).sum() / people.groupby(groups).sum()
            enough = share >= ENOUGH_KNOWN
            weights = people.where(held, 0)
            if name in means:
                total = (parts[name] * weights).groupby(groups).sum() / weights.groupby(groups).sum()
            else:
                total = parts[name].groupby(groups).sum()
            found[name] = total.where(enough)
            if per is not None and name in sums:
                many = 1.0 if per == "area_km2" and times == THOUSAND else times
                below = comuni[per].where(held).groupby(groups).sum()
                title = f"{name} per {many:g}" if per == "residents" else f"{name} per {many:g} {per}"
                found[title] = (many * total / below).where(enough & (below > 0))
            shares.append(share)
        known = pd.concat(shares, axis=1).min(axis=1)
        table = processed.load(level).set_index("code").loc[found.index]
        ours = pd.DataFrame({"name": table["name"], "residents": table["residents"], "known": known})
        made = Joined(ours.join(found).rename_axis(KEYS[level]).reset_index())
        made.attrs = {"level": level, "source": self.attrs.get("source", "")}
        return made

    def _require(self, call: str, columns: Sequence[str], absent: str) -> None:
        if "comune" not in self:
            raise refuse(call, "the table is not one of comuni", "join a file whose rows are comuni")
        if not columns:
            raise refuse(call, "nothing is summed", 'write sum="column"')
        for name in columns:
            if name not in self or not pd.api.types.is_numeric_dtype(self[name]):
                numeric = pd.DataFrame(self).select_dtypes("number").columns
                raise refuse(call, "there is no such column of numbers", nearest(name, numeric), name)
        if absent not in ("unknown", "zero"):
            raise refuse(call, "an absent comune is unknown or zero", 'write absent="zero"', absent)
