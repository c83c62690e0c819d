package law_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

func TestProvisions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		importAll(t, s, fstest.MapFS{
			"劳动合同法(2007-06-29).md": file("中华人民共和国劳动合同法", "2007年6月29日 通过", 98, "旧。"),
			"劳动合同法(2012-12-28).md": file("中华人民共和国劳动合同法", "2012年12月28日 修正", 99, "新。"),
			"劳动法(2018-12-29).md":   file("中华人民共和国劳动法", "2018年12月29日 修正", 10, "劳。"),
		})
		a, b := law.Ref{Slug: "ldht", Number: 38}, law.Ref{Slug: "ldf", Number: 3}
		found, err := s.Provisions(t.Context(), []law.Ref{a, b, {Slug: "ldht", Number: 500}, {Slug: "none", Number: 1}, {Slug: "ldf"}})
		if err != nil || len(found) != 2 {
			t.Fatalf("found %d, %v", len(found), err)
		}
		for ref, word := range map[law.Ref]string{a: "新", b: "劳"} {
			got := found[ref]
			if got.Law.Slug != ref.Slug || got.Article.Number != ref.Number || !strings.Contains(got.Article.Text(), word) || got.Head.Date != got.Law.InForce().Date {
				t.Errorf("%v: %+v", ref, got)
			}
		}
		if none, err := s.Provisions(t.Context(), nil); err != nil || len(none) != 0 {
			t.Errorf("of nothing: %v, %v", none, err)
		}
	})
}
