package content_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// act does an action in the plainest way, as the actor.
func (k *desk) act(actor auth.Actor, a content.Action, e content.Edition) (content.Edition, error) {
	switch a {
	case content.ActSave:
		return k.Save(k.ctx, actor, e.ID, e.Version, guide("改过的"))
	case content.ActSubmit:
		return k.Submit(k.ctx, actor, e.ID, e.Version)
	case content.ActRecall:
		return k.Recall(k.ctx, actor, e.ID, e.Version)
	case content.ActReturn:
		return k.Return(k.ctx, actor, e.ID, e.Version, "第二段没有依据")
	case content.ActPublish:
		return k.Publish(k.ctx, actor, e.ID, e.Version)
	case content.ActSchedule:
		return k.Schedule(k.ctx, actor, e.ID, e.Version, k.clock.at.Add(24*time.Hour))
	case content.ActUnschedule:
		return k.Unschedule(k.ctx, actor, e.ID, e.Version)
	case content.ActWithdraw:
		return k.Withdraw(k.ctx, actor, e.ID, e.Version, "法律已经修改")
	case content.ActRestore:
		return k.Restore(k.ctx, actor, e.ID, e.Version)
	case content.ActUnpublish:
		return k.Unpublish(k.ctx, actor, e.ID, e.Version, "与另一篇合并", "")
	case content.ActRevise:
		return k.Revise(k.ctx, actor, e.ID, e.Version)
	case content.ActDelete:
		return content.Edition{}, k.DeleteDraft(k.ctx, actor, e.ID, e.Version)
	}
	panic("no such action: " + a)
}

// in brings a new guide to a state.
func (k *desk) in(state content.State, slug string) content.Edition {
	k.t.Helper()
	way := map[content.State][]content.Action{
		content.Submitted:   {content.ActSubmit},
		content.Scheduled:   {content.ActSchedule},
		content.Published:   {content.ActPublish},
		content.Withdrawn:   {content.ActPublish, content.ActWithdraw},
		content.Unpublished: {content.ActPublish, content.ActUnpublish},
		content.Superseded:  {content.ActPublish},
	}
	e := k.create(slug, guide("拖欠工资怎么办"))
	for _, a := range way[state] {
		e = get[content.Edition](k)(k.act(reviewer, a, e))
	}
	if state == content.Superseded {
		r := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
		get[content.Edition](k)(k.Publish(k.ctx, reviewer, r.ID, r.Version))
		e = get[content.Edition](k)(k.Edition(k.ctx, e.ID))
	}
	if e.State != state {
		k.t.Fatalf("state is %s, want %s", e.State, state)
	}
	return e
}

// allowed is the workflow as a person would tell it: every pair that is not
// here must be refused.
var allowed = map[content.State]map[content.Action]content.State{
	content.Draft: {content.ActSave: content.Draft, content.ActSubmit: content.Submitted, content.ActPublish: content.Published,
		content.ActSchedule: content.Scheduled, content.ActDelete: ""},
	content.Submitted: {content.ActSave: content.Submitted, content.ActRecall: content.Draft, content.ActReturn: content.Draft,
		content.ActPublish: content.Published, content.ActSchedule: content.Scheduled},
	content.Scheduled:   {content.ActPublish: content.Published, content.ActSchedule: content.Scheduled, content.ActUnschedule: content.Draft},
	content.Published:   {content.ActRevise: content.Draft, content.ActWithdraw: content.Withdrawn, content.ActUnpublish: content.Unpublished},
	content.Withdrawn:   {content.ActRevise: content.Draft, content.ActRestore: content.Published, content.ActUnpublish: content.Unpublished},
	content.Unpublished: {content.ActRevise: content.Draft, content.ActRestore: content.Published},
	content.Superseded:  {content.ActRevise: content.Draft},
}

var actions = []content.Action{content.ActSave, content.ActSubmit, content.ActRecall, content.ActReturn, content.ActPublish,
	content.ActSchedule, content.ActUnschedule, content.ActWithdraw, content.ActRestore, content.ActUnpublish, content.ActRevise, content.ActDelete}

