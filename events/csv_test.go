package events_test

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

const stationsCSV = `code,tier,parent,name,town,address,phone,hours,bus,note
P01,point,T01,安置房工地联络点,东湖镇,环湖西路,,,,
T01,town,C01,东湖镇工作站,东湖镇,湖滨路 18 号,0000-6101001,周一至周五,5 路,"每周三下午,有律师"
C01,center,,公共法律服务中心,新城街道,和平路 1 号,12348,,,
T08,town,C01,新城街道工作站,新城街道,迎宾大道,,,,
`

const sessionsCSV = `key,type,title,summary,town,station,venue,address,date,start,end,capacity,organizer,lawyers,audience,state,contact_phone,outcome_attendance,outcome_brochures,outcome_consultations,outcome_documents
gongdi,site,安置房工地：工资怎么要,带上欠条,东湖镇,P01,项目部食堂,环湖西路,+3d,18:30,20:00,60,东湖镇司法所,李国平律师,工友、家属,published,0000-6101001,,,,
zhaopin,jobfair,秋季招聘会,,新城街道,,人力资源市场,,2026-10-30,9:00,11:30,,,,,verified,,312,450,58,4
yeshi,community,夜市,,,,广场,,2026/12/1,22:00,次日00:30,,,,,,,,,,
`

func tree(stations, sessions string) fstest.MapFS {
	return fstest.MapFS{
		events.StationsFile: {Data: []byte(stations)},
		events.SessionsFile: {Data: []byte(sessions)},
	}
}

// load imports and demands counts and no problem.
func (k *desk) load(fs fstest.MapFS, created, updated, unchanged int) {
	k.Helper()
	r, err := k.ImportTree(k.Context(), coordinator, fs)
	if err != nil {
		k.Fatal(err)
	}
	for _, p := range r.Problems {
		k.Error(p)
	}
	if r.Created != created || r.Updated != updated || r.Unchanged != unchanged {
		k.Errorf("created %d, updated %d, unchanged %d; want %d, %d, %d", r.Created, r.Updated, r.Unchanged, created, updated, unchanged)
	}
}

// all lists the sessions by title.
func (k *desk) all() map[string]events.Session {
	k.Helper()
	list, err := k.Sessions(k.Context(), events.Filter{States: events.States()})
	if err != nil {
		k.Fatal(err)
	}
	byTitle := make(map[string]events.Session)
	for _, s := range list {
		byTitle[s.Title] = k.must(k.SessionByID(k.Context(), s.ID))
	}
	return byTitle
}

func TestImportIsIdempotent(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := emptyDesk(t, d)
		k.load(tree(stationsCSV, sessionsCSV), 7, 0, 0)
		towns, err := k.Towns(t.Context())
		if err != nil || len(towns) != 2 || towns[0] != (events.Town{Code: "donghu", Name: "东湖镇", Order: 1}) {
			t.Errorf("towns %v, %v", towns, err)
		}
		s := k.all()["安置房工地：工资怎么要"]
		if s.Town != "donghu" || s.TownName != "东湖镇" || s.StationName != "安置房工地联络点" ||
			s.Starts.In(events.Zone).Format("2006-01-02 15:04") != "2026-11-23 18:30" || s.Capacity != 60 ||
			!slices.Equal(s.Audience, []string{"工友", "家属"}) || s.State != events.Published {
			t.Errorf("imported %+v", s)
		}
		if o := k.all()["秋季招聘会"].PublicOutcome(); o == nil || *o != (events.Outcome{Attendance: 312, Brochures: 450, Consultations: 58, Documents: 4}) {
			t.Errorf("outcome %v", o)
		}
		if s := k.all()["夜市"]; s.Ends.Sub(s.Starts) != 150*time.Minute || s.State != events.Draft {
			t.Errorf("over midnight %v, %s", s.Ends.Sub(s.Starts), s.State)
		}
		before := k.ledger.Position()
		k.now = k.now.AddDate(0, 0, 2) // +3d counts from the first import on
		k.load(tree(stationsCSV, sessionsCSV), 0, 0, 7)
		if rows := k.journal(before); len(rows) != 0 {
			t.Errorf("importing the same again wrote %v", rows)
		}
	})
}

