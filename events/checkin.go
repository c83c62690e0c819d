package events

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// Method is how somebody was found to be present.
type Method string

// The methods. What was not a person coming in is Undo.
const (
	ByQR   Method = "qr"
	ByCode Method = "code"
	ByList Method = "list"
	BySelf Method = "self"   // the poster on the wall and four digits
	Paper  Method = "paper"  // 补录 from the sheet
	WalkIn Method = "walkin" // came without signing up
	Undo   Method = "undo"
)

// Label is the Chinese name.
func (m Method) Label() string {
	switch m {
	case ByQR:
		return "扫码"
	case ByCode:
		return "报名码"
	case ByList:
		return "名单"
	case BySelf:
		return "自助"
	case Paper:
		return "补录"
	case WalkIn:
		return "未报名"
	case Undo:
		return "撤销"
	}
	return string(m)
}

// Scan is one thing that happened at the desk, as a device wrote it down. One of
// Registration, QR and Code names the person; none of them is a walk-in.
type Scan struct {
	UUID         string    `json:"uuid"` // made by the device
	Method       Method    `json:"method"`
	Registration string    `json:"registration,omitempty"` // id
	QR           string    `json:"qr,omitempty"`           // the token
	Code         string    `json:"code,omitempty"`         // as typed
	Qty          int       `json:"qty,omitempty"`          // people; 0 is the whole party, or one walk-in
	Women        int       `json:"women,omitempty"`        // estimates
	Minors       int       `json:"minors,omitempty"`
	Elders       int       `json:"elders,omitempty"`
	Device       string    `json:"device,omitempty"`
	At           time.Time `json:"-"` // by the device's clock, set right
	UndoOf       string    `json:"undo_of,omitempty"`
}

// ScanResult is what became of one Scan.
type ScanResult struct {
	UUID         string `json:"uuid"`
	OK           bool   `json:"ok"`
	Repeat       bool   `json:"repeat,omitempty"` // had been checked in before: no error, counted once
	Registration string `json:"registration,omitempty"`
	Name         string `json:"name,omitempty"` // masked
	Party        int    `json:"party,omitempty"`
	Message      string `json:"message"` // Chinese, for who stands at the desk
}

const (
	maxBatch  = 200
	maxWalkIn = 500 // people in one event; more is a slip of the finger
)

var scanShape = regexp.MustCompile(`^[A-Za-z0-9-]{8,58}$`)

// checkInStates are those in which check-ins are taken. Between the end and the
// verified outcome devices may still bring what they hold.
var checkInStates = []State{Published, Held, Reported, ReportReturned}

// CheckIn takes what a desk brings, in any order and as often as it likes: an
// event is known by its UUID and counted once. What cannot be taken is refused
// one by one with a sentence; the error is of the whole batch.
func (s *Store) CheckIn(ctx context.Context, desk Desk, scans []Scan) ([]ScanResult, error) {
	return s.checkIn(ctx, "desk", desk.Session.ID, scans)
}

// CheckInByStaff is CheckIn from the staff side: 补录, or the counter itself.
func (s *Store) CheckInByStaff(ctx context.Context, actor auth.Actor, session string, scans []Scan) ([]ScanResult, error) {
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfSession, session); err != nil {
		return nil, err
	}
	return s.checkIn(ctx, actor.ID, session, scans)
}

func (s *Store) checkIn(ctx context.Context, by, session string, scans []Scan) (results []ScanResult, err error) {
	defer errs.Wrap(&err, "check in at session %s", session)
	if len(scans) > maxBatch {
		return nil, errs.New(errs.TooLarge, "一次上传的签到太多，请分批上传。", "%d scans", len(scans))
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		results = make([]ScanResult, len(scans)) // the transaction may run twice
		se, err := getSession(ctx, tx, "s.id = $1", session)
		if err != nil {
			return err
		}
		if !slices.Contains(checkInStates, se.State) {
			return errs.New(errs.Conflict, "该场次现在是“"+se.State.Label()+"”，不能签到。", "session is %s", se.State)
		}
		var seen []string
		for i, scan := range scans {
			res, err := s.takeScan(ctx, tx, by, se, scan)
			if err != nil {
				return err
			}
			if results[i] = res; res.OK && res.Registration != "" && scan.Method != Undo {
				seen = append(seen, res.Registration)
			}
		}
		slices.Sort(seen) // one order for all, so that two desks never wait for each other
		for _, id := range slices.Compact(seen) {
			if err := s.verify(ctx, tx, id, by); err != nil {
				return err
			}
		}
		return nil
	})
	return results, err
}

