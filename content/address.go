package content

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// mediaForm is the address of a stored file: its key and its name.
var mediaForm = regexp.MustCompile(`^/media/([0-9a-f]{16,64})/([^/]+)$`)

// destForm finds where a Markdown text names destinations: in links, pictures,
// definitions and HTML attributes. It also finds such in code; see rewrite.
var destForm = regexp.MustCompile(`(?m)(\]\([ \t]*|^ {0,3}\[[^\]\n]+\]:[ \t]*|\b(?:src|href)=["']?)(<[^<>\n]+>|(?:[^\s<>"'()]|\([^\s<>"'()]*\))+)`)

// rewrite puts other destinations into a text. fn gets one unescaped and gives
// the one to write; false leaves it as it is.
func rewrite(body string, fn func(dest string) (string, bool)) string {
	return destForm.ReplaceAllStringFunc(body, func(match string) string {
		part := destForm.FindStringSubmatch(match)
		dest := unescape(strings.TrimSuffix(strings.TrimPrefix(part[2], "<"), ">"))
		if to, ok := fn(dest); ok {
			return part[1] + to
		}
		return match
	})
}

func unescape(dest string) string {
	if plain, err := url.PathUnescape(dest); err == nil {
		return plain
	}
	return dest
}

// isRelative reports whether a destination is one beside the file, and not an
// address, a place in the page, or a mail.
func isRelative(dest string) bool {
	if dest == "" || strings.ContainsRune("/#?\\", rune(dest[0])) {
		return false
	}
	scheme, _, colon := strings.Cut(dest, ":")
	return !colon || strings.ContainsAny(scheme, "/.?#")
}

// besideName is the last part of a stored file's path in the tree, or "" when
// its name cannot be a file's.
func besideName(name string) string {
	name = unescape(name)
	if name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00:") || name != path.Base(name) || oneLine(name) != name {
		return ""
	}
	return name
}

// destination spells a path in the tree as a Markdown destination: readable
// where Markdown allows it.
func destination(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, " ()<>\"'%?#[]*_&\\`!|~:") {
			parts[i] = url.PathEscape(part)
			parts[i] = strings.NewReplacer("(", "%28", ")", "%29", "'", "%27", "*", "%2A", "_", "_", "&", "%26", "!", "%21", "~", "%7E", ":", "%3A").Replace(parts[i])
		}
	}
	return strings.Join(parts, "/")
}

// mediaOf lists the stored files that a text names, each once, in order.
func mediaOf(t Text) []string {
	var list []string
	add := func(address string) {
		if mediaForm.MatchString(address) && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	add(t.Cover)
	for _, a := range t.Attachments {
		add(a.File)
	}
	for _, m := range destForm.FindAllStringSubmatch(t.Body, -1) {
		add(strings.TrimSuffix(strings.TrimPrefix(m[2], "<"), ">"))
	}
	return list
}
