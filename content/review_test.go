package content_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// person makes an account of a test.
func person(id string, roles ...auth.Role) auth.Actor {
	return auth.Actor{ID: "u-" + id, Name: id, Roles: roles}
}

var (
	words  = person("wenzi", auth.Reviewer)
	facts  = person("shishi", auth.Reviewer)
	chief  = person("juzhang", auth.Reviewer)
	deputy = person("fuju", auth.Leader)
	boss   = person("guanli", auth.Admin)
)

// reviewed gives the column of guides its stages.
func (k *desk) reviewed(rules content.Review) {
	k.t.Helper()
	c := get[content.Column](k)(k.Column(k.ctx, "guides"))
	c.Review = rules
	get[content.Column](k)(k.SaveColumn(k.ctx, boss, k.mark("guides"), c))
}

func (k *desk) mark(slug string) string { return get[content.Column](k)(k.Column(k.ctx, slug)).Mark() }

// three are the usual stages, for whoever reviews.
func three() content.Review { return content.Review{Stages: content.DefaultStages()} }

func (k *desk) submitted(slug string) content.Edition {
	k.t.Helper()
	e := k.create(slug, guide("拖欠工资怎么办"))
	return get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
}

func (k *desk) approve(who auth.Actor, e content.Edition) content.Edition {
	k.t.Helper()
	return get[content.Edition](k)(k.Approve(k.ctx, who, e.ID, e.Version, "同意"))
}

// TestThreeStages walks a text through 三审 to its readers, and tries the ways
// around at each step.
func TestThreeStages(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.reviewed(three())
		e := k.create("a", guide("拖欠工资怎么办"))
		_, err := k.Publish(k.ctx, boss, e.ID, e.Version)
		wantKind(t, err, errs.Conflict)
		_, err = k.Schedule(k.ctx, boss, e.ID, e.Version, k.clock.at.Add(time.Hour))
		wantKind(t, err, errs.Conflict)
		e = get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
		if e.Review.Number() != 1 || e.Review.Round != 1 {
			t.Fatalf("submitted: stage %d, round %d", e.Review.Number(), e.Review.Round)
		}
		for i, who := range []auth.Actor{words, facts, chief} {
			_, err := k.Publish(k.ctx, boss, e.ID, e.Version)
			wantKind(t, err, errs.Conflict)
			if i > 0 {
				_, err = k.Approve(k.ctx, words, e.ID, e.Version, "再来一步")
				wantKind(t, err, errs.Forbidden)
			}
			_, err = k.Approve(k.ctx, author, e.ID, e.Version, "")
			wantKind(t, err, errs.Forbidden)
			_, err = k.Approve(k.ctx, visitor, e.ID, e.Version, "")
			wantKind(t, err, errs.Forbidden)
			doc := get[content.Document](k)(k.Document(k.ctx, e.DocumentID))
			if may := k.Possible(who, doc, e); !slices.Contains(may, content.ActApprove) || slices.Contains(may, content.ActPublish) {
				t.Errorf("stage %d offers %v", i+1, may)
			}
			e = k.approve(who, e)
		}
		if !e.Review.Done() || e.State != content.Submitted {
			t.Fatalf("after three approvals: %s, %+v", e.State, e.Review.Passed)
		}
		e = get[content.Edition](k)(k.Publish(k.ctx, chief, e.ID, e.Version))
		if e.State != content.Published {
			t.Fatalf("state is %s", e.State)
		}
		_, sealed, err := k.Sheet(k.ctx, boss, e.ID)
		k.must(err)
		if len(sealed) != 1 || sealed[0].Broken || sealed[0].Hash != e.Hash() || len(sealed[0].Stages) != 3 || sealed[0].Rounds != 1 {
			t.Fatalf("sealed: %+v", sealed)
		}
		for i, who := range []string{"wenzi", "shishi", "juzhang"} {
			if p := sealed[0].Stages[i].Passed; p == nil || p.Name != who || p.Remark != "同意" {
				t.Errorf("stage %d on the sheet: %+v", i+1, p)
			}
		}
		k.must(k.ledger.Verify(k.ctx))
	})
}

