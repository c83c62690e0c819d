package law_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/law"
)

func TestFormatArticle(t *testing.T) {
	for _, c := range []struct {
		number, sub int
		label, path string
	}{
		{38, 0, "第三十八条", "/laws/x/38"},
		{38, 1, "第三十八条之一", "/laws/x/38-1"},
		{1260, 0, "第一千二百六十条", "/laws/x/1260"},
	} {
		if got := law.FormatArticle(c.number, c.sub); got != c.label {
			t.Errorf("label = %s, want %s", got, c.label)
		}
		if got := law.ArticlePath("x", c.number, c.sub); got != c.path {
			t.Errorf("path = %s, want %s", got, c.path)
		}
	}
	if law.FormatArticle(0, 0) != "" {
		t.Error("第零条 exists")
	}
}

func TestArticlePathRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slug := rapid.StringMatching(`[a-z][a-z0-9-]{0,10}`).Draw(t, "slug")
		number := rapid.IntRange(1, 9999).Draw(t, "number")
		sub := rapid.IntRange(0, 30).Draw(t, "sub")
		s, n, u, ok := law.ParseArticlePath(law.ArticlePath(slug, number, sub))
		if !ok || s != slug || n != number || u != sub {
			t.Fatalf("got %s %d %d %v", s, n, u, ok)
		}
	})
}

func TestArticleIDHasOneSpelling(t *testing.T) {
	for _, id := range []string{"", "0", "038", "38-0", "38-", "-1", "38-01", "+38", "38.0", "三十八", "38-1-1", "10000"} {
		if n, s, ok := law.ParseArticleID(id); ok {
			t.Errorf("%q = %d %d", id, n, s)
		}
	}
}

func TestIsItem(t *testing.T) {
	for s, want := range map[string]bool{
		"（一）未及时足额支付劳动报酬的；": true, "(二)计件工资；": true, "（十一）其他": true,
		"用人单位": false, "（以下简称条例）": false, "一、": false, "": false,
	} {
		if law.IsItem(s) != want {
			t.Errorf("IsItem(%q) = %v", s, !want)
		}
	}
}
