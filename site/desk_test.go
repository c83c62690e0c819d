package site_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// stand is somebody at the desk with a browser without JavaScript.
type stand struct {
	t      *testing.T
	r      *rig
	cookie string
}

func (s *stand) send(method, path, kind, body string) (int, string, http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.r.url+s.r.base+path, strings.NewReader(body))
	check(s.t, err)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if s.cookie != "" {
		req.Header.Set("Cookie", s.cookie)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	check(s.t, err)
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		s.cookie = c.Name + "=" + c.Value
	}
	got, err := io.ReadAll(resp.Body)
	check(s.t, err)
	return resp.StatusCode, string(got), resp.Header
}

func (s *stand) get(path string) (int, string) {
	s.t.Helper()
	status, body, _ := s.send(http.MethodGet, path, "", "")
	return status, body
}

func (s *stand) post(path string, pairs ...string) (int, string) {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	status, body, _ := s.send(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
	return status, body
}

// running is a session that goes on at this moment, with sign-ups and a desk.
func (r *rig) running(t *testing.T, parties ...int) (events.Desk, []events.Registration) {
	t.Helper()
	ctx := t.Context()
	s, err := r.events.CreateSession(ctx, admin, events.SessionForm{Type: events.Site, Title: "安置房工地：工资怎么要", Venue: "项目部食堂",
		Starts: noon.Add(20 * time.Minute), Ends: noon.Add(2 * time.Hour), Capacity: 30})
	check(t, err)
	s, err = r.events.PublishSession(ctx, admin, s.ID, s.Version)
	check(t, err)
	var regs []events.Registration
	for i, party := range parties {
		reg, err := r.events.StaffSignUp(ctx, admin, events.SignUp{Session: s.ID, Name: "张三丰", Phone: fmt.Sprintf("138000000%02d", i+1), Party: party, Consent: "1", Origin: events.FromStaff})
		check(t, err)
		regs = append(regs, reg)
	}
	d, err := r.events.OpenDesk(ctx, admin, s.ID, true)
	check(t, err)
	return d, regs
}

var keyOf = regexp.MustCompile(`data-key="([^"]+)"`)

func TestTheDeskWithoutScript(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		r := open(t, dbx, "/sfj/pufa")
		d, regs := r.running(t, 3, 1)
		at := &stand{t: t, r: r}
		link := "/desk/" + d.Token

		status, page := at.get(link)
		if status != 200 || !strings.Contains(page, "口令") || strings.Contains(page, "张*") {
			t.Fatalf("before the PIN: %d %s", status, page)
		}
		if status, page = at.post(link, "go", "enter", "pin", "12"); status != 400 || !strings.Contains(page, "6 位数字") {
			t.Errorf("half a PIN: %d", status)
		}
		if status, _ := at.post(link, "go", "walkin", "key", "walk-0001"); status != 401 {
			t.Errorf("a form without the PIN: %d", status)
		}
		if status, _ = at.post(link, "go", "enter", "pin", d.PIN); status != 303 || at.cookie == "" {
			t.Fatalf("the PIN: %d", status)
		}
		status, page = at.get(link)
		key := keyOf.FindStringSubmatch(page)
		if status != 200 || key == nil || strings.Count(page, "张*") < 2 || !strings.Contains(page, "尾号 0001") || strings.Contains(page, "张三丰") {
			t.Fatalf("the desk: %d %s", status, page)
		}
		for _, tt := range []struct {
			name   string
			status int
			want   string
			pairs  []string
		}{
			{"by list", 200, "张*等 3 人签到成功", []string{"go", "list", "registration", regs[0].ID, "key", key[1] + "-1"}},
			{"the same button again", 200, "张*等 3 人签到成功", []string{"go", "list", "registration", regs[0].ID, "key", key[1] + "-1"}},
			{"by list again", 200, "不重复计", []string{"go", "list", "registration", regs[0].ID, "key", key[1] + "-2"}},
			{"a forged code", 422, "没有查到这个报名码", []string{"go", "code", "code", "AAAAA-AAAAA", "key", key[1] + "-3"}},
			{"a typed code", 200, "张*签到成功", []string{"go", "code", "code", strings.ToLower(regs[1].Code), "key", key[1] + "-4"}},
			{"scanned by a keyboard scanner", 200, "不重复计", []string{"go", "code", "code", "https://sfj.example/desk/q/" + strings.ToUpper(regs[1].QR), "key", key[1] + "-5"}},
			{"walk-ins", 200, "已记下", []string{"go", "walkin", "qty", "４", "elders", "2", "key", key[1] + "-6"}},
			{"too many walk-ins", 422, "1 到 500", []string{"go", "walkin", "qty", "1000000000", "key", key[1] + "-7"}},
			{"no number", 422, "1 到 500", []string{"go", "walkin", "qty", "几个", "key", key[1] + "-8"}},
		} {
			if status, page := at.post(link, tt.pairs...); status != tt.status || !strings.Contains(page, tt.want) {
				t.Errorf("%s: %d, want %d and %q", tt.name, status, tt.status, tt.want)
			}
		}
		if _, page = at.get(link); !strings.Contains(page, `<b id="desk-total">8</b>`) || strings.Count(page, "已到") != 2 {
			t.Errorf("in the end: %s", page)
		}
	})
}

