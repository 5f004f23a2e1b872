// What a reader does with an interactive chart: read its values with the keyboard, see the same place marked in every
// figure of the page, open its page. figures.js brings this file together with plotly.js.
window.Wecare ??= {};
(() => {
  "use strict";

  const italian = document.documentElement.lang === "it";
  const WORDS = italian
    ? {
      of: "di", hint: "Frecce per leggere i valori", open: "Invio apre la pagina", again: "Tocca di nuovo per aprire la pagina",
    }
    : {
      of: "of", hint: "Arrow keys read the values", open: "Enter opens the page", again: "Tap again to open the page",
    };
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  const MARK = "reader-mark"; // name of the shape that marks a place
  const TAP = 500; // ms that one tap may last
  const drawn = new Map(); // div → what can be read there
  let touch = window.Wecare.touch === true, armed = null, tapped = 0;
  for (const type of ["pointerdown", "pointermove"]) {
    document.addEventListener(type, (event) => { touch = event.pointerType !== "mouse"; }, true);
  }

  // ---- what can be read: areas, and points of everything else

  function plain(text) {
    const lines = String(text).replace(/<br\s*\/?>/g, "; ");
    // Nothing of a document made so is fetched or run.
    return (/[<&]/.test(lines) ? new DOMParser().parseFromString(lines, "text/html").body.textContent : lines).trim();
  }

  /** Address of the page that a trace or one of its points leads to; null without one. */
  function address(trace, custom) {
    const candidates = [trace.meta?.href, ...[custom].flat().map((value) => value?.href ?? value)];
    const found = candidates.find((value) => typeof value === "string" && /\.html(#.*)?$/.test(value));
    if (!found) return null;
    const target = new URL(found, location.href);
    // Text from data may only lead to another page of this site.
    return target.protocol === location.protocol && target.host === location.host ? target.href : null;
  }

  /** An area, or a point of a trace, with what names its place in every figure: the page it leads to, or its id. */
  function item(trace, curve, point) {
    const at = (value) => (Array.isArray(value) ? value[point] : value);
    const area = trace.hoveron === "fills";
    const href = address(trace, area ? null : at(trace.customdata));
    return { curve, point: area ? undefined : point, href, key: href ?? (area ? trace.meta?.id : trace.ids?.[point]) ?? null };
  }

  function readings(div) {
    const found = [];
    div.data.forEach((trace, curve) => {
      if (trace.hoverinfo === "skip" || trace.visible === false || trace.visible === "legendonly") return;
      if (trace.hoveron === "fills") {
        const told = trace.text || trace.name;
        if (typeof told === "string") found.push({ text: plain(told), ...item(trace, curve) });
        return;
      }
      const across = [...(trace.x ?? [])], up = [...(trace.y ?? [])];
      for (let n = 0; n < Math.max(across.length, up.length); n += 1) {
        if (across[n] === null || up[n] === null || across[n] === undefined || up[n] === undefined) continue;
        const at = (value) => (Array.isArray(value) ? value[n] : value);
        const told = at(trace.hovertext) || at(trace.text) || [trace.name, across[n], up[n]].filter((v) => v !== undefined).join("; ");
        found.push({ text: plain(told), ...item(trace, curve, n) });
      }
    });
    // Areas of a map have no order of their own.
    const areas = found.every((one) => one.point === undefined);
    return areas ? found.sort((one, other) => one.text.localeCompare(other.text, document.documentElement.lang)) : found;
  }

  // ---- the same place marked in every figure of the page

  const rowed = (div) => Boolean(div.layout.yaxis?.ticktext); // one named row per territory

  function shape(div, { curve, point }) {
    const trace = div.data[curve];
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--wecare-ink").trim(), blue = style.getPropertyValue("--wecare-blue").trim();
    const on = { name: MARK, xref: trace.xaxis ?? "x", yref: trace.yaxis ?? "y" };
    if (point === undefined) {
      const path = trace.x.map((x, n) => (x === null ? "Z" : `${n && trace.x[n - 1] !== null ? "L" : "M"}${x},${trace.y[n]}`));
      return { ...on, type: "path", path: `${path.join("")}Z`, line: { color: ink, width: 3 } };
    }
    const x = trace.x[point], y = trace.y[point];
    // Far to the left, so that the name of the row is marked too.
    if (rowed(div)) {
      const row = { xref: "paper", x0: -3, x1: 2, y0: y - 0.5, y1: y + 0.5 };
      return { ...on, ...row, type: "rect", layer: "below", fillcolor: blue, opacity: 0.22, line: { width: 0 } };
    }
    const ring = { xsizemode: "pixel", ysizemode: "pixel", xanchor: x, yanchor: y, x0: -9, x1: 9, y0: -9, y1: 9 };
    return { ...on, ...ring, type: "circle", line: { color: ink, width: 2.5 } };
  }

  function onScreen(div) {
    const { top, bottom } = div.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  /** Mark an item where it is read and what names the same place elsewhere; nothing takes all marks away. */
  function mark(where, read) {
    for (const [div, items] of drawn) {
      const seen = read && onScreen(div);
      const found = seen && (div === where ? read : read.key && items.find((one) => one.key === read.key));
      const before = div.layout.shapes ?? [];
      const others = before.filter((one) => one.name !== MARK);
      if (!found && others.length === before.length) continue;
      window.Plotly.relayout(div, { shapes: found ? [...others, shape(div, found)] : others });
    }
  }

  // ---- reading with the keyboard: arrows step through what a pointer would find

  function readByKeyboard(div, items, words) {
    let at = -1;
    const hush = () => {
      window.Plotly.Fx.unhover(div);
      mark(div, null);
    };
    const invite = () => { if (div.matches(":focus-visible")) words.textContent ||= WORDS.hint; };
    div.addEventListener("focus", invite);
    invite();
    // What was read stays: if it went, what a pointer is about to press would move away.
    div.addEventListener("blur", hush);
    div.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") { words.textContent = ""; hush(); return; }
      if (event.key === "Enter" && items[at]?.href) { location.assign(items[at].href); return; }
      if (event.key === "Home") at = 0;
      else if (event.key === "End") at = items.length - 1;
      else if (event.key in STEPS) at = Math.min(Math.max(at + STEPS[event.key], 0), items.length - 1);
      else return;
      event.preventDefault();
      const read = items[at];
      words.textContent = `${read.text} (${at + 1} ${WORDS.of} ${items.length})${read.href ? `. ${WORDS.open}.` : ""}`;
      if (read.point !== undefined) {
        const { xaxis, yaxis } = div.data[read.curve];
        window.Plotly.Fx.hover(div, [{ curveNumber: read.curve, pointNumber: read.point }], `${xaxis ?? "x"}${yaxis ?? "y"}`);
      }
      if (read.key || read.point === undefined) mark(div, read);
    });
  }

  // ---- following with a pointer: a click on a district opens its page; on a touch screen the second tap does

  function follow(div, items, words) {
    const pointed = (event) => {
      const [point] = event.points ?? [];
      return point && items.find((one) => one.curve === point.curveNumber && (one.point ?? point.pointNumber) === point.pointNumber);
    };
    const open = (read) => {
      if (!read?.href) return;
      // plotly.js tells of one tap twice.
      if (touch && armed === read.href && performance.now() - tapped < TAP) return;
      if (!arm(read)) location.assign(read.href);
    };
    // The first tap of a finger reads, also the one that asked for the chart; the second opens.
    const arm = (read) => {
      if (!touch || !read?.href || armed === read.href) return false;
      armed = read.href;
      tapped = performance.now();
      words.textContent = `${read.text}. ${WORDS.again}.`;
      mark(div, read);
      return true;
    };
    let under = null, pressed = null, told = false, away = false;
    const point = (read) => {
      under = read;
      div.classList.toggle("is-link", Boolean(read?.href));
      mark(div, read && (read.key || read.point === undefined) ? read : null);
    };
    div.on("plotly_hover", (event) => {
      // plotly.js tells late, or again after a drawing, of a pointer that has left meanwhile.
      if (away && !touch) window.Plotly.Fx.unhover(div);
      else if (!arm(pointed(event))) point(pointed(event));
    });
    div.on("plotly_unhover", () => point(null));
    // plotly.js says nothing when the pointer leaves while it draws.
    div.addEventListener("mouseleave", () => { away = true; point(null); });
    div.addEventListener("mouseenter", () => { away = false; });
    // Nor does it tell of every short click: what was pointed at when the button went down is opened then.
    div.addEventListener("pointerdown", () => { pressed = under; told = false; }, true);
    div.on("plotly_click", (event) => { told = true; open(pointed(event)); });
    div.addEventListener("click", (event) => { if (!touch && !told && event.target.closest(".nsewdrag")) open(pressed); });
    if (!rowed(div) || !items.some((one) => one.href)) return;
    // The names beside the rows answer as the rows do.
    div.classList.add("has-names");
    const named = (event) => {
      const text = event.target.closest?.(".ytick > text")?.dataset.unformatted;
      const y = text && div.layout.yaxis.tickvals[div.layout.yaxis.ticktext.indexOf(text)];
      return text && items.find((one) => one.href && div.data[one.curve].y[one.point] === y);
    };
    div.addEventListener("pointerover", (event) => { const read = named(event); if (read) point(read); });
    div.addEventListener("pointerout", (event) => { if (named(event)) point(null); });
    div.addEventListener("click", (event) => open(named(event)));
  }

  /** Make a drawn figure useful. */
  function attach(div) {
    const items = readings(div).filter((one) => one.text);
    const line = document.createElement("p"), words = document.createElement("span");
    line.className = "figure-reading";
    line.setAttribute("role", "status");
    line.append(words);
    div.after(line);
    drawn.set(div, items);
    if (items.length) readByKeyboard(div, items, words);
    follow(div, items, words);
  }

  window.Wecare.attach = attach;
})();