func TestImportMovesAndKeepsWhatPeopleDid(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := emptyDesk(t, d)
		k.load(tree(stationsCSV, sessionsCSV), 7, 0, 0)
		moved := strings.NewReplacer("+3d,18:30,20:00", "+3d,19:00,20:30", "湖滨路 18 号", "湖滨路 20 号").Replace
		k.now = k.now.Add(time.Hour)
		k.load(tree(moved(stationsCSV), moved(sessionsCSV)), 0, 2, 5)
		s := k.all()["安置房工地：工资怎么要"]
		if s.Seq != 1 || len(s.History) != 1 || s.Starts.In(events.Zone).Format("01-02 15:04") != "11-23 19:00" {
			t.Errorf("moved: seq %d, history %v, starts %v", s.Seq, s.History, s.Starts)
		}

		form := s.Form()
		form.Title = "改过的标题"
		k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, form))
		st, err := k.Station(t.Context(), "T01")
		if err != nil {
			t.Fatal(err)
		}
		st.Note = "改过的说明"
		if _, err := k.SaveStation(t.Context(), coordinator, st); err != nil {
			t.Fatal(err)
		}
		k.load(tree(moved(stationsCSV), moved(sessionsCSV)), 0, 0, 7) // the rows say nothing new
		newer := strings.NewReplacer("带上欠条", "带上欠条和合同", "湖滨路 20 号", "湖滨路 22 号").Replace
		r, err := k.ImportTree(t.Context(), coordinator, tree(newer(moved(stationsCSV)), newer(moved(sessionsCSV))))
		if err != nil || r.Updated != 0 || len(r.Problems) != 2 {
			t.Fatalf("over a person's work: %+v, %v", r, err)
		}
		for i, prefix := range []string{"stations.csv:3: code: 已在后台修改过", "sessions.csv:2: key: 已在后台修改过"} {
			if got := r.Problems[i].String(); !strings.HasPrefix(got, prefix) {
				t.Errorf("got %s, want %s", got, prefix)
			}
		}
		k.must(k.Session(t.Context(), s.No))
	})
}

func TestImportFollowsTheTransitionTable(t *testing.T) {
	k := emptyDesk(t, dbtest.SQLite(t))
	k.load(tree(stationsCSV, sessionsCSV), 7, 0, 0)
	k.now = k.now.AddDate(0, 0, 10)
	done := strings.Replace(sessionsCSV, "published,0000-6101001,,,,", "verified,0000-6101001,57,60,14,3", 1)
	k.load(tree(stationsCSV, done), 0, 1, 6)
	back := strings.Replace(done, "verified,0000-6101001,57,60,14,3", "draft,0000-6101001,,,,", 1)
	r, err := k.ImportTree(t.Context(), coordinator, tree(stationsCSV, back))
	if err != nil || len(r.Problems) != 1 || !strings.HasPrefix(r.Problems[0].String(), "sessions.csv:2: state: 该场次现在是“已核实”") {
		t.Errorf("back to draft: %+v, %v", r, err)
	}
}

