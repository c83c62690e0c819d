// The shape of a document in the visual editor: one node per construct of our
// Markdown. No attribute holds how something was written; keep.js remembers
// that for whatever is not touched.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

const alignClass = { right: "num", center: "center" };

const tables = tableNodes({
  tableGroup: "block plain",
  cellContent: "paragraph",
  cellAttributes: {
    align: {
      default: null,
      getFromDOM: (dom) => ({ num: "right", center: "center" })[dom.className] ?? null,
      setDOMAttr: (value, attrs) => { if (alignClass[value]) attrs.class = alignClass[value]; },
    },
  },
});

// look is the class that the site gives a kind of block.
const look = { 答案: "answer", 期限: "note due", 证据: "note proof", 提示: "note tip", 警告: "note warn", 法条: "lawquote", 步骤: "howto", 联系: "contact", 附件: "attach" };

const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block plain", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    attrs: { level: { default: 2 } }, content: "inline*", group: "block plain", defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: "h" + level, attrs: { level } })),
    toDOM: (n) => ["h" + Math.min(n.attrs.level + (n.attrs.level === 1 ? 1 : 0), 6), { "data-level": n.attrs.level }, 0],
  },
  blockquote: { content: "block+", group: "block plain", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
  bullet_list: {
    attrs: { tight: { default: true } }, content: "list_item+", group: "block plain",
    parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0],
  },
  ordered_list: {
    attrs: { order: { default: 1 }, tight: { default: true } }, content: "list_item+", group: "block plain",
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: Number(dom.getAttribute("start") ?? 1) || 1 }) }],
    toDOM: (n) => (n.attrs.order === 1 ? ["ol", 0] : ["ol", { start: n.attrs.order }, 0]),
  },
  list_item: { attrs: { checked: { default: null } }, content: "block+", defining: true, parseDOM: [{ tag: "li" }],
    toDOM: (n) => (n.attrs.checked === null ? ["li", 0] : ["li", { "data-checked": String(n.attrs.checked) }, 0]) },
  code_block: {
    attrs: { params: { default: "" } }, content: "text*", marks: "", group: "block plain", code: true, defining: true,
    parseDOM: [{ tag: "pre", preserveWhitespace: "full" }], toDOM: () => ["pre", ["code", 0]],
  },
  horizontal_rule: { group: "block plain", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
  callout: {
    attrs: { kind: { default: "提示" } }, content: "callout_title plain+", group: "block", defining: true, isolating: true,
    toDOM: (n) => ["div", { class: look[n.attrs.kind] + " ed-block", "data-kind": n.attrs.kind, role: "group", "aria-label": n.attrs.kind }, 0],
  },
  callout_title: { content: "inline*", defining: true, selectable: false, toDOM: () => ["div", { class: "callout-title" }, 0] },
  footnote: {
    attrs: { label: { default: "1" } }, content: "plain+", group: "block plain", defining: true, isolating: true,
    toDOM: (n) => ["div", { class: "ed-footnote", "data-label": n.attrs.label }, 0],
  },
  raw: {
    content: "text*", marks: "", group: "block plain", code: true, defining: true, isolating: true,
    toDOM: () => ["pre", { class: "ed-raw" }, ["code", 0]],
  },
  ...tables,
  text: { group: "inline" },
  hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  image: {
    inline: true, group: "inline", draggable: true,
    attrs: { src: {}, alt: { default: "" }, title: { default: "" } },
    parseDOM: [{ tag: "img[src]", getAttrs: (dom) => ({ src: dom.getAttribute("src"), alt: dom.alt, title: dom.title }) }],
    toDOM: (n) => ["img", n.attrs],
  },
  footnote_ref: { inline: true, group: "inline", atom: true, attrs: { label: {} }, toDOM: (n) => ["sup", { class: "ed-ref" }, n.attrs.label] },
  html: { inline: true, group: "inline", atom: true, attrs: { source: {} }, toDOM: (n) => ["code", { class: "ed-html" }, n.attrs.source] },
};

// The order is the one in which marks are nested when nothing else decides.
const marks = {
  link: {
    attrs: { href: {}, title: { default: "" } }, inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (dom) => ({ href: dom.getAttribute("href"), title: dom.title }) }],
    toDOM: (m) => ["a", { href: m.attrs.href, title: m.attrs.title || null }],
  },
  em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em"] },
  strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong"] },
  strike: { parseDOM: [{ tag: "del" }, { tag: "s" }], toDOM: () => ["del"] },
  code: { code: true, parseDOM: [{ tag: "code" }], toDOM: () => ["code"] },
};

export const schema = new Schema({ nodes, marks });
