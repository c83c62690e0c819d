// Package admin is the staff side of songfa: everything below /admin/. Handlers
// parse a form, call one use case of content, events, media or auth, and render
// a page; the rules live in those packages.
//
// # Map
//
//	admin.go     Config, and the routes: address → right → handler
//	request.go   a request with who asks; who may not come in, and why
//	form.go      what a form holds, cleaned, with its problems by field
//	render.go    templates to a buffer, functions that templates call
//	static.go    style sheet and script under addresses that name their bytes
//	problem.go   errors as pages; a form that failed comes back with its text
//	login.go     login.html … one file per verb or noun, named as its template
//
// # Nothing typed is lost
//
// A form that cannot be taken comes back with everything in it:
//
//   - The input breaks a rule: the same page, all problems listed with links to
//     their fields, status 400.
//   - Somebody else saved first: a merge of both, with the places to decide
//     (conflict.go), 409. Nothing is saved before the person has seen it.
//   - The draft was deleted: the fields, to be saved as a new one (working.go), 404.
//   - Nobody is signed in any more: the login page carries the fields, and
//     after the login they can be sent on (kept.go), 401.
//   - Anything else, from a wrong token to a database that is away: the fields
//     are shown to be copied or sent again, with the status of the error.
//
// What is typed is also kept before it is sent: a form has a key (the field
// "form"), and the script sends what stands in it every ten seconds (working.go).
//
// A handler only sets [request.again] when it has a better page than the last.
//
// # Who may do what
//
// Each route names the permission that opens its page, so that a menu shows
// only what opens. Whether a step is allowed is decided by the use case, with
// the actor as an argument; buttons come from content.Possible and its like.
//
// An account may be bound to towns and columns: handlers read with the use cases
// that end in For and take the actor. Two tests walk over all routes as somebody
// bound (towns_test.go, column_rights_test.go) and fail when a new page forgets.
//
// # Planning sessions
//
// A session's page (session.go) shows it as [events.Store.Work] reads it now, and
// only the steps its state has. Each step is a word of [sessionSteps]; its panel's
// fields are named panel_field, so that one page can hold many forms. What reaches
// beyond the session is shown first: who hears of a move, what an edit of a series
// changes. The inbox (inbox.go) sorts the same sessions into piles by what has to
// be done; who is free, who else wants the time and what stands against it are on
// the card, before the click. Due dates are said in working days (session_walk.go).
//
// # Forms
//
// Every form carries _token, bound to the session (before the login: to a
// random cookie), and changes nothing without it or when it comes from another
// site. After success a form answers with 303 and ?done=word, and the page it
// leads to says what was done.
//
// Everything works without JavaScript. With it (static/desk.js) the preview
// follows the typing, the browser asks before a text is left, and a toolbar
// writes Markdown. Pages are never stored by a browser.
package admin
