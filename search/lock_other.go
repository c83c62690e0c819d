//go:build !unix

package search

import "os"

// lockFile does nothing here; Bleve's own lock on a shelf still refuses a
// second process, after a second.
func lockFile(*os.File) error { return nil }
