package law_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// corpus is the folder of real law files beside the repository. It is not
// committed; a developer without it still has testdata/.
func corpus(t testing.TB) fs.FS {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "laws")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no law corpus at ../shared/laws")
		}
		t.Skip("no law corpus at ../shared/laws")
	}
	return os.DirFS(dir)
}

func lawFiles(t testing.TB, fsys fs.FS) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".md") || d.Name() == "README.md" {
			return err
		}
		files[p], err = fs.ReadFile(fsys, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// naiveArticle is the independent counter: a line that begins with 第…条 and a
// space is an article, whatever else the parser may think.
var naiveArticle = regexp.MustCompile(`(?m)^第[零〇一二三四五六七八九十百千]+条(之[一二三四五六七八九十]+)?[ \x{3000}]`)

func TestCorpusLosesNoArticle(t *testing.T) {
	files := lawFiles(t, corpus(t))
	if len(files) < 70 {
		t.Fatalf("only %d files", len(files))
	}
	total := 0
	for name, src := range files {
		v, err := law.ParseFile(name, src)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		_, body, _ := strings.Cut(string(src), "<!-- INFO END -->")
		var labels []string
		for _, m := range naiveArticle.FindAllString(body, -1) {
			labels = append(labels, strings.TrimFunc(m, unicode.IsSpace))
		}
		total += len(labels)
		var numbered []law.Article
		for _, a := range v.Articles {
			if a.Number > 0 {
				numbered = append(numbered, a)
			}
		}
		if len(labels) == 0 {
			if len(numbered) != 3 { // 关于职工全年月平均工作时间和工资折算问题的通知
				t.Errorf("%s: no 条, and %d items", name, len(numbered))
			}
			continue
		}
		if len(numbered) != len(labels) {
			t.Fatalf("%s: %d articles, want %d", name, len(numbered), len(labels))
		}
		for i, a := range numbered {
			if a.Label != labels[i] || law.FormatArticle(a.Number, a.Sub) != labels[i] {
				t.Errorf("%s: article %d is %s, want %s", name, i, a.Label, labels[i])
			}
			if len(a.Paragraphs) == 0 {
				t.Errorf("%s: %s is empty", name, a.Label)
			}
			if i > 0 && a.Sub == 0 && a.Number != numbered[i-1].Number+1 {
				t.Errorf("%s: %s follows %s", name, a.Label, numbered[i-1].Label)
			}
		}
	}
	if total < 5000 {
		t.Errorf("only %d articles in all", total)
	}
}

func TestCorpusLosesNoText(t *testing.T) {
	for name, src := range lawFiles(t, corpus(t)) {
		v, err := law.ParseFile(name, src)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		_, body, _ := strings.Cut(string(src), "<!-- INFO END -->")
		if got, want := solid(parsedText(v)), solid(strings.ReplaceAll(body, "#", "")); got != want {
			i := 0
			for i < len(got) && i < len(want) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: text differs after …%s\n got %.60s\nwant %.60s", name, tail(want[:i]), strings.ToValidUTF8(got[i:], ""), strings.ToValidUTF8(want[i:], ""))
		}
	}
}

// parsedText puts a version together again: each heading once, where it
// begins, then labels and paragraphs.
func parsedText(v law.Version) string {
	var b strings.Builder
	var open []string
	for _, a := range v.Articles {
		same := 0
		for same < len(open) && same < len(a.Path) && open[same] == a.Path[same] {
			same++
		}
		for _, h := range a.Path[same:] {
			b.WriteString(h)
		}
		open = a.Path
		b.WriteString(a.Label + a.Heading + a.Text())
	}
	return b.String()
}

// solid drops white space and what nobody sees.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}

func tail(s string) string { return strings.ToValidUTF8(s[max(0, len(s)-60):], "") }

// The files are whole, so that a note about one of them is a false alarm.
func TestCorpusImportsWithoutANote(t *testing.T) {
	fsys := corpus(t)
	s, _ := newStore(dbtest.SQLite(t))
	r, err := s.Import(t.Context(), auth.System(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range r.Bad {
		t.Error(bad)
	}
	for _, note := range r.Notes {
		t.Error(note)
	}
}

func TestCorpusDates(t *testing.T) {
	files := lawFiles(t, corpus(t))
	for name, want := range map[string][2]string{ // date, in force
		"社会法/劳动合同法(2012-12-28).md":           {"2012-12-28", "2013-07-01"},
		"社会法/劳动法(2018-12-29).md":             {"2018-12-29", "2018-12-29"},
		"社会法/妇女权益保障法(2022-10-30).md":         {"2022-10-30", "2023-01-01"},
		"社会法/慈善法(2016-03-16).md":             {"2016-03-16", "2016-09-01"},
		"社会法/慈善法(2023-12-29).md":             {"2023-12-29", "2024-09-05"},
		"民法典/合同编.md":                         {"2020-05-28", "2021-01-01"},
		"民法典/婚姻家庭编.md":                       {"2020-05-28", ""}, // no line says; the other books do
		"行政法规/工伤保险条例(2010-12-20).md":         {"2010-12-20", "2011-01-01"},
		"行政法规/保障农民工工资支付条例(2019-12-30).md":    {"2019-12-30", "2020-05-01"},
		"行政法规/工资支付暂行规定(1994-12-06).md":       {"1994-12-06", "1995-01-01"},
		"行政法规/关于工资总额组成的规定(1990-01-01).md":    {"1990-01-01", "1990-01-01"},
		"行政法规/国务院关于职工工作时间的规定(1995-03-25).md": {"1995-03-25", "1995-05-01"},
		"行政法规/女职工劳动保护特别规定(2012-04-28).md":    {"2012-04-28", "2012-04-28"},
		"司法解释/最高人民法院关于审理劳动争议案件适用法律问题的解释（一）(2020-12-29).md": {"2020-12-29", "2021-01-01"},
		"诉讼与非诉讼程序法/民事诉讼法(2021-12-24).md":                   {"2021-12-24", "2022-01-01"},
		"诉讼与非诉讼程序法/民事诉讼法(2023-09-01).md":                   {"2023-09-01", "2024-01-01"},
		"诉讼与非诉讼程序法/劳动争议调解仲裁法(2007-12-29).md":               {"2007-12-29", "2008-05-01"},
		"行政法/法律援助法(2021-08-20).md":                         {"2021-08-20", "2022-01-01"},
	} {
		v, err := law.ParseFile(name, files[name])
		if err != nil {
			t.Error(err)
		} else if got := [2]string{v.Date, v.InForce}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for name, src := range files {
		v, _ := law.ParseFile(name, src)
		t.Log(v.Title, v.Book, v.Date, v.InForce)
	}
}

// The glosses were written from other copies of the laws than those that bureaus
// import: the beginnings must be the same.
func TestCorpusHasItsGlosses(t *testing.T) {
	glossed := map[string]int{}
	for name, src := range lawFiles(t, corpus(t)) {
		v, err := law.ParseFile(name, src)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		for _, a := range v.Articles {
			if law.Gloss(v.Title, a) != "" {
				glossed[law.Name(v.Title)]++
			}
		}
	}
	for name, least := range map[string]int{"劳动合同法": 90, "劳动争议调解仲裁法": 38, "民法典": 700, "工伤保险条例": 40, "民事诉讼法": 200} {
		if glossed[name] < least {
			t.Errorf("%d articles of %s have a gloss", glossed[name], name)
		}
	}
}
