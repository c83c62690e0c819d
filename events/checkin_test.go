package events_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// atDesk publishes a session with sign-ups of the given parties, turns the clock
// to its beginning and opens its desk.
func (k *desk) atDesk(parties ...int) (events.Desk, []events.Registration) {
	k.Helper()
	s := k.open(30, 10)
	regs := make([]events.Registration, len(parties))
	for i, party := range parties {
		regs[i] = k.signUp(s.ID, i+1, party)
	}
	k.now = s.Starts
	d, err := k.OpenDesk(k.Context(), coordinator, s.ID, true)
	if err != nil {
		k.Fatal(err)
	}
	return d, regs
}

// scan is one by a device, so many minutes after the start.
func scan(uuid string, m events.Method, reg string, at time.Time) events.Scan {
	return events.Scan{UUID: "scan-" + uuid, Method: m, Registration: reg, At: at, Device: "phone-" + uuid[:1]}
}

func (k *desk) bring(d events.Desk, scans ...events.Scan) []events.ScanResult {
	k.Helper()
	results, err := k.CheckIn(k.Context(), d, scans)
	if err != nil {
		k.Fatal(err)
	}
	return results
}

func (k *desk) present(d events.Desk) events.Presence {
	k.Helper()
	p, err := k.Present(k.Context(), d.Session.ID)
	if err != nil {
		k.Fatal(err)
	}
	return p
}

// Two phones without network see the same person: the person came once, at the
// earlier time, whichever phone is back first.
func TestTwoOfflineDevicesAgree(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		k := newDesk(t, dbx)
		d, regs := k.atDesk(2, 1)
		early, late := k.now.Add(3*time.Minute), k.now.Add(9*time.Minute)
		k.now = k.now.Add(time.Hour)
		first := k.bring(d, scan("b-001", events.ByList, regs[0].ID, late), scan("b-002", events.WalkIn, "", late))
		second := k.bring(d, scan("a-001", events.ByQR, regs[0].ID, early))
		again := k.bring(d, scan("b-001", events.ByList, regs[0].ID, late), scan("b-002", events.WalkIn, "", late))
		if !first[0].OK || first[0].Repeat || !second[0].OK || !second[0].Repeat || !strings.Contains(second[0].Message, "不重复计") || !again[1].OK {
			t.Errorf("results %+v, %+v, %+v", first, second, again)
		}
		if p := k.present(d); p.SignedUp != 2 || p.Parties != 1 || p.WalkIns != 1 || p.Total() != 3 || p.Duplicates != 1 || !p.First.Equal(early) || p.Expected != 3 {
			t.Errorf("presence %+v", p)
		}
		list, err := k.CheckIns(t.Context(), d.Session.ID)
		if err != nil || len(list) != 3 || list[0].UUID != "scan-a-001" || list[0].Duplicate || !list[1].Duplicate {
			t.Errorf("book %+v, %v", list, err)
		}
		all, err := k.Registrations(t.Context(), coordinator, d.Session.ID)
		if err != nil || all[0].VerifyLevel != 1 || all[1].VerifyLevel != 0 {
			t.Errorf("seen at the desk is level 1: %+v, %v", all, err)
		}
	})
}

// Whatever two phones write down, however it is cut into batches, in whatever
// order they arrive and how often: who was present is the same.
func TestPresenceDoesNotDependOnTheOrderOfSync(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		round := 0
		k := newDesk(t, dbx)
		d, regs := k.atDesk(1, 2, 5)
		rapid.Check(t, func(rt *rapid.T) {
			round++
			before := k.present(d)
			walkOrders(rt, k, d, regs, round)
			k.undoAll(rt, d, round)
			if p := k.present(d); p.Total() != before.Total() {
				rt.Fatalf("after undoing everything %d are present, before %d", p.Total(), before.Total())
			}
		})
	})
}