// TestEveryStep tries each action in each state: it leads where the table says
// or is refused as a conflict and changes nothing.
func TestEveryStep(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for _, from := range content.States {
			for _, a := range actions {
				e := k.in(from, string(from)+"-"+string(a))
				got, err := k.act(reviewer, a, e)
				to, ok := allowed[from][a]
				switch {
				case ok && err != nil:
					t.Errorf("%s in %s: %v", a, from, err)
				case ok && a != content.ActDelete && got.State != to:
					t.Errorf("%s in %s leads to %s, want %s", a, from, got.State, to)
				case !ok && !errs.Is(err, errs.Conflict):
					t.Errorf("%s in %s: error is %v, want a conflict", a, from, err)
				case !ok:
					if now := get[content.Edition](k)(k.Edition(k.ctx, e.ID)); now.Version != e.Version || now.State != e.State {
						t.Errorf("%s in %s was refused and changed the edition to %s", a, from, now.State)
					}
				}
			}
		}
		k.must(k.ledger.Verify(k.ctx))
	})
}

// TestWhoMay tells whom each step is for; the coordinator may do none.
func TestWhoMay(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	editors := []content.Action{content.ActSave, content.ActSubmit, content.ActRecall, content.ActRevise, content.ActDelete}
	for from, row := range allowed {
		for a := range row {
			mayEdit := slices.Contains(editors, a) && !(from == content.Submitted && a == content.ActSave)
			for _, actor := range []auth.Actor{author, visitor} {
				e := k.in(from, string(from)+"-"+string(a)+"-"+actor.ID[2:])
				doc := get[content.Document](k)(k.Document(k.ctx, e.DocumentID))
				if offered := slices.Contains(k.Possible(actor, doc, e), a); offered != (mayEdit && actor.ID == author.ID) {
					t.Errorf("%s in %s is offered to %s: %v", a, from, actor.Name, offered)
				}
				_, err := k.act(actor, a, e)
				if want := mayEdit && actor.ID == author.ID; want != (err == nil) || err != nil && !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s in %s by %s: %v", a, from, actor.Name, err)
				}
			}
		}
	}
	_, err := k.Create(k.ctx, visitor, content.News, "x", content.Text{})
	wantKind(t, err, errs.Forbidden)
}

func TestTwoPersons(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t), func(c *content.Config) { c.TwoPerson = true })
	other := auth.Actor{ID: "u-other", Name: "另一位审核", Roles: []auth.Role{auth.Reviewer}}
	e := get[content.Edition](k)(k.Create(k.ctx, reviewer, content.Guide, "a", guide("工资")))
	_, err := k.Publish(k.ctx, reviewer, e.ID, e.Version)
	wantKind(t, err, errs.Forbidden)
	doc := get[content.Document](k)(k.Document(k.ctx, e.DocumentID))
	if slices.Contains(k.Possible(reviewer, doc, e), content.ActPublish) {
		t.Error("the author is offered to publish")
	}
	get[content.Edition](k)(k.Publish(k.ctx, other, e.ID, e.Version))
}

