package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokens cuts a text into what is changed as a whole: a character with its
// marks, a number, a Latin word. A byte that is no character is a token, too.
func tokens(s string) []string {
	var out []string
	for len(s) > 0 {
		n := tokenLen(s)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

func tokenLen(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if r == '\n' {
		return n
	}
	class := classOf(r)
	joined := false // after a zero-width joiner comes the rest of one picture
	for n < len(s) {
		next, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case next == '\n':
			return n
		case joined, glued(next):
			joined = next == joiner
		case class != other && classOf(next) == class:
		default:
			return n
		}
		n += size
	}
	return n
}

const joiner = '\u200d'

// glued belongs to the character before: accents, variants of a character,
// joined pictures.
func glued(r rune) bool {
	return r == joiner || unicode.In(r, unicode.Mn, unicode.Me, unicode.Variation_Selector) || r >= 0x1f3fb && r <= 0x1f3ff
}

// class is what kind of token a character is part of.
type class int

const (
	other class = iota // a token by itself
	digit
	letter
)

func classOf(r rune) class {
	switch {
	case r >= '0' && r <= '9':
		return digit
	case r < unicode.MaxLatin1 && unicode.IsLetter(r):
		return letter
	}
	return other
}

// pieces groups tokens so that each group ends with one that ends(t); it
// returns where each group begins, and the end of the last.
func pieces(list []string, from, to int, ends func(string) bool) []int {
	starts := []int{from}
	for i := from; i < to; i++ {
		if ends(list[i]) && i+1 < to {
			starts = append(starts, i+1)
		}
	}
	return append(starts, to)
}

func endsLine(t string) bool { return t == "\n" }

func endsSentence(t string) bool { return strings.Contains("\n。！？；!?;", t) }

func endsClause(t string) bool { return strings.Contains("\n。！？；，：、!?;,:|", t) }

// opens stands before what it belongs to, so a clause may begin there.
func opens(t string) bool { return strings.Contains("《（“‘【〔([", t) }
