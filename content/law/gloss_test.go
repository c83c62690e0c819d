package law

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGlossFilesAreWellFormed(t *testing.T) {
	laws, lines := 0, 0
	for _, text := range glossTexts() {
		seen := map[string]bool{}
		for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
			if i == 0 {
				name, ok := strings.CutPrefix(line, "law ")
				if !ok || name != Name(name) {
					t.Errorf("first line %q does not name a law as Name does", line)
				}
				laws++
				continue
			}
			lines++
			f := strings.Split(line, "\t")
			if len(f) != 3 {
				t.Errorf("%q has %d columns", line, len(f))
				continue
			}
			if _, _, ok := ParseArticleID(f[0]); !ok || seen[f[0]] {
				t.Errorf("%q is no article, or twice", f[0])
			}
			seen[f[0]] = true
			if beginning(f[1]) != f[1] || f[1] == "" {
				t.Errorf("%s begins with %q: punctuation", f[0], f[1])
			}
			if n := utf8.RuneCountInString(f[2]); n < 4 || n > 260 {
				t.Errorf("%s: a gloss of %d characters", line, n)
			}
		}
	}
	if laws == 0 || lines < 2000 {
		t.Errorf("%d glosses of %d laws", lines, laws)
	}
}

func TestGlossIsOfTheTextItWasWrittenFor(t *testing.T) {
	text := "劳动争议仲裁不收费。劳动争议仲裁委员会的经费由财政予以保障。"
	a := Article{Number: 53, Paragraphs: []string{text}}
	if g := Gloss("中华人民共和国劳动争议调解仲裁法", a); !strings.Contains(g, "要交钱吗") {
		t.Errorf("gloss of article 53 is %q", g)
	}
	a.Number = 99
	if g := Gloss("劳动争议调解仲裁法", a); !strings.Contains(g, "要交钱吗") {
		t.Errorf("after an amendment that moved it, the gloss is %q", g)
	}
	a.Number = 53
	a.Paragraphs[0] = "劳动者可以不交费。"
	if g := Gloss("劳动争议调解仲裁法", a); g != "" {
		t.Errorf("another text under the number has the gloss %q", g)
	}
	if g := Gloss("没有这部法", a); g != "" {
		t.Errorf("a law without glosses has %q", g)
	}
}

// Articles of the penalty law begin alike; each must have its own gloss.
func TestGlossOfArticlesThatBeginAlikeGoesByNumber(t *testing.T) {
	said := map[string]bool{}
	alike := 0
	for begins, found := range glosses()["治安管理处罚法"] {
		if len(found) < 2 {
			continue
		}
		for _, g := range found {
			alike++
			number, sub, _ := ParseArticleID(g.id)
			a := Article{Number: number, Sub: sub, Paragraphs: []string{begins}}
			if got := Gloss("治安管理处罚法", a); got != g.text || said[got] {
				t.Errorf("article %s has the gloss %q, want %q", g.id, got, g.text)
			}
			said[g.text] = true
		}
		if got := Gloss("治安管理处罚法", Article{Number: 9999, Paragraphs: []string{begins}}); got != "" {
			t.Errorf("an article of no known number has the gloss %q", got)
		}
	}
	if alike < 10 {
		t.Errorf("%d articles begin alike", alike)
	}
}
