// The comune that an address names (?comune=venaria-reale): the page of its district says so, outlines it on the map, opens the
// table of comuni and marks its row.
(() => {
  "use strict";

  const { foldName } = window.Wecare;
  const asked = foldName(new URLSearchParams(location.search).get("comune") ?? "");
  const figure = document.querySelector("#fig-map, #tbl-map");
  const row = [...(figure?.querySelectorAll("tbody tr") ?? [])].find((tr) => foldName(tr.cells[0].textContent) === asked);
  if (!row) return;
  const name = row.cells[0].textContent;
  const italian = document.documentElement.lang === "it";

  // ---- the sentence
  const title = document.querySelector("h1").textContent.trim();
  const district = title[0].toLowerCase() + title.slice(1);
  const link = Object.assign(document.createElement("a"), {
    href: "#comune", textContent: italian ? "I suoi numeri nella tabella" : "Its numbers in the table",
  });
  const strong = Object.assign(document.createElement("strong"), { textContent: name });
  const said = Object.assign(document.createElement("p"), { className: "note in-district" });
  said.append(strong, italian ? ` è nel ${district}. ` : ` is in the ${district}. `, link, ".");
  document.querySelector("main .edition").before(said);

  // ---- the row
  const folded = figure.querySelector("details");
  if (folded) folded.open = true;
  row.id = "comune";
  row.classList.add("is-here");
  row.setAttribute("aria-current", "true");
  const box = row.closest(".table-scroll");
  box.scrollTop = row.offsetTop - box.clientHeight / 2;

  // ---- the map: the outline once more, over its neighbours
  const described = figure.querySelector("script.figure-json");
  const { data } = described ? JSON.parse(described.textContent) : { data: [] };
  const { shape } = data.find(({ text }) => typeof text === "string" && text.startsWith(`<b>${name}</b>`)) ?? {};
  const outline = figure.querySelectorAll(".areas path")[shape];
  if (outline) {
    outline.id = "comune-outline";
    const over = document.createElementNS("http://www.w3.org/2000/svg", "use");
    over.setAttribute("href", "#comune-outline");
    over.setAttribute("class", "outlined");
    outline.parentElement.append(over);
  }
})();
