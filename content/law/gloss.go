package law

import (
	"embed"
	"hash/crc32"
	"strings"
	"sync"
	"unicode"
)

// Glosses say what an article is about in the words of those who ask: 超市搜身
// for 非法搜查他人身体. Statutes are written in another language than questions,
// and no rule of translation finds one from the other. We wrote them from the
// articles; they are searched and never shown.
//
// A file of gloss/ has the glosses of one law:
//
//	law 民法典
//	1011	以非法拘禁等方式剥夺	超市搜身 被当小偷搜包 …
//
// The second column is how the article begins: its first twelve letters and
// digits. The gloss belongs to that beginning, not to the number: when a law is
// amended it moves with the article, and is silent when the text is another.
//
//go:embed gloss/*.txt
var glossFiles embed.FS

type gloss struct{ id, text string }

// glosses are the files of gloss/: law name, beginning of the article, glosses.
var glosses = sync.OnceValue(func() map[string]map[string][]gloss {
	all := map[string]map[string][]gloss{}
	for _, text := range glossTexts() {
		laws := map[string][]gloss{}
		for line := range strings.Lines(text) {
			if name, ok := strings.CutPrefix(line, "law "); ok {
				all[strings.TrimSpace(name)] = laws
			}
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				laws[f[1]] = append(laws[f[1]], gloss{f[0], f[2]})
			}
		}
	}
	return all
})

func glossTexts() (texts []string) {
	files, err := glossFiles.ReadDir("gloss")
	if err != nil {
		panic(err) // embedded
	}
	for _, f := range files {
		b, err := glossFiles.ReadFile("gloss/" + f.Name())
		if err != nil {
			panic(err)
		}
		texts = append(texts, string(b))
	}
	return texts
}

// Gloss is the gloss of an article of the law with this title; "" when there is
// none for what it says. Of several articles that begin alike, the number tells.
func Gloss(title string, a Article) string {
	found := glosses()[Name(title)][beginning(a.Text())]
	for _, g := range found {
		if len(found) == 1 || g.id == a.ID() {
			return g.text
		}
	}
	return ""
}

const beginningLength = 12

// beginning is the first letters and digits of a text.
func beginning(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n == beginningLength {
			break
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// GlossSum changes when a gloss does: what was indexed with them is then old.
var GlossSum = sync.OnceValue(func() uint32 {
	sum := crc32.NewIEEE()
	for _, text := range glossTexts() {
		sum.Write([]byte(text))
	}
	return sum.Sum32()
})
