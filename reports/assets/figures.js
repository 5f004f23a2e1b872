// Makes the figures of a page interactive when a reader points at one, taps or focuses it: plotly.js then takes the place of
// the drawing, which is there before any script and stays what is printed. No dependency but the site's one copy of
// plotly.js, which is fetched at the first figure, and figures-reader.js with it. The only script of a page that comes
// with it: it brings the others when a reader first does something.
(() => {
  "use strict";

  const script = document.currentScript;
  const plotlyAddress = new URL(script.dataset.plotly, script.src).href;
  const own = (name) => new URL(`${name}.js`, script.src).href;
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

  const FAILED = italian ? "Non si è potuto scaricare: riprova più tardi" : "It could not be downloaded: try again later";

  let loading = null;
  const loaded = new Map(); // address of a script → its promise

  /** Bring a script, once. */
  function load(address) {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((resolve, reject) => {
        const tag = document.createElement("script");
        tag.src = address;
        tag.async = false; // those asked for together run in this order
        tag.onload = resolve;
        tag.onerror = () => reject(new Error(`${address.split("/").pop()} could not be loaded`));
        document.head.append(tag);
      }));
    }
    return loaded.get(address);
  }
  (window.Wecare ??= {}).load = load;

  /** The rules that plotly.js would put into the page by itself. */
  function dressCharts() {
    const sheet = document.createElement("link");
    Object.assign(sheet, { rel: "stylesheet", id: "plotly.js-style-global", className: "no-inline-styles" });
    sheet.href = new URL("plotly.css", script.src).href;
    document.head.append(sheet);
    return new Promise((resolve) => { sheet.onload = sheet.onerror = resolve; });
  }

  function loadPlotly() {
    loading ??= Promise.all([load(plotlyAddress), load(own("figures-reader")), dressCharts()]).then(() => {
      if (italian) window.Plotly.register(LOCALE_IT);
      return window.Plotly;
    });
    return loading;
  }

  // ---- a figure as the page holds it: the outlines of a map stand in its drawing

  const figures = new Map(); // div → its figure, ready for plotly.js

  /** "M10-5l4 0 0 3M3-1l1 0" → the lines as x and y, north up, a gap between two lines. */
  function path(text) {
    const x = [], y = [];
    for (const line of text.split("M").slice(1)) {
      if (x.length) { x.push(null); y.push(null); }
      const numbers = line.match(/-?\d+/g).map(Number);
      for (let n = 0, across = 0, down = 0; n < numbers.length; n += 2) {
        x.push(across += numbers[n]);
        y.push(-(down += numbers[n + 1]));
      }
    }
    return { x, y };
  }

  function described(div) {
    const holder = div.parentElement.querySelector(`script.figure-json[data-for="${CSS.escape(div.dataset.figure)}"]`);
    return JSON.parse(holder.textContent);
  }

  function prepare(div) {
    const figure = described(div);
    const outlines = div.querySelector(".areas")?.querySelectorAll("path");
    const data = figure.data.map(({ shape, ...own }) => (
      shape === undefined ? own : { ...own, ...path(outlines[shape].getAttribute("d")) }
    ));
    figures.set(div, { ...figure, data });
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

  function dressed(figure) {
    if (!dark.matches) return figure;
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
    // Words, lines, bars and dots that would be lost; not classes, which keep the colours of their legend behind a border.
    for (const { type, fill, line, marker, textfont, x } of data) {
      if (fill === "toself" || x?.[0] === null) continue;
      for (const drawn of [line, marker, textfont]) {
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

  // ---- the interactive chart

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
    div.dataset.drawn = "pending";
    prepare(div);
    return Plotly.newPlot(div, ...forPlotly(dressed(figures.get(div)))).then(() => {
      div.querySelector(".plot-container").setAttribute("aria-hidden", "true"); // its words are in the name and the readings
      window.Wecare.attach(div, figures.get(div));
      div.dataset.drawn = "true";
    });
  }

  const asked = new Map(); // div → promise of its interactive chart

  /** The drawing stays where plotly.js cannot be had. */
  function draw(div, pointer) {
    if (pointer) window.Wecare.touch = pointer === "touch";
    if (!asked.has(div)) {
      asked.set(div, loadPlotly().then((Plotly) => plot(Plotly, div)).catch((error) => {
        console.warn(`Figure ${div.dataset.figure}: ${error.message}; its drawing stays.`);
        div.dataset.drawn = "false";
      }));
    }
    return asked.get(div);
  }

  /** What a reader did while the chart was not there yet, done again once it is. */
  function listen(div) {
    let key = null;
    div.tabIndex = 0;
    // A screen reader does not enter a picture, nor give it the arrow keys; it does both with what is worked by keys.
    div.setAttribute("role", "application");
    div.setAttribute("aria-roledescription", italian ? "grafico, si legge con le frecce" : "chart, read with the arrow keys");
    div.addEventListener("keydown", (event) => {
      if (div.dataset.drawn === "true" || !/^(Arrow|Page|Home|End)/.test(event.key)) return;
      event.preventDefault();
      key = event.key;
    });
    const ask = ({ type, pointerType, clientX, clientY }) => draw(div, pointerType).then(() => {
      if (key) div.dispatchEvent(new KeyboardEvent("keydown", { key }));
      key = null;
      if (type === "pointerdown") {
        document.elementFromPoint(clientX, clientY)?.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }));
      }
    });
    for (const event of ["pointerenter", "pointerdown", "focus"]) div.addEventListener(event, ask, { once: true });
  }

  // ---- saving: by a script of its own, fetched when a reader asks

  for (const button of document.querySelectorAll("button[data-save]")) {
    // A page opened from disk may read no file.
    button.hidden = button.dataset.save === "geojson" && location.protocol === "file:";
    button.addEventListener("click", async () => {
      const div = button.closest("figure").querySelector(`.plot[data-figure="${CSS.escape(button.dataset.figure)}"]`);
      try {
        await load(own("figures-saving"));
        await window.Wecare.saveFigure(div, button.dataset.save, described(div));
      } catch (error) {
        console.warn(`${button.dataset.figure}: ${error.message}.`);
        button.textContent = FAILED;
      }
    });
  }

  // ---- paper: the drawings, and every table open

  let opened = [];
  window.addEventListener("beforeprint", () => {
    const closed = [...document.querySelectorAll("main details:not([open])")];
    closed.forEach((details) => { details.open = true; });
    opened.push(...closed);
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
    opened = [];
  });

  // First stop of the keyboard.
  document.querySelector("a.skip")?.addEventListener("click", (event) => {
    // The address alone would not do: Quarto rewrites links to a folder's index, which would load the page anew.
    const main = document.querySelector("main");
    event.preventDefault();
    main.tabIndex = -1;
    main.focus();
  });

  // The other language shows the same choices, and the same place.
  for (const link of document.querySelectorAll(".languages a")) {
    const follow = () => { link.search = location.search; link.hash = location.hash; };
    for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, follow);
  }

  // The code of a card to embed names the whole address, where nobody has told the site its own: the reader's.
  for (const code of document.querySelectorAll("pre.embed-code code")) {
    if (location.protocol === "file:") break;
    code.textContent = code.textContent.replace(/src="(?!https?:)([^"]*)"/, (_, to) => `src="${new URL(`../${to}`, script.src)}"`);
  }

  // Two navigations on a page need two names; the publishers give the table of contents none.
  document.getElementById("TOC")?.setAttribute("aria-labelledby", "toc-title");

  // ---- the search, which comes when a reader enters one of its fields; the comune an address names

  const fields = [...document.querySelectorAll("form[data-finds]")];
  const search = () => load(own("names")).then(() => load(own("search")));
  for (const form of fields) {
    form.addEventListener("focusin", () => { search().catch((error) => console.warn(error.message)); }, { once: true });
  }
  if (fields.some((form) => form.contains(document.activeElement))) search();
  if (new URLSearchParams(location.search).has("comune")) load(own("names")).then(() => load(own("comune")));

  // ---- the sources of a sentence, beside its mark

  addEventListener("click", (event) => {
    const mark = event.target.closest?.("a.citation");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!mark || elsewhere || !HTMLElement.prototype.showPopover || !document.querySelector("ol.sources")) return;
    event.preventDefault();
    load(own("marks")).then(() => window.Wecare.showSources(mark)).catch(() => { location.hash = mark.hash; });
  });

  // ---- sharing the address of a page, as the device does it, else by copying it

  for (const button of document.querySelectorAll("button[data-share]")) {
    button.classList.add("is-live");
    button.addEventListener("click", async () => {
      const { href: url } = location, { title } = document;
      try {
        if (navigator.share) return await navigator.share({ title, url });
        await navigator.clipboard.writeText(url);
        button.textContent = button.dataset.share;
      } catch (error) {
        if (error.name !== "AbortError") console.warn(error.message);
      }
    });
  }

  // ---- menu: scripts of the publisher, which nobody needs before doing something

  const later = (script.dataset.later ?? "").split(" ").filter(Boolean).map((address) => new URL(address, document.baseURI).href);
  const SIGNS = ["pointermove", "pointerdown", "focusin", "keydown", "wheel", "scroll"];
  let publisher = null; // promise of the publisher's scripts, once a reader has done something
  let there = false;

  function bring() {
    publisher ??= Promise.all(later.map(load)).then(() => { there = true; });
    return publisher;
  }
  for (const sign of SIGNS) addEventListener(sign, () => { bring().catch(() => {}); }, { once: true, passive: true });

  /** What was pressed before its script was there is pressed again once it is. */
  addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-bs-toggle]");
    if (there || !pressed || !later.length) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // a script that has come meanwhile would answer this one too
    bring().then(() => pressed.click());
  }, true);

  if (document.querySelector("main .table-scroll")) {
    for (const sign of SIGNS) addEventListener(sign, () => { load(own("tables")).catch(() => {}); }, { once: true, passive: true });
  }

  // Interactive pages bring a script of their own, and what it shares with others before it.
  const app = document.querySelector("[data-app]");
  for (const name of app ? ["names", ...(app.dataset.parts ?? "").split(" "), app.dataset.app] : []) {
    if (/^[a-z]+(-[a-z]+)*$/.test(name)) load(own(name));
  }

  document.querySelectorAll("div.plot[data-figure]").forEach(listen);
})();
