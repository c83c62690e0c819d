package site_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// held is a host whose session has just taken place.
func (r *bureau) held(t *testing.T) (*host, events.Session) {
	t.Helper()
	h, se := r.submitted(t)
	r.take(t, se.ID)
	r.decide(t, se.ID, events.Decision{To: events.Accepted, Wish: 1})
	r.announce(t, se.ID)
	r.at(time.Date(2026, 12, 8, 17, 0, 0, 0, events.Zone))
	r.step(t, se.ID, func(ctx context.Context, se events.Session) error {
		_, err := r.events.MarkHeld(ctx, admin, se.ID, se.Version)
		return err
	})
	return h, se
}

// photo is a picture of its own for each n.
func photo(t *testing.T, n int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for x := range 400 {
		for y := range 300 {
			img.Set(x, y, color.RGBA{uint8(x + n*40), uint8(y), uint8(n), 255})
		}
	}
	var b bytes.Buffer
	check(t, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

// hand sends the report's form with files, as a browser does.
func (h *host) hand(files map[string][]byte, pairs ...string) *host {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, body := range files {
		part, err := w.CreateFormFile("photo", name)
		check(h.t, err)
		_, err = part.Write(body)
		check(h.t, err)
	}
	_, page, ok := strings.Cut(h.body, `id="report"`)
	if !ok {
		h.t.Fatalf("%s has no report\n%s", h.path, mainOf(h.body))
	}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		check(h.t, w.WriteField(m[1], m[2]))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		check(h.t, w.WriteField(pairs[i], pairs[i+1]))
	}
	check(h.t, w.Close())
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.r.url+h.r.base+"/organize/report", &b)
	check(h.t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	h.answer(req)
	if h.status == http.StatusSeeOther {
		to, _ := strings.CutPrefix(h.header.Get("Location"), h.r.base)
		to, _, _ = strings.Cut(to, "#")
		h.open(to)
	}
	return h
}

func TestAUnitReportsTheOutcome(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) { reportOutcome(t, organizing(t, d, "/sfj/pufa")) })
}

func reportOutcome(t *testing.T, r *bureau) {
	h, se := r.held(t)
	h.open("/organize/request").sees(200, "等您报结果", `/organize/report"`)
	h.open("/organize/report").sees(200, "来了多少人", "发了什么资料", "12 月 11 日（周五）前，还有 3 个工作日")
	h.hand(nil, "attendance", "４３", "go", "people").sees(200, `value="４３"`, "存过")
	h.hand(nil, "attendance", "43", "go", "send").sees(400, `role="alert"`, "请填写发放了哪些资料", "请传一张现场照片或签到表", `value="43"`)
	h.hand(map[string][]byte{"现场.jpg": photo(t, 1), "签到.jpg": photo(t, 2), "说明.txt": []byte("没有照片")}, "attendance", "43", "consent", "1", "go", "photos").
		sees(400, "“说明.txt”没有传上", "现场照片 1", `value="43"`)
	h.open("/organize/report").hand(nil, "attendance", "43", "handout_title", "工资手册", "handout_handed", "50", "handout_title", "", "text", "来的都是女工", "go", "handouts").
		sees(200, `value="工资手册"`, `value="50"`)
	if got := strings.Count(h.body, `name="remove"`); got != 2 {
		t.Fatalf("%d pictures are kept, want 2", got)
	}
	_, key, _ := strings.Cut(h.body, `name="remove" value="`)
	key, _, _ = strings.Cut(key, `"`)
	h.hand(nil, "attendance", "43", "handout_title", "工资手册", "handout_handed", "50", "remove", key).sees(200)
	if got := strings.Count(h.body, `name="remove"`); got != 1 {
		t.Errorf("%d pictures are kept, want 1", got)
	}
	h.hand(nil, "attendance", "430", "handout_title", "工资手册", "handout_handed", "50", "go", "send").sees(400, "是不是多写了零", "情况说明")
	h.hand(nil, "attendance", "43", "women", "40", "estimate", "1", "handout_title", "工资手册", "handout_handed", "50", "go", "send").sees(200, "结果已经报上去", "看报过的结果")
	h.open("/organize/report").sees(200, "已经报上去了")

	sheet, err := r.events.ReportSheet(context.Background(), se.ID)
	check(t, err)
	f := sheet.Host.Form
	if sheet.Host.State != events.PartSubmitted || f.Attendance != "43" || f.Women != "40" || !f.Estimate || len(f.Handouts) != 1 || f.Handouts[0].Handed != "50" || len(sheet.Photos) != 1 || !sheet.Photos[0].Consent {
		t.Errorf("the report is %+v with %+v", sheet.Host, sheet.Photos)
	}
}

func TestNoReportBeforeTheSession(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, _ := r.submitted(t)
	h.open("/organize/report").sees(409, "现在还不用报结果")
}

// What the page's script sends while somebody types.
func TestDraftsOfAReport(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, _ := r.held(t)
	h.open("/organize/report").sees(200, `data-draft="/organize/report/draft"`)
	draft := func(rev int, attendance string) (status, next int) {
		t.Helper()
		h.ask("POST", "/organize/report/draft", map[string][]string{"rev": {strconv.Itoa(rev)}, "attendance": {attendance}})
		var answer struct {
			Rev   int
			Saved string
		}
		if h.status == 200 {
			check(t, json.Unmarshal([]byte(h.body), &answer))
			if answer.Saved != "17:00" {
				t.Errorf("saved at %q", answer.Saved)
			}
		}
		return h.status, answer.Rev
	}
	status, rev := draft(0, "4")
	if status != 200 || rev != 1 {
		t.Fatalf("first draft: %d, rev %d", status, rev)
	}
	if status, rev = draft(1, "43 个"); status != 200 || rev != 2 { // kept, right or wrong
		t.Fatalf("second draft: %d, rev %d", status, rev)
	}
	if status, _ = draft(1, "44"); status != 409 {
		t.Errorf("a stale draft: %d", status)
	}
	h.open("/organize/report").sees(200, `value="43 个"`)
}

func TestTwoPeopleReport(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h, _ := r.held(t)
	h.open("/organize/report")
	old := h.body
	h.hand(nil, "attendance", "43", "go", "people").sees(200)
	h.body = old
	h.hand(nil, "attendance", "34", "text", "来的都是女工", "go", "people").sees(409, "您刚填的", "34", "43", "来的都是女工")
	h.send("/organize/report").sees(200, `value="34"`, "来的都是女工")
	h.body = old
	h.hand(nil, "attendance", "34", "text", "来的都是女工", "go", "people").sees(200) // the same once more
}
