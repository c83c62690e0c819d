package events_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/vault"
)

func TestCheckNamesWhatDoesNotAddUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.published()
		_, err := k.SignUp(t.Context(), events.SignUp{Session: s.ID, Name: "王建国", Phone: "13800000001", Party: 2, Consent: "1",
			Origin: events.FromWeb, IdemKey: strings.Repeat("a", 32), Address: "10.0.0.1"})
		if err != nil {
			t.Fatal(err)
		}
		check := func(store *events.Store) string {
			t.Helper()
			wrong, err := store.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(wrong, "\n")
		}
		if got := check(k.Store); got != "" {
			t.Fatalf("healthy: %s", got)
		}
		other := events.New(events.Config{DB: d, Ledger: k.ledger, Now: func() time.Time { return k.now },
			Vault: vault.New([]byte("the secret file of somebody else!!"))})
		if got := check(other); !strings.Contains(got, "密钥文件") {
			t.Fatalf("another key: %q", got)
		}
		err = d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE session SET taken = 1 WHERE id = $1`, s.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := check(k.Store); !strings.Contains(got, s.No) || !strings.Contains(got, "报名 1 人") || !strings.Contains(got, "明细是 2 人") {
			t.Fatalf("a counter that lies: %q", got)
		}
	})
}
