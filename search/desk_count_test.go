package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

func flush(t *testing.T, d *Desk) {
	t.Helper()
	if err := d.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// zeros lists the open queries as "text count".
func zeros(t *testing.T, d *Desk, done bool) (list []string) {
	t.Helper()
	found, total, err := d.Zeros(t.Context(), done, 0, 100_000)
	if err != nil || total != len(found) {
		t.Fatalf("%d of %d, %v", len(found), total, err)
	}
	for _, z := range found {
		list = append(list, fmt.Sprint(z.Text, " ", z.Searches))
	}
	return list
}

// Nothing that may be somebody's number or address is ever written down.
func TestWhatIsKeptOfQueries(t *testing.T) {
	x := &Index{analyzer: newAnalyzer()}
	for _, tt := range []struct{ text, kept string }{
		{"押金不退", "押金不退"},
		{"  押金，不 退？！", "押金不退"},
		{"勞動合同", "劳动合同"},
		{"Gong Shang", "gong shang"},
		{"第39条", "第39条"},
		{"2026年工资", "2026年工资"},
		{"2026年11月24日", "2026年11月24日"},
		{"138转0000转0000", ""},
		{"二〇二六年", "二〇二六年"},
		{"十二万三千元", "十二万三千元"},
		{"我叫张三 13800000000", ""},
		{"１３８００００００００", ""},
		{"138 0000 0000", ""},
		{"138-0000-0000 欠我钱", ""},
		{"0000-6100000", ""},
		{"37040319900101123X", ""},
		{"3704 0319 9001 0112 3x", ""},
		{"一三八零零零零零零零零", ""},
		{"幺三八〇〇〇〇〇〇〇〇", ""},
		{"E1234 5678", ""},
		{"京A12345", ""},
		{"①②③④⑤⑥", ""},
		{"٠١٢٣٤٥", ""},
		{"12345", ""},
		{"zhang.san@example.com", ""},
		{"张三＠单位", ""},
		{"https://example.com/zhangsan", ""},
		{"www.example.com", ""},
		{"？？！", ""},
		{"", ""},
	} {
		kept, ok := x.keepable(tt.text)
		if kept != tt.kept || ok != (tt.kept != "") {
			t.Errorf("%q is kept as %q (%v), want %q", tt.text, kept, ok, tt.kept)
		}
	}
}

// However somebody writes a number into whatever text, nothing of it is kept.
func TestNumbersAreNeverKept(t *testing.T) {
	x := &Index{analyzer: newAnalyzer()}
	words := rapid.StringOfN(rapid.SampledFrom([]rune("我叫张三老板欠工资手机是身份证abcXY，。 ")), 0, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.SampledFrom([]string{"0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "٠١٢٣٤٥٦٧٨٩"}).Draw(t, "digits")
		gap := rapid.SampledFrom([]string{"", " ", "-", "－", ".", "·", "  ", "*", "_", "/"})
		var number strings.Builder
		for range rapid.IntRange(5, 18).Draw(t, "length") {
			number.WriteRune(rapid.SampledFrom([]rune(digits)).Draw(t, "digit"))
			number.WriteString(gap.Draw(t, "gap"))
		}
		text := words.Draw(t, "before") + number.String() + words.Draw(t, "after")
		if kept, ok := x.keepable(text); ok {
			t.Fatalf("%q is kept as %q", text, kept)
		}
	})
}

func TestSearchesWithoutResult(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, _, desk, clock := deskWorld(t, d)
		for range 3 {
			desk.FoundNothing("押金條 不退")
		}
		desk.FoundNothing("宿舍漏雨")
		desk.FoundNothing("张三 13800000000")
		desk.FoundNothing(strings.Repeat("长", 200))
		flush(t, desk)
		want := []string{"押金条不退 3", "宿舍漏雨 1", strings.Repeat("长", 40) + " 1"}
		if got := zeros(t, desk, false); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		clock.at = clock.at.AddDate(0, 0, 1)
		desk.FoundNothing("宿舍漏雨")
		flush(t, desk)
		list, _, err := desk.Zeros(t.Context(), false, 1, 1)
		if err != nil || len(list) != 1 || list[0] != (Zero{Text: "宿舍漏雨", Searches: 2, FirstDay: "2026-11-24", LastDay: "2026-11-25"}) {
			t.Errorf("got %+v, %v", list, err)
		}

		for text, done := range map[string]ZeroDone{"宿舍漏雨": ZeroSynonym, "押金条不退": ZeroIgnored} {
			if err := desk.MarkZero(t.Context(), editor, text, done); err != nil {
				t.Fatal(err)
			}
		}
		if got := zeros(t, desk, true); len(got) != 2 || len(zeros(t, desk, false)) != 1 {
			t.Errorf("done %q, open %q", got, zeros(t, desk, false))
		}
		log, err := w.Ledger.Audit(t.Context(), ledger.AuditFilter{Action: "search.zero"})
		if err != nil || len(log) != 2 {
			t.Errorf("audit %+v, %v", log, err)
		}

		// A synonym that does not help brings the query back; what is ignored stays so.
		clock.at = clock.at.AddDate(0, 0, 1)
		desk.FoundNothing("宿舍漏雨")
		desk.FoundNothing("押金条不退")
		flush(t, desk)
		list, _, err = desk.Zeros(t.Context(), false, 0, 1)
		if err != nil || len(list) != 1 || list[0].Text != "宿舍漏雨" || !list[0].Reopened {
			t.Errorf("got %+v, %v", list, err)
		}

		clock.at = clock.at.AddDate(0, 0, keepDays+1)
		desk.FoundNothing("新的")
		flush(t, desk)
		if got := append(zeros(t, desk, false), zeros(t, desk, true)...); !slices.Equal(got, []string{"新的 1"}) {
			t.Errorf("after half a year: %q", got)
		}
		if err := desk.MarkZero(t.Context(), editor, "没有的", ZeroIgnored); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown query: %v", err)
		}
		if err := desk.MarkZero(t.Context(), editor, "新的", "whatever"); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown way: %v", err)
		}
		if err := desk.MarkZero(t.Context(), auth.Actor{}, "新的", ZeroIgnored); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a stranger: %v", err)
		}
	})
}

