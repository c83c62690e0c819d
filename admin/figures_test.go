package admin_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// counted brings in three sessions of two towns whose outcome is verified, and
// one that is not.
func (o *office) counted() {
	o.t.Helper()
	report, err := o.events.ImportStations(o.t.Context(), auth.System(), strings.NewReader("code,tier,name,town,address\nT1,town,东湖站,东湖镇,湖边\nT2,town,南山站,南山镇,山边\n"))
	must(o.t, err)
	more, err := o.events.ImportSessions(o.t.Context(), auth.System(), strings.NewReader(
		"key,type,title,town,venue,date,start,end,state,organizer,outcome_attendance,outcome_brochures,outcome_consultations,outcome_documents\n"+
			"a,enterprise,甲厂普法课,东湖镇,食堂,2026-03-09,09:00,10:30,verified,甲厂,120,200,12,2\n"+
			"b,enterprise,乙厂普法课,东湖镇,食堂,2026-04-09,09:00,10:30,verified,乙厂,80,1000,3,1\n"+
			"c,village,南山村普法课,南山镇,村部,2026-04-20,09:00,10:30,verified,南山村,40,30,0,0\n"+
			"d,village,没有核实的课,南山镇,村部,2026-05-20,09:00,10:30,held,南山村,900,30,0,0\n"))
	must(o.t, err)
	if len(report.Problems)+len(more.Problems) > 0 {
		o.t.Fatal(report.Problems, more.Problems)
	}
}

// statistician signs in as one.
func (o *office) statistician() *browser {
	staff["statistician"] = []auth.Role{auth.Statistician}
	return o.signIn("statistician")
}

func TestFiguresOpenWhatIsUnderThem(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.counted()
		c := o.statistician()
		_, page := c.get("/admin/figures/?from=2026-01&to=2026-06")
		says(t, page, "2026 年 1–6 月普法统计", "<b>3</b> 场<", "<b>240</b> 人到场", "<b>1,230</b> 份发放手册", "还有 1 场没有核实结果", "目前只有期初数")
		links := regexp.MustCompile(`href="(/admin/figures/rows\?[^"]+)">([0-9,]+)</a>`).FindAllStringSubmatch(page, -1)
		if len(links) < 15 {
			t.Fatalf("only %d numbers have links", len(links))
		}
		for _, l := range links { // every number is repeated by its rows
			_, rows := c.get(html.UnescapeString(l[1]))
			m := regexp.MustCompile(`<h1>[^：]+：([0-9,]+) `).FindStringSubmatch(rows)
			if m == nil || m[1] != l[2] {
				t.Errorf("%s says %v, its rows %v", l[1], l[2], m)
				continue
			}
			var sum int64
			for _, n := range regexp.MustCompile(`data-t="数量">([0-9,]+) `).FindAllStringSubmatch(rows, -1) {
				one, err := strconv.ParseInt(strings.ReplaceAll(n[1], ",", ""), 10, 64)
				must(t, err)
				sum += one
			}
			if want, _ := strconv.ParseInt(strings.ReplaceAll(l[2], ",", ""), 10, 64); sum != want {
				t.Errorf("the rows under %s add up to %d", l[2], sum)
			}
		}
		for _, rows := range []string{"town", "month", "type", "host"} {
			resp, page := c.get("/admin/figures/?from=2026-01&to=2026-06&rows=" + rows)
			if resp.StatusCode != http.StatusOK {
				t.Errorf("by %s: %d", rows, resp.StatusCode)
			}
			says(t, page, map[string]string{"town": "南山镇", "month": "2026 年 4 月", "type": "法律进乡村", "host": "乙厂"}[rows])
			_, svg := c.get("/admin/figures/chart.svg?from=2026-01&to=2026-06&rows=" + rows)
			dec := xml.NewDecoder(strings.NewReader(svg))
			for {
				if _, err := dec.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("chart by %s: %v", rows, err)
				}
			}
		}
		_, page = c.get("/admin/figures/?from=2026-01&to=2026-06&step=100")
		says(t, page, "1,200 余")
		for _, bad := range []string{"from=2026-13&to=2026-14", "from=2026-06&to=2026-01", "rows=name", "period=nope"} {
			if resp, _ := c.get("/admin/figures/?" + bad); resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", bad, resp.StatusCode)
			}
		}
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}

