// Package site answers the public: it joins documents, laws, sessions,
// stations and search to page structs and lets a theme show them.
//
// # How a page is made
//
// [New] takes the stores, [Site.Register] hangs the routes below the base path.
// A route's handler does four things: it reads the address, calls a store, fills
// the page struct of package themes, and gives it to Site.render. It returns
// errors and never writes one: internal/web asks for the page of an error
// (problem.go), as HTML or, below /api/, as JSON.
//
//	reader → internal/web (cache) → handler → store → themes.Page → theme → bytes
//
// A page struct holds root-relative addresses (/guides/qianxin); the theme puts
// the base path in front. What site writes itself (redirects, feeds, JSON) goes
// through web.Server.Path and URL.
//
// A handler that has used every parameter of its address says so with
// Site.cacheable; the bytes are then kept until the journal moves. Search is not
// kept: the index may be a moment behind the journal.
//
// # Addresses
//
//	/                          home.go
//	/guides/ /notices/ /news/ /qa/ and /{kind}/{slug}, /pages/{slug}
//	                           list.go, document.go
//	/topics/{topic}/           topic.go
//	/preview/{token}           preview.go: a draft, to who has the address
//	/laws/ /laws/{law} /laws/{law}/{number}
//	                           laws.go, lawpage.go
//	/events/ /events/{no} /events/{no}.ics /events/feed.ics
//	                           events.go, session.go, ics.go
//	/events/{no}/signup /signup/
//	                           signup.go and signup_form.go: sign up, without a
//	                           cache; signed.go: the screen to save; find.go: look
//	                           up, shrink, cancel
//	/events/{no}/poster /events/{no}/poster.png
//	                           poster.go: a sheet to print, and as a picture
//	/stations/                 stations.go
//	/organize/…                organize.go: a unit asks for a session; _ask and
//	                           _when: the questions, _step: a page of them,
//	                           _check: before it goes, _state: how far it is,
//	                           _change, _withdraw, _report: what else it can do,
//	                           _pass: the cookie that keeps a browser in
//	/search /search/suggest    search.go, search_page.go
//	/media/{key}/{name}        media.go: bytes, in ranges
//	/static/theme/{name}       asset.go
//	/feeds/all.xml /feeds/{column}.xml
//	                           feed.go: Atom
//	/sitemap.xml /robots.txt   sitemap.go
//	/elder                     elder.go: the large-print dress (长者版)
//	/api/v1/…                  api.go and api_*.go: the same as JSON; openapi.json
//	/healthz /readyz           health.go
//
// What several of them need: site.go (Config, rendering, redirects), params.go
// (reading addresses), card.go and pictures.go (documents in lists), sources.go
// (articles of law in a guide), views.go (most read).
//
// Every page has one address. /guides and /guides/x/ are sent to /guides/ and
// /guides/x, another case is not found, a renamed document is sent on for ever.
//
// # Most read
//
// Readers of a document are counted in memory (internal/web counts those whom
// the cache answers) and added to the table page_view every half minute and at
// the end: see views.go. A row is a day, a document and a number; nothing is
// known about anybody.
//
// # What searches tell
//
// A plain search of a person that finds nothing, and a page that is opened from
// results, are counted by search.Desk: the words, the page, the day. How much of
// one reader is counted is bounded by a limiter that knows addresses in memory
// only, and forgets them.
package site