// A flood takes no more than its share, and what people do look for stays.
func TestZeroListIsBounded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		_, _, desk, _ := deskWorld(t, d)
		desk.FoundNothing("押金不退")
		desk.FoundNothing("押金不退")
		flush(t, desk)
		for i := range 11 {
			for j := range maxZeroBatch + 50 {
				desk.FoundNothing(fmt.Sprintf("%s%s", han(i), han(j)))
			}
			desk.FoundNothing("押金不退") // beyond the batch, and so not counted
			flush(t, desk)
		}
		got := zeros(t, desk, false)
		if len(got) != maxZeros || got[0] != "押金不退 2" {
			t.Errorf("%d rows, first %q", len(got), got[0])
		}
	})
}

// han writes a number with characters that are no digits.
func han(n int) (s string) {
	for range 4 {
		s = string([]rune("甲乙丙丁戊己庚辛壬癸")[n%10]) + s
		n /= 10
	}
	return s
}

// What is counted when the server ends is written.
func TestCountersAreWrittenAtTheEnd(t *testing.T) {
	_, _, desk, _ := deskWorld(t, dbtest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { desk.Run(ctx); close(done) }()
	desk.FoundNothing("押金不退")
	desk.Opened("工资", "/guides/qianxin")
	cancel()
	<-done
	if got := zeros(t, desk, false); !slices.Equal(got, []string{"押金不退 1"}) {
		t.Errorf("got %q", got)
	}
	if got := clicks(t, desk); !slices.Equal(got, []string{"工资 /guides/qianxin 2026-11-24 1"}) {
		t.Errorf("got %q", got)
	}
}

// What the database refuses waits for the next time.
func TestCountersWait(t *testing.T) {
	_, _, desk, _ := deskWorld(t, dbtest.SQLite(t))
	desk.FoundNothing("押金不退")
	desk.Opened("工资", "/guides/qianxin")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := desk.Flush(gone); err == nil {
		t.Fatal("written with a context that is over")
	}
	flush(t, desk)
	if len(zeros(t, desk, false)) != 1 || len(clicks(t, desk)) != 1 {
		t.Errorf("%q and %q", zeros(t, desk, false), clicks(t, desk))
	}
}

func clicks(t *testing.T, d *Desk) (list []string) {
	t.Helper()
	var rows []struct {
		Text, Path, Day string
		Clicks          int64
	}
	if err := db.Select(t.Context(), d.cfg.DB.Reader(), &rows, `SELECT text, path, day, clicks FROM search_click ORDER BY text, path, day`); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		list = append(list, fmt.Sprint(r.Text, " ", r.Path, " ", r.Day, " ", r.Clicks))
	}
	return list
}

