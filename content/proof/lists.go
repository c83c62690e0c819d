package proof

import (
	"slices"
	"strings"
)

// List names one of the lists that editors keep.
type List string

// The lists. What Word, Value and Note of a row mean is beside each.
const (
	Words        List = "word"        // a wrong word; the right one, "" when only a person can tell; why
	Sensitive    List = "sensitive"   // a word to avoid; a better one or ""; why
	Institutions List = "institution" // a former name; the name now; since when and by what
	Leaders      List = "leader"      // a post with its office: 示例区司法局局长; who holds it; source
	Jargon       List = "jargon"      // a term; what it means in plain words
	Stiff        List = "stiff"       // a stiff phrase; a plain one
	Phones       List = "phone"       // a mobile number that may be published; whose it is
	Switches     List = "rule"        // code of a rule; its name; why. Severity is what the rule has then
)

// AllLists are the lists in the order of their tabs.
var AllLists = []List{Words, Sensitive, Institutions, Leaders, Jargon, Stiff, Phones, Switches}

// Label is the Chinese name.
func (l List) Label() string {
	switch l {
	case Words:
		return "错别字"
	case Sensitive:
		return "敏感用语"
	case Institutions:
		return "机构旧名"
	case Leaders:
		return "姓名和职务"
	case Jargon:
		return "术语"
	case Stiff:
		return "公文腔"
	case Phones:
		return "可公布的手机号"
	case Switches:
		return "检查项开关"
	}
	return string(l)
}

// Row is one entry of a list.
type Row struct {
	ID       string
	List     List
	Word     string
	Value    string
	Note     string
	Severity Severity // "" is the list's own
	Except   []string // longer words in which Word is right: 按装 in 按装置
	From, To string   // the first and the last day it holds, 2006-01-02; "" is open
	Version  int64
}

// Holds reports whether the row holds on a day.
func (r Row) Holds(day string) bool {
	return (r.From == "" || r.From <= day) && (r.To == "" || day <= r.To)
}

// severity is the row's own, or that of its list.
func (r Row) severity() Severity {
	if r.Severity != "" {
		return r.Severity
	}
	switch r.List {
	case Sensitive, Institutions, Leaders, Words:
		return Warn
	}
	return Hint
}

// Lists are the rows made ready for many texts. They never change: after an edit
// Compile makes new ones.
type Lists struct {
	words    *matcher
	at       [][]entry // by the matcher's word
	leaders  []Row
	phones   map[string]bool
	switches map[Rule]Severity
}

// entry is what a word of the matcher is for: a row, or a context in which the
// row's word is right.
type entry struct {
	row    *Row
	except bool
}

// Compile makes rows ready. It keeps the rows; do not change them after.
func Compile(rows []Row) *Lists {
	l := &Lists{phones: map[string]bool{}, switches: map[Rule]Severity{RulePause: Off}}
	index := map[string]int{}
	var words []string
	add := func(w string, e entry) {
		if w == "" {
			return
		}
		i, ok := index[w]
		if !ok {
			i = len(words)
			index[w], words = i, append(words, w)
			l.at = append(l.at, nil)
		}
		l.at[i] = append(l.at[i], e)
	}
	for i := range rows {
		r := &rows[i]
		switch {
		case r.List == Switches:
			if r.Severity != "" {
				l.switches[Rule(r.Word)] = r.Severity
			}
		case r.Severity == Off:
		case r.List == Leaders:
			l.leaders = append(l.leaders, *r)
			add(r.Word, entry{row: r})
		case r.List == Phones:
			l.phones[digitsOf(r.Word)] = true
		default:
			add(r.Word, entry{row: r})
			for _, x := range r.Except {
				add(x, entry{row: r, except: true})
			}
		}
	}
	l.words = newMatcher(words)
	return l
}

// match is a row's word at text[from:to].
type match struct {
	from, to int
	row      *Row
}

// find lists the words that stand in a text where they are wrong, in order. Of
// two words of one list, one inside the other, the longer counts.
func (l *Lists) find(text string) []match {
	var found []match
	type right struct {
		match
	}
	var excused []right
	for _, h := range l.words.find(text) {
		for _, e := range l.at[h.word] {
			m := match{h.from, h.to, e.row}
			if e.except {
				excused = append(excused, right{m})
			} else {
				found = append(found, m)
			}
		}
	}
	covers := func(a, b match) bool { return a.from <= b.from && b.to <= a.to }
	found = slices.DeleteFunc(found, func(m match) bool {
		return slices.ContainsFunc(excused, func(x right) bool { return x.row == m.row && covers(x.match, m) })
	})
	kept := slices.Clone(found)
	kept = slices.DeleteFunc(kept, func(m match) bool {
		return slices.ContainsFunc(found, func(o match) bool {
			return o.row != m.row && o.row.List == m.row.List && covers(o, m) && o.to-o.from > m.to-m.from
		})
	})
	slices.SortStableFunc(kept, func(a, b match) int { return a.from - b.from })
	return kept
}

// digitsOf keeps the digits of a number as it is written.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if d := digit(r); d >= 0 {
			return rune('0' + d)
		}
		return -1
	}, s)
}
