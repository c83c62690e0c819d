package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
)

// wire is the network between browsers and the server; it can be cut.
type wire struct {
	url   string // as the browsers know the server
	to    string
	ln    net.Listener
	mu    sync.Mutex
	down  bool
	conns map[net.Conn]bool
}

// stretch puts a wire in front of the live site.
func (l *live) stretch(t *testing.T, base string) *wire {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := strings.TrimSuffix(strings.TrimPrefix(l.url, "http://"), base)
	w := &wire{url: "http://" + ln.Addr().String() + base, to: to, ln: ln, conns: map[net.Conn]bool{}}
	var pumps sync.WaitGroup
	pumps.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			pumps.Go(func() { w.carry(c) })
		}
	})
	t.Cleanup(func() { ln.Close(); w.set(true); pumps.Wait() })
	return w
}

// carry joins one connection to the server until either end closes it.
func (w *wire) carry(c net.Conn) {
	defer c.Close()
	up, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer up.Close()
	w.mu.Lock()
	down := w.down
	w.conns[c], w.conns[up] = true, true
	w.mu.Unlock()
	if down {
		return
	}
	go func() { io.Copy(up, c); up.Close() }()
	io.Copy(c, up)
	w.mu.Lock()
	delete(w.conns, c)
	delete(w.conns, up)
	w.mu.Unlock()
}

// set cuts the wire, and everything that is on it, or mends it.
func (w *wire) set(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
	if down {
		for c := range w.conns {
			c.Close()
		}
		clear(w.conns)
	}
}

// press sends a form that the script keeps to itself: no page follows.
func (v *view) press(selector string) {
	v.t.Helper()
	v.run(chromedp.Click(selector))
}

// until waits for an expression of the page to be true.
func (v *view) until(expression string) {
	v.t.Helper()
	v.run(chromedp.Poll[chromedp.Void](expression))
}

// holds is what the telephone has kept.
func (v *view) holds() string {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[string](`JSON.stringify(localStorage)`))
}

// markup is the page as the server gives it to this browser.
func (v *view) markup() string {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[string](`fetch(location.href).then(r => r.text())`, chromedp.EvalAwaitPromise))
}

// enter opens the desk with its PIN and waits until it can do without network.
func (v *view) enter(url, pin string) {
	v.t.Helper()
	v.open(url)
	v.sees("口令")
	v.audit()
	v.fill("#f-pin", pin)
	v.click("main form .btn")
	v.until(`document.getElementById("desk").dataset.kept === "1"`)
}

// TestBrowserDesk is the desk's walk on two cheap phones: the network goes away
// in the middle, both see the same person, and in the end one person came.
func TestBrowserDesk(t *testing.T) {
	b := startBrowser(t)
	const base = "/sfj/pufa"
	site := startLive(t, base, false)
	e := site.newSession(t, 30, 3)
	first, err := site.events.StaffSignUp(t.Context(), auth.System(), events.SignUp{Session: e.ID, Name: "欧阳建国", Phone: "13800005678", Party: 2, Consent: "1", Origin: events.FromStaff})
	if err != nil {
		t.Fatal(err)
	}
	second, err := site.events.StaffSignUp(t.Context(), auth.System(), events.SignUp{Session: e.ID, Name: "𠮷祥", Phone: "13800001111", Party: 1, Consent: "1", Origin: events.FromStaff})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := site.events.OpenDesk(t.Context(), auth.System(), e.ID, true)
	if err != nil {
		t.Fatal(err)
	}
	net := site.stretch(t, base)
	link := net.url + "/desk/" + desk.Token

	one, two := b.view(t, 360), b.view(t, 360)
	one.enter(link, desk.PIN)
	one.sees("签到台", e.Title, "在线", "欧*", "尾号 5678", "未报名 +1")
	one.audit()
	one.shot("desk")
	two.enter(link, desk.PIN)
	checkHTML(t, map[string]string{"desk": one.markup(), "poster": fetch(t, site.url+"/desk/q/"+first.QR), "shell": fetch(t, site.url+"/desk/shell")})
	if kept := one.holds(); strings.Contains(kept, "欧") || strings.Contains(kept, "5678\"") || !strings.Contains(kept, "entries") {
		t.Errorf("the telephone can be read, or holds nothing: %s", kept)
	}

	net.set(true)
	one.run(chromedp.Reload(), chromedp.WaitReady("#desk-unlock"))
	one.until(`document.getElementById("desk-event").textContent === ` + fmt.Sprintf("%q", e.Title))
	one.sees("没有网络，照常签到")
	one.fill("#f-pin", "000000")
	one.press("#desk-unlock .btn")
	one.until(`document.getElementById("desk-say").textContent.includes("口令不对")`)
	one.fill("#f-pin", desk.PIN)
	one.press("#desk-unlock .btn")
	one.until(`document.querySelectorAll("#desk-list li").length === 2`)
	one.audit()
	one.press(`#desk-list li[data-id="` + first.ID + `"] button`)
	one.sees("欧*等 2 人签到成功")
	one.press(`form[data-do="walkin"] [type=submit]`)
	one.press(`form[data-do="walkin"] [type=submit]`)
	one.fill("#f-code", net.url+"/desk/q/"+second.QR) // as a scanner types it
	one.press(`form[data-do="code"] [type=submit]`)
	one.until(`document.getElementById("desk-say").textContent.includes("𠮷*签到成功")`)
	one.fill("#f-code", second.Code) // cannot be known offline
	one.press(`form[data-do="code"] [type=submit]`)
	one.sees("有网以后核对", "有 5 条还没有上传")
	one.shot("desk-offline")
	if total := one.text("#desk-total"); total != "5" {
		t.Errorf("offline %s people are counted, want 5", total)
	}
	two.press(`#desk-list li[data-id="` + first.ID + `"] button`)
	two.press(`form[data-do="walkin"] [type=submit]`)
	two.press(`form[data-do="walkin"] [type=submit]`)
	two.press(`#desk-less`)
	two.sees("没有网络，照常签到", "有 4 条还没有上传")
	if p, err := site.events.Present(t.Context(), e.ID); err != nil || p.Total() != 0 {
		t.Fatalf("something came through a cut wire: %+v, %v", p, err)
	}

	net.set(false)
	for _, v := range []*view{one, two} {
		v.run(chromedp.Evaluate[chromedp.Void](`void window.dispatchEvent(new Event("online"))`))
		v.until(`document.getElementById("desk-state").textContent.includes("都已上传")`)
	}
	p, err := site.events.Present(t.Context(), e.ID)
	if err != nil || p.SignedUp != 3 || p.Parties != 2 || p.WalkIns != 3 || p.Duplicates != 2 {
		t.Errorf("presence %+v, %v; want 3 signed up in 2 parties, 3 walk-ins, 2 duplicates", p, err)
	}
	two.run(chromedp.Reload(), chromedp.WaitReady("#desk-total"))
	if total := two.text("#desk-total"); total != "6" {
		t.Errorf("in the end the desk shows %s, want 6", total)
	}
	two.sees("已到")

	// 48 hours after the end the telephone forgets, with or without network.
	two.run(chromedp.Evaluate[chromedp.Void](`void Object.keys(localStorage).filter(k => k.endsWith(".manifest")).forEach(k => {
		localStorage.setItem(k, JSON.stringify({...JSON.parse(localStorage.getItem(k)), until: 1})) })`))
	net.set(true)
	two.run(chromedp.Reload(), chromedp.WaitReady("#desk-say .note"))
	two.sees("签到台已经关闭")
	if kept := two.holds(); strings.Contains(kept, "entries") || strings.Contains(kept, "queue") {
		t.Errorf("it still holds %s", kept)
	}
}

