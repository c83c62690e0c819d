package search

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// SynonymText is what editors have written beside the built-in synonyms, in the
// form of synonyms.txt: words that mean the same in a line; words left of > find
// those on the right; a line that begins with ! switches built-in words off.
type SynonymText struct {
	Text    string
	Version int64
	At      time.Time // zero when nobody has written yet
	By      string    // account id
}

// StaleSynonyms says that somebody else saved meanwhile; a Conflict.
type StaleSynonyms struct{ Current SynonymText }

func (s *StaleSynonyms) Error() string {
	return "synonyms are at version " + strconv.FormatInt(s.Current.Version, 10)
}

// Unwrap gives it its Kind and sentence.
func (s *StaleSynonyms) Unwrap() error {
	return errs.New(errs.Conflict, "同义词刚被别人改过。您写的还在，请对照后再保存。", "stale synonyms")
}

// Synonyms reads the editors' text.
func (d *Desk) Synonyms(ctx context.Context) (_ SynonymText, err error) {
	defer errs.Wrap(&err, "read synonyms")
	return readSynonyms(ctx, d.cfg.DB.Reader())
}

func readSynonyms(ctx context.Context, q db.Queryer) (SynonymText, error) {
	var row struct {
		Text      string
		Version   int64
		UpdatedAt *int64
		UpdatedBy string
	}
	err := db.Get(ctx, q, &row, `SELECT text, version, updated_at, updated_by FROM search_synonyms WHERE id = 1`)
	return SynonymText{Text: row.Text, Version: row.Version, At: db.Time(row.UpdatedAt), By: row.UpdatedBy}, err
}

// learnSynonyms has the index understand questions by what is stored. What
// depends on the words is made anew here, and not by the next reader.
func (d *Desk) learnSynonyms(ctx context.Context) error {
	d.learning.Lock()
	defer d.learning.Unlock()
	own, err := d.Synonyms(ctx)
	if err != nil || own.Text == d.learned {
		return err
	}
	d.index.synonyms.Store(compileSynonyms(d.index.analyzer.folder, synonymsText, own.Text))
	d.index.words()
	d.learned = own.Text
	return nil
}

// SaveSynonyms stores the whole text when its version is still the one given.
// It is in force when this returns, on other nodes within a second. Errors:
// LineProblems, *StaleSynonyms.
func (d *Desk) SaveSynonyms(ctx context.Context, actor auth.Actor, text string, version int64) (err error) {
	defer errs.Wrap(&err, "save synonyms")
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	text = tidyLines(text)
	if err := checkSynonyms(d.index.analyzer.folder, synonymsText, text).err(); err != nil {
		return err
	}
	err = d.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := readSynonyms(ctx, tx)
		if err != nil {
			return err
		}
		if old.Version != version {
			return &StaleSynonyms{old}
		}
		if old.Text == text {
			return nil
		}
		n, err := db.Exec(ctx, tx, `UPDATE search_synonyms SET text = $1, version = version + 1, updated_at = $2, updated_by = $3
			WHERE id = 1 AND version = $4`, text, d.cfg.Now().UnixMilli(), actor.ID, version)
		if err != nil {
			return err
		}
		if n == 0 { // on PostgreSQL somebody was between our reading and our writing
			return &StaleSynonyms{old}
		}
		d.cfg.Ledger.Record(tx, synonymEntry(actor, old.Text, text), ledger.Change{Kind: "site", ID: journalSynonyms})
		return nil
	})
	if err != nil {
		return err
	}
	return d.learnSynonyms(ctx)
}

// synonymEntry tells the audit which lines came and went.
func synonymEntry(actor auth.Actor, before, after string) ledger.Entry {
	added, removed := newLines(before, after), newLines(after, before)
	e := actor.Entry("search.synonyms", "search:synonyms", "修改搜索同义词：增 "+strconv.Itoa(len(added))+" 行，减 "+strconv.Itoa(len(removed))+" 行")
	e.Detail = db.JSON(map[string][]string{"added": added, "removed": removed})
	return e
}

// newLines are the lines that only the second text has.
func newLines(before, after string) []string {
	old := strings.Split(before, "\n")
	list := []string{}
	for _, line := range strings.Split(after, "\n") {
		if line != "" && !slices.Contains(old, line) {
			list = append(list, line)
		}
	}
	return list
}

// tidyLines takes away spaces at the ends of lines and empty lines at the end.
func tidyLines(text string) string {
	list := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range list {
		list[i] = strings.TrimSpace(line)
	}
	return strings.TrimRight(strings.Join(list, "\n"), "\n")
}

const (
	maxSynonymText  = 64 << 10 // bytes
	maxSynonymWord  = 20       // characters
	maxSynonymWords = 40       // in a line
)

// LineProblem is one line to mend.
type LineProblem struct {
	Line    int    // from 1; 0 for the text as a whole
	Message string // Chinese, says what to do
}

func (p LineProblem) String() string {
	if p.Line == 0 {
		return p.Message
	}
	return "第 " + strconv.Itoa(p.Line) + " 行：" + p.Message
}

// LineProblems are all of them at once, as one Invalid error.
type LineProblems []LineProblem

