package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// decade is the whole program with a clock that the test turns.
type decade struct {
	*testing.T
	*application
	url    string
	lawyer string // id of the one lawyer
	mu     sync.Mutex
	at     time.Time
}

func (y *decade) clock() time.Time {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.at
}

func (y *decade) turn(t time.Time) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.at = t
}

// startDecade serves an empty installation at the beginning of 2023. Nothing
// runs in the background: the test turns what the clock would.
func startDecade(t *testing.T, database string) *decade {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	y := &decade{T: t, at: time.Date(2023, 1, 3, 9, 0, 0, 0, beijing), url: "http://" + ln.Addr().String()}
	log := &syncBuffer{}
	env := &environment{ctx: ctx, stdout: log, stderr: log}
	env.cfg, err = loadConfig(Globals{Data: t.TempDir(), Listen: ln.Addr().String(), BaseURL: y.url, DatabaseURL: database, LogLevel: "warn"})
	must(t, err)
	env.cfg.now, env.cfg.Site.EmptyOnStart = y.clock, true
	t.Setenv("SONGFA_ADMIN_PASSWORD", testPassword)
	y.application, err = build(ctx, env.cfg, newLogger(env))
	must(t, err)
	_, err = y.firstStart(env)
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- y.serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := y.close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if out := log.String(); strings.Contains(out, "level=ERROR") || t.Failed() {
			t.Errorf("log:\n%s", out)
		}
	})
	return y
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person is somebody with a browser.
type person struct {
	y    *decade
	name string // of the staff; they sign in whenever they are asked to
	http http.Client
	path string
	code int
	page string
}

