// The visual editor on the edit page. The textarea stays the field of the form:
// here it is hidden and kept in step. Without this script it is the editor.
import { baseKeymap } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redoDepth, undoDepth } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { EditorState, NodeSelection, TextSelection } from "prosemirror-state";
import { isInTable, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { ask } from "./ask.js";
import { active, around, commands, keys, picked } from "./commands.js";
import { open } from "./keep.js";
import { insertAt, pasting, slice } from "./paste.js";
import { freeTab, lastParagraph, placeholder } from "./plugins.js";
import { rules } from "./rules.js";
import { schema } from "./schema.js";
import { upload } from "./upload.js";

const { nodes, marks } = schema;
const choice = "songfa.editor"; // in localStorage: the editor that was used last

function start(form) {
  const area = form.elements.body, place = document.getElementById("visual"), modes = form.querySelector(".modes");
  const said = document.getElementById("editor-say"), bar = form.querySelector(".tools"), tableBar = form.querySelector(".table-tools");
  const say = (words) => { said.textContent = words; };
  let view = null, kept = null, timer = 0, written = area.value;

  // sync writes the document into the textarea, and tells the page.
  function sync() {
    clearTimeout(timer);
    timer = 0;
    if (!view) return;
    const text = kept.save(view.state.doc);
    if (text === written) return;
    written = area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const later = () => { timer ||= setTimeout(sync, 250); };

  // picture uploads a file and asks what is on it.
  async function picture(view, file, pos) {
    say(`正在上传“${file.name || "图片"}”……`);
    try {
      const o = await upload(form, file);
      insertAt(view, pos, slice(o.markdown));
      say("图片已上传。");
      let at = -1;
      view.state.doc.descendants((n, p) => { if (n.type === nodes.image && n.attrs.src === o.src) at = p; });
      if (at >= 0) {
        view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)));
        await describe(view);
      }
    } catch (e) {
      say(e.message);
    }
  }

  async function describe(view) {
    const image = picked(view.state), pos = view.state.selection.from;
    if (!image) return;
    const answer = await ask("ask-picture", { alt: image.attrs.alt, title: image.attrs.title });
    if (answer) view.dispatch(view.state.tr.setNodeMarkup(pos, null, { ...image.attrs, alt: answer.alt, title: answer.title }));
    view.focus();
  }

  async function link(view) {
    const { state } = view, { $from, from, to, empty } = state.selection;
    const old = marks.link.isInSet(empty ? $from.marks() : state.doc.nodeAt(from)?.marks ?? []);
    let range = [from, to];
    if (old && empty) range = extent(state, old);
    const answer = await ask("ask-link", { href: old?.attrs.href ?? "", text: state.doc.textBetween(...range), ...(old ? { remove: 1 } : {}) });
    view.focus();
    if (!answer) return;
    const tr = state.tr.removeMark(...range, marks.link);
    if (answer.answer === "remove" || !answer.href) return view.dispatch(tr);
    const mark = marks.link.create({ href: answer.href, title: old?.attrs.title ?? "" });
    const text = answer.text || answer.href;
    if (text === state.doc.textBetween(...range)) return view.dispatch(tr.addMark(...range, mark));
    view.dispatch(tr.replaceWith(...range, schema.text(text, [...$from.marks().filter((m) => m.type !== marks.link), mark])));
  }

  // extent is how far a link reaches around the caret.
  function extent(state, mark) {
    const { $from } = state.selection;
    let [a, b] = [$from.index(), $from.index()];
    const { parent } = $from;
    while (a > 0 && mark.isInSet(parent.child(a - 1).marks)) a--;
    while (b < parent.childCount && mark.isInSet(parent.child(b).marks)) b++;
    let from = $from.start();
    for (let i = 0; i < a; i++) from += parent.child(i).nodeSize;
    let to = from;
    for (let i = a; i < b; i++) to += parent.child(i).nodeSize;
    return [from, to];
  }

  // run does what a button says; true when the editor was there to do it.
  function run({ do: name, value, ...data }) {
    if (!view || name === "help") return false;
    if (name === "link") link(view);
    else if (name === "image") (picked(view.state) ? describe(view) : choose());
    else if (commands[name]) {
      const done = commands[name](value, data)(view.state, view.dispatch, view);
      if (!done) say("光标在的地方不能这样做。");
      view.focus();
    } else return false;
    return true;
  }

  function choose() {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/*", multiple: true });
    input.addEventListener("change", async () => { for (const f of input.files) await picture(view, f); });
    input.click();
  }

  function show() {
    const { state } = view;
    for (const b of form.querySelectorAll(".tools [data-do]")) {
      if (b.hasAttribute("aria-pressed")) b.setAttribute("aria-pressed", String(!!active(state, b.dataset.do, b.dataset.value)));
    }
    bar.querySelector('[data-do="undo"]').setAttribute("aria-disabled", String(!undoDepth(state)));
    bar.querySelector('[data-do="redo"]').setAttribute("aria-disabled", String(!redoDepth(state)));
    bar.querySelector('[data-do="unblock"]').hidden = !around(state, nodes.callout);
    tableBar.hidden = !isInTable(state);
  }

  function state() {
    return EditorState.create({
      doc: kept.doc,
      plugins: [
        freeTab(), rules(), keymap({ ...keys, "Mod-k": () => (link(view), true), "Alt-F10": () => (bar.querySelector("button:not([hidden])").focus(), true) }),
        keymap(baseKeymap), history(), tableEditing(), dropCursor({ color: false, class: "ed-drop" }), gapCursor(), lastParagraph(),
        placeholder("在这里写。可以直接粘贴 Word、WPS 和公众号文章，图片拖进来就上传。"),
      ],
    });
  }

  function visual() {
    written = area.value;
    kept = open(area.value);
    view = new EditorView(place, {
      state: state(),
      attributes: {
        role: "textbox", "aria-multiline": "true", "aria-label": "正文", "aria-describedby": "body-hint", class: "text", id: "visual-body",
        ...(area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
      },
      nodeViews: {
        image: (node) => ({ dom: img(node) }),
        table: (node) => tableView(node),
      },
      ...pasting(form, say, picture),
      handleDoubleClickOn: (v, _, node) => node.type === nodes.image && (describe(v), true),
      handleClick: (v, pos, e) => tick(v, e),
      dispatchTransaction(tr) {
        view.updateState(view.state.apply(tr));
        if (tr.docChanged) later();
        show();
      },
    });
    area.hidden = true;
    place.hidden = false;
    show();
  }

  // img shows a picture below the base path of the site.
  function img(node) {
    const dom = document.createElement("img"), { src, alt, title } = node.attrs;
    dom.src = src.startsWith("/") ? form.dataset.base.replace(/\/$/, "") + src : src;
    dom.alt = alt || "没有说明的图片";
    dom.classList.toggle("ed-bare", !alt);
    if (title) dom.title = title;
    return dom;
  }

  // tableView lets a wide table scroll in its box.
  function tableView() {
    const dom = document.createElement("div"), table = document.createElement("table"), body = document.createElement("tbody");
    dom.className = "scroll";
    dom.append(table);
    table.append(body);
    return { dom, contentDOM: body };
  }

  // tick turns the box of a task when it is clicked.
  function tick(v, e) {
    const li = e.target.closest?.("li[data-checked]");
    if (!li || e.target !== li || e.offsetX >= 0) return false;
    const pos = v.posAtDOM(li, 0) - 1, node = v.state.doc.nodeAt(pos);
    if (node?.type !== nodes.list_item) return false;
    v.dispatch(v.state.tr.setNodeMarkup(pos, null, { checked: !node.attrs.checked }));
    return true;
  }

  function plain() {
    sync();
    view?.destroy();
    view = null;
    place.hidden = true;
    area.hidden = false;
    tableBar.hidden = true;
    bar.querySelector('[data-do="unblock"]').hidden = true;
    for (const b of bar.querySelectorAll("[aria-pressed]")) b.setAttribute("aria-pressed", "false");
  }

  function switchTo(mode, focus = true) {
    if (mode === "visual" && !view) visual();
    if (mode !== "visual" && view) plain();
    form.dataset.mode = view ? "visual" : "markdown";
    for (const b of modes.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.value === form.dataset.mode));
    if (focus) (view ?? area).focus();
  }

  // remember what was chosen; what nobody chose leaves no trace.
  function remember() {
    try {
      localStorage.setItem(choice, form.dataset.mode);
    } catch { /* a browser that keeps nothing asks again */ }
  }

  modes.hidden = false;
  form.querySelector(".keys").hidden = false;
  modes.addEventListener("click", (e) => {
    if (!e.target.value) return;
    switchTo(e.target.value);
    remember();
  });
  form.addEventListener("songfa:tool", (e) => { if (run(e.detail)) e.preventDefault(); });
  form.addEventListener("submit", () => {
    sync();
    if (view) form.elements.at.value = String(Array.from(kept.save(before(view.state))).length);
  }, true);
  addEventListener("pagehide", sync);
  document.querySelector('label[for="f-body"]').addEventListener("click", (e) => {
    if (view) e.preventDefault(), view.focus();
  });
  // Somebody else wrote into the field: a kept text that was brought back.
  area.addEventListener("input", () => {
    if (!view || area.value === written) return;
    written = area.value;
    kept = open(area.value);
    view.updateState(state());
  });
  // A finding of the checks is a place in the Markdown: there it can be marked.
  area.addEventListener("proof:place", () => { if (view) switchTo("markdown", false); });
  // A file that misses the editor is not opened in its place.
  dropping(form);

  let mode = "visual";
  try {
    mode = localStorage.getItem(choice) ?? mode;
  } catch { /* see above */ }
  switchTo(mode, false);
}

// before is the document up to the end of the block of the caret.
function before(state) {
  const end = state.selection.$to.depth ? state.selection.$to.after(1) : state.selection.to;
  return state.doc.cut(0, end);
}

// dropping keeps the browser from opening a file that misses the editor.
function dropping(form) {
  for (const type of ["dragover", "drop"]) {
    form.addEventListener(type, (e) => {
      if (e.dataTransfer?.types.includes("Files") && e.target.type !== "file") e.preventDefault();
    });
  }
}

const form = document.getElementById("edit");
if (form?.querySelector(".modes")) start(form);
