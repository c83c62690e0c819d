package notify

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

var letter = Letter{ID: "01J", Kind: "moved", Name: "王师傅", Phone: "+8613800000001", Email: "wang@example.cn",
	Title: "时间地点有变", Body: "改在 11 月 20 日。", Link: "https://example.cn/events/SF-2026-00001"}

func TestWebhookSignsAndCarriesEverything(t *testing.T) {
	var got webhookBody
	var signature, key string
	var body []byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		signature, key = r.Header.Get("Songfa-Signature"), r.Header.Get("Idempotency-Key")
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer srv.Close()
	if err := (&Webhook{URL: srv.URL, Secret: "s"}).Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	if got.Phone != letter.Phone || got.Name != letter.Name || got.Body != letter.Body || got.Link != letter.Link || key != letter.ID {
		t.Errorf("gateway got %+v, key %q", got, key)
	}
	if signature != sign("s", body) || signature == sign("other", body) {
		t.Errorf("signature %q does not fit", signature)
	}
}

func TestWebhookTellsWhatIsOfNoUseToRepeat(t *testing.T) {
	for status, permanent := range map[int]bool{500: false, 503: false, 429: false, 302: false, 400: true, 401: true, 410: true, 422: true} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		err := (&Webhook{URL: srv.URL}).Send(context.Background(), letter)
		if err == nil || IsPermanent(err) != permanent {
			t.Errorf("%d: %v, permanent %v; want %v", status, err, IsPermanent(err), permanent)
		}
		if strings.Contains(err.Error(), letter.Phone) {
			t.Errorf("%d: the error names the number: %v", status, err)
		}
		srv.Close()
	}
}

func TestWebhookAwayIsTriedAgain(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	if err := (&Webhook{URL: srv.URL}).Send(context.Background(), letter); err == nil || IsPermanent(err) {
		t.Errorf("got %v, want an error to try again after", err)
	}
}

// mailServer speaks enough SMTP (RFC 5321) for one mail, and answers RCPT as told.
func mailServer(t *testing.T, rcpt string) (address string, mail <-chan string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	got := make(chan string, 1)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		got <- talk(conn, rcpt)
	}()
	return ln.Addr().String(), got
}

func talk(conn net.Conn, rcpt string) string {
	in := bufio.NewReader(conn)
	say := func(s string) { io.WriteString(conn, s+"\r\n") }
	say("220 test")
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return text.String()
		}
		switch verb := strings.ToUpper(line); {
		case strings.HasPrefix(verb, "EHLO"), strings.HasPrefix(verb, "HELO"), strings.HasPrefix(verb, "MAIL"), strings.HasPrefix(verb, "RSET"), strings.HasPrefix(verb, "NOOP"):
			say("250 ok")
		case strings.HasPrefix(verb, "RCPT"):
			say(rcpt)
		case strings.HasPrefix(verb, "DATA"):
			say("354 go on")
			for line != ".\r\n" && err == nil {
				line, err = in.ReadString('\n')
				text.WriteString(line)
			}
			say("250 taken")
		case strings.HasPrefix(verb, "QUIT"):
			say("221 bye")
			return text.String()
		}
	}
}

func TestMailArrives(t *testing.T) {
	address, got := mailServer(t, "250 ok")
	s, err := NewSMTP("smtp+plain://"+address, "pufa@example.gov.cn")
	if err != nil {
		t.Fatal(err)
	}
	with := letter
	with.ICS = []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
	if err := s.Send(context.Background(), with); err != nil {
		t.Fatal(err)
	}
	text := <-got
	for _, want := range []string{"To: <wang@example.cn>", "From: <pufa@example.gov.cn>", "Message-ID: <01J@127.0.0.1>", "events/SF-2026-00001",
		"text/calendar; charset=utf-8; method=PUBLISH", `filename="songfa.ics"`, base64.StdEncoding.EncodeToString(with.ICS)} {
		if !strings.Contains(text, want) {
			t.Errorf("mail lacks %q:\n%s", want, text)
		}
	}
}

func TestMailRefusedAndAway(t *testing.T) {
	for answer, permanent := range map[string]bool{"550 no such user": true, "451 try later": false} {
		address, _ := mailServer(t, answer)
		s, err := NewSMTP("smtp+plain://"+address, "pufa@example.gov.cn")
		if err != nil {
			t.Fatal(err)
		}
		err = s.Send(context.Background(), letter)
		if err == nil || IsPermanent(err) != permanent || strings.Contains(err.Error(), "wang@") {
			t.Errorf("%s: %v, permanent %v", answer, err, IsPermanent(err))
		}
	}
	s, _ := NewSMTP("smtp+plain://127.0.0.1:1", "pufa@example.gov.cn")
	if err := s.Send(context.Background(), letter); err == nil || IsPermanent(err) {
		t.Errorf("server away: %v, want an error to try again after", err)
	}
}

func TestNewSMTPRefusesNonsenseWithoutThePassword(t *testing.T) {
	for _, address := range []string{"", "http://x", "smtp://", "smtp://u:geheim@h:x", "smtp://u:geheim@%zz"} {
		if _, err := NewSMTP(address, "a@b.cn"); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("NewSMTP(%q): %v", address, err)
		}
	}
}
