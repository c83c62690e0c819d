// Package themes turns page structs into pages. It holds the contract with those
// who write themes (page.go), the default theme (default/), and the laying of an
// operator's folder over it.
//
// # For those who write a theme
//
// Make a folder, copy into it the files of themes/default that you want to
// change, and start songfa with --theme FOLDER. What is not in your folder comes
// from the default theme, so copy little: often static/tokens.css is enough.
//
//	layout.html         the page around everything: head, masthead, main, foot
//	home.html …         one file for each page struct: HomePage is home.html
//	partials/*.html     pieces; partials/card.html is used as {{template "card" .}},
//	                    partials/formparts.html shows the questions of a form
//	static/…            style sheets, icons, pictures, fonts
//
// Pages are html/template (see its documentation), given one struct of page.go:
// its fields are all a theme may rely on, and they stay. A page file says
// {{define "main"}}…{{end}}, which the layout shows; it may define a partial
// anew, for itself alone.
//
// Values are escaped where they stand. Only Body is HTML, made safe when it was
// stored. A script or a style in a page is refused by the check and by the site's
// Content-Security-Policy. A file below static/ may be loaded with defer, as
// search.js is for suggestions; a page must do everything without it.
//
// # Functions
//
//	url A            the base path before a root-relative address; other addresses
//	                 as they are. Every Href of a page struct goes through it.
//	body HTML        the same for all addresses in stored HTML
//	srcset S         the same for a srcset
//	asset NAME ACCENT  address of static/NAME, with its hash in it:
//	                 {{asset "site.css" .Site.Accent}}
//	accent A         the accent as #rrggbb, made readable
//	tel NUMBER       address that dials it
//	date T, datetime T, iso T, clock T, month T, monthday T, weekday T
//	                 2026-09-10, 2026-09-10 18:30, RFC 3339, 18:30, 2026 年 9 月,
//	                 9 月 10 日, 周四
//	timespan T U     18:30–20:00
//	yearno T, monthno T, dayno T   numbers
//	samedate T U     whether they fall on one day
//	text SPANS       a line without its marks; {{template "line" SPANS}} shows them
//	join SEP LIST    strings in one
//	args NAME VALUE …  several values for a partial
//	add N M
//
// All times are those of [Zone]. Calendar dates (核对日期, 成文日期, 施行日期) are
// strings, 2006-01-02, and need no function.
//
// Methods work like fields. Every page has .WindowTitle, .Canonical,
// .MetaDescription, .OGType, .Metas (名称 and content of 政府网站网页标签), .LD (JSON-LD:
// {{range .LD}}<script type="application/ld+json">{{.}}</script>{{end}}) and
// .Current HREF ("page", "true" or "", for aria-current). .Site has .Line, .Host,
// .Badge, .Menu, .FootLinks, .PoliceURL and .Whole ADDRESS. A Source has .Law
// and .Article, a Pager .Shown and .State.
//
// # Style sheets
//
// site.css is joined from its imports when the theme is loaded (a line
// @import "tokens.css"; and nothing else on it), comments and needless blanks go,
// and its address changes with its bytes, so browsers may keep it for ever.
//
// Colours and sizes have their values in tokens.css and nowhere else. The accent
// comes from the settings: in CSS and SVG files these words are replaced by
// shades worked out from it, each readable on the ground it is meant for:
//
//	$accent  $accent-strong  $accent-soft  $on-accent  $accent-sharp
//	$dark-accent  $dark-accent-strong  $dark-accent-soft  $dark-on-accent  $dark-accent-sharp
//
// 长者版 is the same page with <html class="elder">; dark, high contrast and print
// are media queries over the same tokens. Stored text uses the classes answer,
// note (due, proof, tip, warn), cite, label, stack, scroll, num, center, small,
// muted, box, tasks, footnotes: keep them dressed.
//
// # Trying it
//
// songfa theme check FOLDER renders every template with full, empty and hostile
// pages ([Check]) and names what is wrong with file and line. Serving refuses a
// theme that does not work on ordinary content ([Open]). A template that fails on
// a page later gives the reader a clean error page, never half a page. With
// [Config].Reload changed files show at once, and a broken change is logged while
// the last good theme stays.
//
// # For those who fill the structs
//
// Addresses are root-relative, without base path, also inside Body: the theme
// adds it. Hand [Theme.Render] a pointer to a page struct; it answers with the
// whole page or an error of kind Internal. Lines with marks are []Span, so no
// one needs to build HTML.
package themes
