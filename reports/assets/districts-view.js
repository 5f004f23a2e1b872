// What the interactive pages share: their data, numbers in words, districts marked together wherever they are shown, and
// buttons to copy, cite and save. Draws nothing by itself; address.js comes before it.
(() => {
  "use strict";

  const { later, addressWith } = window.Wecare;

  const SETTLE = 400; // ms after which what was saved is let go
  const SVG = "http://www.w3.org/2000/svg";
  const own = document.currentScript.src;

  // ---- data and words

  /** The application's element with its data, its controls visible; null on any other page. */
  function open(name) {
    const root = document.querySelector(`[data-app="${name}"]`);
    const holder = root?.querySelector("script.app-data");
    if (!holder) return null;
    const data = JSON.parse(holder.textContent);
    root.querySelectorAll(".needs-script, svg title").forEach((element) => element.remove());
    root.classList.add("is-live");
    const role = (what) => root.querySelector(`[data-role="${what}"]`);
    return { root, data, words: data.words, role };
  }

  /** "{n} districts" and { n: 3 } → "3 districts". Values are text for textContent, never markup. */
  function fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, (all, key) => (Object.hasOwn(values, key) ? values[key] : all));
  }

  /** Numbers as the generated texts print them. */
  function numbers(lang) {
    const known = new Map();
    const minus = (text) => text.replace("-", "−");
    function decimal(value, digits = 1) {
      if (!known.has(digits)) {
        const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always", roundingMode: "halfEven" };
        known.set(digits, new Intl.NumberFormat(lang === "it" ? "it-IT" : "en-GB", options));
      }
      const text = minus(known.get(digits).format(value));
      return /[1-9]/.test(text) ? text : text.replace("−", "");
    }
    const signed = (value, digits = 1) => {
      const text = decimal(value, digits);
      return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
    };
    return { decimal, signed, integer: (value) => decimal(value, 0), percent: (share) => `${decimal(share * 100)}%` };
  }

  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in made) made[name] = value; else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function shape(tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // ---- a district pointed at is marked wherever it is shown

  /**
   * Mark a district on map, rows and dots while a pointer or the keyboard is on any of them; a click on a drawn one
   * opens its page. On a touch screen the first tap marks and the second opens.
   */
  function mark(app, tell) {
    const { root, data, words } = app;
    const map = root.querySelector("svg.outlines");
    const outline = shape("path", { class: "marked", d: "" });
    map.append(outline);
    let current = null, armed = null, touch = false;

    function show(index) {
      if (index === current) return;
      root.querySelectorAll(".is-on").forEach((shown) => shown.classList.remove("is-on"));
      current = index;
      if (index !== null) root.querySelectorAll(`[data-i="${index}"]`).forEach((shown) => shown.classList.add("is-on"));
      outline.setAttribute("d", index === null ? "" : map.querySelector(`path[data-i="${index}"]`).getAttribute("d"));
      tell(index, touch);
    }
    const indexAt = (target) => {
      const holder = target instanceof Element ? target.closest("[data-i]") : null;
      return holder && root.contains(holder) ? Number(holder.dataset.i) : null;
    };
    root.addEventListener("pointerdown", (event) => { touch = event.pointerType !== "mouse"; }, true);
    root.addEventListener("pointerover", (event) => {
      touch = event.pointerType !== "mouse";
      const index = indexAt(event.target);
      if (index !== null || !touch) show(index);
    });
    root.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") show(null); });
    root.addEventListener("focusin", (event) => { const index = indexAt(event.target); if (index !== null) show(index); });
    root.addEventListener("click", (event) => {
      const drawn = event.target instanceof Element && event.target.closest("svg [data-i]");
      if (!drawn) { armed = null; return; }
      const index = Number(drawn.dataset.i);
      if (touch && armed !== index) { armed = index; show(index); return; }
      const target = new URL(data.districts[index].href, location.href);
      // Text from data may only lead to another page of this site.
      if (target.protocol === location.protocol && target.host === location.host) location.assign(target);
    });
    tell(null, false);
    return { again: () => tell(current, touch), hint: () => (touch ? words.hint_touch : words.hint) };
  }

  /** Lines in the empty corner of the map: the first is the name. */
  function readout(app, lines) {
    app.role("readout").replaceChildren(...lines.map((line, n) => element(n && lines.length > 1 ? "span" : "b", {}, line)));
    app.role("readout").classList.toggle("is-hint", lines.length === 1);
  }

  function paint(app, colourOf) {
    app.root.querySelectorAll("svg.outlines path[data-i]").forEach((area) => {
      area.setAttribute("fill", colourOf(Number(area.dataset.i)));
    });
  }

  /** Class of a value: the first whose upper bound it does not exceed; −1 without a value. */
  function classOf(value, bounds) {
    if (value === null || Number.isNaN(value)) return -1;
    const found = bounds.findIndex((bound) => value <= bound);
    return found < 0 ? bounds.length : found;
  }

  /** Two lists of values: the correlation of their ranks, and their places from the furthest from the middle to the nearest. */
  function relation(...lists) {
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const apart = (values) => values.map((value) => value - mean(values));
    const product = (a, b) => a.reduce((sum, value, n) => sum + value * b[n], 0);
    const many = (values, test) => values.filter(test).length;
    const ranks = (values) => values.map((value) => many(values, (v) => v < value) + many(values, (v) => v === value) / 2);
    const [a, b] = lists.map((values) => apart(ranks(values)));
    const [x, y] = lists.map((values) => {
      const moved = apart(values);
      const unit = Math.sqrt(product(moved, moved) / moved.length) || 1;
      return moved.map((value) => value / unit);
    });
    const far = (n) => x[n] ** 2 + y[n] ** 2;
    return { r: product(a, b) / Math.sqrt(product(a, a) * product(b, b)), furthest: [...x.keys()].sort((m, n) => far(n) - far(m)) };
  }

  const SIDES = ["e", "ne", "n", "nw", "w", "sw", "s", "se"], APART = 0.5, GROUP = 5;

  /** The summary of a map, and on which sides of it the districts with the highest and the lowest values lie. */
  function toldOnMap(app, said, values) {
    const { data: { districts, sides }, words } = app;
    const known = [...values.keys()].filter((i) => values[i] !== null);
    const order = [...known].sort((a, b) => values[b] - values[a]);
    const size = Math.min(GROUP, Math.floor(order.length / 2));
    if (!size || values[order[0]] === values[order.at(-1)]) return said;
    const mean = (rows, of) => rows.reduce((sum, i) => sum + of(districts[i].place), 0) / rows.length;
    const middle = (rows) => [mean(rows, ([east]) => east), mean(rows, ([, north]) => north)];
    const spread = (rows, [x, y]) => Math.sqrt(mean(rows, ([east, north]) => (east - x) ** 2 + (north - y) ** 2));
    const [x, y] = middle(known);
    const near = APART * spread(known, [x, y]);
    function told(rows) {
      const at = middle(rows);
      const side = SIDES[(Math.round(Math.atan2(at[1] - y, at[0] - x) / (Math.PI / 4)) + SIDES.length) % SIDES.length];
      const inside = spread(rows, at) < near ? words.middle : words.apart;
      const where = Math.hypot(at[0] - x, at[1] - y) < near ? inside : fill(words.mostly, { side: sides[side] });
      return fill(words.group, { where, names: rows.map((i) => districts[i].name).join(", ") });
    }
    return `${said} ${fill(words.groups, { highest: told(order.slice(0, size)), lowest: told([...order].reverse().slice(0, size)) })}`;
  }

  // ---- said to a screen reader when the choices settle

  function speaker(app) {
    return later((text) => { app.role("live").textContent = text; });
  }

  // ---- copy, cite, save

  async function copy(app, text) {
    const byHand = app.role("by-hand");
    byHand.hidden = true;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      byHand.hidden = false;
      byHand.value = text;
      byHand.select();
      return document.execCommand("copy") && (byHand.hidden = true);
    }
  }

  function csvCell(value) {
    if (value === null || value === undefined) return "";
    // A spreadsheet must not take text for a formula.
    const text = typeof value === "string" && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function save(name, rows) {
    const text = rows.map((row) => row.map(csvCell).join(",")).join("\n") + "\n";
    const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: `${name}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SETTLE);
  }

  /** Make the buttons work. `choices` gives what the address keeps, `rows` what is shown as rows of a CSV. */
  function actions(app, choices, rows) {
    const { words } = app;
    const told = new WeakMap();
    async function copied(button, text) {
      const done = await copy(app, text);
      if (!told.has(button)) told.set(button, button.textContent);
      button.textContent = done ? words.copied : words.copy_by_hand;
      app.role("live").textContent = button.textContent;
      setTimeout(() => { button.textContent = told.get(button); }, 2500);
    }
    const on = (name, task) => app.root.querySelector(`[data-action="${name}"]`)
      .addEventListener("click", (event) => task(event.currentTarget));
    on("link", (button) => copied(button, addressWith(choices()).href));
    on("cite", (button) => copied(button, fill(words.citation, { address: addressWith(choices()).href })));
    on("csv", () => save(words.file, rows()));
    // A page opened from disk may read no file.
    const map = app.root.querySelector('[data-action="geojson"]');
    map.hidden = location.protocol === "file:";
    on("geojson", async (button) => {
      try {
        await window.Wecare.load(new URL("geojson.js", own).href);
        const { ofRows, save: saveMap } = window.Wecare.geojson;
        saveMap(words.file, await ofRows(document.querySelector("h1").textContent, app.data.outlines, rows()));
      } catch (error) {
        console.warn(error.message);
        button.disabled = true;
      }
    });
  }

  Object.assign(window.Wecare, {
    open, fill, numbers, element, shape, mark, readout, paint, classOf, relation,
    toldOnMap, speaker, actions,
  });
})();
