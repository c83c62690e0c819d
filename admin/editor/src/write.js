// A document to Markdown in the normal form of README.md. What is written is
// read again before it is believed: a text that would come back as something
// else is written with more care, step by step (see careful).
import { begins, ends } from "./chinese.js";
import { blocks } from "./read.js";
import { schema } from "./schema.js";

const { nodes } = schema;

// write is the Markdown of one block, without a line break at its end. Before
// is what stands in front of it: two lists must not grow together.
export function write(node, before = "") {
  const make = writers[node.type.name];
  return make(node, before);
}

// sequence writes the children of a container, a blank line between them, or
// none where a tight list allows it.
function sequence(parent, tight = false) {
  let out = "", last = null;
  parent.forEach((child) => {
    if (child.type === nodes.callout_title) return;
    const text = write(child, last?.type === child.type ? out : "");
    if (!text) return;
    out += out ? (tight && canFollow(last, child) ? "\n" : "\n\n") + text : text;
    last = child;
  });
  return out;
}

// canFollow reports whether b may stand on the line below a and still be a
// block of its own.
const canFollow = (a, b) => closes.has(a.type) || (a.type === nodes.paragraph && (interrupts.has(b.type) ||
  (b.type === nodes.ordered_list && b.attrs.order === 1)));
const closes = new Set([nodes.heading, nodes.horizontal_rule, nodes.code_block, nodes.callout]);
const interrupts = new Set([nodes.bullet_list, nodes.code_block, nodes.blockquote, nodes.callout, nodes.heading]);

const indent = (text, by) => text.replace(/\n(?=[^\n])/g, "\n" + by);

