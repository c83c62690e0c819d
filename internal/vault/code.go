package vault

import (
	"strings"
	"unicode"

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

// CleanCode is a typed code as [Vault.Code] writes it: capitals, full-width
// characters narrowed, O read as 0 and I and L as 1, separators left out. It does
// not say whether such a code exists.
func CleanCode(typed string) string {
	return strings.Map(codeRune, strings.ToUpper(width.Narrow.String(typed)))
}

// codeRune is one character of a cleaned code: the digit for a letter that looks
// like it, and nothing for whatever stands between groups, wherever it stands.
func codeRune(r rune) rune {
	switch {
	case r == 'O':
		return '0'
	case r == 'I' || r == 'L':
		return '1'
	case r == '·' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r):
		return -1
	}
	return r
}

// GroupCode writes a code as people copy it: ABCDE-FGHJK.
func GroupCode(code string) string {
	if len(code) != CodeLength {
		return code
	}
	return code[:CodeLength/2] + "-" + code[CodeLength/2:]
}
