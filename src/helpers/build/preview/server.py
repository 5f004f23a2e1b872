"""Serves the site of a preview to this machine, and tells the pages that are open what has changed.

The script that listens stands in the answers of this server only, never in a file of the site. It is a file of the same
origin, which the policy of the pages allows.
"""

from __future__ import annotations

import json
import posixpath
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from markupsafe import Markup

from helpers.errors import WecareError
from helpers.publish.folders import files_below
from helpers.system.fingerprints import fingerprint, fingerprint_of_value

#: Below this the server has its own files.
OWN = "/~preview/"
SCRIPT = Path(__file__).with_name("reload.js")

#: Seconds after which a line to a page is tried, and for which a page that reloads counts as open.
PING_S, OPEN_S = 15.0, 20.0

#: What is served while there is no such page.
NOTHING = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head><body><main>'
    '<h1>There is no such page yet</h1><p><a href="/">Home page</a></p></main></body></html>'
)


@dataclass
class Board:
    """What open pages are told; used by many threads.

    Attributes
    ----------
    site
        Folder of the site.
    text, wrong
        What stands in every page now, and whether it says that something is wrong.
    """

    site: Path
    text: str = ""
    wrong: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _version: int = 0
    _open: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, float] = field(default_factory=dict)
    _shared: tuple[str, str] = ("", "")

    def __post_init__(self):
        self.tell()

    def tell(self, text: str = "", wrong: bool = False) -> None:
        """Say something in every page; what has changed in the site is found and told with it."""
        shared = fingerprint_of_value(self._prints(".css")), fingerprint_of_value(self._prints(".js"))
        with self._changed:
            self.text, self.wrong, self._shared = text, wrong, shared
            self._version += 1
            self._changed.notify_all()

    def pages(self) -> tuple[str, ...]:
        """Addresses of the pages that are open, without extension."""
        with self._changed:
            now = time.monotonic()
            return tuple(page for page, at in self._seen.items() if self._open[page] or now - at < OPEN_S)

    def state(self, page: str) -> tuple[str, str, str]:
        """State of a page, of the style sheets and of the scripts."""
        return self._print(f"{page}.html"), *self._shared

    def wait(self, version: int) -> int:
        """Wait for something to be told since a version, or for a while; gives the version now."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, PING_S)
            return self._version

    def enter(self, page: str) -> None:
        """A page was opened."""
        with self._changed:
            self._open[page] += 1
            self._seen[page] = time.monotonic()

    def leave(self, page: str) -> None:
        """A page was closed."""
        with self._changed:
            self._open[page] -= 1
            self._seen[page] = time.monotonic()

    def _prints(self, suffix: str) -> list[tuple[str, str]]:
        return [(name, self._print(name)) for name in files_below(self.site) if name.endswith(suffix)]

    def _print(self, name: str) -> str:
        try:
            return fingerprint((self.site / name).read_bytes())
        except OSError:
            return ""


class Handler(SimpleHTTPRequestHandler):
    """Answers one browser."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Give a page with the script, the script, what has changed, or a file as it is."""
        asked = urlsplit(self.path)
        if asked.path == f"{OWN}events":
            self._tell(parse_qs(asked.query))
        elif asked.path.startswith(OWN):
            self._send(SCRIPT.read_bytes(), "text/javascript")
        elif (page := page_of(asked.path)) is not None:
            self._page(page)
        else:
            super().do_GET()

    def _page(self, page: str) -> None:
        # Between two sites there is none for a moment.
        for patience in (0.05, 0.2, 0.5, 0.0):
            try:
                content = (self.server.board.site / f"{page}.html").read_text(encoding="utf-8")
                break
            except OSError:
                time.sleep(patience)
        else:
            content = ""
        shown = with_script(content or NOTHING, "-".join(self.server.board.state(page)))
        self._send(shown.encode(), "text/html; charset=utf-8", HTTPStatus.OK if content else HTTPStatus.NOT_FOUND)

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _tell(self, query: dict[str, list[str]]) -> None:
        """Tell one page what changes, as it changes, until it closes."""
        board = self.server.board
        page = page_of(query.get("page", ["/"])[0]) or ""
        had = tuple((query.get("state", [""])[0].split("-") + ["", "", ""])[:3])
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        board.enter(page)
        version, said = -1, ("", False)
        try:
            while not self.server.ended:
                version = board.wait(version)
                now, say = board.state(page), (board.text, board.wrong)
                if say != said:
                    self._event("say", {"text": say[0], "wrong": say[1]})
                # A page that has gone stays as it was, and one that is not there yet is looked for.
                if now[0] and (now[0], now[2]) != (had[0], had[2]):
                    self._event("reload", "")
                elif now[1] != had[1]:
                    self._event("styles", now[1])
                had, said = now, say
                self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        except OSError:
            pass
        finally:
            board.leave(page)

    def _event(self, name: str, data: object) -> None:
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())

    def end_headers(self) -> None:
        """No browser keeps anything of a preview."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing of each request."""


class Server(ThreadingHTTPServer):
    """The server of a preview, for this machine only.

    Parameters
    ----------
    board
        What open pages are told.
    port
        Where it listens; 0 for any that is free.
    """

    daemon_threads = True

    def __init__(self, board: Board, port: int):
        self.board, self.ended = board, False
        try:
            super().__init__(("127.0.0.1", port), partial(Handler, directory=str(board.site)))
        except OSError as error:
            raise WecareError(f"Port {port} is taken ({error.strerror}). To do: name another with --port.") from None

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def end(self) -> None:
        """Stop serving."""
        self.ended = True
        self.shutdown()
        self.server_close()


def page_of(path: str) -> str | None:
    """Address of the page that a path asks for, without extension; None if it asks for another file.

    Examples
    --------
    >>> page_of("/distretti/"), page_of("/en/esplora.html"), page_of("/assets/wecare.css")
    ('distretti/index', 'en/esplora', None)
    """
    clean = posixpath.normpath(unquote(path)).lstrip("/.")
    if path.endswith("/") or not clean:
        return f"{clean}/index".lstrip("/")
    return clean.removesuffix(".html") if clean.endswith(".html") else None


def with_script(page: str, state: str) -> str:
    """A page with the script that listens, and the state it is served in."""
    script = Markup('<script src="{}reload.js" data-state="{}"></script>').format(OWN, state)
    head, end, rest = page.partition("</head>")
    return f"{head}{script}{end}{rest}"
