package content

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Render shows what a text would look like; it stores nothing.
func (s *Store) Render(ctx context.Context, text Text) (Rendered, error) {
	r, err := s.prepare(ctx, &text)
	return r.Rendered, err
}

// PreviewToken lets anyone who has it see an edition until expires, whatever
// its state: the last part of /preview/{token}.
func (s *Store) PreviewToken(editionID string, expires time.Time) string {
	msg := append(binary.BigEndian.AppendUint64(nil, uint64(expires.Unix())), editionID...)
	return base64.RawURLEncoding.EncodeToString(append(s.sign(msg), msg...))
}

// signature is the length of a token's signature; the expiry of 8 bytes and
// the edition's id follow it.
const signature = 16

// sign binds the message to its purpose, since the secret may serve others.
func (s *Store) sign(msg []byte) []byte {
	mac := hmac.New(sha256.New, s.cfg.Secret)
	mac.Write([]byte("songfa preview\n"))
	mac.Write(msg)
	return mac.Sum(nil)[:signature]
}

// ByPreviewToken reads the edition of a token. Errors: errs.NotFound for a
// token that is not ours, errs.Gone for one that ran out.
func (s *Store) ByPreviewToken(ctx context.Context, token string) (_ Live, err error) {
	defer errs.Wrap(&err, "open preview")
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) <= signature+8 || !hmac.Equal(b[:signature], s.sign(b[signature:])) {
		return Live{}, errs.New(errs.NotFound, "预览地址不完整，请重新复制一次。", "not a preview token")
	}
	expires := time.Unix(int64(binary.BigEndian.Uint64(b[signature:])), 0)
	if s.cfg.Now().After(expires) {
		return Live{}, errs.New(errs.Gone, "预览地址已过期，请向发给您的人再要一个。", "preview expired at %s", expires)
	}
	var r liveRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+liveColumns+`, e.body, e.plain FROM editions e JOIN documents d ON d.id = e.document_id
		WHERE e.id = $1`, string(b[signature+8:]))
	if err != nil {
		return Live{}, notFound(err, "预览的内容已被删除。")
	}
	return r.live()
}