// walkOrders lets devices write, delivers in a drawn order and compares.
func walkOrders(rt *rapid.T, k *desk, d events.Desk, regs []events.Registration, round int) {
	var scans []events.Scan
	undone, came, walkIns := map[string]bool{}, map[string]int{}, 0
	for i := range rapid.IntRange(1, 12).Draw(rt, "scans") {
		uuid := fmt.Sprintf("%d-%04d-%02d", i%2, round, i)
		at := k.now.Add(time.Duration(rapid.IntRange(-600, 0).Draw(rt, "second")) * time.Second)
		switch rapid.IntRange(0, 3).Draw(rt, "what") {
		case 0:
			scans = append(scans, scan(uuid, events.WalkIn, "", at))
		case 1:
			if len(scans) > 0 {
				of := rapid.SampledFrom(scans).Draw(rt, "of")
				if of.Method != events.Undo {
					undone[of.UUID] = true
					s := scan(uuid, events.Undo, "", at)
					s.UndoOf = of.UUID
					scans = append(scans, s)
				}
			}
		default:
			scans = append(scans, scan(uuid, events.ByQR, rapid.SampledFrom(regs).Draw(rt, "reg").ID, at))
		}
	}
	for _, s := range scans {
		switch {
		case s.Method == events.Undo || undone[s.UUID]:
		case s.Method == events.WalkIn:
			walkIns++
		default:
			for _, r := range regs {
				if r.ID == s.Registration {
					came[r.ID] = r.Party
				}
			}
		}
	}
	order := rapid.Permutation(scans).Draw(rt, "order")
	cut := rapid.IntRange(0, len(order)).Draw(rt, "cut")
	k.bring(d, order[:cut]...)
	k.bring(d, order[cut:]...)
	k.bring(d, order[:cut]...) // the answer was lost, the phone sends again
	want := walkIns
	for _, n := range came {
		want += n
	}
	if p := k.present(d); p.Total() != want || p.WalkIns != walkIns || p.Parties != len(came) {
		rt.Fatalf("presence %+v, want %d in all, %d walk-ins, %d parties\n%+v", p, want, walkIns, len(came), order)
	}
}

func (k *desk) undoAll(rt *rapid.T, d events.Desk, round int) {
	list, err := k.CheckIns(k.Context(), d.Session.ID)
	if err != nil {
		rt.Fatal(err)
	}
	var scans []events.Scan
	for i, e := range list {
		if !e.Undone {
			scans = append(scans, events.Scan{UUID: fmt.Sprintf("undo-%04d-%02d", round, i), Method: events.Undo, UndoOf: e.UUID})
		}
	}
	k.bring(d, scans...)
}

