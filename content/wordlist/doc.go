// Package wordlist keeps the lists that machine checks of texts go by (词表): rows
// of package proof in the database, changed by staff, shared by all nodes.
//
//	lists, err := store.Lists(ctx)            // compiled, for proof.Input
//	rows, total, err := store.Rows(ctx, filter) // for people
//
// Compiled lists are kept in memory and made anew when the version of the table
// grows, which every change makes it do: asking costs one SELECT of one row.
//
// The program brings a list of its own ([proof.Seed]). [Store.Seed] lays what is
// new of it beside the rows that are there; it never touches a row that exists,
// changed or removed, so that an update of the program undoes nobody's work.
package wordlist