const writers = {
  paragraph: (n) => textblock(n, (s) => s, "paragraph"),
  heading: (n) => {
    const mark = "#".repeat(n.attrs.level);
    return textblock(n, (s) => (s ? mark + " " + s : mark), "heading");
  },
  blockquote: (n) => sequence(n).split("\n").map((l) => (l ? "> " + l : ">")).join("\n"),
  bullet_list: (n, before) => {
    const mark = lastMarker(before) === "-" ? "*" : "-";
    return list(n, () => mark + " ");
  },
  ordered_list: (n, before) => {
    const mark = lastMarker(before) === "." ? ")" : ".";
    return list(n, (i) => n.attrs.order + i + mark + " ");
  },
  code_block: (n) => {
    const longest = Math.max(2, ...(n.textContent.match(/`+/g) ?? []).map((s) => s.length));
    const fence = n.attrs.params.includes("`") ? "~".repeat(3) : "`".repeat(longest + 1);
    return fence + n.attrs.params + "\n" + (n.textContent ? n.textContent + "\n" : "") + fence;
  },
  horizontal_rule: () => "---",
  callout: (n) => {
    const title = textblock(n.firstChild, (s) => s, "title");
    const body = sequence(n);
    return ":::" + n.attrs.kind + (title ? " " + title : "") + "\n" + (body ? body + "\n" : "") + ":::";
  },
  footnote: (n) => ("[^" + n.attrs.label + "]: " + indent(sequence(n), "    ")).trimEnd(),
  raw: (n) => n.textContent,
  table,
};

function list(node, marker) {
  const tight = node.attrs.tight && !node.content.content.some(isLoose);
  const items = [];
  node.forEach((item, _, i) => {
    const mark = marker(i);
    const box = item.attrs.checked === null ? "" : item.attrs.checked ? "[x] " : "[ ] ";
    items.push((mark + box + indent(sequence(item, tight), " ".repeat(mark.length))).trimEnd());
  });
  return items.join(tight ? "\n" : "\n\n");
}

// isLoose: no tight list can hold such an item.
function isLoose(item) {
  for (let i = 1; i < item.childCount; i++) {
    if (!canFollow(item.child(i - 1), item.child(i)) && item.child(i).type !== nodes.table) return true;
  }
  return false;
}

// lastMarker is the sign of the list that a text ends with: - or * of bullets,
// . or ) of numbers.
function lastMarker(text) {
  for (const line of text.split("\n").reverse()) {
    const found = /^(?:([-+*])|\d{1,9}([.)]))(?:\s|$)/.exec(line);
    if (found) return found[1] ?? found[2];
  }
  return "";
}

function table(node) {
  const rows = [];
  node.forEach((row) => {
    const cells = [];
    row.forEach((cell) => {
      const parts = [];
      cell.forEach((p) => parts.push(textblock(p, (s) => s, "cell")));
      cells.push(parts.join("<br>"));
    });
    rows.push("| " + cells.join(" | ") + " |");
  });
  const rule = [];
  node.firstChild.forEach((cell) => rule.push({ left: ":---", center: ":---:", right: "---:" }[cell.attrs.align] ?? "---"));
  rows.splice(1, 0, "| " + rule.join(" | ") + " |");
  return rows.join("\n");
}

// careful are the ways to write a text, from plain to certain: as it is; with
// escapes; with commas and brackets moved out of bold text; with _ for *; and
// with tags for marks.
const careful = [{}, { escape: true }, { escape: true, expel: true }, { escape: true, expel: true, em: "_" }, { escape: true, tags: true }];

// wraps make a text of its own of a textblock, so that it can be read again,
// and find the block that must come back.
const wraps = {
  paragraph: { put: (s) => s, get: (b) => b },
  heading: { put: (s) => s, get: (b) => b },
  title: { put: (s) => ":::提示 " + s + "\n甲\n:::", get: (b) => b.firstChild },
  cell: { put: (s) => "| " + s + " | 乙 |\n|---|---|", get: (b) => b.firstChild?.firstChild?.firstChild },
};

const remembered = new WeakMap(); // what was found for a node; nodes never change

function textblock(node, dress, where) {
  const known = remembered.get(node);
  if (known?.where === where) return known.text;
  const { put, get } = wraps[where];
  let text = "";
  for (const how of careful) {
    const list = runs(node, how);
    text = dress(inline(list, where, how));
    if (!text) break;
    const back = blocks(put(text));
    const found = back.length === 1 ? get(back[0].node) : null;
    if (found?.isTextblock && (where === "title" || where === "cell" || found.type === node.type) && same(runs(found, {}), list)) break;
  }
  remembered.set(node, { where, text });
  return text;
}

const same = (a, b) => JSON.stringify(a.map(comparable)) === JSON.stringify(b.map(comparable));
const comparable = (r) => [r.text ?? r.node.type.name + JSON.stringify(r.node.attrs), r.marks.map((m) => m.type.name + JSON.stringify(m.attrs)).sort()];

// runs are the pieces of a textblock, each text or node with its marks. No
// emphasis begins or ends with a space: nothing could be written for it.
function runs(node, how) {
  const list = [];
  node.forEach((n) => {
    if (n.isText) list.push({ text: n.text.replace(/\n/g, " "), marks: [...n.marks] });
    else list.push({ node: n, marks: [...n.marks] });
  });
  for (const name of ["strong", "em", "strike"]) expel(list, name, how.expel);
  return merge(trimEnds(list));
}

// expel takes spaces (and signs no emphasis may begin or end with) out of the
// ends of each stretch that bears a mark.
function expel(list, name, signs) {
  const head = signs ? new RegExp("^[\\s" + ends + "]+") : /^[ \t\n]+/, tail = signs ? new RegExp("[\\s" + begins + "]+$") : /[ \t\n]+$/;
  const has = (i) => list[i]?.marks.some((m) => m.type.name === name);
  const bare = (marks) => marks.filter((m) => m.type.name !== name);
  for (let i = 0; i < list.length; i++) {
    if (!has(i) || list[i].text === undefined || list[i].text === "") continue;
    if (!has(i - 1)) {
      const found = head.exec(list[i].text)?.[0];
      if (found) {
        const rest = { text: list[i].text.slice(found.length), marks: list[i].marks };
        list.splice(i, 1, { text: found, marks: bare(list[i].marks) }, ...(rest.text ? [rest] : []));
        continue;
      }
    }
    if (!has(i + 1)) {
      const found = tail.exec(list[i].text)?.[0];
      if (found) {
        const rest = { text: list[i].text.slice(0, -found.length), marks: list[i].marks };
        list.splice(i, 1, ...(rest.text ? [rest] : []), { text: found, marks: bare(list[i].marks) });
        i = Math.max(-1, i - 2); // what stands before may end with one, too
      }
    }
  }
}

// trimEnds drops the spaces at the ends of a block, which Markdown does not keep.
function trimEnds(list) {
  while (list.length && list[0].text !== undefined) {
    list[0].text = list[0].text.replace(/^[ \t]+/, "");
    if (list[0].text) break;
    list.shift();
  }
  while (list.length && list.at(-1).text !== undefined) {
    list.at(-1).text = list.at(-1).text.replace(/[ \t]+$/, "");
    if (list.at(-1).text) break;
    list.pop();
  }
  while (list.length && list.at(-1).node?.type === nodes.hard_break) list.pop();
  return list;
}

const key = (marks) => marks.map((m) => m.type.name + JSON.stringify(m.attrs)).sort().join();

function merge(list) {
  const out = [];
  for (const r of list) {
    const last = out.at(-1);
    if (last && last.text !== undefined && r.text !== undefined && key(last.marks) === key(r.marks)) last.text += r.text;
    else if (r.text !== "") out.push({ ...r });
  }
  return out;
}

const rank = ["link", "strike", "em", "strong", "code"];

// inline writes runs: marks that last longer stand outside.
function inline(list, where, how) {
  let out = "", active = [];
  for (let i = 0; i <= list.length; i++) {
    const wanted = list[i]?.marks ?? [];
    const keep = active.findIndex((m) => !m.isInSet(wanted));
    const closing = keep < 0 ? [] : active.slice(keep);
    for (const m of closing.reverse()) out += sign(m, false, how, list[i - 1]);
    if (keep >= 0) active = active.slice(0, keep);
    if (i === list.length) break;
    const opening = wanted.filter((m) => !m.isInSet(active)).sort((a, b) => reach(list, i, b) - reach(list, i, a) || order(a) - order(b));
    for (const m of opening) out += sign(m, true, how, list[i]);
    active = [...active, ...opening];
    out += piece(list[i], where, how, lineStart(out), list[i + 1]);
  }
  return out;
}

const order = (m) => rank.indexOf(m.type.name);
const lineStart = (out) => out === "" || out.endsWith("\n");

function reach(list, i, mark) {
  if (mark.type.name === "code") return -1; // nothing can be marked inside of it
  let n = i;
  while (n < list.length && mark.isInSet(list[n].marks)) n++;
  return n - i;
}

const tags = { em: "em", strong: "strong", strike: "del" };

function sign(mark, open, how, run) {
  switch (mark.type.name) {
    case "link": return open ? "[" : "](" + destination(mark.attrs.href) + title(mark.attrs.title) + ")";
    case "code": return ""; // piece writes it whole
    default:
      if (how.tags) return (open ? "<" : "</") + tags[mark.type.name] + ">";
      return { strong: "**", em: how.em ?? "*", strike: "~~" }[mark.type.name];
  }
}

function piece(run, where, how, atStart, next) {
  if (run.node) return atom(run.node, where);
  if (run.marks.some((m) => m.type.name === "code")) return cellSafe(codeSpan(run.text), where);
  let s = run.text;
  if (atStart) s = s.replace(/^:(?=[ \t])/, "\\:").replace(/^\[(?=[ xX]\]([ \t]|$))/, "\\[");
  if (how.escape) s = escape(s, atStart && where !== "title", !next);
  return cellSafe(s, where);
}

// A bar ends a cell, even in code.
const cellSafe = (s, where) => (where === "cell" ? s.replace(/\\?\|/g, "\\|") : s);

const oneLine = { heading: true, cell: true, title: true };

function atom(node, where) {
  const a = node.attrs;
  switch (node.type) {
    case nodes.hard_break: return oneLine[where] ? "<br>" : "\\\n";
    case nodes.footnote_ref: return "[^" + a.label + "]";
    case nodes.html: return cellSafe(a.source, where);
    case nodes.image: return cellSafe("![" + a.alt.replace(/[\\[\]`*_<]/g, "\\$&").replace(/\s+/g, " ") + "](" + destination(a.src) + title(a.title) + ")", where);
  }
  throw new Error("no way to write " + node.type.name);
}

