package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

const (
	totpStep     = 30 * time.Second // RFC 6238, what every phone program expects
	totpSkew     = 1                // steps a phone's clock may be off, either way
	secretBytes  = 20
	recoveryN    = 10
	recoveryKind = "recovery word"
)

// Setup is what a phone needs to know. It is shown to its owner and to nobody
// else, and only until it is confirmed.
type Setup struct {
	Secret string // base32, to be typed where there is no camera
	URL    string // otpauth://, for the QR code
}

func totpContext(id string) string { return "totp:" + id }

// WantTOTP begins to set the second factor up: the same secret each time until
// a code has confirmed it.
func (s *Store) WantTOTP(ctx context.Context, actor Actor, issuer string) (_ Setup, err error) {
	defer errs.Wrap(&err, "begin second factor of %s", actor.ID)
	row, err := s.row(ctx, actor.ID)
	if err != nil {
		return Setup{}, err
	}
	if row.TOTPAt != nil {
		return Setup{}, errs.New(errs.Conflict, "您已经开通了动态码。要换手机，请先停用，再重新开通。", "second factor is on")
	}
	var secret string
	if err := s.cfg.Vault.Open(totpContext(row.ID), row.TOTPWanted, &secret); err != nil {
		return Setup{}, err
	}
	if secret == "" {
		if secret, err = s.newSecret(ctx, row.ID); err != nil {
			return Setup{}, err
		}
	}
	q := url.Values{"secret": {secret}, "issuer": {issuer}}
	return Setup{Secret: secret, URL: "otpauth://totp/" + url.PathEscape(issuer+":"+row.Name) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")}, nil
}

func (s *Store) newSecret(ctx context.Context, id string) (string, error) {
	b := make([]byte, secretBytes)
	rand.Read(b)
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
	sealed, err := s.cfg.Vault.Seal(totpContext(id), secret)
	if err != nil {
		return "", err
	}
	return secret, s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE account SET totp_wanted = $2 WHERE id = $1`, id, sealed)
		return err
	})
}

// ConfirmTOTP turns the second factor on with the first code of the phone, and
// returns ten words for the day the phone is gone. They are shown once.
func (s *Store) ConfirmTOTP(ctx context.Context, actor Actor, code string) (words []string, err error) {
	defer errs.Wrap(&err, "confirm second factor of %s", actor.ID)
	row, err := s.row(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	var secret string
	if err := s.cfg.Vault.Open(totpContext(row.ID), row.TOTPWanted, &secret); err != nil {
		return nil, err
	}
	step := matchStep(secret, code, s.cfg.Now())
	if secret == "" || step == 0 {
		return nil, errs.Bad("code", "动态码不对。请看手机上现在显示的 6 位数字；手机时间要和北京时间一致。")
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE account SET totp_secret = totp_wanted, totp_wanted = '', totp_step = $2, totp_at = $3, updated_at = $3
			WHERE id = $1 AND totp_wanted = $4`, row.ID, step, s.cfg.Now().UnixMilli(), row.TOTPWanted)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "刚才在别处重新开通过，请重新扫码。", "secret changed meanwhile")
		}
		if err != nil {
			return err
		}
		words, err = putWords(ctx, tx, row.ID)
		s.ledger.Record(tx, actor.Entry("user.totp", "user:"+row.ID, "开通动态码"))
		return err
	})
	return words, err
}

// RenewWords makes ten new words; the old ones open nothing any more.
func (s *Store) RenewWords(ctx context.Context, actor Actor, code string) (words []string, err error) {
	defer errs.Wrap(&err, "renew recovery words of %s", actor.ID)
	err = s.withCode(ctx, actor, code, func(ctx context.Context, tx *db.Tx, row accountRow) error {
		words, err = putWords(ctx, tx, row.ID)
		s.ledger.Record(tx, actor.Entry("user.totp", "user:"+row.ID, "更换备用码"))
		return err
	})
	return words, err
}

// DropTOTP turns one's own second factor off, with a last code. Where a role
// needs it, only a new one can take its place.
func (s *Store) DropTOTP(ctx context.Context, actor Actor, code string) (err error) {
	defer errs.Wrap(&err, "drop second factor of %s", actor.ID)
	return s.withCode(ctx, actor, code, func(ctx context.Context, tx *db.Tx, row accountRow) error {
		s.ledger.Record(tx, actor.Entry("user.totp", "user:"+row.ID, "停用动态码"))
		return clearTOTP(ctx, tx, row.ID)
	})
}

