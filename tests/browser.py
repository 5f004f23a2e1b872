"""Opens a built site in a real Chromium and keeps what went wrong.

A test that cannot open a browser is skipped and says why; it never passes without having looked.
"""

from __future__ import annotations

import gzip
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest

from helpers.publish.policy import policy

#: Chromium asks its maker for news unless it is told not to; only the site's own requests are of interest.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


#: Made once for what is asked for again and again.
compressed = lru_cache(maxsize=64)(gzip.compress)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without telling of each."""

    def log_message(self, *args: object) -> None:
        pass


class Gzipped(Quiet):
    """Serves texts compressed, as any web server does."""

    protocol_version = "HTTP/1.1"
    texts = (".html", ".css", ".js", ".json", ".svg", ".csv", ".geojson")
    #: Further headers of every answer.
    headers_given: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in self.texts:
            content = compressed(content)
            self.send_header("Content-Encoding", "gzip")
        for name, value in self.headers_given.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Strict(Gzipped):
    """Sends with every page the policy that it also says itself."""

    headers_given: ClassVar[dict[str, str]] = {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
    }


#: The size of a window where a test names none.
USUAL = {"width": 1280, "height": 720}


@dataclass
class Visit:
    """A browser at a site.

    Attributes
    ----------
    root
        Address of the site, ending in ``/``.
    foreign
        Requests to anything but the site.
    errors
        Console errors, page errors and failed requests.
    """

    browser: object
    root: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _fresh: list[Any] = field(default_factory=list)
    _windows: dict[str, Any] = field(default_factory=dict)

    def open(self, address: str, before: Callable[[Any], None] = lambda page: None, **context: object):
        """Open a page of the site in a fresh context (``viewport=…``); ``before`` gets it ready."""
        page = self.browser.new_context(**context).new_page()
        self._fresh.append(page.context)
        before(page)
        self._listen(page)
        page.goto(self.root + address)
        return page

    def turn_to(self, address: str, **context: object):
        """Open a page where the one before was, if that had the same context: a fourth of the time of a fresh one.

        Size and colours may differ (``viewport=…, color_scheme=…``). Chromium has in memory what it has read and
        compiled; the site keeps nothing there. Nothing glides, so that what is pointed at is where it was found. For
        tests that leave the routes of requests as they are.
        """
        changed = {"viewport": context.pop("viewport", USUAL), "color_scheme": context.pop("color_scheme", "light")}
        context |= {"reduced_motion": "reduce"}
        page = self._windows.get(repr(context))
        if page is None or page.is_closed():
            page = self._windows[repr(context)] = self.browser.new_context(**changed, **context).new_page()
            self._listen(page)
        else:
            # A page that differs from the one before in its fragment only would be the same page.
            page.goto("about:blank")
            page.mouse.move(-1, -1)
            page.set_viewport_size(changed["viewport"])
            page.emulate_media(media="null", color_scheme=changed["color_scheme"])
        page.goto(self.root + address)
        return page

    def end(self) -> None:
        """Close what was opened in fresh contexts; nothing may have gone wrong since this was last asked."""
        self.close()
        wrong = [*self.foreign, *self.errors]
        self.foreign.clear()
        self.errors.clear()
        assert wrong == []

    def close(self, windows: bool = False) -> None:
        """Close what was opened in fresh contexts, and what was turned to."""
        for context in [*self._fresh, *([page.context for page in self._windows.values()] if windows else [])]:
            context.close()
        self._fresh.clear()

    def _listen(self, page: Any) -> None:
        page.on("request", self._asked)
        page.on("console", lambda m: self.errors.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", lambda r: self.errors.append(f"{r.status}: {r.url}") if r.status >= 400 else None)

    def _failed(self, request: object) -> None:
        # The icon, and scripts that come with a reader's first action: who leaves the page no longer asks for them.
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"request: {request.url} {request.failure}")

    def _asked(self, request: object) -> None:
        own, asked = urlsplit(self.root), urlsplit(request.url)
        same = (own.scheme, own.netloc) == (asked.scheme, asked.netloc)
        if not same and asked.scheme not in ("data", "blob"):
            self.foreign.append(request.url)


@contextmanager
def launched() -> Iterator[object]:
    """A Chromium."""
    playwright, chromium = tools()
    with playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(site: Path, browser: object, *, from_disk: bool = False, handler: type[Quiet] = Quiet) -> Iterator[Visit]:
    """Serve a folder on a loopback port (or open it from disk) and look at it; nothing stays open afterwards.

    Parameters
    ----------
    site
        The built site.
    browser
        What :func:`launched` gives.
    from_disk
        Open ``file://`` addresses instead, as a reader does who has downloaded the site.
    handler
        What serves it.
    """
    with served(site, handler) as address:
        visit = Visit(browser, site.resolve().as_uri() + "/" if from_disk else address)
        try:
            yield visit
        finally:
            visit.close(windows=True)


@contextmanager
def served(site: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder on a free loopback port; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def until(page: Any, condition: str, arg: object = None, patience: float = 30) -> None:
    """Wait until an expression, or a function of ``arg``, is true; pages refuse playwright's own way."""
    end = time.monotonic() + patience
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(20)


def tools() -> tuple[object, str]:
    """Playwright's way in and the path of Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("NOT LOOKED AT IN A BROWSER: playwright is not installed (pip install playwright)")
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("NOT LOOKED AT IN A BROWSER: no Chromium on PATH (or set CHROMIUM to its path)")
    return sync_playwright, chromium