// openBook reads a spreadsheet that was answered.
func openBook(t testing.TB, body string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFiguresAsSpreadsheet(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	o.counted()
	c := o.statistician()
	resp, body := c.get("/admin/figures/figures.xlsx?from=2026-01&to=2026-06")
	if resp.StatusCode != http.StatusOK || !strings.Contains(resp.Header.Get("Content-Disposition"), ".xlsx") {
		t.Fatalf("%d %s", resp.StatusCode, resp.Header.Get("Content-Disposition"))
	}
	f := openBook(t, body)
	if got := strings.Join(f.GetSheetList(), " "); got != "统计 年度报表 明细 口径" {
		t.Errorf("sheets %s", got)
	}
	rows, err := f.GetRows("统计")
	must(t, err)
	if got := strings.Join(rows[len(rows)-2], " "); got != "合计 2 1 3 240 1230 15 3" {
		t.Errorf("totals %q", got)
	}
	detail, err := f.GetRows("明细")
	must(t, err)
	people := 0
	for _, r := range detail {
		if r[1] == "到场" {
			n, err := strconv.Atoi(r[3])
			must(t, err)
			people += n
		}
	}
	if people != 240 {
		t.Errorf("the rows add up to %d people", people)
	}
	_, body = c.get("/admin/figures/figures.xlsx?from=2026-01&to=2026-06&public=1")
	if list := openBook(t, body).GetSheetList(); len(list) != 3 {
		t.Errorf("the public file has %v", list)
	}
}

func TestPeriodsOpeningsAndAdjustments(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj")
		o.counted()
		c := o.statistician()
		resp, page := c.post("/admin/figures/periods", "go", "period", "name", "2026 年上半年", "from", "2026-01-01", "to", "2025-06-30")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("backwards: %d", resp.StatusCode)
		}
		says(t, page, `value="2026 年上半年"`, "请对调")
		c.post("/admin/figures/periods", "go", "period", "name", "2026 年上半年", "from", "2026-01-01", "to", "2026-06-30")

		csv := "指标,类别,数量,金额,日期,镇街,出处\n发放手册,工资手册,\"3,000\",,2026-02-01,东湖镇,2025 年台账\n排查化解纠纷,,605,\"6,970,000\",2026-02-01,,综治台账\n发放手册,工资手册,多,,2026-02-01,,台账\n没有的指标,,1,,2026-02-01,,台账\n"
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(csv)
		must(t, err)
		resp, page = c.upload("/admin/figures/opening", []file{{"file", "期初.csv", []byte(gbk)}}, "go", "import")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("import with bad rows: %d", resp.StatusCode)
		}
		says(t, page, "导入了 2 条", "第 4 行：数量“多”应是整数", "第 5 行：请选择指标", "6,970,000.00 元")
		_, page = c.upload("/admin/figures/opening", []file{{"file", "期初.csv", []byte(gbk)}}, "go", "import")
		says(t, page, "导入了 0 条，2 条没有变化")
		resp, page = c.post("/admin/figures/opening", "go", "opening", "measure", "health_file", "qty", "500", "date", "2026-02-01")
		says(t, page, "写明数字的出处", `value="500"`)
		c.post("/admin/figures/opening", "go", "opening", "measure", "health_file", "qty", "500", "date", "2026-02-01", "source", "企业服务台账")

		_, page = c.get("/admin/figures/periods")
		id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)[1]
		resp, page = c.post("/admin/figures/periods", "go", "freeze", "id", id, "version", "1")
		says(t, page, "请先勾“我已核对”")
		if resp, _ = c.post("/admin/figures/periods", "go", "freeze", "id", id, "version", "1", "sure", "1"); resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("freeze: %d", resp.StatusCode)
		}
		_, page = c.get("/admin/figures/?period=" + id)
		_, checked := c.get("/admin/figures/?check=1&period=" + id)
		says(t, checked, "封账的数字和校验码一致")
		says(t, page, "封账，校验码", "期初数（另列）", "3,000", "500", "2026 年上半年普法统计")

		resp, page = c.post("/admin/figures/adjustments", "go", "adjust", "measure", "health_file", "qty", "-3", "date", "2026-02-01", "reason", "三家重复建档")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("adjust: %d", resp.StatusCode)
		}
		_, page = c.get("/admin/figures/adjustments")
		says(t, page, "三家重复建档", "更正 2026-02-01", "-3")
		_, page = c.get("/admin/figures/definitions?code=session")
		says(t, page, "一开始", "结果已核实")
		c.post("/admin/figures/definitions?code=session", "go", "define", "code", "session", "valid_from", "2027-01-01", "name", "场次", "text", "两小时以上才算一场", "counts", "核实当天")
		_, page = c.get("/admin/figures/definitions?code=session")
		says(t, page, "2027-01-01", "两小时以上才算一场")

		leader := auth.Leader
		staff["leader"] = []auth.Role{leader}
		l := o.signIn("leader")
		if resp, page = l.get("/admin/figures/opening"); resp.StatusCode != http.StatusOK || strings.Contains(page, "登记一条") {
			t.Errorf("a leader gets %d", resp.StatusCode)
		}
		if resp, _ = l.post("/admin/figures/opening", "go", "opening", "measure", "health_file", "qty", "1"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("a leader writes: %d", resp.StatusCode)
		}
		if resp, _ = o.signIn("editor").get("/admin/figures/"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("an editor reads: %d", resp.StatusCode)
		}
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}
