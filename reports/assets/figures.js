// Draws the figures of a page when they come near the screen, and prepares it for paper. No dependency but the site's one
// copy of plotly.js, which is fetched at the first figure, and figures-reader.js with it. Without them, or without this
// script, every figure has its data as a table.
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
  const loaded = new Map(); // address of a script → its promise

  /** Bring a script, once. */
  function load(address) {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((resolve, reject) => {
        const tag = document.createElement("script");
        tag.src = address;
        tag.onload = resolve;
        tag.onerror = () => reject(new Error(`${address.split("/").pop()} could not be loaded`));
        document.head.append(tag);
      }));
    }
    return loaded.get(address);
  }
  (window.Wecare ??= {}).load = load;

  function loadPlotly() {
    loading ??= Promise.all([load(plotlyAddress), load(new URL("figures-reader.js", script.src).href)]).then(() => {
      if (italian) window.Plotly.register(LOCALE_IT);
      return window.Plotly;
    });
    return loading;
  }

  // ---- a figure as the page holds it: its outlines may stand in a file that other pages share

  const figures = new Map(); // div → its figure, ready to be drawn
  const preparing = new Map(); // div → promise of the same

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

  /** The lines of a file of outlines. It is a script, because a page opened from disk may load no other file. */
  async function outlines(address) {
    const { href, pathname } = new URL(address, location.href);
    await load(href);
    return window.Wecare.shapes[pathname.match(/([0-9a-f]+)\.js$/)[1]];
  }

  async function whole(div) {
    const name = CSS.escape(div.dataset.figure);
    const holder = div.parentElement.querySelector(`script.figure-json[data-for="${name}"]`);
    const figure = JSON.parse(holder.textContent);
    const drawn = figure.shapes ? await outlines(figure.shapes) : [];
    const data = figure.data.map(({ shape, ...own }) => (shape === undefined ? own : { ...own, ...path(drawn[shape]) }));
    figures.set(div, { ...figure, data });
    return figures.get(div);
  }

  function prepare(div) {
    if (!preparing.has(div)) preparing.set(div, whole(div));
    return preparing.get(div);
  }

  // ---- colours: those of the charts are for white paper; on a dark screen they follow the colours of the page

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const FOLLOW = {
    "#17324d": "--wecare-ink", "#5a768a": "--wecare-muted", "#6b7a86": "--wecare-outline", "#ffffff": "--wecare-paper",
    "#fff": "--wecare-paper", "#0066cc": "--wecare-blue", "#d8e8f6": "--wecare-derived",
    // Grounds, and the grid, whose lines must not shine.
    "#e8edf2": "--wecare-line", "#e3e9ee": "--wecare-line", "#f0f3f6": "--wecare-line",
  };
  const WHITE = /^rgba\(255, ?255, ?255, ?(0?\.\d+)\)$/; // behind names on maps
  const ORANGE = "#b35806"; // of lines and marks; among the classes of a map it stays apart from its neighbours
  const CONTRAST = 3; // of a line or a mark against what is behind it
  let onPaper = false;

  function dressed(figure) {
    if (!dark.matches || onPaper) return figure;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const behind = rgb(colour("--wecare-paper")), ink = rgb(colour("--wecare-ink"));
    const follow = Object.fromEntries(Object.entries(FOLLOW).map(([hex, name]) => [hex, colour(name)]));
    const recoloured = (value) => {
      if (typeof value === "string") {
        const veil = WHITE.exec(value);
        return veil ? `rgba(${behind},${veil[1]})` : follow[value.toLowerCase()] ?? value;
      }
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
    const data = figure.data.map(recoloured);
    // Lines, bars and dots that would be lost; not classes, which keep the colours of their legend behind a border.
    for (const { type, fill, line, marker, x } of data) {
      if (fill === "toself" || x?.[0] === null) continue;
      for (const drawn of [line, marker]) {
        if (!/^#[\da-f]{6}$/i.test(drawn?.color)) continue;
        if (type !== "bar" && drawn.color.toLowerCase() === ORANGE) drawn.color = colour("--wecare-less");
        else if (!drawn.line) drawn.color = lifted(drawn.color, behind, ink);
      }
    }
    return { ...figure, data, layout };
  }

  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

  function luminance(parts) {
    const [red, green, blue] = parts.map((part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** The colour, or as much ink in it as makes it visible. */
  function lifted(hex, behind, ink) {
    const own = rgb(hex);
    for (let share = 0; ; share += 0.1) {
      const mixed = own.map((part, n) => Math.round(part + (ink[n] - part) * share));
      if (share >= 1 || (luminance(mixed) + 0.05) / (luminance(behind) + 0.05) >= CONTRAST) return `rgb(${mixed})`;
    }
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
    const details = (div.closest(".linked") ?? div.closest("figure"))?.querySelector("details");
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

  /** The figure as a picture of its own shows it. */
  function paper(figure) {
    const [data, layout, config] = forPlotly(figure);
    return { data, layout: { ...layout, paper_bgcolor: "#ffffff" }, config };
  }

  function plot(Plotly, div) {
    if (div.dataset.drawn) return;
    div.dataset.drawn = "pending";
    return Plotly.newPlot(div, ...forPlotly(dressed(figures.get(div)))).then(() => {
      window.Wecare.attach(div, figures.get(div), () => paper(figures.get(div)));
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
