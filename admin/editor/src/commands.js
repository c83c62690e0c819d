// What the buttons and keys do to a document.
import { chainCommands, exitCode, setBlockType, toggleMark, wrapIn, lift, selectParentNode } from "prosemirror-commands";
import { Fragment } from "prosemirror-model";
import { redo, undo } from "prosemirror-history";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { NodeSelection, TextSelection } from "prosemirror-state";
import {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, setCellAttr,
} from "prosemirror-tables";
import { read } from "./read.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// around finds the innermost node of a type around the selection.
export function around(state, ...types) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if (types.includes($from.node(depth).type)) return { node: $from.node(depth), pos: $from.before(depth), depth };
  }
  return null;
}

const heading = (level) => (state, dispatch) => {
  const same = state.selection.$from.parent.type === nodes.heading && state.selection.$from.parent.attrs.level === level;
  return (same ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level }))(state, dispatch);
};

const list = (type) => (state, dispatch) => {
  const inside = around(state, nodes.bullet_list, nodes.ordered_list);
  if (!inside) return wrapInList(type)(state, dispatch);
  if (inside.node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup(inside.pos, type, { tight: inside.node.attrs.tight }));
  return true;
};

const quote = (state, dispatch) => (around(state, nodes.blockquote) ? lift : wrapIn(nodes.blockquote))(state, dispatch);

// insert puts blocks of Markdown behind the block of the caret, or in its place
// when that is empty, and marks what is to be overwritten: the title of a block
// or the first words in it.
export function insert(markdown, title = false) {
  return (state, dispatch) => {
    if (dispatch) put(state, dispatch, read(markdown).content, title);
    return true;
  };
}

function put(state, dispatch, content, title) {
  const { $from } = state.selection;
  let depth = $from.depth;
  while (depth > 1 && !canHold($from.node(depth - 1), content)) depth--;
  const empty = $from.parent.isTextblock && $from.parent.content.size === 0 && depth === $from.depth && depth > 0;
  const from = depth === 0 ? $from.pos : empty ? $from.before(depth) : $from.after(depth);
  const to = depth === 0 ? $from.pos : $from.after(depth);
  const tr = state.tr.replaceWith(from, to, content);
  let mark = null;
  tr.doc.nodesBetween(from, Math.min(from + content.size, tr.doc.content.size), (node, pos) => {
    if (mark || !node.isTextblock || (node.type === nodes.callout_title) !== title) return;
    mark = TextSelection.create(tr.doc, pos + 1, pos + 1 + node.content.size);
  });
  dispatch(tr.setSelection(mark ?? TextSelection.near(tr.doc.resolve(Math.min(from + 1, tr.doc.content.size)))).scrollIntoView());
}

const canHold = (parent, content) => {
  const index = parent.childCount;
  return parent.canReplace(index, index, content);
};

// block makes the marked blocks, or the one of the caret, into one of a kind. In
// a block it changes the kind; nothing else would be allowed there.
export function block(kind, title, sample) {
  return (state, dispatch) => {
    const inside = around(state, nodes.callout);
    if (inside) {
      dispatch?.(state.tr.setNodeMarkup(inside.pos, null, { kind }));
      return true;
    }
    const { $from, $to } = state.selection;
    const range = $from.blockRange($to);
    const marked = range && (!state.selection.empty || $from.parent.textContent) && !title;
    const content = [];
    for (let i = range?.startIndex; marked && i < range.endIndex; i++) content.push(range.parent.child(i));
    const whole = Fragment.from([nodes.callout_title.create(), ...content]);
    if (!marked || !nodes.callout.validContent(whole) || !range.parent.canReplaceWith(range.startIndex, range.endIndex, nodes.callout)) {
      return insert(`:::${kind}${title ? " " + title : ""}\n${sample}\n:::`, title !== "")(state, dispatch);
    }
    if (dispatch) {
      const tr = state.tr.replaceWith(range.start, range.end, nodes.callout.create({ kind }, whole));
      dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(range.start + 4), 1)).scrollIntoView());
    }
    return true;
  };
}


// unblock takes the innermost block around the caret away and leaves what is in it.
function unblock(state, dispatch) {
  const inside = around(state, nodes.callout);
  if (!inside) return false;
  if (dispatch) {
    const content = [];
    inside.node.forEach((n) => {
      if (n.type !== nodes.callout_title) content.push(n);
      else if (n.content.size) content.push(nodes.paragraph.create(null, n.content));
    });
    const tr = state.tr.replaceWith(inside.pos, inside.pos + inside.node.nodeSize, content);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(inside.pos + 1))).scrollIntoView());
  }
  return true;
}

function footnote(state, dispatch) {
  let n = 1;
  const used = new Set();
  state.doc.descendants((node) => { if (node.type === nodes.footnote || node.type === nodes.footnote_ref) used.add(node.attrs.label); });
  while (used.has(String(n))) n++;
  const label = String(n);
  if (!state.selection.$from.parent.inlineContent || around(state, nodes.code_block, nodes.raw)) return false;
  if (dispatch) {
    const tr = state.tr.replaceSelectionWith(nodes.footnote_ref.create({ label }), false);
    tr.insert(tr.doc.content.size, nodes.footnote.create({ label }, nodes.paragraph.create()));
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(tr.doc.content.size), -1)).scrollIntoView());
  }
  return true;
}

