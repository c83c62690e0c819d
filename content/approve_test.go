package content_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// leader enters a leader without an account and gives them the last of two stages.
func (k *desk) leader() content.Approver {
	k.t.Helper()
	a := get[content.Approver](k)(k.SaveApprover(k.ctx, boss, content.Approver{Name: "李红", Post: "副局长", Phone: "138 0000 1111", Active: true}))
	k.reviewed(content.Review{Auto: true, Stages: []content.Stage{
		{Name: "初审", Role: auth.Reviewer}, {Name: "终审", Question: "可以对外发布吗", People: []string{a.Person()}}}})
	return a
}

// link makes a link for the leader to a text that has passed the first stage.
func (k *desk) link(a content.Approver, slug string) (content.Edition, content.NewLink) {
	k.t.Helper()
	e := k.approve(words, k.submitted(slug))
	return e, get[content.NewLink](k)(k.MakeLink(k.ctx, author, e.ID, e.Version, a.Person()))
}

func (k *desk) enter(n content.NewLink) string {
	k.t.Helper()
	_, pass, err := k.EnterLink(k.ctx, n.Token, n.Code, "10.0.0.1")
	k.must(err)
	return pass
}

// TestLeaderApprovesOnThePhone: link, code, one decision, and the text is live.
func TestLeaderApprovesOnThePhone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.leader()
		e, n := k.link(a, "a")
		_, err := k.AskedBy(k.ctx, n.Token, "guess")
		wantKind(t, err, errs.SignIn)
		pass := k.enter(n)
		asked := get[content.Asked](k)(k.AskedBy(k.ctx, n.Token, pass))
		if asked.Title != e.Title || asked.Stage.Question != "可以对外发布吗" || asked.Link.Name != "李红 副局长" {
			t.Errorf("asked: %+v", asked)
		}
		e = get[content.Edition](k)(k.Decide(k.ctx, n.Token, pass, true, content.Decision{Remark: "同意"}))
		if e.State != content.Published {
			t.Fatalf("state is %s", e.State)
		}
		sheet, _, err := k.Sheet(k.ctx, boss, e.ID)
		k.must(err)
		if p := sheet.Stages[1].Passed; p == nil || p.Name != "李红 副局长" || p.Way != content.ByPhone || p.Remark != "同意" {
			t.Errorf("on the sheet: %+v", p)
		}
		for _, again := range []func() error{
			func() error { _, err := k.Decide(k.ctx, n.Token, pass, true, content.Decision{}); return err },
			func() error { _, err := k.OpenLink(k.ctx, n.Token); return err },
			func() error { _, _, err := k.EnterLink(k.ctx, n.Token, n.Code, "10.0.0.1"); return err },
		} {
			wantKind(t, again(), errs.Gone)
		}
		entries, err := k.ledger.Audit(k.ctx, ledger.AuditFilter{})
		k.must(err)
		if text := fmt.Sprintf("%+v", entries); strings.Contains(text, n.Token) || strings.Contains(text, n.Code) || strings.Contains(text, "13800001111") {
			t.Error("the audit holds a token, a code or a number")
		}
	})
}

// TestOneDecisionOfManyAtOnce: the link is used once, whoever is quickest.
func TestOneDecisionOfManyAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		_, n := k.link(k.leader(), "a")
		pass := k.enter(n)
		failed := make([]error, 4)
		var wg sync.WaitGroup
		for i := range failed {
			wg.Go(func() {
				_, failed[i] = k.Decide(k.ctx, n.Token, pass, i%2 == 0, content.Decision{Remark: "退"})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range failed {
			if err == nil {
				won++
			} else if !errs.Is(err, errs.Gone) && !errs.Is(err, errs.Conflict) {
				t.Errorf("the loser reads %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d decisions", won)
		}
	})
}

// TestFiveWrongCodesEndTheLink, also when they come at once.
func TestFiveWrongCodesEndTheLink(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.leader()
		_, n := k.link(a, "a")
		wrong := "000000"
		if n.Code == wrong {
			wrong = "000001"
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { k.EnterLink(k.ctx, n.Token, wrong, "10.0.0.1") })
		}
		wg.Wait()
		_, _, err := k.EnterLink(k.ctx, n.Token, n.Code, "10.0.0.1")
		wantKind(t, err, errs.Gone)

		_, n = k.link(a, "b")
		for range 4 {
			_, _, err := k.EnterLink(k.ctx, n.Token, wrong, "10.0.0.1")
			wantKind(t, err, errs.Invalid)
		}
		k.enter(n)
	})
}

// TestLinkIsOfOneText: an edit, time, another link, or another reviewer end it.
func TestLinkIsOfOneText(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	a := k.leader()
	e, n := k.link(a, "edited")
	pass := k.enter(n)
	get[content.Edition](k)(k.Save(k.ctx, boss, e.ID, e.Version, guide("另一个标题")))
	_, err := k.Decide(k.ctx, n.Token, pass, true, content.Decision{})
	wantKind(t, err, errs.Gone)

	e, n = k.link(a, "twice")
	get[content.NewLink](k)(k.MakeLink(k.ctx, author, e.ID, e.Version, a.Person()))
	_, err = k.OpenLink(k.ctx, n.Token)
	wantKind(t, err, errs.Gone)

	_, n = k.link(a, "late")
	k.clock.at = k.clock.at.Add(content.LinkLife)
	_, err = k.OpenLink(k.ctx, n.Token)
	wantKind(t, err, errs.Gone)

	e, _ = k.link(a, "who")
	_, err = k.MakeLink(k.ctx, auth.Actor{ID: "u-x", Name: "别的编辑", Roles: []auth.Role{auth.Editor}}, e.ID, e.Version, a.Person())
	wantKind(t, err, errs.Forbidden)
	first := k.submitted("early")
	_, err = k.MakeLink(k.ctx, author, first.ID, first.Version, a.Person())
	wantKind(t, err, errs.Conflict) // the first stage is not the leader's

	_, n = k.link(a, "gone")
	pass = k.enter(n)
	a.Active, a.Phone = false, ""
	a = get[content.Approver](k)(k.SaveApprover(k.ctx, boss, a))
	_, err = k.Decide(k.ctx, n.Token, pass, true, content.Decision{})
	wantKind(t, err, errs.Gone)
}

