// Markdown to a document: tokens of the dialect to nodes of the schema.
import { Fragment } from "prosemirror-model";
import { dialect, hide, show } from "./dialect.js";
import { isChinese } from "./chinese.js";
import { schema } from "./schema.js";

const md = dialect();
const { nodes, marks } = schema;

let lines = []; // of the text being read

// blocks reads a text into its outermost blocks, each with the lines it takes:
// {node, from, to}.
export function blocks(text) {
  lines = text.split("\n");
  const tokens = md.parse(hide(text), {});
  const found = [];
  for (let i = 0; i < tokens.length;) {
    const end = closing(tokens, i);
    for (const node of build(tokens, i, end)) found.push({ node, from: tokens[i].map[0], to: tokens[i].map[1] });
    i = end;
  }
  return found;
}

// read makes a whole document of a text.
export function read(text) {
  const list = blocks(text).map((b) => b.node);
  return nodes.doc.create(null, list.length ? list : [nodes.paragraph.create()]);
}

// closing is the index behind the token that closes the one at i.
function closing(tokens, i) {
  let depth = 0;
  do depth += tokens[i++].nesting; while (depth > 0);
  return i;
}

function build(tokens, from, to) {
  const list = [];
  for (let i = from; i < to;) {
    const end = closing(tokens, i);
    const make = makers[tokens[i].type];
    if (!make) throw new Error("no node for " + tokens[i].type);
    list.push(make(tokens[i], tokens, i + 1, end - 1));
    i = end;
  }
  return list;
}

// some are the children, or an empty paragraph: no container may be empty.
const some = (tokens, from, to) => {
  const list = build(tokens, from, to);
  return list.length ? list : [nodes.paragraph.create()];
};

const code = (content) => content ? schema.text(show(content)) : null;
const whole = (content) => code(content.replace(/\n$/, ""));

const makers = {
  paragraph_open: (_, tokens, from) => nodes.paragraph.create(null, inline(tokens[from])),
  heading_open: (t, tokens, from) => nodes.heading.create({ level: Number(t.tag[1]) }, inline(tokens[from])),
  blockquote_open: (_, tokens, from, to) => nodes.blockquote.create(null, some(tokens, from, to)),
  bullet_list_open: (_, tokens, from, to) => nodes.bullet_list.create({ tight: isTight(tokens, from, to) }, build(tokens, from, to)),
  ordered_list_open: (t, tokens, from, to) =>
    nodes.ordered_list.create({ order: Number(t.attrGet("start") ?? 1), tight: isTight(tokens, from, to) }, build(tokens, from, to)),
  list_item_open: (_, tokens, from, to) => listItem(some(tokens, from, to), tokens[from + 1]?.content),
  code_block: (t) => nodes.code_block.create(null, whole(t.content)),
  fence: (t) => nodes.code_block.create({ params: show(t.info) }, whole(t.content)),
  html_block: (t) => nodes.raw.create(null, whole(t.content)),
  raw: (t) => nodes.raw.create(null, whole(t.content)),
  hr: () => nodes.horizontal_rule.create(),
  callout_open: (t, tokens, from, to) =>
    nodes.callout.create({ kind: t.info }, [nodes.callout_title.create(null, inline(tokens[from])), ...some(tokens, from + 1, to)]),
  footnote_open: (t, tokens, from, to) => nodes.footnote.create({ label: show(t.info) }, some(tokens, from, to)),
  table_open: (_, tokens, from, to) => nodes.table.create(null, rows(tokens, from, to)),
};

// isTight: no item, and no block in an item, has a blank line before it. Tables
// may: goldmark does not look at theirs.
function isTight(tokens, from, to) {
  const level = tokens[from].level;
  for (let i = from, first = true; i < to; i++) {
    const t = tokens[i];
    if (!t.map || t.nesting < 0 || t.level > level + 1 || t.type === "inline" || t.type === "table_open") continue;
    const item = t.level === level, opens = tokens[i - 1].type === "list_item_open";
    if (((item && !first) || (!item && !opens)) && isBlank(t.map[0] - 1)) return false;
    first = false;
  }
  return true;
}

const isBlank = (n) => /^[\s>]*$/.test(lines[n] ?? "");