function toggleTask(state, dispatch) {
  const item = around(state, nodes.list_item);
  if (!item) return false;
  dispatch?.(state.tr.setNodeMarkup(item.pos, null, { checked: item.node.attrs.checked === null ? false : item.node.attrs.checked ? null : true }));
  return true;
}

// hardBreak is a new line in the same paragraph; in code, a line break.
const hardBreak = chainCommands(exitCode, (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

// fromTitle leads from the title of a block into it.
function fromTitle(state, dispatch) {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.callout_title) return false;
  dispatch?.(state.tr.setSelection(TextSelection.near(state.doc.resolve($from.after()), 1)).scrollIntoView());
  return true;
}

// leave makes a paragraph behind the block, table, quote or code around the
// caret: the way out by keyboard.
function leave(state, dispatch) {
  const outer = around(state, nodes.callout, nodes.table, nodes.blockquote, nodes.code_block, nodes.raw, nodes.footnote);
  if (!outer) return false;
  const after = outer.pos + outer.node.nodeSize;
  if (dispatch) {
    const tr = state.tr.insert(after, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  }
  return true;
}

// leaveEmpty leaves a block when Enter is pressed in the empty paragraph at its end.
function leaveEmpty(state, dispatch) {
  const { $from, empty } = state.selection;
  const depth = $from.depth - 1;
  if (!empty || depth < 1 || $from.parent.type !== nodes.paragraph || $from.parent.content.size) return false;
  const holder = $from.node(depth);
  if (holder.type !== nodes.callout && holder.type !== nodes.footnote) return false;
  if ($from.indexAfter(depth) !== holder.childCount || holder.childCount < (holder.type === nodes.callout ? 3 : 2)) return false;
  if (dispatch) {
    const tr = state.tr.delete($from.before(), $from.after());
    const after = tr.mapping.map($from.after(depth));
    tr.insert(after, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  }
  return true;
}

// nextItem begins another item; below a box, one with a box to tick.
function nextItem(state, dispatch) {
  const item = around(state, nodes.list_item);
  return splitListItem(nodes.list_item, item && { checked: item.node.attrs.checked === null ? null : false })(state, dispatch);
}

const inTable = (command) => (state, dispatch) => isInTable(state) && command(state, dispatch);
const table = "| 情况 | 怎么办 |\n| --- | --- |\n|  |  |\n|  |  |";

// above keeps the first row the head: nothing is put before it.
const above = (state, dispatch) => {
  const row = around(state, nodes.table_row);
  return row && row.node.firstChild.type !== nodes.table_header && addRowBefore(state, dispatch);
};

// The commands by the names that buttons bear.
export const commands = {
  undo: () => undo,
  redo: () => redo,
  heading: (level) => heading(Number(level)),
  paragraph: () => setBlockType(nodes.paragraph),
  bold: () => toggleMark(marks.strong),
  italic: () => toggleMark(marks.em),
  strike: () => toggleMark(marks.strike),
  code: () => toggleMark(marks.code),
  bullets: () => list(nodes.bullet_list),
  numbers: () => list(nodes.ordered_list),
  task: () => toggleTask,
  quote: () => quote,
  table: () => insert(table),
  rule: () => insert("---"),
  footnote: () => footnote,
  block: (kind, data) => block(kind, data.title ?? "", data.sample || "写在这里"),
  unblock: () => unblock,
  leave: () => leave,
  rowabove: () => inTable(above),
  rowbelow: () => inTable(addRowAfter),
  colbefore: () => inTable(addColumnBefore),
  colafter: () => inTable(addColumnAfter),
  dropcol: () => inTable(deleteColumn),
  droprow: () => inTable(deleteRow),
  droptable: () => inTable(deleteTable),
  align: (value) => inTable(setCellAttr("align", value || null)),
};

const markCommand = (name) => commands[name]();

// keys are the shortcuts; those of Word where it has one.
export const keys = {
  "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo,
  "Mod-b": markCommand("bold"), "Mod-i": markCommand("italic"), "Mod-Shift-x": markCommand("strike"), "Mod-e": markCommand("code"),
  "Mod-Alt-0": commands.paragraph(), "Mod-Alt-2": heading(2), "Mod-Alt-3": heading(3), "Mod-Alt-4": heading(4),
  "Mod-Shift-8": list(nodes.bullet_list), "Mod-Shift-7": list(nodes.ordered_list), "Mod-Shift-9": quote,
  "Mod-Enter": chainCommands(inTable(leave), leave, toggleTask),
  "Shift-Enter": hardBreak,
  Tab: chainCommands(goToNextCell(1), sinkListItem(nodes.list_item)),
  "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(nodes.list_item)),
  "Alt-ArrowUp": selectParentNode,
  Enter: chainCommands(fromTitle, leaveEmpty, nextItem),
};

// active reports whether a button shows what is at the caret.
export function active(state, name, value) {
  const { $from, from, to, empty } = state.selection;
  const mark = { bold: marks.strong, italic: marks.em, strike: marks.strike, code: marks.code, link: marks.link }[name];
  if (mark) return empty ? !!mark.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, mark);
  switch (name) {
    case "heading": return $from.parent.type === nodes.heading && $from.parent.attrs.level === Number(value);
    case "bullets": return around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === nodes.bullet_list;
    case "numbers": return around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === nodes.ordered_list;
    case "quote": return !!around(state, nodes.blockquote);
    case "block": return around(state, nodes.callout)?.node.attrs.kind === value;
  }
  return false;
}

export const picked = (state) => (state.selection instanceof NodeSelection && state.selection.node.type === nodes.image ? state.selection.node : null);
