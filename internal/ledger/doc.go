// Package ledger keeps songfa's two append-only books.
//
// The audit (日志) says who did what. Each row carries a hash over itself and
// the row before it, so a row that was changed or taken out later shows
// ([Ledger.Verify]).
//
// The journal (流水) says what changed, numbered 1, 2, 3 … without gaps in the
// order of the commits. The search index and the page caches of every node
// follow it: who has read up to number n has missed nothing below n.
//
// A use case writes both in its own transaction:
//
//	l.Record(tx, actor.Entry("document.publish", "document:"+id, "发布《"+title+"》"),
//		ledger.Change{Kind: "document", ID: id})
//
// The rows are written at the very end of that transaction. [Ledger.Watch] keeps
// [Ledger.Position] fresh on this node: at once for its own writes, by
// LISTEN/NOTIFY for those of other nodes on PostgreSQL, and by polling where
// neither reaches (another process on the same SQLite file, a broken
// connection). [Ledger.Wait] sleeps until there is something new.
package ledger