// TestEditVoidsApprovals: one changed character, and the review begins anew.
func TestEditVoidsApprovals(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.reviewed(three())
		e := k.approve(facts, k.approve(words, k.submitted("a")))
		same := get[content.Edition](k)(k.Save(k.ctx, boss, e.ID, e.Version, e.Text))
		if same.Review.Number() != 3 {
			t.Errorf("saving the same text leads to stage %d", same.Review.Number())
		}
		text := same.Text
		text.Body += "。"
		e = get[content.Edition](k)(k.Save(k.ctx, boss, same.ID, same.Version, text))
		if e.Review.Number() != 1 || e.Review.Round != 2 {
			t.Errorf("after an edit: stage %d, round %d", e.Review.Number(), e.Review.Round)
		}
		// The old text again is still not what was approved: somebody must look.
		e = get[content.Edition](k)(k.Save(k.ctx, boss, e.ID, e.Version, same.Text))
		if e.Review.Number() != 1 {
			t.Errorf("after the edit was taken back: stage %d", e.Review.Number())
		}
		_, err := k.Publish(k.ctx, boss, e.ID, e.Version)
		wantKind(t, err, errs.Conflict)
		_, err = k.Approve(k.ctx, boss, e.ID, e.Version, "")
		wantKind(t, err, errs.Forbidden)
		e = k.approve(chief, k.approve(facts, k.approve(words, e)))
		get[content.Edition](k)(k.Publish(k.ctx, boss, e.ID, e.Version))
	})
}

// TestEditAndApproveAtOnce: whatever comes first, no text gets out that was not
// approved as it is.
func TestEditAndApproveAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		rules := content.Review{Stages: content.DefaultStages()[:1], Auto: true}
		k.reviewed(rules)
		for i := range 6 {
			slug := fmt.Sprint("a", i)
			e := k.submitted(slug)
			text := e.Text
			text.Title = "改过的标题"
			var wg sync.WaitGroup
			var edited, approved error
			wg.Go(func() { _, edited = k.Save(k.ctx, boss, e.ID, e.Version, text) })
			wg.Go(func() { _, approved = k.Approve(k.ctx, words, e.ID, e.Version, "") })
			wg.Wait()
			if (edited == nil) == (approved == nil) {
				t.Fatalf("edited: %v, approved: %v", edited, approved)
			}
			live, err := k.Published(k.ctx, content.Guide, slug)
			if published := err == nil; published != (approved == nil) || published && live.Title != e.Title {
				t.Errorf("edited: %v, approved: %v, readers have %q (%v)", edited, approved, live.Title, err)
			}
		}
	})
}

func TestDeputies(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	rules := content.Review{Stages: []content.Stage{
		{Name: "初审", People: []string{words.ID}},
		{Name: "终审", People: []string{chief.ID}, Deputies: []content.Deputy{{Person: deputy.ID, From: "2026-11-20", To: "2026-11-25"}, {Person: words.ID}}}}}
	k.reviewed(rules)
	e := k.approve(words, k.submitted("a"))
	_, err := k.Approve(k.ctx, words, e.ID, e.Version, "")
	wantKind(t, err, errs.Forbidden) // also not as a deputy
	_, err = k.Approve(k.ctx, facts, e.ID, e.Version, "")
	wantKind(t, err, errs.Forbidden)
	k.clock.at = k.clock.at.AddDate(0, 0, 10)
	_, err = k.Approve(k.ctx, deputy, e.ID, e.Version, "")
	wantKind(t, err, errs.Forbidden)
	k.clock.at = k.clock.at.AddDate(0, 0, -8)
	e = k.approve(deputy, e)
	if p := e.Review.Passed[1]; !p.Deputy || p.Name != deputy.Name {
		t.Errorf("the deputy's line: %+v", p)
	}
}

// TestAdminsOnlyWhereTheBureauSaysSo: an office of one may have it so, in the open.
func TestAdminsOnlyWhereTheBureauSaysSo(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	rules := three()
	k.reviewed(rules)
	e := get[content.Edition](k)(k.Create(k.ctx, boss, content.Guide, "a", guide("工资")))
	e = get[content.Edition](k)(k.Submit(k.ctx, boss, e.ID, e.Version))
	_, err := k.Approve(k.ctx, boss, e.ID, e.Version, "")
	wantKind(t, err, errs.Forbidden)
	rules.Admins = true
	k.reviewed(rules)
	for range 3 {
		e = k.approve(boss, e)
	}
	if !e.Review.Done() {
		t.Errorf("passed: %+v", e.Review.Passed)
	}
}