func TestImportNamesEachMistake(t *testing.T) {
	k := emptyDesk(t, dbtest.SQLite(t))
	stations := stationsCSV + `t-1,village,,站点,东湖镇,路,,,,
P02,point,P01,联络点,东湖镇,路,,,,
P03,point,T99,联络点,东湖镇,路,,,,
T01,town,C01,重复,东湖镇,路,,,,
P04,point,T01,联络点,东湖镇,路,13800138000,,,
P05,point,T01,联络点,东湖镇,路,,,,,多出来
`
	sessions := sessionsCSV + `x 1,party,一,,火星镇,,,,11月20日,9点,下班,很多,,,,done,司机,,,,
gongdi,site,重复的键,,,,食堂,,+1d,9:00,10:00,,,,,,,,,,
houlai,site,结果太早,,,,食堂,,+1d,9:00,10:00,,,,,published,,12,,,
dengji,site,没有名额,,,,食堂,,+1d,9:00,10:00,0,,,,,,,,,
fan,site,倒着的时间,,,,食堂,,+1d,10:00,9:00,,,,,,,,,,
dong,site,镇街写错,,东湖,,食堂,,+1d,9:00,10:00,,,,,,,,,,
zhan,site,没有的站点,,,T77,食堂,,+1d,9:00,10:00,,,,,,,,,,
,,,,,,,,,,,,,,,,,,,,
haode,site,好的一行,,,,食堂,,２０２６年１２月１日,９：００,10:00,不限,,,,published,,,,,
yinhao,site,坏"引号,,,,食堂,,+1d,9:00,10:00,,,,,,,,,,
zuihou,site,最后一行,,,,食堂,,-0d,9:00:00,24:00,5,,,,,,,,,
`
	sessions = strings.Replace(sessions, "-0d,9:00:00", "-0d,12:00:00", 1)
	r, err := k.ImportTree(t.Context(), coordinator, tree(stations, sessions))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range r.Problems {
		got = append(got, p.String()[:strings.LastIndex(p.String(), ": ")])
	}
	want := []string{
		"stations.csv:6: tier", "stations.csv:7: parent", "stations.csv:8: parent", "stations.csv:9: code",
		"stations.csv:10: phone", "stations.csv:11",
		"sessions.csv:5: key", "sessions.csv:5: state", "sessions.csv:5: capacity", "sessions.csv:5: date",
		"sessions.csv:5: start", "sessions.csv:5: end", "sessions.csv:5: type", "sessions.csv:5: title", "sessions.csv:5: venue",
		"sessions.csv:5: contact_phone",
		"sessions.csv:6: key", "sessions.csv:7: outcome_attendance", "sessions.csv:8: capacity", "sessions.csv:9: end",
		"sessions.csv:10: town", "sessions.csv:11: station", "sessions.csv:14",
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems:\n%s", strings.Join(got, "\n"))
		for _, p := range r.Problems {
			t.Log(p)
		}
	}
	all := k.all()
	for _, title := range []string{"安置房工地：工资怎么要", "好的一行", "最后一行"} {
		if _, ok := all[title]; !ok {
			t.Errorf("the good row %s is not there", title)
		}
	}
	if len(all) != 5 || r.Created != 9 {
		t.Errorf("%d sessions, %d created", len(all), r.Created)
	}
}

func TestImportOfFilesThatAreNoTables(t *testing.T) {
	k := emptyDesk(t, dbtest.SQLite(t))
	for name, c := range map[string]struct{ file, want string }{
		"empty":       {"", "sessions.csv:1: 文件是空的"},
		"no columns":  {"标题,时间\n", "sessions.csv:1: 标题: 无法识别的列"},
		"picture":     {"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", "sessions.csv: 文件编码无法识别"},
		"utf-16":      {"\xff\xfek\x00e\x00y\x00", "sessions.csv: 文件编码无法识别"},
		"twice a key": {"key,key,type,title,venue,date,start,end\n", "sessions.csv:1: key: 这一列出现了两次"},
		"too large":   {strings.Repeat("a", 33<<20), "sessions.csv: 文件超过 32 MB"},
	} {
		r, err := k.ImportSessions(t.Context(), coordinator, strings.NewReader(c.file))
		if err != nil || len(r.Problems) == 0 || !strings.HasPrefix(r.Problems[0].String(), c.want) {
			t.Errorf("%s: %v, %v", name, r.Problems, err)
		}
	}
}

func TestImportReadsWhatExcelWrites(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(sessionsCSV)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"BOM": "\ufeff" + sessionsCSV, "GBK": gbk, "CRLF": strings.ReplaceAll(sessionsCSV, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			k := emptyDesk(t, dbtest.SQLite(t))
			k.load(tree(stationsCSV, file), 7, 0, 0)
			if s := k.all()["秋季招聘会"]; s.Venue != "人力资源市场" {
				t.Errorf("got %+v", s)
			}
		})
	}
}

// export returns the tree as ExportTree writes it.
func (k *desk) export() fstest.MapFS {
	k.Helper()
	out := make(fstest.MapFS)
	err := k.ExportTree(k.Context(), func(name string) (io.WriteCloser, error) {
		return &memFile{fs: out, name: name}, nil
	})
	if err != nil {
		k.Fatal(err)
	}
	return out
}

type memFile struct {
	bytes.Buffer
	fs   fstest.MapFS
	name string
}

func (f *memFile) Close() error {
	f.fs[f.name] = &fstest.MapFile{Data: f.Bytes()}
	return nil
}

