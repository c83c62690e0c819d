package law_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// lawOf makes a law file of texts.
func lawOf(title, info string, texts ...string) *fstest.MapFile {
	var b strings.Builder
	b.WriteString("# " + title + "\n\n" + info + "\n\n<!-- INFO END -->\n\n")
	for i, text := range texts {
		b.WriteString(law.FormatArticle(i+1, 0) + " " + text + "\n\n")
	}
	return &fstest.MapFile{Data: []byte(b.String())}
}

func TestChangesOfTheNewestVersion(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		const one, two, three = "为了规范网络，制定本法。", "网络运营者应当制定应急预案。", "本法自公布之日起施行。"
		older := lawOf("中华人民共和国网络安全法", "2016年11月7日 通过", one, two, three)
		importAll(t, s, fstest.MapFS{"网络安全法(2016-11-07).md": older})
		if _, err := s.Changes(t.Context(), "wlaq"); !errs.Is(err, errs.NotFound) || !strings.Contains(errs.MessageOf(err), "只载入了一个版本") {
			t.Fatalf("one version: %v", err)
		}
		importAll(t, s, fstest.MapFS{"网络安全法(2025-10-28).md": lawOf("中华人民共和国网络安全法", "2025年10月28日 修正",
			one, "国家支持人工智能基础理论研究和关键技术研发。", "网络运营者应当制定并演练应急预案。", three)})
		c, err := s.Changes(t.Context(), "wlaq")
		if err != nil {
			t.Fatal(err)
		}
		if c.Older.Date != "2016-11-07" || c.Newer.Date != "2025-10-28" || c.Law.Short != "网络安全法" {
			t.Errorf("%s → %s of %s", c.Older.Date, c.Newer.Date, c.Law.Short)
		}
		if got, want := story(c.Changes), []string{"added →2", "changed 2→3", "moved 3→4"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if _, err := s.Changes(t.Context(), "nolaw"); !errs.Is(err, errs.NotFound) {
			t.Errorf("no such law: %v", err)
		}
	})
}