// ResetTOTP is the administrator's help for somebody whose phone is gone. It
// signs them out everywhere.
func (s *Store) ResetTOTP(ctx context.Context, actor Actor, id string) (err error) {
	defer errs.Wrap(&err, "reset second factor of %s", id)
	if err := actor.Must(Users); err != nil {
		return err
	}
	a, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := clearTOTP(ctx, tx, id); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE account = $1`, id); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("user.totp_reset", "user:"+id, "替 "+a.Name+" 停用动态码"))
		return nil
	})
}

func clearTOTP(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `UPDATE account SET totp_secret = '', totp_wanted = '', totp_step = 0, totp_at = NULL WHERE id = $1`, id)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM account_recovery WHERE account = $1`, id)
	return err
}

// withCode does something that wants a fresh code, under the limit of tries.
func (s *Store) withCode(ctx context.Context, actor Actor, code string, do func(context.Context, *db.Tx, accountRow) error) error {
	row, err := s.row(ctx, actor.ID)
	if err != nil {
		return err
	}
	keys := []throttleKey{{codeKey(row.ID), 1}}
	if err := s.throttled(ctx, keys...); err != nil {
		return err
	}
	var ok bool
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if ok, err = s.takeCode(ctx, tx, row, code); err != nil || !ok {
			return err
		}
		return do(ctx, tx, row)
	})
	if err == nil && !ok {
		err = s.failed(ctx, keys, row.ID, Visit{}, errWrongCode())
	}
	return err
}

func errWrongCode() error {
	return errs.Bad("code", "动态码或备用码不对，或者已经用过。请等手机上换了新的数字再输。")
}

// takeCode uses a code up: a step of the phone, or one of the ten words.
func (s *Store) takeCode(ctx context.Context, tx *db.Tx, row accountRow, typed string) (bool, error) {
	var secret string
	if err := s.cfg.Vault.Open(totpContext(row.ID), row.TOTPSecret, &secret); err != nil || secret == "" {
		return false, err
	}
	if step := matchStep(secret, typed, s.cfg.Now()); step > 0 {
		n, err := db.Exec(ctx, tx, `UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, row.ID, step)
		return n == 1, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE account_recovery SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL`,
		row.ID, wordHash(row.ID, typed), s.cfg.Now().UnixMilli())
	if err == nil && n == 1 {
		s.ledger.Record(tx, actorOf(row).Entry("user.recovery", "user:"+row.ID, "用了一个备用码"))
	}
	return n == 1, err
}

// matchStep is the step a code is of, 0 for none near now.
func matchStep(secret, typed string, now time.Time) int64 {
	code := vault.CleanCode(typed)
	if len(code) != 6 || secret == "" {
		return 0
	}
	at := now.Unix() / int64(totpStep/time.Second)
	for step := at - totpSkew; step <= at+totpSkew; step++ {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if ok && err == nil {
			return step
		}
	}
	return 0
}

// putWords replaces the ten words and returns them in clear.
func putWords(ctx context.Context, tx *db.Tx, id string) ([]string, error) {
	if _, err := db.Exec(ctx, tx, `DELETE FROM account_recovery WHERE account = $1`, id); err != nil {
		return nil, err
	}
	words := make([]string, recoveryN)
	for i := range words {
		words[i] = NewPassword()[:9] // two groups of four: 40 bits, under the limit of tries
		if _, err := db.Exec(ctx, tx, `INSERT INTO account_recovery (account, hash) VALUES ($1, $2)`, id, wordHash(id, words[i])); err != nil {
			return nil, err
		}
	}
	return words, nil
}

// WordsLeft is how many of an account's words have not been used.
func (s *Store) WordsLeft(ctx context.Context, id string) (n int, err error) {
	err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM account_recovery WHERE account = $1 AND used_at IS NULL`, id)
	return n, err
}

func wordHash(id, typed string) string {
	sum := sha256.Sum256([]byte(recoveryKind + id + vault.CleanCode(typed)))
	return hex.EncodeToString(sum[:])
}
