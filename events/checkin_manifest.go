package events

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/songfa/songfa/internal/errs"
)

// Manifest is what a desk takes along to work without network. Whoever finds the
// device reads nothing in it: an entry opens only with the QR code of its person,
// the list of names only with the PIN.
type Manifest struct {
	No    string `json:"no"`
	Title string `json:"title"`
	When  string `json:"when"`
	Now   int64  `json:"now"`   // the server's clock in milliseconds: devices set theirs right by it
	Until int64  `json:"until"` // when the device wipes itself, milliseconds
	Event string `json:"event"` // the key that makes entries of two events unlike
	// Entries by SHA-256(event ‖ token) in hex: AES-GCM(nonce ‖ box) in base64 under
	// SHA-256("songfa desk" ‖ event ‖ token), of a ManifestEntry.
	Entries map[string]string `json:"entries"`
	// Names is AES-GCM of a list of ManifestEntry under PBKDF2(PIN, event); "" when
	// the coordinator has not allowed the list.
	Names string `json:"names,omitempty"`
	Turns int    `json:"turns"` // of PBKDF2-SHA-256
	// Present are the sign-ups that are checked in by now, by id.
	Present []string `json:"present"`
}

// ManifestEntry is one sign-up for the desk.
type ManifestEntry struct {
	ID       string `json:"id"`
	Name     string `json:"name"`           // masked
	LastFour string `json:"last4"`          // of the phone
	Party    int    `json:"party"`          // 人
	Wait     bool   `json:"wait,omitempty"` // still in the queue
}

// pinTurns makes trying all PINs on a found device cost hours; it takes a
// telephone a fraction of a second.
const pinTurns = 200_000

// DeskManifest makes the manifest of a desk as of now.
func (s *Store) DeskManifest(ctx context.Context, d Desk) (_ Manifest, err error) {
	defer errs.Wrap(&err, "manifest of session %s", d.Session.ID)
	arrivals, err := s.Arrivals(ctx, d.Session.ID)
	if err != nil {
		return Manifest{}, err
	}
	event := s.vault.Token("desk event", d.Session.ID+":"+strconv.Itoa(d.number))
	m := Manifest{No: d.Session.No, Title: d.Session.Title, When: d.Session.When(), Now: s.now().UnixMilli(), Until: d.Until().UnixMilli(),
		Event: event, Entries: make(map[string]string, len(arrivals)), Turns: pinTurns, Present: []string{}}
	names := make([]ManifestEntry, 0, len(arrivals))
	for _, a := range arrivals {
		if a.Present {
			m.Present = append(m.Present, a.ID)
		}
		if a.Wiped {
			continue
		}
		e := ManifestEntry{ID: a.ID, Name: a.Name, LastFour: a.LastFour, Party: a.Party, Wait: a.State != RegConfirmed}
		names = append(names, e)
		token := s.registrationQR(a.ID)
		if m.Entries[manifestKey(event, token)], err = sealFor(entrySecret(event, token), e); err != nil {
			return m, err
		}
	}
	if d.Names {
		key, err := pbkdf2.Key(sha256.New, d.PIN, []byte(event), pinTurns, 32)
		if err != nil {
			return m, err
		}
		m.Names, err = sealFor(key, names)
		return m, err
	}
	return m, nil
}

func manifestKey(event, token string) string {
	sum := sha256.Sum256([]byte(event + token))
	return hex.EncodeToString(sum[:])
}

func entrySecret(event, token string) []byte {
	sum := sha256.Sum256([]byte("songfa desk" + event + token))
	return sum[:]
}

// sealFor encrypts JSON the way the browser's Web Crypto opens it.
func sealFor(key []byte, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return base64.StdEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, nil)), nil
}
