package admin

import (
	"html/template"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// pair hands two things to a partial.
type pair struct{ A, B any }

// planFuncs are what the pages of planning call in their templates.
func planFuncs() template.FuncMap {
	return template.FuncMap{
		"signedin": signedIn,
		"weekday":  dayWords,
		"fullday":  func(t time.Time) string { return stamp(t, "2006 年 ") + dayWords(t) },
		"monthday": func(t time.Time) string { return stamp(t, " 1 月 2 日 15:04") },
		"pair":     func(a, b any) pair { return pair{a, b} },
		"add":      func(a, b int) int { return a + b },
		"message":  errs.MessageOf,
	}
}