// TestProblemsComeTogether: an editor sees all that is missing at once, in
// Chinese, and the draft stays.
func TestProblemsComeTogether(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	good := guide("拖欠工资怎么办")
	long := ""
	for range content.MaxAnswer + 1 {
		long += "长"
	}
	for _, c := range []struct {
		name   string
		spoil  func(*content.Text)
		fields []string
	}{
		{"empty", func(t *content.Text) { *t = content.Text{} }, []string{"title", "body", "answer", "sources", "checked"}},
		{"long answer", func(t *content.Text) { t.Answer = long }, []string{"answer"}},
		{"day", func(t *content.Text) { t.Checked, t.Written = "11月1日", "2026-13-01" }, []string{"checked", "written"}},
		{"future", func(t *content.Text) { t.Checked, t.Written = "2026-11-21", "2027-01-01" }, []string{"checked", "written"}},
		{"topic and column", func(t *content.Text) { t.Topics, t.Column = []string{"x"}, "notices" }, []string{"topics", "column"}},
		{"cover", func(t *content.Text) { t.Cover = "/media/" + key('a') + "/a.png" }, []string{"cover_alt"}},
		{"foreign cover", func(t *content.Text) { t.Cover, t.CoverAlt = "https://a.cn/a.png", "图" }, []string{"cover"}},
		{"pictures", func(t *content.Text) { t.Body = "![](/media/" + key('a') + "/a.png) ![图](b.png)" }, []string{"body", "body"}},
		{"link to a file", func(t *content.Text) { t.Body = "见[表](b.docx)" }, []string{"body"}},
		{"attachment", func(t *content.Text) { t.Attachments = []content.Attachment{{File: "b.docx", Name: "表"}} }, []string{"attachments"}},
		{"fit", func(*content.Text) {}, nil},
	} {
		text := good
		c.spoil(&text)
		e := k.create("", text)
		_, err := k.Submit(k.ctx, author, e.ID, e.Version)
		var ps content.Problems
		errors.As(err, &ps)
		var fields []string
		for _, p := range ps {
			fields = append(fields, p.Field)
		}
		if !slices.Equal(fields, c.fields) {
			t.Errorf("%s: problems at %q, want %q (%v)", c.name, fields, c.fields, err)
		}
		if c.fields != nil && (!errs.Is(err, errs.Invalid) || errs.MessageOf(err) == "" || errs.FieldOf(err) != c.fields[0]) {
			t.Errorf("%s: error %v says %q", c.name, err, errs.MessageOf(err))
		}
	}
}

func TestTwoPublishAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for _, slug := range []string{"a", "b", "c"} {
			e := k.in(content.Submitted, slug)
			errors := make([]error, 4)
			var wg sync.WaitGroup
			for i := range errors {
				wg.Go(func() { _, errors[i] = k.Publish(k.ctx, reviewer, e.ID, e.Version) })
			}
			wg.Wait()
			won := 0
			for _, err := range errors {
				if err == nil {
					won++
				} else if !errs.Is(err, errs.Conflict) {
					t.Errorf("the loser reads %v", err)
				}
			}
			rows := get[[]ledger.AuditEntry](k)(k.ledger.Audit(k.ctx, ledger.AuditFilter{Object: "document:" + e.DocumentID, Action: "document.publish"}))
			if won != 1 || len(rows) != 1 {
				t.Errorf("%d published, %d in the audit", won, len(rows))
			}
		}
	})
}

func TestReturnedTextSaysWhy(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	e := k.in(content.Submitted, "a")
	_, err := k.Return(k.ctx, reviewer, e.ID, e.Version, " \n")
	if errs.FieldOf(err) != "reason" {
		t.Errorf("no reason: %v", err)
	}
	e = get[content.Edition](k)(k.act(reviewer, content.ActReturn, e))
	e = get[content.Edition](k)(k.act(author, content.ActSave, e))
	if e.Reason != "第二段没有依据" {
		t.Errorf("after the first save the reason is %q", e.Reason)
	}
	e = get[content.Edition](k)(k.act(author, content.ActSubmit, e))
	if e.Reason != "" {
		t.Errorf("after submitting again the reason is %q", e.Reason)
	}
	if step, ok := e.Last(content.ActReturn); !ok || step.Reason != "第二段没有依据" || step.Name != reviewer.Name {
		t.Errorf("trail: %+v", e.Trail)
	}
}

func TestClockPublishesWhatIsDue(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		if at := get[time.Time](k)(k.NextDue(k.ctx)); !at.IsZero() {
			t.Errorf("an empty store is due at %s", at)
		}
		e := k.in(content.Scheduled, "a")
		if at := get[time.Time](k)(k.NextDue(k.ctx)); !at.Equal(e.Due) {
			t.Errorf("due at %s, want %s", at, e.Due)
		}
		if n := get[int](k)(k.PublishDue(k.ctx, e.Due.Add(-time.Second))); n != 0 {
			t.Errorf("%d published too soon", n)
		}
		k.clock.at = e.Due.Add(time.Minute)
		if n := get[int](k)(k.PublishDue(k.ctx, k.clock.at)); n != 1 {
			t.Errorf("%d published", n)
		}
		live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a"))
		if !live.First.Equal(k.clock.at) {
			t.Errorf("published at %s, which is not when it was", live.First)
		}
		_, err := k.Schedule(k.ctx, reviewer, k.create("b", guide("b")).ID, 1, k.clock.at)
		if errs.FieldOf(err) != "due" {
			t.Errorf("scheduled for now: %v", err)
		}
	})
}