// What an empty installation makes of an export must be the same sessions at
// the same addresses, and export the same bytes.
func TestExportRoundTrip(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := emptyDesk(t, d)
		k.load(tree(stationsCSV, sessionsCSV), 7, 0, 0)
		k.now = k.now.Add(time.Hour)
		form := k.form()
		form.Title, form.Station, form.Summary = "=HYPERLINK(1)", "T01", "'@一段\n'- 两段，\"引号\""
		s := k.must(k.CreateSession(t.Context(), coordinator, form))
		s = k.must(k.PublishSession(t.Context(), coordinator, s.ID, s.Version))
		form.Venue, form.VerifyLevel = "会议室", events.VerifyStaff
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, form))
		s = k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "停工"))
		out := k.export()
		if bytes.Contains(out[events.SessionsFile].Data, []byte(",=HYPERLINK")) {
			t.Error("a title runs as a formula in Excel")
		}
		k.load(out, 0, 0, 8+len(calendarRows(out)))

		other := emptyDesk(t, dbtest.SQLite(t))
		other.now = k.now
		r, err := other.ImportTree(t.Context(), coordinator, out)
		if err != nil || len(r.Problems) > 0 || r.Created != 8 {
			t.Fatalf("into an empty installation: %+v, %v", r, err)
		}
		want, got := k.all(), other.all()
		for title, w := range want {
			g := got[title]
			w.ID, g.ID, w.Version, g.Version, w.Updated, g.Updated = "", "", 0, 0, time.Time{}, time.Time{}
			if g.No != w.No || g.UID != w.UID || g.Seq != w.Seq || g.State != w.State || g.Moves != w.Moves || g.Reason != w.Reason ||
				!g.FirstPublished.Equal(w.FirstPublished) || len(g.History) != len(w.History) || g.Summary != w.Summary || g.Title != w.Title {
				t.Errorf("%s:\ngot  %+v\nwant %+v", title, g, w)
			}
		}
		if next := other.must(other.CreateSession(t.Context(), coordinator, other.form())); next.No != "SF-2026-00005" {
			t.Errorf("the next number is %s", next.No)
		}
		edited := bytes.Replace(out[events.SessionsFile].Data, []byte("停工"), []byte("停工检修"), 1)
		r, err = k.ImportSessions(t.Context(), coordinator, bytes.NewReader(edited))
		if err != nil || r.Updated != 1 || len(r.Problems) > 0 {
			t.Errorf("an export edited at its version: %+v, %v", r, err)
		}
		if s := k.must(k.SessionByID(t.Context(), s.ID)); s.VerifyLevel != events.VerifyStaff || s.Reason != "停工检修" {
			t.Errorf("what no file says is lost: level %d, %s", s.VerifyLevel, s.Reason)
		}
		r, err = k.ImportSessions(t.Context(), coordinator, bytes.NewReader(bytes.Replace(edited, []byte("停工检修"), []byte("歇业"), 1)))
		if err != nil || len(r.Problems) != 1 {
			t.Errorf("an export edited at an old version: %+v, %v", r, err)
		}
	})
}

// Numbers of two installations collide; a row from the other one must not take
// a session of this one over.
func TestImportFromAnotherInstallation(t *testing.T) {
	k, other := newDesk(t, dbtest.SQLite(t)), newDesk(t, dbtest.SQLite(t))
	mine := k.published()
	form := other.form()
	form.Title = "别处的场次"
	other.must(other.CreateSession(t.Context(), coordinator, form))
	r, err := k.ImportSessions(t.Context(), coordinator, bytes.NewReader(other.export()[events.SessionsFile].Data))
	if err != nil || len(r.Problems) != 1 || r.Problems[0].Field != "no" {
		t.Errorf("imported over SF-2026-00001: %+v, %v", r, err)
	}
	if got := k.must(k.Session(t.Context(), mine.No)); got.Title != mine.Title {
		t.Errorf("now it is %s", got.Title)
	}
}

