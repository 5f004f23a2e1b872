// The explorer of districts: an indicator on the map and ranked, a second one to set it against, districts side by side.
(() => {
  "use strict";

  const {
    open, fill, numbers, element, shape, keepInAddress, recall, mark, readout, paint, classOf, speaker, actions,
    foldName, relation, toldOnMap,
  } = window.Wecare;
  const app = open("explorer");
  if (!app) return;
  const { root, data, words, role } = app;
  const print = numbers(data.lang);
  const districts = data.districts;
  const known = new Map(data.indicators.map((indicator) => [indicator.id, indicator]));
  const controls = Object.fromEntries([...root.querySelectorAll("[data-control]")].map((c) => [c.dataset.control, c]));
  const names = new Intl.Collator(data.lang);
  const say = speaker(app);
  const state = fromAddress();

  const upperFirst = (text) => text[0].toUpperCase() + text.slice(1);

  // ---- choices and address

  function fromAddress() {
    const given = new URLSearchParams(location.search);
    const first = { ...data.first, k: String(data.first.k), v: "region" };
    const chosen = {};
    for (const [name, control] of Object.entries(controls)) {
      const wanted = given.get(name);
      chosen[name] = [...control.options].some((option) => option.value === wanted) ? wanted : first[name];
      control.value = chosen[name];
    }
    const keys = districts.map((district) => foldName(district.slug));
    const picked = (given.get("d") ?? "").split(",").map((name) => keys.indexOf(foldName(name))).filter((i) => i >= 0);
    return { ...chosen, d: [...new Set(picked)].slice(0, data.sideBySide) };
  }

  function choices() {
    const { i, y, v, c, k, d } = state;
    return { i, y, v, c, k, ...(d.length ? { d: d.map((n) => districts[n].slug).join(",") } : {}) };
  }

  // ---- values

  const indicator = () => known.get(state.i);
  const second = () => known.get(state.y);
  const reference = (of) => of[state.v];
  function show(of, value) {
    if (value === null) return of.missing;
    const sign = of.signed && Number(value.toFixed(precision(of))) > 0 ? "+" : "";
    if (of.share) return sign + print.percent(value, of.decimals);
    const shown = sign + print.decimal(value, of.decimals);
    return of.measure === "eur" ? fill(words.euro, { n: shown }) : shown;
  }
  function showDifference(of, value) {
    const difference = value - reference(of);
    return of.share ? fill(words.points, { n: print.signed(difference * 100) }) : print.signed(difference, of.decimals);
  }
  const bounds = () => indicator().bounds[state.c][state.k];
  const precision = (of) => of.decimals + (of.share ? 2 : 0);
  /** Class of a district: of its value as it is printed. */
  function classAt(i) {
    const value = indicator().values[i];
    return classOf(value === null ? null : Number(value.toFixed(precision(indicator()))), bounds());
  }
  const colourAt = (i) => (classAt(i) < 0 ? data.missing : data.palettes[state.k][classAt(i)]);

  function summary() {
    const of = indicator();
    const values = of.values.filter((value) => value !== null);
    const end = (value) => {
      const there = districts.filter((_, i) => of.values[i] === value);
      return there.length === 1 ? there[0].name : fill(words.count_many, { n: print.integer(there.length) });
    };
    const max = Math.max(...values), min = Math.min(...values);
    return fill(words.summary, {
      indicator: of.long,
      max: show(of, max),
      max_name: end(max),
      min: show(of, min),
      min_name: end(min),
      region: show(of, of.region),
      median: show(of, of.median),
    });
  }

  // ---- map

  /** What the legend says of each class: it begins one step of the last decimal above the bound of the one before. */
  function classTexts() {
    const of = indicator();
    if (!bounds().length) return [words.only];
    const step = 10 ** -precision(of);
    const lows = bounds().map((bound) => show(of, bound + step));
    const highs = bounds().map((bound) => show(of, bound));
    const middle = highs.slice(1).map((high, n) => (lows[n] === high ? high : fill(words.between, { low: lows[n], high })));
    return [fill(words.up_to, { high: highs[0] }), ...middle, fill(words.from, { low: lows.at(-1) })];
  }

  function drawMap(said) {
    paint(app, colourAt);
    root.querySelector("svg.outlines").setAttribute("aria-label", fill(words.map_alt, { summary: toldOnMap(app, said, indicator().values) }));
    const texts = classTexts();
    const counts = texts.map((_, c) => districts.filter((_, i) => classAt(i) === c).length);
    const entry = (colour, text) => {
      const swatch = element("i");
      swatch.className = "swatch";
      swatch.style.background = colour;
      return element("span", {}, swatch, text);
    };
    const entries = texts.map((text, c) => entry(data.palettes[state.k][c], `${text} (${counts[c]})`));
    const missing = districts.filter((_, i) => classAt(i) < 0).length;
    if (missing) entries.push(entry(data.missing, `${indicator().missing} (${missing})`));
    role("legend").replaceChildren(element("b", {}, fill(words.legend, { unit: upperFirst(indicator().unit) })), ...entries);
    const map = root.querySelector("svg.outlines");
    map.querySelectorAll(".picked").forEach((path) => path.remove());
    for (const i of state.d) {
      const outline = shape("path", { class: "picked", d: map.querySelector(`path[data-i="${i}"]`).getAttribute("d") });
      map.insertBefore(outline, map.querySelector(".marked"));
    }
  }

  function tell(index, touch) {
    if (index === null) { readout(app, [words.hint]); return; }
    const of = indicator(), value = of.values[index];
    const lines = [districts[index].name, `${of.short}: ${show(of, value)}`];
    if (value !== null) {
      const higher = of.values.filter((other) => other !== null && other > value).length;
      const against = reference(of) === null ? "" : ` (${showDifference(of, value)})`;
      lines.push(`${words[state.v]}: ${show(of, reference(of))}${against}`);
      lines.push(fill(words.rank, { rank: higher + 1, n: districts.length }));
    }
    readout(app, touch ? [...lines, words.hint_touch] : lines);
  }

  // ---- ranking

  const rows = districts.map((district, i) => {
    const box = element("input", { type: "checkbox", "aria-label": fill(words.compare, { name: district.name }) });
    box.addEventListener("change", () => pick(i, box.checked));
    const bar = element("i");
    const value = element("span", { className: "value" });
    const link = element("a", { href: district.href }, district.name);
    const row = element("li", { "data-i": i }, box, link, element("span", { className: "bar" }, bar), value);
    return { row, box, bar, value };
  });

  function drawRanking() {
    const of = indicator();
    const largest = Math.max(...of.values, of.region, of.median);
    rows.forEach(({ bar, value, box }, i) => {
      bar.style.width = `${(Math.max(0, of.values[i] ?? 0) / largest) * 100}%`;
      bar.style.background = colourAt(i);
      value.textContent = show(of, of.values[i]);
      box.checked = state.d.includes(i);
    });
    const sorted = [...rows.keys()].sort(
      (a, b) => (of.values[b] ?? -Infinity) - (of.values[a] ?? -Infinity) || names.compare(districts[a].name, districts[b].name),
    );
    const list = role("ranking");
    list.style.setProperty("--at", `${(reference(of) / largest) * 100}%`);
    if (!list.children.length || sorted.some((i, n) => list.children[n] !== rows[i].row)) list.append(...sorted.map((i) => rows[i].row));
    role("ranking-caption").textContent = fill(words.ranking, { versus: words[state.v], value: show(of, reference(of)) });
  }

  // ---- scatter, drawn at the width it has so that its words keep their size

  const MARGIN = { left: 58, right: 16, top: 30, bottom: 46 };
  const DOT = 6;

  function ticks(low, high, log, wanted) {
    if (log) {
      const found = [];
      for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
        for (const digit of [1, 2, 5]) found.push(digit * 10 ** power);
      }
      return found.filter((tick) => tick >= low && tick <= high);
    }
    const rough = (high - low) / wanted;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * unit).find((n) => n >= rough);
    const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
    return Array.from({ length: count }, (_, n) => (Math.ceil(low / step - 1e-9) + n) * step);
  }

  function scale(of, from, to, wanted) {
    const values = of.values.filter((value) => value !== null);
    let low = Math.min(...values), high = Math.max(...values);
    const pad = of.log ? Math.pow(high / low, 0.06) : (high - low || 1) * 0.06;
    [low, high] = of.log ? [low / pad, high * pad] : [low === 0 ? -pad / 2 : low > 0 ? Math.max(0, low - pad) : low - pad, high + pad];
    const place = (value) => (of.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
    const digits = (tick) => (of.share ? (Math.abs(tick * 100 - Math.round(tick * 100)) < 1e-6 ? 0 : 1) : tick % 1 ? 1 : 0);
    return {
      at: (value) => from + place(value) * (to - from),
      ticks: ticks(values.some((value) => value < 0) ? low : Math.max(low, 0), high, of.log, wanted),
      print: (tick) => (of.share ? `${print.decimal(tick * 100, digits(tick))}%` : print.decimal(tick, digits(tick))),
    };
  }

  /** What the scatter shows, in words: districts on either side of the comparison, correlation of ranks, the furthest. */
  function together() {
    const x = indicator(), y = second();
    const there = districts.map((_, i) => i).filter((i) => x.values[i] !== null && y.values[i] !== null);
    const { r, furthest } = relation(...[x, y].map((of) => there.map((i) => (of.log ? Math.log(of.values[i]) : of.values[i]))));
    const far = furthest.slice(0, 2).map((n) => districts[there[n]].name).join(", ");
    const told = { far, r: Number.isNaN(r) ? words.missing_r : print.decimal(r, 2) };
    if (reference(x) === null || reference(y) === null) return fill(words.together_plain, told);
    const many = (right, above) => print.integer(there.filter((i) => (
      (x.values[i] > reference(x)) === right && (y.values[i] > reference(y)) === above
    )).length);
    const sides = { both: many(true, true), neither: many(false, false), only_x: many(true, false), only_y: many(false, true) };
    return fill(words.together, { ...told, ...sides, versus: words[state.v] });
  }

  function drawScatter() {
    const box = role("scatter"), x = indicator(), y = second();
    const width = Math.max(280, box.clientWidth), height = Math.round(Math.min(430, Math.max(320, width * 0.6)));
    const right = width - MARGIN.right, bottom = height - MARGIN.bottom;
    const across = scale(x, MARGIN.left, right, width < 500 ? 4 : 7), up = scale(y, bottom, MARGIN.top, 5);
    const svg = shape("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `${fill(words.scatter_alt, { x: x.long, y: y.long })} ${together()}`,
    });
    const add = (...given) => svg.append(shape(...given));
    for (const tick of across.ticks) {
      add("line", { class: "grid", x1: across.at(tick), x2: across.at(tick), y1: MARGIN.top, y2: bottom });
      add("text", { class: "tick", x: across.at(tick), y: bottom + 18, "text-anchor": "middle" }, across.print(tick));
    }
    for (const tick of up.ticks) {
      add("line", { class: "grid", x1: MARGIN.left, x2: right, y1: up.at(tick), y2: up.at(tick) });
      add("text", { class: "tick", x: MARGIN.left - 8, y: up.at(tick) + 4, "text-anchor": "end" }, up.print(tick));
    }
    const axis = (of) => (of.log ? `${of.short} (${words.log})` : of.short);
    add("text", { class: "axis", x: right, y: height - 6, "text-anchor": "end" }, `${axis(x)} →`);
    add("text", { class: "axis", x: 4, y: 16 }, `↑ ${axis(y)}`);
    if (reference(x) !== null) {
      add("line", { class: "versus", x1: across.at(reference(x)), x2: across.at(reference(x)), y1: MARGIN.top, y2: bottom });
    }
    if (reference(y) !== null) {
      add("line", { class: "versus", x1: MARGIN.left, x2: right, y1: up.at(reference(y)), y2: up.at(reference(y)) });
    }
    const group = (i) => {
      const cx = across.at(x.values[i]), cy = up.at(y.values[i]);
      const side = cx > width * 0.6 ? -1 : 1;
      const dot = shape("g", { class: `dot${state.d.includes(i) ? " is-picked" : ""}`, "data-i": i });
      dot.append(
        shape("circle", { class: "reach", cx, cy, r: DOT * 2 }),
        shape("circle", { class: "point", cx, cy, r: DOT, fill: colourAt(i) }),
        shape("text", { x: cx + side * (DOT + 4), y: cy - 6, "text-anchor": side < 0 ? "end" : "start" }, districts[i].name),
      );
      return dot;
    };
    const drawn = districts.map((_, i) => i).filter((i) => x.values[i] !== null && y.values[i] !== null);
    // Those chosen are drawn last, over the others.
    svg.append(...drawn.sort((a, b) => state.d.includes(a) - state.d.includes(b)).map(group));
    box.replaceChildren(svg);
    role("scatter-caption").textContent = `${fill(words.scatter, { x: x.long, y: y.long, versus: words[state.v] })} ${together()}`;
  }

  // ---- side by side

  function pick(i, wanted) {
    const name = districts[i].name;
    if (wanted && state.d.length >= data.sideBySide) {
      rows[i].box.checked = false;
      role("told").textContent = fill(words.full, { n: data.sideBySide });
      return;
    }
    role("told").textContent = "";
    state.d = wanted ? [...state.d, i] : state.d.filter((other) => other !== i);
    render();
    say(fill(wanted ? words.added : words.removed, { name }));
    keepInAddress(choices());
  }

  function drawSideBySide() {
    const some = state.d.length > 0;
    root.querySelector("#fig-explorer-side").classList.toggle("is-empty", !some);
    role("side-caption").textContent = some ? words.side : fill(words.side_empty, { n: data.sideBySide });
    const head = (content, scope = "col", kind = "num") => element("th", { scope, className: kind }, ...content);
    const columns = state.d.map((i) => {
      const remove = element("button", { type: "button", "aria-label": fill(words.remove, { name: districts[i].name }) }, "×");
      remove.addEventListener("click", () => { pick(i, false); rows[i].box.focus({ preventScroll: true }); });
      return head([element("a", { href: districts[i].href }, districts[i].name), " ", remove]);
    });
    const lines = data.indicators.map((of) => element(
      "tr",
      { className: of.id === state.i ? "is-current" : "" },
      element("th", { scope: "row" }, of.long),
      ...state.d.map((i) => element("td", { className: "num" }, show(of, of.values[i]))),
      ...["region", "median"].map((versus) => element("td", { className: "num versus" }, show(of, of[versus]))),
    ));
    const top = element("tr", {}, head([words.indicator], "col", ""), ...columns, head([words.region]), head([words.median]));
    role("side").replaceChildren(element("thead", {}, top), element("tbody", {}, ...lines));
  }

  // ---- all of it

  function drawFirst() {
    const said = summary();
    role("definition").textContent = indicator().definition;
    role("summary").textContent = said;
    drawMap(said);
    return said;
  }

  function render() {
    const said = drawFirst();
    drawRanking();
    drawScatter();
    drawSideBySide();
    return said;
  }

  function changed({ target }) {
    for (const [name, control] of Object.entries(controls)) state[name] = control.value;
    const said = render();
    pointed.again();
    const classed = `${said} ${fill(words.classes, { n: bounds().length + 1 })}.`;
    const set = `${second().long}: ${together()}`;
    // What has changed is said: the second indicator is only in the scatter, the comparison in all of it.
    say({ y: set, v: `${classed} ${set}` }[target.dataset.control] ?? classed);
    keepInAddress(choices());
  }

  for (const control of Object.values(controls)) control.addEventListener("change", changed);
  root.querySelector('[data-action="clear"]').addEventListener("click", () => {
    state.d = [];
    render();
    role("told").textContent = "";
    say(words.cleared);
    keepInAddress(choices());
    rows[0].box.focus({ preventScroll: true });
  });
  actions(app, choices, () => {
    const x = indicator(), y = second();
    const reading = [[
      "code", "name", data.residents, x.file, `${x.id}_minus_${state.v} [${x.measure}]`, "class [ordinal]", y.file,
      "side_by_side",
    ]];
    districts.forEach(({ code, name, residents }, i) => {
      const value = x.values[i];
      const difference = value === null || reference(x) === null ? null : Number((value - reference(x)).toFixed(6));
      reading.push([code, name, residents, value, difference, classAt(i) + 1 || null, y.values[i], state.d.includes(i)]);
    });
    return reading;
  });

  // What comes first on the page is drawn first; the scatter by its observer, which knows the width once it is laid out.
  drawFirst();
  setTimeout(() => {
    drawRanking();
    drawSideBySide();
  });
  const pointed = mark(app, tell);
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(role("scatter").clientWidth - width) < 2) return;
    width = role("scatter").clientWidth;
    drawScatter();
  }).observe(role("scatter"));
  recall(() => {
    Object.assign(state, fromAddress());
    say(render());
    pointed.again();
  });
  if (location.search) keepInAddress(choices(), true);
})();
