// Lets the reader choose which strands of the timeline to see. Without it every event is there.
(() => {
  "use strict";

  const timeline = document.getElementById("timeline");
  const form = timeline?.querySelector("form.timeline-filter");
  if (!form) return;
  const { keepInAddress, recall } = window.Wecare;

  const boxes = [...form.querySelectorAll("input")];
  const events = [...timeline.querySelectorAll("li[data-group]")];
  const status = form.querySelector("[role=status]");
  const NAME = "filone";

  function show() {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    for (const event of events) event.hidden = chosen.length > 0 && !chosen.includes(event.dataset.group);
    for (const year of timeline.querySelectorAll("section.year")) {
      year.hidden = !year.querySelector("li:not([hidden])");
      const link = timeline.querySelector(`.years a[href$="#${year.firstElementChild.id}"]`);
      link.parentElement.hidden = year.hidden;
    }
    const shown = events.filter((event) => !event.hidden).length;
    const text = shown === events.length ? form.dataset.all : form.dataset.shown;
    status.textContent = text.replace("{n}", shown).replace("{all}", events.length);
    form.querySelector("button").hidden = chosen.length === 0;
    return chosen;
  }

  const remember = (chosen) => keepInAddress(chosen.map((value) => [NAME, value]));

  function chooseFromAddress() {
    const wanted = new URLSearchParams(location.search).getAll(NAME);
    boxes.forEach((box) => { box.checked = wanted.includes(box.value); });
    show();
  }

  // What the address names; an address may say anything, also what is no text.
  function place() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  // A link to a hidden event shows all events again.
  function reveal() {
    const target = place();
    if (!target || !timeline.contains(target) || !target.closest("[hidden]")) return;
    form.reset();
    target.scrollIntoView();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => remember(show()));
  form.addEventListener("reset", () => {
    boxes.forEach((box) => { box.checked = false; });
    remember(show());
    boxes[0].focus();
  });
  window.addEventListener("hashchange", reveal);

  recall(chooseFromAddress);
  chooseFromAddress();
  form.classList.add("is-live");
  reveal();
})();
