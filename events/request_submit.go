package events

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// judge is RequestForm.Problems with what only the database knows: units that
// are suspended or owe outcomes, and what was asked for already.
func (s *Store) judge(ctx context.Context, q db.Queryer, r Request) (blocks, warns problems, err error) {
	days, err := selectDays(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	blocks, warns = r.Form.problems(s.now(), NewCalendar(days), s.rules.LeadDays)
	id, err := findUnit(ctx, q, r.Form.Unit, r.Form.USCC)
	if err != nil || id == "" {
		return blocks, warns, err
	}
	unit, err := getUnit(ctx, q, s.now(), id)
	if err != nil {
		return blocks, warns, err
	}
	if unit.Suspended(s.now()) {
		blocks.add("unit", "这个单位的申请暂停受理到%s，有疑问请打电话。", dayInWords(unit.SuspendedUntil))
	}
	if unit.Overdue > 0 {
		warns.add("unit", "这个单位还有 %d 场活动没有报结果，请先补报。", unit.Overdue)
	}
	own := ""
	if r.Session != nil {
		own = r.Session.ID
	}
	for i, w := range r.Form.Wishes {
		twins, err := twins(ctx, q, ConflictQuery{Session: own, Starts: w.Starts, Venue: r.Form.VenueID, Place: r.Form.Venue}, id)
		if err != nil {
			return blocks, warns, err
		}
		if len(twins) > 0 {
			warns.add(wishField(i), "%s：这个单位当天在同一地点已经申请过《%s》（%s），请确认不是重复。", wishName(i), twins[0].Title, twins[0].No)
		}
	}
	return blocks, warns, nil
}

// twins lists what the unit has asked for on the same day at the same place.
func twins(ctx context.Context, q db.Queryer, c ConflictQuery, unit string) ([]Session, error) {
	day := midnight(c.Starts)
	return selectSessions(ctx, q, `WHERE s.unit = $1 AND s.unit <> '' AND s.id <> $2 AND s.starts_at >= $3 AND s.starts_at < $4
		AND ((s.venue_id = $5 AND $5 <> '') OR (s.venue = $6 AND $6 <> ''))
		AND s.state NOT IN ('withdrawn', 'rejected', 'cancelled', 'not_held') ORDER BY s.starts_at, s.id`,
		unit, c.Session, day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli(), c.Venue, c.Place)
}

// SubmitRequest hands it in, for the first time or again after it was returned.
// Whatever is in Missing refuses it (Invalid, with the field); Warnings want an
// override: the reason why it should be all the same.
func (s *Store) SubmitRequest(ctx context.Context, id string, version int, override string) (_ Request, err error) {
	defer errs.Wrap(&err, "submit request %s", id)
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, r, err := s.lockRequest(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if err := r.State.stepBy(ByOrganizer, Submitted); err != nil {
			return err
		}
		reason, err := overridden(r.Missing, r.Warnings, override)
		if err != nil {
			return err
		}
		se, err := s.submit(ctx, tx, r, reason)
		if err != nil {
			return err
		}
		row.Session, row.State, row.ExpiresAt = &se.ID, Submitted, nil
		return s.updateRequest(ctx, tx, row)
	})
	if errs.Is(err, errs.Conflict) {
		// A double click or a form sent again: what it asked for has happened.
		if r, again := s.RequestByID(ctx, id); again == nil && r.Version == version+1 && r.State == Submitted {
			return r, nil
		}
	}
	if err != nil {
		return Request{}, err
	}
	return s.RequestByID(ctx, id)
}

// overridden refuses blocks, and warnings without a reason. It returns the reason
// for the books, "" when nothing was overridden.
func overridden(blocks, warns []Problem, reason string) (string, error) {
	if err := problems(blocks).err(); err != nil {
		return "", err
	}
	if len(warns) == 0 {
		return "", nil
	}
	reason = oneLine(reason)
	if reason == "" {
		var said []string
		for _, w := range warns {
			said = append(said, w.Message)
		}
		return "", errs.Bad("override", strings.Join(said, " ")+" 仍要这样办，请写明原因。")
	}
	var ps problems
	ps.text("override", "原因", reason, 2, 200)
	return reason, ps.err()
}

// submit makes the session of a request, or changes it when it was returned.
func (s *Store) submit(ctx context.Context, tx *db.Tx, r Request, reason string) (Session, error) {
	cal, err := calendarIn(ctx, tx)
	if err != nil {
		return Session{}, err
	}
	unit, err := s.ensureUnit(ctx, tx, byOrganizer(), r.Form)
	if err != nil {
		return Session{}, err
	}
	id := db.NewID()
	if r.Session != nil {
		id = r.Session.ID
	}
	contact, err := s.sealContact(id, r.Form)
	if err != nil {
		return Session{}, err
	}
	fill := func(rec *record) {
		rec.fillRequest(r.Form, unit, reason)
		rec.State, rec.Submitted, rec.Reason, rec.personal = Submitted, s.now(), "", contact
		rec.Due = endOfDay(cal.AddWorkingDays(s.now(), s.rules.ReviewDays))
	}
	var se Session
	if r.Session == nil {
		se, err = s.insertSubmitted(ctx, tx, id, fill)
	} else {
		se, err = s.changeIn(ctx, tx, byOrganizer(), id, r.Session.Version, "session.submit", func(_ context.Context, _ *db.Tx, rec *record) (string, error) {
			fill(rec)
			return "重新提交申请《" + rec.Title + "》", nil
		})
	}
	if err != nil {
		return se, err
	}
	if err := s.putWishes(ctx, tx, se, r.Form); err != nil {
		return se, err
	}
	return se, s.tellSubmitted(ctx, tx, se)
}

