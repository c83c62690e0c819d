package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"
)

// SMTP sends mail through the bureau's server.
type SMTP struct {
	host string
	opts []mail.Option
	from string
}

// NewSMTP reads smtp://user:password@host:587 (STARTTLS, refused without),
// smtps://…:465 (TLS from the start) or smtp+plain://host:25 (no encryption, for
// a server on the same machine). from is the sender's address.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("mail server is not an address") // the parser's error would hold the password
	}
	s := &SMTP{host: u.Hostname(), from: from}
	port := 587
	switch u.Scheme {
	case "smtp":
		s.opts = append(s.opts, mail.WithTLSPolicy(mail.TLSMandatory))
	case "smtps":
		port = 465
		s.opts = append(s.opts, mail.WithSSL())
	case "smtp+plain":
		port = 25
		s.opts = append(s.opts, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("mail server scheme %q: want smtp, smtps or smtp+plain", u.Scheme)
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("mail server port %q is no number", p)
		}
	}
	s.opts = append(s.opts, mail.WithPort(port), mail.WithTimeout(sendTime))
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		s.opts = append(s.opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(password))
	}
	if s.host == "" || from == "" {
		return nil, errors.New("mail needs a server and a sender's address")
	}
	return s, nil
}

// Channel is smtp.
func (s *SMTP) Channel() string { return "smtp" }

// Reaches those with a mail address.
func (s *SMTP) Reaches(l Letter) bool { return l.Email != "" }

// Send delivers the letter to the server.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	m := mail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(l.Email)); err != nil {
		return &Permanent{errors.New("an address of the mail is not one")} // the error would name it
	}
	m.Subject(l.Title)
	m.SetMessageIDWithValue(l.ID + "@" + s.host) // the same for every try: servers drop what they have
	text := l.Body
	if l.Link != "" {
		text += "\n\n" + l.Link
	}
	m.SetBodyString(mail.TypeTextPlain, text)
	if l.ICS != nil {
		if err := m.AttachReader("songfa.ics", bytes.NewReader(l.ICS), mail.WithFileContentType("text/calendar; charset=utf-8; method=PUBLISH")); err != nil {
			return &Permanent{fmt.Errorf("attach calendar file: %w", err)}
		}
	}
	client, err := mail.NewClient(s.host, s.opts...)
	if err != nil {
		return &Permanent{fmt.Errorf("smtp: %w", err)}
	}
	return failed(client.DialAndSendWithContext(ctx, m))
}

// failed says how a try went, in words without addresses. Where the connection
// broke after the text was handed over nobody knows whether the mail went out:
// trying again could send it twice, so a person asks.
func failed(err error) error {
	var se *mail.SendError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &se):
		return fmt.Errorf("smtp: %w", err)
	case se.ErrorCode() >= 500:
		return &Permanent{fmt.Errorf("smtp refused the mail with code %d", se.ErrorCode())}
	case se.ErrorCode() == 0 && (se.Reason == mail.ErrSMTPDataClose || se.Reason == mail.ErrSMTPReset || se.Reason == mail.ErrAmbiguous):
		return &Permanent{errors.New("smtp broke off after the text: it may have gone out")}
	}
	return fmt.Errorf("smtp could not take the mail now: code %d, reason %d", se.ErrorCode(), se.Reason)
}
