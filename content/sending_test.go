package content_test

import (
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// TestSendingIsFollowed sends an edition out, publishes a correction, and finds
// every place the old words still stand at until it is said that they do not.
func TestSendingIsFollowed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		e := k.create("", guide("工资"))
		wantKind(t, k.Send(k.ctx, author, e.ID, content.Sent{Channel: content.ToWeChat}), errs.Conflict)
		e = get[content.Edition](k)(k.Publish(k.ctx, reviewer, e.ID, e.Version))
		for _, bad := range []content.Sent{{}, {Channel: "fax"}, {Channel: content.ToOther}, {Channel: content.ToSheet, Copies: -1}, {Channel: content.ToSheet, Copies: 2_000_000}} {
			wantKind(t, k.Send(k.ctx, author, e.ID, bad), errs.Invalid)
		}
		wantKind(t, k.Send(k.ctx, auth.Actor{ID: "x", Roles: []auth.Role{auth.Leader}}, e.ID, content.Sent{Channel: content.ToWeChat}), errs.Forbidden)
		k.must(k.Send(k.ctx, author, e.ID, content.Sent{Channel: content.ToWeChat, Place: " 示例区\n司法 "}))
		k.clock.at = k.clock.at.Add(time.Minute)
		k.must(k.Send(k.ctx, author, e.ID, content.Sent{Channel: content.ToSheet, Place: "东湖镇工作站", Copies: 200, Note: "窗口"}))
		if out := get[[]content.Sending](k)(k.OutdatedSendings(k.ctx, auth.System())); len(out) != 0 {
			t.Errorf("outdated while live: %+v", out)
		}
		next := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
		if out := get[[]content.Sending](k)(k.OutdatedSendings(k.ctx, auth.System())); len(out) != 0 {
			t.Errorf("outdated by a draft: %+v", out)
		}
		get[content.Edition](k)(k.Publish(k.ctx, reviewer, next.ID, next.Version))
		out := get[[]content.Sending](k)(k.OutdatedSendings(k.ctx, auth.System()))
		if len(out) != 2 || out[0].Place != "东湖镇工作站" || out[0].Copies != 200 || out[1].Place != "示例区 司法" || out[0].Number != 1 || !out[0].Outdated {
			t.Fatalf("outdated: %+v", out)
		}
		wantKind(t, k.Send(k.ctx, author, e.ID, content.Sent{Channel: content.ToWeibo}), errs.Conflict)
		k.must(k.Recalled(k.ctx, reviewer, out[0].ID))
		k.must(k.Recalled(k.ctx, author, out[0].ID)) // said twice is said
		wantKind(t, k.Recalled(k.ctx, author, "nothing"), errs.NotFound)
		if left := get[[]content.Sending](k)(k.OutdatedSendings(k.ctx, auth.System())); len(left) != 1 || left[0].ID != out[1].ID {
			t.Errorf("left: %+v", left)
		}
		all := get[[]content.Sending](k)(k.Sendings(k.ctx, e.DocumentID))
		if len(all) != 2 || all[0].RecalledName != reviewer.Name || all[0].Recalled.IsZero() || !all[1].Recalled.IsZero() {
			t.Errorf("ledger: %+v", all)
		}
	})
}
