package admin_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

var poolBox = regexp.MustCompile(`name="pool" value="([a-z0-9]{10})"`)

// A coordinator keeps places for a group, hands on its link, changes it and lets
// it go; each is in the audit.
func TestKeepingPlaces(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		s := o.publishedSession()
		b := o.signIn("coordinator")
		path := "/admin/sessions/" + s.ID + "/signups"
		version := func() string { _, page := b.get(path); return formVersion.FindStringSubmatch(page)[1] }
		_, page := b.get(path)
		sees(t, page, "预留名额", `value="2026-11-30T14:00"`)
		sees(t, b.denied(409, path, "go", "pool", "version", version(), "pool_name", "本厂职工", "pool_capacity", "31", "pool_falls", "2026-11-30T14:00"),
			"最多能留 30 个", `value="本厂职工"`, `value="31"`)
		sees(t, b.denied(400, path, "go", "pool", "version", version(), "pool_name", "本厂职工", "pool_capacity", "二十", "pool_falls", "2026-11-30T14:00"), "1 以上", `value="二十"`)
		sees(t, b.denied(400, path, "go", "pool", "version", version()), "请填写给谁留", "留几个名额请填", "放开的时间", "有 3 处要改")
		page = b.done(path, "go", "pool", "version", version(), "pool_name", "本厂职工", "pool_capacity", "２０", "pool_falls", "2026-11-30T14:00")
		sees(t, page, "预留名额已保存", "本厂职工", "另留 20 个", "/events/"+s.No+"/signup?pool=", "2026-11-30 14:00")
		box := poolBox.FindStringSubmatch(page)
		if box == nil {
			t.Fatalf("no pool on the page: %s", page)
		}
		// Somebody of the group rings up; the list says whose place it is.
		_, added := b.post(path, "go", "add", "pool", box[1], "name", "王建国", "phone", "13800000007", "party", "2", "consent", "1", "key", "staff-0000000000001")
		sees(t, added, "已报上 2 人", "代报，本厂职工")
		_, page = b.get(path + "?pool=" + box[1])
		sees(t, page, "改预留", `name="pool_capacity" type="text" value="20"`)
		sees(t, b.denied(400, path, "go", "pool", "version", version(), "pool", box[1], "pool_name", "本厂职工", "pool_capacity", "1", "pool_falls", "2026-11-30T14:00"), "已有 2 人报上")
		sees(t, b.done(path, "go", "pool", "version", version(), "pool", box[1], "pool_name", "本厂职工", "pool_capacity", "10", "pool_falls", "2026-11-29T14:00"), "另留 8 个")
		sees(t, b.done(path, "go", "release", "version", version(), "pool", box[1]), "已放开", "2 / 30 人")
		if now, err := o.events.SessionByID(t.Context(), s.ID); err != nil || now.Kept(o.now()) != 0 || now.Taken != 2 {
			t.Errorf("after all %+v, %v", now.Pools, err)
		}
		_, audit := o.signIn("boss").get("/admin/audit/")
		for _, want := range []string{"给“本厂职工”留 20 个名额，留到 11月30日 14:00", "给“本厂职工”留 10 个名额", "放开留给“本厂职工”的 8 个名额"} {
			if !strings.Contains(audit, want) {
				t.Errorf("the audit lacks %q", want)
			}
		}
	})
}
