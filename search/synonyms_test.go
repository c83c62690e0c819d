package search

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/songfa/songfa/content/starter"
)

// The workers' table holds what can be recognised and does something.
func TestWorkerSynonymsAreWellFormed(t *testing.T) {
	f := newFolder()
	lines := synonymLines(workerSynonyms)
	if len(lines) < 170 {
		t.Errorf("%d groups", len(lines))
	}
	for _, l := range lines {
		if fault := l.fault(); fault != "" {
			t.Errorf("%s: %s", fault, l.text)
		}
		for _, w := range slices.Concat(l.from, l.to) {
			if n := utf8.RuneCountInString(w); n < 2 || n > 12 {
				t.Errorf("%q has %d characters: %s", w, n, l.text)
			}
			if f.fold(w).text != w {
				t.Errorf("%q is not as folding leaves it: %s", w, l.text)
			}
		}
	}
}

// inBothTables are words that mean something at work and elsewhere, and find both.
var inBothTables = []string{"没签合同", "受伤", "摔伤", "烫伤", "砸伤", "仲裁", "法律援助"}

// No word stands on two lines, where one would be forgotten when the other is
// changed; what both tables have is meant.
func TestWorkerSynonymsSayNothingTwice(t *testing.T) {
	on := map[string]string{}
	for _, l := range synonymLines(workerSynonyms) {
		for _, w := range l.from {
			if before, twice := on[w]; twice {
				t.Errorf("%s stands on two lines:\n%s\n%s", w, before, l.text)
			}
			on[w] = l.text
		}
	}
	for _, l := range synonymLines(lawSynonyms) {
		for _, w := range l.from {
			if workers, both := on[w]; both && !slices.Contains(inBothTables, w) {
				t.Errorf("%s stands in both tables:\n%s\n%s", w, workers, l.text)
			}
		}
	}
}

// Words that mean something else to those who are no workers lead nowhere by
// themselves.
func TestWorkerSynonymsLeaveGeneralWordsAlone(t *testing.T) {
	s := newSynonyms(newFolder(), workerSynonyms)
	for _, w := range []string{"起诉", "赔偿", "补偿", "死亡", "保险", "违约金", "中介", "快递", "押金", "时效", "投诉", "举报", "报警", "公司", "单位", "证据", "住院", "欠钱"} {
		if others := s.others[w]; len(others) > 0 {
			t.Errorf("%s leads to %v", w, others)
		}
	}
}

// What the table looks for is said by a law, a guide or a session; anything else finds
// nothing.
func TestWorkerSynonymsFindSomething(t *testing.T) {
	var said strings.Builder
	read := func(files fs.FS) {
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(files, name)
			said.WriteString(strings.Join(strings.Fields(string(b)), ""))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	texts, ok := lawTexts()
	if !ok {
		lacking(t, "texts of laws at ../shared/laws")
	}
	read(texts)
	read(starter.Files())
	types := "法律进工地 招聘会普法 法律进社区 法律进乡村" // of sessions, which are in no text
	for _, l := range synonymLines(workerSynonyms) {
		for _, w := range l.to {
			if !strings.Contains(said.String(), w) && !strings.Contains(types, w) {
				t.Errorf("%s is said nowhere: %s", w, l.text)
			}
		}
	}
}
