package search

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// draft makes a draft of a guide.
func (w *world) draft(t testing.TB, title, body string) content.Edition {
	t.Helper()
	e, err := w.Content.Create(t.Context(), auth.System(), content.Guide, "", content.Text{Title: title, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// wantHeads says which documents the staff finds.
func wantHeads(t testing.TB, x *Index, q string, ids ...string) {
	t.Helper()
	got, err := x.documents(t.Context(), Query{Text: q})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(ids)
	if !slices.Equal(got, ids) {
		t.Errorf("%s: the staff finds %v, want %v", q, got, ids)
	}
}

// wantHidden says that readers find nothing of it in any way.
func wantHidden(t testing.TB, x *Index, q, typed string) {
	t.Helper()
	r, err := x.Search(t.Context(), Query{Text: q})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 0 || len(r.Hits)+len(r.Kinds)+len(r.Topics) != 0 || r.Meant != "" {
		t.Errorf("%s: readers find %+v", q, r)
	}
	for _, text := range []string{q, typed} {
		list, err := x.Suggest(t.Context(), text, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) > 0 {
			t.Errorf("%s: readers are offered %v", text, list)
		}
	}
}

func TestOnlyTheStaffFindsWhatIsNotPublished(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.open(t)
		follow(t, x)
		e := w.draft(t, "蛋挞店欠薪", "师傅做的是蝴蝶酥。")
		began := time.Now()
		w.catchUp(t, x)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("found after %v", took)
		}
		wantHeads(t, x, "蝴蝶酥", e.DocumentID)
		wantHeads(t, x, "蝴蝶酥師傅", e.DocumentID)
		wantHeads(t, x, "dantadian", e.DocumentID)
		wantHidden(t, x, "蝴蝶酥", "hudiesu")
		wantHidden(t, x, "蛋挞店", "dantadian")

		text := e.Text
		text.Body = "师傅做的是绿豆糕。"
		e, err := w.Content.Save(t.Context(), auth.System(), e.ID, e.Version, text)
		if err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantHeads(t, x, "蝴蝶酥")
		wantHeads(t, x, "绿豆糕", e.DocumentID)

		if err := x.Rebuild(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		wantHeads(t, x, "绿豆糕", e.DocumentID)
		wantHidden(t, x, "绿豆糕", "lvdougao")

		if err := w.Content.DeleteDraft(t.Context(), auth.System(), e.ID, e.Version); err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantHeads(t, x, "绿豆糕")
	})
}

func TestPublishingAndWithdrawingMoveWhatReadersFind(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	follow(t, x)
	e := w.publish(t, "驴打滚节安排", "在庙会。")
	w.catchUp(t, x)
	wantFound(t, x, "驴打滚", 1)
	wantHeads(t, x, "驴打滚", e.DocumentID)
	next, err := w.Content.Revise(t.Context(), auth.System(), e.ID, e.Version)
	if err == nil {
		text := next.Text
		text.Body = "改在豌豆黄铺。"
		next, err = w.Content.Save(t.Context(), auth.System(), next.ID, next.Version, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	wantHeads(t, x, "豌豆黄", e.DocumentID)
	wantHidden(t, x, "豌豆黄", "wandouhuang")
	wantHeads(t, x, "驴打滚", e.DocumentID) // once, although both editions have it
	wantHeads(t, x, "庙会")                // is in the older one alone
	wantFound(t, x, "庙会", 1)
	if next, err = w.Content.Publish(t.Context(), auth.System(), next.ID, next.Version); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	wantFound(t, x, "豌豆黄", 1)
	if _, err = w.Content.Withdraw(t.Context(), auth.System(), next.ID, next.Version, "有误"); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	wantHidden(t, x, "豌豆黄", "wandouhuang")
	wantHeads(t, x, "豌豆黄", e.DocumentID)
}

// However many drafts say a word, it is as rare to readers as before.
func TestDraftsDoNotCount(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	w.publish(t, "麻团节安排", "麻团在庙会。")
	w.publish(t, "汤圆节安排", "汤圆在庙会。")
	worth := func() (list []float64) {
		if err := x.Rebuild(t.Context(), nil); err != nil { // statistics are counted anew
			t.Fatal(err)
		}
		for _, q := range []string{"麻团", "汤圆节", "庙会"} {
			r, err := x.Search(t.Context(), Query{Text: q})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				list = append(list, h.Score)
			}
		}
		return list
	}
	before := worth()
	if len(before) != 4 {
		t.Fatalf("%d hits", len(before))
	}
	for i := range 30 {
		w.draft(t, fmt.Sprint("麻团与庙会的长长的标题", i), "麻团在庙会，庙会有麻团。")
	}
	if after := worth(); !slices.Equal(before, after) {
		t.Errorf("scores %v become %v", before, after)
	}
}
