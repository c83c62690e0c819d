package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
)

// enterOn goes to a control and presses Enter, as somebody without a mouse does,
// and waits for the next page.
func (v *view) enterOn(selector string) {
	v.t.Helper()
	v.run(chromedp.Focus(selector))
	if _, err := chromedp.RunResponse(v.ctx, chromedp.KeyEvent("\r")); err != nil {
		v.t.Fatalf("Enter on %s at %d px on %s: %v", selector, v.width, v.location(), err)
	}
	v.run(chromedp.WaitReady("main"))
}

// as signs somebody in with their own account, made here with a role.
func (v *view) as(site *live, name string, role auth.Role) *view {
	v.t.Helper()
	ctx := context.Background()
	if _, err := site.staff.ByName(ctx, name); err != nil {
		_, err := site.staff.Add(ctx, auth.System(), auth.NewAccount{Name: name, Display: name, Password: testPassword, Rights: auth.Rights{Roles: []auth.Role{role}}})
		must(v.t, err)
	}
	v.open(site.url + "/admin/login")
	v.fill("#f-name", name)
	v.fill("#f-password", testPassword)
	v.enterOn("main form .btn")
	return v
}

// TestBrowserReview is the afternoon of a notice: the editor submits at 17:04, the
// chief returns one line, the difference shows only that, it passes, the deputy
// director passes it on the phone, and it is live. At each width all by keyboard;
// on the small one without a script.
func TestBrowserReview(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	ctx := context.Background()
	leader, err := site.content.SaveApprover(ctx, auth.System(), content.Approver{Name: "李红", Post: "副局长", Phone: "13800001111", Active: true})
	must(t, err)
	column, err := site.content.Column(ctx, "notices")
	must(t, err)
	seen := column.Mark()
	column.Review = content.Review{Secrecy: true, Auto: true, Stages: []content.Stage{
		{Name: "科室审核", Question: "事实、时间和法条准确", Role: auth.Reviewer, Hours: 24}, {Name: "终审", Question: "可以对外发布", People: []string{leader.Person()}}}}
	_, err = site.content.SaveColumn(ctx, auth.System(), seen, column)
	must(t, err)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			w := &reviewWalk{site: site, slug: fmt.Sprint("lingqu-", width)}
			for _, who := range []struct {
				v    **view
				name string
				role auth.Role
			}{{&w.editor, "wangbianji", auth.Editor}, {&w.chief, "zhangkezhang", auth.Reviewer}} {
				*who.v = b.view(t, width).withoutScript()
				(*who.v).as(site, who.name, who.role)
			}
			w.phone = b.view(t, min(width, 400)).withoutScript()
			w.write()
			w.sendBack()
			w.mend()
			w.pass()
			w.decide()
			reader := b.view(t, width)
			reader.open(site.url + "/notices/" + w.slug)
			reader.sees("领取工资手册的通知", "带身份证到窗口领取")
			w.file()
		})
	}
}

// reviewWalk is the three people around one notice.
type reviewWalk struct {
	site                 *live
	slug                 string
	editor, chief, phone *view
	review               string // address of the review
	link, code           string
}

func (w *reviewWalk) write() {
	v := w.editor
	v.open(w.site.url + "/admin/documents/new?kind=notice")
	v.fill("#f-title", "领取工资手册的通知 "+w.slug)
	v.fill("#f-slug", w.slug)
	v.fill("#f-body", "即日起可以领取工资手册。\n\n带身份证到窗口领用。\n\n地点：东湖镇工作站。\n")
	v.enterOn(`button[value="submit"]`)
	v.sees("请先做保密审查", "科室审核")
	v.audit()
	v.run(chromedp.Focus("#f-secrecy"), chromedp.KeyEvent(" "))
	v.enterOn(`button[value="submit"]`)
	v.sees("已提交审核", "待审")
	v.audit()
}

