package content

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFrontMatterFaults(t *testing.T) {
	for _, c := range []struct {
		name, src string
		line      int
		field     string
		level     Level
	}{
		{"no fence", "# 标题\n正文", 1, "", Error},
		{"open fence", "---\ntitle: 甲\n正文", 1, "", Error},
		{"toml", "+++\ntitle = '甲'\n+++\n", 1, "", Error},
		{"empty", "---\n---\n正文", 1, "title", Error},
		{"not yaml", "---\ntitle: 甲\nsummary: [乙\n---\n", 2, "", Error},
		{"tab", "---\ntitle: 甲\n\tslug: a\n---\n", 3, "", Error},
		{"a list", "---\n- 甲\n---\n", 2, "", Error},
		{"unknown field", "---\ntitle: 甲\nsorces: [乙]\n---\n", 3, "sorces", Error},
		{"twice", "---\ntitle: 甲\ntitle: 乙\n---\n", 3, "title", Error},
		{"list for a line", "---\ntitle: [甲]\n---\n", 2, "title", Error},
		{"map for a list", "---\ntitle: 甲\ntopics: {a: b}\n---\n", 3, "topics", Error},
		{"list of lists", "---\ntopics: [[甲]]\n---\n", 2, "topics", Error},
		{"alias", "---\ntitle: &a 甲\nsummary: *a\n---\n", 3, "summary", Error},
		{"day", "---\ntitle: 甲\nchecked: 去年\n---\n", 3, "checked", Error},
		{"no such day", "---\nwritten: 2026-02-30\n---\n", 2, "written", Error},
		{"time", "---\npublished: 2026-11-01\n---\n", 2, "published", Error},
		{"state", "---\nstate: superseded\n---\n", 2, "state", Error},
		{"kind", "---\nkind: post\n---\n", 2, "kind", Error},
		{"draft", "---\ndraft: maybe\n---\n", 2, "draft", Error},
		{"attachments", "---\nattachments: [a.pdf]\n---\n", 2, "attachments", Error},
		{"attachment field", "---\nattachments:\n  - {file: a.pdf, title: 表}\n---\n", 2, "attachments", Error},
		{"hugo field", "---\ntitle: 甲\ntags: [乙]\n---\n", 3, "tags", Info},
	} {
		_, faults := parseSheet([]byte(c.src))
		if len(faults) != 1 {
			t.Errorf("%s: faults %+v", c.name, faults)
			continue
		}
		if f := faults[0]; f.line != c.line || f.field != c.field || f.level != c.level || f.message == "" {
			t.Errorf("%s: fault %+v", c.name, f)
		}
	}
}

func TestFrontMatterTakesWhatPeopleWrite(t *testing.T) {
	src := "---\r\ntitle: 12348\r\nslug: 12348\r\ntopics: wages\r\nanswer:\r\nsources:\r\n  - 《劳动合同法》第三十条\r\n  -\r\nchecked: 2026-11-01\r\n" +
		"date: 2026-10-20T23:30:00+08:00\r\ndraft: false\r\ndescription: 说明\r\n---\r\n\r\n正文  \r\n---\r\n尾\r\n\r\n"
	s, faults := parseSheet([]byte(src))
	if len(faults) > 0 {
		t.Fatalf("faults: %+v", faults)
	}
	want := Text{Title: "12348", Summary: "说明", Body: "正文  \n---\n尾", Topics: []string{"wages"},
		Sources: []string{"《劳动合同法》第三十条"}, Checked: "2026-11-01", Written: "2026-10-20"}
	if !s.Text.Equal(want) || s.Slug != "12348" || s.State != Published {
		t.Errorf("sheet: %+v", s)
	}
}

