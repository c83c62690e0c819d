package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
)

// asked is a guide that waits for a leader, and the link that leads there.
func (r *rig) asked(t *testing.T, slug string) (content.Edition, content.NewLink) {
	t.Helper()
	ctx := t.Context()
	a, err := r.content.SaveApprover(ctx, admin, content.Approver{Name: "李红", Post: "副局长", Phone: "13800001111", Active: true})
	check(t, err)
	c := content.Column{Slug: "reviewed", Name: "审过的", Kinds: []content.Kind{content.Guide}, Order: 1,
		Review: content.Review{Auto: true, Stages: []content.Stage{{Name: "终审", Question: "可以对外发布吗", People: []string{a.Person()}}}}}
	_, err = r.content.SaveColumn(ctx, admin, "", c)
	check(t, err)
	text := guide("垫付工资怎么追")
	text.Column = c.Slug
	editor := auth.Actor{ID: "u-editor", Name: "王编辑", Roles: []auth.Role{auth.Editor}}
	e, err := r.content.Create(ctx, editor, content.Guide, slug, text)
	check(t, err)
	e, err = r.content.Submit(ctx, editor, e.ID, e.Version)
	check(t, err)
	n, err := r.content.MakeLink(ctx, editor, e.ID, e.Version, a.Person())
	check(t, err)
	return e, n
}

func guide(title string) content.Text {
	return content.Text{Title: title, Answer: "先留证据，再去投诉，都不收费。", Body: "## 怎么办\n\n先去**劳动监察**投诉。",
		Sources: []string{"《劳动合同法》第三十条"}, Checked: "2026-11-01", Origin: "示例区司法局"}
}

// TestLeaderDecidesOnTheTelephone goes the whole way without a script: link,
// code, text, decision, and the text is live. Nothing of the key is in the log.
func TestLeaderDecidesOnTheTelephone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := open(t, d, "/sfj/pufa")
		_, n := r.asked(t, "dianfu")
		path := "/approve/" + n.Token
		leader := &stand{t: t, r: r}
		status, page, header := leader.send(http.MethodGet, path, "", "")
		if status != http.StatusOK || !strings.Contains(page, "李红 副局长") || strings.Contains(page, "垫付工资") {
			t.Fatalf("the door: %d %s", status, page)
		}
		if header.Get("Cache-Control") != "no-store" || header.Get("Referrer-Policy") != "same-origin" || header.Get("X-Robots-Tag") != "noindex" || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("headers: %v", header)
		}
		if status, page := leader.post(path, "go", "approve"); status != http.StatusOK && status != http.StatusUnauthorized || strings.Contains(page, "垫付工资") {
			t.Errorf("a decision without the code: %d %s", status, page)
		}
		if status, page := leader.post(path, "go", "enter", "code", "12"); status != http.StatusBadRequest || !strings.Contains(page, "还能试 4 次") {
			t.Errorf("a wrong code: %d %s", status, page)
		}
		if status, _ := leader.post(path, "go", "enter", "code", n.Code[:3]+" "+n.Code[3:]); status != http.StatusSeeOther {
			t.Fatalf("the right code: %d", status)
		}
		status, page = leader.get(path)
		for _, want := range []string{"垫付工资怎么追", "可以对外发布吗", "劳动监察", "错别字", `value="approve"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%d: the page lacks %s", status, want)
			}
		}
		if strings.Contains(page, `<link rel="canonical" href="`+r.root+path) {
			t.Error("the head holds the link")
		}
		if status, page := leader.post(path, "go", "return"); status != http.StatusBadRequest || !strings.Contains(page, "请写明原因") {
			t.Errorf("a return without a reason: %d %s", status, page)
		}
		if status, page := leader.post(path, "go", "approve", "remark", "同意"); status != http.StatusOK || !strings.Contains(page, "网站上现在就能看到") {
			t.Fatalf("approved: %d %s", status, page)
		}
		if status, page := leader.get("/guides/dianfu"); status != http.StatusOK || !strings.Contains(page, "垫付工资怎么追") {
			t.Errorf("readers get %d", status)
		}
		if status, page := leader.get(path); status != http.StatusGone || !strings.Contains(page, "只能用一次") {
			t.Errorf("the link again: %d %s", status, page)
		}
		entries, err := r.ledger.Audit(t.Context(), ledger.AuditFilter{})
		check(t, err)
		if text := r.log.String() + fmt.Sprint(entries); strings.Contains(text, n.Token) || strings.Contains(text, n.Code) {
			t.Error("token or code in the log or the audit")
		}
	})
}

// TestHistoryUnderAGuide: readers see when the meaning changed, and how.
func TestHistoryUnderAGuide(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "")
	ctx := t.Context()
	e, err := r.content.Create(ctx, admin, content.Guide, "lishi", guide("历史"))
	check(t, err)
	e, err = r.content.Publish(ctx, admin, e.ID, e.Version)
	check(t, err)
	reader := &stand{t: t, r: r}
	if _, page := reader.get("/guides/lishi"); strings.Contains(page, "修改记录") {
		t.Error("a history of nothing")
	}
	e, err = r.content.Revise(ctx, admin, e.ID, e.Version)
	check(t, err)
	e, err = r.content.Amend(ctx, admin, e.ID, e.Version, content.Amendment{Major: true, Note: "最低工资标准有调整"})
	check(t, err)
	_, err = r.content.Publish(ctx, admin, e.ID, e.Version)
	check(t, err)
	if _, page := reader.get("/guides/lishi"); !strings.Contains(page, "修改记录") || !strings.Contains(page, "最低工资标准有调整") || !strings.Contains(page, "首次发布") {
		t.Errorf("no history: %s", page)
	}
}
