package search

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db/dbtest"
)

// typings are typed key by key.
var typings = []string{"工伤认定怎么申请", "拖欠工资怎么办", "老板不给钱", "劳动合同法", "东湖镇工作站", "民法典", "没签合同", "离婚财产", "机动车交通事故",
	"laodonghetong", "gongshangrending", "tuoqiangongzi", "donghuzhen", "minfadian", "shehuibaoxian", "jiabanfei", "lihun caichan fenge",
	"ldht", "gsrd", "flyz", "ldzc", "gs认定", "讨xin", "gongzi没发", "公伤认定", "讨新", "n+1", "12348", "zzzzzzzzzz", "aaaaaaaaaaaaaaaaaaaa", "的的的的"}

// BenchmarkSuggest types over the starter content, the corpus's 59,079 articles and
// its laws. Percentiles are of single keys.
func BenchmarkSuggest(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b))
	w.seed(b)
	x := w.open(b)
	if err := x.Rebuild(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	s := x.current.Load()
	wr := x.newWriter(s)
	laws := map[string]bool{}
	articles(b, func(e *entry) error {
		if !laws[e.law] {
			laws[e.law] = true
			if err := wr.add(&entry{id: lawID(e.law), hit: stored{Kind: "law", ID: e.law, Path: "/laws/x", Title: e.law}, law: e.law, suggest: []string{e.law}}); err != nil {
				return err
			}
		}
		return wr.add(e)
	})
	if err := wr.flush(nil); err != nil {
		b.Fatal(err)
	}
	if err := s.compact(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := s.refresh(); err != nil {
		b.Fatal(err)
	}
	var keys []string
	for _, text := range typings {
		for i := range text {
			if i > 0 {
				keys = append(keys, text[:i])
			}
		}
		keys = append(keys, text)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if _, err := x.Suggest(b.Context(), keys[i%len(keys)], 8); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	first := slices.Clone(took[:min(len(keys), len(took))])
	for name, list := range map[string][]time.Duration{"first": first, "all": took} {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2].Microseconds()), name+"-p50-µs")
		b.ReportMetric(float64(list[len(list)*99/100].Microseconds()), name+"-p99-µs")
	}
}

// BenchmarkNewAnalyzer is what a start costs before any index is open: the tables
// and dictionaries of analysis, synonyms, sounds and the words found by them.
func BenchmarkNewAnalyzer(b *testing.B) {
	b.ReportAllocs()
	var kept *Index
	before := heapInUse()
	for b.Loop() {
		a := newAnalyzer()
		kept = &Index{analyzer: a, sounds: newPinyin()}
		kept.synonyms.Store(newSynonyms(a.folder, synonymsText))
		kept.words()
	}
	b.ReportMetric(float64(heapInUse()-before)/(1<<20), "MB-kept")
	runtime.KeepAlive(kept)
}
