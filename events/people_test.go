package events_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// lawyer adds one with a telephone.
func (k *desk) lawyer(name string) events.Person {
	k.Helper()
	return k.person(events.PersonForm{Kind: events.RoleLawyer, Name: name, Phone: "138 0000 0001", Email: "li@example.com"})
}

func (k *desk) person(f events.PersonForm) events.Person {
	k.Helper()
	p, err := k.SavePerson(k.Context(), coordinator, "", 0, f)
	if err != nil {
		k.Fatal(err)
	}
	return p
}

// guest comes by the person's link.
func (k *desk) guest(p events.Person) events.Guest {
	k.Helper()
	links, err := k.PersonLinks(k.Context(), coordinator, p.ID)
	if err != nil {
		k.Fatal(err)
	}
	g, err := k.PersonByLink(k.Context(), strings.TrimPrefix(links.Page, "/my/"))
	if err != nil {
		k.Fatal(err)
	}
	return g
}

// at makes a published session at a time of 21 November.
func (k *desk) at(hour, minutes int) events.Session {
	k.Helper()
	f := k.form()
	f.Starts = time.Date(2026, 11, 21, hour, 0, 0, 0, events.Zone)
	f.Ends = f.Starts.Add(time.Duration(minutes) * time.Minute)
	s := k.must(k.CreateSession(k.Context(), coordinator, f))
	return k.must(k.PublishSession(k.Context(), coordinator, s.ID, s.Version))
}

// invite asks and returns the assignment.
func (k *desk) invite(se events.Session, p events.Person) string {
	k.Helper()
	k.ok(k.Invite(k.Context(), coordinator, se.ID, p.ID, p.Kind, ""))
	return k.assignment(se, p).ID
}

// assignment is the newest one of a person at a session.
func (k *desk) assignment(se events.Session, p events.Person) events.Assignment {
	k.Helper()
	list, err := k.Staffing(k.Context(), coordinator, se.ID)
	if err != nil {
		k.Fatal(err)
	}
	for _, a := range list {
		if a.Person == p.ID {
			return a
		}
	}
	k.Fatalf("%s is not asked to %s", p.Name, se.Title)
	return events.Assignment{}
}

func (k *desk) ok(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func TestContactsAreSealedAndMasked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		if p.Phone != "138****0001" || p.Email != "l***@example.com" {
			t.Errorf("shown as %q, %q", p.Phone, p.Email)
		}
		var row struct{ Personal, PhoneBlind, Name string }
		k.ok(db.Get(t.Context(), d.Reader(), &row, `SELECT personal, phone_blind, name FROM practitioner WHERE id = $1`, p.ID))
		if strings.Contains(row.Personal+row.PhoneBlind, "1380000") || row.PhoneBlind == "" {
			t.Errorf("the number can be read: %+v", row)
		}
		if _, _, err := k.RevealPerson(t.Context(), coordinator, p.ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("revealed without a reason: %v", err)
		}
		phone, email, err := k.RevealPerson(t.Context(), coordinator, p.ID, "通知改期")
		if err != nil || phone != "13800000001" || email != "li@example.com" {
			t.Errorf("revealed %q, %q, %v", phone, email, err)
		}

		f := p.Form()
		f.Name = "李国平律师"
		p, err = k.SavePerson(t.Context(), coordinator, p.ID, p.Version, f)
		if err != nil || p.Phone != "138****0001" {
			t.Fatalf("an empty field must keep the number: %q, %v", p.Phone, err)
		}
		_, err = k.SavePerson(t.Context(), coordinator, p.ID, p.Version-1, f)
		k.refused(err, errs.Conflict, "已被他人修改")
		f.ForgetPhone = true
		if p, err = k.SavePerson(t.Context(), coordinator, p.ID, p.Version, f); err != nil || p.Phone != "" {
			t.Fatalf("the number is still there: %q, %v", p.Phone, err)
		}
	})
}

