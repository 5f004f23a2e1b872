"""What of the library a piece of work rests on, by the import graph: its modules, and the texts beside them."""

from __future__ import annotations

import ast
from functools import cache, lru_cache
from pathlib import Path

import grimp

from helpers import config
from helpers.system import files
from helpers.system.fingerprints import fingerprint_of_value

PACKAGE = "helpers"

#: The package whose texts stand in part beside own tables.
DECLARATIONS = "helpers.declarations"

#: What the package gives a notebook that imports it by itself, see ``helpers.__getattr__``.
DOOR = "helpers.desk.door"

#: What begins a line that is for IPython.
MAGICS = ("%", "!", "?")


@lru_cache(maxsize=1)
def _graph() -> grimp.ImportGraph:
    # Grimp's own cache goes by the times of files.
    return grimp.build_graph(PACKAGE, cache_dir=None, exclude_type_checking_imports=True)


def closure(*modules: str) -> frozenset[str]:
    """All modules that work by these modules can run: what they import anywhere, and what those import.

    To import a module is to run the packages it stands in, so these and their imports belong to it.

    Parameters
    ----------
    *modules
        Names such as ``helpers.data.processed``.

    Raises
    ------
    ValueError
        If the library has no module of that name.
    """
    graph, found, waiting = _graph(), set(), set(modules)
    if unknown := waiting - graph.modules:
        raise ValueError(f"no module {', '.join(sorted(unknown))}")
    while waiting:
        module = waiting.pop()
        found.add(module)
        package = module.rpartition(".")[0]
        waiting |= ({package} - {""} | graph.find_modules_directly_imported_by(module)) - found
    return frozenset(found)


def fingerprints(*modules: str) -> dict[str, str]:
    """Fingerprints of all that work by these modules rests on in the library.

    Returns
    -------
    dict
        By name: one for each module of :func:`closure`, and one for the texts in the folder of each of its packages.
    """
    found = sorted(closure(*modules))
    made = {module: files.fingerprint_of(_path(module)) for module in found}
    return made | {name: value for module in found for name, value in _beside(module).items()}


def imported_in(source: str) -> frozenset[str]:
    """Modules of the library that the code of a notebook imports; all of them where it is no Python that can be read.

    Examples
    --------
    >>> sorted(imported_in("from helpers.pages.district.page import DistrictReport"))
    ['helpers.pages.district.page']
    """
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(MAGICS))
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return frozenset(_graph().modules)
    named: set[str] = set()
    modules = _graph().modules
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            # What is imported from a package may be one of its modules.
            below = {f"{node.module}.{name.name}" for name in node.names}
            named |= {node.module, *below, *([DOOR] if node.module == PACKAGE and below - modules else [])}
        elif isinstance(node, ast.Import):
            names = {name.name for name in node.names}
            named |= {*names, *([DOOR] if PACKAGE in names else [])}
    return frozenset(named & modules)


@cache
def _path(module: str) -> Path:
    below = config.HELPERS.joinpath(*module.split(".")[1:])
    return below / "__init__.py" if below.is_dir() else below.with_suffix(".py")


def _beside(module: str) -> dict[str, str]:
    """One fingerprint for all that a package holds beside its modules and packages; none where there is nothing."""
    if _path(module).name != "__init__.py":
        return {}
    found = [(name, files.fingerprint_of(path)) for name, path in _files_of(module)]
    if module == DECLARATIONS:
        found += [(path.name, files.fingerprint_of(path)) for path in sorted(config.MINE.glob("*.toml"))]
    return {f"texts of {module}": fingerprint_of_value(found)} if found else {}


@cache
def _files_of(package: str) -> list[tuple[str, Path]]:
    """Files below a package that are no modules, each with its path from the library on, which takes long to tell."""
    found, waiting = [], [_path(package).parent]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.is_dir():
                waiting += [path] * (path.name != "__pycache__" and not (path / "__init__.py").is_file())
            elif path.suffix != ".py":
                found.append(path)
    return [(path.relative_to(config.HELPERS).as_posix(), path) for path in sorted(found)]
