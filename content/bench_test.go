package content_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"testing"
	"testing/fstest"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/starter"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
)

var slugLine = regexp.MustCompile(`(?m)^slug: .*$`)

// manyGuides is a tree of n guides as long as real ones.
func manyGuides(b *testing.B, n int) fstest.MapFS {
	b.Helper()
	read := func(name string) []byte {
		text, err := fs.ReadFile(starter.Files(), name)
		if err != nil {
			b.Fatal(err)
		}
		return text
	}
	names, err := fs.Glob(starter.Files(), "guides/*.md")
	if err != nil {
		b.Fatal(err)
	}
	fsys := fstest.MapFS{"topics.yaml": {Data: read("topics.yaml")}, "columns.yaml": {Data: read("columns.yaml")}}
	for i := range n {
		slug := fmt.Sprintf("g%06d", i)
		text := slugLine.ReplaceAll(read(names[i%len(names)]), []byte("slug: "+slug))
		fsys["guides/"+slug+".md"] = &fstest.MapFile{Data: text}
	}
	return fsys
}

func benchStore(b *testing.B) *content.Store {
	b.Helper()
	d, now := dbtest.SQLite(b), time.Now
	return content.New(content.Config{DB: d, Ledger: ledger.New(d, now), Now: now, Laws: ldht(98)})
}

// BenchmarkImport tells the cost of one imported and published guide.
func BenchmarkImport(b *testing.B) {
	tree, s := manyGuides(b, b.N), benchStore(b)
	b.ResetTimer()
	if _, err := s.Import(b.Context(), auth.System(), tree, content.ImportOptions{Publish: true}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPublished tells what a page that is not cached asks of the database.
func BenchmarkPublished(b *testing.B) {
	s := benchStore(b)
	if _, err := s.Import(b.Context(), auth.System(), manyGuides(b, 300), content.ImportOptions{Publish: true}); err != nil {
		b.Fatal(err)
	}
	b.Run("page", func(b *testing.B) {
		for i := range b.N {
			if _, err := s.Published(b.Context(), content.Guide, fmt.Sprintf("g%06d", i%300)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("related", func(b *testing.B) {
		l, err := s.Published(b.Context(), content.Guide, "g000000")
		for b.Loop() && err == nil {
			_, err = s.Related(b.Context(), l.Document.ID, 5)
		}
		if err != nil {
			b.Fatal(err)
		}
	})
}
