package admin

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is compared, both texts can be read off the result.
func TestDiffHoldsBothTexts(t *testing.T) {
	line := rapid.SampledFrom([]string{"", "甲", "乙", "丙", "丁"})
	rapid.Check(t, func(t *rapid.T) {
		theirs := rapid.SliceOfN(line, 1, 30).Draw(t, "theirs")
		mine := rapid.SliceOfN(line, 1, 30).Draw(t, "mine")
		var a, b []string
		same := 0
		for _, l := range diffLines(strings.Join(theirs, "\n"), strings.Join(mine, "\n")) {
			if l.Op != '+' {
				a = append(a, l.Text)
			}
			if l.Op != '-' {
				b = append(b, l.Text)
			}
			if l.Op == ' ' {
				same++
			}
		}
		if strings.Join(a, "\n") != strings.Join(theirs, "\n") || strings.Join(b, "\n") != strings.Join(mine, "\n") {
			t.Fatalf("theirs %q mine %q", a, b)
		}
		if strings.Join(theirs, "\n") == strings.Join(mine, "\n") && same != len(theirs) {
			t.Fatal("equal texts differ")
		}
	})
}

func TestInsert(t *testing.T) {
	for _, tt := range []struct {
		body string
		at   int
		want string
	}{
		{"", -1, "[图]"},
		{"一段", -1, "一段\n\n[图]"},
		{"一段", 99, "一段\n\n[图]"},
		{"第一段\n\n第二段", 1, "第一段\n\n[图]\n\n第二段"},
		{"第一段\n\n第二段", 7, "第一段\n\n第二段\n\n[图]"},
		{":::期限\n一年\n:::\n\n后文", 6, ":::期限\n一年\n:::\n\n[图]\n\n后文"},
	} {
		got, end := insert(tt.body, "[图]", tt.at)
		if strings.TrimRight(got, "\n") != tt.want {
			t.Errorf("insert(%q, %d) = %q", tt.body, tt.at, got)
		}
		if !strings.HasSuffix(string([]rune(got)[:end]), "[图]") {
			t.Errorf("insert(%q, %d): the end is elsewhere: %d", tt.body, tt.at, end)
		}
	}
}

func TestLocal(t *testing.T) {
	for path, want := range map[string]bool{
		"/admin/": true, "/admin/documents/?q=工资": true, "": false, "/": false, "/guides/": false, "//evil.example/admin/": false,
		"/admin//evil.example": false, "https://evil.example/admin/": false, "/admin/\\evil": false, "/admin/\nx": false, "admin/": false,
	} {
		if local(path) != want {
			t.Errorf("local(%q) = %v", path, !want)
		}
	}
}
