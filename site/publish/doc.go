// Package publish writes the public site as files, for a portal that takes only
// files or a computer without a network.
//
// It asks the running site for each page, inside the process, and writes what a
// reader would get, so there is no second way to make a page. What it changes are
// addresses:
//
//   - A page /guides/qianxin becomes guides/qianxin/index.html. A server of files
//     sends /guides/qianxin there by itself, so addresses on paper keep working.
//   - A page that a query names, /guides/?page=2, becomes guides/_page-2/index.html.
//   - Links become relative and name the file, so that the folder works below any
//     base path, and from a disk without any server.
//   - The large-print dress (长者版) is a second tree below elder/; its pages lead
//     to each other, and to the same pictures and calendars.
//   - Addresses that say where a page lives in the world (canonical, feeds, site
//     map) stay whole, below the public address of the settings.
//
// A link to what has no file, such as a text that was taken back, keeps its words
// and loses its address; [Report] names it.
//
// # Walk
//
// The walk begins with the site map, which lists every document, law and session,
// and follows the links from there. A link to an address that is not yet known is
// asked for at once, because the page that holds it is written next: what is found
// out this way waits on a stack, so memory does not grow with the site.
//
// # Again
//
// A file is replaced only when its bytes changed, by renaming a finished one over
// it; files of the last run that this one did not make are removed. What this
// package made is listed in [ManifestFile]: a folder with other things in it and
// without that list is refused, and other people's files are never touched.
package publish
