// What marks gain from JavaScript: a selection fills the form of a new mark, and
// a mark finds its passage in the text that is written. Nothing here decides
// anything.
(() => {
  "use strict";
  const reading = document.getElementById("reading");
  const form = document.getElementById("mark");
  if (reading && form) {
    document.addEventListener("selectionchange", () => {
      const chosen = document.getSelection();
      const text = chosen.toString().trim();
      if (!text || text.length > 300) return;
      const at = chosen.getRangeAt(0).startContainer;
      const part = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest("[data-part]");
      if (!part || !reading.contains(part)) return;
      form.elements.at.value = part.dataset.part;
      form.elements.quote.value = text;
    });
  }

  const edit = document.getElementById("edit");
  for (const button of document.querySelectorAll("[data-find]")) {
    const field = edit && edit.elements[button.dataset.find];
    if (!field || field.value === undefined) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      // White space and signs of Markdown between the characters do not count.
      const loose = Array.from(button.dataset.quote.replace(/\s/g, "")).map((c) => c.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("[\\s*_`#>|-]*");
      const found = new RegExp(loose, "u").exec(field.value);
      if (!found) { field.focus(); return; }
      field.focus();
      field.setSelectionRange(found.index, found.index + found[0].length);
      if (field.tagName === "TEXTAREA") { // browsers scroll to what is typed, not to what is selected
        const lines = field.value.slice(0, found.index).split("\n").length - 1;
        field.scrollTop = Math.max(0, lines * parseFloat(getComputedStyle(field).lineHeight) - field.clientHeight / 3);
      }
    });
  }
})();
