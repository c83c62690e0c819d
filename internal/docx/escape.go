package docx

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bareLink finds what the renderer would make a link of by itself: it must not
// meet backslashes there, which would become a part of the address.
var bareLink = regexp.MustCompile(`(?i)(?:https?://|www\.)[a-z0-9!#$%&'()*+,\-./:;=?@_~]+|[a-z0-9._%+\-]+@[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?)+`)

// escape writes text so that Markdown shows it as it is. start says that it
// begins a line, where more signs have a meaning; linked that it stands in a
// link, where there are no others.
func escape(s string, start, linked bool) string {
	var b strings.Builder
	for s != "" {
		at := bareLink.FindStringIndex(s)
		if at == nil || linked {
			escapeInto(&b, s, start)
			break
		}
		link := strings.TrimRight(s[at[0]:at[1]], ".,;:!?)('*_~&")
		end := at[0] + len(link)
		escapeInto(&b, s[:at[0]], start)
		start = start && at[0] == 0
		writeBare(&b, link, start)
		s, start = s[end:], false
		if end == 0 { // nothing left of it
			r, n := utf8.DecodeRuneInString(s)
			escapeInto(&b, string(r), false)
			s = s[n:]
		}
	}
	return b.String()
}

func writeBare(b *strings.Builder, link string, start bool) {
	lower := strings.ToLower(link)
	switch {
	case link == "":
	case strings.HasPrefix(lower, "http") && len(link) > len("https://"):
		b.WriteString("<" + link + ">")
	case strings.HasPrefix(lower, "www.") && strings.Contains(link[4:], "."):
		if strings.HasSuffix(b.String(), "!") {
			unbang(b)
		}
		b.WriteString("[")
		escapeInto(b, link, false)
		b.WriteString("](" + destination("http://"+link) + ")")
	case strings.Contains(link, "@") && !strings.Contains(link, "/"):
		b.WriteString("<" + link + ">")
	default:
		escapeInto(b, link, start)
	}
}

var (
	lineNumber = regexp.MustCompile(`^\d{1,9}([.)])(?:[ \t]|$)`)
	entity     = regexp.MustCompile(`^&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)
)

func escapeInto(b *strings.Builder, s string, start bool) {
	if start {
		s = escapeStart(b, s)
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\', '`', '*', '_', '[', ']', '<', '~':
			b.WriteByte('\\')
		case '{': // {{…}} is a fact of the site
			if i+1 < len(s) && s[i+1] == '{' || i > 0 && s[i-1] == '{' {
				b.WriteByte('\\')
			}
		case '&':
			if entity.MatchString(s[i:]) {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(s[i])
	}
}

// escapeStart takes away the meaning of the signs that begin a line, and
// returns the rest.
func escapeStart(b *strings.Builder, s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '#', '>', '+', '-', '=', ':', '|':
		b.WriteByte('\\')
		b.WriteByte(s[0])
		return s[1:]
	}
	if strings.HasPrefix(s, "：：") || strings.HasPrefix(s, "：:") { // ：：： opens a callout
		b.WriteString("&#xFF1A;")
		return s[len("："):]
	}
	if m := lineNumber.FindStringSubmatchIndex(s); m != nil {
		b.WriteString(s[:m[2]] + `\` + s[m[2]:m[3]])
		return s[m[3]:]
	}
	return s
}

// destination writes an address so that it ends where it ends.
func destination(to string) string {
	to = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F {
			return -1
		}
		return r
	}, to)
	return strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `\`, "%5C", "&", "&amp;", "|", "%7C", "`", "%60",
		"*", "%2A", "_", `\_`, "~", `\~`, "[", "%5B", "]", "%5D", "\u3000", "%E3%80%80").Replace(to)
}

// ends and begins are the signs no emphasis begins or ends with, see the
// renderer's own rule in internal/markdown.
const (
	ends   = "，。、；：！？）》〉」』】〕”’％"
	begins = "（《〈「『【〔“‘"
)

func isCJK(r rune) bool {
	switch {
	case r == 0xB7, r == 0x2014, r == 0x2015, r >= 0x2018 && r <= 0x201D, r == 0x2026:
		return true
	case r == 0x3000:
		return false
	}
	return r >= 0x2E80 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7AF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE10 && r <= 0xFE4F ||
		r >= 0xFF01 && r <= 0xFF60 || r >= 0xFFE0 && r <= 0xFFE6 || r >= 0x20000 && r <= 0x3FFFF
}

func isSpace(r rune) bool { return r == 0 || unicode.IsSpace(r) }

func isSign(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// opens reports that a * between two characters opens emphasis in our renderer.
func opens(before, first rune) bool {
	if isSpace(first) {
		return false
	}
	if !isCJK(before) && !isCJK(first) {
		return !isSign(first) || isSpace(before) || isSign(before)
	}
	return (!isSign(first) || isCJK(first) || isSpace(before) || isSign(before) || isCJK(before)) && !strings.ContainsRune(ends, first)
}

// closes is the same for the end, which mirrors the beginning.
func closes(last, after rune) bool {
	if isSpace(last) {
		return false
	}
	if !isCJK(last) && !isCJK(after) {
		return !isSign(last) || isSpace(after) || isSign(after)
	}
	return (!isSign(last) || isCJK(last) || isSpace(after) || isSign(after) || isCJK(after)) && !strings.ContainsRune(begins, last)
}
