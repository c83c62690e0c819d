package content

import (
	"context"
	"fmt"
	"io"
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

// String is the line an operator reads: guides/a.md:4: answer: 请缩短。
func (i ReportItem) String() string {
	at := i.File
	if i.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, i.Line)
	}
	if i.Field != "" {
		at += ": " + i.Field
	}
	switch i.Level {
	case Info:
		at += ": 说明"
	case Warning:
		at += ": 注意"
	}
	return at + ": " + i.Message
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

// ExportOptions says how to write a tree.
type ExportOptions struct {
	// OpenMedia opens what is stored at /media/{key}/{name}. Nil: media stay
	// behind, and links to them are written as they are.
	OpenMedia func(ctx context.Context, address string) (io.ReadCloser, error)
	// Progress hears of each finished document. May be nil.
	Progress func(done, total int)
}
