package proof

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what a worker reads without effort.
const (
	longSentence   = 60 // characters; reported
	heavySentence  = 40 // counted in the score
	noticeSentence = 100
	manyDe         = 4
	aloudPerMinute = 240
)

// Reading says how hard a text is. See the package comment for the formula.
type Reading struct {
	Characters int
	Sentences  int
	Mean       float64 // characters of a sentence
	Long       int     // sentences over 40 characters
	Jargon     int     // terms nobody explains
	Stiff      int
	DeChains   int
	Score      int           // 0 to 100; 80 is easy
	Aloud      time.Duration // to read it out
}

// Level names the score.
func (r Reading) Level() string {
	switch {
	case r.Sentences == 0:
		return "还没有正文"
	case r.Score >= 80:
		return "好读"
	case r.Score >= 60:
		return "一般"
	}
	return "难读"
}

// Minutes is Aloud for people, at least 1.
func (r Reading) Minutes() int { return max(1, int((r.Aloud+30*time.Second)/time.Minute)) }

// Read measures the body of an input.
func Read(in Input) Reading {
	if in.Lists == nil {
		in.Lists = Compile(nil)
	}
	i := slices.IndexFunc(in.Fields, func(f Field) bool { return f.Form == Markdown })
	if i < 0 {
		return Reading{}
	}
	in.Kind = plainKinds[0] // measured the same way whatever it is
	c := newCheck(in, in.Fields[i])
	for i := range c.runs {
		c.words(&c.runs[i])
	}
	var out Reading
	for i := range c.runs {
		r := &c.runs[i]
		if r.plain {
			continue
		}
		out.Characters += characters(r.Text)
		for _, s := range sentences(r.Text) {
			n := characters(r.Text[s[0]:s[1]])
			if n == 0 || r.Heading > 0 || r.Cell {
				continue
			}
			out.Sentences++
			out.Mean += float64(n)
			if n > heavySentence {
				out.Long++
			}
		}
		out.DeChains += len(deChains(r.Text))
	}
	for _, f := range c.found {
		switch f.Rule {
		case RuleJargon:
			out.Jargon++
		case RulePlain:
			out.Stiff++
		}
	}
	out.score()
	return out
}

func (r *Reading) score() {
	r.Aloud = time.Duration(r.Characters) * time.Minute / aloudPerMinute
	if r.Sentences == 0 {
		return
	}
	r.Mean /= float64(r.Sentences)
	per := 1000 / float64(max(r.Characters, 200)) // a few lines are no statistics
	score := 100 - 1.5*max(0, r.Mean-18) - 0.5*100*float64(r.Long)/float64(r.Sentences) -
		per*(4*float64(r.Jargon)+3*float64(r.Stiff)+3*float64(r.DeChains))
	r.Score = int(min(100, max(0, score)) + 0.5)
}

// reading marks the sentences and clauses that are hard.
func (c *check) reading() {
	limit := longSentence
	switch {
	case slices.Contains(plainKinds, c.in.Kind):
	case c.in.Kind == "notice":
		limit = noticeSentence
	default:
		return
	}
	for i := range c.runs {
		r := &c.runs[i]
		if r.Quote || r.plain || r.Heading > 0 {
			continue
		}
		for _, s := range sentences(r.Text) {
			if n := characters(r.Text[s[0]:s[1]]); n > limit {
				c.put(r, s[0], s[1], Finding{Rule: RuleLong, Severity: Hint, Message: "这一句有 " + strconv.Itoa(n) + " 个字，念一遍换不过气。请拆成两三句。"})
			}
		}
		if limit != longSentence {
			continue
		}
		for _, d := range deChains(r.Text) {
			c.put(r, d[0], d[1], Finding{Rule: RuleDe, Severity: Hint, Message: "一口气有 " + strconv.Itoa(manyDe) + " 个以上“的”，请拆开说。"})
		}
	}
}

// sentences are the stretches between full stops; a semicolon ends one too, since
// one may breathe there.
func sentences(s string) (list [][2]int) {
	from := 0
	for i, r := range s {
		if strings.ContainsRune(stops, r) {
			if i > from {
				list = append(list, [2]int{from, i})
			}
			from = i + utf8.RuneLen(r)
		}
	}
	if from < len(s) {
		list = append(list, [2]int{from, len(s)})
	}
	return list
}

// citation is what a reader skips: the name of a law with its article.
var citation = regexp.MustCompile(`《[^《》]*》(?:第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?(?:第[一二三四五六七八九十]+[款项])*)?`)

// characters counts what is read out: Chinese characters, and each Latin word or
// number as one. Citations do not count.
func characters(s string) (n int) {
	if strings.Contains(s, "《") {
		s = citation.ReplaceAllString(s, "")
	}
	word := false
	for _, r := range s {
		switch {
		case isHan(r):
			n, word = n+1, false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !word {
				n++
			}
			word = true
		default:
			word = false
		}
	}
	return n
}

// notDe are words with 的 that is no particle.
var notDe = strings.NewReplacer("目的", "目口", "的确", "口确", "标的", "标口", "的话", "口话", "有的", "有口", "别的", "别口", "的士", "口士")

// deChains are the clauses with four 的 or more.
func deChains(s string) (list [][2]int) {
	from := 0
	clause := func(to int) {
		if strings.Count(notDe.Replace(s[from:to]), "的") >= manyDe {
			list = append(list, [2]int{from, to})
		}
	}
	for i, r := range s {
		if unicode.IsPunct(r) && !strings.ContainsRune("《》“”（）", r) || r == '\n' {
			clause(i)
			from = i + utf8.RuneLen(r)
		}
	}
	clause(len(s))
	return list
}