// takeScan writes one event down, or says why not.
func (s *Store) takeScan(ctx context.Context, tx *db.Tx, by string, se Session, scan Scan) (ScanResult, error) {
	res := ScanResult{UUID: scan.UUID}
	if res.Message = scan.problem(); res.Message != "" {
		return res, nil
	}
	if scan.Method == Undo {
		return s.takeUndo(ctx, tx, by, se, scan)
	}
	row := eventRow{scan: scan, session: se.ID, by: by, qty: scan.Qty}
	if scan.named() {
		reg, err := s.scanned(ctx, tx, se.ID, scan)
		if errs.Is(err, errs.NotFound) {
			res.Message = errs.MessageOf(err)
			return res, nil
		}
		if err != nil {
			return res, err
		}
		if res.Repeat, err = isPresent(ctx, tx, reg.ID, scan.UUID); err != nil {
			return res, err
		}
		row.registration, row.qty = reg.ID, partyOf(scan.Qty, reg.Party)
		res.Registration, res.Name, res.Party = reg.ID, reg.Name, row.qty
		res.Message = welcome(reg, row.qty, res.Repeat)
	} else {
		row.qty = max(1, row.qty)
		res.Party, res.Message = row.qty, "已记下。"
	}
	return s.noted(ctx, tx, row, res)
}

// noted writes the event down. A UUID that has been used for something else is
// refused: somebody went back, changed the form and sent it again.
func (s *Store) noted(ctx context.Context, tx *db.Tx, row eventRow, res ScanResult) (ScanResult, error) {
	known, err := s.insertEvent(ctx, tx, row)
	if err != nil {
		return res, err
	}
	if res.OK = known == nil || known.same(row); !res.OK {
		return ScanResult{UUID: row.scan.UUID, Message: "这一条已经记过别的内容，请刷新页面再签。"}, nil
	}
	return res, nil
}

func partyOf(came, party int) int {
	if came < 1 || came > party {
		return party
	}
	return came
}

// welcome is what the person at the desk reads aloud.
func welcome(reg Registration, qty int, repeat bool) string {
	who := reg.Name
	if qty > 1 {
		who += "等 " + strconv.Itoa(qty) + " 人"
	}
	switch {
	case repeat:
		return who + "已经签到过了，不重复计。"
	case reg.State == RegWaiting:
		return who + "签到成功（候补，还有空位再请入座）。"
	}
	return who + "签到成功。"
}

// takeUndo takes back an event, which may not have arrived yet.
func (s *Store) takeUndo(ctx context.Context, tx *db.Tx, by string, se Session, scan Scan) (ScanResult, error) {
	res := ScanResult{UUID: scan.UUID, Message: "已撤销。"}
	var of []struct {
		Session      string  `db:"session"`
		Registration *string `db:"registration"`
	}
	if err := db.Select(ctx, tx, &of, `SELECT session, registration FROM checkin_event WHERE client_uuid = $1`, scan.UndoOf); err != nil {
		return res, err
	}
	row := eventRow{scan: scan, session: se.ID, by: by}
	if len(of) > 0 {
		if of[0].Session != se.ID {
			return ScanResult{UUID: scan.UUID, Message: "这次签到不是本场的，不能撤销。"}, nil
		}
		row.registration = orEmpty(of[0].Registration)
		res.Registration = row.registration
	}
	return s.noted(ctx, tx, row, res)
}

// problem is what is wrong with the event itself, "" for nothing.
func (s Scan) problem() string {
	switch {
	case !scanShape.MatchString(s.UUID):
		return "这条签到的编号不对，请重新签一次。"
	case s.Method == Undo && !scanShape.MatchString(s.UndoOf):
		return "没有说明撤销哪一次签到。"
	case s.Method == Undo:
		return ""
	case !slices.Contains([]Method{ByQR, ByCode, ByList, BySelf, Paper, WalkIn}, s.Method):
		return "不认识这种签到方式，请更新签到页面。"
	case s.Qty < 0 || s.Qty > maxWalkIn:
		return "人数应在 1 到 500 之间，请检查。"
	case s.Women < 0 || s.Minors < 0 || s.Elders < 0 || max(s.Women, s.Minors, s.Elders) > max(1, s.Qty):
		return "其中的人数不能比总人数多，请检查。"
	case s.named() && s.Method == WalkIn, !s.named() && s.Method != WalkIn && s.Method != Paper:
		return "这条签到没有写明是谁，请重新签一次。"
	}
	return ""
}

