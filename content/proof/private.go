package proof

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// digits is a number as it stands in a field: its digits, and where.
type digits struct {
	value    string
	from, to int
	x        bool // the last place is X
}

// elsewhere are places in the source that no reader reads as a number: addresses.
var elsewhere = regexp.MustCompile(`https?://[^\s）)》”"<>]+|\]\([^)\s]*|(?:href|src)="[^"]*"|/(?:media|laws|guides|notices|news|qa|pages|sessions)/[^\s）)]*`)

// private looks for personal data in all of a field, code and captions too.
func (c *check) private() {
	masked := elsewhere.ReplaceAllStringFunc(c.field.Text, func(s string) string {
		if strings.HasPrefix(s, "](") {
			return "](" + strings.Repeat("_", len(s)-2)
		}
		return strings.Repeat("_", len(s))
	})
	for _, d := range numbers(masked) {
		c.secret(d)
	}
	c.plates(masked)
}

// numbers lists the numbers of 11 to 19 digits that stand alone. Groups of digits
// with one blank or hyphen between count as one number, the way cards are written.
func numbers(s string) (list []digits) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if digit(r) < 0 {
			i += size
			continue
		}
		d := scanDigits(s, i)
		if n := len(d.value); n >= 11 && n <= 19 && alone(s, d) {
			list = append(list, d)
		}
		i = d.to
	}
	return list
}

func scanDigits(s string, i int) digits {
	d := digits{from: i, to: i}
	var b strings.Builder
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case digit(r) >= 0:
			b.WriteByte(byte('0' + digit(r)))
			i += size
			d.to = i
			continue
		case (r == ' ' || r == '-') && b.Len() > 2 && isDigit(after(s, i+size)) && b.Len() < 19:
			i += size
			continue
		case strings.ContainsRune("xXＸｘ", r) && b.Len() == 17:
			b.WriteByte('X')
			d.to, d.x = i+size, true
		}
		break
	}
	d.value = b.String()
	return d
}

// alone reports that no letter, digit or sign of a longer code touches it.
func alone(s string, d digits) bool {
	for _, r := range []rune{before(s, d.from), after(s, d.to)} {
		if r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '=') {
			return false
		}
	}
	b := before(s, d.from)
	return b != '.' && b != '/' && b != '+' || b == '+' && strings.HasPrefix(d.value, "86")
}

func (c *check) secret(d digits) {
	near := lastRunes(c.field.Text[:d.from], 20)
	switch n := len(d.value); {
	case n == 18 && idShape(d.value):
		c.id(d, checksum(d.value) || saysID(near))
	case n == 15 && !d.x && oldIDShape(d.value):
		c.id(d, saysID(near))
	case n >= 16 && !d.x && card(d.value) && luhn(d.value):
		severity := Warn
		if strings.HasPrefix(d.value, "62") || containsAny(near, "卡号", "账号", "账户", "银行") {
			severity = Block
		}
		c.hide(d, RuleCard, severity, 0, 4, "像是银行卡号，不能公开。")
	case n == 11 && mobile(d.value), n == 13 && strings.HasPrefix(d.value, "86") && mobile(d.value[2:]):
		if !c.in.Lists.phones[d.value] && !c.in.Lists.phones[strings.TrimPrefix(d.value, "86")] {
			c.hide(d, RuleMobile, Warn, 3, 4, "像是个人手机号。要公布的工作号码，请先登记到“可公布的手机号”；不是的话请遮住。")
		}
	}
}

func (c *check) id(d digits, sure bool) {
	f := "像是身份证号，不能公开，请遮住或删去。"
	if sure {
		c.hide(d, RuleID, Block, 4, 2, f)
		c.named(d)
		return
	}
	c.hide(d, RuleID, Warn, 4, 2, f)
}

// hide notes a number with the fix that masks it: × as official texts do, since
// asterisks mean bold in Markdown.
func (c *check) hide(d digits, rule Rule, severity Severity, head, tail int, message string) {
	mask := d.value[:head] + strings.Repeat("×", len(d.value)-head-tail) + d.value[len(d.value)-tail:]
	c.at(d.from, d.to, Finding{Rule: rule, Severity: severity, Excerpt: mask, Message: message, Fix: fix(mask)})
}

func saysID(near string) bool {
	return containsAny(near, "身份证", "身份号码", "证件号", "公民身份")
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// provinces are the first two digits of an identity number.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

// idShape reports a province and a birthday: GB 11643.
func idShape(s string) bool {
	t, err := time.Parse("20060102", s[6:14])
	return strings.Contains(provinces, s[:2]+" ") && err == nil && t.Year() >= 1900 && t.Year() <= 2100
}

func oldIDShape(s string) bool {
	_, err := time.Parse("060102", s[6:12])
	return strings.Contains(provinces, s[:2]+" ") && err == nil
}

// checksum is that of GB 11643 (ISO 7064 mod 11-2).
func checksum(s string) bool {
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11] == s[17]
}

// card reports a number that a bank may have given out.
func card(s string) bool {
	return strings.HasPrefix(s, "62") || s[0] == '4' && len(s) == 16 || s[0] == '5' && s[1] >= '1' && s[1] <= '5' && len(s) == 16 || s[0] == '9' && len(s) >= 18
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func mobile(s string) bool { return s[0] == '1' && s[1] >= '3' }

// plateForm is a plate of a car, five or, for new energy, six places.
var plateForm = regexp.MustCompile(`([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z])[·• ]?([A-HJ-NP-Z0-9]{4,6}[A-HJ-NP-Z0-9挂学警])`)

func (c *check) plates(text string) {
	for _, m := range plateForm.FindAllStringSubmatchIndex(text, -1) {
		end := after(text, m[1])
		places := text[m[4]:m[5]]
		count := utf8.RuneCountInString(places)
		if count < 5 || count > 6 || !strings.ContainsAny(places, "0123456789") || end < utf8.RuneSelf && (isDigit(end) || end >= 'A' && end <= 'Z' || end >= 'a' && end <= 'z') || end == '号' && strings.HasPrefix(places, "20") {
			continue
		}
		mask := text[m[2]:m[3]] + strings.Repeat("×", count)
		c.at(m[0], m[1], Finding{Rule: RulePlate, Severity: Warn, Excerpt: mask, Fix: fix(mask), Message: "像是车牌号，公开前请遮住。"})
	}
}

// namedForm is a name in front of what its identity number is called.
var namedForm = regexp.MustCompile(`([` + surnames + `]\p{Han}{1,2}?)[（(，,：:、 ]{0,2}(?:男|女)?[，,、 ]{0,2}(?:汉族)?[，,、 ]{0,2}(?:的)?(?:公民)?(?:身份证|身份号码|证件)[号码是为：:，, ]{0,6}$`)

// named hides the name beside an identity number.
func (c *check) named(d digits) {
	m := namedForm.FindStringSubmatchIndex(c.field.Text[:d.from])
	if m == nil {
		return
	}
	name := c.field.Text[m[2]:m[3]]
	mask := string([]rune(name)[:1]) + "某"
	if strings.HasPrefix(name, mask) || strings.HasPrefix(name, string([]rune(name)[:1])+"×") {
		return // hidden already
	}
	c.at(m[2], m[3], Finding{Rule: RuleNamed, Severity: Warn, Excerpt: mask, Fix: fix(mask), Message: "姓名和证件号写在一起，能认出是谁。请改成“" + mask + "”。"})
}
