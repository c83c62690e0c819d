package site_test

import (
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// A group comes by its link; everybody else sees only what is free for them.
func TestSignUpByAGroupsLink(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *db.DB) {
		d := newDoor(t, db, 3, 5)
		e, err := d.events.SetPool(t.Context(), admin, d.session.ID, d.session.Version,
			events.PoolForm{Name: "本厂职工", Capacity: 2, Falls: d.session.Starts.AddDate(0, 0, -1)})
		check(t, err)
		code := e.Pools[0].Code
		link := d.path() + "?pool=" + code
		d.clock.pass(time.Second)
		d.want(d.open("/events/"+e.No), 200, "还有 1 个名额")
		d.lacks(d.open(d.path()), "留着", code)
		d.want(d.open(link), 200, "给“本厂职工”留着 2 个名额", `<input type="hidden" name="pool" value="`+code+`">`)
		d.want(d.send(d.path(), d.filled(1)), 200, "报上名了")
		d.want(d.open(d.path()), 200, "名额满了", "排队候补")
		d.want(d.send(d.path(), d.filled(2)), 200, "候补第 1 位")

		wrong := d.want(d.send(d.path(), d.filled(3, "pool", code, "name", "")), 422, "给“本厂职工”留着 2 个名额", `name="pool" value="`+code+`"`) // a slip loses nothing
		d.lacks(wrong, "排队候补")
		d.want(d.send(d.path(), d.filled(3, "pool", code, "party", "2")), 200, "报上名了")
		d.want(d.open(link), 200, "留给“本厂职工”的名额报完了", "排队候补")
		forged := d.open(d.path() + "?pool=%22%3E%3Cscript%3E")
		d.want(forged, 200, "没有给您留的名额", "排队候补")
		d.lacks(forged, `name="pool"`, "<script>")
		d.want(d.send(d.path(), d.filled(4, "pool", "nobody")), 200, "候补第 2 位")

		d.clock.set(e.Pools[0].Falls())
		d.want(d.open(link), 200, "到时间放开了")
	})
}

// Where people must be known first, the page says what they have to do.
func TestSignUpThatIsVerified(t *testing.T) {
	for level, says := range map[events.VerifyLevel]string{events.VerifyStaff: "这一场先核实再报名", events.VerifySMS: "网上还收不了验证码"} {
		d := newDoor(t, dbtest.SQLite(t), 3, 5)
		form := d.filled(1) // opened before
		f := d.session.Form()
		f.VerifyLevel = level
		_, err := d.events.SaveSession(t.Context(), admin, d.session.ID, d.session.Version, f)
		check(t, err)
		closed := d.want(d.open(d.path()), 200, "电话报名", says, "0000-6101001", "报 "+d.session.No+" 这一场", "报名码在电话里念给您记")
		d.lacks(closed, `name="ticket"`)
		d.want(d.send(d.path(), form), 409, "由工作人员核实", "0000-6101001")
		page := d.want(d.open("/events/"+d.session.No), 200, "电话报名", "怎么报名", "工作人员问清称呼和人数")
		d.lacks(page, "我要报名")
	}
}
