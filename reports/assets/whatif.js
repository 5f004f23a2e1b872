// The simulator of criteria: weights in, euros out, map, table and sentences follow. The sums are those of
// src/helpers/analysis/allocation.py, in whole numbers from end to end; tests hold the two against each other.
(() => {
  "use strict";

  const { open, fill, numbers, element, later, keepInAddress, recall, mark, readout, paint, toldOnMap, speaker, actions } = window.Wecare;

  /**
   * Divide a budget by the weighted mean of shares; what rounding leaves goes to the largest remainders.
   * @param {number} budget whole euros
   * @param {number[][]} counted per territory, what each criterion counts
   * @param {number[]} weights per criterion
   * @returns {number[] | null} euros per territory; null where no criterion has a weight
   */
  function divide(budget, counted, weights) {
    const rows = counted.map((row) => row.map(BigInt));
    const given = weights.map(BigInt);
    const totals = given.map((_, j) => rows.reduce((sum, row) => sum + row[j], 0n));
    const used = [...given.keys()].filter((j) => given[j] > 0n && totals[j] > 0n);
    if (!used.length) return null;
    // Everything over one common denominator: no share is ever rounded.
    const product = used.reduce((all, j) => all * totals[j], 1n);
    const whole = product * used.reduce((sum, j) => sum + given[j], 0n);
    const parts = rows.map((row) => BigInt(budget) * used.reduce((sum, j) => sum + given[j] * row[j] * (product / totals[j]), 0n));
    const euros = parts.map((part) => part / whole);
    const rest = parts.map((part) => part % whole);
    const left = Number(BigInt(budget) - euros.reduce((sum, n) => sum + n, 0n));
    const byRemainder = [...rest.keys()].sort((a, b) => (rest[a] === rest[b] ? a - b : rest[a] > rest[b] ? -1 : 1));
    for (const i of byRemainder.slice(0, left)) euros[i] += 1n;
    return euros.map(Number);
  }
  window.Wecare.divide = divide;

  const app = open("whatif");
  if (!app) return;
  const { root, data, words, role } = app;
  const print = numbers(data.lang);
  const counted = data.districts.map((district) => district.counts);
  const residents = data.criteria.indexOf("residents");
  const benchmark = divide(data.budget, counted, data.criteria.map((_, j) => (j === residents ? 1 : 0)));
  const sliders = data.criteria.map((name) => root.querySelector(`#weight-${name}`));
  const chips = [...root.querySelectorAll("[data-scenario]")];
  const body = role("table").tBodies[0];
  const rowOf = new Map([...body.rows].map((row) => [Number(row.dataset.i), row]));
  const say = speaker(app);
  let weights = fromAddress() ?? data.first;
  let result = null;
  let order = { column: "change", down: true };

  function fromAddress() {
    const given = new URLSearchParams(location.search).get("w") ?? "";
    if (!/^\w+-\d{1,3}(\.\w+-\d{1,3})*$/.test(given)) return null;
    const named = new Map(given.split(".").map((part) => part.split("-")).map(([name, w]) => [name, Number(w)]));
    const known = [...named].every(([name, w]) => data.criteria.includes(name) && w <= data.maxWeight);
    return known ? data.criteria.map((name) => named.get(name) ?? 0) : null;
  }

  const address = () => data.criteria.map((name, j) => `${name}-${weights[j]}`).filter((_, j) => weights[j]).join(".");
  const choices = () => ({ w: address() || `${data.criteria[0]}-0` });

  function compute() {
    const amounts = divide(data.budget, counted, weights);
    return data.districts.map((_, i) => {
      const amount = amounts && amounts[i];
      const difference = amounts && amount - benchmark[i];
      return {
        benchmark: benchmark[i],
        amount,
        difference,
        change: amounts && benchmark[i] > 0 ? difference / benchmark[i] : null,
        per_resident: amounts && counted[i][residents] > 0 ? amount / counted[i][residents] : null,
      };
    });
  }

  const SHOW = {
    benchmark: print.integer,
    amount: print.integer,
    difference: (value) => print.signed(value, 0),
    change: (value) => `${print.signed(value * 100)}%`,
    per_resident: (value) => print.decimal(value, 2),
  };
  const shown = (column, value) => (value === null ? words.missing : SHOW[column](value));
  const euro = (value) => fill(words.euro, { n: print.integer(value) });
  const count = (n) => (n === 1 ? words.count_one : fill(words.count_many, { n: print.integer(n) }));

  function summary() {
    if (result.some((row) => row.amount === null)) return words.nothing;
    const gains = result.map((row) => row.difference);
    const moved = gains.filter((n) => n > 0).reduce((sum, n) => sum + n, 0);
    if (!moved) return words.summary_same;
    const changes = result.map((row) => row.change ?? 0);
    const top = changes.indexOf(Math.max(...changes)), bottom = changes.indexOf(Math.min(...changes));
    const said = fill(words.summary, {
      moved: euro(moved),
      share: print.percent(moved / data.budget),
      up: count(gains.filter((n) => n > 0).length),
      down: count(gains.filter((n) => n < 0).length),
    });
    const ends = fill(words.ends, {
      top: data.districts[top].name,
      top_change: shown("change", changes[top]),
      bottom: data.districts[bottom].name,
      bottom_change: shown("change", changes[bottom]),
    });
    return `${said} ${ends}`;
  }

  function tell(index, touch) {
    if (index === null) { readout(app, [words.hint]); return; }
    const row = result[index];
    const amount = row.amount === null ? words.missing : euro(row.amount);
    const lines = [
      data.districts[index].name,
      `${words.chosen}: ${amount}`,
      `${words.reference}: ${euro(row.benchmark)}`,
      `${words.change}: ${shown("change", row.change)}`,
    ];
    readout(app, touch ? [...lines, words.hint_touch] : lines);
  }

  /** Class of a change against the benchmark: a change of exactly a bound, more or less, is in the class nearer to zero. */
  function classOf(change) {
    if (change === null) return -1;
    const steps = data.breaks.filter((bound) => Math.abs(change) > bound).length;
    return data.breaks.length + Math.sign(change) * steps;
  }

  function render() {
    result = compute();
    const total = weights.reduce((sum, w) => sum + w, 0);
    sliders.forEach((slider, j) => {
      const text = total ? fill(words.weight, { w: weights[j], share: `${print.integer((weights[j] / total) * 100)}%` }) : String(weights[j]);
      if (Number(slider.value) !== weights[j]) slider.value = weights[j];
      slider.setAttribute("aria-valuetext", text);
      slider.style.setProperty("--at", `${(weights[j] / data.maxWeight) * 100}%`);
      slider.previousElementSibling.textContent = text;
    });
    const scenario = data.scenarios.findIndex((s) => s.weights.join() === weights.join());
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(i === scenario)));
    role("sentence").textContent = scenario < 0 ? words.own : data.scenarios[scenario].text;
    paint(app, (i) => data.colours.at(classOf(result[i].change)));
    const said = summary();
    role("summary").textContent = said;
    root.querySelector("svg.outlines").setAttribute("aria-label", fill(words.map_alt, { summary: toldOnMap(app, said, result.map((row) => row.change)) }));
    fillTable();
    return said;
  }

  function fillTable() {
    const largest = Math.max(0.1, ...result.map((row) => Math.abs(row.change ?? 0)));
    result.forEach((values, i) => {
      for (const cell of rowOf.get(i).cells) {
        const column = cell.dataset.column;
        if (column) cell.lastElementChild.textContent = shown(column, values[column]);
        if (column === "change") {
          const bar = cell.querySelector(".swing");
          bar.firstElementChild.setAttribute("width", Math.abs(values.change ?? 0) / largest);
          bar.setAttribute("class", `swing ${values.change < 0 ? "less" : "more"}`);
        }
      }
    });
  }

  function sortTable() {
    const names = new Intl.Collator(data.lang);
    const byName = (a, b) => names.compare(data.districts[a].name, data.districts[b].name);
    const sorted = [...rowOf.keys()].sort((a, b) => {
      if (order.column === "name") return order.down ? byName(b, a) : byName(a, b);
      const x = result[a][order.column], y = result[b][order.column];
      if (x === null || y === null) return (x === null) - (y === null) || byName(a, b);
      return (order.down ? y - x : x - y) || byName(a, b);
    });
    const held = document.activeElement;
    body.append(...sorted.map((i) => rowOf.get(i)));
    // A row that moves loses the focus it holds.
    if (body.contains(held)) held.focus({ preventScroll: true });
  }

  const settle = later((said) => { sortTable(); keepInAddress(choices()); say(said); }, 250); // said once for each pause

  function change(given) {
    weights = given;
    const said = render();
    pointed.again();
    settle(said);
  }

  // ---- the heads of the columns sort the rows

  for (const head of role("table").tHead.rows[0].cells) {
    const column = head.dataset.column ?? "name";
    const button = element("button", { type: "button" }, head.textContent);
    button.addEventListener("click", () => {
      order = { column, down: order.column === column ? !order.down : column !== "name" };
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      sortTable();
    });
    head.replaceChildren(button);
  }

  sliders.forEach((slider, j) => slider.addEventListener("input", () => change(weights.map((w, n) => (n === j ? Number(slider.value) : w)))));
  chips.forEach((chip, i) => chip.addEventListener("click", () => change([...data.scenarios[i].weights])));
  root.querySelector('[data-action="reset"]').addEventListener("click", () => change([...data.first]));
  actions(app, choices, () => [
    ["code", "name", "weights", "benchmark_eur", "amount_eur", "difference_eur", "change [share]", "per_resident_eur"],
    ...data.districts.map(({ code, name }, i) => {
      const { benchmark: basis, amount, difference, change: relative, per_resident: each } = result[i];
      return [code, name, address(), basis, amount, difference, relative, each];
    }),
  ]);

  render();
  sortTable();
  const pointed = mark(app, tell);
  recall(() => {
    weights = fromAddress() ?? data.first;
    const said = render();
    sortTable();
    pointed.again();
    say(said);
  });
  if (location.search) keepInAddress(choices(), true);
})();
