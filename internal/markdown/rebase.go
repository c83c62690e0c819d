package markdown

import (
	"regexp"
	"strings"
)

// Tags with an address, and the root-relative addresses in them. What Render
// makes is sanitised: attributes stand in double quotes and hold no bare angle
// brackets.
var (
	linkTag = regexp.MustCompile(`<[a-z]+ [^>]*(?:href|src|srcset)="[^>]*>`)
	rooted  = regexp.MustCompile(` (href|src)="/(?:[^"/]|")| srcset="[^"]*"`)
)

// Rebase puts the base path of the site ("" or "/sfj/pufa") before the
// root-relative addresses in Document.HTML.
func Rebase(html, base string) string {
	if base == "" {
		return html
	}
	return linkTag.ReplaceAllStringFunc(html, func(tag string) string {
		return rooted.ReplaceAllStringFunc(tag, func(attr string) string {
			name, value, _ := strings.Cut(attr, `="`)
			if name == " srcset" {
				return name + `="` + RebaseSet(strings.TrimSuffix(value, `"`), base) + `"`
			}
			return name + `="` + base + value
		})
	})
}

// RebaseSet is Rebase for the value of a srcset.
func RebaseSet(set, base string) string {
	list := strings.Split(set, ",")
	for i, candidate := range list {
		list[i] = RebasePath(strings.TrimSpace(candidate), base)
	}
	return strings.Join(list, ", ")
}

// RebasePath is Rebase for one address; one that is not root-relative stays as
// it is.
func RebasePath(address, base string) string {
	if strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") {
		return base + address
	}
	return address
}