func TestCheckInRefusesWithASentence(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		k := newDesk(t, dbx)
		other := k.signUp(k.open(30, 10).ID, 7, 1)
		d, regs := k.atDesk(2, 1)
		if _, err := k.CancelByStaff(t.Context(), coordinator, regs[1].ID, "来电取消"); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			scan events.Scan
			ok   bool
			want string
		}{
			"typed code, badly":    {events.Scan{UUID: "uuid-00001", Method: events.ByCode, Code: " " + strings.ToLower(regs[0].Code[:5]) + "-" + regs[0].Code[5:]}, true, "张*等 2 人"},
			"fewer than signed up": {events.Scan{UUID: "uuid-00002", Method: events.ByQR, QR: regs[0].QR, Qty: 1}, true, "张*"},
			"forged code":          {events.Scan{UUID: "uuid-00003", Method: events.ByCode, Code: "ABCDEFGHJK"}, false, "没有查到"},
			"another session":      {events.Scan{UUID: "uuid-00004", Method: events.ByQR, QR: other.QR}, false, "不是这一场"},
			"cancelled":            {events.Scan{UUID: "uuid-00005", Method: events.ByList, Registration: regs[1].ID}, false, "未报名 +1"},
			"nobody":               {events.Scan{UUID: "uuid-00006", Method: events.ByList}, false, "没有写明是谁"},
			"walk-in with a name":  {events.Scan{UUID: "uuid-00007", Method: events.WalkIn, Registration: regs[0].ID}, false, "没有写明是谁"},
			"a billion walk-ins":   {events.Scan{UUID: "uuid-00008", Method: events.WalkIn, Qty: 1e9}, false, "1 到 500"},
			"more women than all":  {events.Scan{UUID: "uuid-00009", Method: events.WalkIn, Qty: 3, Women: 4}, false, "不能比总人数多"},
			"no uuid":              {events.Scan{Method: events.WalkIn}, false, "编号不对"},
			"unknown method":       {events.Scan{UUID: "uuid-00010", Method: "telepathy", Registration: regs[0].ID}, false, "更新签到页面"},
			"undo of nothing":      {events.Scan{UUID: "uuid-00011", Method: events.Undo}, false, "撤销哪一次"},
			"a sheet":              {events.Scan{UUID: "uuid-00012", Method: events.Paper, Qty: 25, Minors: 3}, true, "已记下"},
		} {
			if res := k.bring(d, tt.scan)[0]; res.OK != tt.ok || !strings.Contains(res.Message, tt.want) {
				t.Errorf("%s: %+v, want ok=%v %q", name, res, tt.ok, tt.want)
			}
		}
		if res := k.bring(d, events.Scan{UUID: "uuid-00012", Method: events.Paper, Qty: 26})[0]; res.OK || !strings.Contains(res.Message, "刷新页面") {
			t.Errorf("the same sheet with another number: %+v", res)
		}
		p := k.present(d)
		if p.WalkIns != 25 || p.Minors != 3 || p.Parties != 1 {
			t.Errorf("presence %+v", p)
		}
		s := k.must(k.SessionByID(t.Context(), d.Session.ID))
		k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "停电"))
		if _, err := k.CheckIn(t.Context(), d, []events.Scan{{UUID: "uuid-00020", Method: events.WalkIn}}); !errs.Is(err, errs.Conflict) {
			t.Errorf("check-in at a cancelled session: %v", err)
		}
	})
}

func TestDeskLinkAndPIN(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		k := newDesk(t, dbx)
		d, _ := k.atDesk(1)
		ctx := t.Context()
		wrong := "000000"
		if d.PIN == wrong {
			wrong = "000001"
		}
		if _, _, err := k.EnterDesk(ctx, d.Token, wrong, "10.0.0.1"); !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "pin" {
			t.Errorf("wrong PIN: %v", err)
		}
		_, pass, err := k.EnterDesk(ctx, d.Token, " "+d.PIN[:3]+" "+d.PIN[3:], "10.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.DeskByPass(ctx, d.Token, pass); err != nil || got.Session.ID != d.Session.ID || !got.Names {
			t.Errorf("by pass: %+v, %v", got, err)
		}
		if _, err := k.DeskByPass(ctx, d.Token, "guessed"); !errs.Is(err, errs.SignIn) {
			t.Errorf("by a guessed pass: %v", err)
		}
		for range 5 {
			_, _, err = k.EnterDesk(ctx, d.Token, wrong, "10.0.0.9")
		}
		if _, _, err := k.EnterDesk(ctx, d.Token, d.PIN, "10.0.0.9"); !errs.Is(err, errs.TooMany) {
			t.Errorf("the right PIN after five wrong ones: %v", err)
		}
		if _, err := k.OpenDesk(ctx, auth.Actor{Roles: []auth.Role{auth.Editor}}, d.Session.ID, true); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor opens a desk: %v", err)
		}
		k.now = d.Session.Ends.Add(48*time.Hour - time.Second)
		if _, err := k.DeskByPass(ctx, d.Token, pass); err != nil {
			t.Errorf("a second before it closes: %v", err)
		}
		k.now = k.now.Add(time.Second)
		if _, err := k.DeskByPass(ctx, d.Token, pass); !errs.Is(err, errs.Gone) {
			t.Errorf("48 hours after the end: %v", err)
		}
		k.now = d.Session.Starts
		if _, err := k.RevokeDesk(ctx, coordinator, d.Session.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.DeskByPass(ctx, d.Token, pass); !errs.Is(err, errs.Gone) {
			t.Errorf("after it was taken back: %v", err)
		}
		anew, err := k.OpenDesk(ctx, coordinator, d.Session.ID, false)
		if err != nil || anew.Token == d.Token || anew.PIN == d.PIN && anew.Here == d.Here {
			t.Errorf("opened anew: %+v, %v", anew, err)
		}
	})
}

