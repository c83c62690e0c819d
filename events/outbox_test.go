package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/notify"
	"github.com/songfa/songfa/internal/vault"
)

var clerk = auth.Actor{ID: "u1", Name: "王协调", Roles: []auth.Role{auth.Coordinator}}

// counter is a store with a clock the test turns and a published session whose
// host can be reached.
type counter struct {
	*testing.T
	*Store
	clock   time.Time
	session Session
}

func newCounter(t *testing.T, d *db.DB) *counter {
	t.Helper()
	k := &counter{T: t, clock: time.Date(2026, 11, 20, 9, 0, 0, 0, Zone)}
	now := func() time.Time { return k.clock }
	k.Store = New(Config{DB: d, Ledger: ledger.New(d, now), Now: now, Vault: vault.New([]byte(strings.Repeat("k", 32)))})
	day := time.Date(2026, 12, 1, 14, 0, 0, 0, Zone)
	s, err := k.CreateSession(t.Context(), clerk, SessionForm{Type: Site, Title: "工资怎么要", Venue: "项目部食堂", Starts: day,
		Ends: day.Add(time.Hour), Organizer: "东湖建筑公司"})
	k.need(err)
	k.need(d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		sealed, err := k.vault.Seal("session:"+s.ID, Contact{Name: "陈霞", Phone: "+8613800000001", Email: "chen@example.cn"})
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `UPDATE session SET personal = $2 WHERE id = $1`, s.ID, sealed)
		return err
	}))
	k.session, err = k.PublishSession(t.Context(), clerk, s.ID, s.Version)
	k.need(err)
	k.drop()
	return k
}

