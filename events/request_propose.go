package events

import (
	"context"
	"hash/crc32"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Proposal is what the host would rather have once a request is handed in. It
// changes nothing by itself.
type Proposal struct {
	Starts time.Time // zero: the time stays
	Venue  string    // "": the place stays
	Note   string    // at most 200 characters, without names: staff and messages show it
}

// Problems lists what keeps it from being sent: wish1, venue, notes.
func (p *Proposal) Problems(now time.Time) []Problem {
	p.Venue, p.Note = oneLine(p.Venue), oneLine(p.Note)
	var ps problems
	if p.Starts.IsZero() && p.Venue == "" && p.Note == "" {
		ps.add("notes", "请写一下想改什么。")
	}
	if !p.Starts.IsZero() && !p.Starts.After(now) {
		ps.add("wish1", "这个时间已经过去了，请改成以后的时间。")
	}
	ps.text("venue", "地点", p.Venue, 0, 60)
	ps.text("notes", "说明", p.Note, 0, 200)
	return ps
}

func (p Proposal) text() string {
	var parts []string
	if !p.Starts.IsZero() {
		parts = append(parts, "希望改到"+dayInWords(p.Starts)+p.Starts.In(Zone).Format(" 15:04"))
	}
	if p.Venue != "" {
		parts = append(parts, "希望改在"+p.Venue)
	}
	if p.Note != "" {
		parts = append(parts, "说明："+p.Note)
	}
	return strings.Join(parts, "；")
}

// MayPropose reports that a change can be asked for: it is handed in, and not
// over.
func (r Request) MayPropose() bool {
	switch r.State {
	case Submitted, InReview, Accepted, Scheduled, Published, Postponed:
		return true
	}
	return false
}

// ProposeChange tells whoever has taken the session what the host would rather
// have; a coordinator then moves it, or rings. The same proposal twice is one.
func (s *Store) ProposeChange(ctx context.Context, id string, p Proposal) (err error) {
	defer errs.Wrap(&err, "propose change of request %s", id)
	if ps := problems(p.Problems(s.now())); ps.err() != nil {
		return ps.err()
	}
	r, err := s.RequestByID(ctx, id)
	if err != nil {
		return err
	}
	if !r.MayPropose() {
		return errs.New(errs.Conflict, "这份申请现在是“"+r.State.Label()+"”，不能再提改动。有事请打电话。", "request is %s", r.State)
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var owner string
		if err := db.Get(ctx, tx, &owner, `SELECT owner FROM session WHERE id = $1`, r.Session.ID); err != nil {
			return err
		}
		s.ledger.Record(tx, byOrganizer().Entry("session.propose", "session:"+r.Session.ID, "单位提出改动《"+r.Session.Title+"》"))
		return s.enqueue(ctx, tx, Message{Kind: "proposed", Session: r.Session.ID, To: Recipient{ToCoordinator, owner},
			Version: int(crc32.ChecksumIEEE([]byte(p.text()))), // another proposal is another message, the same one is not
			Title:   "单位提出改动：" + r.Session.Title, Body: r.Session.Organizer + "对《" + r.Session.Title + "》" + p.text() + "。请打电话商量后改期。",
			Path: "/admin/sessions/" + r.Session.ID})
	})
}
