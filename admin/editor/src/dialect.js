// The grammar of songfa's Markdown for markdown-it: CommonMark with tables,
// footnotes, callouts, Chinese emphasis and strikethrough as internal/markdown
// reads them. What the editor has no node for, definition lists and link
// definitions, becomes a token "raw" with its source.
import MarkdownIt from "markdown-it";
import { delimiter } from "./chinese.js";

// markdown-it trims Unicode spaces off table cells, goldmark only ASCII ones.
// Until the tokens are read, the full-width space and the no-break space are
// characters nothing trims.
export const hide = (s) => s.replaceAll("\u3000", "\uE003").replaceAll("\u00A0", "\uE004");
export const show = (s) => s.replaceAll("\uE003", "\u3000").replaceAll("\uE004", "\u00A0");

export const kinds = ["答案", "期限", "证据", "提示", "警告", "法条", "步骤", "联系", "附件"];

const inAll = { alt: ["paragraph", "reference", "blockquote", "list"] };

export function dialect() {
  const md = new MarkdownIt({ html: true, linkify: false });
  md.normalizeLink = (s) => s;
  md.normalizeLinkText = (s) => s;
  md.validateLink = () => true;
  emphasis(md);
  md.inline.ruler.before("link", "footnote_ref", footnoteRef);
  md.block.ruler.before("blockquote", "callout", callout, inAll);
  md.block.ruler.before("reference", "footnote_def", footnoteDef, inAll);
  md.block.ruler.before("lheading", "deflist", definitionList);
  keepReferences(md);
  return md;
}

const line = (state, n) => state.src.slice(state.bMarks[n] + state.tShift[n], state.eMarks[n]);
const lineIndent = (state, n) => state.sCount[n] - state.blkIndent;

// fence cuts three or more colons, of either width, off the front of a line.
function fence(state, n) {
  if (lineIndent(state, n) > 3) return null;
  const found = /^[:：]{3,}/.exec(line(state, n));
  return found && line(state, n).slice(found[0].length);
}

// cutKind reads the word and the title behind a fence.
export function cutKind(rest) {
  rest = rest.trim();
  for (const kind of kinds) {
    if (!rest.startsWith(kind)) continue;
    const after = rest.slice(kind.length);
    if (!after || /^\s/.test(after)) return { kind, title: after.trim() };
    if (/^[:：]/.test(after)) return { kind, title: after.slice(1).trim() };
    return null;
  }
  return null;
}

const codeFence = /^(?:(?:[-+*]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})/;

// calloutEnd finds the line that ends a callout, and whether it belongs to it.
function calloutEnd(state, start, end) {
  let open = "";
  for (let n = start + 1; n < end; n++) {
    if (state.sCount[n] < state.blkIndent && !state.isEmpty(n)) return { end: n, closed: false };
    const code = codeFence.exec(line(state, n))?.[1];
    if (open) {
      if (code && code[0] === open[0] && code.length >= open.length && line(state, n).trim() === code) open = "";
      continue;
    }
    if (code) {
      open = code;
      continue;
    }
    const rest = fence(state, n);
    if (rest === null) continue;
    if (rest.trim() === "") return { end: n, closed: true };
    if (cutKind(rest)) return { end: n, closed: false };
  }
  return { end, closed: false };
}

function callout(state, start, end, silent) {
  const rest = fence(state, start);
  const found = rest !== null && !state.env.inCallout && cutKind(rest);
  if (!found) return false;
  if (silent) return true;
  const close = calloutEnd(state, start, end);
  const old = [state.parentType, state.lineMax];
  const open = state.push("callout_open", "div", 1);
  open.info = found.kind;
  open.block = true;
  open.map = [start, close.end + (close.closed ? 1 : 0)];
  const title = state.push("inline", "", 0);
  title.content = found.title;
  title.map = [start, start + 1];
  title.children = [];
  state.env.inCallout = true;
  state.parentType = "callout";
  state.lineMax = close.end;
  state.md.block.tokenize(state, start + 1, close.end);
  [state.parentType, state.lineMax] = old;
  state.env.inCallout = false;
  state.push("callout_close", "div", -1);
  state.line = open.map[1];
  return true;
}

const footnoteMark = /^\[\^([^[\]\n]*[^[\]\s][^[\]\n]*)\]/;

function footnoteRef(state, silent) {
  const found = footnoteMark.exec(state.src.slice(state.pos, state.posMax));
  if (!found) return false;
  if (!silent) state.push("footnote_ref", "", 0).content = found[1];
  state.pos += found[0].length;
  return true;
}

function footnoteDef(state, start, end, silent) {
  if (lineIndent(state, start) > 3) return false;
  const found = footnoteMark.exec(line(state, start));
  if (!found || line(state, start)[found[0].length] !== ":") return false;
  if (silent) return true;
  const open = state.push("footnote_open", "", 1);
  open.info = found[1];
  open.block = true;
  open.map = [start, 0];
  const old = [state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType];
  const from = state.bMarks[start] + state.tShift[start] + found[0].length + 1;
  const text = state.src.slice(from, state.eMarks[start]);
  const space = text.length - text.trimStart().length;
  state.bMarks[start] = from;
  state.tShift[start] = space;
  state.sCount[start] = old[3] + 4; // as if indented: its other lines are
  state.blkIndent += 4;
  state.parentType = "footnote";
  state.md.block.tokenize(state, start, end);
  [state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType] = old;
  open.map[1] = state.line;
  state.push("footnote_close", "", -1);
  return true;
}