// anySheet draws sheets as they are stored: tidy, with the words of editors and
// of nobody.
func anySheet() *rapid.Generator[sheet] {
	line := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "2026-11-01", "true", "null", "~", "12348", "- 甲", "甲: 乙", "# 丙", "'", `"`,
		"《劳动合同法》第三十条", "|", ">", "&a", "*a", "!x", "%y", "@z", "`", "[a]", "{a}", "甲 #乙", "0x1f", "1e3", "=", "<<", "\u0085", "😀", "---"}))
	list := rapid.SliceOfN(line, 0, 3)
	body := rapid.Custom(func(t *rapid.T) string {
		var b string
		for _, s := range rapid.SliceOfN(rapid.OneOf(line, rapid.SampledFrom([]string{"\n", "\n\n", "  ", "\t", "---\n", "    code", "\r\n", "## 标题\n"})), 0, 8).Draw(t, "body") {
			b += s
		}
		return b
	})
	day := rapid.SampledFrom([]string{"", "2026-11-01", "1999-12-31", "去年"})
	at := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "unset") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).UTC()
	})
	return rapid.Custom(func(t *rapid.T) sheet {
		text := Text{Title: line.Draw(t, "title"), Answer: line.Draw(t, "answer"), Summary: line.Draw(t, "summary"), Body: body.Draw(t, "text"),
			Topics: list.Draw(t, "topics"), Column: line.Draw(t, "column"), Audience: list.Draw(t, "audience"), Sources: list.Draw(t, "sources"),
			Checked: day.Draw(t, "checked"), Written: day.Draw(t, "written"), Author: line.Draw(t, "author"), Origin: line.Draw(t, "origin"),
			Cover: line.Draw(t, "cover"), CoverAlt: line.Draw(t, "alt")}
		for _, name := range list.Draw(t, "attachments") {
			text.Attachments = append(text.Attachments, Attachment{File: line.Draw(t, "file"), Name: name})
		}
		return sheet{Slug: rapid.StringMatching(`[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}`).Draw(t, "slug"), Text: tidy(text),
			State: rapid.SampledFrom([]State{Draft, Published, Withdrawn}).Draw(t, "state"), Published: at.Draw(t, "published"),
			Updated: at.Draw(t, "updated"), Reason: oneLine(line.Draw(t, "reason"))}
	})
}

func (s sheet) equal(o sheet) bool {
	return s.Kind == o.Kind && s.Slug == o.Slug && s.Text.Equal(o.Text) && s.State == o.State &&
		s.Published.Equal(o.Published) && s.Updated.Equal(o.Updated) && s.Reason == o.Reason
}

// TestSheetRoundTrip: what is written is read back as it was, whatever it says.
func TestSheetRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySheet().Draw(t, "sheet")
		if !isDay(s.Text.Checked) {
			s.Text.Checked = "" // a day that is none is refused, and never stored by an import
		}
		if !isDay(s.Text.Written) {
			s.Text.Written = ""
		}
		b, err := s.bytes()
		if err != nil {
			t.Fatal(err)
		}
		got, faults := parseSheet(b)
		if len(faults) > 0 || !got.equal(s) {
			t.Fatalf("wrote\n%s\nread %+v\nwant %+v\nfaults %+v", b, got, s, faults)
		}
	})
}

func TestTidyIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := tidy(Text{Title: rapid.String().Draw(t, "title"), Body: rapid.String().Draw(t, "body"), Topics: rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "topics")})
		if twice := tidy(once); !twice.Equal(once) {
			t.Fatalf("%q becomes %q", once, twice)
		}
	})
}

// FuzzFrontMatter: any bytes are either refused with a line, or mean a sheet
// that survives writing and reading.
func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{"---\ntitle: 甲\nslug: a\n---\n\n正文\n", "---\n---\n", "+++\n", "---\na: &x [*x]\n---", "---\ntitle: !!binary aGk=\n---\n",
		"---\nattachments:\n- {file: a, name: b}\nstate: withdrawn\npublished: 2026-11-01T09:00:00+08:00\n---\n", "---\ntitle: \"\\u0000\"\n---\n", "---\n? a\n: b\n---\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, faults := parseSheet(src)
		if slices.ContainsFunc(faults, func(f fault) bool { return f.level == Error }) {
			return
		}
		b, err := s.bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, faults := parseSheet(b)
		if len(faults) > 0 || !again.equal(s) {
			t.Fatalf("read %+v\nwrote\n%s\nread %+v\nfaults %+v", s, b, again, faults)
		}
	})
}
