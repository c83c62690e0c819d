package content_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

type ctx = context.Context

// TestWorkingCopy keeps what somebody types: it is theirs alone, changes no book
// and no page, and is gone once it is saved.
func TestWorkingCopy(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("在写的"))
		before := get[int64](k)(k.ledger.Refresh(k.ctx))
		c := content.WorkingCopy{Key: content.NewForm(), EditionID: e.ID, Kind: content.Guide, Base: e.Version, Text: e.Text, Seq: 2}
		c.Text.Body += "\n\n写到一半  "
		get[time.Time](k)(k.Keep(k.ctx, author, c))
		late := c
		late.Seq, late.Text.Body = 1, "早先的"
		get[time.Time](k)(k.Keep(k.ctx, author, late))

		list := get[[]content.WorkingCopy](k)(k.WorkingCopies(k.ctx, author, e.ID))
		if len(list) != 1 || list[0].Text.Body != c.Text.Body || list[0].Base != e.Version || !list[0].At.Equal(k.clock.at) {
			t.Fatalf("copies %+v", list)
		}
		if others := get[[]content.WorkingCopy](k)(k.Unsaved(k.ctx, reviewer)); len(others) != 0 {
			t.Errorf("somebody else sees %+v", others)
		}
		_, err := k.WorkingCopy(k.ctx, reviewer, c.Key)
		wantKind(t, err, errs.NotFound)
		if now := get[content.Edition](k)(k.Edition(k.ctx, e.ID)); now.Version != e.Version || !now.Text.Equal(e.Text) {
			t.Error("keeping changes the edition")
		}
		if after := get[int64](k)(k.ledger.Refresh(k.ctx)); after != before {
			t.Errorf("keeping writes the journal: %d → %d", before, after)
		}

		get[content.Edition](k)(k.Save(k.ctx, author, e.ID, e.Version, c.Text))
		if left := get[[]content.WorkingCopy](k)(k.WorkingCopies(k.ctx, author, e.ID)); len(left) != 0 {
			t.Errorf("saved, and still offered: %+v", left)
		}
		other := content.WorkingCopy{Key: content.NewForm(), EditionID: e.ID, Base: e.Version, Text: guide("接着写的"), Seq: 1, From: c.Key, FromSeq: 1}
		get[time.Time](k)(k.Keep(k.ctx, author, other)) // from an older state than there is: both stay
		k.must(k.DropCopy(k.ctx, reviewer, c.Key))      // not theirs
		get[content.WorkingCopy](k)(k.WorkingCopy(k.ctx, author, c.Key))
		k.must(k.DropCopy(k.ctx, author, c.Key))
		_, err = k.WorkingCopy(k.ctx, author, c.Key)
		wantKind(t, err, errs.NotFound)
		k.must(k.Settle(k.ctx, author, content.WorkingCopy{Key: other.Key, Seq: 2}))
		get[time.Time](k)(k.Keep(k.ctx, author, other)) // sent before, comes late
		if left := get[[]content.WorkingCopy](k)(k.Unsaved(k.ctx, author)); len(left) != 0 {
			t.Errorf("settled, and still there: %+v", left)
		}
	})
}

// TestWorkingCopyOutlivesItsDraft: a deleted draft takes nobody's typing along.
func TestWorkingCopyOutlivesItsDraft(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	e := k.create("", guide("要删的"))
	c := content.WorkingCopy{Key: content.NewForm(), EditionID: e.ID, Kind: content.Guide, Base: 1, Text: guide("没保存的"), Seq: 1}
	get[time.Time](k)(k.Keep(k.ctx, reviewer, c))
	k.must(k.DeleteDraft(k.ctx, author, e.ID, e.Version))
	c.Seq, c.Text.Body = 2, "接着写的"
	get[time.Time](k)(k.Keep(k.ctx, reviewer, c))
	if list := get[[]content.WorkingCopy](k)(k.Unsaved(k.ctx, reviewer)); len(list) != 1 || list[0].Text.Body != "接着写的" {
		t.Errorf("left %+v", list)
	}
	k.clock.at = k.clock.at.AddDate(0, 0, content.CopyDays).Add(time.Second)
	if n := get[int64](k)(k.PurgeCopies(k.ctx)); n != 1 {
		t.Errorf("%d purged, want 1", n)
	}
	if list := get[[]content.WorkingCopy](k)(k.Unsaved(k.ctx, reviewer)); len(list) != 0 {
		t.Errorf("after %d days: %+v", content.CopyDays, list)
	}
}

func TestWorkingCopyRefuses(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	_, err := k.Keep(k.ctx, visitor, content.WorkingCopy{Key: content.NewForm()})
	wantKind(t, err, errs.Forbidden)
	for _, key := range []string{"", "short", "with spaces in it", strings.Repeat("x", 41)} {
		_, err := k.Keep(k.ctx, author, content.WorkingCopy{Key: key})
		wantKind(t, err, errs.Invalid)
	}
	_, err = k.Keep(k.ctx, author, content.WorkingCopy{Key: content.NewForm(), Text: content.Text{Body: strings.Repeat("长", 1<<20)}})
	wantKind(t, err, errs.Invalid)
}

// TestPresence: who is there is seen by the others until they leave or fall silent.
func TestPresence(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("两个人看"))
		one, two := content.NewForm(), content.NewForm()
		who := func() (names []string) {
			t.Helper()
			for _, p := range get[[]content.Person](k)(k.Here(k.ctx, reviewer, e.ID)) {
				names = append(names, p.Name+p.Since.Format(" 15:04"))
			}
			return names
		}
		k.must(k.Arrive(k.ctx, author, e.ID, one))
		k.must(k.Arrive(k.ctx, reviewer, e.ID, two))
		k.clock.at = k.clock.at.Add(9 * time.Minute)
		if got := who(); len(got) != 1 || got[0] != "作者 02:00" {
			t.Errorf("here %q", got)
		}
		k.must(k.Beat(k.ctx, author, e.ID, one))
		k.clock.at = k.clock.at.Add(50 * time.Second)
		k.must(k.Beat(k.ctx, author, e.ID, one))
		k.clock.at = k.clock.at.Add(50 * time.Second)
		if got := who(); len(got) != 1 || got[0] != "作者 02:00" {
			t.Errorf("after signs of life: %q", got)
		}
		k.clock.at = k.clock.at.Add(20 * time.Second)
		if got := who(); len(got) != 0 {
			t.Errorf("silent, and still here: %q", got)
		}
		k.must(k.Beat(k.ctx, author, e.ID, one))
		if got := who(); len(got) != 1 || got[0] != "作者 02:11" {
			t.Errorf("back again: %q", got)
		}
		k.must(k.Leave(k.ctx, reviewer, e.ID, one)) // not theirs
		k.must(k.Leave(k.ctx, author, e.ID, one))
		if got := who(); len(got) != 0 {
			t.Errorf("left, and still here: %q", got)
		}
	})
}
