package site_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// need is a tool's path from the environment that `make test` sets up.
func need(t *testing.T, name string) string {
	t.Helper()
	path := os.Getenv(name)
	if path == "" && os.Getenv("CI") != "" {
		t.Fatalf("%s is not set; `make test` sets it", name)
	}
	if path == "" {
		t.Skipf("%s is not set", name)
	}
	return path
}

// entry is an event as a calendar shows it.
type entry struct{ Starts, Ends, Status, Title string }

const entryTime = "2006-01-02 15:04"

// shown is what a calendar must show of a session.
func shown(e events.Session) entry {
	status := "CONFIRMED"
	if e.State != events.Published {
		status = "CANCELLED"
	}
	return entry{e.Starts.In(events.Zone).Format(entryTime), e.Ends.In(events.Zone).Format(entryTime), status, e.CalendarTitle()}
}

func sorted(list []entry) []entry {
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

// khal is a calendar of the terminal with a folder of its own; vdirsyncer
// subscribes to a feed for it.
type khal struct {
	t    *testing.T
	bin  string
	home string
}

func newKhal(t *testing.T) *khal {
	k := &khal{t: t, bin: need(t, "SONGFA_TEST_KHAL"), home: t.TempDir()}
	k.write("khal.conf", `[calendars]
[[feed]]
path = `+k.path("cal")+`
[sqlite]
path = `+k.path("khal.db")+`
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
`)
	check(t, os.Mkdir(k.path("cal"), 0o700))
	return k
}

func (k *khal) path(name string) string { return filepath.Join(k.home, name) }

func (k *khal) write(name, text string) {
	k.t.Helper()
	check(k.t, os.WriteFile(k.path(name), []byte(text), 0o600))
}

func (k *khal) run(bin string, args ...string) string {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), bin, args...)
	cmd.Env = append(os.Environ(), "HOME="+k.home, "LC_ALL=C.UTF-8", "XDG_CONFIG_HOME="+k.home, "XDG_DATA_HOME="+k.home)
	cmd.Stdin = strings.NewReader("y\ny\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		k.t.Fatalf("%s %v: %v\n%s", bin, args, err, out)
	}
	return string(out)
}

// subscribe follows a feed; sync fetches it.
func (k *khal) subscribe(url string) {
	k.write("sync.conf", `[general]
status_path = "`+k.path("status")+`"
[pair feed]
a = "here"
b = "there"
collections = null
[storage here]
type = "filesystem"
path = "`+k.path("cal")+`"
fileext = ".ics"
[storage there]
type = "http"
url = "`+url+`"
`)
	k.run("vdirsyncer", "-c", k.path("sync.conf"), "discover")
}

func (k *khal) sync() { k.run("vdirsyncer", "-c", k.path("sync.conf"), "sync") }

// add opens a calendar file, as a telephone does.
func (k *khal) add(file string) {
	k.write("one.ics", file)
	k.run(k.bin, "-c", k.path("khal.conf"), "import", "--batch", "-a", "feed", k.path("one.ics"))
}

// list is what the calendar shows.
func (k *khal) list() []entry {
	k.t.Helper()
	out := k.run(k.bin, "-c", k.path("khal.conf"), "list", "--once", "--format", "{start-long}|{end-long}|{status}|{title}", "--day-format", "", "2026-11-01", "400d")
	var list []entry
	for line := range strings.Lines(out) {
		if part := strings.SplitN(strings.TrimSpace(line), "|", 4); len(part) == 4 {
			list = append(list, entry{part[0], part[1], strings.TrimSpace(part[2]), part[3]})
		}
	}
	return sorted(list)
}

