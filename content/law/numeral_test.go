package law_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/law"
)

func TestNumeralTable(t *testing.T) {
	for s, want := range map[string]int{
		"一": 1, "十": 10, "十二": 12, "一十二": 12, "二十": 20, "三十八": 38, "一百": 100,
		"一百零一": 101, "一百〇一": 101, "一百一十": 110, "一百十五": 115, "两百": 200,
		"二百零六": 206, "一千": 1000, "一千零一": 1001, "一千零四十": 1040, "一千二百六十": 1260,
		"两千": 2000, "九千九百九十九": 9999, "三八": 38, "一二〇": 120,
		"38": 38, "３８": 38, "9999": 9999, "1": 1,
	} {
		if n, ok := law.ParseNumeral(s); !ok || n != want {
			t.Errorf("%s = %d %v, want %d", s, n, ok, want)
		}
	}
	for _, s := range []string{
		"", "零", "〇", "0", "038", "10000", "百", "千", "一百百", "十十", "十百", "一百五",
		"一百零", "零一", "一百零零一", "两十", "二十两", "3十", "一2", "三十零五", "条", "一 二",
	} {
		if n, ok := law.ParseNumeral(s); ok {
			t.Errorf("%q = %d, want it refused", s, n)
		}
	}
}

func TestNumeralRoundTrip(t *testing.T) {
	for n := 1; n <= 9999; n++ {
		s := law.FormatNumeral(n)
		if got, ok := law.ParseNumeral(s); !ok || got != n {
			t.Fatalf("%d → %s → %d %v", n, s, got, ok)
		}
	}
	for _, n := range []int{-1, 0, 10000} {
		if s := law.FormatNumeral(n); s != "" {
			t.Errorf("%d = %q", n, s)
		}
	}
}

func TestNumeralScripts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9999).Draw(t, "n")
		ascii := strconv.Itoa(n)
		wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, ascii)
		circle := strings.ReplaceAll(law.FormatNumeral(n), "零", "〇")
		tail := rapid.SampledFrom([]string{"", "条", "、", "第"}).Draw(t, "tail")
		for _, s := range []string{ascii, wide, circle} {
			if got, size := law.ScanNumeral(s + tail); got != n || size != len(s) {
				t.Fatalf("%s → %d (%d bytes), want %d", s+tail, got, size, n)
			}
		}
	})
}

func FuzzNumeral(f *testing.F) {
	for _, s := range []string{"三十八", "一千零四十", "38", "１２", "一百百", "两", "零", "〇〇"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := law.ParseNumeral(s)
		if !ok {
			return
		}
		if again, ok := law.ParseNumeral(law.FormatNumeral(n)); !ok || again != n {
			t.Fatalf("%q = %d, which reads back as %d", s, n, again)
		}
		if got, size := law.ScanNumeral(s); got != n || size != len(s) {
			t.Fatalf("scan %q = %d in %d bytes", s, got, size)
		}
	})
}
