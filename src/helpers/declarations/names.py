"""What a person calls an indicator or a count → its id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from helpers.declarations import BY_ID, COUNTS, Indicator, Words
from helpers.errors import nearest, refuse
from helpers.system.place_names import fold_name

#: From an id to what it may be called.
_Called = Callable[[str], set[str]]


def find_indicator(
    name: object, among: Collection[str], call: str, added: Mapping[str, Indicator] | None = None
) -> str:
    """The id of an indicator or count, by its id, a name in any language, a synonym, or the first word of its id.

    Parameters
    ----------
    among
        Those that can be meant.
    call
        What an error names, as ``we.map``.
    added
        Indicators besides those that are declared, by id.

    Raises
    ------
    InputError
        If none is meant, or several are: the nearest, or all of them, are told.

    Examples
    --------
    >>> find_indicator("Densità", ["density", "residents"], "we.map")
    'density'
    """
    found = meant(name, among, added)
    if len(found) == 1:
        return found[0]
    if found:
        raise refuse(call, "several indicators are meant", f"write one of: {', '.join(found)}", name)
    rule = "there is no such indicator" if name not in BY_ID else "there are no values of this indicator here"
    raise refuse(call, rule, f"{nearest(name, among)}; we.indicators lists all", name)


def find_indicators(names: str | Sequence[str], among: Collection[str], call: str) -> list[str]:
    """The ids of one indicator or of several, each once; parameters and errors as of :func:`find_indicator`."""
    given = [names] if isinstance(names, str) else list(names)
    if not given:
        raise refuse(call, "no indicator is named", f'name one, as ["{next(iter(among))}"]')
    return list(dict.fromkeys(find_indicator(name, among, call) for name in given))


def meant(name: object, among: Collection[str], added: Mapping[str, Indicator] | None = None) -> list[str]:
    """The indicators and counts that a name may mean; by the first word of its id, what changes and no change of it."""
    if name in among:
        return [str(name)]
    wanted = fold_name(str(name))
    for way in _ways(added or {}):
        if found := [each for each in among if wanted in way(each)]:
            return found
    return []


def _ways(added: Mapping[str, Indicator]) -> tuple[_Called, ...]:
    def words(each: str) -> list[Words]:
        entry = BY_ID.get(each) or added.get(each) or COUNTS.get(each)
        return list(entry.words.values()) if entry else []

    def names(each: str) -> set[str]:
        return {fold_name(text) for own in words(each) for text in (own.short, own.long) if text} | {fold_name(each)}

    def synonyms(each: str) -> set[str]:
        return {fold_name(text) for own in words(each) for text in own.synonyms}

    def first(each: str) -> set[str]:
        return set() if each in BY_ID and BY_ID[each].of else {each.partition("_")[0]}

    return names, synonyms, first
