// Small plugins: a paragraph to write on at the end, words in an empty
// document, and a way for Tab to leave.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { schema } from "./schema.js";

const { nodes } = schema;

// lastParagraph keeps a paragraph behind a table or a block at the end, where a
// caret could not go otherwise. Empty paragraphs are not saved.
export const lastParagraph = () => new Plugin({
  appendTransaction: (_, __, state) => {
    const last = state.doc.lastChild;
    if (last.type === nodes.paragraph || last.type === nodes.heading || last.type === nodes.bullet_list || last.type === nodes.ordered_list) return null;
    return state.tr.insert(state.doc.content.size, nodes.paragraph.create()).setMeta("addToHistory", false);
  },
});

export const placeholder = (words) => new Plugin({
  props: {
    decorations: (state) => {
      const { doc } = state;
      if (doc.childCount > 1 || doc.firstChild.type !== nodes.paragraph || doc.firstChild.content.size) return null;
      return DecorationSet.create(doc, [Decoration.node(0, doc.firstChild.nodeSize, { class: "ed-empty", "data-words": words })]);
    },
  },
});

// freeTab: after Escape the next Tab leaves the editor instead of indenting.
export const freeTab = () => {
  let free = false;
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown: (_, e) => {
          const leaving = free && e.key === "Tab";
          if (e.key === "Escape") free = true;
          else if (!["Shift", "Control", "Alt", "Meta"].includes(e.key)) free = false;
          return leaving; // the browser's own Tab
        },
      },
    },
  });
};
