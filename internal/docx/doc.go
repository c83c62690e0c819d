// Package docx reads what editors have: .docx files of Word, WPS and
// LibreOffice, and HTML from their clipboards and from 公众号 articles. It makes
// Markdown of them that knows the form of a 公文, and a report of what was
// found, dropped, or must be looked at.
//
//	d, err := docx.Read(file, size, docx.Options{Name: "通知.docx"})
//	d, err := docx.CleanHTML(pasted, docx.Options{})
//
// It depends on nothing else of ours but errs, reaches out to no address, and
// says nothing of the content in its errors: they go to the log.
//
// # What a 公文 is (GB/T 9704—2012), and how its parts are told
//
//	发文字号   in the first 14 paragraphs: 示例司发〔2026〕12号, with any brackets and
//	           with 第; written with 〔〕. It stays as the first line of the text
//	红头       what stands above the number (发文机关标志, 份号, 紧急程度, 签发人):
//	           dropped and said, its name kept as Issuer
//	密级       绝密, 机密, 秘密 in the head: the file is refused
//	标题       the first paragraph (behind the number, if there is one) that has the
//	           style Title; or stands in the middle and is bigger than the text,
//	           bold or ends with a 文种 (通知, 函, 纪要 …); or is the only heading
//	           of the first level; or is short and ends with a 文种. Further lines of
//	           the same look belong to it until one ends with a 文种; ——副标题, too.
//	           Lines are joined without a space, 通　　知 is pulled together
//	题注       a line in brackets below the title stays in the text
//	主送       the first paragraph below, when it ends with a colon and is no sentence
//	成文日期   the last line before the attachments that is nothing but a date, in
//	           Arabic or Chinese numerals, at most 12 paragraphs before their end;
//	           else the date below the title. Without a day it is only reported
//	落款       up to six lines right above the date, or its own line before it, that
//	           end like the name of a body (局, 委员会, 办公室 …) or stand on the right
//	附件说明   附件：1.… with the lines below it becomes one paragraph
//	附件       a line 附件2 becomes a heading together with the title below it
//	版记       stays, and the report points at it
//
// 主送, 落款 and 成文日期 stay in the text as they are, and fill the fields besides.
//
// # Headings
//
// The number decides first, the style second, the look last:
//
//	一、 第一章   ##       both of at most 40 characters and no sentence
//	（一） 第一节  ###
//	1.           ####     see below
//	style        标题 n, heading n, outline level: the highest in the text is ##
//	in the middle, big or bold, short: ##
//
// Paragraphs whose neighbour bears the next or the previous number are an
// enumeration, not headings (一、身份证；二、户口簿。), unless their style says so. A
// first sentence in another font or in bold becomes the heading of its paragraph
// (（一）加强领导。各单位…) and loses its full stop. Headings lose bold.
//
// # Lists
//
//   - Bullets and automatic numbers of the form 1. become lists, nested as they are.
//   - Typed numbers 1. 1、 1．become a list when at least two follow each other
//     directly; the list begins with the number of its first.
//   - A number 1. that stands alone is #### when what it heads is short and no
//     sentence, else it stays in the text.
//   - All else (（1）, ①, a), 1.1, 第一条) stays in the text as it shows, also when
//     it is automatic: numbering.xml is counted as Word counts. Inside a list
//     such a paragraph goes on in the item above.
//
// # Normal form
//
//   - A hard break is a backslash at the end of the line; two breaks part paragraphs.
//   - A table whose cells are single and hold short paragraphs is a pipe table, its
//     first row the head, paragraphs in a cell parted by <br>. Any other is an HTML
//     table, a row a line, with colspan and rowspan, thead and tbody. A first row
//     of one cell over the whole width is the title and goes above the table; a
//     table of one cell is a frame, and only its content is kept.
//   - Emphasis is * ** ~~ where our renderer takes it, else <em> <strong> <del>.
//     Super- and subscript are <sup> and <sub>. Underlined blanks are ＿＿＿＿.
//   - A picture alone is a paragraph; 图1 现场 below it becomes its caption.
//   - Notes are [^1] in the order of their signs, endnotes with footnotes; inside an
//     HTML table they are （注：…）.
//   - Indents, soft hyphens, zero-width and control characters are dropped. Every
//     sign that Markdown would read is escaped: the page shows what was typed.
//
// # What is refused
//
// See [Reason]: each has its own sentence and way out. Limits (zip.go) bound the
// file, its parts, their number, their ratio, and the depth and number of
// elements; a document type, and so any entity, is refused.
//
// # How it works
//
//	judge.go zip.go xml.go           bytes → parts → trees
//	styles.go numbering.go body.go   trees → blocks (model.go)
//	run.go field.go drawing.go tableread.go
//	html.go                          the same from the clipboard
//	head.go tail.go heading.go listing.go marker.go   the 公文 pass over blocks
//	write.go inline.go escape.go tablewrite.go        blocks → Markdown
package docx