func TestSecrecyComesFirst(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	rules := three()
	rules.Secrecy = true
	k.reviewed(rules)
	e := k.create("a", guide("工资"))
	_, err := k.Submit(k.ctx, author, e.ID, e.Version)
	if errs.FieldOf(err) != "secrecy" {
		t.Errorf("without the check: %v", err)
	}
	e = get[content.Edition](k)(k.Clear(k.ctx, author, e.ID, e.Version))
	e = get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
	if e.Review.Cleared == nil || e.Review.Cleared.Name != author.Name || e.Review.Round != 1 {
		t.Errorf("cleared: %+v", e.Review.Cleared)
	}
	text := e.Text
	text.Body = "绝密"
	e = get[content.Edition](k)(k.Save(k.ctx, chief, e.ID, e.Version, text))
	_, err = k.Approve(k.ctx, words, e.ID, e.Version, "")
	wantKind(t, err, errs.Conflict) // the check was of another text
	e = get[content.Edition](k)(k.Clear(k.ctx, author, e.ID, e.Version))
	k.approve(words, e)
}

func TestReturnSaysWhy(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.reviewed(three())
	e := k.approve(words, k.submitted("a"))
	_, err := k.ReturnFor(k.ctx, facts, e.ID, e.Version, content.Decision{})
	if errs.FieldOf(err) != "reason" {
		t.Errorf("nothing said: %v", err)
	}
	e = get[content.Edition](k)(k.ReturnFor(k.ctx, facts, e.ID, e.Version, content.Decision{Reasons: []string{"法条有误", "格式"}, Remark: "第三十条改了"}))
	if e.Reason != "法条有误、格式：第三十条改了" || e.State != content.Draft {
		t.Errorf("%s: %q", e.State, e.Reason)
	}
	e = get[content.Edition](k)(k.Submit(k.ctx, author, e.ID, e.Version))
	if e.Review.Number() != 1 || e.Review.Round != 2 {
		t.Errorf("submitted again: stage %d, round %d", e.Review.Number(), e.Review.Round)
	}
}

func TestEmergency(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.reviewed(three())
		e := k.create("a", guide("暴雨红色预警"))
		_, err := k.Urge(k.ctx, author, e.ID, e.Version, "暴雨")
		wantKind(t, err, errs.Forbidden)
		_, err = k.Urge(k.ctx, words, e.ID, e.Version, " ")
		wantKind(t, err, errs.Invalid)
		e = get[content.Edition](k)(k.Urge(k.ctx, words, e.ID, e.Version, "暴雨红色预警，不能等"))
		_, err = k.Force(k.ctx, words, e.ID, e.Version)
		wantKind(t, err, errs.Forbidden)
		_, err = k.Force(k.ctx, author, e.ID, e.Version)
		wantKind(t, err, errs.Forbidden)
		e = get[content.Edition](k)(k.Force(k.ctx, boss, e.ID, e.Version))
		if e.State != content.Published || !e.Review.Urgent.Open() || !e.Review.Urgent.Due.Equal(k.clock.at.Add(24*time.Hour)) {
			t.Fatalf("%s, %+v", e.State, e.Review.Urgent)
		}
		k.clock.at = k.clock.at.Add(25 * time.Hour)
		queue := get[[]content.ReviewItem](k)(k.ReviewQueue(k.ctx, facts))
		if len(queue) != 1 || !queue[0].Late || !queue[0].Mine {
			t.Fatalf("queue: %+v", queue)
		}
		for _, who := range []auth.Actor{facts, words, chief} {
			if len(get[map[string]content.Emergency](k)(k.OpenEmergencies(k.ctx))) != 1 {
				t.Error("closed too soon")
			}
			e = k.approve(who, e)
		}
		if e.Review.Urgent.Outcome != "passed" || len(get[map[string]content.Emergency](k)(k.OpenEmergencies(k.ctx))) != 0 {
			t.Errorf("after the late review: %+v", e.Review.Urgent)
		}
		_, sealed, err := k.Sheet(k.ctx, boss, e.ID)
		k.must(err)
		if len(sealed) != 2 || sealed[0].Stages[0].Passed != nil || sealed[1].Stages[2].Passed == nil {
			t.Errorf("sealed: %+v", sealed)
		}
	})
}

