package content

import (
	"regexp"
	"strings"
)

// Kind says what a document is; it decides its address and its rules.
type Kind string

// The kinds.
const (
	Guide  Kind = "guide"  // 指南: answers one question of law, with sources
	Notice Kind = "notice" // 通知公告
	News   Kind = "news"   // 工作动态
	QA     Kind = "qa"     // 问答
	Page   Kind = "page"   // 单页: about us, accessibility statement
)

// Kinds lists them in the order of menus.
var Kinds = []Kind{Guide, Notice, News, QA, Page}

// Label is the Chinese name.
func (k Kind) Label() string {
	switch k {
	case Guide:
		return "指南"
	case Notice:
		return "通知公告"
	case News:
		return "工作动态"
	case QA:
		return "问答"
	case Page:
		return "单页"
	}
	return string(k)
}

// Dir is the folder in the content tree and the first part of the address.
func (k Kind) Dir() string {
	switch k {
	case News, QA:
		return string(k)
	}
	return string(k) + "s"
}

// Valid reports whether k is one of Kinds.
func (k Kind) Valid() bool {
	_, ok := KindOfDir(k.Dir())
	return ok
}

// KindOfDir is the way back from Dir.
func KindOfDir(dir string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Dir() == dir {
			return k, true
		}
	}
	return "", false
}

// Address is the root-relative address of a document: /guides/tuoqian-gongzi.
func Address(kind Kind, slug string) string { return "/" + kind.Dir() + "/" + slug }

// ParseAddress is the way back from Address.
func ParseAddress(path string) (Kind, string, bool) {
	dir, slug, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	kind, known := KindOfDir(dir)
	slug = strings.TrimSuffix(slug, "/")
	if !ok || !known || !ValidSlug(slug) {
		return "", "", false
	}
	return kind, slug, true
}

// maxSlug keeps addresses short enough to be typed from a poster.
const maxSlug = 80

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ValidSlug reports whether s can be the last part of an address: lower-case
// letters, digits and single hyphens.
func ValidSlug(s string) bool { return len(s) <= maxSlug && slugForm.MatchString(s) }
