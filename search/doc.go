// Package search finds documents, law articles, laws, sessions and stations.
//
// # Words
//
//   - Entry: one thing that can be found, with what a hit shows of it. It is
//     stored in the index, so a result costs no query to the database and is of
//     one moment.
//   - Shelf: one Bleve index. Home: the folder with the shelf in use.
//   - View: a shelf at one moment, with what ranking needs held in memory.
//   - Token: what analysis cuts from a text. Term: what a question looks for.
//   - Cell: a place of the question that can be matched; see question.
//   - Postings: the documents that have a term, and what it counts in each.
//   - Prior: how likely a law is meant before anything is asked.
//   - Gloss: what an article is about in the words of those who ask (package law).
//
// # Analysis
//
// Text is cut the same way when indexing and when asking (analyze.go): widths,
// case and traditional characters are folded; single characters, pairs and words
// of our small dictionary (dict.txt) come out of one pass; a place in a law is
// one token in any spelling (第三十九条 = 第39条 = 39条), and so is a quantity
// (amount.go: 一万二千元 = 1.2万元, 百分之三十 = 30%, 三十日 = 30天), beside what it is
// made of; letters and digits stay whole. testdata/analysis.txt shows it. No word is
// guessed by statistics and nothing is loaded that takes time: pairs find
// everything, words weigh what belongs together. Only a pair that would be another
// word is left out of a longer one, where dict.txt has a bar: the 裁员 in 仲裁员.
//
// # Index
//
// Bleve's scorch index is used directly, with documents of our own (bleve.go):
// its mappings would need analyzers registered in a process-wide registry, and
// would store five times as much for the same ranking.
//
// The index follows the journal (follow.go): a batch of changes and the journal
// number it brings the index to are written together, so a crash leaves an index
// that is merely a little old. A shelf that is missing, damaged, of another
// schema or of another journal is rebuilt beside the old one and swapped in
// (rebuild.go), and searching goes on. Each node has its own.
//
// What only the staff may find, the newest edition of each document that readers
// do not find, stands in the same index in fields of other names (heads.go):
// readers' searches cannot find or count it. The staff reads both through a view
// of its own (view_staff.go).
//
// # Question and answer
//
// A text is understood as terms that cover its cells (understand.go): words,
// pairs, synonyms of what workers say (synonyms.txt) and of how people speak of
// other law (synonyms_law.txt). Documents are scored by
// BM25 over their fields (score.go), from postings that each view holds decoded
// (postings.go), and a prior by how many laws name theirs (prior.go). They are
// kept when they cover enough of what the question is about, and ordered by what
// kind of thing is asked for. The best thousand get a second look at single
// characters. A citation is understood by package law and opens the article.
//
// docs/search.md has what each part is worth, measured, and what was tried and
// dropped.
//
// # Typing
//
// What is typed is read before it is understood (reread.go). Latin letters that are
// no word of the index are pinyin (typed.go): the text becomes a row of units, and
// the cheapest way through it, word by word, in full or by initials, is what it
// says. Chinese is mended (spell.go) when what was typed stands in no text, what is
// meant is a word that does, sounds or looks alike (confuse.go), shares a character
// and does not lean on its neighbours; less certain words are looked for beside
// (echoes), or offered when little is found. The words are those of the dictionary,
// of synonyms, everyday.txt and the names in the view (vocabulary.go). A citation or
// a known word is never mended. Suggestions (suggest.go, complete.go) match the same
// row with the words and titles, without scoring anything.
//
// # The editors' desk
//
// What editors set about search lives in the database, and in memory on every
// node, which follows the journal's rows of kind site (desk.go): their synonyms
// beside the built-in ones (desk_synonyms.go), and promoted answers, pages that
// stand on top for a query (desk_promoted.go, desk_target.go). Desk.Search joins
// them with what the index finds (desk_answer.go). They travel in the content
// tree (desk_exchange.go).
//
// What searches tell the editors is counted without who searched: queries that
// found nothing (desk_zero.go), and which pages were opened from which queries,
// for related searches (desk_clicks.go, desk_related.go). A query that may hold
// somebody's number is dropped whole (desk_mask.go); a related search is shown
// only when it led to a page five times on three days and says nothing that the
// page does not. docs/search-desk.md has the reasons.
//
// What people search for is never logged.
package search
