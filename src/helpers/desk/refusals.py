"""How the desk refuses what it is given: one problem in plain words, and in a notebook nothing but these."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Sequence
from types import TracebackType

from helpers.errors import InputError, Problem, WecareError


def refuse(call: str, rule: str, remedy: str, value: object = None) -> InputError:
    """The error for a wrong argument.

    Parameters
    ----------
    call
        What was called, as ``we.map``.
    rule, remedy
        What does not hold, and what to do.
    value
        What was given.
    """
    return InputError([Problem(call, rule, remedy, value=value)])


def nearest(value: object, known: Iterable[object], n: int = 3) -> str:
    """What to write instead: the known values that look like one, or the first of them.

    Examples
    --------
    >>> nearest("densty", ["density", "residents"])
    'write density'
    >>> nearest("xyz", ["density", "residents"])
    'write one of: density, residents'
    """
    names = [str(name) for name in known]
    folded = {name.casefold(): name for name in names}
    near = [folded[name] for name in difflib.get_close_matches(str(value).casefold(), folded, n=n)]
    return f"write {' or '.join(near)}" if near else f"write one of: {_listed(names)}"


def show_words_only() -> None:
    """In IPython, show of an error that is made for a person its message alone; elsewhere do nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and WecareError not in shell.custom_exceptions:
        shell.set_custom_exc((*shell.custom_exceptions, WecareError), _show)


def _show(
    shell: object, kind: type, error: BaseException, trace: TracebackType, tb_offset: int | None = None
) -> list[str]:
    lines = [str(error)]
    # The kernel's own way to send an error; a terminal has none.
    send = getattr(shell, "_showtraceback", None)
    if send:
        send(kind, error, lines)
    else:
        print("\n".join(lines), file=sys.stderr)
    return lines


def _listed(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
