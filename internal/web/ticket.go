package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

const (
	// proofLife is how long after the form was given out a proof counts: work
	// cannot be stored up.
	proofLife = 10 * time.Minute
	// ticketLife is how long the form itself can be sent.
	ticketLife = 24 * time.Hour
	// ProofBits is the number of leading zero bits: 65,000 hashes on average, half
	// a second on a cheap telephone, nothing for one person, too much for a flood.
	ProofBits = 16
	// maxUsed bounds the memory of tickets that came back.
	maxUsed = 100_000
)

// Ticket is given out with a form that strangers may send.
type Ticket struct {
	Token string // goes back with the form, in a hidden field
	Bits  int    // leading zero bits that SHA-256(Token ":" answer) must have
}

// Proof is what a ticket that came back is worth.
type Proof struct {
	// Key names the form, the same each time it is sent: sending it twice must
	// not do things twice.
	Key string
	// Worked: a proof of work came with it, in time, and for this body only.
	Worked bool
	// Age of the form.
	Age time.Duration
}

// Tickets keeps robots away from forms without asking people to read pictures
// and without a third party: the form is signed, and a script of ours finds a
// number whose hash begins with zeros while the person types. A browser without
// JavaScript sends no number; the caller then asks for patience instead (Age, a
// Limiter). Tickets of one node are good on the others; which came back already,
// each node knows for itself.
type Tickets struct {
	key  []byte
	now  func() time.Time
	mu   sync.Mutex
	used map[string]use
}

type use struct {
	body  [sha256.Size]byte
	until time.Time
}

// NewTickets signs with the key.
func NewTickets(key []byte, now func() time.Time) *Tickets {
	return &Tickets{key: key, now: now, used: make(map[string]use)}
}

// A token is 4 bytes of time, 10 random ones and 16 of the signature: with the
// answer it stays within one block of SHA-256.
const (
	ticketHead = 4 + 10
	ticketSize = ticketHead + 16
)

var ticketText = base64.RawURLEncoding

// Mint makes a ticket for one purpose, such as "signup SF-2026-00012"; it is
// good for nothing else.
func (t *Tickets) Mint(purpose string) Ticket {
	b := make([]byte, ticketHead, ticketSize)
	binary.BigEndian.PutUint32(b, uint32(t.now().Unix()))
	rand.Read(b[4:])
	return Ticket{Token: ticketText.EncodeToString(append(b, t.sign(purpose, b)...)), Bits: ProofBits}
}

func (t *Tickets) sign(purpose string, head []byte) []byte {
	mac := hmac.New(sha256.New, t.key)
	mac.Write(head)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)[:ticketSize-ticketHead]
}

// Check reads the ticket that came back with a body, whose proof is answer, ""
// for none. One that we did not make for this purpose, or that is too old, is
// Invalid with field ticket. A wrong answer is as good as none.
func (t *Tickets) Check(purpose, token, answer string, body ...string) (Proof, error) {
	b, err := ticketText.DecodeString(token)
	if err != nil || len(b) != ticketSize || !hmac.Equal(b[ticketHead:], t.sign(purpose, b[:ticketHead])) {
		return Proof{}, badTicket()
	}
	now := t.now()
	made := time.Unix(int64(binary.BigEndian.Uint32(b)), 0)
	p := Proof{Key: ticketText.EncodeToString(b[:ticketHead]), Age: now.Sub(made)}
	if p.Age < -time.Minute || p.Age >= ticketLife { // clocks of two nodes differ a little
		return Proof{}, badTicket()
	}
	if p.Age < proofLife && proves(token, answer) {
		p.Worked = t.use(p.Key, sha256.Sum256([]byte(strings.Join(body, "\x00"))), now)
	}
	return p, nil
}

func badTicket() error {
	return errs.Bad("ticket", "页面放得太久了，已经换了新的一页，您填的内容还在，请再点一次提交。")
}

// use spends the proof on this body, and tells whether it could: a double click
// sends the same once more, another body needs work of its own.
func (t *Tickets) use(key string, body [sha256.Size]byte, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if u, ok := t.used[key]; ok {
		return u.body == body
	}
	if len(t.used) >= maxUsed {
		t.makeRoom(now)
	}
	t.used[key] = use{body, now.Add(proofLife)}
	return true
}

func (t *Tickets) makeRoom(now time.Time) {
	for key, u := range t.used {
		if !now.Before(u.until) {
			delete(t.used, key)
		}
	}
	if len(t.used) >= maxUsed {
		clear(t.used)
	}
}

// proves reports whether the answer is a number that took the work.
func proves(token, answer string) bool {
	if n, err := strconv.ParseUint(answer, 10, 32); err != nil || strconv.FormatUint(n, 10) != answer {
		return false
	}
	sum := sha256.Sum256([]byte(token + ":" + answer))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) >= ProofBits
}
