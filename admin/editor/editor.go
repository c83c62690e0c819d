// Package editor holds the visual editor of the staff pages: its sources in src,
// the command in build that bundles them, and what was bundled. README.md tells
// how a text goes through it and which of its signs may change.
//
// dist is not in the repository. A binary that was built without it has no
// visual editor; the textarea does everything.
package editor

import "embed"

// Files holds dist, with the files of Names or with none of them.
//
//go:embed all:dist
var Files embed.FS

// Names are the files that a browser gets: the script, and the licences of the
// packages in it.
var Names = []string{"editor.js", "licences.txt"}
