package docx

import (
	"regexp"
	"strings"
)

// field is a complex field we are inside of: begin, code, separate, result, end.
type field struct {
	code  string
	shown bool // behind the separator: what follows is the result
}

func (f field) verb() string {
	word, _, _ := strings.Cut(strings.TrimSpace(f.code), " ")
	return strings.ToUpper(word)
}

// dropped are fields whose result is of paper, not of the text.
var dropped = map[string]bool{
	"TOC": true, "INDEX": true, "TOA": true, "PAGE": true, "NUMPAGES": true, "SECTIONPAGES": true, "SECTION": true,
	"XE": true, "TC": true, "TA": true, "RD": true, "PRINT": true, "FILENAME": true, "EQ": true, "SET": true, "ASK": true,
}

// inField reports that what we read is no text for readers: a field's code, or
// the result of a field that is dropped.
func (rd *reader) inField() bool {
	for _, f := range rd.fields {
		if !f.shown || dropped[f.verb()] {
			return true
		}
	}
	return false
}

var linkCode = regexp.MustCompile(`(?i)^\s*HYPERLINK\s+"([^"]+)"`)

// linkField is the address of the innermost link that is written as a field.
func (rd *reader) linkField() string {
	for i := len(rd.fields) - 1; i >= 0; i-- {
		if m := linkCode.FindStringSubmatch(rd.fields[i].code); m != nil {
			return rd.safeLink(m[1])
		}
	}
	return ""
}

const maxFields = 64 // open at once

func (rd *reader) fieldPart(k *node) {
	switch {
	case k.name == "w:instrText":
		if n := len(rd.fields); n > 0 && !rd.fields[n-1].shown && len(rd.fields[n-1].code) < 4096 {
			rd.fields[n-1].code += k.content()
		}
	case k.get("w:fldCharType") == "begin":
		if len(rd.fields) < maxFields {
			rd.fields = append(rd.fields, field{})
		}
	case k.get("w:fldCharType") == "separate":
		if n := len(rd.fields); n > 0 {
			rd.fields[n-1].shown = true
		}
	case k.get("w:fldCharType") == "end":
		rd.endField()
	}
}

// endField closes the innermost field and says what is lost with it.
func (rd *reader) endField() {
	n := len(rd.fields)
	if n == 0 {
		return
	}
	f := rd.fields[n-1]
	rd.fields = rd.fields[:n-1]
	switch f.verb() {
	case "TOC", "INDEX", "TOA":
		rd.contents++
	case "EQ":
		rd.say(Dropped, "用“EQ 域”做的公式或带圈字没有导入，请补上文字。")
	}
}