// listItem takes the box of a task off the front of the first paragraph. What
// is escaped is no box, so the source is looked at, too.
function listItem(list, source = "") {
  const text = list[0].type === nodes.paragraph && list[0].firstChild;
  const pattern = /^\[([ xX])\](?:[ \t]+|$)/;
  const box = text && text.isText && !text.marks.length && pattern.test(source) && pattern.exec(text.text);
  if (!box) return nodes.list_item.create(null, list);
  const first = list[0], rest = text.text.slice(box[0].length);
  const content = rest ? first.content.replaceChild(0, schema.text(rest)) : first.content.cut(text.nodeSize);
  return nodes.list_item.create({ checked: box[1] !== " " }, [first.copy(content), ...list.slice(1)]);
}

function rows(tokens, from, to) {
  const list = [];
  for (let i = from; i < to; i++) {
    const t = tokens[i];
    if (t.type === "tr_open") list.push([]);
    if (t.type !== "th_open" && t.type !== "td_open") continue;
    const align = /text-align:(\w+)/.exec(t.attrGet("style") ?? "")?.[1] ?? null;
    const type = t.type === "th_open" ? nodes.table_header : nodes.table_cell;
    list.at(-1).push(type.create({ align }, nodes.paragraph.create(null, inline(tokens[i + 1]))));
  }
  return list.map((cells) => nodes.table_row.create(null, cells));
}

const markOf = { strong: () => marks.strong.create(), em: () => marks.em.create(), s: () => marks.strike.create() };

// inline makes the content of a textblock.
function inline(token) {
  let active = [];
  const list = [];
  const text = (s, set = active) => { if (s) list.push(schema.text(show(s), set)); };
  const add = (type, attrs) => list.push(type.create(attrs, null, active));
  const tokens = token.children;
  tokens.forEach((t, i) => {
    const [name, side] = t.type.split("_");
    if (markOf[name] && side === "open") active = markOf[name]().addToSet(active);
    else if (markOf[name]) active = marks[name === "s" ? "strike" : name].removeFromSet(active);
    else switch (t.type) {
      case "text": return text(t.content);
      case "code_inline": return text(t.content, marks.code.create().addToSet(active));
      case "link_open":
        active = marks.link.create({ href: show(t.attrGet("href")), title: show(t.attrGet("title") ?? "") }).addToSet(active);
        return;
      case "link_close":
        active = marks.link.removeFromSet(active);
        return;
      case "image": return add(nodes.image, { src: show(t.attrGet("src")), alt: plain(t.children), title: show(t.attrGet("title") ?? "") });
      case "hardbreak": return add(nodes.hard_break);
      case "softbreak": return text(joins(tokens, i) ? "" : " ");
      case "footnote_ref": return add(nodes.footnote_ref, { label: show(t.content) });
      case "html_inline":
        if (/^<br\s*\/?>$/i.test(t.content)) return add(nodes.hard_break);
        return add(nodes.html, { source: show(t.content) });
      default: throw new Error("no mark or node for " + t.type);
    }
  });
  return Fragment.from(joined(list));
}

// joined merges neighbours with the same marks, as a document must have them.
function joined(list) {
  const out = [];
  for (const n of list) {
    const last = out.at(-1);
    if (last?.isText && n.isText && last.sameMarkup(n)) out[out.length - 1] = last.withText(last.text + n.text);
    else out.push(n);
  }
  return out;
}

// plain is the text of an image's description.
const plain = (tokens) => show(tokens.map((t) =>
  t.type === "image" ? plain(t.children) : t.type === "softbreak" || t.type === "hardbreak" ? "\n" : t.content).join(""));

// joins reports whether a line break stands between Chinese characters, where
// readers see nothing of it. Tags are nothing to see either.
function joins(tokens, i) {
  const seen = (t) => t.type !== "html_inline" && (t.content || t.type === "hardbreak" || t.type === "footnote_ref");
  const before = tokens.slice(0, i).findLast(seen), after = tokens.slice(i + 1).find(seen);
  return before?.type === "text" && after?.type === "text" &&
    isChinese(Array.from(before.content).pop()) && isChinese(Array.from(after.content)[0]);
}