func TestBadPersonForms(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	good := events.PersonForm{Kind: events.RoleLawyer, Name: "𠮷·买买提", Licence: "１３７０４２０２６ 10000001"}
	p := k.person(good)
	if p.Licence != "13704202610000001" {
		t.Errorf("licence %q", p.Licence)
	}
	for name, c := range map[string]struct {
		change   func(*events.PersonForm)
		field    string
		sentence string
	}{
		"no kind":        {func(f *events.PersonForm) { f.Kind = "" }, "kind", "请选择"},
		"no name":        {func(f *events.PersonForm) { f.Name = " \u3000" }, "name", "请填写姓名"},
		"long name":      {func(f *events.PersonForm) { f.Name = strings.Repeat("长", 61) }, "name", "61 个字"},
		"same licence":   {func(f *events.PersonForm) {}, "licence", "已经登记在"},
		"odd licence":    {func(f *events.PersonForm) { f.Licence = "证*" }, "licence", "只能用"},
		"phone":          {func(f *events.PersonForm) { f.Licence, f.Phone = "", "1380000" }, "phone", "11 位"},
		"email":          {func(f *events.PersonForm) { f.Licence, f.Email = "", "li@" }, "email", "无法识别"},
		"backwards":      {func(f *events.PersonForm) { f.ActiveFrom, f.ActiveTo = "2026-12-01", "2026-11-01" }, "active_to", "早于"},
		"no such day":    {func(f *events.PersonForm) { f.ActiveFrom = "2026-02-29" }, "active_from", "2026-01-31"},
		"no such firm":   {func(f *events.PersonForm) { f.Licence, f.Org = "", "x" }, "org", "没有这家机构"},
		"no such town":   {func(f *events.PersonForm) { f.Licence, f.Towns = "", []string{"nowhere"} }, "towns", "没有这个镇街"},
		"too many words": {func(f *events.PersonForm) { f.Skills = strings.Split(strings.Repeat("甲,乙,", 1)+manyWords(), ",") }, "skills", "最多写 20 项"},
	} {
		f := good
		c.change(&f)
		_, err := k.SavePerson(t.Context(), coordinator, "", 0, f)
		if !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != c.field || !strings.Contains(errs.MessageOf(err), c.sentence) {
			t.Errorf("%s: %v at %q: %s", name, err, errs.FieldOf(err), errs.MessageOf(err))
		}
	}
	if _, err := k.SavePerson(t.Context(), auth.Actor{ID: "e", Roles: []auth.Role{auth.Editor}}, "", 0, good); !errs.Is(err, errs.Forbidden) {
		t.Errorf("an editor may add people: %v", err)
	}
}

func manyWords() string {
	var words []string
	for i := range 25 {
		words = append(words, strings.Repeat("字", i%10+1)+string(rune('a'+i)))
	}
	return strings.Join(words, ",")
}

func TestARevokedLinkIsUnknown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		links, err := k.PersonLinks(t.Context(), coordinator, p.ID)
		k.ok(err)
		token := strings.TrimPrefix(links.Page, "/my/")
		feed := strings.TrimSuffix(strings.TrimPrefix(links.Feed, "/ics/s/"), ".ics")
		if len(token) != 26 || token == feed {
			t.Fatalf("tokens %q, %q", token, feed)
		}
		k.ok(k.RevokeLink(t.Context(), coordinator, p.ID))
		_, err = k.PersonByLink(t.Context(), token)
		k.refused(err, errs.NotFound, "已经停用")
		k.ok(k.PersonFeed(t.Context(), &bytes.Buffer{}, feed, events.ICS{})) // by itself
		k.ok(k.RenewLink(t.Context(), coordinator, p.ID))
		if g := k.guest(p); strings.HasSuffix(g.Links.Page, token) {
			t.Error("the old link is back")
		}
		_, err = k.PersonByLink(t.Context(), token)
		k.refused(err, errs.NotFound, "已经停用")
		k.ok(k.RenewOwnFeed(t.Context(), k.guest(p)))
		k.refused(k.PersonFeed(t.Context(), &bytes.Buffer{}, feed, events.ICS{}), errs.NotFound, "已经停用")
	})
}

func TestFiftyYesesBookOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		g := k.guest(p)
		const n = 50
		ids := make([]string, n)
		for i := range ids { // all touch 14:00 to 15:00, travel included
			ids[i] = k.invite(k.at(14, 60+i), p)
		}
		var wg sync.WaitGroup
		answers := make([]error, n)
		for i := range ids {
			wg.Go(func() { answers[i] = k.Accept(t.Context(), g, ids[i]) })
		}
		wg.Wait()
		yes := 0
		for _, err := range answers {
			if err == nil {
				yes++
			} else {
				k.refused(err, errs.Conflict, "答应了另一场")
			}
		}
		var booked, accepted int
		k.ok(db.Get(t.Context(), d.Reader(), &booked, `SELECT count(*) FROM booking WHERE kind = 'person' AND status = 'firm'`))
		k.ok(db.Get(t.Context(), d.Reader(), &accepted, `SELECT count(*) FROM assignment WHERE state = 'accepted'`))
		if yes != 1 || booked != 1 || accepted != 1 {
			t.Errorf("%d said yes, %d booked, %d accepted; want 1 each", yes, booked, accepted)
		}
	})
}

func TestTheWayCountsOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		g := k.guest(p)
		noon := k.at(12, 60)
		tooSoon, after := k.at(13, 60), k.must(k.CreateSession(t.Context(), coordinator, func() events.SessionForm {
			f := k.form()
			f.Starts = time.Date(2026, 11, 21, 13, 30, 0, 0, events.Zone)
			f.Ends = f.Starts.Add(time.Hour)
			return f
		}()))
		k.ok(k.Accept(t.Context(), g, k.invite(noon, p)))
		k.refused(k.Invite(t.Context(), coordinator, tooSoon.ID, p.ID, events.RoleLawyer, "就要他"), errs.Conflict, "已答应《"+noon.Title+"》")
		k.ok(k.Accept(t.Context(), g, k.invite(after, p)))
	})
}

func TestTwoCoordinatorsInviteOneLawyer(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		a, b := k.at(14, 60), k.at(14, 90)
		var wg sync.WaitGroup
		errsOf := make([]error, 2)
		for i := range errsOf { // both ask for the same session at once
			wg.Go(func() { errsOf[i] = k.Invite(t.Context(), coordinator, a.ID, p.ID, events.RoleLawyer, "") })
		}
		wg.Wait()
		if (errsOf[0] == nil) == (errsOf[1] == nil) {
			t.Fatalf("one must be told that he is asked: %v, %v", errsOf[0], errsOf[1])
		}
		k.ok(k.Invite(t.Context(), coordinator, b.ID, p.ID, events.RoleLawyer, "")) // asking is not booking
		g := k.guest(p)
		if list, err := k.Duties(t.Context(), g); err != nil || len(list) != 2 {
			t.Fatalf("he sees %d invitations, %v", len(list), err)
		}
		k.ok(k.Accept(t.Context(), g, k.assignment(b, p).ID))
		k.ok(k.Accept(t.Context(), g, k.assignment(b, p).ID)) // a double tap
		k.refused(k.Accept(t.Context(), g, k.assignment(a, p).ID), errs.Conflict, "答应了另一场")
		k.ok(k.Decline(t.Context(), g, k.assignment(b, p).ID))
		k.ok(k.Accept(t.Context(), g, k.assignment(a, p).ID)) // the time is free again
		if got := k.assignment(a, p).State; got != events.DutyAccepted {
			t.Errorf("state %s", got)
		}
		stranger := k.guest(k.person(events.PersonForm{Kind: events.RoleLawyer, Name: "别人"}))
		k.refused(k.Decline(t.Context(), stranger, k.assignment(a, p).ID), errs.NotFound, "没有找到")
	})
}
