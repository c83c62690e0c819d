package main

import (
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
)

// thumb walks through pages with keys alone, and counts what a thumb on a phone
// would have to do: a tap for each field or button, and the characters typed.
type thumb struct {
	*view
	taps, chars int
	pages       map[string]string // what it has seen, for the validator
}

// to moves the focus on with Tab until it is on the element.
func (h *thumb) to(selector string) {
	h.t.Helper()
	h.taps++
	on := fmt.Sprintf(`document.activeElement.matches(%q)`, selector)
	for range 150 {
		if ask(h.view, chromedp.Evaluate[bool](on)) {
			return
		}
		h.run(chromedp.KeyEvent(kb.Tab))
	}
	h.t.Fatalf("Tab never comes to %s on %s", selector, h.location())
}

func (h *thumb) write(selector, text string) {
	h.t.Helper()
	h.to(selector)
	h.chars += len([]rune(text))
	h.run(chromedp.KeyEvent(text))
}

// day and clock type into the parts of a date and a time, in the order that
// Chromium without a Chinese locale has them.
func (h *thumb) day(selector string, t time.Time) {
	h.t.Helper()
	h.to(selector)
	h.run(chromedp.KeyEvent(t.Format("01022006")))
	if got := ask(h.view, chromedp.Value(selector)); got != t.Format(time.DateOnly) {
		h.t.Fatalf("the date became %q", got)
	}
}

func (h *thumb) clock(selector string, t time.Time) {
	h.t.Helper()
	h.to(selector)
	h.run(chromedp.KeyEvent(t.Format("0304PM")))
	if got := ask(h.view, chromedp.Value(selector)); got != t.Format("15:04") {
		h.t.Fatalf("the time became %q", got)
	}
}

// pick ticks a box or a radio button.
func (h *thumb) pick(selector string) {
	h.t.Helper()
	h.to(selector)
	h.run(chromedp.KeyEvent(" "))
}

// first chooses in a group of radio buttons, of which Tab only comes to one.
func (h *thumb) radio(name, value string) {
	h.t.Helper()
	h.to(fmt.Sprintf(`input[name=%q]`, name))
	want := fmt.Sprintf(`document.querySelector('input[name=%q][value=%q]').checked`, name, value)
	h.run(chromedp.KeyEvent(" "))
	for range 12 {
		if ask(h.view, chromedp.Evaluate[bool](want)) {
			return
		}
		h.run(chromedp.KeyEvent(kb.ArrowDown))
	}
	h.t.Fatalf("no way to %s=%s", name, value)
}

// press goes to a button and waits for the page it leads to, which must pass
// the audit.
func (h *thumb) press(selector, name string, texts ...string) {
	h.t.Helper()
	h.to(selector)
	if _, err := chromedp.RunResponse(h.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		h.t.Fatalf("Enter on %s: %v", selector, err)
	}
	h.run(chromedp.WaitReady("main"))
	h.sees(texts...)
	h.audit()
	h.shot(name)
	h.pages[name] = "<!DOCTYPE html>" + ask(h.view, chromedp.Evaluate[string](`document.documentElement.outerHTML`))
}

