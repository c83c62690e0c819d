// Suggestions below the search box. Without this file the box is a plain form,
// and nothing here decides anything: each suggestion is an address of the site.
// The pattern is the combobox of the ARIA Authoring Practices: the focus stays in
// the box, arrow keys choose, Enter opens, Escape closes.
(() => {
  "use strict";
  const form = document.querySelector("form.find");
  const box = form && form.elements.q;
  if (!box || !window.fetch) return;

  const list = document.createElement("ul");
  list.id = "q-list";
  list.className = "hints";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "搜索提示");
  list.hidden = true;
  const said = document.createElement("p");
  said.className = "vh";
  said.setAttribute("role", "status");
  form.append(list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
    box.setAttribute(name, value);
  }

  let items = []; // what is offered
  let at = -1; // the chosen one; -1 is the box itself
  let asked = 0; // answers that arrive after a newer question are dropped
  let timer = 0;

  const close = () => {
    asked++;
    clearTimeout(timer);
    items = [];
    at = -1;
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    said.textContent = "";
  };

  const choose = (i) => {
    at = i;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };

  const show = (found) => {
    items = found;
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((item, i) => {
      const option = document.createElement("li");
      option.id = "q-" + i;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const text = document.createElement("span");
      text.textContent = item.text;
      option.append(text);
      if (item.kind) {
        const kind = document.createElement("span");
        kind.className = "small muted";
        kind.textContent = item.kind;
        option.append(" ", kind);
      }
      return option;
    }));
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = found.length ? "有 " + found.length + " 条提示，按上下键选择。" : "";
  };

  const ask = async () => {
    const mine = ++asked;
    const text = box.value.trim();
    if (!text) return close();
    try {
      const answer = await fetch(form.action + "/suggest?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const found = (await answer.json()).suggestions;
      if (mine === asked && document.activeElement === box) show(found);
    } catch { /* the line is down: the form still works */ }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  };

  // While a character is being composed by an input method, its letters are
  // neither a question nor commands.
  let composing = false;
  box.addEventListener("compositionstart", () => { composing = true; });
  box.addEventListener("compositionend", () => { composing = false; soon(); });
  box.addEventListener("input", () => { if (!composing) soon(); });

  box.addEventListener("keydown", (e) => {
    if (composing || e.isComposing || e.keyCode === 229) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (list.hidden) return e.key === "ArrowDown" ? void ask() : undefined;
      const n = items.length + 1; // the box is one of the places
      choose((at + 1 + (e.key === "ArrowDown" ? 1 : n - 1)) % n - 1);
    } else if (e.key === "Escape" && !list.hidden) {
      e.preventDefault(); // the first Escape closes, the next one empties the box
      close();
    } else if (e.key === "Tab") {
      close();
    }
  });

  // A press must not take the focus away from the box before the click.
  list.addEventListener("pointerdown", (e) => e.preventDefault());
  list.addEventListener("click", (e) => {
    const option = e.target.closest("[role=option]");
    if (option) location.assign(items[[...list.children].indexOf(option)].url);
  });
  box.addEventListener("blur", close);
  // Enter sends the form, unless a suggestion is chosen: then it opens that.
  form.addEventListener("submit", (e) => {
    if (at < 0) return close();
    e.preventDefault();
    location.assign(items[at].url);
  });
  addEventListener("pageshow", close); // back from a page that was opened
})();
