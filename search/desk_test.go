package search

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// desk opens a desk over an index of the world.
func (w *world) desk(t testing.TB, x *Index) *Desk {
	t.Helper()
	base, err := url.Parse("https://sfj.example/pufa")
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDesk(t.Context(), DeskConfig{DB: w.db, Ledger: w.Ledger, Index: x, Base: base, Now: x.cfg.Now, Log: w.Log})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// deskWorld is a desk over the starter content, with a clock.
func deskWorld(t *testing.T, d *db.DB) (*world, *Index, *Desk, *clock) {
	t.Helper()
	w := newWorld(t, d)
	c := &clock{time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)}
	w.Now = c.now
	w.seed(t)
	x := w.open(t)
	if err := x.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return w, x, w.desk(t, x), c
}

// other is a second node on the same database.
func (w *world) other(t *testing.T) (*Index, *Desk) {
	t.Helper()
	o := *w
	o.Ledger = ledger.New(w.db, time.Now)
	o.Dir = t.TempDir()
	x := o.open(t)
	if err := x.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	d := o.desk(t, x)
	run(t, d, o.Ledger)
	return x, d
}

// run runs the desk, and what its node hears of the journal, until the test ends.
func run(t *testing.T, d *Desk, l *ledger.Ledger) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { l.Watch(ctx, func(err error) { t.Log(err) }) }()
	go func() { d.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
}

// within waits for something that happens by itself, and says how long it took.
func within(t *testing.T, limit time.Duration, what string, there func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	began := time.Now()
	for !there() {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("%s: not after 20 s", what)
		}
		<-tick.C
	}
	if took := time.Since(began); took > limit {
		t.Errorf("%s: after %v, want %v", what, took, limit)
	}
}

func paths(hits []Hit) (list []string) {
	for _, h := range hits {
		list = append(list, h.Path)
	}
	return list
}

func finds(t *testing.T, x *Index, text, path string) bool {
	t.Helper()
	r, err := x.Search(t.Context(), Query{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(paths(r.Hits), path)
}

var editor = auth.Actor{ID: "01EDITOR", Name: "王编", Roles: []auth.Role{auth.Editor}}

// What an editor writes is in force on every node within a second, with no
// restart and no reindex.
func TestSynonymsAreLiveEverywhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, x, desk, _ := deskWorld(t, d)
		y, _ := w.other(t)
		const slang = "甩手掌柜躲猫猫"
		if finds(t, x, slang, "/guides/qianxin") {
			t.Fatal("found already")
		}
		before := x.Position()
		if err := desk.SaveSynonyms(t.Context(), editor, "# 方言\n甩手掌柜躲猫猫 > 拖欠工资 \n\n", 1); err != nil {
			t.Fatal(err)
		}
		if !finds(t, x, slang, "/guides/qianxin") || !finds(t, x, "甩手掌櫃躲貓貓", "/guides/qianxin") {
			t.Error("not in force when saving returns")
		}
		within(t, time.Second, "on the other node", func() bool { return finds(t, y, slang, "/guides/qianxin") })
		if x.Position() != before {
			t.Error("it was indexed anew")
		}
		now, err := desk.Synonyms(t.Context())
		if err != nil || now.Text != "# 方言\n甩手掌柜躲猫猫 > 拖欠工资" || now.Version != 2 || now.By != editor.ID || now.At.IsZero() {
			t.Errorf("stored %+v, %v", now, err)
		}
		log, err := w.Ledger.Audit(t.Context(), ledger.AuditFilter{Action: "search.synonyms"})
		if err != nil || len(log) != 1 || log[0].Actor != editor.ID || !strings.Contains(log[0].Detail, "甩手掌柜躲猫猫") {
			t.Errorf("audit %+v, %v", log, err)
		}
	})
}

func TestSynonymsAreNotOverwritten(t *testing.T) {
	_, x, desk, _ := deskWorld(t, dbtest.SQLite(t))
	if err := desk.SaveSynonyms(t.Context(), editor, "甩手掌柜躲猫猫 拖欠工资", 1); err != nil {
		t.Fatal(err)
	}
	err := desk.SaveSynonyms(t.Context(), editor, "另一组词 拖欠工资", 1)
	var stale *StaleSynonyms
	if !errors.As(err, &stale) || !errs.Is(err, errs.Conflict) || stale.Current.Version != 2 || stale.Current.Text == "" {
		t.Errorf("got %v", err)
	}
	if !finds(t, x, "甩手掌柜躲猫猫", "/guides/qianxin") {
		t.Error("the first text is not in force any more")
	}
	reader := auth.Actor{ID: "x", Roles: []auth.Role{auth.Coordinator}}
	if err := desk.SaveSynonyms(t.Context(), reader, "", 2); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a coordinator: %v", err)
	}
}