func TestAddressesAreForEver(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.publish("first", guide("工资"))
		for _, slug := range []string{"second", "third"} {
			get[content.Document](k)(k.Rename(k.ctx, reviewer, e.DocumentID, slug))
		}
		k.wantMoved("first", "/guides/third")
		k.wantMoved("second", "/guides/third")
		_, err := k.Create(k.ctx, author, content.Guide, "first", guide("别的"))
		wantKind(t, err, errs.Conflict)
		get[content.Document](k)(k.Rename(k.ctx, reviewer, e.DocumentID, "first"))
		k.wantMoved("third", "/guides/first")

		for _, bad := range []string{"", "/guides/first", "//evil.cn/", "javascript:alert(1)", "http://a.cn/", "/\\evil.cn"} {
			if bad == "" {
				continue
			}
			if _, err := k.Unpublish(k.ctx, reviewer, e.ID, e.Version, "合并", bad); errs.FieldOf(err) != "moved_to" {
				t.Errorf("moved to %q: %v", bad, err)
			}
		}
		e = get[content.Edition](k)(k.Unpublish(k.ctx, reviewer, e.ID, e.Version, "合并", "/guides/qianxin"))
		k.wantMoved("first", "/guides/qianxin")
		e = get[content.Edition](k)(k.Restore(k.ctx, reviewer, e.ID, e.Version))
		live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "first"))
		if !live.First.Equal(e.Published) {
			t.Errorf("restoring changed the publication time to %s", live.First)
		}
		get[content.Edition](k)(k.Unpublish(k.ctx, reviewer, e.ID, e.Version, "过时", ""))
		_, err = k.Published(k.ctx, content.Guide, "first")
		wantKind(t, err, errs.Gone)
	})
}

func (k *desk) wantMoved(slug, to string) {
	k.t.Helper()
	_, err := k.Published(k.ctx, content.Guide, slug)
	var moved *content.Moved
	if !errors.As(err, &moved) || moved.To != to {
		k.t.Errorf("%s: error %v, want moved to %s", slug, err, to)
	}
}

func TestWithdrawnStaysReadable(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.in(content.Withdrawn, "a")
	live := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a"))
	if live.State != content.Withdrawn || live.Reason != "法律已经修改" || live.HTML == "" {
		t.Errorf("withdrawn: %+v", live.Edition)
	}
	for _, f := range []content.Filter{{}, {Topic: "wages"}, {Column: "guides"}} {
		if l := get[content.Listing[content.Item]](k)(k.List(k.ctx, f)); l.Total != 0 || len(l.Items) != 0 {
			t.Errorf("a withdrawn text is in list %+v", f)
		}
	}
}

func TestDeletingTheOnlyDraftDeletesTheDocument(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("a", guide("a"))
		k.must(k.DeleteDraft(k.ctx, author, e.ID, e.Version))
		_, err := k.Document(k.ctx, e.DocumentID)
		wantKind(t, err, errs.NotFound)

		p := k.publish("a", guide("工资"))
		r := get[content.Edition](k)(k.Revise(k.ctx, author, p.ID, p.Version))
		_, err = k.Revise(k.ctx, author, p.ID, p.Version)
		wantKind(t, err, errs.Conflict)
		k.must(k.DeleteDraft(k.ctx, author, r.ID, r.Version))
		doc := get[content.Document](k)(k.Document(k.ctx, p.DocumentID))
		if doc.HeadID != p.ID || doc.LiveID != p.ID {
			t.Errorf("document: %+v", doc)
		}
		r = get[content.Edition](k)(k.Revise(k.ctx, author, p.ID, p.Version))
		if r.Number != 3 {
			t.Errorf("the next edition has number %d: numbers must not be given twice", r.Number)
		}
	})
}

// key is a media key.
func key(c byte) string { return string(slices.Repeat([]byte{c}, 64)) }
