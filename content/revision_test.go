package content_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/merge"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// hows are the ways of a list of revisions, oldest first.
func hows(list []content.Revision) (out []content.How) {
	for _, r := range slices.Backward(list) {
		out = append(out, r.How)
	}
	return out
}

// TestEverySaveLeavesARevision walks a guide through saves, steps and a second
// edition: each text is there, steps leave none, and who wrote it is said.
func TestEverySaveLeavesARevision(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("一稿"))
		second := guide("一稿")
		second.Body += "\n\n再加一句。"
		k.clock.at = k.clock.at.Add(time.Minute)
		e = get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, second))
		e = get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
		list := get[[]content.Revision](k)(k.Revisions(k.ctx, e.ID))
		if got := hows(list); !slices.Equal(got, []content.How{"create", "save"}) {
			t.Fatalf("revisions %v", got)
		}
		if r := list[0]; r.ActorName != author.Name || r.Inserted != 7 || r.Deleted != 0 || !r.At.Equal(k.clock.at) || r.Hash != e.Text.Hash() {
			t.Errorf("the second is %+v", r)
		}
		// At the version of a step the text is that of the save before.
		r := get[content.Revision](k)(k.Revision(k.ctx, e.ID, e.Version))
		if r.Version != 2 || !r.Text.Equal(e.Text) {
			t.Errorf("at version %d: %+v", e.Version, r)
		}
		_, err := k.Revision(k.ctx, e.ID, 0)
		wantKind(t, err, errs.NotFound)

		e = get[content.Edition](k)(k.Publish(k.ctx, reviewer, e.ID, e.Version))
		again := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
		if got := hows(get[[]content.Revision](k)(k.Revisions(k.ctx, again.ID))); !slices.Equal(got, []content.How{"revise"}) {
			t.Errorf("of the next edition: %v", got)
		}
		k.must(k.DeleteDraft(k.ctx, author, again.ID, again.Version))
		if left := get[[]content.Revision](k)(k.Revisions(k.ctx, again.ID)); len(left) != 0 {
			t.Errorf("a deleted draft leaves %d revisions", len(left))
		}
	})
}

// TestOldEditionsGetTheirFirstRevision: an edition from before there were
// revisions keeps the text it had when it is saved.
func TestOldEditionsGetTheirFirstRevision(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("老稿子"))
		k.must(d.Update(k.ctx, func(ctx ctx, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `DELETE FROM edition_revision`)
			return err
		}))
		if base, ok, err := k.Base(k.ctx, e, e.Version); err != nil || !ok || !base.Equal(e.Text) {
			t.Errorf("base without revisions: %v %v", ok, err)
		}
		if _, ok, err := k.Base(k.ctx, e, e.Version-1); err != nil || ok {
			t.Errorf("a base nobody knows: %v %v", ok, err)
		}
		saved := get[content.Edition](k)(k.Save(k.ctx, reviewer, e.ID, e.Version, guide("新稿子")))
		if got := hows(get[[]content.Revision](k)(k.Revisions(k.ctx, e.ID))); !slices.Equal(got, []content.How{content.HowBefore, "save"}) {
			t.Fatalf("revisions %v", got)
		}
		base, ok, err := k.Base(k.ctx, saved, e.Version)
		if err != nil || !ok || base.Title != "老稿子" {
			t.Errorf("the text before is %q, %v, %v", base.Title, ok, err)
		}
	})
}

// TestReinstate brings an old text back, in a draft and over a published
// edition, and loses nothing by it.
func TestReinstate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("一稿"))
		e = get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, guide("二稿")))
		first := get[content.Revision](k)(k.Revision(k.ctx, e.ID, 1))
		_, err := k.Reinstate(k.ctx, author, e.ID, 1, first)
		wantKind(t, err, errs.Conflict)
		e = get[content.Edition](k)(k.Reinstate(k.ctx, author, e.ID, e.Version, first))
		list := get[[]content.Revision](k)(k.Revisions(k.ctx, e.ID))
		if e.Title != "一稿" || !slices.Equal(hows(list), []content.How{"create", "save", content.HowReinstate}) {
			t.Errorf("%q, %v", e.Title, hows(list))
		}
		e = get[content.Edition](k)(k.Publish(k.ctx, reviewer, e.ID, e.Version))
		second := get[content.Revision](k)(k.Revision(k.ctx, e.ID, 2))
		draft := get[content.Edition](k)(k.Reinstate(k.ctx, author, e.ID, e.Version, second))
		if draft.ID == e.ID || draft.State != content.Draft || draft.Title != "二稿" {
			t.Errorf("over a published one: %s %s %q", draft.ID, draft.State, draft.Title)
		}
		_, err = k.Reinstate(k.ctx, visitor, draft.ID, draft.Version, first)
		wantKind(t, err, errs.Forbidden)
	})
}

func TestImportLeavesRevisions(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	tree := fstest.MapFS{"guides/a.md": {Data: []byte("---\ntitle: 导入的\nslug: a\n---\n正文。\n")}}
	if r := get[content.Report](k)(k.Import(k.ctx, auth.System(), tree, content.ImportOptions{})); r.Created != 1 {
		t.Fatalf("%+v", r)
	}
	tree["guides/a.md"].Data = []byte("---\ntitle: 导入的\nslug: a\n---\n正文改了。\n")
	if r := get[content.Report](k)(k.Import(k.ctx, auth.System(), tree, content.ImportOptions{})); r.Updated != 1 {
		t.Fatalf("%+v", r)
	}
	items := get[content.Listing[content.DeskItem]](k)(k.Desk(k.ctx, content.DeskFilter{}))
	doc := get[content.Document](k)(k.Document(k.ctx, items.Items[0].ID))
	if got := hows(get[[]content.Revision](k)(k.Revisions(k.ctx, doc.HeadID))); !slices.Equal(got, []content.How{content.HowImport, content.HowImport}) {
		t.Errorf("revisions %v", got)
	}
}