// drop settles what publishing itself put into the outbox.
func (k *counter) drop() {
	k.Helper()
	k.need(k.db.Update(k.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM message`)
		return err
	}))
}

func (k *counter) need(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *counter) move(to time.Time) {
	k.Helper()
	f := k.session.Form()
	f.Starts, f.Ends = to, to.Add(time.Hour)
	var err error
	k.session, err = k.SaveSession(k.Context(), clerk, k.session.ID, k.session.Version, f)
	k.need(err)
}

func (k *counter) deliver(senders ...notify.Sender) {
	k.Helper()
	_, err := k.Deliver(k.Context(), Delivery{Senders: senders, Link: func(p string) string { return "https://example.cn" + p }})
	k.need(err)
}

func (k *counter) outbox(state MessageState) []OutboxItem {
	k.Helper()
	items, total, err := k.Outbox(k.Context(), clerk, MessageFilter{State: state, Limit: 500})
	k.need(err)
	if total != len(items) {
		k.Fatalf("total %d, listed %d", total, len(items))
	}
	return items
}

// post is a sender that keeps what it was given and fails as told.
type post struct {
	mu   sync.Mutex
	got  []notify.Letter
	fail error
}

func (p *post) Channel() string              { return "webhook" }
func (p *post) Reaches(l notify.Letter) bool { return l.Phone != "" }
func (p *post) Send(_ context.Context, l notify.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.got = append(p.got, l)
	return nil
}

func TestTwoMovesWithinTenMinutesAreOneMessage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{}
		k.move(time.Date(2026, 12, 2, 14, 0, 0, 0, Zone))
		k.clock = k.clock.Add(5 * time.Minute)
		k.move(time.Date(2026, 12, 3, 9, 0, 0, 0, Zone))
		k.deliver(p)
		if len(p.got) != 0 {
			t.Fatalf("told before it settled: %+v", p.got)
		}
		k.clock = k.clock.Add(10 * time.Minute)
		k.deliver(p)
		k.deliver(p)
		if len(p.got) != 1 || !strings.Contains(p.got[0].Body, "12月3日") || p.got[0].Phone != "+8613800000001" ||
			p.got[0].Link != "https://example.cn/events/"+k.session.No {
			t.Fatalf("got %+v, want one message with the last time", p.got)
		}
	})
}

func TestAMoveThereAndBackTellsNobody(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{}
		first := k.session.Starts
		k.move(first.AddDate(0, 0, 1))
		k.move(first.AddDate(0, 0, 2))
		k.move(first)
		k.clock = k.clock.Add(time.Hour)
		k.deliver(p)
		if len(p.got) != 0 {
			t.Fatalf("told %+v although nothing changed", p.got)
		}
		k.move(first.AddDate(0, 0, 1))
		k.clock = k.clock.Add(time.Hour)
		k.deliver(p)
		if len(p.got) != 1 {
			t.Fatalf("a real move later: %d messages, want 1", len(p.got))
		}
	})
}

func TestCancellingOvertakesAMoveThatWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{}
		k.move(time.Date(2026, 12, 2, 14, 0, 0, 0, Zone))
		_, err := k.CancelSession(t.Context(), clerk, k.session.ID, k.session.Version, "场地停电")
		k.need(err)
		k.clock = k.clock.Add(time.Hour)
		k.deliver(p)
		if len(p.got) != 1 || p.got[0].Kind != "cancelled" || !strings.Contains(p.got[0].Body, "场地停电") {
			t.Fatalf("got %+v, want the cancellation alone", p.got)
		}
	})
}

func TestWhatNobodyHasPhonedYetIsOvertaken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		k.move(time.Date(2026, 12, 2, 14, 0, 0, 0, Zone))
		k.clock = k.clock.Add(time.Hour)
		k.deliver() // nobody but a person can tell: a call to make
		if calls := k.outbox(MessageToCall); len(calls) != 1 {
			t.Fatalf("calls %+v, want one", calls)
		}
		_, err := k.CancelSession(t.Context(), clerk, k.session.ID, k.session.Version, "场地停电")
		k.need(err)
		k.deliver()
		if calls := k.outbox(MessageToCall); len(calls) != 1 || calls[0].Kind != "cancelled" {
			t.Fatalf("calls %+v, want the cancellation alone", calls)
		}
	})
}

func TestAMoveBackIsToldOnceSomebodyMayHaveHeard(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{fail: errors.New("answer lost")}
		first := k.session.Starts
		k.move(first.AddDate(0, 0, 1))
		k.clock = k.clock.Add(time.Hour)
		k.deliver(p) // tried, and waits to be tried again
		p.fail = nil
		k.move(first)
		k.clock = k.clock.Add(time.Hour)
		k.deliver(p)
		if len(p.got) != 1 || !strings.Contains(p.got[0].Body, "12月1日") {
			t.Fatalf("got %+v, want the time it is again", p.got)
		}
	})
}

func TestNothingIsLostWhileTheGatewayIsDown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{fail: errors.New("gateway is down")}
		_, err := k.CancelSession(t.Context(), clerk, k.session.ID, k.session.Version, "场地停电")
		k.need(err)
		for range 3 {
			k.deliver(p)
			k.clock = k.clock.Add(time.Hour)
		}
		if got := k.outbox(MessageQueued); len(got) != 1 || got[0].Attempts != 3 || got[0].LastError != "gateway is down" {
			t.Fatalf("outbox %+v, want one that is tried again", got)
		}
		p.fail = nil
		k.deliver(p)
		if len(p.got) != 1 || len(k.outbox(MessageSent)) != 1 {
			t.Fatalf("once it is back: %d sent", len(p.got))
		}
	})
}

func TestAfterEightTriesSomebodyPhones(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{fail: errors.New("gateway is down")}
		_, err := k.CancelSession(t.Context(), clerk, k.session.ID, k.session.Version, "场地停电")
		k.need(err)
		for range maxSends + 2 {
			k.deliver(p)
			k.clock = k.clock.Add(24 * time.Hour)
		}
		tasks := k.outbox(MessageToCall)
		if len(tasks) != 1 || tasks[0].Attempts != maxSends || tasks[0].Phone != "138****0001" || tasks[0].Name != "陈*" {
			t.Fatalf("tasks %+v, want one with masked number after %d tries", tasks, maxSends)
		}
	})
}

func TestWithoutAChannelItIsATaskAndDoneOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		_, err := k.CancelSession(t.Context(), clerk, k.session.ID, k.session.Version, "场地停电")
		k.need(err)
		k.deliver()
		task := k.outbox(MessageToCall)
		if len(task) != 1 {
			t.Fatalf("tasks %+v", task)
		}
		if _, err := k.RevealOutbox(t.Context(), clerk, []string{task[0].ID}, ""); !errs.Is(err, errs.Invalid) {
			t.Fatalf("revealed without a reason: %v", err)
		}
		shown, err := k.RevealOutbox(t.Context(), clerk, []string{task[0].ID}, "逐个打电话告知")
		k.need(err)
		if len(shown) != 1 || shown[0].Phone != "13800000001" || shown[0].Name != "陈霞" {
			t.Fatalf("shown %+v", shown)
		}
		trail, err := k.ledger.Audit(t.Context(), ledger.AuditFilter{Action: "message.reveal"})
		k.need(err)
		if len(trail) != 1 || !strings.Contains(trail[0].Summary, "逐个打电话告知") || strings.Contains(fmt.Sprint(trail), "13800000001") {
			t.Fatalf("audit %+v", trail)
		}
		for i, want := range []int64{1, 0} {
			if n, err := k.StepMessages(t.Context(), clerk, []string{task[0].ID}, MessageDone); err != nil || n != want {
				t.Fatalf("done, time %d: %d, %v; want %d", i+1, n, err, want)
			}
		}
	})
}

func TestASendThatACrashCutOffIsNotRepeated(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{}
		_, err := k.CancelSession(t.Context(), clerk, k.session.ID, k.session.Version, "场地停电")
		k.need(err)
		claimed, err := k.claim(t.Context()) // and the process dies here
		k.need(err)
		if len(claimed) != 1 {
			t.Fatalf("claimed %d", len(claimed))
		}
		k.deliver(p)
		k.clock = k.clock.Add(lostSend + time.Minute)
		k.deliver(p)
		if tasks := k.outbox(MessageToCall); len(p.got) != 0 || len(tasks) != 1 || tasks[0].LastError == "" {
			t.Fatalf("sent %d, tasks %+v; want a task that says it was cut off", len(p.got), tasks)
		}
	})
}

func TestTwoNodesDeliverEachMessageOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{}
		const n = 60
		k.need(d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for i := range n {
				err := k.enqueue(ctx, tx, Message{Kind: "test", Session: k.session.ID, Version: i, To: Recipient{ToOrganizer, k.session.ID}, Title: "t", Body: "b"})
				if err != nil {
					return err
				}
			}
			return k.enqueue(ctx, tx, Message{Kind: "test", Session: k.session.ID, Version: 0, To: Recipient{ToOrganizer, k.session.ID}, Title: "again", Body: "b"})
		}))
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				for range n/deliverBatch + 1 {
					if _, err := k.Deliver(context.Background(), Delivery{Senders: []notify.Sender{p}}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		nodes.Wait()
		var ids []string
		for _, l := range p.got {
			ids = append(ids, l.ID)
		}
		slices.Sort(ids)
		if len(ids) != n || len(slices.Compact(ids)) != n {
			t.Fatalf("%d letters, want %d different ones", len(p.got), n)
		}
	})
}

func TestWrongTriesPause(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		wrong := func() error { return errs.New(errs.NotFound, "", "no such code") }
		right := func() error { return nil }
		for range maxTries {
			if err := k.guarded(t.Context(), codeTries("AAAA", "10.0.0.1"), wrong); !errs.Is(err, errs.NotFound) || !strings.Contains(errs.MessageOf(err), "核对") {
				t.Fatalf("wrong code: %v", err)
			}
		}
		for name, try := range map[string][2]string{"same code, other address": {"AAAA", "10.0.0.2"}, "other code, same address": {"BBBB", "10.0.0.1"}} {
			if err := k.guarded(t.Context(), codeTries(try[0], try[1]), right); !errs.Is(err, errs.TooMany) {
				t.Errorf("%s: %v, want a pause even for the right one", name, err)
			}
		}
		if err := k.guarded(t.Context(), codeTries("BBBB", "10.0.0.2"), right); err != nil {
			t.Errorf("somebody else: %v", err)
		}
		k.clock = k.clock.Add(tryPause + time.Second)
		if err := k.guarded(t.Context(), codeTries("AAAA", "10.0.0.1"), right); err != nil {
			t.Errorf("after the pause: %v", err)
		}
		if err := k.guarded(t.Context(), codeTries("AAAA", "10.0.0.1"), wrong); !errs.Is(err, errs.NotFound) {
			t.Errorf("first wrong try after the pause: %v", err)
		}
	})
}

func TestWhatCoordinatorsAreToldIsInTheirInbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, p := newCounter(t, d), &post{}
		k.need(d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return k.enqueue(ctx, tx, Message{Kind: "declined", Session: k.session.ID, To: Recipient{ToCoordinator, "u1"}, Title: "来不了", Body: "请再找人。"})
		}))
		k.deliver(p)
		if calls := k.outbox(MessageToCall); len(calls) != 0 || len(p.got) != 0 {
			t.Fatalf("somebody is asked to phone the office: %+v", calls)
		}
		if told := k.outbox(MessageSent); len(told) != 1 || told[0].Channel != "inbox" {
			t.Fatalf("told %+v, want it in the inbox", told)
		}
	})
}

func TestGuessesAtTheSameMomentGetNoMoreTries(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		var looked atomic.Int32
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				_ = k.guarded(context.Background(), codeTries("AAAA", fmt.Sprintf("10.0.0.%d", i)), func() error {
					looked.Add(1)
					return errs.New(errs.NotFound, "", "wrong")
				})
			})
		}
		all.Wait()
		if got := looked.Load(); got != maxTries {
			t.Fatalf("%d guesses were looked at, want %d", got, maxTries)
		}
	})
}

func TestRightCodesNeverPause(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		for range 3 * maxTries {
			if err := k.guarded(t.Context(), codeTries("AAAA", "10.0.0.1"), func() error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		var rows int
		if err := db.Get(t.Context(), d.Reader(), &rows, `SELECT count(*) FROM attempt`); err != nil || rows != 0 {
			t.Fatalf("%d rows are left of right codes, %v", rows, err)
		}
	})
}