// TestBrowserDeskOffice is the coordinator's side of it on a cheap phone: the
// brochures, who signed up, the desk and its sheets.
func TestBrowserDeskOffice(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	e := site.newSession(t, 3, 3)
	for i, name := range []string{"欧阳建国", "阿卜杜拉·买买提江·努尔买买提"} {
		f := events.SignUp{Session: e.ID, Name: name, Phone: fmt.Sprintf("1380000%04d", 100+i), Party: 2, Consent: "1", Origin: events.FromStaff}
		if _, err := site.events.StaffSignUp(t.Context(), auth.System(), f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := site.events.SetPool(t.Context(), auth.System(), e.ID, e.Version, events.PoolForm{Name: "本厂职工和家属", Capacity: 1, Falls: e.Starts.Add(-3 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			title := fmt.Sprintf("农民工工资支付一本通 %d", width)
			v := b.view(t, width)
			v.signIn(site)
			v.open(site.url + "/admin/materials/new")
			v.audit()
			v.fill("#f-title", title)
			v.fill("#f-edition", "2026年版")
			v.click("main form .btn")
			v.sees("记一笔", "还没有记过账")
			v.fill("#f-qty", "15000")
			v.click(`main form button[value="receive"]`)
			v.sees("已记入台账", "15000 册可用", "外部 → 仓库")
			v.audit()
			v.shot("material")
			v.open(site.url + "/admin/materials/")
			v.sees(title)
			v.audit()
			v.shot("materials")

			session := site.url + "/admin/sessions/" + e.ID
			v.open(session + "/materials")
			v.run(chromedp.SetValue(`input[name^="ask-"]`, "200"))
			v.click(`button[value="reserve"]`)
			v.sees("已预留")
			v.click(`button[value="issue"]`)
			v.sees("已出库", "还在外面")
			v.audit()
			checkHTML(t, map[string]string{"materials": v.markup()})
			v.shot("session-materials")
			v.open(session + "/materials/slip")
			v.sees("宣传资料出库单", "领取人签字")
			v.audit()

			v.open(session + "/signups")
			v.sees("欧*", "阿*", "候补中第 1 位", "138****0100", "本厂职工和家属", "现在放开")
			v.audit()
			v.shot("signups")
			v.open(session + "/signups#pools")
			v.shot("pools")
			v.run(chromedp.Click(`input[name="registration"]`))
			v.fill("#f-reason", "通知带身份证")
			v.click(`button[value="reveal"]`)
			v.sees("欧阳建国", "13800000100")
			v.audit()
			checkHTML(t, map[string]string{"signups": v.markup()})

			v.open(session + "/checkin")
			if width == widths[0] {
				v.click(`button[value="open"]`)
			}
			v.sees("口令", "收回链接", "补录")
			v.audit()
			checkHTML(t, map[string]string{"checkin": v.markup()})
			v.shot("checkin")
			v.fill("#f-qty", "25")
			v.click(`button[value="paper"]`)
			v.sees("已补录")
			v.open(session + "/checkin/sheet")
			v.sees("签到表", "欧*")
			v.audit()
			v.shot("sheet")
		})
	}
}