func (ps LineProblems) Error() string { return strconv.Itoa(len(ps)) + " lines are invalid" }

// Unwrap gives the list its Kind, its sentence and its field.
func (ps LineProblems) Unwrap() error { return errs.Bad("text", ps[0].String()) }

func (ps LineProblems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// checkSynonyms finds what compileSynonyms would not use or what would do harm.
func checkSynonyms(f *folder, builtIn, text string) (ps LineProblems) {
	if len(text) > maxSynonymText {
		return LineProblems{{0, "同义词太多了（最多 64 KB），请删掉不用的行。"}}
	}
	known := newSynonyms(f, builtIn)
	for i, line := range strings.Split(text, "\n") {
		if why := checkSynonymLine(f, known, line); why != "" {
			ps = append(ps, LineProblem{i + 1, why})
		}
	}
	return ps
}

func checkSynonymLine(f *folder, builtIn *synonyms, line string) string {
	line, _, _ = strings.Cut(line, "#")
	if off, is := strings.CutPrefix(strings.TrimSpace(line), "!"); is {
		return checkSwitchedOff(f, builtIn, strings.Fields(off))
	}
	left, right, oneWay := strings.Cut(line, ">")
	from, to := strings.Fields(left), strings.Fields(right)
	switch {
	case len(from)+len(to) == 0 && !oneWay:
		return "" // empty, or a comment
	case strings.Contains(right, ">"):
		return "一行只能有一个 >，请分成两行写。"
	case strings.ContainsAny(line, "，、；,;"):
		return "词和词之间用空格隔开，不要用逗号、顿号。"
	case oneWay && len(from) == 0:
		return "> 左边没有词，请写上读者会怎么说。"
	case oneWay && len(to) == 0:
		return "> 右边没有词，请写上该找什么。"
	case !oneWay && len(from) < 2:
		return "只有一个词，一组至少写两个，用空格隔开。"
	case len(from)+len(to) > maxSynonymWords:
		return "词太多，一行最多 " + strconv.Itoa(maxSynonymWords) + " 个，请分成几行。"
	}
	for _, w := range from {
		if why := checkSynonymWord(f, w, 2); why != "" {
			return why
		}
	}
	for _, w := range to {
		if why := checkSynonymWord(f, w, 1); why != "" {
			return why
		}
	}
	return ""
}

// checkSynonymWord judges one word of at least so many characters: what stands
// for others is only recognised from two on.
func checkSynonymWord(f *folder, word string, least int) string {
	key := suggestKey(f.fold(word))
	switch n := utf8.RuneCountInString(key); {
	case strings.HasPrefix(word, "!"):
		return "关掉内置词请单独写一行，以 ! 开头。"
	case n == 0:
		return "“" + clip(word, maxSynonymWord) + "”里没有可以查找的字，请删掉。"
	case n < least:
		return "“" + word + "”只有一个字，太容易找错，请写成两个字以上的词。"
	case n > maxSynonymWord:
		return "“" + clip(word, 10) + "…”太长，一个词最多 " + strconv.Itoa(maxSynonymWord) + " 个字。"
	case hasNumber(word):
		return "“" + word + "”像是号码，请不要写进同义词。"
	}
	return ""
}

func checkSwitchedOff(f *folder, builtIn *synonyms, words []string) string {
	if len(words) == 0 {
		return "! 后面没有词，请写上要关掉的内置词。"
	}
	for _, w := range words {
		if !builtIn.knows(f.fold(w).text) {
			return "内置词表里没有“" + clip(w, maxSynonymWord) + "”，不用关掉，请删去或者检查写法。"
		}
	}
	return ""
}

// knows reports whether a folded word stands anywhere in the table.
func (s *synonyms) knows(word string) bool {
	if _, ok := s.others[word]; ok {
		return true
	}
	for _, others := range s.others {
		if slices.Contains(others, word) {
			return true
		}
	}
	return false
}

// compileSynonyms joins the built-in table and the editors' text. It takes any
// text: a line that was right may be wrong after an upgrade, and then only does
// nothing.
func compileSynonyms(f *folder, builtIn, own string) *synonyms {
	var off []string
	var lines strings.Builder
	for line := range strings.Lines(own) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		if words, is := strings.CutPrefix(line, "!"); is {
			for _, w := range strings.Fields(words) {
				off = append(off, f.fold(w).text)
			}
			continue
		}
		lines.WriteString(line + "\n")
	}
	return newSynonyms(f, without(f, builtIn, off)+lines.String())
}

// without takes words out of a table of synonyms, and lines that then say
// nothing.
func without(f *folder, text string, off []string) string {
	if len(off) == 0 {
		return text
	}
	rest := func(words string) []string {
		return slices.DeleteFunc(strings.Fields(words), func(w string) bool { return slices.Contains(off, f.fold(w).text) })
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		left, right, oneWay := strings.Cut(line, ">")
		from, to := rest(left), rest(right)
		if oneWay && len(from) > 0 && len(to) > 0 {
			b.WriteString(strings.Join(from, " ") + " > " + strings.Join(to, " ") + "\n")
		} else if !oneWay && len(from) > 1 {
			b.WriteString(strings.Join(from, " ") + "\n")
		}
	}
	return b.String()
}