// The QR code is a plain link: the desk opens the person, everybody else a note.
func TestAScannedCode(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "")
	d, regs := r.running(t, 2)
	stranger := &stand{t: t, r: r}
	for _, qr := range []string{regs[0].QR, strings.Repeat("0", 26)} {
		status, page := stranger.get("/desk/q/" + qr)
		if status != 200 || !strings.Contains(page, "出示给签到台") || strings.Contains(page, "张") && strings.Contains(page, "张*") {
			t.Errorf("a stranger: %d %s", status, page)
		}
	}
	if status, _ := stranger.post("/desk/q/"+regs[0].QR, "key", "stranger-1"); status != 401 {
		t.Errorf("a stranger checks in: %d", status)
	}
	at := &stand{t: t, r: r}
	at.post("/desk/"+d.Token, "go", "enter", "pin", d.PIN)
	status, page := at.get("/desk/q/" + regs[0].QR)
	if status != 200 || !strings.Contains(page, "张*") || !strings.Contains(page, "2 人") {
		t.Fatalf("at the desk: %d %s", status, page)
	}
	if status, page = at.post("/desk/q/"+regs[0].QR, "key", hidden.FindStringSubmatch(page)[2]); status != 200 || !strings.Contains(page, "签到成功") {
		t.Errorf("confirmed: %d %s", status, page)
	}
	if status, page = at.get("/desk/q/" + regs[0].QR); !strings.Contains(page, "已经签到") || strings.Contains(page, `method="post" action="/desk/q`) {
		t.Errorf("again: %d %s", status, page)
	}
	if status, _ = at.get("/desk/q/" + strings.Repeat("0", 26)); status != 404 {
		t.Errorf("a forged code at the desk: %d", status)
	}
}

func TestThePosterForSelfCheckIn(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "/sfj/pufa")
	d, _ := r.running(t, 1)
	at := &stand{t: t, r: r}
	path := "/desk/here/" + d.Here
	if status, page := at.get(path); status != 200 || !strings.Contains(page, "电话后四位") {
		t.Fatalf("poster: %d", status)
	}
	if status, page := at.post(path, "last4", "12"); status != 400 || !strings.Contains(page, "f-last4-e") {
		t.Errorf("two digits: %d", status)
	}
	if status, page := at.post(path, "last4", "０００１"); status != 200 || !strings.Contains(page, "签到成功") {
		t.Errorf("four digits: %d %s", status, page)
	}
	if status, _ := at.get("/desk/here/" + d.Token); status != 410 {
		t.Errorf("a link that is no poster: %d", status)
	}
}

// A telephone that comes back brings what it holds; its clock was slow by a day.
func TestSyncOfABatch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		r := open(t, dbx, "")
		d, regs := r.running(t, 2, 1)
		at := &stand{t: t, r: r}
		sync := "/desk/" + d.Token + "/sync"
		if status, _, _ := at.send(http.MethodPost, sync, "application/json", `{}`); status != 401 {
			t.Errorf("without the PIN: %d", status)
		}
		at.post("/desk/"+d.Token, "go", "enter", "pin", d.PIN)
		var m events.Manifest
		_, body := at.get("/desk/" + d.Token + "/manifest")
		check(t, json.Unmarshal([]byte(body), &m))
		if len(m.Entries) != 2 || m.Names == "" || m.Now != noon.UnixMilli() || strings.Contains(body, "张") {
			t.Errorf("manifest %s", body)
		}
		slow := noon.Add(-24 * time.Hour).UnixMilli()
		batch := fmt.Sprintf(`{"device":"phone-1","now":%d,"scans":[
			{"uuid":"scan-0001","method":"list","registration":%q,"at":%d},
			{"uuid":"scan-0002","method":"walkin","qty":2,"at":%d},
			{"uuid":"scan-0003","method":"code","code":"ZZZZZZZZZZ","at":%d}]}`, slow, regs[0].ID, slow-60_000, slow-30_000, slow)
		for range 2 {
			status, body, _ := at.send(http.MethodPost, sync, "application/json", batch)
			if status != 200 || strings.Count(body, `"ok":true`) != 2 || !strings.Contains(body, "没有查到这个报名码") || !strings.Contains(body, `"signed":2,"walkins":2,"expected":3`) {
				t.Fatalf("batch: %d %s", status, body)
			}
		}
		list, err := r.events.CheckIns(t.Context(), d.Session.ID)
		check(t, err)
		if len(list) != 2 || !list[0].At.Equal(noon.Add(-time.Minute)) || list[0].Device != "phone-1" {
			t.Errorf("book %+v", list)
		}
		if status, body, _ := at.send(http.MethodPost, sync, "application/json", `{"scans":`); status != 400 || !strings.Contains(body, "读不懂") {
			t.Errorf("half a batch: %d", status)
		}
	})
}

// The worker may look after the desk and nothing else, and the shell holds nobody.
func TestDeskShellAndWorker(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "/sfj/pufa")
	d, _ := r.running(t, 1)
	at := &stand{t: t, r: r}
	status, body, head := at.send(http.MethodGet, "/desk/sw.js", "", "")
	if status != 200 || !strings.HasPrefix(head.Get("Content-Type"), "text/javascript") || !strings.Contains(body, "addEventListener") {
		t.Errorf("worker: %d %s", status, head.Get("Content-Type"))
	}
	status, body, _ = at.send(http.MethodGet, "/desk/shell", "", "")
	if status != 200 || strings.Contains(body, d.Session.Title) || !strings.Contains(body, `data-offline="1"`) {
		t.Errorf("shell: %d", status)
	}
	_, _, head = at.send(http.MethodGet, "/desk/"+d.Token, "", "")
	if !strings.Contains(head.Get("Permissions-Policy"), "camera=(self)") || head.Get("Referrer-Policy") != "same-origin" || head.Get("Cache-Control") != "no-store" {
		t.Errorf("headers of the desk: %v", head)
	}
	if _, _, head = at.send(http.MethodGet, "/", "", ""); !strings.Contains(head.Get("Permissions-Policy"), "camera=()") {
		t.Errorf("other pages may use the camera: %v", head)
	}
}