// TestLateReviewSaysNo: the text stays red until it is withdrawn or replaced,
// and cannot come back unreviewed.
func TestLateReviewSaysNo(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.reviewed(three())
	for _, way := range []string{"withdraw", "revise"} {
		e := k.create(way, guide("暴雨红色预警"))
		e = get[content.Edition](k)(k.Urge(k.ctx, words, e.ID, e.Version, "暴雨"))
		e = get[content.Edition](k)(k.Force(k.ctx, boss, e.ID, e.Version))
		e = get[content.Edition](k)(k.Refuse(k.ctx, facts, e.ID, e.Version, content.Decision{Remark: "时间写错了"}))
		if e.State != content.Published || e.Review.Urgent.Refused.IsZero() || !e.Review.Urgent.Open() {
			t.Fatalf("%s: %+v", e.State, e.Review.Urgent)
		}
		_, err := k.Approve(k.ctx, chief, e.ID, e.Version, "")
		wantKind(t, err, errs.Conflict)
		if way == "withdraw" {
			e = get[content.Edition](k)(k.Withdraw(k.ctx, boss, e.ID, e.Version, "时间写错了"))
			_, err = k.Restore(k.ctx, boss, e.ID, e.Version)
			wantKind(t, err, errs.Conflict)
			continue
		}
		r := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
		r = get[content.Edition](k)(k.Save(k.ctx, author, r.ID, r.Version, guide("暴雨橙色预警")))
		r = get[content.Edition](k)(k.Submit(k.ctx, author, r.ID, r.Version))
		r = k.approve(chief, k.approve(facts, k.approve(words, r)))
		get[content.Edition](k)(k.Publish(k.ctx, boss, r.ID, r.Version))
	}
	if open := get[map[string]content.Emergency](k)(k.OpenEmergencies(k.ctx)); len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
}

func TestScheduledNeedsTheStagesWhenItIsDue(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	rules := three()
	k.reviewed(content.Review{Stages: rules.Stages[:1]})
	e := k.approve(words, k.submitted("a"))
	e = get[content.Edition](k)(k.Schedule(k.ctx, boss, e.ID, e.Version, k.clock.at.Add(time.Hour)))
	k.reviewed(rules) // two more since
	if n, err := k.PublishDue(k.ctx, e.Due); n != 0 {
		t.Errorf("%d published (%v)", n, err)
	}
	k.reviewed(content.Review{Stages: rules.Stages[:1]})
	if n, err := k.PublishDue(k.ctx, e.Due); n != 1 {
		t.Errorf("%d published (%v)", n, err)
	}
}

func TestMajorChangeSaysWhat(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	e := k.publish("a", guide("工资"))
	r := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
	r = get[content.Edition](k)(k.Amend(k.ctx, author, r.ID, r.Version, content.Amendment{Major: true}))
	_, err := k.Publish(k.ctx, reviewer, r.ID, r.Version)
	if errs.FieldOf(err) != "change_note" {
		t.Errorf("a major change without a note: %v", err)
	}
	r = get[content.Edition](k)(k.Amend(k.ctx, author, r.ID, r.Version, content.Amendment{Major: true, Note: "最低工资标准调整"}))
	r = get[content.Edition](k)(k.Publish(k.ctx, reviewer, r.ID, r.Version))
	m := get[content.Edition](k)(k.Revise(k.ctx, author, r.ID, r.Version))
	get[content.Edition](k)(k.Publish(k.ctx, reviewer, m.ID, m.Version))
	list := get[[]content.PublicChange](k)(k.Changes(k.ctx, e.DocumentID))
	if len(list) != 2 || list[0].Note != "最低工资标准调整" || !list[1].First {
		t.Errorf("history: %+v", list)
	}
}

func TestColumnsAreChecked(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	c := get[content.Column](k)(k.Column(k.ctx, "guides"))
	_, err := k.SaveColumn(k.ctx, reviewer, c.Mark(), c)
	wantKind(t, err, errs.Forbidden)
	c.Review = content.Review{Stages: []content.Stage{{Name: "文字", Role: auth.Reviewer}, {Name: "文字"}}}
	_, err = k.SaveColumn(k.ctx, boss, c.Mark(), c)
	if errs.FieldOf(err) != "stage_2_name" || !strings.Contains(errs.MessageOf(err), "由谁来审") {
		t.Errorf("bad stages: %v", errs.MessageOf(err))
	}
	c.Review = three()
	_, err = k.SaveColumn(k.ctx, boss, "stale", c)
	wantKind(t, err, errs.Conflict)
	get[content.Column](k)(k.SaveColumn(k.ctx, boss, k.mark("guides"), c))
	k.must(k.SetColumns(k.ctx, auth.System(), []content.Column{{Slug: "guides", Name: "指南"}, {Slug: "notices", Name: "通知"}}))
	if c := get[content.Column](k)(k.Column(k.ctx, "guides")); len(c.Review.Stages) != 3 {
		t.Errorf("an import of the list took the stages: %+v", c)
	}
}

