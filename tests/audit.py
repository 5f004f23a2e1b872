"""Looks at pages of a built site in a real Chromium and says, page by page, what is wrong.

Each page is opened once and its figures are drawn once. The rules of axe-core then judge it in light and in dark, on a
desktop and on a phone, and the Tab key walks through it. All rules run in both sizes. What depends on the colours is
judged in all four ways, but each pairing of colours only once: text that has the same colour, size and grounds as text
found good before, on whatever page, needs no second judgement. That is what makes looking at many pages affordable.
Where the two languages of a page are looked at together, each may take half of the four ways (`in_turn`), and one of
them is used by hand (`is_italian`): both are made by the same scripts, with the same controls.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest
from browser import QUIET, Quiet, served, tools

from helpers.build.jobs import all_jobs

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
#: Colours and size in which a page is looked at, and whether all rules run or only those on colours.
View = tuple[str, dict, bool]
EVERY_WAY: tuple[View, ...] = (
    ("light", DESKTOP, True),
    ("dark", DESKTOP, False),
    ("dark", PHONE, True),
    ("light", PHONE, False),
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
#: Key presses sent at once: the browser then need not paint each stop of the focus.
PRESSES = 40

#: Seconds a page may take, many times what the slowest one needs: a browser that has not answered by then never will.
PATIENCE = 180

#: Makes every figure interactive by giving it the focus and waiting for it; says which did not become so.
DRAW = """async () => {
    const plots = [...document.querySelectorAll(".plot[data-figure]")];
    const done = (plot) => ["true", "false"].includes(plot.dataset.drawn);
    for (const plot of plots) {
        plot.focus();
        const start = performance.now();
        while (!done(plot) && performance.now() - start < 30000) await new Promise((next) => setTimeout(next, 20));
    }
    if (plots.length) {
        // The next press of Tab starts from the top again.
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute("tabindex");
    }
    scrollTo(0, 0);
    await document.fonts.ready;
    return plots.filter((plot) => !done(plot)).map((plot) => plot.dataset.figure);
}"""

#: The charts are pictures to axe-core, which judges no text in SVG: drawing them anew for other colours would show it
#: nothing. They still follow the size of the screen.
KEEP = "() => { if (window.Plotly) window.Plotly.react = () => Promise.resolve(); }"

#: Waits until a new size or colour scheme has reached what scripts draw.
SETTLE = "() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(next, 50))))"

#: Every kind of text on the page, by what the rules on colours depend on; keeps one element of each.
KINDS = """() => {
    const grounds = ["backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "position", "zIndex"];
    const looks = ["color", "webkitTextFillColor", "webkitTextStroke", "fontSize", "fontWeight", "textShadow",
        "textDecorationLine", "borderBottomStyle", "display"];
    const plain = "rgba(0, 0, 0, 0)|none|1|none|normal|static|auto";
    const known = new Map([[null, ""]]);
    const hash = (text) => {
        let [a, b] = [0xdeadbeef, 0x41c6ce57];
        for (let i = 0; i < text.length; i++) {
            a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
            b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
        }
        return (a >>> 0).toString(36) + (b >>> 0).toString(36);
    };
    const ground = (e) => {
        if (!known.has(e)) {
            const style = getComputedStyle(e);
            const own = grounds.map((name) => style[name]).join("|");
            const below = ground(e.parentElement);
            known.set(e, own === plain ? below : hash(below + own));
        }
        return known.get(e);
    };
    window.kinds = new Map();
    for (const e of document.body.querySelectorAll("*:not(svg *)")) {
        const says = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        if (!says && !e.matches("input, select, textarea")) continue;
        if (!e.checkVisibility({ visibilityProperty: true })) continue;
        const [style, around] = [getComputedStyle(e), getComputedStyle(e.parentElement)];
        const link = e.localName === "a" ? around.color + around.display : "";
        const kind = hash([ground(e), e.localName, link, ...looks.map((name) => style[name])].join("|"));
        if (!window.kinds.has(kind)) window.kinds.set(kind, e);
    }
    return [...window.kinds.keys()];
}"""

#: Milliseconds until the scripts that a first action brings have run.
BROUGHT = 200

#: Marks one element of each kind that is to be judged; the rules on colours look at nothing else.
MARK = """(kinds) => {
    document.querySelectorAll("[data-judge]").forEach((e) => delete e.dataset.judge);
    kinds.forEach((kind) => { window.kinds.get(kind).dataset.judge = ""; });
    axe.configure({ rules: [
        { id: "color-contrast", selector: "[data-judge]" },
        { id: "link-in-text-block", selector: "a[href][data-judge]" },
    ] });
}"""

JUDGE = """async (runOnly) => {
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    return violations.flatMap(({ id, nodes }) => nodes.map((n) => [id, `${n.target} ${n.failureSummary}`]));
}"""

#: Numbers what the Tab key should reach, in the order of the document, and notes what gets the focus and how it looks.
LISTEN = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const wanted = all.filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })
        && !(e.type === "radio" && !e.checked && document.querySelector(`input[name="${e.name}"]:checked`)));
    window.wanted = wanted;
    window.reached = [];
    window.unseen = new Set();
    window.over = false;
    document.addEventListener("focusin", ({ target }) => {
        const number = wanted.indexOf(target);
        window.over ||= number >= 0 && window.reached.includes(number); // past the last stop the walk begins anew
        if (window.over) return;
        window.reached.push(number);
        const seen = [target, target.closest("label")].some((e) => {
            const style = e && getComputedStyle(e);
            return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });
        if (!seen) window.unseen.add(target.outerHTML.slice(0, 120));
    });
    return wanted.length;
}"""

#: What the walk showed. A box that scrolls can have the focus too; it is among what is wanted when the page says so.
WALKED = """() => {
    const reached = window.reached.filter((number) => number >= 0);
    const missing = window.wanted.filter((e, number) => !reached.includes(number));
    const back = reached.filter((number, i) => number < reached[i - 1]).map((number) => window.wanted[number]);
    const short = (e) => e.outerHTML.slice(0, 120);
    document.activeElement.blur();
    scrollTo(0, 0);
    return [
        ...missing.map((e) => "not reached: " + short(e)),
        ...back.map((e) => "out of order: " + short(e)),
        ...[...window.unseen].map((html) => "focus not seen: " + html),
    ];
}"""

#: What a page has kept in the browser, which is then forgotten.
KEPT = """() => {
    const kept = [...Object.keys(localStorage), ...Object.keys(sessionStorage)].concat(document.cookie || []);
    localStorage.clear();
    sessionStorage.clear();
    return kept;
}"""


@dataclass
class Look:
    """What was found on a site.

    Attributes
    ----------
    pages
        Addresses looked at.
    rules
        Rules broken, each with page, colours and size.
    keyboard
        What the Tab key did not reach, reached out of order or reached unseen.
    noise
        Requests to other hosts, errors, figures that stayed undrawn, things kept in the browser.
    stops
        How many stops of the focus each page has that is used by hand.
    """

    pages: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    keyboard: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    stops: dict[str, int] = field(default_factory=dict)

    def add(self, other: Look) -> None:
        """Take in what was found elsewhere."""
        for name in (one.name for one in fields(Look)):
            mine, others = getattr(self, name), getattr(other, name)
            mine.update(others) if isinstance(mine, dict) else mine.extend(others)


def pages_of(site: Path) -> list[str]:
    """Addresses of every page of a site."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def one_of_each_kind(site: Path) -> list[str]:
    """The largest page of each kind, in each language.

    Pages of one kind are those of one notebook, the cards to embed, or the texts of a folder of the documentation (its
    reference is made in another way); any other page is a kind of its own.
    """
    templates = {f"{job.address}.html": job.template.stem for job in all_jobs()}
    largest: dict[tuple[str, bool], str] = {}
    for address in pages_of(site):
        english, plain = address.startswith("en/"), address.removeprefix("en/")
        folder, _, name = plain.rpartition("/")
        alike = folder.startswith(("embed", "documentazione")) and name != "reference.html"
        kind = templates.get(address, folder if alike else plain), english
        size = (site / address).stat().st_size
        if kind not in largest or size > (site / largest[kind]).stat().st_size:
            largest[kind] = address
    return sorted(largest.values())


def every_way(address: str) -> tuple[View, ...]:
    """Each page in light and dark on a desktop and on a phone."""
    return EVERY_WAY


def in_turn(address: str) -> tuple[View, ...]:
    """Of a page in two languages the Italian one in light on a desktop and in dark on a phone, the other vice versa.

    Each is looked at in both colours and in both sizes. All rules run on the Italian page as a desktop shows it and on
    the English one as a phone does. A page of the documentation, which has one language, is looked at in every way.
    """
    if address.startswith("documentazione/"):
        return EVERY_WAY
    if address.startswith("en/"):
        return ("dark", DESKTOP, False), ("light", PHONE, True)
    return ("light", DESKTOP, True), ("dark", PHONE, False)


def is_italian(address: str) -> bool:
    """Of a page in two languages one: the other has the same figures and controls."""
    return not address.startswith("en/")


def look(
    site: Path,
    pages: list[str] | None = None,
    workers: int | None = None,
    patience: float = PATIENCE,
    views: Callable[[str], tuple[View, ...]] = every_way,
    uses: Callable[[str], bool] = bool,
    handler: type[Quiet] = Quiet,
) -> Look:
    """Look at pages of a site.

    Parameters
    ----------
    site
        The built site; it is served on a loopback port.
    pages
        Addresses of the pages; unless told, every page.
    workers
        Browsers at work side by side; unless told, two at most, and no more than this process has processors, which
        it shares with others that run tests.
    patience
        Seconds a page may take. When they are over it is opened once more, in a new browser: that one may have been
        stuck, and not the page.
    views
        In which ways an address is looked at, those on a desktop first.
    uses
        Whether an address is used by hand: its figures are made interactive and the Tab key walks; unless told, every
        one is.
    handler
        What serves the site.
    """
    axe = pytest.importorskip("axe_playwright_python", reason="NOT LOOKED AT: axe-playwright-python is not installed")
    _, chromium = tools()
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    found = Look()
    processors = (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    todo = iter(pages_of(site) if pages is None else pages)
    good: set[str] = set()

    async def started(root: str, driver: object) -> _Visitor:
        async with asyncio.timeout(PATIENCE):
            browser = await driver.chromium.launch(executable_path=chromium, args=list(QUIET))
            context = await browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
            return _Visitor(browser, await context.new_page(), root, script, good)

    async def work(root: str, driver: object) -> None:
        visitor = await started(root, driver)
        for address in todo:
            for _ in range(2):
                seen = await visitor.visit(address, views(address), uses(address), patience)
                if seen is not None:
                    break
                await visitor.leave()
                visitor = await started(root, driver)
            found.add(seen or Look([address], noise=[f"{address}: no answer within {patience:g} s, twice"]))
        await visitor.leave()

    async def everybody(root: str) -> None:
        from playwright.async_api import async_playwright

        async with async_playwright() as driver:
            await asyncio.gather(*(work(root, driver) for _ in range(workers or min(2, max(1, processors)))))

    # In a thread of its own: other tests drive their browser from this one.
    with served(site, handler) as root, ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, everybody(root)).result()
    return found


class _Visitor:
    """One browser's page, walking from address to address."""

    def __init__(self, browser: object, page: object, root: str, script: str, good: set[str]):
        self.browser, self.page, self.root, self.script, self.good = browser, page, root, script, good
        self.found = Look()
        self.address = ""
        page.on("request", self._asked)
        page.on("console", lambda m: self._heard(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self._heard(f"script: {error}"))
        # Who leaves a page no longer asks for what comes last.
        page.on(
            "requestfailed",
            lambda r: r.failure == "net::ERR_ABORTED" or self._heard(f"request: {r.url} {r.failure}"),
        )
        page.on("response", lambda r: self._heard(f"{r.status}: {r.url}") if r.status >= 400 else None)

    def _heard(self, what: str) -> None:
        self.found.noise.append(f"{self.address}: {what}")

    def _asked(self, request: object) -> None:
        if not request.url.startswith((self.root, "data:", "blob:")):
            self._heard(f"foreign: {request.url}")

    async def visit(self, address: str, views: tuple[View, ...], used: bool, patience: float) -> Look | None:
        """What is found on a page; None when the browser does not answer within so many seconds."""
        self.address, self.found = address, Look([address])
        try:
            async with asyncio.timeout(patience):
                await self._open(used)
                for number, view in enumerate(views):
                    await self._judge(*view)
                    if used and not number:
                        await self._walk()
        except TimeoutError:
            return None
        except Exception as error:  # the other pages are to be looked at all the same
            self._heard(f"not looked at to the end: {error}")
        return self.found

    async def leave(self) -> None:
        """Close the browser; one that is stuck ends with the driver."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.browser.close(), 30)

    async def _open(self, used: bool) -> None:
        await self.page.set_viewport_size(DESKTOP)
        await self.page.emulate_media(color_scheme="light")
        await self.page.goto(self.root + self.address)
        if used and (undrawn := await self.page.evaluate(DRAW)):
            self._heard(f"not drawn: {undrawn}")
        if kept := await self.page.evaluate(KEPT):
            self._heard(f"kept in the browser: {kept}")
        await self.page.evaluate(KEEP)
        await self.page.evaluate(self.script)

    async def _judge(self, scheme: str, size: dict, all_rules: bool) -> None:
        """Run all rules, or only those on colours, and these only if there is something new."""
        await self.page.set_viewport_size(size)
        await self.page.emulate_media(color_scheme=scheme)
        await self.page.evaluate(SETTLE)
        new = [kind for kind in await self.page.evaluate(KINDS) if kind not in self.good]
        if not new and not all_rules:
            return
        await self.page.evaluate(MARK, new)
        broken = await self.page.evaluate(JUDGE, TAGS if all_rules else {"type": "rule", "values": COLOURS})
        where = f"{self.address} ({scheme}, {size['width']} wide)"
        self.found.rules += [f"{where}: {rule} {text}" for rule, text in broken]
        if not {rule for rule, _ in broken} & set(COLOURS):
            self.good.update(new)

    async def _walk(self) -> None:
        # The first action brings scripts that add stops.
        await self.page.mouse.move(3, 3)
        await self.page.wait_for_timeout(BROUGHT)
        stops = self.found.stops[self.address] = await self.page.evaluate(LISTEN)
        session = await self.page.context.new_cdp_session(self.page)
        for _ in range(0, stops + 2 * PRESSES, PRESSES):
            await asyncio.gather(*(session.send("Input.dispatchKeyEvent", TAB) for _ in range(PRESSES)))
            if await self.page.evaluate("window.over"):
                break
        await session.detach()
        self.found.keyboard += [f"{self.address}: {text}" for text in await self.page.evaluate(WALKED)]