// A built-in word can be switched off, and given another meaning.
func TestBuiltInSynonymsCanBeSwitchedOff(t *testing.T) {
	f := newFolder()
	builtIn := newSynonyms(f, synonymsText)
	if !builtIn.knows("炒鱿鱼") {
		t.Fatal("炒鱿鱼 is no built-in word any more; choose another for this test")
	}
	off := compileSynonyms(f, synonymsText, "!炒鱿鱼")
	if off.knows("炒鱿鱼") {
		t.Error("still known")
	}
	if len(off.others) >= len(builtIn.others) || len(off.others) < len(builtIn.others)-5 {
		t.Errorf("%d words are left of %d", len(off.others), len(builtIn.others))
	}
	own := compileSynonyms(f, synonymsText, "!炒鱿鱼 # 只留本地的意思\n炒鱿鱼 > 烹饪")
	if got := own.others["炒鱿鱼"]; !slices.Equal(got, []string{"烹饪"}) {
		t.Errorf("炒鱿鱼 is %q", got)
	}
	for word, others := range builtIn.others {
		if word != "炒鱿鱼" && !slices.Contains(others, "炒鱿鱼") && !slices.Equal(own.others[word], others) {
			t.Errorf("%s was %q and is %q", word, others, own.others[word])
		}
	}
}

func TestSynonymLinesAreChecked(t *testing.T) {
	f := newFolder()
	for _, tt := range []struct {
		text string
		line int // 0: nothing wrong
		say  string
	}{
		{"", 0, ""},
		{"# 注释\n\n讨薪 要账 # 后面也可以注释", 0, ""},
		{"要账 > 拖欠工资", 0, ""},
		{"n+1 > 经济补偿", 0, ""},
		{"!炒鱿鱼", 0, ""},
		{"要账", 1, "至少写两个"},
		{"讨薪 要账\n要账 > ", 2, "右边没有词"},
		{" > 拖欠工资", 1, "左边没有词"},
		{">", 1, "左边没有词"},
		{"甲乙 > 丙丁 > 戊己", 1, "只能有一个 >"},
		{"讨薪，要账", 1, "用空格隔开"},
		{"薪 工资", 1, "只有一个字"},
		{"要账 > 薪", 0, ""},
		{"讨薪 ？？", 1, "没有可以查找的字"},
		{"讨薪 " + strings.Repeat("长", 21), 1, "太长"},
		{"讨薪 13800000000", 1, "像是号码"},
		{"!", 1, "后面没有词"},
		{"!没有这个内置词", 1, "内置词表里没有"},
		{"讨薪 !要账", 1, "单独写一行"},
		{strings.Repeat("讨薪 ", 41), 1, "词太多"},
		{strings.Repeat("讨薪 要账\n", 10_000), 0, "64 KB"},
	} {
		ps := checkSynonyms(f, synonymsText, tt.text)
		if tt.say == "" {
			if len(ps) > 0 {
				t.Errorf("%.30q: %v", tt.text, ps)
			}
			continue
		}
		if len(ps) != 1 || ps[0].Line != tt.line || !strings.Contains(ps[0].Message, tt.say) {
			t.Errorf("%.30q: %v", tt.text, ps)
		}
		if tt.line > 0 && !strings.HasPrefix(ps[0].String(), fmt.Sprintf("第 %d 行", tt.line)) {
			t.Errorf("%.30q: %s", tt.text, ps[0])
		}
	}
}

func FuzzSynonyms(f *testing.F) {
	f.Add("讨薪 要账\n!炒鱿鱼\na > b # c")
	fold := newFolder()
	f.Fuzz(func(t *testing.T, text string) {
		const builtIn = "讨薪 欠薪\n炒鱿鱼 > 解除劳动合同\n"
		checkSynonyms(fold, builtIn, text)
		compileSynonyms(fold, builtIn, text)
	})
}

