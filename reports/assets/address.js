// The address keeps a reader's choices: each is a step that Back undoes, and a link that can be shared.
window.Wecare ??= {};
(() => {
  "use strict";

  const SETTLE = 400; // ms without a change after which the address, the order of rows and the screen reader follow

  function later(task, wait = SETTLE) {
    let timer = 0;
    const run = (...given) => { clearTimeout(timer); timer = setTimeout(() => task(...given), wait); };
    return Object.assign(run, { cancel: () => clearTimeout(timer) });
  }

  /** The page's address with these choices, as pairs or by name, and no others. */
  function addressWith(choices) {
    const address = new URL(location.href);
    address.search = new URLSearchParams(choices).toString();
    return address;
  }

  let shown = location.search;
  /** Put choices into the address as another step; on opening they are only put in order. */
  const keepInAddress = later((choices, opening = false) => {
    const address = addressWith(choices);
    if (address.href !== location.href) history[opening ? "replaceState" : "pushState"](null, "", address);
    shown = location.search;
  });

  /** Show what the address says once a reader has gone back or forth to other choices. */
  function recall(show) {
    addEventListener("popstate", () => {
      if (location.search === shown) return;
      shown = location.search;
      keepInAddress.cancel();
      show();
    });
  }

  Object.assign(window.Wecare, { later, addressWith, keepInAddress, recall });
})();
