package content_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// proofs checks by the built-in lists.
func proofs(c *content.Config) {
	lists := proof.Compile(proof.Seed())
	c.Proof = func(_ context.Context, d content.Document, t content.Text) ([]proof.Finding, error) {
		return proof.Check(proof.Input{Kind: string(d.Kind), Day: "2026-11-20", Fields: content.ProofFields(t), Lists: lists}), nil
	}
}

// TestBlockersStop: a blocker stops submitting and publishing until it is mended
// or somebody says why it stands; warnings stop nothing.
func TestBlockersStop(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, proofs)
		text := content.Text{Title: "讨薪的路", Body: "写仲裁申请书，不能写成“劳动仲载”。按装费另算。"}
		e, err := k.Create(k.ctx, author, content.Notice, "", text)
		k.must(err)
		_, err = k.Submit(k.ctx, author, e.ID, e.Version)
		var ps content.Problems
		if !errors.As(err, &ps) || len(ps) != 1 || !strings.Contains(ps.At("body"), "劳动仲载") {
			t.Fatalf("submit: %v", err)
		}
		doc, err := k.Document(k.ctx, e.DocumentID)
		k.must(err)
		list, err := k.Findings(k.ctx, doc, e.Text)
		k.must(err)
		if len(list) != 2 || !list[0].Open() || list[1].Open() {
			t.Fatalf("%+v", list)
		}
		k.must(k.Excuse(k.ctx, author, doc.ID, list[0].Finding, "举错别字的例子"))
		list, err = k.Findings(k.ctx, doc, content.Text{Title: text.Title, Body: "前面加一句。" + text.Body})
		k.must(err)
		if list[0].Reason.Text != "举错别字的例子" || list[0].Reason.Name != author.Name || list[0].Open() {
			t.Errorf("the reason does not follow the words: %+v", list[0])
		}
		e, err = k.Submit(k.ctx, author, e.ID, e.Version)
		k.must(err)
		k.must(k.Excuse(k.ctx, author, doc.ID, list[0].Finding, ""))
		if _, err := k.Publish(k.ctx, reviewer, e.ID, e.Version); !errs.Is(err, errs.Invalid) {
			t.Errorf("publish after the reason was taken back: %v", err)
		}
	})
}

// TestPersonalDataNeedAReviewer: an author alone cannot let an identity number go.
func TestPersonalDataNeedAReviewer(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, proofs)
		e, err := k.Create(k.ctx, author, content.Notice, "", content.Text{Title: "公示", Body: "证件号 370400199001011239。"})
		k.must(err)
		doc, err := k.Document(k.ctx, e.DocumentID)
		k.must(err)
		list, err := k.Findings(k.ctx, doc, e.Text)
		k.must(err)
		if len(list) != 1 || strings.Contains(list[0].Excerpt+list[0].Before+list[0].After, "1990") {
			t.Fatalf("%+v", list)
		}
		if err := k.Excuse(k.ctx, author, doc.ID, list[0].Finding, "样例号码"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("author: %v", err)
		}
		k.must(k.Excuse(k.ctx, reviewer, doc.ID, list[0].Finding, "样例号码"))
		_, err = k.Submit(k.ctx, author, e.ID, e.Version)
		k.must(err)
	})
}

// TestProofFieldsGoBack: a fixed field is the text's again.
func TestProofFieldsGoBack(t *testing.T) {
	text := content.Text{Title: "甲", Body: "乙", Sources: []string{"《丙》", "《丁》"},
		Attachments: []content.Attachment{{File: "/media/a/b", Name: "戊"}, {File: "/media/c/d", Name: "己"}}}
	for _, f := range content.ProofFields(text) {
		text.SetProofField(f.Name, strings.NewReplacer("甲", "A", "乙", "B", "丁", "D", "己", "F").Replace(f.Text))
	}
	if text.Title != "A" || text.Body != "B" || text.Sources[1] != "《D》" || text.Attachments[1].Name != "F" || text.Attachments[0].Name != "戊" {
		t.Errorf("%+v", text)
	}
}
