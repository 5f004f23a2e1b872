// Saves a figure: its drawing as a picture in the colours of paper, a map also with its places. figures.js brings this file
// when a reader asks.
window.Wecare ??= {};
(() => {
  "use strict";

  const SHARP = 2; // pixels of a saved picture for each of the drawing
  const own = document.currentScript.src;

  function save(filename, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = filename;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** The drawing with the paper it stands on. */
  function picture(div) {
    const copy = div.querySelector(".drawing").cloneNode(true);
    const { width, height } = copy.viewBox.baseVal;
    const paper = document.createElementNS(copy.namespaceURI, "rect");
    for (const [name, value] of Object.entries({ width, height, fill: "#FFFFFF" })) paper.setAttribute(name, value);
    copy.prepend(paper);
    copy.setAttribute("font-family", getComputedStyle(div).fontFamily);
    copy.removeAttribute("class");
    return { width, height, text: new XMLSerializer().serializeToString(copy) };
  }

  async function pixels({ width, height, text }) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: width * SHARP, height: height * SHARP });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  }

  window.Wecare.saveFigure = async (div, form, figure) => {
    const page = location.pathname.replace(/\.html$/, "").split("/").pop() || "index";
    const filename = `${page}-${div.dataset.figure}`;
    if (form === "geojson") {
      await window.Wecare.load(new URL("geojson.js", own).href);
      const { geojson } = window.Wecare;
      geojson.save(filename, await geojson.ofFigure(div.closest("figure"), figure.places));
      return;
    }
    const made = picture(div);
    save(`${filename}.${form}`, form === "svg" ? new Blob([made.text], { type: "image/svg+xml" }) : await pixels(made));
  };
})();
