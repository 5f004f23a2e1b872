"""A preview at work: what is edited is made and shown, until somebody ends it."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from helpers import config
from helpers.build.preview.making import SITE, Answer, Request
from helpers.build.preview.server import Board, Server
from helpers.publish.stage import StageResult

#: Folders of what people edit.
EDITED = (
    config.RAW,
    config.NOTEBOOKS,
    config.REPORTS,
    config.HELPERS,
    config.ROOT / "docs",
    config.ROOT / "src/quarto",
)

#: Where the texts stand, which no process holds for long.
PROSE = config.HELPERS / "prose"

#: Milliseconds for which nothing more must be edited, and after which what was edited is told all the same.
QUIET_MS, LONGEST_MS = 30, 400

#: Seconds a process may take to end.
ENDING_S = 20

#: Problems told in a page before the rest is counted.
TOLD = 8


class Edits(DefaultFilter):
    """What of these folders is edited by people: nothing that is generated."""

    def __call__(self, change: Change, path: str) -> bool:
        """Whether an edit counts."""
        file = Path(path)
        generated = file.suffix in (".part", ".pyc") or (file.suffix == ".ipynb" and file.parent != config.NOTEBOOKS)
        hidden = file.name.startswith(".") or file.name.endswith("~")
        return not generated and not hidden and super().__call__(change, path)


def needs_new_process(path: Path) -> bool:
    """Whether an edit is of what a process holds once it has imported it: code, and what stands beside it but texts."""
    if path.is_relative_to(config.HELPERS):
        return path.suffix == ".py" or PROSE not in path.parents
    return path.parent == config.MINE and path.suffix == ".toml"


class Warm:
    """The warm process and the line to it.

    Parameters
    ----------
    arrived
        Called from a thread with this process and each answer; with None when it has ended.
    """

    def __init__(self, arrived: Callable[[Warm, Answer | None], None]):
        self.line, theirs = Pipe()
        self.said = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        with theirs:
            # A session of its own: Ctrl-C is for the preview, which ends it.
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "helpers.build.preview.warm", str(theirs.fileno())],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self.said,
                stderr=self.said,
                start_new_session=True,
            )
        self.arrived = arrived
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, request: Request) -> None:
        """Hand over a request; the one before is given up."""
        with contextlib.suppress(OSError):
            self.line.send(request)

    def end(self) -> None:
        """End it and what it has started."""
        with contextlib.suppress(OSError):
            self.line.send(None)
        try:
            self.popen.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self.popen.kill()

    def last_words(self) -> str:
        """The last line it has printed."""
        self.popen.wait(ENDING_S)
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def _read(self) -> None:
        try:
            while True:
                self.arrived(self, self.line.recv())
        except (EOFError, OSError):
            self.line.close()
            self.arrived(self, None)


class Preview:
    """A preview.

    Parameters
    ----------
    publisher
        Its name, or None to choose.
    port
        Where it is served; 0 for any that is free.
    say
        Called with each answer.
    """

    def __init__(self, publisher: str | None, port: int, say: Callable[[Answer], None]):
        self.publisher, self.say = publisher, say
        self.board = Board(SITE)
        self.server = Server(self.board, port)
        self.whole: StageResult | None = None
        self.process: Warm | None = None
        self.asked = 0
        self.events: queue.SimpleQueue[set[Path] | tuple[Warm, Answer | None]] = queue.SimpleQueue()
        self.ended = threading.Event()

    def run(self) -> None:
        """Serve, watch and make, until interrupted."""
        described = config.QUARTO_YML.name
        with contextlib.ExitStack() as stack:
            stack.callback(self._end)
            self._start(self.server.serve_forever)
            self._start(self._watch, [path for path in EDITED if path.is_dir()], Edits(), True)
            # A file that is put in the place of another is seen by its folder only.
            self._start(self._watch, [config.ROOT], lambda _, path: Path(path).name == described, False)
            self.board.tell("The site is being made: a minute if nothing was made before.")
            self._take_edits(set())
            while True:
                event = self.events.get()
                if isinstance(event, set):
                    self._take_edits(event)
                elif event[0] is self.process:
                    self._take_answer(event[1])

    def _take_edits(self, edited: set[Path]) -> None:
        if self.process and any(map(needs_new_process, edited)):
            self.process.end()
            self.process = None
        if self.process is None:
            self.process = Warm(lambda process, answer: self.events.put((process, answer)))
        self._ask(self.board.pages() if self.whole else None)

    def _ask(self, pages: tuple[str, ...] | None) -> None:
        self.asked += 1
        assert self.process
        self.process.ask(Request(self.asked, pages or None, self.whole, self.publisher))

    def _take_answer(self, answer: Answer | None) -> None:
        if answer is None:
            assert self.process
            self.board.tell(f"The site cannot be made: {self.process.last_words()}", wrong=True)
            self.process = None
        elif answer.request.number == self.asked:
            self.whole = answer.whole or self.whole
            told = answer.problems or answer.notices
            more = [f"… and {len(told) - TOLD} more."] if len(told) > TOLD else []
            self.board.tell("\n".join([*told[:TOLD], *more]), wrong=bool(answer.problems))
            self.say(answer)
            if answer.request.pages:
                self._ask(None)

    def _watch(self, paths: list[Path], chosen: Callable[[Change, str], bool], recursive: bool) -> None:
        for edits in watch(
            *paths,
            watch_filter=chosen,
            recursive=recursive,
            step=QUIET_MS,
            debounce=LONGEST_MS,
            stop_event=self.ended,
            raise_interrupt=False,
        ):
            self.events.put({Path(path) for _, path in edits})

    def _end(self) -> None:
        self.ended.set()
        self.server.end()
        if self.process:
            self.process.end()

    @staticmethod
    def _start(work: Callable, *given: object) -> None:
        threading.Thread(target=work, args=given, daemon=True).start()
