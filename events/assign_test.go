package events_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// told lists "kind title" of the messages to a person, in order.
func (k *desk) told(d *db.DB, p events.Person) []string {
	k.Helper()
	var rows []struct{ Kind, State string }
	k.ok(db.Select(k.Context(), d.Reader(), &rows, `SELECT kind, state FROM message WHERE recipient = $1 ORDER BY created_at, id`, p.ID))
	var list []string
	for _, r := range rows {
		if r.State != "cancelled" {
			list = append(list, r.Kind)
		}
	}
	return list
}

func (k *desk) state(se events.Session, p events.Person, want events.DutyState) {
	k.Helper()
	if got := k.assignment(se, p).State; got != want {
		k.Errorf("%s is %s at %s, want %s", p.Name, got, se.Title, want)
	}
}

// move saves the session at another time of the day.
func (k *desk) move(se events.Session, hour int) events.Session {
	k.Helper()
	f, length := se.Form(), se.Ends.Sub(se.Starts)
	f.Starts = time.Date(2026, 11, 21, hour, 0, 0, 0, events.Zone)
	f.Ends = f.Starts.Add(length)
	return k.must(k.SaveSession(k.Context(), coordinator, se.ID, se.Version, f))
}

func TestAMoveAsksAgainAndMovesTheBooking(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		g := k.guest(p)
		a, b := k.at(9, 60), k.at(14, 60)
		k.ok(k.Accept(t.Context(), g, k.invite(a, p)))
		k.ok(k.Confirm(t.Context(), g, k.assignment(a, p).ID))
		k.ok(k.Accept(t.Context(), g, k.invite(b, p)))

		k.now = k.now.Add(time.Minute)
		a = k.move(a, 11)
		k.state(a, p, events.DutyMoved)
		if !k.assignment(a, p).Confirmed.IsZero() {
			t.Error("the confirmation was for the old time")
		}
		k.refused(k.Confirm(t.Context(), g, k.assignment(a, p).ID), errs.Conflict, "请重新确认")
		// The old time is free and the new one is taken already.
		k.refused(k.Invite(t.Context(), coordinator, k.at(11, 30).ID, p.ID, events.RoleLawyer, ""), errs.Conflict, "已答应")
		k.ok(k.Invite(t.Context(), coordinator, k.at(9, 30).ID, p.ID, events.RoleLawyer, ""))
		k.ok(k.Accept(t.Context(), g, k.assignment(a, p).ID))
		k.state(a, p, events.DutyAccepted)

		// Onto a time he has promised elsewhere: he keeps the other one and is asked.
		k.now = k.now.Add(time.Minute)
		a = k.move(a, 14)
		k.state(a, p, events.DutyMoved)
		k.refused(k.Accept(t.Context(), g, k.assignment(a, p).ID), errs.Conflict, "答应了另一场《"+b.Title+"》")

		// And back to what he has agreed to: nothing to say again, nothing to hear.
		k.now = k.now.Add(time.Minute)
		a = k.move(a, 11)
		k.state(a, p, events.DutyAccepted)
		if got := k.told(d, p); slices.Contains(got, "staff_moved") {
			t.Errorf("told of a move that was taken back: %v", got)
		}
	})
}

