package vault

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/songfa/songfa/internal/errs"
)

var (
	mobile   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landline = regexp.MustCompile(`^0[0-9]{2,3}[2-9][0-9]{6,7}$`)
	noise    = strings.NewReplacer(" ", "", "-", "", "\t", "", "(", "", ")", "", ".", "", "\u3000", "", "‐", "", "–", "", "—", "", "_", "")
)

// Phone reads a phone number as people type it, with blanks, dashes, full-width
// digits or +86 in front, and returns it in E.164 form (ITU-T E.164):
// +8613800000000. Mobile numbers and landlines with their area code are known;
// anything else is Invalid, with field phone.
func Phone(typed string) (string, error) {
	n := noise.Replace(width.Narrow.String(typed))
	n = withoutCountry(n)
	switch {
	case n == "":
		return "", errs.Bad("phone", "请填写手机号。")
	case mobile.MatchString(n):
		return "+86" + n, nil
	case landline.MatchString(n):
		return "+86" + n[1:], nil
	case strings.HasPrefix(n, "1") && len(n) != 11:
		return "", errs.Bad("phone", "手机号应是 11 位数字，请数一数。")
	}
	return "", errs.Bad("phone", "这个号码认不出来。请填 11 位手机号，座机请带区号，如 0000-6100000。")
}

// withoutCountry takes +86 off. Abroad a landline loses the 0 of its area code;
// here it gets it back.
func withoutCountry(n string) string {
	for _, prefix := range []string{"+86", "0086"} {
		if rest, ok := strings.CutPrefix(n, prefix); ok {
			if !mobile.MatchString(rest) && landline.MatchString("0"+rest) {
				return "0" + rest
			}
			return rest
		}
	}
	if len(n) == 13 && strings.HasPrefix(n, "861") {
		return n[2:]
	}
	return n
}

// LocalPhone is an E.164 number as people in China dial it: 13800000000, or a
// landline with its 0 again.
func LocalPhone(e164 string) string {
	n := strings.TrimPrefix(e164, "+86")
	if n == e164 || mobile.MatchString(n) {
		return n
	}
	return "0" + n
}

// LastFour are the last four digits of a number, which together with a code open
// what belongs to it; fewer digits are returned as they are.
func LastFour(phone string) string {
	var digits []byte
	for _, r := range width.Narrow.String(phone) {
		if r >= '0' && r <= '9' {
			digits = append(digits, byte(r))
		}
	}
	return string(digits[max(0, len(digits)-4):])
}

// MaskPhone shows three digits and the last four: 138****5678.
func MaskPhone(e164 string) string {
	n := LocalPhone(e164)
	if len(n) < 8 {
		return strings.Repeat("*", len(n))
	}
	return n[:3] + "****" + n[len(n)-4:]
}

// MaskName shows the first character: 张*. A compound surname is not told apart;
// one character less known is one person better protected.
func MaskName(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(r) + "*"
}
