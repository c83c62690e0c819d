package law

import (
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// slugOf proposes a law's part of an address: from our table, or the initials
// of its pinyin (海商法: hsf). taken reports slugs that are given away; a number
// then tells them apart.
func slugOf(name string, taken func(string) bool) string {
	base, reserved := knownLaws()[name].slug, map[string]bool{}
	if base == "" {
		base = initials(name)
		for _, k := range knownLaws() {
			reserved[k.slug] = true
		}
	}
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug += "-" + strconv.Itoa(n)
		}
		if !reserved[slug] && !taken(slug) {
			return slug
		}
	}
}

// maxInitials keeps addresses short; titles of interpretations have 40
// characters and more.
const maxInitials = 12

func initials(name string) string {
	name = namesOf(name)[len(namesOf(name))-1] // without the authority, if there is a name without it
	name = strings.TrimPrefix(name, "关于")
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	var b strings.Builder
	for _, r := range name {
		if b.Len() == maxInitials {
			break
		}
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			b.WriteRune(r)
		} else if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
			b.WriteString(p[0])
		}
	}
	if b.Len() == 0 {
		return "law"
	}
	return b.String()
}
