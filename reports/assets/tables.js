// Tables: a click on a heading sorts the rows; a table wider than its place fades at the edge that hides more. figures.js
// brings this when a reader first does something. Tables of interactive pages have scripts of their own.
(() => {
  "use strict";

  const italian = document.documentElement.lang === "it";
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const LARGE = [[/\b(miliardi|billion)\b/, 1e9], [/\b(milioni|milione|million)\b/, 1e6]];
  const NUMBER = /^[+−–-]?\s*[€£]?\s*\d[\d.,\u00a0\u202f]*/;
  const MANY = 20;
  const WAYS = ["ascending", "descending", "none"];

  /** The number that a cell begins with, as pages print it in either language; none where it begins with no number. */
  function numberOf(text) {
    const printed = text.trim().match(NUMBER)?.[0].replace(/[€£\s]/g, "").replace(/^[−–]/, "-");
    if (!printed) return NaN;
    const plain = italian ? printed.replaceAll(".", "").replace(",", ".") : printed.replaceAll(",", "");
    const [, times = 1] = LARGE.find(([words]) => words.test(text)) ?? [];
    return Number.parseFloat(plain) * times;
  }

  const fold = (text) => text.normalize("NFD").replace(/[^\p{L}\d]/gu, "").toLowerCase();
  const dayOf = (cell) => cell.querySelector("time[datetime]")?.dateTime ?? "";

  /** Rows in the order of a column; what is blank or no number among numbers comes last, whichever way. */
  function ordered(rows, column, down) {
    const cells = rows.map((row) => row.cells[column]);
    const days = cells.map(dayOf), texts = cells.map((cell) => cell.textContent.trim()), found = texts.map(numberOf);
    const numeric = cells.some((cell) => cell.classList.contains("num")) && found.some((value) => !Number.isNaN(value));
    const last = (n) => (numeric ? Number.isNaN(found[n]) : days.some(Boolean) ? !days[n] : !texts[n]);
    const compare = (a, b) => {
      if (numeric) return found[a] - found[b];
      return days.some(Boolean) ? days[a].localeCompare(days[b]) : collator.compare(texts[a], texts[b]);
    };
    return rows.map((_, n) => n).sort((a, b) => last(a) - last(b) || (down ? -1 : 1) * (last(a) ? 0 : compare(a, b)) || a - b)
      .map((n) => rows[n]);
  }

  function makeSortable(table) {
    const [head] = table.tHead?.rows ?? [], [body] = table.tBodies;
    const rows = [...(body?.rows ?? [])];
    const plain = head && table.tHead.rows.length === 1 && ![...head.cells, ...rows.flatMap((row) => [...row.cells])]
      .some((cell) => cell.colSpan > 1 || cell.rowSpan > 1);
    // A description of columns has an order of its own; headings of very many columns are too small to be touched.
    if (!plain || rows.length < 3 || table.closest("article") || head.cells.length > MANY || table.dataset.role || head.querySelector("button")) return;
    [...head.cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorts";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const was = WAYS.indexOf(heading.getAttribute("aria-sort") ?? "none");
        const way = WAYS[(was + 1) % WAYS.length];
        for (const other of head.cells) other.removeAttribute("aria-sort");
        if (way !== "none") heading.setAttribute("aria-sort", way);
        body.append(...(way === "none" ? rows : ordered(rows, column, way === "descending")));
      });
    });
  }

  function fade(box) {
    const look = () => box.toggleAttribute("data-more", box.scrollWidth - box.clientWidth - box.scrollLeft > 2);
    box.addEventListener("scroll", look, { passive: true });
    new ResizeObserver(look).observe(box);
  }

  /** Only the rows whose name holds what a reader writes, however it is written. */
  function filter(label) {
    const rows = [...label.parentElement.querySelectorAll("tbody tr")], field = label.querySelector("input");
    const names = rows.map((row) => fold(row.cells[0].textContent));
    label.classList.add("is-live");
    field.addEventListener("input", () => {
      const wanted = fold(field.value);
      rows.forEach((row, n) => { row.hidden = !names[n].includes(wanted); });
    });
  }

  document.querySelectorAll("main label.filter").forEach(filter);
  document.querySelectorAll("main .table-scroll > table").forEach(makeSortable);
  document.querySelectorAll("main .table-scroll").forEach(fade);
})();
