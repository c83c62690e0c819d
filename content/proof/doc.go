// Package proof checks a text before a human reads it. It is pure: what it needs
// of the world comes in the Input, and it stores nothing.
//
//	list := proof.Check(proof.Input{Kind: "notice", Day: "2026-11-24", Fields: fields, Lists: lists, Laws: registry})
//	text = proof.Apply(text, list[0])
//
// # Words
//
//   - Field (栏位): one text of a form, by its name there. Offsets are bytes of
//     it, always between characters.
//   - Finding (问题): one place with what is wrong and, where it can be told, what
//     to write instead (Fix). Safe says that the fix cannot change what is meant,
//     so that all of them may be made with one tap. Nothing is ever changed
//     silently.
//   - Severity: Block stops submitting and publishing until it is mended or
//     somebody gives a reason; Warn is shown to author and reviewer; Hint only to
//     the author.
//   - Run: what a reader reads of one paragraph, heading or cell, without markup.
//     Rules look at runs; internal/markdown knows where each stands in the source.
//     Code, addresses and HTML are never part of a run, and typography leaves
//     links and quoted passages alone.
//   - List (词表): rows that editors keep: wrong words, sensitive words, former
//     names of institutions, who holds which post, jargon, stiff phrases, numbers
//     that may be published. A row may hold for some days only, and it names the
//     contexts in which its word is right. [Seed] is our beginning of them.
//
// # Map
//
//	proof.go     Input, Finding, Check, Apply
//	run.go       fields to runs, and places back to fields
//	lists.go     rows, compiled; matcher.go finds all their words in one pass
//	words.go     words, institutions; leader.go who holds which post
//	law.go       citations: repealed, missing, renumbered
//	date.go      weekdays, days that do not exist, spans that run backwards
//	link.go      dead links, pictures without a description
//	private.go   identity cards, bank cards, mobile numbers, plates, names beside them
//	typo.go      signs and spaces; pair.go brackets and quotes; order.go 一、二、三、
//	reading.go   how hard a text is for somebody who never studied law
//
// # False alarms
//
// A check that cries wolf is switched off by the people it should help, so each
// rule has near misses in its tests, and two bodies of correct Chinese are run
// through all of them (corpus_test.go). State of November 2026, hints included:
//
//	44 starter texts    no blocker, no warning; 25 hints on style, none on signs
//	80 law texts        589,000 characters: no false finding; 3 wrong words, 16 old
//	                    offices and some 950 signs, which are so in those files
//
// # The score of ease
//
// [Reading] of a guide or an answer is
//
//	100 − 1.5·max(0, L−18) − 0.5·S − 4·J − 3·P − 3·D, within 0…100
//
// with L the characters of the mean sentence, S the percentage of sentences over
// 40 characters, and per 1,000 characters J terms that nobody explains, P stiff
// phrases, D clauses with four 的 or more. 80 is easy, 60 is fair. Read aloud, a
// minute takes 240 characters, the pace of an unhurried announcer.
package proof
