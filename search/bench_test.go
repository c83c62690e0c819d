package search

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db/dbtest"
)

// Questions as they come: a word, a phrase, a sentence, and the worst there is.
var benchQueries = map[string]string{
	"word":     "讨薪",
	"char":     "薪",
	"phrase":   "工伤认定怎么申请",
	"question": "在工地干活摔伤了没有签劳动合同老板不给钱也不管医药费应该怎么办才能要到赔偿",
	"longest":  strings.Repeat("用人单位应当按照劳动合同约定和国家规定向劳动者及时足额支付劳动报酬", 7)[:600],
	"strange":  manyHan(200),
}

func benchSearch(b *testing.B, x *Index) {
	for name, q := range benchQueries {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Search(b.Context(), Query{Text: q}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSearchStarter(b *testing.B) { benchSearch(b, seeded(b)) }

// articles walks the 59,079 articles of the benchmark corpus, if it is there.
func articles(b *testing.B, add func(*entry) error) {
	b.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "search", "corpus.jsonl"))
	if err != nil {
		b.Skip("no corpus at ../shared/search")
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var a struct{ ID, Name, Law, Article, Text, Head string }
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			b.Fatal(err)
		}
		err := add(&entry{id: a.ID, hit: stored{Kind: "article", ID: a.ID, Path: "/laws/x/1", Title: a.Name, Body: a.Text},
			headings: a.Head, names: a.Law + "\n" + a.Article, law: a.Law})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkSearchArticles(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b))
	x := w.open(b)
	s := x.current.Load()
	began := time.Now()
	wr := x.newWriter(s)
	articles(b, wr.add)
	if err := wr.flush(nil); err != nil {
		b.Fatal(err)
	}
	if err := s.compact(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := s.refresh(); err != nil {
		b.Fatal(err)
	}
	b.Logf("built in %v", time.Since(began))
	benchSearch(b, x)
}

// BenchmarkIndex measures documents of 1,500 characters through analysis and
// Bleve, on disk.
func BenchmarkIndex(b *testing.B) {
	text := strings.Repeat("用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资。", 30)
	w := newWorld(b, dbtest.SQLite(b))
	x := w.open(b)
	wr := x.newWriter(x.current.Load())
	b.SetBytes(int64(len(text)))
	i := 0
	for b.Loop() {
		i++
		n := i * 37 % len(text) / 3 * 3 // so that no two are alike
		err := wr.add(&entry{id: fmt.Sprint("document/", i), hit: stored{Kind: "guide", ID: fmt.Sprint(i), Title: text[n : n+min(60, len(text)-n)], Body: text[n:] + text[:n]}})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := wr.flush(nil); err != nil {
		b.Fatal(err)
	}
}
