// Draws the figures of a page when they come near the screen, and prepares it for keyboard and paper. No dependency but the site's one copy of plotly.js,
// which is fetched at the first figure. Without it, or without this script, every figure has its data as a table.
(() => {
  "use strict";

  const NEAR = "300px";
  const PRINT_WIDTH = 660; // CSS pixels of text on A4 with the margins of the print style sheet
  const script = document.currentScript;
  const plotlyAddress = new URL(script.dataset.plotly, script.src).href;
  const italian = document.documentElement.lang === "it";
  const LOCALE_IT = {
    moduleType: "locale",
    name: "it",
    dictionary: {},
    format: {
      days: ["domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"],
      shortDays: ["dom", "lun", "mar", "mer", "gio", "ven", "sab"],
      months: ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
        "ottobre", "novembre", "dicembre"],
      shortMonths: ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
      date: "%d/%m/%Y",
      decimal: ",",
      thousands: ".",
    },
  };

  let loading = null;

  function loadPlotly() {
    loading ??= new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = plotlyAddress;
      tag.onload = () => {
        if (italian) window.Plotly.register(LOCALE_IT);
        resolve(window.Plotly);
      };
      tag.onerror = () => reject(new Error("plotly.js could not be loaded"));
      document.head.append(tag);
    });
    return loading;
  }

  // ---- a figure as the page holds it: maybe packed, its outlines in a file that other pages share

  const WORDS = italian
    ? {
      svg: "Scarica la figura (SVG)", png: "Scarica la figura (PNG)", of: "di",
      hint: "Frecce per leggere i valori", open: "Invio apre la pagina",
    }
    : {
      svg: "Download the figure (SVG)", png: "Download the figure (PNG)", of: "of",
      hint: "Arrow keys read the values", open: "Enter opens the page",
    };
  const shared = new Map(); // address of a file of outlines → its promise
  const figures = new Map(); // div → its figure, ready to be drawn
  const preparing = new Map(); // div → promise of the same

  async function inflated(packed) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  }

  /** The outlines in a file, as text. A script, because a page opened from disk may load no other file. */
  function outlines(address) {
    const target = new URL(address, location.href);
    const key = target.pathname.match(/([0-9a-f]+)\.js$/)[1];
    if (!shared.has(key)) {
      shared.set(key, new Promise((resolve, reject) => {
        const tag = document.createElement("script");
        tag.src = target.href;
        tag.onload = () => resolve(window.Wecare.shapes[key]);
        tag.onerror = () => reject(new Error("its outlines could not be loaded"));
        document.head.append(tag);
      }));
    }
    return shared.get(key);
  }

  /** "10 5 4 0 0-3;3 1" → the lines as x and y, a gap between two lines. */
  function path(text) {
    const x = [], y = [];
    for (const line of text.split(";")) {
      if (x.length) { x.push(null); y.push(null); }
      const numbers = line.match(/-?\d+/g).map(Number);
      for (let n = 0, across = 0, up = 0; n < numbers.length; n += 2) {
        x.push(across += numbers[n]);
        y.push(up += numbers[n + 1]);
      }
    }
    return { x, y };
  }

  async function whole(div) {
    const name = CSS.escape(div.dataset.figure);
    const holder = div.parentElement.querySelector(`script.figure-json[data-for="${name}"]`);
    let figure = JSON.parse(holder.textContent);
    if (typeof figure === "string") figure = JSON.parse(await inflated(figure));
    const drawn = figure.shapes ? await outlines(figure.shapes) : [];
    const data = figure.data.map(({ shape, look, ...own }) => ({
      ...structuredClone(figure.looks?.[look] ?? {}),
      ...own,
      ...(shape === undefined ? {} : path(drawn[shape])),
    }));
    figures.set(div, { data, layout: figure.layout, config: figure.config });
    return figures.get(div);
  }

  function prepare(div) {
    if (!preparing.has(div)) preparing.set(div, whole(div));
    return preparing.get(div);
  }

  // ---- colours: those of the charts are for white paper; on a dark screen they follow the colours of the page

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const FOLLOW = {
    "#17324d": "--wecare-ink", "#5a768a": "--wecare-muted", "#e8edf2": "--wecare-line", "#ffffff": "--wecare-paper",
    "#0066cc": "--wecare-blue",
  };
  let onPaper = false;

  function dressed(figure) {
    if (!dark.matches || onPaper) return figure;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const follow = Object.fromEntries(Object.entries(FOLLOW).map(([hex, name]) => [hex, colour(name)]));
    const fade = `color-mix(in srgb, ${colour("--wecare-paper")} 80%, transparent)`;
    const probe = document.createElement("i");
    document.body.append(probe);
    probe.style.color = fade;
    follow["rgba(255,255,255,0.8)"] = asRgba(getComputedStyle(probe).color) ?? colour("--wecare-paper");
    probe.remove();
    const recoloured = (value) => {
      if (typeof value === "string") return follow[value.toLowerCase()] || value;
      if (Array.isArray(value)) return value.map(recoloured);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, recoloured(inner)]));
    };
    const layout = recoloured(figure.layout);
    for (const [name, axis] of Object.entries(layout)) {
      if (!/^[xy]axis\d*$/.test(name)) continue;
      const line = colour("--wecare-line");
      layout[name] = { gridcolor: line, zerolinecolor: line, linecolor: line, tickcolor: line, ...axis };
    }
    return { ...figure, data: figure.data.map(recoloured), layout };
  }

  /** "color(srgb 0 0.5 1 / 0.8)" → "rgba(0,128,255,0.8)", which plotly.js understands. */
  function asRgba(text) {
    const parts = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(text);
    if (!parts) return /^rgba?\(/.test(text) ? text : null;
    const [red, green, blue] = parts.slice(1, 4).map((share) => Math.round(Number(share) * 255));
    return `rgba(${red},${green},${blue},${parts[4] ?? 1})`;
  }

  function redress() {
    if (!window.Plotly) return;
    for (const [div, figure] of figures) if (div.layout) window.Plotly.react(div, ...forPlotly(dressed(figure)));
  }
  dark.addEventListener("change", redress);

  // ---- drawing

  function showTable(div) {
    div.dataset.drawn = "false";
    div.hidden = true;
    const details = div.closest("figure")?.querySelector("details");
    if (details) details.open = true;
  }

  function forPlotly(figure) {
    const layout = { ...structuredClone(figure.layout), autosize: true };
    delete layout.width;
    if (italian) layout.separators ??= ",.";
    const config = {
      ...figure.config,
      responsive: true,
      displayModeBar: false,
      displaylogo: false,
      locale: italian ? "it" : "en-US",
    };
    return [structuredClone(figure.data), layout, config];
  }

  function plot(Plotly, div) {
    if (div.dataset.drawn) return;
    div.dataset.drawn = "pending";
    return Plotly.newPlot(div, ...forPlotly(dressed(figures.get(div)))).then(() => {
      followLinks(div);
      offerPictures(div);
      readByKeyboard(div);
      div.dataset.drawn = "true";
    });
  }

  function draw(div) {
    return Promise.all([loadPlotly(), prepare(div)]).then(([Plotly]) => plot(Plotly, div)).then(prepareOthers).catch((error) => {
      console.warn(`Figure ${div.dataset.figure}: ${error.message}; its data are shown as a table.`);
      showTable(div);
    });
  }

  /** Whoever prints after having seen one figure gets them all: paper does not wait for files. */
  function prepareOthers() {
    const task = () => plots.forEach((div) => prepare(div).catch(() => {}));
    (window.requestIdleCallback ?? setTimeout)(task);
  }

  // ---- the figure as a picture

  function offerPictures(div) {
    const place = div.closest("figure")?.querySelector(".downloads");
    if (!place || place.querySelector("button")) return;
    const page = location.pathname.replace(/\.html$/, "").split("/").pop() || "index";
    for (const format of ["svg", "png"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = WORDS[format];
      button.addEventListener("click", () => {
        const [data, layout, config] = forPlotly(figures.get(div));
        const picture = { data, layout: { ...layout, paper_bgcolor: "#ffffff" }, config };
        const { width, height } = div.getBoundingClientRect();
        const filename = `${page}-${div.dataset.figure}`;
        window.Plotly.downloadImage(picture, { format, filename, width: Math.round(width), height: Math.round(height), scale: format === "png" ? 2 : 1 });
      });
      place.append(button);
    }
  }

  // ---- reading values with the keyboard: arrows step through what a pointer would find

  const plain = (text) => String(text).replace(/<br\s*\/?>/g, "; ").replace(/<[^>]*>/g, "").replace(/&amp;/g, "&").trim();

  function readings(div) {
    const found = [];
    div.data.forEach((trace, curve) => {
      if (trace.hoverinfo === "skip" || trace.visible === false || trace.visible === "legendonly") return;
      if (trace.hoveron === "fills") {
        const told = trace.text || trace.name;
        if (typeof told === "string") found.push({ text: plain(told), curve, href: address({ data: trace }) });
        return;
      }
      const across = [...(trace.x ?? [])], up = [...(trace.y ?? [])];
      for (let n = 0; n < Math.max(across.length, up.length); n += 1) {
        if (across[n] === null || up[n] === null || across[n] === undefined || up[n] === undefined) continue;
        const at = (value) => (Array.isArray(value) ? value[n] : value);
        const told = at(trace.hovertext) || at(trace.text) || [trace.name, across[n], up[n]].filter((v) => v !== undefined).join("; ");
        found.push({ text: plain(told), curve, point: n, href: address({ data: trace, customdata: at(trace.customdata) }) });
      }
    });
    // Areas of a map have no order of their own.
    const areas = found.every((one) => one.point === undefined);
    return areas ? found.sort((one, other) => one.text.localeCompare(other.text, document.documentElement.lang)) : found;
  }

  function readByKeyboard(div) {
    const items = readings(div).filter((item) => item.text);
    if (!items.length) return;
    const line = document.createElement("p");
    line.className = "figure-reading";
    line.setAttribute("role", "status");
    div.after(line);
    let at = -1;
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    div.tabIndex = 0;
    const hush = () => {
      line.textContent = "";
      window.Plotly.Fx.unhover(div);
    };
    div.addEventListener("focus", () => { if (div.matches(":focus-visible")) line.textContent ||= WORDS.hint; });
    // What was read stays: if it went, what a pointer is about to press would move away.
    div.addEventListener("blur", () => window.Plotly.Fx.unhover(div));
    div.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") { hush(); return; }
      if (event.key === "Enter" && items[at]?.href) { location.assign(items[at].href); return; }
      if (event.key === "Home") at = 0;
      else if (event.key === "End") at = items.length - 1;
      else if (event.key in steps) at = Math.min(Math.max(at + steps[event.key], 0), items.length - 1);
      else return;
      event.preventDefault();
      const { text, href, curve, point } = items[at];
      line.textContent = `${text} (${at + 1} ${WORDS.of} ${items.length})${href ? `. ${WORDS.open}.` : ""}`;
      if (point === undefined) return;
      const subplot = `${div.data[curve].xaxis ?? "x"}${div.data[curve].yaxis ?? "y"}`;
      window.Plotly.Fx.hover(div, [{ curveNumber: curve, pointNumber: point }], subplot);
    });
  }

  // ---- a click on a district goes to its page

  function address(point) {
    const custom = [point.customdata].flat();
    const candidates = [point.data?.meta?.href, ...custom.map((value) => value?.href ?? value)];
    const found = candidates.find((value) => typeof value === "string" && /\.html(#.*)?$/.test(value));
    if (!found) return null;
    const target = new URL(found, location.href);
    // Text from data may only lead to another page of this site.
    return target.protocol === location.protocol && target.host === location.host ? target.href : null;
  }

  function followLinks(div) {
    div.on("plotly_click", (event) => {
      const target = event.points?.length ? address(event.points[0]) : null;
      if (target) location.assign(target);
    });
    div.on("plotly_hover", (event) => div.classList.toggle("is-link", Boolean(event.points?.[0] && address(event.points[0]))));
    div.on("plotly_unhover", () => div.classList.remove("is-link"));
  }

  // ---- paper: every figure at the width of the sheet, every table open

  let opened = [];

  function beforePrint() {
    const closed = [...document.querySelectorAll("main details:not([open])")];
    closed.forEach((details) => { details.open = true; });
    opened.push(...closed);
    if (!window.Plotly) return;
    onPaper = true;
    if (dark.matches) redress();
    for (const div of plots) {
      if (!div.dataset.drawn && figures.has(div)) plot(window.Plotly, div);
      if (div.layout) window.Plotly.relayout(div, { width: PRINT_WIDTH });
    }
  }

  function afterPrint() {
    opened.forEach((details) => { details.open = false; });
    opened = [];
    onPaper = false;
    if (dark.matches) redress();
    for (const div of plots) if (div.layout) window.Plotly.relayout(div, { width: null, autosize: true });
  }

  // First stop of the keyboard.
  document.querySelector("a.skip")?.addEventListener("click", (event) => {
    // The address alone would not do: Quarto rewrites links to a folder's index, which would load the page anew.
    const main = document.querySelector("main");
    event.preventDefault();
    main.tabIndex = -1;
    main.focus();
  });

  // Two navigations on a page need two names; the publishers give the table of contents none.
  document.getElementById("TOC")?.setAttribute("aria-labelledby", "toc-title");

  // Interactive pages bring a script of their own, and what it shares with others before it.
  const app = document.querySelector("[data-app]");
  for (const name of app ? [...(app.dataset.parts ?? "").split(" "), app.dataset.app] : []) {
    if (!/^[a-z]+(-[a-z]+)*$/.test(name)) continue;
    const tag = document.createElement("script");
    tag.src = new URL(`${name}.js`, script.src).href;
    tag.async = false; // in this order
    document.head.append(tag);
  }

  const plots = [...document.querySelectorAll("div.plot[data-figure]")];
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  if (!plots.length) return;

  // Until the reader moves, only what the screen shows is drawn; from then on also what is about to come.
  const waiting = new Set(plots);
  const watch = (rootMargin) => {
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting && waiting.delete(target)) draw(target);
    }, { rootMargin });
    waiting.forEach((div) => watcher.observe(div));
    return watcher;
  };
  const first = watch("0px");
  window.addEventListener("scroll", () => {
    first.disconnect();
    watch(NEAR);
  }, { once: true, passive: true });
})();
