// Part of a preview only: asks the server what has changed of the page it stands in, and says what is wrong.
(() => {
  const own = document.currentScript;
  const address = `events?page=${encodeURIComponent(location.pathname)}&state=${own.dataset.state}`;
  const source = new EventSource(new URL(address, own.src));
  let shown = null;

  const look = {
    position: "fixed", inset: "auto 0 0 0", zIndex: 100000, margin: 0, padding: "0.75rem 1rem", maxHeight: "50vh",
    overflow: "auto", whiteSpace: "pre-wrap", font: "1rem/1.5 monospace", borderTop: "4px solid",
  };

  function say(text, wrong) {
    shown?.remove();
    shown = null;
    if (!text) return;
    shown = document.createElement("div");
    shown.setAttribute("role", wrong ? "alert" : "status");
    shown.dataset.preview = wrong ? "problem" : "notice";
    Object.assign(shown.style, look, wrong
      ? { background: "#fff0f0", color: "#5c0011", borderColor: "#b00020" }
      : { background: "#fffbe6", color: "#3d3300", borderColor: "#b38600" });
    shown.textContent = text;
    document.body.append(shown);
  }

  function renewStyles(state) {
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      const href = new URL(link.href);
      href.searchParams.set("preview", state);
      const next = link.cloneNode();
      next.href = href;
      next.addEventListener("load", () => link.remove());
      link.after(next);
    }
  }

  source.addEventListener("reload", () => location.reload());
  source.addEventListener("styles", (event) => renewStyles(JSON.parse(event.data)));
  source.addEventListener("say", (event) => {
    const { text, wrong } = JSON.parse(event.data);
    say(text, wrong);
  });
  addEventListener("pagehide", () => source.close());
})();