func TestSelfCheckIn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		k := newDesk(t, dbx)
		d, regs := k.atDesk(2, 1)
		ctx := t.Context()
		k.now = d.Session.Starts.Add(-31 * time.Minute)
		if _, err := k.CheckInHere(ctx, d.Here, last4(1), "10.0.0.1"); !errs.Is(err, errs.Conflict) {
			t.Errorf("31 minutes before: %v", err)
		}
		k.now = d.Session.Starts.Add(-30 * time.Minute)
		if res, err := k.CheckInHere(ctx, d.Here, last4(1), "10.0.0.1"); err != nil || !res.OK || res.Registration != regs[0].ID {
			t.Errorf("30 minutes before: %+v, %v", res, err)
		}
		if _, err := k.CheckInHere(ctx, d.Here, "9999", "10.0.0.1"); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err), "签到台") {
			t.Errorf("digits of nobody: %v", err)
		}
		k.now = d.Session.Ends
		if _, err := k.CheckInHere(ctx, d.Here, last4(2), "10.0.0.1"); !errs.Is(err, errs.Conflict) {
			t.Errorf("at the end: %v", err)
		}
		if p := k.present(d); p.SignedUp != 2 {
			t.Errorf("presence %+v", p)
		}
	})
}

// What a device takes along opens with what the person shows, or with the PIN,
// and holds no name in clear.
func TestManifestOpensOnlyWithTokenOrPIN(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, dbx *db.DB) {
		k := newDesk(t, dbx)
		d, regs := k.atDesk(3)
		m, err := k.DeskManifest(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(m)
		if s := string(text); strings.Contains(s, "张") || strings.Contains(s, `"`+last4(1)+`"`) || strings.Contains(s, regs[0].QR) || strings.Contains(s, regs[0].ID) {
			t.Errorf("readable: %s", s)
		}
		sum := sha256.Sum256([]byte(m.Event + regs[0].QR))
		key := sha256.Sum256([]byte("songfa desk" + m.Event + regs[0].QR))
		var e events.ManifestEntry
		unbox(t, key[:], m.Entries[hex.EncodeToString(sum[:])], &e)
		if e.ID != regs[0].ID || e.Name != "张*" || e.Party != 3 || e.LastFour != last4(1) {
			t.Errorf("entry %+v", e)
		}
		pin, err := pbkdf2.Key(sha256.New, d.PIN, []byte(m.Event), m.Turns, 32)
		if err != nil {
			t.Fatal(err)
		}
		var names []events.ManifestEntry
		if unbox(t, pin, m.Names, &names); len(names) != 1 || names[0] != e {
			t.Errorf("names %+v", names)
		}
		d, err = k.OpenDesk(t.Context(), coordinator, d.Session.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := k.DeskManifest(t.Context(), d); err != nil || m.Names != "" || len(m.Entries) != 1 {
			t.Errorf("without the list: %q, %v", m.Names, err)
		}
	})
}

func unbox(t *testing.T, key []byte, box string, v any) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(box)
	if err != nil || len(raw) < 12 {
		t.Fatalf("box %q: %v", box, err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, raw[:12], raw[12:], nil)
	if err == nil {
		err = json.Unmarshal(plain, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}
