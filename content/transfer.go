package content

import (
	"context"
	"io"
	"io/fs"

	"github.com/songfa/songfa/internal/auth"
)

// Level says how bad a report line is.
type Level string

// The levels.
const (
	Info    Level = "info"    // good to know: a file was converted from GBK
	Warning Level = "warning" // something was kept or left out on purpose
	Error   Level = "error"   // the file, or a part of it, was not brought in
)

// ReportItem is one line about one file.
type ReportItem struct {
	File    string // path in the tree
	Line    int    // 0 when it is about the whole file
	Field   string // front matter field, or ""
	Level   Level
	Message string // Chinese
}

// Report says what an import or export did.
type Report struct {
	Created   int
	Updated   int
	Unchanged int
	Kept      int // changed on both sides: the stored text was kept
	Failed    int
	Items     []ReportItem
}

// ImportOptions says how to bring in a tree.
type ImportOptions struct {
	// Publish publishes all documents, not only those with state: published.
	Publish bool
	// Restore takes the publication times of the files. It is refused unless
	// there is no document yet, and the audit says so: a restored install shows
	// the dates it had, and nothing else ever sets one.
	Restore bool
	// PutMedia stores a file beside the text and returns its address,
	// /media/{key}/{name}. Nil: links to such files are reported and stay.
	PutMedia func(ctx context.Context, name string, size int64, r io.Reader) (address string, err error)
	// Progress hears of each finished file. May be nil.
	Progress func(done, total int)
}

// Import brings in a content tree. What one file has wrong is a line of the
// report and never stops the others; the error is for what stops all. The same
// tree again changes nothing.
func (s *Store) Import(ctx context.Context, actor auth.Actor, tree fs.FS, opt ImportOptions) (Report, error) {
	return Report{}, nil
}

// ExportOptions says how to write a tree.
type ExportOptions struct {
	// OpenMedia opens what is stored at /media/{key}/{name}. Nil: media stay
	// behind, and links to them are written as they are.
	OpenMedia func(ctx context.Context, address string) (io.ReadCloser, error)
	// Progress hears of each finished document. May be nil.
	Progress func(done, total int)
}

// Export writes the whole content tree through create, which opens a file by
// its slash-separated path and makes its folders.
func (s *Store) Export(ctx context.Context, create func(path string) (io.WriteCloser, error), opt ExportOptions) (Report, error) {
	return Report{}, nil
}

// SeedStarter imports and publishes the starter content when there is no
// document yet; it reports whether it did.
func (s *Store) SeedStarter(ctx context.Context, actor auth.Actor, starter fs.FS, opt ImportOptions) (Report, bool, error) {
	return Report{}, false, nil
}

// Check lists what is wrong with the stored documents: citations of laws or
// articles that are not there, sources that cannot be read, missing topics.
// File is the document's address.
func (s *Store) Check(ctx context.Context) ([]ReportItem, error) { return nil, nil }
