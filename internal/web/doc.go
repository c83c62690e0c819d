// Package web is songfa's HTTP engine room: one Fiber app with everything that
// is the same for each page, so that site and admin only parse, call and render.
//
// A request walks through
//
//	front     fresh pages from the cache, as bytes ready in gzip and brotli, before
//	          Fiber sees the request (public pages only)
//	edge      request id, security headers, one maker per stale page, panic → error
//	handler   returns nil or an error
//	problems  turns the error into a page: kind → status, Chinese sentence, id
//
// # Errors
//
// Handlers return errors and never write one. [Server.Problems] names, for a
// path prefix, the function that makes the page; the longest prefix wins. What
// is our fault is logged there, once, with the request id the person sees.
//
// # The page cache
//
// A handler of a public page calls [Cacheable]. The bytes are then kept under
// path, allowed query and dress (长者版), together with the journal position read
// before the handler ran. As soon as the position has moved, on this node or
// another, the kept page is stale and made anew; no time-out decides. Pages that
// depend on the clock (coming sessions) turn stale every ten minutes too. Sign-ups
// move no position: pages that show free places are kept by [CacheableFor] for a
// second at most, however many ask in that second.
//
// # From page to page
//
// [Server.OnOpen] tells which pages readers open from a page of ours, such as
// the results of a search, by the Referer that browsers send within a site
// (Referrer-Policy strict-origin-when-cross-origin keeps it from others).
//
// # Base path
//
// Everything lives below [Server.Base]; handlers register on [Server.Root].
// Links are made with [Server.Path].
package web