func (s *Store) insertSubmitted(ctx context.Context, tx *db.Tx, id string, fill func(*record)) (Session, error) {
	rec := record{Session: Session{ID: id}}
	fill(&rec)
	if err := fillVenue(ctx, tx, Session{}, &rec.Session); err != nil {
		return rec.Session, err
	}
	if err := checkPlace(ctx, tx, rec.Session); err != nil {
		return rec.Session, err
	}
	if err := s.insert(ctx, tx, byOrganizer(), &rec); err != nil {
		return rec.Session, err
	}
	s.recordSession(tx, byOrganizer(), "session.submit", rec.Session, "提交申请《"+rec.Title+"》")
	return rec.Session, nil
}

func (s *Store) sealContact(session string, f RequestForm) (string, error) {
	return s.vault.Seal("session:"+session, Contact{Name: f.Contact, Phone: f.Phone})
}

// fillRequest takes over what was asked for; the first wish is the time until
// somebody decides.
func (r *record) fillRequest(f RequestForm, unit, reason string) {
	r.Type, r.Title, r.Summary = f.Type, f.heading(), f.Topic
	r.Town, r.VenueID, r.Venue, r.Address = f.Town, f.VenueID, f.Venue, f.Address
	r.Starts, r.Ends = f.Wishes[0].Starts.In(Zone), f.Wishes[0].Ends.In(Zone)
	r.Organizer, r.Unit, r.Expected = f.Unit, unit, f.Expected
	r.Capacity = 0
	if f.Open {
		r.Capacity = f.Places
	}
	r.ContactPhone = ""
	if phone := vault.LocalPhone(f.Phone); f.Publish && !mobileShape.MatchString(phone) {
		r.ContactPhone = phone // an office's; a person's mobile is nobody's to read
	}
	var notes []string
	add := func(name, value string) {
		if value != "" {
			notes = append(notes, name+"："+value)
		}
	}
	add("想听什么", f.Topic)
	add("现场条件", strings.Join(f.Equipment, "、"))
	add("需要带的", wanted(f))
	add("其他说明", f.Notes)
	add("提醒之后仍要这样安排，原因", reason)
	r.HostNotes = strings.Join(notes, "\n")
}

func wanted(f RequestForm) string {
	var parts []string
	if f.Brochures > 0 {
		parts = append(parts, fmt.Sprintf("普法册 %d 本", f.Brochures))
	}
	if f.Lawyers > 0 {
		parts = append(parts, fmt.Sprintf("律师 %d 名", f.Lawyers))
	}
	return strings.Join(parts, "，")
}

// putWishes replaces the wishes of a session, and the bookings they are.
func (s *Store) putWishes(ctx context.Context, tx *db.Tx, se Session, f RequestForm) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM session_wish WHERE session = $1`, se.ID); err != nil {
		return err
	}
	if err := free(ctx, tx, se.ID, BookVenue); err != nil {
		return err
	}
	for i, w := range f.Wishes {
		_, err := db.Exec(ctx, tx, `INSERT INTO session_wish (session, rank, starts_at, ends_at) VALUES ($1, $2, $3, $4)`,
			se.ID, i+1, w.Starts.UnixMilli(), w.Ends.UnixMilli())
		if err != nil {
			return err
		}
		if se.VenueID == "" {
			continue
		}
		se.Starts, se.Ends = w.Starts, w.Ends
		if err := s.bookVenue(ctx, tx, byOrganizer(), se, Wished, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) tellSubmitted(ctx context.Context, tx *db.Tx, se Session) error {
	err := s.tellHost(ctx, tx, se, "received", "已收到："+se.Title, fmt.Sprintf(
		"您的申请已经收到，编号 %s。我们在%s前答复您；凭查询码和手机号后四位随时可以查看进展。", se.No, dayInWords(se.Due)))
	if err != nil {
		return err
	}
	return s.tellStaff(ctx, tx, se, "task_review", "新申请："+se.Title, fmt.Sprintf(
		"%s申请%s的《%s》，请在%s前受理。", se.Organizer, se.When(), se.Title, dayInWords(se.Due)))
}

// tellHost puts a message for the organizer of the session into the outbox; the
// bureau's own session has none.
func (s *Store) tellHost(ctx context.Context, tx *db.Tx, se Session, kind, title, body string) error {
	hosts, err := s.host(ctx, tx, se)
	if err != nil {
		return err
	}
	for _, to := range hosts {
		if err := s.enqueue(ctx, tx, Message{Kind: kind, Session: se.ID, Version: se.Version, To: to, Title: title, Body: body, Path: "/organize/"}); err != nil {
			return err
		}
	}
	return nil
}

// tellStaff puts a message for whoever has taken the session, or for the whole
// desk while nobody has.
func (s *Store) tellStaff(ctx context.Context, tx *db.Tx, se Session, kind, title, body string) error {
	return s.enqueue(ctx, tx, Message{Kind: kind, Session: se.ID, Version: se.Version, To: Recipient{ToCoordinator, se.Owner},
		Title: title, Body: body, Path: "/admin/sessions/" + se.ID})
}