// A related search is one that often led to the same page, on several days, and
// that says nothing that our pages do not say.
func TestRelatedSearches(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		_, _, desk, clock := deskWorld(t, d)
		const page = "/guides/qianxin"
		begun := clock.at
		open := func(text string, perDay ...int) {
			t.Helper()
			for day, n := range perDay {
				clock.at = begun.AddDate(0, 0, day)
				for range n {
					desk.Opened(text, page)
				}
				flush(t, desk)
			}
		}
		open("拖欠工资", 3, 3, 3)
		open("討薪", 2, 2, 2) // said by nobody but the synonyms
		open("工资", 1, 1, 1) // three only
		open("欠薪", 9, 9)    // on two days only
		open("区长贪污拖欠工资", 5, 5, 5)
		open("张三 13800000000", 5, 5, 5)
		desk.Opened("拖欠工资", "/admin/")
		desk.Opened("拖欠工资", "/search")
		flush(t, desk)
		related := func(text string) []string {
			t.Helper()
			if err := desk.Relate(t.Context()); err != nil {
				t.Fatal(err)
			}
			a, err := desk.Search(t.Context(), Query{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(paths(a.Hits), page) {
				t.Fatalf("%s does not find %s", text, page)
			}
			return a.Related
		}
		if got := related("老板不给工资"); !slices.Equal(got, []string{"拖欠工资", "讨薪"}) {
			t.Errorf("related: %q", got)
		}
		if got := related("拖欠工资"); !slices.Equal(got, []string{"讨薪"}) {
			t.Errorf("related to one of them: %q", got)
		}
		for _, row := range clicks(t, desk) {
			if strings.Contains(row, "138") || strings.Contains(row, "/admin") || strings.Contains(row, "/search") {
				t.Errorf("counted: %s", row)
			}
		}
		clock.at = begun.AddDate(0, 0, keepDays+10)
		if got := related("老板不给工资"); len(got) != 0 {
			t.Errorf("after half a year: %q", got)
		}
		desk.Opened("工资", page)
		flush(t, desk)
		if got := clicks(t, desk); len(got) != 1 {
			t.Errorf("kept after half a year: %q", got)
		}
	})
}

func TestClicksAreBounded(t *testing.T) {
	_, _, desk, _ := deskWorld(t, dbtest.SQLite(t))
	for i := range 2 * maxClickBatch {
		desk.Opened(han(i), "/guides/qianxin")
	}
	flush(t, desk)
	if n := len(clicks(t, desk)); n != maxClickBatch {
		t.Errorf("%d rows of one batch", n)
	}
}

// Counting is on the way of every search.
func BenchmarkFoundNothing(b *testing.B) {
	d := &Desk{index: &Index{analyzer: newAnalyzer()}, zeros: map[string]int64{}, clicks: map[click]int64{}, cfg: DeskConfig{Now: time.Now}}
	for b.Loop() {
		d.FoundNothing("老板押着身份证不退押金条")
	}
}
