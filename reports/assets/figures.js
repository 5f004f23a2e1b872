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

  function description(div) {
    const name = CSS.escape(div.dataset.figure);
    const holder = div.parentElement.querySelector(`script.figure-json[data-for="${name}"]`);
    return JSON.parse(holder.textContent);
  }

  function showTable(div) {
    div.dataset.drawn = "false";
    div.hidden = true;
    const details = div.closest("figure")?.querySelector("details");
    if (details) details.open = true;
  }

  function plot(Plotly, div) {
    if (div.dataset.drawn) return;
    div.dataset.drawn = "pending";
    const figure = description(div);
    const layout = { ...figure.layout, autosize: true };
    delete layout.width;
    if (italian) layout.separators ??= ",.";
    const config = {
      ...figure.config,
      responsive: true,
      displayModeBar: false,
      displaylogo: false,
      locale: italian ? "it" : "en-US",
    };
    return Plotly.newPlot(div, figure.data, layout, config).then(() => {
      followLinks(div);
      div.dataset.drawn = "true";
    });
  }

  function draw(div) {
    return loadPlotly().then((Plotly) => plot(Plotly, div)).catch((error) => {
      console.warn(`Figure ${div.dataset.figure}: ${error.message}; its data are shown as a table.`);
      showTable(div);
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
    for (const div of plots) {
      if (!div.dataset.drawn) plot(window.Plotly, div);
      if (div.layout) window.Plotly.relayout(div, { width: PRINT_WIDTH });
    }
  }

  function afterPrint() {
    opened.forEach((details) => { details.open = false; });
    opened = [];
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

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((e) => e.isIntersecting)) {
      watcher.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: NEAR });
  plots.forEach((div) => watcher.observe(div));
})();
