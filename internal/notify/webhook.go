package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Webhook hands letters to a gateway of the bureau's own, as JSON by POST:
//
//	{"id": …, "kind": …, "name": …, "phone": "+86…", "title": …, "body": …, "link": …}
//
// The header Songfa-Signature is the hex HMAC-SHA256 of the body under the
// shared secret, Idempotency-Key the id. A 2xx answer means the gateway has taken
// it over; 400, 401, 403, 404, 410 and 422 are permanent; the rest is tried again.
type Webhook struct {
	URL    string
	Secret string
	Client *http.Client // nil: a client of its own that follows no redirects
}

// Channel is webhook.
func (w *Webhook) Channel() string { return "webhook" }

// Reaches those with a telephone.
func (w *Webhook) Reaches(l Letter) bool { return l.Phone != "" }

type webhookBody struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Title string `json:"title"`
	Body  string `json:"body"`
	Link  string `json:"link,omitempty"`
}

// Send posts the letter.
func (w *Webhook) Send(ctx context.Context, l Letter) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	body, err := json.Marshal(webhookBody{l.ID, l.Kind, l.Name, l.Phone, l.Title, l.Body, l.Link})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return &Permanent{errors.New("webhook: the address cannot be used")}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Idempotency-Key", l.ID)
	req.Header.Set("Songfa-Signature", sign(w.Secret, body))
	res, err := w.client().Do(req)
	if err != nil {
		return fmt.Errorf("webhook: %w", withoutAddress(err))
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // what it says may hold the number: not for logs
	switch {
	case res.StatusCode < 300:
		return nil
	case res.StatusCode == 400, res.StatusCode == 401, res.StatusCode == 403, res.StatusCode == 404, res.StatusCode == 410, res.StatusCode == 422:
		return &Permanent{fmt.Errorf("webhook answered %s", res.Status)}
	}
	return fmt.Errorf("webhook answered %s", res.Status)
}

// withoutAddress takes the address out of a client's error: it may hold a key of
// the gateway, and errors end in the log and in the outbox.
func withoutAddress(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

func (w *Webhook) client() *http.Client {
	if w.Client != nil {
		return w.Client
	}
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func sign(secret string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
