// A map as GeoJSON (RFC 7946: degrees of WGS84): outlines that the site publishes, with the values of the map's own table.
window.Wecare ??= {};
(() => {
  "use strict";

  /** Rows of a CSV as lists of text. */
  function rowsOf(text) {
    const rows = [[]];
    for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
      rows.at(-1).push(quoted?.replaceAll('""', '"') ?? bare);
      if (end !== ",") rows.push([]);
    }
    return rows.filter((row) => row.length > 1 || row[0]);
  }

  /** A cell as the value that was written: a number, yes or no, nothing, or text without the guard against formulas. */
  function valueOf(cell) {
    if (cell === "" || cell === undefined) return null;
    if (cell === "true" || cell === "false") return cell === "true";
    if (/^-?(0|[1-9]\d*)(\.\d+)?(e-?\d+)?$/.test(cell)) return Number(cell);
    return /^'[=+\-@\t]/.test(cell) ? cell.slice(1) : cell;
  }

  /** The name of a column without its unit. */
  const nameOf = (head) => head.replace(/ \[[^\]]*\]$/, "");

  async function got(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
    return answer;
  }

  /** Outlines by id. */
  async function outlines(file, key) {
    const { features } = await (await got(new URL(file, location.href))).json();
    return new Map(features.map((feature) => [String(feature.properties[key]), feature]));
  }

  function collection(title, features) {
    const { origin, pathname } = location;
    return { type: "FeatureCollection", title: title.trim(), source: origin + pathname, features };
  }

  /** What the map of a figure shows: one feature per row of its table, with the status of its numbers. */
  async function ofFigure(box, { file, key, ids, points }) {
    const table = got(box.querySelector(".downloads a[download]").href).then((answer) => answer.text());
    const known = file ? await outlines(file, key) : new Map(ids.map((id, n) => [id, {
      properties: {}, geometry: { type: "Point", coordinates: points[n] },
    }]));
    const [heads, ...rows] = rowsOf(await table);
    const names = heads.map(nameOf);
    if (rows.length !== ids.length) throw new Error("table and map differ");
    const [, status] = box.querySelector(".provenance .status")?.className.match(/status-(\w+)/) ?? [];
    const features = rows.map((row, n) => {
      const values = Object.fromEntries(names.map((name, column) => [name, name === "code" ? row[column] : valueOf(row[column])]));
      const place = known.get(ids[n]);
      const properties = { [key]: ids[n], ...place?.properties, ...(status ? { status } : {}), ...values };
      return { type: "Feature", properties, geometry: place?.geometry ?? null };
    });
    return collection(box.querySelector("figcaption").textContent, features);
  }

  /** The same from rows that a script holds; the first names the columns, the first column holds the ids. */
  async function ofRows(title, file, [heads, ...rows]) {
    const known = await outlines(file, "id");
    const features = rows.map((row) => {
      const values = Object.fromEntries(heads.slice(1).map((head, column) => [nameOf(head), row[column + 1] ?? null]));
      const { properties, geometry } = known.get(row[0]);
      return { type: "Feature", properties: { ...properties, ...values }, geometry };
    });
    return collection(title, features);
  }

  function save(name, object) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(object)], { type: "application/geo+json" }));
    link.download = `${name}.geojson`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  window.Wecare.geojson = { ofFigure, ofRows, save };
})();
