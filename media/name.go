package media

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxNameRunes leaves room in the 255 bytes of a file name on disk.
const maxNameRunes = 80

// cleanName makes a file's name fit for an address, a header and a reader's
// disk: no folders, no characters that systems refuse, and the extension of
// what the file really is.
func cleanName(name string, t fileType) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*%#`, r), !unicode.IsGraphic(r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = norm.NFC.String(name) // now that nothing more can come to stand side by side
	base, ext := splitExt(name)
	if !slices.Contains(t.exts, ext) {
		ext = t.exts[0]
	}
	if runes := []rune(base); len(runes) > maxNameRunes {
		base = string(runes[:maxNameRunes])
	}
	base = strings.Join(strings.Fields(strings.Trim(base, ". ")), " ")
	if base == "" {
		base = "未命名"
	}
	if _, taken := parseVariant(base + ext); taken { // the address would mean a variant
		base = "pic-" + base
	}
	return base + ext
}

// splitExt cuts off an extension that we know, in lower case. Others belong to
// the name: 通知.最终版.
func splitExt(name string) (base, ext string) {
	ext = strings.ToLower(path.Ext(name))
	known := slices.ContainsFunc(fileTypes, func(t fileType) bool { return slices.Contains(t.exts, ext) })
	if !known {
		return name, ""
	}
	return name[:len(name)-len(ext)], ext
}
