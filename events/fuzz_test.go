package events

import (
	"bytes"
	"testing"
	"time"
)

// FuzzCSV feeds both parsers anything: they never panic, what they let through
// can be saved, and writing it and reading it again gives the same.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("key,type,title,venue,date,start,end,audience\na,site,工资怎么要,食堂,+3d,9:00,次日1:00,工友、家属\n"))
	f.Add([]byte("code,tier,name,address,town\nT01,town,'=1+1工作站,\"湖滨路, 18 号\",东湖镇\n"))
	f.Add([]byte("\xef\xbb\xbfkey,type,title,venue,date,start,end,history\r\na,site,\xb9\xa4\xd7\xca,x,2026/1/2,9:00,10:00,[{}]\r\n"))
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, Zone)
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, _, err := parseSessions("f.csv", bytes.NewReader(data), now)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			form := l.session.Form()
			if ps := form.Problems(); len(ps) > 0 {
				t.Fatalf("line %d: %v", l.line, ps)
			}
			l.session.importKey, l.session.State = l.key, l.state
			again := rewrite(t, l.session, now)
			if !sameSession(again.Session, l.session.Session) {
				t.Fatalf("wrote %+v\nread %+v", l.session.Session, again.Session)
			}
		}
		stations, _, err := parseStations("f.csv", bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range stations {
			if ps := l.station.problems(); len(ps) > 0 {
				t.Fatalf("line %d: %v", l.line, ps)
			}
		}
	})
}

func rewrite(t *testing.T, r record, now time.Time) record {
	var b bytes.Buffer
	err := writeTable(&b, sessionColumnNames, func(write func(map[string]string) error) error {
		c := r.cells()
		c["version"] = ""
		return write(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	lines, problems, err := parseSessions("again.csv", &b, now)
	if err != nil || len(lines) != 1 {
		t.Fatalf("read again: %v, %v\n%s", problems, err, b.String())
	}
	again := lines[0].session
	again.State = lines[0].state
	return again
}
