// Names however they are typed: the folding of helpers.system.place_names.fold_name, for the search, whose script comes
// before, and the pages.
window.Wecare ??= {};
(() => {
  "use strict";

  const LETTERS = { æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i", ß: "ss" };

  /** "AGLIE'" → "aglie": words in small letters without accents; apostrophes, hyphens and dots part words. */
  function foldName(text) {
    const letters = text.normalize("NFKD").toLowerCase().replace(/[æœøđłıß]/g, (letter) => LETTERS[letter]);
    const plain = letters.replace(/[\p{M}\p{Cf}]/gu, "").replace(/\p{Lm}/gu, " ");
    return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
  }

  /** The search of both publishers, comparing folded texts in place of texts as they stand. */
  function folding(Search) {
    const valueOf = Search.config.getFn;
    const folded = (entry, path) => {
      const value = valueOf(entry, path);
      return typeof value === "string" ? foldName(value) : value;
    };
    return class extends Search {
      constructor(entries, options, index) {
        super(entries, { ...options, getFn: folded }, index);
      }

      search(query, options) {
        return super.search(typeof query === "string" ? foldName(query) : query, options);
      }
    };
  }

  window.Wecare.foldName = foldName;
  if (window.Fuse) window.Fuse = folding(window.Fuse);
})();