// TestReviewLikeItsModel drives one text with random people through random
// steps, beside a model that is told in sets: who wrote, who approved what of
// which text.
func TestReviewLikeItsModel(t *testing.T) {
	staff := []auth.Actor{author, words, facts, chief, boss, deputy, person("bianji2", auth.Editor)}
	k := newDesk(t, dbtest.SQLite(t))
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 3).Draw(rt, "stages")
		k.reviewed(content.Review{Stages: content.DefaultStages()[:n], Auto: rapid.Bool().Draw(rt, "auto")})
		m := &reviewModel{k: k, stages: n, wrote: map[string]bool{author.ID: true}}
		m.e = k.create("", guide("工资"))
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			m.step(rt, rapid.SampledFrom(staff).Draw(rt, "who"))
		}
	})
}

// reviewModel is what a person would remember of one text.
type reviewModel struct {
	k        *desk
	e        content.Edition
	stages   int
	wrote    map[string]bool
	approved []string // persons, of this text, in order of the stages
	texts    int
}

func (m *reviewModel) step(rt *rapid.T, who auth.Actor) {
	publisher, editor := who.Can(auth.Publish), who.Can(auth.Write)
	act := rapid.SampledFrom([]content.Action{content.ActSave, content.ActSubmit, content.ActApprove, content.ActApprove, content.ActApprove,
		content.ActReturn, content.ActRecall, content.ActPublish}).Draw(rt, "act")
	stands := m.e.State == content.Draft
	waits := m.e.State == content.Submitted
	mayTake := slices.Contains(who.Roles, auth.Reviewer) && !m.wrote[who.ID] && !slices.Contains(m.approved, who.ID) && len(m.approved) < m.stages
	var want bool
	text := m.e.Text
	switch act {
	case content.ActSave:
		want = stands && editor || waits && publisher
		m.texts++
		text.Title = fmt.Sprint("工资 ", m.texts)
	case content.ActSubmit:
		want = stands && editor
	case content.ActApprove:
		want = waits && mayTake
	case content.ActReturn:
		want = waits && (publisher || mayTake)
	case content.ActRecall:
		want = waits && editor
	case content.ActPublish:
		want = waits && publisher && len(m.approved) == m.stages
	}
	var e content.Edition
	var err error
	switch act {
	case content.ActSave:
		e, err = m.k.Save(m.k.ctx, who, m.e.ID, m.e.Version, text)
	case content.ActApprove:
		e, err = m.k.Approve(m.k.ctx, who, m.e.ID, m.e.Version, "")
	default:
		e, err = m.k.act(who, act, m.e)
	}
	if (err == nil) != want {
		rt.Fatalf("%s by %s in %s after %v: %v, want allowed: %v", act, who.Name, m.e.State, m.approved, err, want)
	}
	if err == nil {
		m.after(rt, act, who, e)
	}
}

// after is what a step that was taken means.
func (m *reviewModel) after(rt *rapid.T, act content.Action, who auth.Actor, e content.Edition) {
	auto := m.e.Review.Auto
	m.e = e
	switch act {
	case content.ActSave, content.ActSubmit:
		m.wrote[who.ID], m.approved = true, nil
	case content.ActApprove:
		m.approved = append(m.approved, who.ID)
	case content.ActReturn, content.ActRecall:
		m.approved = nil
	}
	out := act == content.ActPublish || act == content.ActApprove && auto && len(m.approved) == m.stages
	if (e.State == content.Published) != out {
		rt.Fatalf("after %s by %s: %s with %v of %d", act, who.Name, e.State, m.approved, m.stages)
	}
	if e.State.Work() && len(e.Review.Passed) != len(m.approved) {
		rt.Fatalf("after %s: passed %d, want %v", act, len(e.Review.Passed), m.approved)
	}
}
