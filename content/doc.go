// Package content keeps the texts of the site: guides, notices, news, questions
// with answers, and single pages.
//
// The words:
//
//   - Document (文档): an identity, that is a kind, an address and a row that
//     lasts for ever. It has no text of its own.
//   - Edition (版本): one text of a document, numbered from 1. A published
//     edition never changes; a correction is a new edition ([Store.Revise]), and
//     publishing it supersedes the one before.
//   - Live edition: the edition that readers get. Head edition: the newest one,
//     which staff work on. They are the same while nobody revises.
//   - Text: what an editor writes. Rendered: what we make of it when it is saved
//     (HTML, contents list, plain text, citations). Rendered is derived data: it
//     may be made anew when a law is imported ([Store.Rerender]); Text is not.
//   - Revision (一稿): one text an edition had. Every explicit save leaves one
//     (revision.go), none is ever changed: they are the base of merges and what
//     is compared and brought back ([Store.Reinstate]).
//   - Working copy (没保存的稿子): what somebody types before saving it, theirs
//     alone, without audit or journal (working.go). Presence (presence.go) says
//     who else has an edition open; it locks nothing.
//   - 发布时间 (First, Published) comes from the server's clock, 成文日期
//     (Text.Written) from the author. They are never mixed: a faked date fails
//     the inspection of the whole site.
//   - Topic (主题) is what a document is about, Column (栏目) where it shows.
//
// # Walks
//
// An editor's way: [Store.Create], [Store.Save], [Store.Submit]; a reviewer's:
// [Store.Return] or [Store.Publish] or [Store.Schedule]; later [Store.Revise],
// [Store.Withdraw], [Store.Unpublish]. Which step is possible when, and who may
// take it, is one table: see transitions in workflow.go. Each step is one
// transaction with its audit row and its journal row (kind "document"), and
// each takes the version of the edition that the person saw: a stale one is a
// [Stale] error with both texts' source, so that nothing typed is lost.
//
// Where a column has stages (三审三校, review.go), a submitted text walks them
// first: [Store.Clear] vouches for secrecy, [Store.Approve] passes a stage,
// [Store.ReturnFor] gives the text back. An approval is of the very text, by its
// [Text.Hash]; an edit voids it. Publishing asks for all of them in its
// transaction. [Walk] says how far a text is and [Walk.Refusal] who may go on. In
// an emergency [Store.Urge] and [Store.Force] publish by two people and the
// stages follow. A leader decides by a [Link] under the same rules. A [Mark] is a
// reviewer's remark at a passage, a [Sheet] the 审核单, an [Amendment] what
// readers are told of a change.
// What machine checks find (package proof, [Store.Findings]) stops those steps too,
// until it is mended or somebody says why it stands ([Store.Excuse]); [Store.RunSweep]
// checks all that readers get. Imports and the clock pass: they bring no new text.
//
// A reader's way: [Store.Published], one SELECT; the page is rendered already.
//
// # Tree
//
// [Store.Import] and [Store.Export] speak one tree of Markdown files with front
// matter (frontmatter.go), also for the starter content in content/starter.
// Media live elsewhere: content knows them by their address /media/{key}/{name}
// and is handed functions that store and open them.
package content
