package site_test

import (
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// A lawyer reads what people want to ask only after saying yes, without names
// and numbers, and only from those whose notice said so.
func TestALawyerReadsTheQuestions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		p := practising(t, d)
		for i, f := range []events.SignUp{
			{Name: "王建国", Phone: "13800000021", Question: "工钱拖了三个月，打 138 0000 0021 找我", Consent: "2026-11-24.2"},
			{Name: "李小花", Phone: "13800000022", Question: "旧说明下写的", Consent: "2026-11-24"},
			{Name: "赵六", Phone: "13800000023", Question: "取消了的人问的", Consent: "2026-11-24.2"},
		} {
			f.Session, f.Party, f.Origin = p.se.ID, 1, events.FromStaff
			reg, err := p.events.StaffSignUp(t.Context(), admin, f)
			check(t, err)
			if i == 2 {
				_, err = p.events.CancelByStaff(t.Context(), admin, reg.ID, "来电取消")
				check(t, err)
			}
		}
		at := p.links.Page + "/" + p.duty
		h := p.host(t)
		door := &door{rig: p.rig, t: t, clock: p.clock, session: p.se}
		door.lacks(door.open(at), "工钱拖了三个月", "想问什么")
		h.open(at).send(at, "go", "accept").sees(200, "记下了：您来")
		page := door.want(door.open(at), 200, "来的人想问什么", "工钱拖了三个月，打 （号码） 找我")
		door.lacks(page, "王建国", "0000 0021", "旧说明下写的", "取消了的人问的")
		h.send(at, "go", "decline")
		door.lacks(door.open(at), "工钱拖了三个月")
	})
}
