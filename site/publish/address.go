package publish

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// page is one root-relative address as readers write it, and in which dress.
type page struct {
	address string // path and query, without a fragment
	elder   bool
}

// elderDir is the folder of the large-print tree.
const elderDir = "elder/"

// file names the file of an address with this content type.
func file(p page, html bool) string {
	raw, query, _ := strings.Cut(p.address, "?")
	name, err := url.PathUnescape(raw)
	if err != nil {
		name = raw
	}
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	suffix := querySuffix(query)
	if !html {
		if suffix != "" {
			ext := path.Ext(name)
			name = strings.TrimSuffix(name, ext) + suffix + ext
		}
		return name
	}
	name = path.Join(name, suffix, "index.html")
	if p.elder {
		name = elderDir + name
	}
	return name
}

// querySuffix writes a query as a part of a file's name: page=2 is _page-2. Names
// are sorted, so that one page is one file.
func querySuffix(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil || len(values) == 0 {
		return ""
	}
	var b strings.Builder
	for _, name := range sortedKeys(values) {
		for _, value := range values[name] {
			b.WriteString("_" + safe(name) + "-" + safe(value))
		}
	}
	return b.String()
}

func sortedKeys(values url.Values) []string {
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// safe keeps what every file system takes; the rest is written as the bytes of
// its UTF-8.
func safe(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-':
			b.WriteByte(c)
		default:
			const hex = "0123456789abcdef"
			b.Write([]byte{'=', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// relative is the link from one file to another, with each part escaped.
func relative(from, to string) string {
	here := strings.Split(path.Dir(from), "/")
	if here[0] == "." {
		here = nil
	}
	there := strings.Split(to, "/")
	for len(here) > 0 && len(there) > 1 && here[0] == there[0] {
		here, there = here[1:], there[1:]
	}
	parts := slices.Repeat([]string{".."}, len(here))
	for _, part := range there {
		parts = append(parts, url.PathEscape(part))
	}
	link := strings.Join(parts, "/")
	if first, _, _ := strings.Cut(link, "/"); strings.Contains(first, ":") { // would be a scheme
		link = "./" + link
	}
	return link
}

// public is the whole address of a file's page: without index.html, which servers
// find by themselves.
func public(base, name string) string {
	name = strings.TrimSuffix(name, "index.html")
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return base + "/" + strings.Join(parts, "/")
}
