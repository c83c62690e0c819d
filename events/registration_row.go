package events

import (
	"context"
	"math/bits"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/vault"
)

// registrationRow is a sign-up as the database holds it.
type registrationRow struct {
	ID          string            `db:"id"`
	Session     string            `db:"session"`
	Party       int               `db:"party"`
	State       RegistrationState `db:"state"`
	WaitPos     *int              `db:"wait_pos"`
	Origin      string            `db:"origin"`
	VerifyLevel VerifyLevel       `db:"verify_level"`
	Town        string            `db:"town"`
	WorkerKind  string            `db:"worker_kind"`
	Personal    string            `db:"personal"`
	PhoneBidx   *string           `db:"phone_bidx"`
	CodeBidx    *string           `db:"code_bidx"`
	QRBidx      *string           `db:"qr_bidx"`
	IdemKey     *string           `db:"idem_key"`
	IdemHash    string            `db:"idem_hash"`
	IPHash      string            `db:"ip_hash"`
	Consent     string            `db:"consent"`
	CreatedAt   int64             `db:"created_at"`
	CreatedBy   string            `db:"created_by"`
	UpdatedAt   int64             `db:"updated_at"`
	Pool        string            `db:"pool"`   // code of the pool it came with
	Seated      string            `db:"seated"` // code of the pool its places are from, "" the common ones
}

const registrationColumns = `id, session, party, state, wait_pos, origin, verify_level, town, worker_kind, personal,
	phone_bidx, code_bidx, qr_bidx, idem_key, idem_hash, ip_hash, consent, created_at, created_by, updated_at, pool, seated`

// args are the values of registrationColumns.
func (r registrationRow) args() []any {
	return []any{r.ID, r.Session, r.Party, r.State, r.WaitPos, r.Origin, r.VerifyLevel, r.Town, r.WorkerKind, r.Personal,
		r.PhoneBidx, r.CodeBidx, r.QRBidx, r.IdemKey, r.IdemHash, r.IPHash, r.Consent, r.CreatedAt, r.CreatedBy, r.UpdatedAt, r.Pool, r.Seated}
}

func (r registrationRow) key() string   { return orEmpty(r.IdemKey) }
func (r registrationRow) phone() string { return orEmpty(r.PhoneBidx) }

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// person is what is sealed of a sign-up.
type person struct {
	Name     string `json:"name"`
	Phone    string `json:"phone,omitempty"` // E.164
	Question string `json:"question,omitempty"`
	Access   string `json:"access,omitempty"`
}

// The contexts and kinds under which the vault keeps what belongs to sign-ups.
func sealContext(id string) string { return "registration:" + id }

const (
	vaultPhone   = "phone"
	vaultCode    = "registration code"
	vaultQR      = "registration qr"
	vaultAddress = "address"
	vaultForm    = "registration form"
)

// blind is half of the vault's value: 128 bits tell any two phones apart, and the
// index is half as long.
func (s *Store) blind(kind, value string) string { return s.vault.Blind(kind, value)[:32] }

func (s *Store) registrationCode(id string) string { return s.vault.Code(vaultCode, id) }
func (s *Store) registrationQR(id string) string   { return s.vault.Token(vaultQR, id) }

// view is how much of a person is shown.
type view int

const (
	masked   view = iota // 张*, 138****5678: staff by default
	revealed             // in full, without code: staff with a reason
	owned                // in full and with the code: the person
)

// registration opens a row as far as the viewer may see.
func (s *Store) registration(r registrationRow, v view) (Registration, error) {
	reg := Registration{ID: r.ID, Session: r.Session, Party: r.Party, State: r.State, Pool: r.Pool, Town: r.Town, WorkerKind: r.WorkerKind,
		Origin: Origin(r.Origin), VerifyLevel: r.VerifyLevel, Created: local(r.CreatedAt), Wiped: r.Personal == ""}
	var p person
	if err := s.vault.Open(sealContext(r.ID), r.Personal, &p); err != nil {
		return reg, err
	}
	reg.Name, reg.Phone = p.Name, p.Phone
	switch v {
	case masked:
		reg.Name, reg.Phone = vault.MaskName(p.Name), maskPhone(p.Phone)
		return reg, nil
	case owned:
		reg.Code, reg.QR = s.registrationCode(r.ID), s.registrationQR(r.ID)
	}
	reg.Question, reg.Access = p.Question, p.Access
	return reg, nil
}

func maskPhone(e164 string) string {
	if e164 == "" {
		return ""
	}
	return vault.MaskPhone(e164)
}

func insertRegistrations(ctx context.Context, tx *db.Tx, rows []registrationRow) error {
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = r.args()
	}
	return insertMany(ctx, tx, `INSERT INTO registration (`+registrationColumns+`) VALUES `, values)
}

// insertMany writes many rows with few statements. The numbers of rows they take
// are few too, so that prepared statements are found again.
func insertMany(ctx context.Context, tx *db.Tx, insert string, rows [][]any) error {
	for len(rows) > 0 {
		n := chunk(len(rows))
		if _, err := db.Exec(ctx, tx, insert+tuples(n, len(rows[0])), slices.Concat(rows[:n]...)...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// chunk is how many of n go to the database at once: a power of two.
func chunk(n int) int { return 1 << min(6, bits.Len(uint(n))-1) }

// tuples is "($1,$2),($3,$4)" for two rows of two columns.
func tuples(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("),(")
		default:
			b.WriteString(",")
		}
		b.WriteString(db.Placeholder(i + 1))
	}
	return b.String() + ")"
}

// padded repeats the last value until the list has one of few lengths, for the
// same reason.
func padded(values []string) []string {
	for _, size := range []int{1, 4, 16, 64, 256} {
		if len(values) <= size {
			for len(values) < size {
				values = append(values, values[len(values)-1])
			}
			break
		}
	}
	return values
}