func TestCallingOffLetsEverybodyGo(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		yes, asked, other := k.lawyer("李国平"), k.lawyer("王芳"), k.at(14, 60)
		se := k.at(14, 60)
		k.ok(k.Accept(t.Context(), k.guest(yes), k.invite(se, yes)))
		k.invite(se, asked)
		se = k.must(k.PostponeSession(t.Context(), coordinator, se.ID, se.Version, "台风"))
		k.state(se, yes, events.DutyMoved)
		k.refused(k.Accept(t.Context(), k.guest(yes), k.assignment(se, yes).ID), errs.Conflict, "新的时间还没有定")
		k.ok(k.Accept(t.Context(), k.guest(yes), k.invite(other, yes))) // the time is free again
		se = k.must(k.CancelSession(t.Context(), coordinator, se.ID, se.Version, "没有新的时间"))
		for _, p := range []events.Person{yes, asked} {
			k.state(se, p, events.DutyCancelled)
			k.refused(k.Accept(t.Context(), k.guest(p), k.assignment(se, p).ID), errs.Conflict, "场次取消")
			// The invitation, which nobody has passed on yet, is overtaken.
			if got := strings.Join(k.told(d, p), " "); !strings.HasPrefix(got, "staff_postponed") || strings.Count(got, "staff_cancelled") != 1 {
				t.Errorf("%s was told %q", p.Name, got)
			}
		}
		k.refused(k.Invite(t.Context(), coordinator, se.ID, k.lawyer("赵六").ID, events.RoleLawyer, ""), errs.Conflict, "不能再安排人员")
	})
}

func TestASubstituteTakesOverWithAYes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		firm, err := k.SaveLegalOrg(t.Context(), coordinator, events.LegalOrg{Kind: events.LawFirm, Name: "示例律师事务所"})
		k.ok(err)
		first := k.person(events.PersonForm{Kind: events.RoleLawyer, Name: "李国平", Org: firm})
		second := k.person(events.PersonForm{Kind: events.RoleLawyer, Name: "王芳", Org: firm})
		k.person(events.PersonForm{Kind: events.RoleLawyer, Name: "别所的人"})
		se, g := k.at(14, 60), k.guest(first)
		if names, err := k.Colleagues(t.Context(), g); err != nil || !slices.Equal(names, []string{"王芳"}) {
			t.Errorf("colleagues %v, %v", names, err)
		}
		mine := k.invite(se, first)
		k.ok(k.Accept(t.Context(), g, mine))
		k.refused(k.Substitute(t.Context(), g, mine, "没有这个人"), errs.Invalid, "请填全名")
		k.ok(k.Substitute(t.Context(), g, mine, "王芳"))
		k.state(se, second, events.DutyProposed)
		k.refused(k.Accept(t.Context(), k.guest(second), k.assignment(se, second).ID), errs.NotFound, "没有找到") // has not been asked yet
		k.ok(k.AgreeSubstitute(t.Context(), coordinator, k.assignment(se, second).ID, ""))
		k.state(se, first, events.DutyAccepted) // stays until then
		k.ok(k.Accept(t.Context(), k.guest(second), k.assignment(se, second).ID))
		k.state(se, first, events.DutyReplaced)
		k.ok(k.Accept(t.Context(), g, k.invite(k.at(14, 30), first))) // free again
		k.refused(k.Withdraw(t.Context(), coordinator, mine), errs.Conflict, "已换人")
	})
}

