package events_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

var bureau = events.ICS{Name: "示例区司法局普法活动", BaseURL: "https://example.test/sfj/pufa"}

func (k *desk) feed() string {
	k.Helper()
	var b bytes.Buffer
	if err := k.FeedICS(k.Context(), &b, events.Filter{}, bureau); err != nil {
		k.Fatal(err)
	}
	return b.String()
}

// wellFormed fails unless the bytes keep RFC 5545's rules for lines, and returns
// the unfolded lines.
func wellFormed(t interface{ Fatalf(string, ...any) }, text string) []string {
	if !utf8.ValidString(text) || !strings.HasSuffix(text, "\r\n") {
		t.Fatalf("not UTF-8 or no CRLF at the end")
	}
	if bare := strings.ReplaceAll(text, "\r\n", ""); strings.ContainsAny(bare, "\r\n") {
		t.Fatalf("a bare CR or LF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Fatalf("line of %d octets, whole characters %v: %q", len(line), utf8.ValidString(line), line)
		}
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n")
}

func TestCalendarFile(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	s := k.published()
	var b bytes.Buffer
	if err := k.SessionICS(t.Context(), &b, s.No, bureau); err != nil {
		t.Fatal(err)
	}
	want := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//songfa//events//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
		"NAME:示例区司法局普法活动", "X-WR-CALNAME:示例区司法局普法活动", "X-WR-TIMEZONE:Asia/Shanghai",
		"REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H",
		"BEGIN:VEVENT", "UID:" + s.UID, "DTSTAMP:20261120T010000Z", "LAST-MODIFIED:20261120T010000Z", "SEQUENCE:0",
		"STATUS:CONFIRMED", "DTSTART:20261121T103000Z", "DTEND:20261121T120000Z", "SUMMARY:安置房工地：工资怎么要",
		"LOCATION:项目部食堂，环湖西路",
		`DESCRIPTION:带上欠条。\n主讲：李国平律师\n主办：东湖镇司法所\n电话：0000-6101001`,
		"CATEGORIES:法律进工地", "URL:https://example.test/sfj/pufa/events/" + s.No, "END:VEVENT", "END:VCALENDAR"}
	got := wellFormed(t, b.String())
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("line %d:\n%s", i, strings.Join(got, "\n"))
		}
	}
	if k.feed() != b.String() {
		t.Error("the feed's only event is not the session's own file")
	}
	draft := k.create()
	if err := k.SessionICS(t.Context(), &b, draft.No, bureau); !errs.Is(err, errs.NotFound) {
		t.Errorf("a draft has a calendar file: %v", err)
	}
}

func TestFeedFollowsASession(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.published()
		first := k.feed()
		k.now = k.now.Add(5 * time.Hour)
		k.create()
		if k.feed() != first {
			t.Error("the bytes changed though no public session did")
		}
		form := s.Form()
		form.Starts, form.Ends = form.Starts.Add(time.Hour), form.Ends.Add(time.Hour)
		expect := func(lines ...string) {
			t.Helper()
			got := strings.Join(wellFormed(t, k.feed()), "\n")
			for _, line := range append(lines, "UID:"+s.UID) {
				if !strings.Contains(got+"\n", line+"\n") {
					t.Errorf("no line %q in\n%s", line, got)
				}
			}
		}
		s = k.must(k.SaveSession(t.Context(), coordinator, s.ID, s.Version, form))
		expect("SEQUENCE:1", "STATUS:CONFIRMED", "SUMMARY:【改期】"+s.Title, "DTSTART:20261121T113000Z", "DTSTAMP:20261120T060000Z")
		s = k.must(k.PostponeSession(t.Context(), coordinator, s.ID, s.Version, "台风"))
		expect("SEQUENCE:2", "STATUS:CANCELLED", "SUMMARY:【延期待定】"+s.Title)
		s = k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "停工"))
		expect("SEQUENCE:3", "STATUS:CANCELLED", "SUMMARY:【已取消】"+s.Title)
		k.now = s.Starts.AddDate(0, 0, 90)
		if !strings.Contains(k.feed(), s.UID) {
			t.Error("a cancelled session left the feed within 90 days")
		}
		k.now = k.now.AddDate(0, 0, 1)
		if strings.Contains(k.feed(), s.UID) {
			t.Error("a cancelled session stays in the feed for ever")
		}
	})
}

// Whatever people type, the file keeps its rules, reads back as the same text
// and has the same bytes each time.
func TestCalendarFileOfAnyText(t *testing.T) {
	char := rapid.OneOf(rapid.SampledFrom([]rune(",;:\\\"'<> \n\t\r=工资·𠮷👷\u200d🏽é")), rapid.Rune())
	texts := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(char, 2, 60).Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 11, 20, 9, 0, 0, 0, events.Zone).Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "min")) * time.Minute)
		form := events.SessionForm{Type: events.Site, Title: texts.Draw(t, "title"), Summary: texts.Draw(t, "summary"),
			Venue: texts.Draw(t, "venue"), Lawyers: texts.Draw(t, "lawyers"), Starts: start, Ends: start.Add(time.Hour)}
		for range form.Problems() { // clears the text up; whether it can be saved is not the question
		}
		s := events.Session{UID: "01x@songfa", No: "SF-2026-00001", State: events.Cancelled, Type: form.Type, Title: form.Title,
			Summary: form.Summary, Venue: form.Venue, Lawyers: form.Lawyers, Starts: form.Starts, Ends: form.Ends, Updated: start}
		var a, b bytes.Buffer
		for _, w := range []*bytes.Buffer{&a, &b} {
			if err := bureau.Write(w, []events.Session{s}); err != nil {
				t.Fatal(err)
			}
		}
		if a.String() != b.String() {
			t.Fatal("the bytes differ")
		}
		unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\;`, ";", `\,`, ",")
		for _, line := range wellFormed(t, a.String()) {
			if got, ok := strings.CutPrefix(line, "SUMMARY:"); ok && unescape.Replace(got) != "【已取消】"+s.Title {
				t.Fatalf("title %q came back as %q", s.Title, got)
			}
			if got, ok := strings.CutPrefix(line, "LOCATION:"); ok && unescape.Replace(got) != s.Venue {
				t.Fatalf("venue %q came back as %q", s.Venue, got)
			}
			if got, ok := strings.CutPrefix(line, "DESCRIPTION:"); ok && s.Summary != "" && !strings.HasPrefix(unescape.Replace(got), s.Summary) {
				t.Fatalf("summary %q came back as %q", s.Summary, got)
			}
		}
		if _, err := ical.ParseCalendar(&a); err != nil {
			t.Fatalf("a reader refuses it: %v", err)
		}
	})
}
