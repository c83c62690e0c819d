// Package markdown turns what an editor writes into HTML that is safe to
// store and to show. It is the only package that knows goldmark and
// bluemonday, needs no database, and runs once per save: a published edition
// keeps the Document made here.
//
//	r := markdown.New(markdown.Config{Cite: find, Media: where})
//	doc, err := r.Render(body)
//
// A Renderer is safe for concurrent use. Hooks that belong to one document
// (its pictures, the articles it cites) come by With, which is cheap:
//
//	doc, err := r.With(markdown.Config{Cite: note, Media: beside(dir)}).Render(body)
//
// # What an editor may write
//
// CommonMark with tables, strikethrough, task lists, bare addresses,
// footnotes ([^1]) and definition lists; besides:
//
//   - Bold next to Chinese punctuation: **《劳动合同法》**第三十九条. See hanEmphasis.
//   - Line breaks between Chinese characters vanish; they do not show as spaces.
//   - Callouts, with an optional title behind the word:
//     :::答案  :::期限  :::证据  :::提示 请不起律师  :::警告
//     :::法条 《劳动合同法》第三十条  :::步骤  :::联系  :::附件
//     up to ::: or the next callout or the end. See callouts and Blocks.
//   - Figures: an image alone in its paragraph whose title is the caption,
//     ![三步流程图](liucheng.png "欠薪投诉流程").
//   - Attachments and pictures by relative link, which the Media hook maps.
//   - HTML of text, lists, tables and images, sanitised. No form, frame,
//     style or script.
//
// # What comes out
//
// The words of Document.HTML are those of the site's style sheet:
//
//	div.answer > p.label             :::答案
//	div.note.due|proof|tip|warn > strong   the other callouts
//	div.lawquote > blockquote, p.small.muted   :::法条 with the words of the article and its version
//	div.howto > ol.steps         :::步骤
//	div.contact > dl.kv          :::联系, telephone numbers are links
//	div.attach > ul              :::附件
//	a.cite, span.cite                an article number; span: law not loaded
//	div.scroll > table.stack         th[scope], td[data-t], td.num, td.center
//	figure > img + figcaption        img has alt, loading, decoding, maybe width, height, srcset
//	ul.tasks > li > span.box         a task list, ☑ or ☐
//	sup > a.footnote-ref, div.footnotes, a.footnote-backref
//	span.small.muted                 size and type behind an attachment's link
//	h2…h6[id]                        the page's title is the h1; no level is skipped
//
// Links are root-relative; whoever builds a page puts the base path in front
// (Rebase).
// Anchors keep Han (#先把证据留好). An anchor of ASCII alone has the prefix s-,
// so that no heading can take an id of the page around it.
//
// # How it works
//
// render goes through five stages, each in a file of its own:
//
//  1. measure (limits.go) refuses what would cost the parser minutes.
//  2. goldmark parses, with emphasis.go, callout.go and table.go.
//  3. weave (cite.go) shows each block's text to the Cite hook, whole even
//     where emphasis cuts it, and wraps what the hook found. A run holds
//     U+FFFC for code and images; text in links is shown but never wrapped.
//  4. HTML is written and passes two gates: rawhtml.go takes the author's
//     tags apart so that nothing unclosed leaks, policy.go sanitises the whole.
//  5. dress (dress.go, dress_table.go, dress_block.go) works on the sanitised tree: heading
//     levels and anchors, tables, figures, images, links, plain text.
//
// # Words
//
//	run       the text of one block as a reader reads it
//	citation  引用: the marked article number
//	callout   提示框: a ::: block
//	dest      what an author wrote as a link's destination
package markdown
