package events_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// A personal link opens a person's page: the list of the outbox does not hold
// it, and who is shown the number is shown the link with it.
func TestPersonalLinksShowOnlyWithTheNumber(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		se, p := k.published(), k.lawyer("李国平")
		k.invite(se, p)
		if _, err := k.Deliver(t.Context(), events.Delivery{}); err != nil {
			t.Fatal(err)
		}
		links, err := k.PersonLinks(t.Context(), coordinator, p.ID)
		k.ok(err)
		list, _, err := k.Outbox(t.Context(), coordinator, events.MessageFilter{State: events.MessageToCall})
		k.ok(err)
		var ids []string
		for _, it := range list {
			if it.To.ID == p.ID && it.Private() && !strings.Contains(it.Path, strings.TrimPrefix(links.Page, "/my/")) {
				ids = append(ids, it.ID)
			}
		}
		if len(ids) != 1 {
			t.Fatalf("list %+v, want one invitation without its link", list)
		}
		shown, err := k.RevealOutbox(t.Context(), coordinator, ids, "打电话邀请")
		k.ok(err)
		if shown[0].Path != links.Page || shown[0].Phone != "13800000001" {
			t.Fatalf("shown %+v, want the link and the number", shown[0])
		}
	})
}
