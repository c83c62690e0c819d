// Package search finds documents, law articles, sessions and stations.
//
// The index is a Bleve index in a folder of this node. It follows the journal:
// a batch of changes and the journal position it brings the index to are
// written together, so a crash leaves an index that is merely a little old.
// A folder that is missing, broken or of another schema is rebuilt beside the
// old one and swapped in.
//
// Text is analysed the same way when indexing and when asking (analyze.go):
// folded widths and traditional characters, numerals in one form (第三十九条 =
// 第39条 = 39条), single characters, bigrams and dictionary words together.
package search