function codeSpan(text) {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((s) => s.length));
  const ticks = "`".repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(text) && text.trim() ? " " : "";
  return ticks + pad + text + pad + ticks;
}

function destination(href) {
  if (href === "") return "<>";
  if (!/[\s<>]/.test(href) && balanced(href)) return href.replace(/\\(?=[!-/:-@[-`{-~])|&(?=#?\w+;)/g, "\\$&");
  return "<" + href.replace(/[\\<>]/g, "\\$&").replace(/\s/g, (c) => (c === " " ? c : encodeURIComponent(c))) + ">";
}

function balanced(s) {
  let depth = 0;
  for (const c of s) {
    if (c === "(") depth++;
    if (c === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

const title = (s) => (s ? ' "' + s.replace(/["\\]|&(?=#?\w+;)/g, "\\$&").replace(/\n+/g, " ") + '"' : "");

const address = /https?:\/\/[^\s<>\p{Script=Han}，。；：！？、（）《》“”]+|www\.[^\s<>\p{Script=Han}，。；：！？、（）《》“”]+/gu;

// escape puts a backslash before what could be read as a sign. Addresses are
// left alone: the site links them, and would not with a backslash in them.
function escape(s, atStart, atEnd) {
  let out = "", at = 0;
  for (const m of s.matchAll(address)) {
    out += signs(s.slice(at, m.index)) + m[0];
    at = m.index + m[0].length;
  }
  out += signs(s.slice(at));
  out = out.replace(/!$/, "\\!"); // a link may follow
  if (atEnd) out = out.replace(/#$/, "\\#");
  if (!atStart) return out;
  return out.replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2").replace(/^([-+=#>:])/, "\\$1").replace(/^：/, "&#65306;");
}

const signs = (s) => s.replace(/[\\`*~[\]<|]|&(?=#?\w+;)|!(?=\[)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");