func TestParseTimes(t *testing.T) {
	from, to, ps := events.ParseTimes("2026-12-31", "23:59", "次日00:30")
	if len(ps) > 0 || from.Format(time.RFC3339) != "2026-12-31T23:59:00+08:00" || to.Sub(from) != 31*time.Minute {
		t.Errorf("%v to %v, %v", from, to, ps)
	}
	s := events.Session{Starts: from.UTC(), Ends: to.UTC()}
	if s.When() != "2026年12月31日（周四）23:59—次日00:30" {
		t.Error(s.When())
	}
	for _, c := range [][4]string{
		{"+3d", "9:00", "10:00", "date"}, {"2026-02-29", "9:00", "10:00", "date"}, {"", "9:00", "10:00", "date"},
		{"2026-11-20", "25:00", "26:00", "start"}, {"2026-11-20", "9:00", "", "end"}, {"2026-11-20", "9:00", "10点", "end"},
	} {
		if _, _, ps := events.ParseTimes(c[0], c[1], c[2]); len(ps) == 0 || ps[0].Field != c[3] {
			t.Errorf("%v: %v", c, ps)
		}
	}
}

func calendarRows(fs fstest.MapFS) []string {
	return strings.Split(strings.TrimSpace(string(fs[events.CalendarFile].Data)), "\n")[1:]
}

func TestImportCalendar(t *testing.T) {
	k := emptyDesk(t, dbtest.SQLite(t))
	file := "date,kind,name,source\n2027-01-01,holiday,元旦,国办发明电\n2027/1/3,work,元旦,国办发明电\n"
	for i, want := range []events.Report{{Updated: 2}, {Unchanged: 2}} {
		r, err := k.ImportCalendar(t.Context(), coordinator, strings.NewReader(file))
		if err != nil || r.Updated != want.Updated || r.Unchanged != want.Unchanged || len(r.Problems) > 0 {
			t.Errorf("%d: %+v, %v", i, r, err)
		}
	}
	c, err := k.Calendar(t.Context())
	if err != nil || !c.Known(2027) || !c.IsWorkingDay(day("2027-01-03")) {
		t.Errorf("2027-01-03 is no working day, %v", err)
	}
	bad := "date,kind\n2027-01-02,rest\n2027-13-01,rest\n2027-01-04,frei\n"
	r, err := k.ImportCalendar(t.Context(), coordinator, strings.NewReader(bad))
	if err != nil || len(r.Problems) != 2 || r.Updated != 0 {
		t.Errorf("half a notice was taken over: %+v, %v", r, err)
	}
}

func TestStarterImports(t *testing.T) {
	k := emptyDesk(t, dbtest.SQLite(t))
	r, err := k.ImportTree(t.Context(), coordinator, os.DirFS("../content/starter"))
	if err != nil || len(r.Problems) > 0 || r.Created < 60 {
		t.Errorf("%d created, %v, %v", r.Created, r.Problems, err)
	}
	upcoming, err := k.Upcoming(t.Context(), events.Filter{})
	if err != nil || len(upcoming) < 4 {
		t.Errorf("%d upcoming sessions, %v", len(upcoming), err)
	}
}

func TestStationsAreCheckedByHand(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	st, err := k.Station(t.Context(), "T01")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Station(t.Context(), "T99"); !errs.Is(err, errs.NotFound) {
		t.Errorf("unknown code: %v", err)
	}
	again := st
	again.Version = 0
	if _, err := k.SaveStation(t.Context(), coordinator, again); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second T01: %v", err)
	}
	st.Parent = "T01"
	if _, err := k.SaveStation(t.Context(), coordinator, st); errs.FieldOf(err) != "parent" {
		t.Errorf("its own parent: %v", err)
	}
	st.Parent, st.ValidTo = "C01", "2026-11-19"
	if _, err := k.SaveStation(t.Context(), coordinator, st); err != nil {
		t.Fatal(err)
	}
	if _, err := k.SaveStation(t.Context(), coordinator, st); !errs.Is(err, errs.Conflict) {
		t.Errorf("a stale version: %v", err)
	}
	open, err := k.Stations(t.Context(), events.StationFilter{})
	if err != nil || len(open) != 1 || open[0].Code != "C01" {
		t.Errorf("a station closed yesterday is listed: %v, %v", open, err)
	}
	every, err := k.EachStation(t.Context(), "", 10)
	if err != nil || len(every) != 2 || every[1].Serves(k.now) || !every[0].Serves(k.now) {
		t.Errorf("for the index: %v, %v", every, err)
	}
	if got, err := k.StationByID(t.Context(), every[1].ID); err != nil || got.Code != "T01" {
		t.Errorf("by id: %v, %v", got, err)
	}
}
