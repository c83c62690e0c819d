// A text under edit. It remembers for each outermost block the very lines it
// came from, so that whatever is not touched is saved byte for byte; only
// blocks that were changed are written anew.
import { blocks } from "./read.js";
import { schema } from "./schema.js";
import { write } from "./write.js";

const { nodes } = schema;

const keys = new WeakMap();

// key tells blocks with the same content from others.
function key(node) {
  let k = keys.get(node);
  if (!k) keys.set(node, k = JSON.stringify(node));
  return k;
}

// open reads a text. A block that could not be written again so that it reads
// the same is kept as a raw block with its source.
export function open(text) {
  const lines = text.split("\n"), pieces = [];
  let at = 0;
  const slice = (from, to) => lines.slice(from, to).join("\n");
  const put = (node, from, to) => {
    while (to > from && lines[to - 1].trim() === "") to--;
    if (to <= from) return;
    pieces.push({ node, from, to, source: slice(from, to) });
    at = to;
  };
  for (const b of blocks(text)) {
    const from = Math.max(b.from, at);
    if (slice(at, from).trim() !== "") put(rawBlock(slice(at, from)), at, from); // nothing may get lost
    if (b.to > from) put(b.node, from, b.to);
  }
  if (slice(at, lines.length).trim() !== "") put(rawBlock(slice(at, lines.length)), at, lines.length);
  return new Kept(text, pieces.map((p) => (faithful(p.node) ? p : { ...p, node: rawBlock(p.source) })), lines);
}

const rawBlock = (source) => nodes.raw.create(null, source ? schema.text(source.replace(/\n+$/, "")) : null);

function faithful(node) {
  if (node.type === nodes.raw) return true;
  const back = blocks(write(node));
  return back.length === 1 && back[0].node.eq(node);
}

class Kept {
  constructor(text, pieces, lines) {
    this.text = text;
    this.pieces = pieces;
    this.gaps = pieces.map((p, i) => lines.slice(i ? pieces[i - 1].to : 0, p.from).map((l) => l + "\n").join(""));
    this.tail = text.slice(this.joined().length);
    this.doc = nodes.doc.create(null, pieces.length ? pieces.map((p) => p.node) : [nodes.paragraph.create()]);
  }

  // joined is everything up to the last block.
  joined() {
    return this.pieces.map((p, i) => (i ? "\n" : "") + this.gaps[i] + p.source).join("");
  }

  // save is the Markdown of a document that was made from this text.
  save(doc) {
    const from = this.match(doc);
    let out = "", last = -1, before = null;
    doc.forEach((node, _, i) => {
      const n = from[i];
      const text = n === undefined ? write(node, before?.type === node.type ? out : "") : this.pieces[n].source;
      if (text === "") return; // an empty paragraph
      if (out === "") out = n === 0 ? this.gaps[0] + text : text;
      else out += (n !== undefined && last >= 0 && n === last + 1 ? "\n" + this.gaps[n] : "\n\n") + text;
      last = n ?? -1;
      before = node;
    });
    return out === "" ? (this.pieces.length ? "" : this.text) : out + (/\n/.test(this.tail) || !this.text ? this.tail || "\n" : this.tail);
  }

  // match finds for each block of the document the piece it is, if it is one:
  // first from both ends, then the next equal one.
  match(doc) {
    const found = [], { pieces } = this;
    let head = 0, tail = 0;
    const equal = (i, n) => key(doc.child(i)) === key(pieces[n].node);
    while (head < doc.childCount && head < pieces.length && equal(head, head)) found[head] = head++;
    while (tail < Math.min(doc.childCount, pieces.length) - head && equal(doc.childCount - 1 - tail, pieces.length - 1 - tail)) {
      found[doc.childCount - 1 - tail] = pieces.length - 1 - tail;
      tail++;
    }
    const left = new Map();
    for (let n = head; n < pieces.length - tail; n++) {
      const k = key(pieces[n].node);
      left.set(k, [...(left.get(k) ?? []), n]);
    }
    for (let i = head; i < doc.childCount - tail; i++) {
      const list = left.get(key(doc.child(i)));
      if (list?.length) found[i] = list.shift();
    }
    return found;
  }
}

// normal writes every block anew, as if each had been changed.
export function normal(text) {
  let out = "", before = null;
  open(text).doc.forEach((node) => {
    const s = write(node, before?.type === node.type ? out : "");
    if (!s) return;
    out += (out ? "\n\n" : "") + s;
    before = node;
  });
  return out && out + "\n";
}
