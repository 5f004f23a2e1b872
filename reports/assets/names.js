// Names however they are typed: the folding of helpers.system.place_names.fold_name, for the search
// and the pages.
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

  window.Wecare.foldName = foldName;
})();