// TestLinkOfAnAccount asks for the account's own password, so that whoever made
// the link cannot use it.
func TestLinkOfAnAccount(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t), func(c *content.Config) {
		c.Account = func(_ context.Context, id string) (auth.Actor, error) { return chief, nil }
		c.Verify = func(_ context.Context, id, secret, _ string) error {
			if id == chief.ID && secret == "correct" {
				return nil
			}
			return errs.Bad("password", "密码不对。")
		}
	})
	k.reviewed(content.Review{Stages: content.DefaultStages()[:2]})
	e := k.submitted("a")
	n := get[content.NewLink](k)(k.MakeLink(k.ctx, author, e.ID, e.Version, chief.ID))
	if !n.Password || n.Code != "" {
		t.Fatalf("link: %+v", n)
	}
	_, _, err := k.EnterLink(k.ctx, n.Token, "wrong", "10.0.0.1")
	wantKind(t, err, errs.Invalid)
	_, pass, err := k.EnterLink(k.ctx, n.Token, "correct", "10.0.0.1")
	k.must(err)
	e = get[content.Edition](k)(k.Decide(k.ctx, n.Token, pass, false, content.Decision{Reasons: []string{"错别字"}, Remark: "第一句"}))
	if e.State != content.Draft || e.Reason != "错别字：第一句" {
		t.Errorf("%s: %q", e.State, e.Reason)
	}
	// What was said, the next round shows against.
	text := e.Text
	text.Answer = "先留证据，再去投诉，全都不收费。"
	e = get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, text))
	e = get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
	changes, since, err := k.ChangedSince(k.ctx, get[content.Edition](k)(k.Edition(k.ctx, e.ID)))
	k.must(err)
	if len(changes) != 1 || changes[0].Name != "answer" || since == nil || since.Name != chief.Name {
		t.Errorf("since %+v: %+v", since, changes)
	}
}

func TestMarksFollowTheText(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	text := guide("工资")
	text.Body = "先去**劳动监察**投诉。\n\n- 带合同\n- 带欠条\n\n再去劳动监察问。"
	e := k.create("a", text)
	add := func(quote string, at int) content.Mark {
		return get[content.Mark](k)(k.AddMark(k.ctx, reviewer, e.ID, content.Mark{Anchor: content.Anchor{Field: "body", Quote: quote}, Remark: "查一下"}, at))
	}
	second := add("劳动监察", 1)
	across := add("劳动监察投诉", 0)
	_, err := k.AddMark(k.ctx, reviewer, e.ID, content.Mark{Anchor: content.Anchor{Field: "body", Quote: "没有这句"}, Remark: "x"}, 0)
	if errs.FieldOf(err) != "quote" {
		t.Errorf("a quote that is not there: %v", err)
	}
	text.Body = "前面加一段，说劳动监察是什么。\n\n" + text.Body
	e = get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, text))
	body := content.FieldText(e, "body")
	place := func(m content.Mark) string {
		from, to, ok := m.Find(body)
		if !ok {
			return ""
		}
		squeezed := []rune(strings.Join(strings.Fields(body), ""))
		return string(squeezed[max(0, from-2):from]) + "|" + string(squeezed[from:to])
	}
	if got := place(second); got != "再去|劳动监察" {
		t.Errorf("the second mark is at %q", got)
	}
	if got := place(across); got != "先去|劳动监察投诉" {
		t.Errorf("the mark over bold text is at %q", got)
	}
	m := get[content.Mark](k)(k.ResolveMark(k.ctx, author, second.ID, true))
	if m.Open() || m.ResolvedName != author.Name {
		t.Errorf("resolved: %+v", m)
	}
	text.Body = "全换了。"
	e = get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, text))
	if _, _, ok := across.Find(content.FieldText(e, "body")); ok {
		t.Error("words that are gone are found")
	}
	if all := get[[]content.Mark](k)(k.Marks(k.ctx, e.ID)); len(all) != 2 {
		t.Errorf("marks: %+v", all)
	}
}

// A passage that is marked is found where it was marked, and stays found when
// something is put before or after it.
func TestAnchorsFindTheirPlace(t *testing.T) {
	word := rapid.SampledFrom([]string{"工资", "合同", "，", "。", "\n", " ", "一年", "工"})
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) string { return strings.Join(rapid.SliceOfN(word, 0, 20).Draw(t, name), "") }
		before, quote, after := draw("before"), "工资"+draw("quote"), draw("after")
		text := before + quote + after
		squeezed := len([]rune(strings.Join(strings.Fields(before), "")))
		a, ok := content.NewAnchor("body", text, quote, 0)
		if !ok {
			t.Fatalf("%q is not in %q", quote, text)
		}
		from, to, ok := a.Find(text)
		if !ok || from != a.Start || a.Start > squeezed || to-from != len([]rune(strings.Join(strings.Fields(quote), ""))) {
			t.Fatalf("marked at %d (the text has it at %d), found at %d to %d", a.Start, squeezed, from, to)
		}
		if _, _, ok := a.Find(draw("front") + text); !ok {
			t.Fatal("lost")
		}
	})
}