const isDefinition = (state, n) => lineIndent(state, n) === 0 && /^:[ \t]/.test(line(state, n));

// definitionList keeps the whole list as source: a paragraph with a line that
// begins with a colon and a space, and what belongs to it.
function definitionList(state, start, end, silent) {
  if (silent || lineIndent(state, start) > 3) return false;
  let n = start + 1, any = false;
  const has = (from) => {
    let i = from;
    while (i < end && !state.isEmpty(i) && !isDefinition(state, i)) i++;
    if (i > from && i < end && state.isEmpty(i)) while (i < end && state.isEmpty(i)) i++;
    return i > from && i < end && isDefinition(state, i);
  };
  if (!has(start) || terminated(state, start, end)) return false;
  for (; n < end; n++) {
    if (state.isEmpty(n)) continue;
    if (state.sCount[n] < state.blkIndent) break;
    any ||= isDefinition(state, n);
    if (isDefinition(state, n) || lineIndent(state, n) >= 2 || !state.isEmpty(n - 1) || has(n)) continue;
    break;
  }
  if (!any) return false;
  while (state.isEmpty(n - 1)) n--;
  raw(state, start, n);
  state.line = n;
  return true;
}

// terminated reports whether another block begins between start and the first
// definition: then the paragraph before it is not its term.
function terminated(state, start, end) {
  const rules = state.md.block.ruler.getRules("paragraph");
  for (let n = start + 1; n < end && !isDefinition(state, n) && !state.isEmpty(n); n++) {
    if (rules.some((rule) => rule(state, n, end, true))) return true;
  }
  return false;
}

function raw(state, start, end) {
  const token = state.push("raw", "", 0);
  token.content = state.getLines(start, end, state.blkIndent, false);
  token.map = [start, end];
  token.block = true;
}

// keepReferences makes link definitions, which markdown-it swallows, visible.
function keepReferences(md) {
  const rule = md.block.ruler.__rules__.find((r) => r.name === "reference").fn;
  md.block.ruler.at("reference", (state, start, end, silent) => {
    if (!rule(state, start, end, silent)) return false;
    if (!silent) raw(state, start, state.line);
    return true;
  });
}

// emphasis replaces markdown-it's rules for * _ and ~.
function emphasis(md) {
  md.inline.ruler.disable(["strikethrough"]);
  md.inline.ruler2.disable(["strikethrough"]);
  md.inline.ruler.at("emphasis", scan);
  md.inline.ruler2.at("emphasis", (state) => {
    pair(state, state.delimiters);
    for (const meta of state.tokens_meta) if (meta?.delimiters) pair(state, meta.delimiters);
  });
}

function scan(state, silent) {
  const marker = state.src[state.pos];
  if (silent || !"*_~".includes(marker)) return false;
  let end = state.pos;
  while (end < state.posMax && state.src[end] === marker) end++;
  const length = end - state.pos;
  if (marker === "~" && length > 2) return false;
  const before = lastChar(state.src.slice(0, state.pos));
  const after = end < state.posMax ? String.fromCodePoint(state.src.codePointAt(end)) : " ";
  const can = delimiter(marker, before, after);
  for (let i = 0; i < length; i++) {
    state.push("text", "", 0).content = marker;
    state.delimiters.push({ marker: marker.charCodeAt(0), length, token: state.tokens.length - 1, end: -1, open: can.open, close: can.close });
  }
  state.pos = end;
  return true;
}

const lastChar = (s) => Array.from(s.slice(-2)).pop() ?? " ";

const double = { "*": "strong", _: "strong", "~": "s" }, single = { "*": "em", _: "em", "~": "s" };

// pair turns matched delimiters into open and close tokens; two of each that
// stand side by side are one strong.
function pair(state, delimiters) {
  for (let i = delimiters.length - 1; i >= 0; i--) {
    const start = delimiters[i], marker = String.fromCharCode(start.marker);
    if (start.end === -1 || !(marker in single)) continue;
    const end = delimiters[start.end], outer = delimiters[i - 1];
    const two = outer && outer.end === start.end + 1 && outer.marker === start.marker && outer.token === start.token - 1 &&
      delimiters[start.end + 1].token === end.token + 1;
    const tag = (two ? double : single)[marker];
    Object.assign(state.tokens[start.token], { type: tag + "_open", tag, nesting: 1, content: "" });
    Object.assign(state.tokens[end.token], { type: tag + "_close", tag, nesting: -1, content: "" });
    if (two) {
      state.tokens[outer.token].content = "";
      state.tokens[delimiters[start.end + 1].token].content = "";
      i--;
    }
  }
}