// icaljs reads a calendar file the way Thunderbird does, and returns what is in
// it, by UID.
func icaljs(t *testing.T, file string) map[string]entry {
	t.Helper()
	dir := t.TempDir()
	script := filepath.Join(dir, "read.mjs")
	check(t, os.WriteFile(script, []byte(`
import fs from "fs";
const ICAL = (await import(process.argv[2])).default;
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(process.argv[3], "utf8")));
const out = {};
for (const sub of calendar.getAllSubcomponents("vevent")) {
  const e = new ICAL.Event(sub);
  if (out[e.uid]) throw new Error("UID twice: " + e.uid);
  out[e.uid] = {
    Starts: e.startDate.toJSDate().toISOString(), Ends: e.endDate.toJSDate().toISOString(),
    Status: sub.getFirstPropertyValue("status"), Title: e.summary,
  };
}
console.log(JSON.stringify(out));
`), 0o600))
	path := filepath.Join(dir, "feed.ics")
	check(t, os.WriteFile(path, []byte(file), 0o600))
	cmd := exec.CommandContext(t.Context(), "node", script, need(t, "SONGFA_TEST_ICALJS"), path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	check(t, err)
	read := map[string]entry{}
	check(t, json.Unmarshal(out, &read))
	for uid, e := range read {
		for _, at := range []*string{&e.Starts, &e.Ends} {
			moment, err := time.Parse(time.RFC3339, *at)
			check(t, err)
			*at = moment.In(events.Zone).Format(entryTime)
		}
		read[uid] = e
	}
	return read
}

// Two readers that know nothing of each other show the same events as our pages,
// and follow moves, postponements and cancellations: a moved event is one event,
// and what was cancelled is there and says so.
func TestFeedIsReadByOthers(t *testing.T) {
	reader := newKhal(t)
	opened := newKhal(t)
	need(t, "SONGFA_TEST_ICALJS")
	r := open(t, dbtest.SQLite(t), "/sfj/pufa")
	ctx := t.Context()
	sessions := map[string]events.Session{}
	keep := func(e events.Session, err error) events.Session {
		t.Helper()
		check(t, err)
		sessions[e.UID] = e
		return e
	}
	moved, cancelled, postponed, stays := keep(r.newSession(t, 30, 0), nil), keep(r.newSession(t, 0, 0), nil), keep(r.newSession(t, 10, 0), nil), keep(r.newSession(t, 5, 5), nil)
	late := stays.Form() // over midnight, with every sign that has a meaning in the format
	late.Title = `夜班；“工资”,; 怎么算？𠮷`
	late.Starts = time.Date(2026, 12, 31, 22, 30, 0, 0, events.Zone)
	late.Ends = late.Starts.Add(3 * time.Hour)
	stays = keep(r.events.SaveSession(ctx, admin, stays.ID, stays.Version, late))

	reader.subscribe(r.url + r.base + "/events/feed.ics")
	compare := func(step string) {
		t.Helper()
		var want []entry
		for _, e := range sessions {
			want = append(want, shown(e))
		}
		sorted(want)
		reader.sync()
		if got := reader.list(); !slices.Equal(got, want) {
			t.Errorf("%s: khal shows\n%v\nwant\n%v", step, got, want)
		}
		_, feed := r.get(t, "/events/feed.ics")
		read := icaljs(t, feed)
		for uid, e := range sessions {
			if read[uid] != shown(e) {
				t.Errorf("%s: ical.js reads\n%v\nwant\n%v", step, read[uid], shown(e))
			}
		}
		if len(read) != len(sessions) {
			t.Errorf("%s: ical.js reads %d events, want %d", step, len(read), len(sessions))
		}
		_, file := r.get(t, "/events/"+moved.No+".ics")
		opened.add(file)
		if got := opened.list(); !slices.Equal(got, []entry{shown(sessions[moved.UID])}) {
			t.Errorf("%s: a telephone that opened the file has %v", step, got)
		}
	}
	compare("published")

	form := moved.Form()
	form.Starts, form.Ends, form.Venue = form.Starts.AddDate(0, 0, 7), form.Ends.AddDate(0, 0, 7), "社区礼堂"
	moved = keep(r.events.SaveSession(ctx, admin, moved.ID, moved.Version, form))
	cancelled = keep(r.events.CancelSession(ctx, admin, cancelled.ID, cancelled.Version, "工地停工"))
	postponed = keep(r.events.PostponeSession(ctx, admin, postponed.ID, postponed.Version, "台风"))
	compare("moved, cancelled, postponed")

	form = postponed.Form()
	form.Starts, form.Ends = form.Starts.AddDate(0, 0, 14), form.Ends.AddDate(0, 0, 14)
	postponed = keep(r.events.SaveSession(ctx, admin, postponed.ID, postponed.Version, form))
	keep(r.events.PublishSession(ctx, admin, postponed.ID, postponed.Version))
	keep(r.events.CancelSession(ctx, admin, moved.ID, moved.Version, "又停工"))
	compare("published anew")
}