// sendBack marks one passage and returns the text.
func (w *reviewWalk) sendBack() {
	v := w.chief
	v.open(w.site.url + "/admin/")
	v.sees("等我审核", w.slug)
	v.audit()
	v.open(w.site.url + "/admin/review/")
	v.audit()
	v.enterOn(`main ul.rows a.t`)
	w.review = v.location()
	v.sees("事实、时间和法条准确", "带身份证到窗口领用。")
	v.audit()
	v.shot("admin-review")
	v.enterOn(`#part-2 .point a`)
	v.fill("#f-quote", "领用")
	v.fill("#f-mark_remark", "改成领取")
	v.enterOn(`button[value="mark"]`)
	v.sees("已加批注", "改成领取")
	v.audit()
	v.fill("#f-reason", "看批注")
	v.enterOn(`button[value="return"]`)
	v.sees("已退回给作者")
}

func (w *reviewWalk) mend() {
	v := w.editor
	v.open(w.site.url + strings.Replace(strings.TrimPrefix(w.review, w.site.url), "/review/", "/editions/", 1))
	v.sees("退回修改", "看批注", "改成领取")
	v.audit()
	v.shot("admin-returned")
	v.fill("#f-body", "即日起可以领取工资手册。\n\n带身份证到窗口领取。\n\n地点：东湖镇工作站。\n")
	v.run(chromedp.Focus("#f-secrecy"), chromedp.KeyEvent(" "))
	v.enterOn(`button[value="submit"]`)
	v.sees("已提交审核")
}

// pass sees only what is new, passes it, and asks the leader.
func (w *reviewWalk) pass() {
	v := w.chief
	v.open(w.review)
	v.sees("改了哪里", "第 2 校")
	changed := ask(v, chromedp.Evaluate[[]string](`[...document.querySelectorAll("main ins, main del")].map(e => e.lastChild.textContent)`))
	if strings.Join(changed, "|") != "用|取" {
		v.t.Errorf("the difference shows %q", changed)
	}
	v.audit()
	v.enterOn(`button[value="approve"]`)
	v.sees("已通过这一步", "终审")
	v.run(chromedp.Focus("#phone > summary"), chromedp.KeyEvent("\r"))
	v.enterOn(`button[value="link"]`)
	v.sees("只显示这一次", "李红 副局长")
	v.audit()
	w.link = ask(v, chromedp.Value("#link-address"))
	w.code = v.text(".once code")
}

// decide is the corridor.
func (w *reviewWalk) decide() {
	v := w.phone
	v.open(w.link)
	v.audit()
	v.fill("#f-code", w.code)
	v.enterOn(`main form .btn`)
	v.sees("领取工资手册的通知", "可以对外发布", "东湖镇工作站")
	v.audit()
	v.shot("approve")
	v.enterOn(`button[value="approve"]`)
	v.sees("网站上现在就能看到")
	v.audit()
}

// file is what is left: the sheet, by itself.
func (w *reviewWalk) file() {
	v := w.chief
	v.open(w.review + "/sheet")
	v.sees("信息发布审核单", "李红 副局长，手机链接", "2 校", "zhangkezhang")
	v.audit()
	v.shot("admin-sheet")
	v.open(w.site.url + "/admin/review/sheets/")
	v.sees(w.slug)
	v.audit()
	for _, path := range []string{"/admin/columns/", "/admin/columns/notices", "/admin/columns/approvers/", "/admin/columns/approvers/new"} {
		w.phone.signInOnce(w.site)
		w.phone.open(w.site.url + path)
		w.phone.audit()
	}
}

// signInOnce makes this browser the administrator's.
func (v *view) signInOnce(site *live) {
	v.t.Helper()
	v.open(site.url + "/admin/")
	if strings.Contains(v.location(), "/login") {
		v.fill("#f-name", "admin")
		v.fill("#f-password", testPassword)
		v.click("main form .btn")
	}
}
