package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// done sends a form that must be taken, and returns the page it leads to.
func (b *browser) done(path string, pairs ...string) string {
	b.o.t.Helper()
	resp, page := b.post(path, pairs...)
	if resp.StatusCode != http.StatusSeeOther {
		b.o.t.Fatalf("%s %v: %d %s", path, pairs, resp.StatusCode, page)
	}
	_, page = b.get(strings.TrimPrefix(resp.Header.Get("Location"), b.o.base))
	return page
}

// denied sends a form that must not be taken, and returns the page with it.
func (b *browser) denied(status int, path string, pairs ...string) string {
	b.o.t.Helper()
	resp, page := b.post(path, pairs...)
	if resp.StatusCode != status {
		b.o.t.Fatalf("%s %v: %d instead of %d: %s", path, pairs, resp.StatusCode, status, page)
	}
	return page
}

var personPath = regexp.MustCompile(`action="(?:/sfj/pufa)?(/admin/people/[0-9A-Z]{26})"`)

// person adds somebody through the form and returns the address of the page.
func (b *browser) person(pairs ...string) string {
	b.o.t.Helper()
	return personPath.FindStringSubmatch(b.done("/admin/people/new", pairs...))[1]
}

// TestPeopleAreKept adds a firm and a lawyer, shows them and their links, and
// keeps what was typed when it is wrong or stale.
func TestPeopleAreKept(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	o.town()
	b := o.signIn("coordinator")
	sees(t, b.done("/admin/people/orgs", "version", "0", "kind", "firm", "name", "示例律师事务所", "town", "donghu"), "示例律师事务所", "律师事务所", "已保存")
	sees(t, b.denied(400, "/admin/people/orgs", "version", "0", "kind", "firm", "name", "示例律师事务所"), "不用再添加", `value="示例律师事务所"`)
	_, page := b.get("/admin/people/orgs")
	org := regexp.MustCompile(`people/orgs\?id=([0-9A-Z]+)`).FindStringSubmatch(page)[1]

	sees(t, b.denied(400, "/admin/people/new", "kind", "lawyer", "name", "", "phone", "123", "licence", "证"), "请填写姓名", `value="123"`, "有 2 处要改")
	sees(t, b.denied(400, "/admin/people/new", "kind", "lawyer", "name", "李国平", "phone", "1380000"), "11 位数字", `value="李国平"`)
	path := b.person("kind", "lawyer", "name", "李国平", "org", org, "phone", "138 0000 0001", "skills", "工资、工伤", "towns", "donghu")
	_, page = b.get(path)
	sees(t, page, "现在是 138****0001，不改就留空", "工资、工伤", "http://songfa.test/sfj/pufa/my/", "/ics/s/", `value="donghu" checked`)
	seesNot(t, page, "13800000001")
	_, page = b.get("/admin/people/?q=示例律师")
	sees(t, page, "李国平", "138****0001", "东湖镇", "共 1 人")
	_, page = b.get("/admin/people/?q=没有")
	sees(t, page, "没有符合条件的人")

	sees(t, b.done(path, "version", "1", "kind", "lawyer", "name", "李国平", "org", org), "已保存", "138****0001")
	page = b.denied(409, path, "version", "1", "kind", "lawyer", "name", "李国萍", "org", org)
	sees(t, page, "别人刚保存的和您填的不一样", `value="李国萍"`, `name="version" value="2"`)

	more := path + "/more"
	sees(t, b.denied(400, more, "go", "phone", "why", ""), "请填写查看原因")
	sees(t, b.denied(200, more, "go", "phone", "why", "通知改期"), "13800000001")
	sees(t, b.done(more, "go", "away", "kind", "leave", "from", "2026-12-01", "to", "2026-12-03"), "2026年12月1日—12月3日", "请假")
	sees(t, b.denied(400, more, "go", "away", "kind", "leave", "from", "2026-12-05", "to", "2026-12-01"), "结束应晚于开始", `value="2026-12-05"`)
	_, page = b.get(path)
	link := regexp.MustCompile(`/my/[0-9a-z]{26}`).FindString(page)
	page = b.done(more, "go", "renew")
	sees(t, page, "已换新链接")
	seesNot(t, page, link)
	sees(t, b.done(more, "go", "revoke"), "链接已停用，旧地址打不开了", "重新开一个链接")
}

