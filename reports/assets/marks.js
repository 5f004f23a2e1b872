// A mark shows the sources of its sentence beside it, as the list at the end of the page tells them; without this script it
// leads there. figures.js brings this when a reader presses the first mark.
(() => {
  "use strict";

  const list = document.querySelector("ol.sources");
  const GAP = 6; // pixels between a mark and its card, and between the card and the edge of the window
  let open = null; // the mark whose card is open
  let pressed = null; // the same as it was when a pointer was last put down: that press closes the card

  addEventListener("pointerdown", () => { pressed = open; }, true);
  addEventListener("keydown", () => { pressed = null; }, true);

  function element(tag, className, ...content) {
    const made = Object.assign(document.createElement(tag), { className });
    made.append(...content);
    return made;
  }

  function entry(cited) {
    const [id, status] = cited.split(":");
    const told = [...document.getElementById(id).childNodes].map((node) => node.cloneNode(true));
    return element("span", "entry", ...told, ...(status ? [" ", element("span", `status status-${status}`, list.dataset[status])] : []));
  }

  function place(card, mark) {
    const at = mark.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = card;
    const room = document.documentElement.clientWidth - width - GAP;
    const below = at.bottom + GAP, above = at.top - GAP - height;
    const top = below + height > innerHeight && above > 0 ? above : below;
    card.style.left = `${Math.max(GAP, Math.min(at.left, room)) + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
  }

  (window.Wecare ??= {}).showSources = (mark) => {
    if (pressed === mark) return;
    const close = element("button", "close", "×");
    const card = element("span", "source-card", ...mark.dataset.cites.split(" ").map(entry), close);
    Object.assign(card, { popover: "auto", tabIndex: -1, role: "dialog", ariaLabel: list.dataset.title });
    Object.assign(close, { type: "button", ariaLabel: list.dataset.close });
    close.addEventListener("click", () => card.hidePopover());
    card.addEventListener("beforetoggle", ({ newState }) => mark.setAttribute("aria-expanded", newState === "open"));
    card.addEventListener("toggle", ({ newState }) => {
      if (newState !== "closed") return;
      if (open === mark) open = null;
      card.remove();
    });
    mark.after(card);
    mark.focus({ preventScroll: true });
    card.showPopover();
    open = mark;
    place(card, mark);
    card.focus({ preventScroll: true });
  };
})();
