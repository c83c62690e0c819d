package vault

import (
	"strings"

	"golang.org/x/text/width"
)

// CodeLength is how many characters a code has.
const CodeLength = 10

// alphabet is Crockford's base 32: digits and letters without I, L, O and U,
// which are misread or misheard (crockford.com/base32.html).
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// crockford writes the first n groups of five bits.
func crockford(b []byte, n int) string {
	out := make([]byte, n)
	for i := range out {
		bit := i * 5
		pair := uint16(b[bit/8])<<8 | uint16(b[bit/8+1])
		out[i] = alphabet[pair>>(11-bit%8)&31]
	}
	return string(out)
}

// misread are letters that stand for a digit they look like.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "\u3000", "", "\t", "", "－", "", "—", "", "·", "")

// CleanCode is a typed code as [Vault.Code] writes it: capitals, full-width
// characters narrowed, O read as 0 and I and L as 1, separators left out. It does
// not say whether such a code exists.
func CleanCode(typed string) string {
	return misread.Replace(strings.ToUpper(width.Narrow.String(strings.TrimSpace(typed))))
}

// GroupCode writes a code as people copy it: ABCDE-FGHJK.
func GroupCode(code string) string {
	if len(code) != CodeLength {
		return code
	}
	return code[:CodeLength/2] + "-" + code[CodeLength/2:]
}