// named reports whether it says who came.
func (s Scan) named() bool { return s.Registration != "" || s.QR != "" || s.Code != "" }

// scanned finds the sign-up a scan means, masked. One of another session or that
// is no longer live is NotFound with a sentence that helps at the desk.
func (s *Store) scanned(ctx context.Context, q db.Queryer, session string, scan Scan) (Registration, error) {
	where, arg := "id = $1", scan.Registration
	switch {
	case scan.Registration != "":
	case scan.QR != "":
		where, arg = "qr_bidx = $1", s.blind(vaultQR, strings.ToLower(strings.TrimSpace(scan.QR)))
	default:
		where, arg = "code_bidx = $1", s.blind(vaultCode, vault.CleanCode(scan.Code))
	}
	row, err := getRegistration(ctx, q, where, arg)
	if errs.Is(err, errs.NotFound) {
		return Registration{}, errs.New(errs.NotFound, "没有查到这个报名码，请核对，或从名单里找；没有报名的请按“未报名 +1”。", "%w", err)
	}
	if err != nil {
		return Registration{}, err
	}
	reg, err := s.registration(row, masked)
	switch {
	case err != nil:
		return reg, err
	case reg.Session != session:
		return reg, errs.New(errs.NotFound, "这份报名不是这一场的，请核对日期和地点。", "registration of another session")
	case !reg.State.Live() && reg.State != RegExpired:
		return reg, errs.New(errs.NotFound, "这份报名"+reg.State.Label()+"。人已经来了，请按“未报名 +1”。", "registration is %s", reg.State)
	}
	return reg, nil
}

// eventRow is a row of checkin_event to be.
type eventRow struct {
	scan         Scan
	session, by  string
	registration string
	qty          int
}

// knownEvent is what a UUID has been used for.
type knownEvent struct {
	Session      string  `db:"session"`
	Registration *string `db:"registration"`
	Qty          int     `db:"qty"`
	UndoOf       *string `db:"undo_of"`
}

// same reports that sending the row again is only a repetition.
func (k knownEvent) same(r eventRow) bool {
	if r.scan.Method == Undo {
		return k.Session == r.session && orEmpty(k.UndoOf) == r.scan.UndoOf
	}
	return k.Session == r.session && orEmpty(k.Registration) == r.registration && k.UndoOf == nil &&
		(r.registration != "" || k.Qty == r.qty) // a party may have become smaller since
}

// insertEvent writes the row, unless the event is known: then it says as what.
func (s *Store) insertEvent(ctx context.Context, tx *db.Tx, r eventRow) (*knownEvent, error) {
	now := s.now()
	at := r.scan.At
	if at.IsZero() || at.After(now) { // a clock that is ahead even after setting it right
		at = now
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO checkin_event (id, client_uuid, session, registration, method, qty, women, minors, elders,
		device, at_client, at_server, undo_of, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (client_uuid) DO NOTHING`,
		db.NewID(), r.scan.UUID, r.session, nullText(r.registration), r.scan.Method, r.qty, r.scan.Women, r.scan.Minors, r.scan.Elders,
		clip(r.scan.Device), at.UnixMilli(), now.UnixMilli(), nullText(r.scan.UndoOf), r.by)
	if err != nil || n == 1 {
		return nil, err
	}
	var known knownEvent
	err = db.Get(ctx, tx, &known, `SELECT session, registration, qty, undo_of FROM checkin_event WHERE client_uuid = $1`, r.scan.UUID)
	return &known, err
}

// isPresent reports whether another event, not undone, has the person present.
func isPresent(ctx context.Context, q db.Queryer, registration, except string) (bool, error) {
	var n int
	err := db.Get(ctx, q, &n, `SELECT count(*) FROM checkin_event e WHERE e.registration = $1 AND e.method <> 'undo' AND e.client_uuid <> $2
		AND NOT EXISTS (SELECT 1 FROM checkin_event u WHERE u.undo_of = e.client_uuid)`, registration, except)
	return n > 0, err
}
