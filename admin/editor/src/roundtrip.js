// For the tests: reads {name: Markdown} as JSON and answers for each text what
// comes of opening and saving it, of writing all of it anew, of that once more,
// of an edit in its first paragraph, and which blocks are kept raw.
import { readFileSync } from "node:fs";
import { normal, open } from "./keep.js";
import { schema } from "./schema.js";

const answers = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const kept = open(text), anew = normal(text);
  const raw = [];
  kept.doc.descendants((n) => { if (n.type === schema.nodes.raw) raw.push(n.textContent); });
  answers[name] = { saved: kept.save(kept.doc), anew, again: normal(anew), raw, edited: edit(kept) };
}
process.stdout.write(JSON.stringify(answers));

// edit adds a paragraph in front and one at the end.
function edit(kept) {
  const p = (s) => schema.nodes.paragraph.create(null, schema.text(s));
  const doc = kept.doc.copy(kept.doc.content.addToStart(p("前加。")).addToEnd(p("后加。")));
  return kept.save(doc);
}