func TestSuggestionsPutTheRightOnesFirst(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.exec(d, `INSERT INTO town (code, name, ord) VALUES ('donghu', '东湖镇', 1)`)
		k.exec(d, `INSERT INTO unit (id, name, name_key, uscc, kind, town, address, note, version, created_at, created_by, updated_at, updated_by)
			VALUES ('unit1', '示例建筑公司', '示例建筑公司', '', '', '', '', '', 1, 0, '', 0, '')`)
		firm, err := k.SaveLegalOrg(t.Context(), coordinator, events.LegalOrg{Kind: events.LawFirm, Name: "顾问律师事务所"})
		k.ok(err)
		add := func(name string, f events.PersonForm) events.Person {
			f.Kind, f.Name = events.RoleLawyer, name
			return k.person(f)
		}
		used, busy, leave := add("用过", events.PersonForm{}), add("有约", events.PersonForm{}), add("请假", events.PersonForm{})
		counsel, fresh, near := add("顾问", events.PersonForm{Org: firm}), add("没用过", events.PersonForm{}), add("近处", events.PersonForm{Towns: []string{"donghu"}})
		offers := add("有空", events.PersonForm{})
		add("期满", events.PersonForm{ActiveTo: "2026-11-20"})

		form := k.form()
		form.Town = "donghu"
		se := k.must(k.CreateSession(t.Context(), coordinator, form))
		k.exec(d, `UPDATE session SET unit = 'unit1' WHERE id = '`+se.ID+`'`)
		k.ok(k.Accept(t.Context(), k.guest(used), k.invite(k.at(8, 60), used)))
		k.ok(k.Accept(t.Context(), k.guest(busy), k.invite(k.at(18, 60), busy)))
		day := time.Date(2026, 11, 21, 0, 0, 0, 0, events.Zone)
		for _, a := range []struct {
			p    events.Person
			kind events.AvailabilityKind
		}{{leave, events.AvailLeave}, {offers, events.AvailFree}} {
			_, err := k.AddAvailability(t.Context(), coordinator, a.p.ID, events.Availability{Kind: a.kind, Starts: day, Ends: day.AddDate(0, 0, 1)})
			k.ok(err)
		}
		k.ok(k.AddCounsel(t.Context(), coordinator, events.Counsel{Org: firm, Unit: "unit1", From: "2026-01-01"}))
		k.refused(k.AddCounsel(t.Context(), coordinator, events.Counsel{Org: firm, Unit: "unit1", From: "2027-01-01", To: "2027-12-31"}), errs.Conflict, "已经登记过")

		list, err := k.Suggest(t.Context(), coordinator, se.ID, events.RoleLawyer)
		k.ok(err)
		var names []string
		for _, s := range list {
			names = append(names, s.Person.Name)
		}
		want := []string{offers.Name, near.Name, fresh.Name, used.Name}
		if len(names) != 8 || !slices.Equal(names[:4], want) || !slices.Contains(names[4:6], leave.Name) || !slices.Contains(names[4:6], counsel.Name) || list[7].Blocked == "" || list[6].Blocked == "" {
			t.Fatalf("order %v", names)
		}
		k.refused(k.Invite(t.Context(), coordinator, se.ID, counsel.ID, events.RoleLawyer, ""), errs.Invalid, "所在机构是主办单位的法律顾问")
		k.ok(k.Invite(t.Context(), coordinator, se.ID, counsel.ID, events.RoleLawyer, "只接待别家单位的工人"))
		k.refused(k.Invite(t.Context(), coordinator, se.ID, busy.ID, events.RoleLawyer, "一定要"), errs.Conflict, "已答应")
	})
}

// exec arranges what other parts of the package own.
func (k *desk) exec(d *db.DB, query string) {
	k.Helper()
	k.ok(d.Update(k.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query)
		return err
	}))
}

func TestTheTallyCountsADoubleTapOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		g, se := k.guest(p), k.at(14, 60)
		id := k.invite(se, p)
		k.ok(k.Accept(t.Context(), g, id))
		tap := func(uuid, category string) error {
			return k.Tap(t.Context(), g, id, uuid, events.MeasureConsultation, category)
		}
		k.refused(tap("uuid-0000000000001", "工资报酬"), errs.Conflict, "开始前 1 小时")
		k.now = se.Starts
		for _, uuid := range []string{"uuid-0000000000001", "uuid-0000000000001", "uuid-0000000000002"} {
			k.ok(tap(uuid, "工资报酬"))
		}
		k.now = k.now.Add(time.Second)
		k.ok(tap("uuid-0000000000003", "工伤"))
		k.ok(k.Tap(t.Context(), g, id, "uuid-0000000000004", events.MeasureDocument, events.DocumentCategories()[0]))
		k.refused(tap("uuid-0000000000005", "nonsense"), errs.Invalid, "没有这个计数按钮")
		k.refused(tap("short", "工资报酬"), errs.Invalid, "没有这个计数按钮")
		k.ok(k.UndoTap(t.Context(), g, id, "undo-0000000000001"))
		k.ok(k.UndoTap(t.Context(), g, id, "undo-0000000000001")) // the same tap
		lines, err := k.Tally(t.Context(), se.ID, p.ID)
		k.ok(err)
		var got []string
		for _, l := range lines {
			got = append(got, l.Category+strings.Repeat("+", l.Qty))
		}
		if !slices.Equal(got, []string{"工资报酬++", "工伤+"}) {
			t.Errorf("counted %v", got)
		}
		k.state(se, p, events.DutyPresent) // the first tap is the arrival
		for range 5 {
			k.ok(k.UndoTap(t.Context(), g, id, "undo-00000000000"+string(rune('a'+len(lines)))))
			lines = append(lines, events.TapCount{})
		}
		if lines, err := k.Tally(t.Context(), se.ID, ""); err != nil || len(lines) != 0 {
			t.Errorf("after taking all back: %v, %v", lines, err)
		}
	})
}

