package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// Vault holds the keys. It is safe for concurrent use.
type Vault struct {
	master cipher.AEAD // wraps the keys of rows
	blind  []byte
	derive []byte
}

// New derives the keys of all uses from one secret of at least 32 bytes.
func New(secret []byte) *Vault {
	return &Vault{master: gcm(key(secret, "master")), blind: key(secret, "blind"), derive: key(secret, "derive")}
}

func key(secret []byte, use string) []byte {
	k, err := hkdf.Key(sha256.New, secret, nil, "vault "+use, keySize)
	if err != nil { // only for absurd lengths
		panic(err)
	}
	return k
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil { // only for a wrong length
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// A sealed text is base64 of: version, nonce and wrapped row key, nonce and
// encrypted JSON.
const (
	keySize   = 32
	nonceSize = 12
	tagSize   = 16
	version   = 1
	wrapped   = 1 + nonceSize + keySize + tagSize // where the JSON's nonce begins
)

// Seal encrypts v, as JSON, for the row that context names ("registration:01J…").
func (v *Vault) Seal(context string, value any) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	rowKey := make([]byte, keySize)
	rand.Read(rowKey)
	nonces := make([]byte, 2*nonceSize)
	rand.Read(nonces)
	out := append([]byte{version}, nonces[:nonceSize]...)
	out = v.master.Seal(out, nonces[:nonceSize], rowKey, []byte(context))
	out = append(out, nonces[nonceSize:]...)
	out = gcm(rowKey).Seal(out, nonces[nonceSize:], plain, []byte(context))
	return base64.RawStdEncoding.EncodeToString(out), nil
}

// Open decrypts what Seal made for the same context into value. A text that is
// empty because it was wiped leaves value as it is. Anything else that does not
// open is an Internal error: the secret file is another one, or the row was
// tampered with.
func (v *Vault) Open(context, sealed string, value any) (err error) {
	if sealed == "" {
		return nil
	}
	defer errs.Wrap(&err, "open personal data of %s", context)
	in, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return unreadable("%w", err)
	}
	if len(in) < wrapped+nonceSize+tagSize || in[0] != version {
		return unreadable("not a sealed text of version %d", version)
	}
	rowKey, err := v.master.Open(nil, in[1:1+nonceSize], in[1+nonceSize:wrapped], []byte(context))
	if err != nil {
		return unreadable("row key: %w", err)
	}
	plain, err := gcm(rowKey).Open(nil, in[wrapped:wrapped+nonceSize], in[wrapped+nonceSize:], []byte(context))
	if err != nil {
		return unreadable("%w", err)
	}
	return json.Unmarshal(plain, value)
}

func unreadable(format string, args ...any) error {
	return errs.New(errs.Internal, "个人信息无法解密，可能换了密钥文件。请管理员恢复原来的密钥文件。", format, args...)
}

// Blind is the same text for the same value, and tells nothing about it without
// the key. kind keeps the uses apart: equal phone numbers of different tables
// that should not be joined get different kinds.
func (v *Vault) Blind(kind, value string) string {
	return hex.EncodeToString(mac(v.blind, kind, value))
}

// Token is a secret of 128 bits for links and QR codes: 26 characters. It is
// derived, so whoever has the keys and the value can always show it again.
func (v *Vault) Token(kind, value string) string {
	return strings.ToLower(crockford(mac(v.derive, "token "+kind, value), 26))
}

// Code is a secret of 50 bits that can be read aloud: 10 characters without I,
// L, O and U. It must only be accepted together with something else, under a
// limit of tries.
func (v *Vault) Code(kind, value string) string {
	return crockford(mac(v.derive, "code "+kind, value), CodeLength)
}

// mac keeps kind and value apart by the length of the first.
func mac(key []byte, kind, value string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(kind))))
	h.Write([]byte(kind))
	h.Write([]byte(value))
	return h.Sum(nil)
}