func TestCompareNamesWhatChanged(t *testing.T) {
	older, newer := guide("标题"), guide("标题")
	newer.Body = strings.Replace(older.Body, "投诉", "举报", 1)
	newer.Topics = []string{"wages", "work-injury"}
	newer.Sources = append(newer.Sources, "《劳动法》第五十条")
	newer.Attachments = []content.Attachment{{File: "/media/k/a.pdf", Name: "申请书"}}
	newer.Cover = "/media/k/c.jpg"
	var labels []string
	for _, c := range content.Compare(older, newer) {
		labels = append(labels, c.Label)
		if c.Name == "attachments" && (len(c.Runs) != 1 || !strings.Contains(c.Runs[0].Text, "申请书")) {
			t.Errorf("attachments: %+v", c.Runs)
		}
	}
	if want := []string{"正文", "主题", "法律依据", "题图", "附件"}; !slices.Equal(labels, want) {
		t.Errorf("changed %v, want %v", labels, want)
	}
	if list := content.Compare(older, older); len(list) != 0 {
		t.Errorf("the same text differs: %+v", list)
	}
}

func TestMergeTexts(t *testing.T) {
	base := guide("拖欠工资怎么办")
	base.Sources = []string{"《劳动法》第一条", "《劳动合同法》第三十条"}
	mine, theirs := base, base
	mine.Title, theirs.Title = "被拖欠工资怎么办", "拖欠工资怎么办？"
	mine.Topics, theirs.Topics = []string{"work-injury"}, []string{"wages", "women-minors"}
	mine.Sources, theirs.Sources = append(slices.Clone(base.Sources), "《劳动法》第五十条"), base.Sources[1:]
	mine.Attachments = []content.Attachment{{File: "/media/k/a.pdf", Name: "申请书"}}
	theirs.Author = "王某"
	m := content.MergeTexts(&base, mine, theirs)
	got := m.Text(func(string, int) merge.Choice { return merge.TakeTheirs })
	if got.Title != "被拖欠工资怎么办？" || !slices.Equal(got.Topics, []string{"women-minors", "work-injury"}) || got.Author != "王某" ||
		len(got.Attachments) != 1 || got.Body != base.Body {
		t.Errorf("merged %+v", got)
	}
	if m.Conflicts() != 0 || !slices.Equal(got.Sources, []string{"《劳动合同法》第三十条", "《劳动法》第五十条"}) {
		t.Errorf("%d conflicts, sources %v", m.Conflicts(), got.Sources)
	}

	mine.Checked, theirs.Checked = "2026-11-02", "2026-11-03"
	m = content.MergeTexts(&base, mine, theirs)
	if m.Conflicts() != 1 || m.Text(func(string, int) merge.Choice { return merge.TheirsFirst }).Checked != "2026-11-02" {
		t.Errorf("two dates: %d conflicts", m.Conflicts())
	}

	m = content.MergeTexts(nil, mine, theirs)
	if !m.NoBase || m.Conflicts() < 3 {
		t.Errorf("without a base only %d conflicts", m.Conflicts())
	}
}

// TestMergeTextsKeepsItsRules draws whole texts: what one side alone did wins.
func TestMergeTextsKeepsItsRules(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "甲", "甲，乙。", "甲，丙。", "丁\n\n戊"})
	words := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"一", "二", "三"}), 0, 3, rapid.ID)
	draw := func(t *rapid.T) content.Text {
		var files []content.Attachment
		for _, name := range words.Draw(t, "files") {
			files = append(files, content.Attachment{File: "/media/" + name, Name: word.Filter(func(s string) bool { return !strings.Contains(s, "\n") }).Draw(t, "name")})
		}
		flat := word.Filter(func(s string) bool { return !strings.Contains(s, "\n") })
		return content.Text{Title: flat.Draw(t, "title"), Answer: flat.Draw(t, "answer"), Summary: flat.Draw(t, "summary"), Body: word.Draw(t, "body"),
			Topics: words.Draw(t, "topics"), Column: flat.Draw(t, "column"), Audience: words.Draw(t, "audience"), Sources: words.Draw(t, "sources"),
			Checked: flat.Draw(t, "checked"), Written: flat.Draw(t, "written"), Author: flat.Draw(t, "author"), Origin: flat.Draw(t, "origin"),
			Cover: flat.Draw(t, "cover"), CoverAlt: flat.Draw(t, "alt"), Attachments: files}
	}
	same := func(a, b content.Text) bool {
		for _, t := range []*content.Text{&a, &b} { // sets
			t.Topics, t.Audience = slices.Sorted(slices.Values(t.Topics)), slices.Sorted(slices.Values(t.Audience))
		}
		return a.Equal(b)
	}
	rapid.Check(t, func(t *rapid.T) {
		base, one, other := draw(t), draw(t), draw(t)
		nobody := func(string, int) merge.Choice { t.Fatal("a conflict with one side"); return "" }
		for _, c := range []struct{ mine, theirs, want content.Text }{{base, one, one}, {one, base, one}, {one, one, one}} {
			if got := content.MergeTexts(&base, c.mine, c.theirs).Text(nobody); !same(got, c.want) {
				t.Fatalf("got %+v, want %+v", got, c.want)
			}
		}
		m := content.MergeTexts(&base, one, other)
		if n := content.MergeTexts(&base, other, one).Conflicts(); n != m.Conflicts() {
			t.Fatalf("%d conflicts one way, %d the other", m.Conflicts(), n)
		}
	})
}