// TestStaffing asks people to a session: the right one first, a reason where one
// should think twice, no double booking, answers on the telephone.
func TestStaffing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.town()
		b := o.signIn("coordinator")
		near := b.person("kind", "lawyer", "name", "近处律师", "towns", "donghu", "phone", "13800000001")
		away := b.person("kind", "lawyer", "name", "请假律师")
		id := func(path string) string { return strings.TrimPrefix(path, "/admin/people/") }
		b.done(away+"/more", "go", "away", "kind", "leave", "from", "2026-12-03")
		actor := o.person("coordinator").Actor()
		session := func(title string) string {
			se, err := o.events.CreateSession(t.Context(), actor, events.SessionForm{Type: events.Site, Title: title, Town: "donghu", Venue: "食堂", Starts: at(3, 15), Ends: at(3, 16)})
			must(t, err)
			return "/admin/sessions/" + se.ID + "/staffing"
		}
		first, second := session("码头工地"), session("安置房工地")

		_, page := b.get(first)
		sees(t, page, "答应 0 / 要 1", "离得近", "请假：2026年12月3日", "这是按类型带出来的")
		if strings.Index(page, "近处律师") > strings.Index(page, "请假律师") {
			t.Error("who is on leave comes before who is near")
		}
		sees(t, b.denied(400, first, "go", "invite", "person", id(away), "role", "lawyer"), "请写明理由", `name="override"`)
		sees(t, b.done(first, "go", "invite", "person", id(away), "role", "lawyer", "override", "本人愿意来"), "已邀请", "已邀请·待答复", "1 人没答复")
		sees(t, b.denied(409, first, "go", "invite", "person", id(away), "role", "lawyer", "override", "再来"), "不用再邀请")
		assignment := func(page, name string) string {
			t.Helper()
			m := regexp.MustCompile(`(?s)` + name + `</a>.*?name="assignment" value="([0-9A-Z]+)"`).FindStringSubmatch(page)
			if m == nil {
				t.Fatalf("%s is not on the list: %s", name, page)
			}
			return m[1]
		}
		_, page = b.get(first)
		sees(t, b.done(first, "go", "withdraw", "assignment", assignment(page, "请假律师")), "已不再请", "不再邀请")
		page = b.done(first, "go", "invite", "person", id(near), "role", "lawyer")
		one := assignment(page, "近处律师")
		b.done(second, "go", "invite", "person", id(near), "role", "lawyer")
		sees(t, b.done(first, "go", "yes", "assignment", one), "答应 1 / 要 1", "已答应")
		_, page = b.get(second)
		sees(t, b.denied(409, second, "go", "yes", "assignment", assignment(page, "近处律师")), "答应了另一场《码头工地》")
		sees(t, b.denied(200, first, "go", "phone", "assignment", one), "13800000001")
		sees(t, b.done(first, "go", "needs", "need_lawyer", "2", "must_lawyer", "1", "need_volunteer", "0"), "答应 1 / 要 2", "人数已保存")
		sees(t, b.denied(400, first, "go", "needs", "need_lawyer", "很多"), "0 至 50", `value="很多"`)
		_, page = b.get(first)
		version := formVersion.FindStringSubmatch(page)[1]
		sees(t, b.done(first, "go", "announce", "version", version), "网站上的主讲人：近处律师")
		sees(t, b.denied(409, first, "go", "announce", "version", version), "已被他人修改")
		_, page = b.get(near)
		sees(t, page, "码头工地", "已答应", "安置房工地", "已邀请·待答复")
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}
