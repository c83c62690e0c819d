// Package merge compares Chinese texts and joins two changes of one text. It
// knows nothing of documents, databases or pages.
//
// The words:
//
//   - Run (段): a piece of a comparison that is the same in both texts, only in
//     the old one or only in the new one. All runs of the old text together are
//     the old text, all of the new one the new text: [Old], [New].
//   - Base: what two people began with; Mine and Theirs: what they made of it.
//   - Part (处): a piece of a three-way merge. [Mine] and [Theirs] were changed
//     by one side only and merge by themselves, [Both] the same way by both. A
//     [Conflict] was changed by both sides in different ways; a person chooses.
//
// # How texts are compared
//
// First by lines, then within changed lines by sentences, then within changed
// sentences by tokens ([Diff]). A token is one Chinese character, or a whole
// number or Latin word with its marks, so that 2008 → 2025 is one change. Then
// the comparison is made readable (tidy.go): a few characters that happen to be
// the same between two changes join them, two sentences with little in common
// replace each other as wholes, and a change lies at the edges of sentences
// where it may lie there just as well.
//
// The search for the shortest script is bounded. A text that has too many
// changes is cut at what occurs once in both, and what is left is replaced as a
// whole: longer than needed, never wrong, never slow.
//
// # How changes are joined
//
// [Three] takes the two comparisons with the base. Changes that neither overlap
// nor touch both happen. Others are a conflict, which grows to the clause around
// it, because a choice between two halves of a word is none. What one side
// typed is never dropped by the merge: it is in the result, or in a conflict.
package merge
