// What typing turns into: the signs of Markdown, as soon as a space follows.
import { inputRules, InputRule, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { cutKind } from "./dialect.js";
import { schema } from "./schema.js";
import { TextSelection } from "prosemirror-state";

const { nodes } = schema;

const callout = new InputRule(/^[:：]{3}(\S+)\s$/, (state, match, start) => {
  const found = cutKind(match[1]);
  const $start = state.doc.resolve(start);
  if (!found || $start.depth !== 1) return null;
  const node = nodes.callout.create({ kind: found.kind }, [nodes.callout_title.create(), nodes.paragraph.create()]);
  const tr = state.tr.replaceWith($start.before(), $start.after(), node);
  return tr.setSelection(TextSelection.create(tr.doc, $start.before() + 4));
});

export const rules = () => inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,6})\s$/, nodes.heading, (m) => ({ level: m[1].length })),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    wrappingInputRule(/^\s*[-+*]\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,3})[.)]\s$/, nodes.ordered_list, (m) => ({ order: Number(m[1]) }), (m, n) => n.childCount + n.attrs.order === Number(m[1])),
    textblockTypeInputRule(/^```$/, nodes.code_block),
    callout,
  ],
});
