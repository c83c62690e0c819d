// Package wechat makes of a page what the editor of a 公众号 takes, and brings it
// there as a draft.
//
// # What the editor of WeChat does to HTML
//
// It keeps style attributes and drops everything else that looks: style elements,
// classes, ids, scripts, positions. It drops links to other sites (an article may
// only link to other articles), anchors within the page, and SVG from elsewhere.
// A list within a list comes apart, and a paragraph within an item adds an empty
// line. Pictures are fetched when somebody pastes them, and must be uploaded
// beforehand when a program brings them.
//
// [Render] follows from that:
//
//   - Every element that is kept has its looks in a style attribute, and no other
//     attribute but src, alt, colspan, rowspan and, to mp.weixin.qq.com, href.
//   - A link becomes its words and a number; the addresses stand at the end. Links
//     to articles of law and within the page become their words alone: 阅读原文
//     leads to the page where they work.
//   - Items hold words, not paragraphs; items of an inner list become lines of the
//     outer item.
//   - Nothing is reordered and no word is lost: a test compares the text.
//
// The same looks are there as classes ([StyleSheet]), for a preview on a page that
// forbids style attributes. Both come from one table (looks.go).
//
// [Client] speaks to the API: pictures first, then the draft. A person publishes
// it in WeChat; songfa does not.
package wechat