// decideAll lets the bureau bring the session with a number to its end.
func (l *live) decideAll(t *testing.T, no string) {
	t.Helper()
	ctx, admin := t.Context(), auth.System()
	var id string
	if err := db.Get(ctx, l.db.Reader(), &id, `SELECT id FROM session WHERE no = $1`, no); err != nil {
		t.Fatal(err)
	}
	steps := []func(se events.Session) error{
		func(se events.Session) error { _, err := l.events.Take(ctx, admin, id, se.Version); return err },
		func(se events.Session) error {
			_, err := l.events.Decide(ctx, admin, id, se.Version, events.Decision{To: events.Accepted, Wish: 1})
			return err
		},
		func(events.Session) error { // nobody else is needed
			return l.events.SetNeeds(ctx, admin, id, []events.Need{{Role: events.RoleLawyer}})
		},
		func(se events.Session) error {
			_, err := l.events.Schedule(ctx, admin, id, se.Version, "都说好了")
			return err
		},
		func(se events.Session) error {
			_, err := l.events.PreparePublication(ctx, admin, id, se.Version, events.Publication{Reviewed: true, Notice: "signup-2026"})
			return err
		},
		func(se events.Session) error {
			_, err := l.events.PublishSession(ctx, admin, id, se.Version)
			return err
		},
	}
	for _, step := range steps {
		se, err := l.events.SessionByID(ctx, id)
		if err == nil {
			err = step(se)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// passTime makes it as if the session had been a day ago: the program's clock is
// the machine's.
func (l *live) passTime(t *testing.T, no string) {
	t.Helper()
	err := l.db.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE session SET starts_at = $2, ends_at = $3 WHERE no = $1`, no,
			l.now().Add(-26*time.Hour).UnixMilli(), l.now().Add(-24*time.Hour).UnixMilli())
		return err
	})
	if err == nil {
		_, err = l.events.Tick(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

var numberShown = regexp.MustCompile(`SF-[0-9]{4}-[0-9]{5}`)

// TestBrowserOrganizer is the organizer's walk on a cheap phone, with keys alone
// and without JavaScript; the report at its end also with it.
func TestBrowserOrganizer(t *testing.T) {
	need(t, "SONGFA_TEST_VNU")
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	h := &thumb{view: b.view(t, 360).withoutScript(), pages: map[string]string{}}
	h.open(site.url + "/organize/")
	h.audit()
	h.shot("organize")
	h.write("#f-unit", "东湖电子有限公司")
	h.write("#f-contact", "工会 陈霞")
	h.press(`form[action$="/start"] .btn`, "organize-wrong", "有 1 处要改", "请填写手机号")
	h.write("#f-phone", "138 0000 0000")
	h.press(`form[action$="/start"] .btn`, "organize-code", "查询码", "请截图或者抄下来")
	h.press(`a.btn[href$="/organize/unit"]`, "organize-unit", "第 1 步")
	h.radio("unit_kind", "企业")
	h.press(`main form .btn`, "organize-session", "第 2 步")
	h.radio("type", "enterprise")
	h.write("#f-topic", "加班怎么算，女职工有哪些假")
	h.press(`main form .btn`, "organize-when", "第 3 步", "首选时间")
	y, m, d := site.now().In(beijing).AddDate(0, 0, 21).Date()
	day := time.Date(y, m, d, 15, 0, 0, 0, beijing)
	for day.Weekday() != time.Tuesday {
		day = day.AddDate(0, 0, 1)
	}
	h.day("#f-d1", day)
	h.clock("#f-t1", day)
	h.radio("minutes", "90")
	h.write("#f-town", "东湖镇")
	h.write("#f-venue", "东湖电子 3 号楼二车间")
	h.press(`main form .btn`, "organize-people", "第 4 步")
	h.write("#f-expected", "40")
	h.radio("open", "yes")
	h.write("#f-places", "10")
	h.press(`main form .btn`, "organize-needs", "第 5 步")
	h.pick(`input[name="equipment"]`)
	h.write("#f-lawyers", "1")
	h.write("#f-brochures", "50")
	h.press(`main form .btn`, "organize-check", "提交前核对一遍", "40 人", "50 本")
	h.press(`main form .btn`, "organize-unticked", "请勾上")
	h.pick(`input[name="agree"]`)
	h.press(`main form .btn`, "organize-submitted", "已经提交", "SF-")
	t.Logf("a request takes %d taps and %d characters", h.taps, h.chars)

	no := numberShown.FindString(h.text("main"))
	site.decideAll(t, no)
	h.open(site.url + "/organize/request")
	h.sees("已发布", "海报")
	h.audit()
	h.shot("organize-published")
	site.passTime(t, no)
	h.open(site.url + "/organize/request")
	h.press(`a.btn[href$="/organize/report"]`, "organize-report", "来了多少人")
	h.report(t)
	checkHTML(t, h.pages)
}

// report is the host's part in the fewest taps, and what they would take.
func (h *thumb) report(t *testing.T) {
	t.Helper()
	h.taps, h.chars = 0, 0
	began := time.Now()
	h.write("#f-attendance", "43")
	h.press(`button[value="people"]`, "organize-report-saved", "存过") // a part by itself
	h.pick(`#f-no_handouts`)
	h.run(chromedp.SetUploadFiles("#f-photo", []string{picture(t)}))
	h.taps += 3 // the button of the field, the shutter, 使用照片
	h.pick(`input[name="consent"]`)
	h.press(`button[value="send"]`, "organize-reported", "结果已经报上去")
	// Two seconds to find and hit a target and half a second a digit is slow.
	need := time.Duration(h.taps)*2*time.Second + time.Duration(h.chars)*time.Second/2
	t.Logf("a report takes %d taps and %d characters: %s for a slow thumb, %s here", h.taps, h.chars, need, time.Since(began).Round(time.Millisecond))
	if h.taps > 10 || need > time.Minute {
		t.Errorf("%d taps, %s: too long for three minutes on a phone", h.taps, need)
	}
}

// picture is a photograph on disk.
func picture(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "现场.jpg")
	f, err := os.Create(name)
	if err == nil {
		err = jpeg.Encode(f, image.NewRGBA(image.Rect(0, 0, 800, 600)), nil)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// requested is a request as it is handed in, and the code that opens it.
func (l *live) requested(t *testing.T) events.Request {
	t.Helper()
	starts := l.now().In(beijing).Truncate(time.Hour).AddDate(0, 0, 21)
	r, err := l.events.StartRequest(t.Context(), events.RequestForm{Unit: "北园纺织有限公司", UnitKind: "企业", Contact: "王建国", Phone: "13800000000",
		Type: events.Enterprise, Topic: "合同和加班费", Wishes: []events.Wish{{Starts: starts, Ends: starts.Add(90 * time.Minute)}}, Minutes: 90,
		Town: "beiyuan", Venue: "一号车间", Expected: 40}, "browser-test-"+fmt.Sprint(l.now().UnixNano()))
	if err == nil {
		r, err = l.events.SubmitRequest(t.Context(), r.ID, r.Version, "正好都在")
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// enter opens a request by its code.
func (h *thumb) enter(url string, r events.Request) {
	h.t.Helper()
	h.open(url + "/organize/")
	h.write("#f-code", r.Code)
	h.write("#f-last4", "0000")
	h.press(`form[action$="/open"] .btn`, "organize-followed", r.No, "已收到")
}

// TestBrowserReportKeepsItself types into the report with JavaScript and leaves
// without pressing a button.
func TestBrowserReportKeepsItself(t *testing.T) {
	need(t, "SONGFA_TEST_VNU")
	b := startBrowser(t)
	site := startLive(t, "", false)
	h := &thumb{view: b.view(t, 360).withoutScript(), pages: map[string]string{}}
	r := site.requested(t)
	h.enter(site.url, r)
	h.press(`a[href$="/organize/change"]`, "organize-change", "新的时间")
	h.press(`main form .btn`, "organize-change-wrong", "请写一下想改什么")
	h.press(`main a.tap[href$="/organize/request"]`, "organize-back")
	h.press(`a[href$="/organize/withdraw"]`, "organize-withdraw", "撤回这份申请？")
	site.decideAll(t, r.No)
	site.passTime(t, r.No)
	h.script(true)
	h.open(site.url + "/organize/report")
	h.write("#f-attendance", "43")
	h.write("#f-handout_title-0", "工资手册")
	h.write("#f-handout_handed-0", "50")
	h.run(chromedp.Poll[chromedp.Void](`document.getElementById("saved").textContent.includes("存过")`),
		chromedp.Poll[chromedp.Void](`document.getElementById("report").elements.rev.value > 0`))
	h.until(`fetch(location.pathname).then(r => r.text()).then(t => t.includes('value="43"') && t.includes('value="50"'))`)
	h.script(false)
	h.open(site.url + "/organize/report")
	for field, want := range map[string]string{"#f-attendance": "43", "#f-handout_title-0": "工资手册", "#f-handout_handed-0": "50"} {
		if got := ask(h.view, chromedp.Value(field)); got != want {
			t.Errorf("%s holds %q, want %q", field, got, want)
		}
	}
	// What another telephone has saved meanwhile stands beside what is typed here.
	se, err := site.events.RequestByID(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := site.events.ReportSheet(t.Context(), se.Session.ID)
	if err == nil {
		_, err = site.events.SaveReport(t.Context(), events.OrganizerActor(r.ID), se.Session.ID, events.HostPart, sheet.Host.Rev, events.ReportForm{Attendance: "34"})
	}
	if err != nil {
		t.Fatal(err)
	}
	h.press(`button[value="people"]`, "organize-report-conflict", "您刚填的", "34", "43")
	h.press(`main form .btn`, "organize-report-mine", "来了多少人")
	if got := ask(h.view, chromedp.Value("#f-attendance")); got != "43" {
		t.Errorf("what was typed became %q", got)
	}
	checkHTML(t, h.pages)
}

// script turns JavaScript on or off.
func (h *thumb) script(on bool) {
	h.t.Helper()
	h.noJS = !on
	h.disableScript(!on)
}

// until waits for a promise to come true.
func (h *thumb) until(promise string) {
	h.t.Helper()
	for !ask(h.view, chromedp.Evaluate[bool](promise, chromedp.EvalAwaitPromise)) {
	}
}
