package media

import (
	"context"
	"fmt"
	"io"

	"github.com/songfa/songfa/internal/errs"
)

// Copied tells of one object that Copy dealt with.
type Copied struct {
	Info
	Skipped bool // it was there already
}

// Copy brings everything in from to to, skipping what is there with the same
// size; so a copy that was interrupted goes on where it was. It stops at the
// first error. progress is called after each object and may be nil.
func Copy(ctx context.Context, from, to Store, progress func(Copied)) (err error) {
	defer errs.Wrap(&err, "copy media")
	for info, err := range from.List(ctx, "") {
		if err != nil {
			return err
		}
		skipped, err := copyOne(ctx, from, to, info)
		if err != nil {
			return err
		}
		if progress != nil {
			progress(Copied{info, skipped})
		}
	}
	return nil
}

func copyOne(ctx context.Context, from, to Store, info Info) (skipped bool, err error) {
	there, err := to.Stat(ctx, info.Name)
	if err == nil && there.Size == info.Size {
		return true, nil
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return false, err
	}
	body, opened, err := from.Open(ctx, info.Name, Range{})
	if err != nil {
		return false, err
	}
	defer body.Close()
	return false, to.Put(ctx, info.Name, &exactReader{r: body, left: opened.Size})
}

// exactReader fails when the source ends before its size, so that a shortened
// object is never kept.
type exactReader struct {
	r    io.Reader
	left int64
}

func (e *exactReader) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.left -= int64(n)
	if err == io.EOF && e.left != 0 {
		return n, fmt.Errorf("source is %d bytes off its size", e.left)
	}
	return n, err
}
