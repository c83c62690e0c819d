package law

import (
	_ "embed" // for the tables in data/
	"encoding/csv"
	"strings"
	"sync"
	"time"
)

//go:embed data/inforce.csv
var inForceCSV string

// knownInForce is data/inforce.csv: name and date of a version to the day it
// came into force. Files of amended laws repeat only the first version's day.
var knownInForce = sync.OnceValue(func() map[[2]string]string {
	days := map[[2]string]string{}
	for _, row := range table(inForceCSV) {
		days[[2]string{row[0], row[1]}] = row[2]
	}
	return days
})

// table reads one of our embedded CSV files, without its head line. A broken
// one is a broken build; the tests read them all.
func table(text string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		panic("law: embedded table: " + text[:min(len(text), 40)])
	}
	return rows[1:]
}

// inForce is the day a version came into force: from our table, from its
// history, or from its last articles. "" when none of them tells; a day before
// the version's own date belongs to an earlier one.
func inForce(v Version) string {
	if day := knownInForce()[[2]string{Name(v.Title), v.Date}]; day != "" {
		return day
	}
	if v.InForce >= v.Date {
		return v.InForce
	}
	if day := dayInText(v); day >= v.Date {
		return day
	}
	return ""
}

// dayInText looks for 本法自2008年1月1日起施行 in the last articles.
func dayInText(v Version) string {
	for i := len(v.Articles) - 1; i >= max(0, len(v.Articles)-6); i-- {
		for _, p := range v.Articles[i].Paragraphs {
			if day := forceClause(p, v); day != "" {
				return day
			}
		}
	}
	return ""
}

func forceClause(p string, v Version) string {
	for rest := p; ; {
		i := strings.IndexAny(rest, "自从")
		if i < 0 {
			return ""
		}
		after := rest[i+len("自"):]
		rest = after
		day, size := scanDate(after)
		for _, word := range []string{"公布之日", "发布之日", "颁布之日"} {
			if strings.HasPrefix(after, word) {
				day, size = announced(v), len(word)
			}
		}
		if size == 0 {
			continue
		}
		for _, word := range forceWords {
			if strings.HasPrefix(after[size:], "起"+word) {
				return day
			}
		}
	}
}

// announced is the day an original version was made public; "" for amended
// ones, whose last article speaks of the first version.
func announced(v Version) string {
	day := v.Date
	for _, in := range v.Info {
		switch {
		case strings.Contains(in.Text, "修正"), strings.Contains(in.Text, "修订"):
			return ""
		case in.Date > day && (strings.Contains(in.Text, "公布") || strings.Contains(in.Text, "发布")):
			day = in.Date
		}
	}
	return day
}

func validDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
