package web_test

import (
	"crypto/sha256"
	"math/bits"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// solve finds the answer as the script in the page does.
func solve(ticket web.Ticket) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256([]byte(ticket.Token + ":" + strconv.Itoa(n)))
		if bits.LeadingZeros8(sum[0])+bits.LeadingZeros8(sum[1]) >= ticket.Bits && sum[0] == 0 {
			return strconv.Itoa(n)
		}
	}
}

func TestTickets(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	tickets := web.NewTickets([]byte("key"), func() time.Time { return now })
	ticket := tickets.Mint("signup 1")
	if len(ticket.Token) > 46 || ticket.Bits != 16 {
		t.Errorf("token of %d characters, %d bits", len(ticket.Token), ticket.Bits)
	}
	answer := solve(ticket)
	other := web.NewTickets([]byte("another key"), func() time.Time { return now })
	forged := strings.ToUpper(ticket.Token[:1]) + ticket.Token[1:]
	if forged == ticket.Token {
		forged = strings.ToLower(ticket.Token[:1]) + ticket.Token[1:]
	}
	for _, tt := range []struct {
		name    string
		tickets *web.Tickets
		purpose string
		token   string
	}{
		{"of another key", other, "signup 1", ticket.Token},
		{"for another session", tickets, "signup 2", ticket.Token},
		{"cut", tickets, "signup 1", ticket.Token[:39]},
		{"changed", tickets, "signup 1", forged},
		{"empty", tickets, "signup 1", ""},
		{"no base64", tickets, "signup 1", "提交"},
	} {
		if _, err := tt.tickets.Check(tt.purpose, tt.token, answer, "body"); !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "ticket" {
			t.Errorf("ticket %s: %v", tt.name, err)
		}
	}
	var key string
	for i, tt := range []struct {
		pass         time.Duration
		answer, body string
		worked       bool
	}{
		{0, "", "b", false}, // no proof, and none spent
		{5 * time.Second, answer, "a", true},
		{0, answer, "a", true},  // a double click
		{0, answer, "b", false}, // one proof, one body
		{0, "1" + answer, "a", false},
		{0, "0" + answer, "a", false}, // not as we write numbers
		{0, "99999999999", "a", false},
		{10 * time.Minute, answer, "a", false},
		{12 * time.Hour, answer, "b", false},
	} {
		now = now.Add(tt.pass)
		p, err := tickets.Check("signup 1", ticket.Token, tt.answer, tt.body)
		if err != nil || p.Worked != tt.worked || len(p.Key) < 16 {
			t.Errorf("%d: %+v, %v; want worked %v", i, p, err, tt.worked)
		}
		if key != "" && p.Key != key {
			t.Errorf("%d: the form's name changed from %s to %s", i, key, p.Key)
		}
		key = p.Key
	}
	now = now.Add(12 * time.Hour)
	if _, err := tickets.Check("signup 1", ticket.Token, answer, "a"); !errs.Is(err, errs.Invalid) {
		t.Errorf("after a day: %v", err)
	}
	if tickets.Mint("signup 1").Token == ticket.Token {
		t.Error("two tickets are the same")
	}
}
