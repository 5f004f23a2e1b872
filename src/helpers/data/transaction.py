"""Changes to files of the data package: all or none, wherever the process that makes them ends.

What a change writes and what it replaces are laid beside the package, and a journal names each file with its hash
before and after. Only then are files renamed into place. The change is made once the last of them is there; until
then :func:`settle` takes it back.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from helpers import config
from helpers.errors import WecareError
from helpers.system.files import forget
from helpers.system.fingerprints import sha256

#: Beside the data package, so that a file is put in place by renaming it.
STAGE = ".raw-import"
_JOURNAL, _NEW, _OLD = "journal.json", "new", "old"


class Settled(NamedTuple):
    """What was done about a change that was killed.

    Attributes
    ----------
    by
        Who made the change: "An import".
    when
        Day and time of it: "2026-05-03 14:20".
    done
        True if its last file was in place: everything stays.
    files
        Files that were put back, or that stay if ``done``.
    left
        Files that somebody has edited since: they are as they were found.
    """

    by: str
    when: str
    done: bool
    files: list[str]
    left: list[str]


class _Move(NamedTuple):
    """A file of the package with its hash before and after; None: there is none."""

    path: str
    old: str | None
    new: str | None


def digests(paths: Iterable[str], root: Path | None = None) -> dict[str, str | None]:
    """SHA-256 of files of the package as they are now; None for one that is not there."""
    folder = _folder(root)
    return {path: _digest(folder / path) for path in paths}


def write(
    files: Mapping[str, bytes | None],
    read: Mapping[str, str | None],
    root: Path | None = None,
    by: str = "An import",
) -> None:
    """Write, replace and remove files of the package, all of them or none.

    Parameters
    ----------
    files
        Content by path in the package, None to remove it; put in place in this order, so the descriptor comes last.
    read
        Files the change rests on, as :func:`digests` gave them when they were read.
    root
        Folder of the data package; ``data/raw`` by default.
    by
        Who makes the change, to be told if it is killed.

    Raises
    ------
    WecareError
        If a file of ``read`` is another now, or an older change was killed and is not settled; nothing is written.
    """
    require_settled(root)
    require_unchanged(read, root)
    folder, stage = _folder(root), _stage(root)
    now = digests(files, root)
    moves = [_Move(path, now[path], None if data is None else sha256(data)) for path, data in files.items()]
    moves = [move for move in moves if move.old != move.new]
    if not moves:
        return
    placed = False
    forget(*(folder / move.path for move in moves))
    try:
        _lay(stage, folder, moves, files, by)
        for move in moves:
            _put(stage / _NEW / move.path, folder / move.path, move.new)
        placed = True
        _clear(stage)
    except BaseException:
        found = settle(root)
        shutil.rmtree(stage, ignore_errors=True)
        # What interrupts when everything is in place comes too late.
        if not (placed or (found is not None and found.done)):
            raise


@contextmanager
def try_out(files: Mapping[str, bytes | None], root: Path | None = None) -> Iterator[Path]:
    """The package as it would be with a change, in a folder of its own.

    What does not change is the same file there as in the package: it is to be read only.
    """
    require_settled(root)
    folder, stage = _folder(root), _stage(root)
    shutil.rmtree(stage, ignore_errors=True)
    package = stage / "package"
    try:
        shutil.copytree(folder, _made(package), copy_function=_link)
        for path, data in files.items():
            (package / path).unlink(missing_ok=True)
            if data is not None:
                _made(package / path).write_bytes(data)
        yield package
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def pending(root: Path | None = None) -> bool:
    """True if a change was begun and has not ended."""
    return (_stage(root) / _JOURNAL).exists()


def require_settled(root: Path | None = None) -> None:
    """Refuse to go on while a change is half done.

    Raises
    ------
    WecareError
        If a change was killed and is not settled.
    """
    if pending(root):
        raise WecareError("A change of data/raw was killed half-way. To do: run `wecare check`, which takes it back.")


def require_unchanged(read: Mapping[str, str | None], root: Path | None = None) -> None:
    """Refuse to go on if the package is not the one that was read any more.

    Parameters
    ----------
    read
        As :func:`digests` gave it.

    Raises
    ------
    WecareError
        If a file is another now.
    """
    changed = [path for path, digest in digests(read, root).items() if digest != read[path]]
    if changed:
        raise WecareError(
            f"data/raw changed while this command was at work ({', '.join(changed)}): nothing was written. To do: run "
            "it again."
        )


def settle(root: Path | None = None) -> Settled | None:
    """Take back a change that was killed half-way; one whose last file is in place is kept.

    A file is put back only if it is still what the change made of it: whatever somebody has edited since is left.

    Returns
    -------
    Settled or None
        None if there was nothing to settle.

    Raises
    ------
    WecareError
        If the journal, or what it needs, is damaged; nothing is changed.
    """
    if not pending(root):
        return None
    folder, stage = _folder(root), _stage(root)
    by, when, moves = _journal(stage)
    now = digests([move.path for move in moves], root)
    if now[moves[-1].path] == moves[-1].new:
        _clear(stage)
        return Settled(by, when, True, [move.path for move in moves], [])
    back = [move for move in moves if now[move.path] == move.new]
    left = [move.path for move in moves if now[move.path] not in (move.old, move.new)]
    lost = [move.path for move in back if _digest(stage / _OLD / move.path) != move.old]
    if lost:
        raise _damage_error(f"it does not hold what {', '.join(lost)} was before")
    for move in reversed(back):
        _put(stage / _OLD / move.path, folder / move.path, move.old)
    _clear(stage)
    return Settled(by, when, False, [move.path for move in back], left)


def _lay(stage: Path, folder: Path, moves: list[_Move], files: Mapping[str, bytes | None], by: str) -> None:
    """Write what will be put in place and what it takes the place of, then the journal, whole."""
    shutil.rmtree(stage, ignore_errors=True)
    for move in moves:
        if move.old is not None:
            _made(stage / _OLD / move.path).write_bytes((folder / move.path).read_bytes())
        if (content := files[move.path]) is not None:
            _made(stage / _NEW / move.path).write_bytes(content)
    when = dt.datetime.now().isoformat(" ", "minutes")
    journal = {"by": by, "when": when, "files": [move._asdict() for move in moves]}
    part = _made(stage / f"{_JOURNAL}.part")
    part.write_text(json.dumps(journal, indent=1), encoding="utf-8")
    os.replace(part, stage / _JOURNAL)


def _journal(stage: Path) -> tuple[str, str, list[_Move]]:
    try:
        # A pipe is never opened: who opens it waits for ever.
        found = json.loads((stage / _JOURNAL).read_bytes()) if (stage / _JOURNAL).is_file() else {}
        moves = [_Move(**move) for move in found["files"]]
        told = [found["by"], found["when"], *(move.path for move in moves)]
        if not moves or not all(isinstance(text, str) for text in told):
            raise ValueError("not a journal")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damage_error("its journal cannot be read") from error
    if out := [move.path for move in moves if Path(move.path).is_absolute() or ".." in Path(move.path).parts]:
        raise _damage_error(f"its journal names {out[0]}, which is not in data/raw")
    return found["by"], found["when"], moves


def _damage_error(why: str) -> WecareError:
    return WecareError(
        f"A change of data/raw was killed half-way, and data/{STAGE} cannot take it back: {why}. To do: restore "
        f"data/raw (git checkout data/raw), then remove the folder data/{STAGE}."
    )


def _put(source: Path, target: Path, digest: str | None) -> None:
    """Rename a file into place, or remove what is there if there shall be none."""
    if digest is not None:
        os.replace(source, _made(target))
        return
    target.unlink(missing_ok=True)
    with suppress(OSError):
        # Folders that hold nothing any more; the first that does ends it.
        for folder in target.parents:
            folder.rmdir()


def _clear(stage: Path) -> None:
    """The journal first: without it the rest means nothing."""
    (stage / _JOURNAL).unlink()
    shutil.rmtree(stage, ignore_errors=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _digest(path: Path) -> str | None:
    return sha256(path.read_bytes()) if path.is_file() else None


def _folder(root: Path | None) -> Path:
    return config.RAW if root is None else root


def _stage(root: Path | None) -> Path:
    return _folder(root).with_name(STAGE)
