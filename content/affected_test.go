package content_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

func TestAffectedByALawThatChanged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, withLaws(ldht(98)))
		cites := func(slug, checked string, sources ...string) content.Text {
			text := guide(slug)
			text.Sources, text.Checked = sources, checked
			return text
		}
		k.publish("a", cites("a", "2026-11-01", "《劳动合同法》第一条", "《劳动合同法》第二条", "《劳动合同法》第三条"))
		k.publish("b", cites("b", "2025-11-01", "《劳动合同法》第四条第二款", "《劳动合同法》第四条第一款"))
		k.publish("untouched", cites("untouched", "2026-11-01", "《劳动合同法》第一条", "《劳动法》第二条"))
		k.create("draft", cites("draft", "2026-11-01", "《劳动合同法》第二条"))
		at := func(n int) *law.Article { return &law.Article{Number: n} }
		changes := []law.Change{{Kind: law.Same, Old: at(1), New: at(1)}, {Kind: law.Added, New: at(2)}, {Kind: law.Changed, Old: at(2), New: at(3)},
			{Kind: law.Repealed, Old: at(3)}, {Kind: law.Moved, Old: at(4), New: at(5)}}
		var got []string
		for _, doc := range get[[]content.Affected](k)(k.AffectedBy(k.ctx, "ldht", changes)) {
			line := fmt.Sprint(doc.Title, " ", doc.CheckedSince("2026-01-01"), doc.Revising())
			for _, p := range doc.Places {
				line += fmt.Sprintf(" %d:%s", p.Number, p.Change.Kind)
			}
			got = append(got, line)
		}
		if want := "a true false 2:changed 3:repealed\nb false false 4:moved"; strings.Join(got, "\n") != want {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
		}
		if other := get[[]content.Affected](k)(k.AffectedBy(k.ctx, "other", changes)); len(other) > 0 {
			t.Errorf("of another law: %v", other)
		}
	})
}
