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
  const marked = () => body.value.slice(body.selectionStart, body.selectionEnd);
  const line = (mark) => {
    const from = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
    const to = body.selectionEnd;
    let n = 0;
    const text = body.value.slice(from, to).split("\n").map((l) => (mark === "1. " ? `${++n}. ` : mark) + l).join("\n");
    write(from, to, text);
  };
  const wrap = (before, after = before, sample = "文字") => {
    const text = marked() || sample;
    write(body.selectionStart, body.selectionEnd, before + text + after, before.length + text.length);
  };
  // block puts lines of their own behind what is marked, or around it.
  const block = (text, mark) => {
    const gap = body.selectionStart === 0 || body.value.slice(0, body.selectionStart).endsWith("\n\n") ? "" :
      body.value[body.selectionStart - 1] === "\n" ? "\n" : "\n\n";
    write(body.selectionStart, body.selectionEnd, gap + text + "\n", gap.length + (mark ?? text.length));
  };
  const tools = {
    heading: (level) => line("#".repeat(level) + " "),
    bold: () => wrap("**"),
    italic: () => wrap("*"),
    strike: () => wrap("~~"),
    bullets: () => line("- "),
    numbers: () => line("1. "),
    task: () => line("- [ ] "),
    quote: () => line("> "),
    link: () => wrap("[", "](/)", "链接的字"),
    image: () => document.getElementById("f-file").focus(),
    table: () => block("| 情况 | 怎么办 |\n| --- | --- |\n|  |  |"),
    rule: () => block("---"),
    footnote() {
      const n = new Set(body.value.match(/\[\^[^\]]+\]/g)).size + 1;
      write(body.selectionEnd, body.selectionEnd, `[^${n}]`);
      write(body.value.length, body.value.length, `\n\n[^${n}]: `);
    },
    block(kind, data) {
      const text = marked() || data.sample || "";
      const head = `:::${kind}${data.title ? " " + data.title : ""}\n`;
      block(head + (text ? text + "\n" : "") + ":::", head.length + text.length);
    },
    undo: () => document.execCommand("undo"),
    redo: () => document.execCommand("redo"),
  };
  const bar = form.querySelector(".tools");
  bar.hidden = false;
  const shut = (menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  };
  for (const group of form.querySelectorAll(".tools")) group.addEventListener("click", (e) => {
    const button = e.target.closest("button");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const menu = button.closest("details");
    if (menu) menu.open = false;
    // The visual editor takes what it can do; the rest is done here.
    const asked = new CustomEvent("songfa:tool", { detail: { ...button.dataset }, cancelable: true });
    if (form.dispatchEvent(asked)) tools[button.dataset.do]?.(button.dataset.value, button.dataset);
  });
  // One Tab stop for the bar: the button that was used last.
  const stop = (current) => {
    for (const b of bar.querySelectorAll(":scope > button, summary")) b.tabIndex = b === current ? 0 : -1;
  };
  stop(bar.querySelector("button"));
  bar.addEventListener("focusin", (e) => { if (!e.target.closest("ul")) stop(e.target); });
  // Arrow keys walk along the bar; Escape shuts a menu, or goes back to the text.
  form.addEventListener("keydown", (e) => {
    const group = e.target.closest?.(".tools");
    if (!group) return;
    const menu = e.target.closest("details[open]");
    const stops = [...(menu ?? group).querySelectorAll(menu ? "summary, button" : "button, summary")]
      .filter((b) => b.checkVisibility() && (menu || !b.closest("details:not([open]) ul")));
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      stops[(stops.indexOf(e.target) + step + stops.length) % stops.length].focus();
    } else if (e.key === "Escape") {
      if (menu) shut(menu);
      else (document.getElementById("visual-body") ?? body).focus();
    }
  });
  for (const menu of form.querySelectorAll(".menu")) {
    menu.addEventListener("focusout", (e) => { if (e.relatedTarget && !menu.contains(e.relatedTarget)) menu.open = false; });
  }
  document.addEventListener("click", (e) => {
    for (const menu of form.querySelectorAll(".menu[open]")) if (!menu.contains(e.target)) menu.open = false;
  });

  // Ctrl+S saves.
  addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === "s") {
      e.preventDefault();
      form.requestSubmit(form.querySelector('.dock [value="save"]'));
    }
  });
})();
