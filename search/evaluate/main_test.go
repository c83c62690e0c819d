package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestMain lets the test's binary be the second process, as the program is its
// own.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-ask" {
		main()
		return
	}
	os.Exit(m.Run())
}

// little is a law of twenty articles, of which five answer a question each.
var little = map[int]string{
	2:  "用人单位拖欠或者未足额支付劳动报酬的，劳动者可以依法向当地人民法院申请支付令。",
	5:  "试用期包含在劳动合同期限内。",
	9:  "劳动者在上下班途中，受到非本人主要责任的交通事故伤害的，应当认定为工伤。",
	13: "女职工生育享受九十八天产假。",
	17: "劳动争议申请仲裁的时效期间为一年。",
}

var asks = []struct{ qid, query, article string }{
	{"q1", "老板拖欠劳动报酬怎么办", "d02"},
	{"q2", "试用期算不算在合同期限里", "d05"},
	{"q3", "下班途中出交通事故是工伤吗", "d09"},
	{"q4", "产假有几天", "d13"},
	{"q5", "申请劳动仲裁的时效是多久", "d17"},
}

// corpusFile writes the twenty articles.
func corpusFile(t *testing.T) string {
	t.Helper()
	var rows []any
	for i := range 20 {
		text := little[i]
		if text == "" {
			text = fmt.Sprintf("渔船应当在第%d号码头停泊，并按照港务机构的要求缴纳停泊费。", i)
		}
		rows = append(rows, map[string]string{"id": fmt.Sprintf("d%02d", i), "law": "示例法", "article": "第" + strconv.Itoa(i+1) + "条", "text": text, "head": "总则"})
	}
	return jsonLines(t, "corpus.jsonl", rows)
}

func jsonLines(t *testing.T, name string, rows []any) string {
	t.Helper()
	var b strings.Builder
	for _, r := range rows {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// queriesFile writes the questions with whatever else a file says of them.
func queriesFile(t *testing.T, more func(i int) map[string]any) string {
	t.Helper()
	var rows []any
	for i, a := range asks {
		row := more(i)
		row["qid"], row["query"] = a.qid, a.query
		rows = append(rows, row)
	}
	return jsonLines(t, "queries.jsonl", rows)
}

// evaluated runs the program and returns the run and the report.
func evaluated(t *testing.T, engine, corpus, queries string, more ...string) (string, report) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "run.tsv")
	saved := filepath.Join(t.TempDir(), "report.json")
	args := []string{"-engine", engine, "-corpus", corpus, "-queries", queries, "-run", out, "-report", saved}
	err := run(t.Context(), append(args, more...))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	r, err := loadReport(saved)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), r
}

func TestARunIsWhatTheScorerReads(t *testing.T) {
	for name := range engines {
		t.Run(name, func(t *testing.T) {
			hits, r := evaluated(t, name, corpusFile(t), queriesFile(t, func(int) map[string]any { return map[string]any{} }))
			first := map[string]string{}
			ranks := map[string]int{}
			for line := range strings.Lines(hits) {
				f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
				if len(f) != 3 {
					t.Fatalf("line %q has not three fields", line)
				}
				ranks[f[0]]++
				if f[1] != strconv.Itoa(ranks[f[0]]) {
					t.Fatalf("line %q: rank %d expected", line, ranks[f[0]])
				}
				if f[1] == "1" {
					first[f[0]] = f[2]
				}
			}
			for _, a := range asks {
				if first[a.qid] != a.article {
					t.Errorf("%s is answered by %q first, not by %s", a.query, first[a.qid], a.article)
				}
			}
			if r.Engine != name || r.Ask.Questions != len(asks) || r.Build.IndexMB <= 0 || r.Ask.PerSecond <= 0 || r.Ask.Again.P99 < r.Ask.Again.P50 || r.Ask.Again.P50 <= 0 {
				t.Errorf("report says %+v", r)
			}
		})
	}
}