func TestHoursFollowTheDoorAndTheCoordinator(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p, q := k.lawyer("李国平"), k.lawyer("王芳")
		se := k.at(14, 60)
		g := k.guest(p)
		for _, who := range []events.Person{p, q} {
			k.ok(k.Accept(t.Context(), k.guest(who), k.invite(se, who)))
		}
		id := k.assignment(se, p).ID
		k.now = se.Starts.Add(-10 * time.Minute)
		k.ok(k.Arrive(t.Context(), g, id))
		k.refused(k.ClaimHours(t.Context(), g, id, 90), errs.Conflict, "活动结束后")
		k.now = se.Ends.Add(20 * time.Minute)
		k.ok(k.Leave(t.Context(), g, id))
		hours := func(who events.Person) events.Hours {
			t.Helper()
			list, err := k.Service(t.Context(), who.ID, "", "")
			if err != nil || len(list) != 1 {
				t.Fatalf("service %v, %v", list, err)
			}
			return list[0]
		}
		if h := hours(p); h.Minutes != 90 || h.Source != events.FromCheckIn || !h.Approved.IsZero() {
			t.Errorf("hours %+v", h)
		}
		k.refused(k.ClaimHours(t.Context(), g, id, 13*60), errs.Invalid, "12 小时")
		k.ok(k.ClaimHours(t.Context(), g, id, 150))
		if h := hours(p); !h.Disputed() || h.Claimed != 150 {
			t.Errorf("claim %+v", h)
		}
		// Verification approves what nobody disputes.
		se = k.must(k.MarkHeld(t.Context(), coordinator, se.ID, se.Version))
		k.must(k.Walk(t.Context(), coordinator, se, events.Reported, events.Verified))
		if h := hours(q); h.Minutes != 60 || h.Source != events.FromPlan || h.Approved.IsZero() {
			t.Errorf("the other's hours %+v", h)
		}
		if h := hours(p); !h.Approved.IsZero() {
			t.Errorf("disputed hours were approved: %+v", h)
		}
		k.ok(k.ApproveHours(t.Context(), coordinator, id, 120))
		if h := hours(p); h.Disputed() || h.Minutes != 120 || h.Approved.IsZero() {
			t.Errorf("decided %+v", h)
		}
		k.refused(k.ClaimHours(t.Context(), g, id, 200), errs.Conflict, "已经核定")
		if list, _ := k.Service(t.Context(), p.ID, "2026-12-01", ""); len(list) != 0 {
			t.Errorf("outside the days: %v", list)
		}
	})
}

