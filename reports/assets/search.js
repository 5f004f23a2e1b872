// What a search field finds: comuni by their names, pages by what they say. names.js comes before; figures.js brings both when
// a reader enters a field (form[data-finds]).
(() => {
  "use strict";

  const here = document.currentScript.src;
  const { foldName } = window.Wecare;
  const italian = document.documentElement.lang === "it";
  const told = {
    it: { places: "Comuni", none: "Nessun risultato", one: "1 risultato", many: (n) => `${n} risultati`, now: "oggi",
      district: "distretto di", perhaps: "Forse cercavi", failed: "La ricerca non si è potuta caricare: riprova più tardi." },
    en: { places: "Comuni", none: "No results", one: "1 result", many: (n) => `${n} results`, now: "today",
      district: "district of", perhaps: "Did you mean", failed: "The search could not be loaded: try again later." },
  };
  // How many are shown: comuni in a field of theirs and among other results; pages, and sections of each.
  const PLACES = 8, SOME_PLACES = 4, PAGES = 7, SECTIONS = 3;

  /** What a text becomes, made once: the names of places are the same at every key that is pressed. */
  function once(make) {
    const made = new Map();
    return (text) => {
      if (!made.has(text)) made.set(text, make(text));
      return made.get(text);
    };
  }
  const folding = once(foldName), joined = once((text) => text.replaceAll(" ", ""));

  // ---- names of comuni: equal, then beginning alike, then with slips of the pen

  /** Letters to change, add, leave out or swap; more than the limit is not counted further. */
  function slips(one, other, limit) {
    if (Math.abs(one.length - other.length) > limit) return limit + 1;
    let before = [], last = Array.from({ length: other.length + 1 }, (_, n) => n);
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
        least = Math.min(least, row[j]);
      }
      // A swap of letters reaches back one row more, and counts for one itself.
      if (least > limit + 1) return least;
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  /** How well a folded name fits: 4 equal, 3 its first words, 2 begins so, 1 a later word begins so; below 1 by slips. */
  function fit(name, asked) {
    if (name === asked || joined(name) === joined(asked)) return 4;
    if (name.startsWith(`${asked} `)) return 3;
    if (joined(name).startsWith(joined(asked))) return 2;
    if (` ${name}`.includes(` ${asked}`)) return 1;
    const limit = asked.length < 4 ? 0 : asked.length < 8 ? 1 : 2;
    if (!limit) return 0;
    const begun = name.split(" ").slice(0, asked.split(" ").length).join(" ");
    const least = Math.min(...[name, begun].map((text) => slips(asked, text, limit)));
    return least > limit ? 0 : 1 / (2 + least);
  }

  /** Comuni and their districts by a name, the best first: {name, district, slug, fit}. */
  function findPlaces({ districts, comuni, former = [], later = [] }, query) {
    const asked = foldName(query);
    if (!asked) return [];
    const found = comuni.map(([name, at]) => ({ name, at, fit: fit(folding(name), asked) }));
    for (const [other, n] of former) found.push({ name: comuni[n][0], was: other, at: comuni[n][1], fit: fit(folding(other), asked) });
    for (const [other, n] of later) found.push({ name: comuni[n][0], since: other, at: comuni[n][1], fit: fit(folding(other), asked) });
    return found.filter((one) => one.fit > 0).sort((a, b) => b.fit - a.fit)
      .map(({ at, ...one }) => ({ ...one, slug: districts[at][0], district: districts[at][1] }));
  }

  // ---- pages: whole words before parts, titles before texts, rare words before frequent ones

  const SMALL = new Set((italian
    ? "a ad ai al alla alle allo che chi con da dal dalla dei del dell della delle dello di e ed è gli i il in l la le lo nei nel nella per si su sul sulla un una uno come"
    : "a an and are at by for from how in is it of on or the to what which who with").split(" "));
  // What a word counts for where it stands whole, and of that what one counts that differs in its ending or only begins so.
  const WEIGHTS = { title: 10, words: 9, page: 6, text: 2 };
  const ENDING = 0.85, PART = 0.3;
  const OFTEN = 0.15; // of a text's weight, each further time the word stands there
  const SPREAD = 0.12; // of the other sections of a page
  const PHRASE = 12;
  const TELLING = 12; // the least score of a page that is worth showing after a comune of that name
  // Thirty pages that say much the same, and pages about the site itself, come after the others.
  const LATER = [[/^distretti\/(?!index)/, 0.6], [/^(accessibilita|privacy|cambiamenti)\./, 0.5], [/^(dati|metodo)\./, 0.85]];

  const padded = (text) => ` ${foldName(text)} `;

  /** The index with its texts folded, once. */
  function prepare(index) {
    return index.map(({ href, title, words, sections }) => {
      const page = padded(title);
      const [, later = 1] = LATER.find(([address]) => address.test(href)) ?? [];
      return {
        href, title, later,
        sections: sections.map(([id, heading, text, own = ""], n) => ({
          id, heading, text,
          fields: n ? { title: padded(heading), page, words: padded(own), text: padded(text) }
            : { title: page, words: padded(`${words} ${own}`), text: padded(text) },
        })),
      };
    });
  }

  const ended = (word) => (word.length < 5 ? word : word.replace(italian ? /[aeiou]{1,2}$/ : /(e?s|e)$/, ""));

  function weigh(fields, word) {
    let best = 0;
    for (const [name, text] of Object.entries(fields)) {
      let share = 0;
      if (text.includes(` ${word.whole} `)) share = 1;
      else if (word.ending.test(text)) share = ENDING;
      else if (word.whole.length > 2 && text.includes(` ${word.whole}`)) share = PART;
      if (share && name === "text") share *= 1 + OFTEN * Math.min(5, text.split(` ${word.whole}`).length - 2);
      best = Math.max(best, share * WEIGHTS[name]);
    }
    return best;
  }

  /** Pages that hold the words asked for, the best first: {href, title, score, sections: [{id, heading, text, score}]}. */
  function findPages(prepared, query) {
    const asked = foldName(query);
    const all = asked.split(" ").filter(Boolean), telling = all.filter((word) => !SMALL.has(word));
    const words = (telling.length ? telling : all).map((whole) => (
      { whole, ending: new RegExp(` ${ended(whole)}${italian ? "[aeiou]{0,2}" : "(e?s|e)?"} `) }
    ));
    if (!words.length) return [];
    const sections = prepared.flatMap((page) => page.sections.map((section) => ({ page, section })));
    for (const one of sections) one.weights = words.map((word) => weigh(one.section.fields, word));
    const rare = words.map((_, n) => Math.log(1 + sections.length / (1 + sections.filter(({ weights }) => weights[n] > 0).length)));
    const most = Math.max(...sections.map(({ weights }) => weights.filter(Boolean).length));
    if (!most) return [];
    const pages = new Map();
    for (const { page, section, weights } of sections) {
      // Where nothing holds all words, what holds most of them.
      if (weights.filter(Boolean).length < most) continue;
      let score = weights.reduce((sum, weight, n) => sum + weight * rare[n], 0);
      const { title, text, words: also = "" } = section.fields;
      if (title === ` ${asked} `) score += 2 * PHRASE;
      else if (words.length > 1 && (title.includes(` ${asked} `) || also.includes(` ${asked} `))) score += PHRASE;
      else if (words.length > 1 && text.includes(` ${asked} `)) score += PHRASE / 2;
      const found = pages.get(page) ?? pages.set(page, []).get(page);
      found.push({ id: section.id, heading: section.heading, text: section.text, score: score * page.later });
    }
    return [...pages].map(([{ href, title }, found]) => {
      found.sort((a, b) => b.score - a.score);
      const others = found.slice(1, 5).reduce((sum, { score }) => sum + score, 0);
      return { href, title, score: found[0].score + SPREAD * others, sections: found, words, whole: most === words.length };
    }).sort((a, b) => b.score - a.score);
  }

  /** Comuni and pages in the order a reader sees: groups of {title, href, options}. */
  function find(held, query, finds, SAID = told[italian ? "it" : "en"]) {
    const places = findPlaces(held.places, query);
    const sure = places.filter((place) => place.fit >= 1), equal = sure.filter((place) => place.fit >= 3);
    if (finds === "comuni") {
      const shown = (sure.length ? sure : places).slice(0, PLACES);
      return shown.length ? [{ title: sure.length ? SAID.places : SAID.perhaps, places: shown }] : [];
    }
    const pages = findPages(held.pages, query).slice(0, PAGES).map((page) => ({ ...page, sections: page.sections.slice(0, SECTIONS) }));
    const shown = (sure.length ? sure : places).slice(0, SOME_PLACES);
    const named = shown.length ? [{ title: sure.length ? SAID.places : SAID.perhaps, places: shown }] : [];
    if (equal.length) return [...named, ...pages.filter(({ score }) => score >= TELLING)];
    // Pages that lack a word of what was asked come after a comune of about that name; those that hold all, before.
    if (!pages.some(({ whole }) => whole)) return [...named, ...pages];
    return [...pages, ...(sure.length ? named : [])];
  }

  // ---- the field: a combobox

  const asked = new Map(); // address → its JSON
  function fetched(address) {
    if (!asked.has(address)) {
      asked.set(address, fetch(address).then((answer) => {
        if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
        return answer.json();
      }));
      asked.get(address).catch(() => asked.delete(address));
    }
    return asked.get(address);
  }

  function made(tag, given, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** The words of a text around the first that was asked for, which is marked. */
  function around(text, words) {
    const parts = text.split(/\s+/);
    const hit = (part) => words.some(({ whole, ending }) => {
      const folded = foldName(part);
      return ending.test(` ${folded} `) || ` ${folded}`.includes(` ${whole}`);
    });
    const at = parts.findIndex(hit);
    const start = Math.max(0, at - 6);
    const shown = parts.slice(start, start + 18).map((part) => (hit(part) ? made("mark", {}, part) : part));
    return [start ? "… " : "", ...shown.flatMap((part) => [part, " "]), start + 18 < parts.length ? "…" : ""];
  }

  function answer(form) {
    if (form.dataset.answered) return;
    form.dataset.answered = "true";
    const field = form.querySelector("input"), list = form.querySelector("[role=listbox]"), said = form.querySelector("[role=status]");
    const { finds, root } = form.dataset;
    const SAID = told[form.closest("[lang]").lang] ?? told.en;
    let options = [], active = -1, last = null, query = "";

    const held = async () => {
      const [places, pages] = await Promise.all([
        fetched(new URL("../data/places.json", here)),
        finds === "site" ? fetched(new URL(`${root}search.json`, document.baseURI)) : [],
      ]);
      return { places, pages: (pages.prepared ??= prepare(pages)) };
    };

    function close() {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
      active = -1;
    }

    // A list of options holds options only: what says that there is none is one that cannot be chosen.
    const nothing = (text) => list.replaceChildren(made("span", { class: "finder-none", role: "option", "aria-disabled": "true" }, text));

    function option(href, ...children) {
      const link = made("a", { role: "option", id: `${list.id}-${options.length}`, href, tabindex: "-1", "aria-selected": "false" }, ...children);
      options.push(link);
      return link;
    }

    const placeOption = ({ name, was, since, district, slug }) => option(
      `${root}distretti/${slug}.html?comune=${foldName(name).replaceAll(" ", "-")}`,
      made("b", {}, was ? `${was} (${SAID.now} ${name})` : since ?? name), made("small", {}, `${SAID.district} ${district}`),
    );

    const pageOption = (page, section) => option(
      `${root}${page.href}${section.id ? `#${section.id}` : ""}`,
      made("b", {}, section.heading || page.title), made("small", {}, ...around(section.text, page.words)),
    );

    function show(groups) {
      options = [];
      active = -1;
      field.removeAttribute("aria-activedescendant");
      list.replaceChildren(...groups.map((group, n) => {
        const title = made("span", { class: "finder-group", id: `${list.id}-group-${n}` }, group.title);
        const inside = group.places ? group.places.map(placeOption) : group.sections.map((section) => pageOption(group, section));
        return made("span", { role: "group", "aria-labelledby": title.id }, title, ...inside);
      }));
      if (!options.length) nothing(SAID.none);
      list.hidden = false;
      field.setAttribute("aria-expanded", String(options.length > 0));
      said.textContent = options.length ? (options.length === 1 ? SAID.one : SAID.many(options.length)) : SAID.none;
    }

    async function look() {
      query = field.value;
      if (!foldName(query)) {
        close();
        said.textContent = "";
        return;
      }
      try {
        const known = await held();
        if (query === field.value && query !== last) show(find(known, query, finds, SAID));
        last = query;
        list.hidden = false;
      } catch (error) {
        console.warn(error.message);
        said.textContent = SAID.failed;
        nothing(SAID.failed);
        list.hidden = false;
      }
    }

    function move(to) {
      options[active]?.setAttribute("aria-selected", "false");
      active = (to + options.length) % options.length;
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[active].id);
    }

    field.addEventListener("input", look);
    field.addEventListener("focus", () => { if (field.value && list.hidden) { last = null; look(); } });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault(); // it would empty the field
        event.stopPropagation();
        if (list.hidden) field.value = "";
        said.textContent = "";
        close();
        last = null;
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
        event.preventDefault();
        if (list.hidden) { last = null; look(); } else move(active < 0 && event.key === "ArrowUp" ? -1 : active + (event.key === "ArrowDown" ? 1 : -1));
      }
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await look();
      (options[active] ?? options[0])?.click();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", close);
    form.addEventListener("focusout", ({ relatedTarget }) => { if (!form.contains(relatedTarget)) { close(); last = null; } });
    if (document.activeElement === field || field.value) look();
  }

  Object.assign(window.Wecare, { findPlaces, findPages, prepareSearch: prepare, find, answer });
  for (const form of document.querySelectorAll("form[data-finds]")) answer(form);
})();
