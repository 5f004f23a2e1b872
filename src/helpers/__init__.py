"""Library behind the notebooks of Osservatorio WE.CA.RE., and the analyst's front door: ``import helpers as we``.

What ``dir(we)`` lists stands in :mod:`helpers.desk.door` and is loaded when it is first asked for; tables are copies
made anew each time. ``docs/architecture.md`` is the library's map.
"""

# For type checkers and editors, which know the name; the library imports nothing by itself.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from helpers.desk.door import *  # noqa: F403

__version__ = "0.1.0"


def __getattr__(name: str):
    from os.path import dirname, exists

    # `from helpers import config` asks here too, before Python looks for the module.
    below = f"{dirname(__file__)}/{name}"
    if name.startswith("_") or exists(below) or exists(f"{below}.py"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _door().given(name)


def __dir__() -> list[str]:
    return sorted(["__version__", *_door().__all__])


def _door():
    # By name only: what imports a module of the library must not rest on all that the desk can do.
    from importlib import import_module

    return import_module(f"{__name__}.desk.door")
