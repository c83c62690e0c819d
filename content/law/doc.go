// Package law keeps the texts of laws and finds citations of them.
//
// The words:
//
//   - Law (法规): an identity, 劳动合同法, with a slug that never changes (ldht);
//   - Version (版本): one dated text of it. Importing a newer text adds a
//     version beside the older ones;
//   - Article (条): a version's unit of address, /laws/ldht/38. Its paragraphs
//     are 款, and 项 where they begin with （一）. What stands outside of any 条
//     (a preamble, an annex) is an Article with Number 0, so that a version is
//     one run of articles and no text is lost;
//   - Citation (引用): a place in some text that names articles of a law,
//     《劳动合同法》第三十八条第一款第二项.
//
// A law file is Markdown with the title, lines of history before
// <!-- INFO END -->, headings for 编, 章 and 节, and the articles: ParseFile.
// Store.Import walks a tree of them. A file that is not well formed is named
// with line and reason, and the others go on.
//
// Registry is what the loaded laws are called. It finds citations in text
// (Citations) and knows which articles exist, so that no link is dead.
//
// Compare says what became of each article between two versions; Store.Changes
// reads it for the newest.
//
// Two tables are ours, in data/: laws.csv (slugs, short names, which law
// took the place of which) and inforce.csv (days on which amended versions
// came into force, which the files do not tell).
package law
