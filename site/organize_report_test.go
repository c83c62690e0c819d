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
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// held is a host whose session has just taken place.
func (r *bureau) held(t *testing.T, before ...func(se events.Session)) (*host, events.Session) {
	t.Helper()
	h, se := r.submitted(t)
	r.take(t, se.ID)
	r.decide(t, se.ID, events.Decision{To: events.Accepted, Wish: 1})
	r.announce(t, se.ID)
	for _, do := range before {
		do(se)
	}
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

var (
	controls = regexp.MustCompile(`<(?:input|textarea) [^>]*name="([a-z_0-9]+)"[^>]*>`)
	valueOf  = regexp.MustCompile(` value="([^"]*)"`)
)

// filled are a form's fields in their order with what was typed into them: the
// first value given for a name goes into the first field of it. What no field is
// for are ticks and buttons.
func filled(page string, pairs []string) (fields [][2]string) {
	page, _, _ = strings.Cut(page, "</form>")
	for _, m := range controls.FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[0], `type="checkbox"`) || strings.Contains(m[0], `type="file"`) {
			continue
		}
		value := ""
		if v := valueOf.FindStringSubmatch(m[0]); v != nil {
			value = v[1]
		}
		if !strings.Contains(m[0], `type="hidden"`) {
			for i := 0; i+1 < len(pairs); i += 2 {
				if pairs[i] == m[1] {
					value, pairs = pairs[i+1], slices.Concat(pairs[:i], pairs[i+2:])
					break
				}
			}
		}
		fields = append(fields, [2]string{m[1], value})
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields = append(fields, [2]string{pairs[i], pairs[i+1]})
	}
	return fields
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
	for _, f := range filled(page, pairs) {
		check(h.t, w.WriteField(f[0], f[1]))
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
	if _, err := r.media.Get(t.Context(), key); !errs.Is(err, errs.NotFound) || strings.Contains(h.body, "/media/") {
		t.Errorf("a picture nobody approved has a public address: %v", err)
	}
	h.open("/organize/photos/" + key).sees(200)
	h.open("/organize/photos/" + strings.Repeat("a", 64)).sees(404)
	h.open("/organize/report")
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

// What the keeper gave out stands in the report already, and cannot be outdone.
func TestTheReportBeginsWithTheIssueSlip(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := organizing(t, d, "")
		ctx := context.Background()
		book, err := r.events.Stock().SaveMaterial(ctx, admin, stock.Material{Title: "工资怎么要", Edition: "2026年版", Kind: stock.Handbook, Unit: "册"})
		check(t, err)
		check(t, r.events.Stock().Receive(ctx, admin, stock.Entry{Material: book.ID, Qty: 500}))
		h, se := r.held(t, func(se events.Session) {
			lines := []stock.Line{{Material: book.ID, Qty: 50}}
			check(t, r.events.AskMaterials(ctx, admin, se.ID, lines, true))
			check(t, r.events.IssueMaterials(ctx, admin, se.ID, "slip-1", lines))
		})
		h.open("/organize/report").sees(200, "工资怎么要", "领了 50 份", `id="f-handout_handed-0" name="handout_handed" inputmode="numeric" autocomplete="off" class="w-s" value="50"`)
		row := []string{"attendance", "43", "waiver", "手机没电，没拍成", "handout_handed", "45", "handout_returned", "9", "handout_spoiled", ""}
		h.hand(nil, append(row, "go", "send")...).sees(400, "领出 50 份，发放、退回和损坏合起来是 54 份", `href="#f-handout_handed-0"`, `value="45"`)
		row[7] = "5"
		h.hand(nil, append(row, "go", "send")...).sees(200, "结果已经报上去")
		sheet, err := r.events.ReportSheet(ctx, se.ID)
		check(t, err)
		if f := sheet.Host.Form.Handouts; len(f) != 1 || f[0].Material != book.ID || f[0].Handed != "45" || f[0].Returned != "5" {
			t.Errorf("handed out: %+v", f)
		}
	})
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