func TestRunsDoNotDependOnAnswersOrChance(t *testing.T) {
	corpus := corpusFile(t)
	files := map[string]string{
		"right":   queriesFile(t, func(i int) map[string]any { return map[string]any{"gold": []string{asks[i].article}} }),
		"wrong":   queriesFile(t, func(int) map[string]any { return map[string]any{"gold": []string{"d00"}, "labour": true} }),
		"garbage": queriesFile(t, func(int) map[string]any { return map[string]any{"gold": map[string]any{"x": 1}, "labour": "?"} }),
		"none":    queriesFile(t, func(int) map[string]any { return map[string]any{} }),
	}
	for name := range engines {
		want := ""
		for what, queries := range files {
			got, _ := evaluated(t, name, corpus, queries)
			if want == "" {
				want = got
			}
			if got == "" || got != want {
				t.Errorf("%s: with %s answers the run is another one:\n%s\nnot\n%s", name, what, got, want)
			}
		}
	}
}

func TestHitsOfOneScoreAreInOneOrder(t *testing.T) {
	hits := []hit{{"d", 3}, {"z", 2}, {"c", 2 + 1e-15}, {"b", 2}, {"a", 1}}
	settle(hits)
	got := ""
	for _, h := range hits {
		got += h.id
	}
	if got != "dbcza" {
		t.Errorf("order is %s", got)
	}
}

func TestPartsCanBeLeftOut(t *testing.T) {
	corpus, queries := corpusFile(t), queriesFile(t, func(int) map[string]any { return map[string]any{} })
	hits, r := evaluated(t, "songfa", corpus, queries, "-without", "words,synonyms")
	if r.Engine != "songfa without words, synonyms" || !strings.Contains(hits, "q1\t1\td02\n") {
		t.Errorf("%s ranks\n%s", r.Engine, hits)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	good, corpus := queriesFile(t, func(int) map[string]any { return map[string]any{} }), corpusFile(t)
	twice := jsonLines(t, "twice.jsonl", []any{question{"q1", "产假"}, question{"q1", "工伤"}})
	double := jsonLines(t, "double.jsonl", []any{
		map[string]string{"id": "a", "law": "示例法", "article": "第一条", "text": "一"},
		map[string]string{"id": "b", "law": "示例法", "article": "第1条", "text": "二"}})
	out := filepath.Join(t.TempDir(), "run.tsv")
	for _, args := range [][]string{
		{},
		{"-corpus", corpus, "-queries", good, "-run", out, "-engine", "other"},
		{"-corpus", corpus + "x", "-queries", good, "-run", out},
		{"-corpus", double, "-queries", good, "-run", out},
		{"-corpus", corpus, "-queries", good, "-run", out, "extra"},
		{"-corpus", corpus, "-queries", good, "-run", out, "-without", "brakes"},
		{"-corpus", corpus, "-queries", good, "-run", out, "-without", "words", "-engine", "stock"},
		{"-queries", good, "-run", out, "-ask"},
		{"-queries", twice, "-run", out, "-ask", "-dir", t.TempDir()},
		{"-queries", good, "-run", out, "-ask", "-dir", t.TempDir()},
		{"-table", filepath.Join(t.TempDir(), "none")},
	} {
		if err := run(context.Background(), args); err == nil {
			t.Errorf("evaluate %q went through", args)
		}
	}
}

func TestTable(t *testing.T) {
	dir := t.TempDir()
	scored := filepath.Join(dir, "scores.txt")
	text := "run set n R@1 R@5 R@10 R@20 R@50 R@100 MRR@10 nDCG@10\n" +
		"a.tsv all 782 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8\na.tsv labour 41 0.11 0.12 0.13 0.14 0.15 0.16 0.17 0.18\n"
	if err := os.WriteFile(scored, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	saved := filepath.Join(dir, "a.json")
	r := report{Engine: "songfa", Run: "a.tsv", Build: built{Seconds: 14, IndexMB: 74}, Ask: asked{Again: latency{6.3, 23}, First: latency{7, 24}, CPUMillis: 7.6, PerSecond: 257}}
	if err := r.save(saved); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printTable(&out, scored, []string{saved}); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(out.String(), "\n")
	if got := strings.Join(strings.Fields(rows[1])[:13], " "); got != "songfa 0.3 0.7 0.8 0.6 0.13 0.18 6.3 23.0 7.0 24.0 7.6 257" {
		t.Errorf("row is %q", got)
	}
	r.Run = "b.tsv"
	if err := r.save(saved); err != nil {
		t.Fatal(err)
	}
	if err := printTable(&out, scored, []string{saved}); err == nil {
		t.Error("a run without scores is in the table")
	}
}