func promoted(t *testing.T, d *Desk, queries []string, addresses ...string) Promoted {
	t.Helper()
	p, err := d.SavePromoted(t.Context(), editor, Promoted{Queries: queries}, addresses)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A promoted page stands on top, on every node, once, and for each spelling.
func TestPromotedAnswersStandOnTop(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, _, desk, _ := deskWorld(t, d)
		_, there := w.other(t)
		want := []string{"/guides/jiabanfei", "/organize/"}
		promoted(t, desk, []string{"劳动合同", "签 合同！"}, "https://sfj.example/pufa/guides/jiabanfei", "/organize/", "/guides/jiabanfei")
		top := func(d *Desk, text string) Answer {
			a, err := d.Search(t.Context(), Query{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		within(t, time.Second, "on the other node", func() bool { return slices.Equal(paths(top(there, "劳动合同").Promoted), want) })
		for _, text := range []string{"勞動合同", "劳动合同", " 劳动 合同？", "签合同"} {
			a := top(desk, text)
			if !slices.Equal(paths(a.Promoted), want) {
				t.Errorf("%s: on top %q", text, paths(a.Promoted))
			}
			if slices.Contains(paths(a.Hits), "/guides/jiabanfei") {
				t.Errorf("%s: it is in the list too", text)
			}
			if len(a.Hits) == 0 {
				t.Errorf("%s: nothing else is found", text)
			}
		}
		if a := top(desk, "劳动合同怎么签"); len(a.Promoted) > 0 {
			t.Error("another query has it too")
		}
		if a, err := desk.Search(t.Context(), Query{Text: "劳动合同", Page: 2}); err != nil || len(a.Promoted) > 0 || slices.Contains(paths(a.Hits), want[0]) {
			t.Errorf("on the second page: %v, %v", paths(a.Hits), err)
		}
		if a, err := desk.Search(t.Context(), Query{Text: "劳动合同", Kind: "law"}); err != nil || len(a.Promoted) > 0 {
			t.Errorf("among laws: %v, %v", paths(a.Promoted), err)
		}
	})
}

// What is withdrawn disappears from the top by itself, and editors see why.
func TestPromotedAnswersGoWithTheirPages(t *testing.T) {
	w, x, desk, _ := deskWorld(t, dbtest.SQLite(t))
	follow(t, x)
	p := promoted(t, desk, []string{"加班"}, "/guides/jiabanfei", "/stations/")
	shown, err := desk.Show(p.Targets)
	if err != nil || len(shown) != 2 || shown[0].Broken || shown[0].Title == "" || shown[1].Title != "就近找人问" {
		t.Fatalf("shown %+v, %v", shown, err)
	}
	live, err := w.Content.Published(t.Context(), content.Guide, "jiabanfei")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Content.Withdraw(t.Context(), auth.System(), live.Edition.ID, live.Version, "试一试"); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	a, err := desk.Search(t.Context(), Query{Text: "加班"})
	if err != nil || !slices.Equal(paths(a.Promoted), []string{"/stations/"}) {
		t.Errorf("on top %q, %v", paths(a.Promoted), err)
	}
	if shown, err = desk.Show(p.Targets); err != nil || !shown[0].Broken || shown[1].Broken {
		t.Errorf("shown %+v, %v", shown, err)
	}
}

func TestPromotedAnswersAreChecked(t *testing.T) {
	_, _, desk, _ := deskWorld(t, dbtest.SQLite(t))
	old := promoted(t, desk, []string{"讨薪"}, "/guides/qianxin")
	for _, tt := range []struct {
		queries, targets []string
		field, say       string
	}{
		{nil, []string{"/guides/qianxin"}, "queries", "请写上读者会搜的话"},
		{[]string{"？？"}, []string{"/guides/qianxin"}, "queries", "没有可以查找的字"},
		{[]string{strings.Repeat("长", 41)}, []string{"/guides/qianxin"}, "queries", "太长"},
		{[]string{"张三 13800000000"}, []string{"/guides/qianxin"}, "queries", "像是号码"},
		{[]string{"工资", "討薪"}, []string{"/guides/qianxin"}, "queries", "已经有另一条"},
		{[]string{"工资"}, nil, "targets", "请写上要推荐的页面"},
		{[]string{"工资"}, []string{"/guides/meiyou"}, "targets", "没有"},
		{[]string{"工资"}, []string{"https://evil.example/guides/qianxin"}, "targets", "不是本站"},
		{[]string{"工资"}, []string{"javascript:alert(1)"}, "targets", "不是本站"},
		{[]string{"工资"}, []string{"//evil.example/"}, "targets", "不是本站"},
		{[]string{"工资"}, []string{"guides/qianxin"}, "targets", "以 / 开头"},
		{[]string{"工资"}, []string{"/admin/"}, "targets", "没有"},
		{[]string{"工资"}, []string{"/topics/nothing/"}, "targets", "没有"},
		{[]string{"工资"}, []string{"/laws/nothing/1"}, "targets", "没有"},
		{[]string{"工资"}, []string{"/", "/guides/", "/qa/", "/laws/", "/events/", "/stations/"}, "targets", "太多"},
	} {
		_, err := desk.SavePromoted(t.Context(), editor, Promoted{Queries: tt.queries}, tt.targets)
		if !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != tt.field || !strings.Contains(errs.MessageOf(err), tt.say) {
			t.Errorf("%q %q: %v: %s", tt.queries, tt.targets, err, errs.MessageOf(err))
		}
	}
	first, err := desk.SavePromoted(t.Context(), editor, Promoted{ID: old.ID, Version: 1, Queries: []string{"讨薪", "要账"}}, []string{"/topics/wages/"})
	if err != nil || first.Version != 2 {
		t.Fatalf("change: %+v, %v", first, err)
	}
	_, err = desk.SavePromoted(t.Context(), editor, Promoted{ID: old.ID, Version: 1, Queries: []string{"讨薪"}}, []string{"/laws/"})
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("a stale form: %v", err)
	}
	if err := desk.DeletePromoted(t.Context(), editor, old.ID, 1); !errs.Is(err, errs.Conflict) {
		t.Errorf("a stale deletion: %v", err)
	}
	if err := desk.DeletePromoted(t.Context(), editor, old.ID, 2); err != nil {
		t.Error(err)
	}
	if a, err := desk.Search(t.Context(), Query{Text: "讨薪"}); err != nil || len(a.Promoted) > 0 {
		t.Errorf("deleted, and on top: %v, %v", a.Promoted, err)
	}
	promoted(t, desk, []string{"讨薪"}, "/guides/qianxin") // the query is free again
}
