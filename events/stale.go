package events

import (
	"errors"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// Stale is the Conflict of somebody who saves over a change they have not seen.
// It carries what the session is now, so that a page can show both.
type Stale struct {
	Current Session
	Fields  []string // of the form that was handed in, those that differ; see SessionForm.Problems
	err     error
}

// Error is the operator's chain.
func (e *Stale) Error() string { return e.err.Error() }

// Unwrap leads to the kind and the sentence.
func (e *Stale) Unwrap() error { return e.err }

func stale(s Session, version int) error {
	return &Stale{Current: s, err: errs.New(errs.Conflict, "该场次已被他人修改，现在是“"+s.State.Label()+"”。请对照新的内容后再保存。",
		"session %s: version %d is stale, now %d", s.ID, version, s.Version)}
}

// withDifference adds to a stale save what differs between form and session.
func withDifference(err error, form SessionForm) error {
	var st *Stale
	if !errors.As(err, &st) {
		return err
	}
	st.Fields = formDifference(st.Current.Form(), form)
	if len(st.Fields) == 0 {
		return err
	}
	var names []string
	for _, f := range st.Fields {
		names = append(names, fieldNames[f])
	}
	return errs.New(errs.Conflict, "该场次已被他人修改，现在是“"+st.Current.State.Label()+"”。和您填的不同的是："+
		strings.Join(slices.Compact(names), "、")+"。请对照新的内容后再保存。", "%w", st)
}

// fieldNames are the form's fields as people call them.
var fieldNames = map[string]string{"type": "类型", "title": "标题", "summary": "简介", "audience": "适合谁", "town": "镇街", "station": "站点",
	"venue": "地点", "address": "地址", "start": "时间", "end": "时间", "capacity": "名额", "organizer": "主办单位", "lawyers": "主讲人",
	"contact_phone": "电话", "verify_level": "报名核实"}

// formDifference names the fields in which two forms differ, in the form's
// order.
func formDifference(a, b SessionForm) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"type", a.Type == b.Type}, {"title", a.Title == b.Title}, {"summary", a.Summary == b.Summary},
		{"audience", slices.Equal(a.Audience, b.Audience)}, {"town", a.Town == b.Town}, {"station", a.Station == b.Station},
		{"venue", a.Venue == b.Venue && a.VenueID == b.VenueID}, {"address", a.Address == b.Address},
		{"start", a.Starts.Equal(b.Starts)}, {"end", a.Ends.Equal(b.Ends)}, {"capacity", a.Capacity == b.Capacity},
		{"organizer", a.Organizer == b.Organizer}, {"lawyers", a.Lawyers == b.Lawyers}, {"contact_phone", a.ContactPhone == b.ContactPhone},
		{"verify_level", a.VerifyLevel == b.VerifyLevel},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}
