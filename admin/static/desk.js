// What the pages gain from JavaScript. Everything works without it; nothing
// here decides anything.
(() => {
  "use strict";
  const form = document.getElementById("edit");
  if (!form) return;
  const body = form.elements.body;
  const unsaved = document.getElementById("unsaved");
  let dirty = "dirty" in form.dataset;

  // Ask before a text is left that is not saved.
  const touched = () => {
    dirty = true;
    unsaved.textContent = "有改动还没有保存";
  };
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (e) => { if (dirty) e.preventDefault(); });

  // The preview follows the typing, half a second behind. Answers that arrive
  // after a newer question are dropped.
  const preview = document.getElementById("preview");
  let timer = 0, asked = 0;
  const refresh = async () => {
    const mine = ++asked;
    const fields = new FormData(form);
    fields.delete("file");
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
      if (mine === asked && answer.ok) preview.innerHTML = await answer.text();
      if (answer.status === 401) unsaved.textContent = "登录已过期。点保存会请您重新登录，写好的不会丢";
    } catch { /* the line is down: the next key tries again */ }
  };
  form.addEventListener("input", (e) => {
    if (e.target.type === "file") return;
    touched();
    clearTimeout(timer);
    timer = setTimeout(refresh, 500);
  });

  // Counters count characters as the server does.
  for (const area of form.querySelectorAll("[data-count]")) {
    const out = document.querySelector(`#${area.name}-count b`);
    const limit = Number(area.dataset.count);
    const show = () => {
      const n = Array.from(area.value.trim()).length;
      out.textContent = String(n);
      out.classList.toggle("over", n > limit);
    };
    area.addEventListener("input", show);
    show();
  }

  // The place of the caret, in characters, tells where a picture goes.
  const note = () => {
    form.elements.at.value = String(Array.from(body.value.slice(0, body.selectionStart)).length);
  };
  for (const event of ["keyup", "click", "input", "focus"]) body.addEventListener(event, note);

  // The toolbar writes Markdown around what is marked. execCommand keeps it in
  // the browser's undo list, which nothing newer does.
  const write = (from, to, text, mark = text.length) => {
    body.focus();
    body.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) body.setRangeText(text);
    body.setSelectionRange(from + mark, from + mark);
    body.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const tools = {
    line(mark) {
      const from = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
      const to = body.selectionEnd;
      let n = 0;
      const text = body.value.slice(from, to).split("\n").map((l) => (mark === "1. " ? `${++n}. ` : mark) + l).join("\n");
      write(from, to, text);
    },
    wrap(mark) {
      const text = body.value.slice(body.selectionStart, body.selectionEnd) || "文字";
      write(body.selectionStart, body.selectionEnd, mark + text + mark, mark.length + text.length);
    },
    block(name) {
      const text = body.value.slice(body.selectionStart, body.selectionEnd) || "写在这里";
      const before = body.selectionStart > 0 && body.value[body.selectionStart - 1] !== "\n" ? "\n\n" : "";
      const whole = `${before}:::${name}\n${text}\n:::\n`;
      write(body.selectionStart, body.selectionEnd, whole, whole.length - 5);
    },
    table() {
      write(body.selectionEnd, body.selectionEnd, "\n\n| 情况 | 怎么办 |\n| --- | --- |\n|  |  |\n");
    },
  };
  const bar = form.querySelector(".tools");
  bar.hidden = false;
  bar.addEventListener("click", (e) => {
    const button = e.target.closest("button");
    if (!button) return;
    for (const [name, value] of Object.entries(button.dataset)) tools[name]?.(value);
  });

  // Ctrl+S saves.
  addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === "s") {
      e.preventDefault();
      form.requestSubmit(form.querySelector('.dock [value="save"]'));
    }
  });
})();
