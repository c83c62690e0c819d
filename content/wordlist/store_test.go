package wordlist_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/content/wordlist"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

var (
	reviewer = auth.Actor{ID: "r", Name: "审核", Roles: []auth.Role{auth.Reviewer}}
	editor   = auth.Actor{ID: "e", Name: "编辑", Roles: []auth.Role{auth.Editor}}
)

func open(d *db.DB) *wordlist.Store {
	now := func() time.Time { return time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC) }
	return wordlist.New(wordlist.Config{DB: d, Ledger: ledger.New(d, now), Now: now})
}

// says is what a store's lists find in a text.
func says(t *testing.T, s *wordlist.Store, text string) string {
	t.Helper()
	lists, err := s.Lists(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range proof.Check(proof.Input{Day: "2026-11-24", Lists: lists, Fields: []proof.Field{{Name: "body", Text: text}}}) {
		out = append(out, f.Excerpt)
	}
	return strings.Join(out, " ")
}

// TestRowsLive: what one node saves, another one checks by, at once.
func TestRowsLive(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a, b, ctx := open(d), open(d), t.Context()
		if says(t, b, "写错子") != "" {
			t.Fatal("an empty list finds something")
		}
		row, err := a.Save(ctx, reviewer, proof.Row{List: proof.Words, Word: "错子", Value: "错字"})
		if err != nil {
			t.Fatal(err)
		}
		if got := says(t, b, "写错子"); got != "错子" {
			t.Errorf("the other node finds %q", got)
		}
		row.Except = []string{"错子孙"}
		changed, err := a.Save(ctx, reviewer, row)
		if err != nil {
			t.Fatal(err)
		}
		if got := says(t, b, "错子孙"); got != "" {
			t.Errorf("an exception is found: %q", got)
		}
		if _, err := a.Save(ctx, reviewer, row); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale save: %v", err)
		}
		if _, err := a.Save(ctx, reviewer, proof.Row{List: proof.Words, Word: "错子", Value: "错字"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("the same row twice: %v", err)
		}
		if err := a.Remove(ctx, reviewer, row.ID, changed.Version); err != nil {
			t.Fatal(err)
		}
		if got := says(t, b, "写错子"); got != "" {
			t.Errorf("a removed row finds %q", got)
		}
		if again, err := a.Save(ctx, reviewer, proof.Row{List: proof.Words, Word: "错子", Value: "错字"}); err != nil || again.ID != row.ID {
			t.Errorf("a row comes back: %v %v", again, err)
		}
		if _, err := a.Save(ctx, editor, proof.Row{List: proof.Words, Word: "别的"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor saves: %v", err)
		}
	})
}

// TestSeedKeepsWork: an update of the program brings back nothing that was
// removed or changed.
func TestSeedKeepsWork(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, ctx := open(d), t.Context()
		for range 2 {
			if err := s.Seed(ctx); err != nil {
				t.Fatal(err)
			}
		}
		rows, total, err := s.Rows(ctx, wordlist.Filter{List: proof.Words, Text: "仲载", Limit: 10})
		if err != nil || total != 2 || says(t, s, "劳动仲载") == "" {
			t.Fatal(rows, total, err)
		}
		for _, r := range rows {
			if err := s.Remove(ctx, reviewer, r.ID, r.Version); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Update(ctx, forget); err != nil {
			t.Fatal(err)
		}
		if err := s.Seed(ctx); err != nil || says(t, s, "劳动仲载") != "" {
			t.Errorf("a new seed brings back what was removed: %v", err)
		}
	})
}

// TestFiles: what is exported comes back the same, also by way of a spreadsheet
// that writes GBK; one bad line stops all of it.
func TestFiles(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, ctx := open(d), t.Context()
		if err := s.Seed(ctx); err != nil {
			t.Fatal(err)
		}
		rows, err := s.All(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := proof.WriteCSV(&file, rows); err != nil {
			t.Fatal(err)
		}
		if added, changed, err := s.Import(ctx, reviewer, bytes.NewReader(file.Bytes())); added+changed != 0 || err != nil {
			t.Errorf("the same file: %d new, %d changed, %v", added, changed, err)
		}
		text := "list,word,value,note,severity,except,from,to\r\nleader,示例区司法局局长,王实例,,,,2024-05-01,\r\nword,仲载,仲裁,本地加的,block,,,\r\n"
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		if added, changed, err := s.Import(ctx, reviewer, strings.NewReader(gbk)); added != 1 || changed != 1 || err != nil {
			t.Errorf("a GBK file: %d new, %d changed, %v", added, changed, err)
		}
		bad := text + "word,x,,,,,,\r\n"
		_, _, err = s.Import(ctx, reviewer, strings.NewReader(bad))
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err), "第 4 行") {
			t.Errorf("a bad line: %v", err)
		}
	})
}

// forget makes the next seed one that was never seen.
func forget(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE proof_state SET seed = 'older'`)
	return err
}