func (y *decade) person() *person {
	jar, err := cookiejar.New(nil)
	must(y, err)
	return &person{y: y, http: http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// staffed is a person of the staff, signed in.
func (y *decade) staffed(name string, roles ...auth.Role) *person {
	if name != "admin" {
		_, err := y.staff.Add(y.Context(), auth.System(), auth.NewAccount{Name: name, Display: "某" + name, Password: testPassword, Rights: auth.Rights{Roles: roles}})
		must(y, err)
	}
	p := y.person()
	p.name = name
	return p.open("/admin/")
}

func (p *person) do(req *http.Request) *person {
	p.y.Helper()
	if req.Method == http.MethodPost {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := p.http.Do(req)
	must(p.y, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(p.y, err)
	p.path, p.code, p.page = req.URL.Path, resp.StatusCode, string(body)
	if to := resp.Header.Get("Location"); resp.StatusCode == http.StatusSeeOther {
		to, _, _ = strings.Cut(to, "#")
		return p.open(to)
	}
	return p
}

func (p *person) open(path string) *person {
	p.y.Helper()
	req, err := http.NewRequestWithContext(p.y.Context(), http.MethodGet, p.y.url+path, nil)
	must(p.y, err)
	if p.do(req); p.path == "/admin/login" && p.name != "" {
		p.send("/admin/login", "name", p.name, "password", testPassword)
		return p.open(path)
	}
	return p
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// form is what the n-th form of the page that goes to path holds by itself.
func (p *person) form(path string, n int) url.Values {
	p.y.Helper()
	parts := strings.Split(p.page, `action="`+path+`"`)
	if len(parts) < n+2 {
		p.y.Fatalf("%s has no form %d for %s\n%s", p.path, n, path, main1(p.page))
	}
	inside, _, _ := strings.Cut(parts[n+1], "</form>")
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(inside, -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	return form
}

// send fills in the form of the page that goes to path, on top of its hidden
// fields, and follows where the answer leads.
func (p *person) send(path string, pairs ...string) *person {
	p.y.Helper()
	return p.post(path, p.form(path, 0), pairs...)
}

func (p *person) post(path string, form url.Values, pairs ...string) *person {
	p.y.Helper()
	typed := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		typed.Add(pairs[i], pairs[i+1])
	}
	for name, values := range typed {
		form[name] = values
	}
	req, err := http.NewRequestWithContext(p.y.Context(), http.MethodPost, p.y.url+path, strings.NewReader(form.Encode()))
	must(p.y, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(req)
}

// hand sends a form as browsers send those with files.
func (p *person) hand(path string, form url.Values, pairs ...string) *person {
	p.y.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		form[pairs[i]] = []string{pairs[i+1]}
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range form {
		for _, v := range values {
			must(p.y, w.WriteField(name, v))
		}
	}
	must(p.y, w.Close())
	req, err := http.NewRequestWithContext(p.y.Context(), http.MethodPost, p.y.url+path, &b)
	must(p.y, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return p.do(req)
}

func (p *person) sees(words ...string) *person {
	p.y.Helper()
	for _, w := range words {
		if p.code != http.StatusOK || !strings.Contains(p.page, w) {
			p.y.Fatalf("%s: %d, without %q\n%s", p.path, p.code, w, main1(p.page))
		}
	}
	return p
}

func main1(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	page, _, _ = strings.Cut(page, "</main>")
	return page
}

// TestAYearInAnHour plays the three years of a bureau's article through the
// pages and gets exactly its figures, on the page and in the spreadsheet.
func TestAYearInAnHour(t *testing.T) {
	if testing.Short() {
		t.Skip("plays three years")
	}
	for name, database := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return dbtest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			y := startDecade(t, database(t))
			y.prepare()
			y.hire()
			y.play()
		})
	}
}

// prepare brings in the stations of the article and what was printed.
func (y *decade) prepare() {
	var b strings.Builder
	b.WriteString("code,tier,parent,name,town,address\nC1,center,,公共法律服务中心,,和平路 1 号\n")
	for i := range 11 {
		fmt.Fprintf(&b, "T%d,town,C1,第%d镇工作站,第%d镇,镇政府\n", i, i, i)
	}
	for i := range 10 {
		fmt.Fprintf(&b, "D%d,department,C1,第%d局工作站,,大楼\n", i, i)
	}
	for i := range 116 {
		fmt.Fprintf(&b, "P%d,point,T%d,第%d联络点,第%d镇,村部\n", i, i%11, i, i%11)
	}
	report, err := y.events.ImportStations(y.Context(), auth.System(), strings.NewReader(b.String()))
	must(y, err)
	if len(report.Problems) > 0 {
		y.Fatal(report.Problems)
	}
}

// hire enters the lawyer who goes everywhere.
func (y *decade) hire() {
	p, err := y.events.SavePerson(y.Context(), auth.System(), "", 0, events.PersonForm{Kind: events.RoleLawyer, Name: "李国平", Phone: "13900000001"})
	must(y, err)
	y.lawyer = p.ID
}

// titles are the brochures, with how many of each every session hands out.
var titles = []struct {
	title string
	each  int
}{{"农民工工资支付一本通", 200}, {"工伤保险手册", 128}, {"劳动合同手册", 100}}

// play is the walk of the three years.
func (y *decade) play() {
	coordinator, second := y.staffed("coordinator", auth.Coordinator), y.staffed("second", auth.Coordinator)
	statistician := y.staffed("statistician", auth.Statistician)
	materials := y.print()
	var sessions []string
	for i := range 35 {
		sessions = append(sessions, y.enterprise(i, materials, coordinator, second))
	}
	y.fallsOut(coordinator)
	y.carryIn(statistician)
	y.turn(time.Date(2026, 1, 5, 9, 0, 0, 0, beijing))
	statistician.open("/admin/figures/periods")
	statistician.send("/admin/figures/periods", "go", "period", "name", "三年行动", "from", "2023-01-01", "to", "2025-12-31").sees("三年行动")
	id := regexp.MustCompile(`period=([0-9A-Z]{26})`).FindStringSubmatch(statistician.page)[1]
	y.figuresAre(statistician, id)

	statistician.open("/admin/figures/periods").send("/admin/figures/periods", "go", "freeze", "sure", "1").sees("已封账")
	y.figuresAre(statistician, id)
	y.amend(sessions[3], coordinator, second)
	y.figuresAre(statistician, id) // signed is signed
	statistician.open("/admin/figures/?from=2026-01&to=2026-01").sees("-5", "更正")

	y.turn(time.Date(2027, 6, 1, 9, 0, 0, 0, beijing))
	_, err := y.events.Tick(y.Context())
	must(y, err)
	purged, err := y.events.Retention(y.Context(), false)
	must(y, err)
	wiped := 0
	for _, p := range purged {
		wiped += p.Rows
	}
	if wiped < 35 {
		y.Errorf("retention wiped %d rows of 35 contacts", wiped)
	}
	y.figuresAre(statistician, id) // without the persons
}

// print enters the titles and what came from the printer's.
func (y *decade) print() (ids []string) {
	for _, one := range titles {
		m, err := y.events.Stock().SaveMaterial(y.Context(), auth.System(), stock.Material{Title: one.title, Edition: "2023 年版", Kind: stock.Handbook, Unit: "册", CompiledBy: "示例区司法局"})
		must(y, err)
		must(y, y.events.Stock().Receive(y.Context(), auth.System(), stock.Entry{Material: m.ID, Place: stock.Warehouse, Qty: one.each*35 + 500, Reason: "首印"}))
		ids = append(ids, m.ID)
	}
	return ids
}

// enterprise walks one session from the organizer's first page to the figures.
// The first one brings what makes the sums of the article whole.
func (y *decade) enterprise(i int, materials []string, coordinator, second *person) string {
	y.Helper()
	start := time.Date(2023, 1, 4, 9, 0, 0, 0, beijing).AddDate(0, i, 0)
	y.turn(start)
	day := start.AddDate(0, 0, 20)
	id, host := y.request(i, day)
	y.accept(id, coordinator)
	extra := 0
	if i == 0 {
		extra = 1
	}
	y.issue(id, materials, extra*20)

	y.turn(time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, beijing))
	_, err := y.events.Tick(y.Context())
	must(y, err)
	host.open("/organize/report").sees("来了多少人")
	form := host.form("/organize/report", 0)
	for _, title := range form["handout_title"] { // in the order of the page
		form.Add("handout_handed", strconv.Itoa(copies(title, extra*20)))
	}
	host.hand("/organize/report", form, "attendance", strconv.Itoa(60+i), "waiver", "厂里不让拍照", "go", "send").sees("结果已经报上去")

	path := "/admin/sessions/" + id + "/report"
	coordinator.open(path)
	legal := coordinator.form(path, 0)
	legal.Add("consult_category", "追加")
	coordinator.post(path, url.Values{"_token": legal["_token"], "version": {"0"}}, "go", "submit-legal",
		"consult_category", "工资报酬", "consult_people", strconv.Itoa(30+extra*25), "consult_category", "工伤", "consult_people", "25",
		"document_category", "仲裁申请书", "document_people", strconv.Itoa(5+extra*14)).sees("已报·待核")
	second.open(path).sees("核实无误")
	second.send2(path, "verify").sees("已核实")
	return id
}

// copies is how many of a title go to a session; the first title has more.
func copies(title string, more int) int {
	for k, one := range titles {
		if strings.HasPrefix(title, one.title) && k == 0 {
			return one.each + more
		} else if strings.HasPrefix(title, one.title) {
			return one.each
		}
	}
	return 0
}

// send2 presses a button of the page's last form.
func (p *person) send2(path, word string) *person {
	p.y.Helper()
	n := strings.Count(p.page, `action="`+path+`"`) - 1
	return p.post(path, p.form(path, n), "go", word)
}

// request asks for a session at /organize/, page by page.
func (y *decade) request(i int, day time.Time) (id string, host *person) {
	y.Helper()
	unit := fmt.Sprintf("第%d机械厂", i+1)
	phone := fmt.Sprintf("1380013%04d", i)
	host = y.person().open("/organize/").sees("不用注册")
	host.send("/organize/start", "unit", unit, "contact", "工会 陈霞", "phone", phone).sees("查询码")
	host.open("/organize/unit").send("/organize/unit", "unit", unit, "contact", "工会 陈霞", "phone", phone, "unit_kind", "企业")
	host.send("/organize/session", "type", "enterprise", "topic", "加班费怎么算")
	host.send("/organize/when", "d1", day.Format(time.DateOnly), "t1", "15:00", "minutes", "90", "town", y.town(i), "venue", unit+"食堂", "address", "2 号门")
	host.send("/organize/people", "expected", "60", "open", "no", "publish", "no")
	host.send("/organize/needs", "lawyers", "1", "brochures", "428").sees("提交前核对一遍")
	host.send("/organize/check", "agree", "1", "sure", "1", "override", "就这天方便").sees("已经提交")
	m := regexp.MustCompile(`SF-[0-9]{4}-[0-9]{5}`).FindString(host.page)
	list, err := y.events.Sessions(y.Context(), events.Filter{Text: m, States: events.States()})
	must(y, err)
	if len(list) != 1 {
		y.Fatalf("%d sessions have the number %q", len(list), m)
	}
	return list[0].ID, host
}

func (y *decade) town(i int) string {
	towns, err := y.events.Towns(y.Context())
	must(y, err)
	return towns[i%len(towns)].Code
}

// accept is what the coordinator does before the session: takes it, accepts it,
// finds the lawyer, arranges and publishes it.
func (y *decade) accept(id string, coordinator *person) {
	y.Helper()
	coordinator.decide(id, "take", "审核中")
	coordinator.decide(id, "accept", "已同意", "accept_wish", "1", "accept_override", "可以")
	ctx, me := y.Context(), auth.System()
	must(y, y.events.Invite(ctx, me, id, y.lawyer, events.RoleLawyer, ""))
	list, err := y.events.Staffing(ctx, me, id)
	must(y, err)
	must(y, y.events.Answer(ctx, me, list[0].ID, true))
	coordinator.decide(id, "schedule", "已排定", "schedule_override", "都说好了")
	coordinator.decide(id, "publish", "已发布", "publish_asked", "1", "publish_reviewed", "1", "publish_notice", "signup-2026")
}

// decide presses a button of the session's page.
func (p *person) decide(id, button, then string, typed ...string) {
	p.y.Helper()
	path := "/admin/sessions/" + id
	p.open(path)
	p.post(path, p.form(path, 0), append(typed, "go", button)...).sees(then)
}

// issue lets the brochures leave for the session.
func (y *decade) issue(id string, materials []string, more int) {
	y.Helper()
	var lines []stock.Line
	for k, m := range materials {
		lines = append(lines, stock.Line{Material: m, Qty: copies(titles[k].title, more)})
	}
	must(y, y.events.AskMaterials(y.Context(), auth.System(), id, lines, true))
	must(y, y.events.IssueMaterials(y.Context(), auth.System(), id, "slip-"+id, lines))
}

// fallsOut adds what must not count: a session that is cancelled, one that did
// not take place, and one whose report nobody has checked.
func (y *decade) fallsOut(coordinator *person) {
	var ids []string
	for i := range 3 {
		y.turn(time.Date(2025, 11, 26+i, 9, 0, 0, 0, beijing))
		id, _ := y.request(40+i, time.Date(2025, 12, 15, 9, 0, 0, 0, beijing).AddDate(0, 0, i))
		y.accept(id, coordinator)
		ids = append(ids, id)
	}
	now := func(id string) int {
		se, err := y.events.SessionByID(y.Context(), id)
		must(y, err)
		return se.Version
	}
	_, err := y.events.CancelSession(y.Context(), auth.System(), ids[0], now(ids[0]), "台风")
	must(y, err)
	y.turn(time.Date(2025, 12, 20, 9, 0, 0, 0, beijing))
	_, err = y.events.Tick(y.Context())
	must(y, err)
	_, err = y.events.MarkNotHeld(y.Context(), auth.System(), ids[1], now(ids[1]), "没有人来")
	must(y, err)
}

// carryIn enters the figures that come from paper, from a file.
func (y *decade) carryIn(statistician *person) {
	csv := "指标,数量,金额,日期,出处\n" +
		"镇街调委会,11,,2025-12-31,调解台账\n村居调解组织,163,,2025-12-31,调解台账\n厂企调解组织,38,,2025-12-31,调解台账\n" +
		"律师事务所,6,,2025-12-31,律师名册\n律师,40,,2025-12-31,律师名册\n法律服务所,7,,2025-12-31,律师名册\n法律顾问单位,300,,2025-12-31,顾问台账\n" +
		"来电来访,5738,,2025-12-31,接待台账\n12348 讨薪咨询,1359,,2025-12-31,热线台账\n法律援助案件,321,,2025-12-31,援助台账\n" +
		"满意度回访答复,300,,2025-12-31,回访记录\n满意,294,,2025-12-31,回访记录\n其他渠道发布,3600,,2025-12-31,宣传台账\n法治健康档案,500,,2025-12-31,企业台账\n" +
		"排查化解纠纷,605,6970000,2025-12-31,综治台账\n讨薪案件,159,4500000,2025-12-31,援助台账\n"
	path := "/admin/figures/opening"
	statistician.open(path)
	token := statistician.form(path, 0).Get("_token")
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	must(y, w.WriteField("_token", token))
	must(y, w.WriteField("go", "import"))
	part, err := w.CreateFormFile("file", "期初.csv")
	must(y, err)
	_, err = io.WriteString(part, csv)
	must(y, err)
	must(y, w.Close())
	req, err := http.NewRequestWithContext(y.Context(), http.MethodPost, y.url+path, &b)
	must(y, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	statistician.do(req).sees("已导入", "6,970,000.00 元")
}

// amend corrects a session of a frozen year: five consultations fewer.
func (y *decade) amend(id string, coordinator, second *person) {
	path := "/admin/sessions/" + id + "/report"
	coordinator.open(path + "?amend=legal")
	coordinator.post(path, url.Values{"_token": coordinator.form(path, 0)["_token"]}, "go", "amend-legal", "reason", "两张登记表重复了五人",
		"consult_category", "工资报酬", "consult_people", "25", "consult_category", "工伤", "consult_people", "25", "document_category", "仲裁申请书", "document_people", "5").sees("等另一位同事核实")
	second.open(path).sees("同意更正")
	second.send2(path, "verify").sees("已核实")
}

// article are the figures, as the report's lines name them.
var article = map[string]string{"镇街工作站": "11", "区直部门工作站": "10", "联络点": "116", "镇街调委会": "11", "村居调解组织": "163", "厂企调解组织": "38",
	"律师事务所": "6", "律师": "41", "法律服务所": "7", "法律顾问单位": "300", "来电来访": "5738", "12348 讨薪咨询": "1359", "法律援助案件": "321",
	"送法进企业": "35", "普法活动（各类型）": "35", "其他渠道宣传信息": "3600", "编印手册": "3", "发放手册": "15000",
	"　农民工工资支付一本通（2023 年版）": "7020", "　工伤保险手册（2023 年版）": "4480", "　劳动合同手册（2023 年版）": "3500", "咨询": "1950", "代写文书": "189",
	"法治健康档案": "500", "排查化解纠纷": "605", "讨薪案件": "159"}

// figuresAre compares page and spreadsheet with the article.
func (y *decade) figuresAre(statistician *person, period string) {
	y.Helper()
	statistician.open("/admin/figures/?period="+period).sees("三年行动普法统计", "98%（300 份答复）", "6,970,000.00 元", "4,500,000.00 元", "<b>35</b> 场<", "还有 1 场没有核实结果")
	page := statistician.page
	_, handed, _ := strings.Cut(page, ">发放手册</th>") // titles stand under what was printed, too
	for label, want := range article {
		n, err := strconv.ParseInt(want, 10, 64)
		must(y, err)
		where := page
		if strings.HasPrefix(label, "　") {
			where = handed
		}
		row := regexp.MustCompile(`(?s)<tr[^>]*><t[hd][^>]*>` + regexp.QuoteMeta(label) + `</t[hd]>.*?</tr>`).FindString(where)
		if all := regexp.MustCompile(`data-t="合计">(?:<a [^>]*>)?([0-9,]+)`).FindStringSubmatch(row); all == nil || all[1] != figures.Thousands(n) {
			y.Errorf("the page says %s: %v, want %s\n%s", label, all, want, row)
		}
	}
	statistician.open("/admin/figures/figures.xlsx?period=" + period)
	f, err := excelize.OpenReader(strings.NewReader(statistician.page))
	must(y, err)
	defer f.Close()
	rows, err := f.GetRows("年度报表")
	must(y, err)
	found := map[string]string{}
	for _, r := range rows[1:] {
		found[r[0]] = r[5]
	}
	for label, want := range article {
		if found[label] != want {
			y.Errorf("the spreadsheet says %s: %q, want %s", label, found[label], want)
		}
	}
}