func TestThePersonalFeed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.lawyer("李国平")
		g := k.guest(p)
		feed := func() string {
			t.Helper()
			var buf bytes.Buffer
			token := strings.TrimSuffix(strings.TrimPrefix(g.Links.Feed, "/ics/s/"), ".ics")
			k.ok(k.PersonFeed(t.Context(), &buf, token, events.ICS{Name: "我的普法活动", BaseURL: "https://example.org"}))
			return buf.String()
		}
		draft, se := k.create(), k.at(9, 60)
		k.invite(draft, p)
		k.ok(k.Accept(t.Context(), g, k.invite(se, p)))
		got := feed()
		for _, want := range []string{"UID:" + draft.UID, "UID:" + se.UID, "STATUS:TENTATIVE", "STATUS:CONFIRMED", "【待答复】", "https://example.org/events/" + se.No, "\r\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("feed lacks %q:\n%s", want, got)
			}
		}
		for _, secret := range []string{"李国平", "/events/" + draft.No, "1380000"} {
			if strings.Contains(strings.ReplaceAll(got, "\r\n ", ""), secret) {
				t.Errorf("feed shows %q:\n%s", secret, got)
			}
		}
		k.now = k.now.Add(time.Hour)
		if feed() != got {
			t.Error("the bytes changed and nothing else did")
		}
		k.must(k.CancelSession(t.Context(), coordinator, se.ID, se.Version, "停电"))
		k.ok(k.Decline(t.Context(), g, k.assignment(draft, p).ID))
		if got := feed(); !strings.Contains(got, "STATUS:CANCELLED") || strings.Contains(got, draft.UID) {
			t.Errorf("after a cancellation and a no:\n%s", got)
		}
	})
}

func TestNeedsAndWhatKeepsASessionFromBeingScheduled(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		se := k.create()
		list, set, err := k.Needs(t.Context(), se)
		if err != nil || set || len(list) != 2 || list[0] != (events.Need{Role: events.RoleLawyer, Qty: 1, Must: true}) {
			t.Fatalf("template %v, %v, %v", list, set, err)
		}
		k.refused(k.SetNeeds(t.Context(), coordinator, se.ID, []events.Need{{Role: events.RoleLawyer, Qty: 99}}), errs.Invalid, "0 至 50")
		k.ok(k.SetNeeds(t.Context(), coordinator, se.ID, []events.Need{{Role: events.RoleLawyer, Qty: 0}}))
		if list, set, _ = k.Needs(t.Context(), se); !set || len(list) != 1 || list[0].Qty != 0 {
			t.Errorf("none wanted: %v, %v", list, set)
		}

		p, v := k.lawyer("李国平"), k.person(events.PersonForm{Kind: events.RoleVolunteer, Name: "小王"})
		se = k.must(k.Walk(t.Context(), coordinator, k.create(), events.Accepted))
		problems := func(wantBlock, wantWarn string) {
			t.Helper()
			blocks, warns, err := k.StaffingProblems(t.Context(), se)
			k.ok(err)
			if !said(blocks, wantBlock) || !said(warns, wantWarn) {
				t.Errorf("blocks %v, warns %v; want %q, %q", blocks, warns, wantBlock, wantWarn)
			}
		}
		if list, set, _ := k.Needs(t.Context(), se); !set || len(list) != 2 {
			t.Errorf("acceptance opens the needs: %v, %v", list, set)
		}
		problems("律师要 1 人，答应了 0 人。", "志愿者要 2 人")
		k.invite(se, p)
		problems("还有 1 人没有答复", "志愿者要 2 人")
		k.ok(k.Answer(t.Context(), coordinator, k.assignment(se, p).ID, true))
		problems("", "志愿者要 2 人")
		k.ok(k.SetNeeds(t.Context(), coordinator, se.ID, []events.Need{{Role: events.RoleLawyer, Qty: 1, Must: true}, {Role: events.RoleVolunteer, Qty: 1}}))
		k.ok(k.Answer(t.Context(), coordinator, k.invite(se, v), true))
		problems("", "")
		clash, err := k.AddOwnAvailability(t.Context(), k.guest(p), events.Availability{Kind: events.AvailLeave, Starts: se.Starts.Add(-time.Hour), Ends: se.Ends})
		if err != nil || len(clash) != 1 || clash[0].Session.ID != se.ID {
			t.Errorf("leave over a promise: %v, %v", clash, err)
		}
		problems("", "请假")
	})
}

// said reports that some problem contains the text; "" wants none at all.
func said(ps []events.Problem, text string) bool {
	if text == "" {
		return len(ps) == 0
	}
	return slices.ContainsFunc(ps, func(p events.Problem) bool { return strings.Contains(p.Message, text) })
}
