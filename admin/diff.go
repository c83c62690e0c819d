package admin

import "strings"

// diffLine is one line of a comparison.
type diffLine struct {
	Op   byte // ' ' in both, '-' only in theirs, '+' only in mine
	Text string
}

// maxDiff bounds the table of a comparison: 2,000 lines against as many.
const maxDiff = 4_000_000

// diffLines compares two texts line by line by their longest common
// subsequence. Texts too long for the table are shown as wholly different
// between the lines they begin and end with together.
func diffLines(theirs, mine string) []diffLine {
	a, b := strings.Split(theirs, "\n"), strings.Split(mine, "\n")
	var head, tail []diffLine
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, diffLine{' ', a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append([]diffLine{{' ', a[len(a)-1]}}, tail...)
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return append(append(head, middle(a, b)...), tail...)
}

func middle(a, b []string) []diffLine {
	common := commonTable(a, b)
	var out []diffLine
	i, j := 0, 0
	for i < len(a) && j < len(b) && common != nil {
		switch {
		case a[i] == b[j]:
			out = append(out, diffLine{' ', a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, diffLine{'-', a[i]})
			i++
		default:
			out = append(out, diffLine{'+', b[j]})
			j++
		}
	}
	for ; i < len(a); i++ {
		out = append(out, diffLine{'-', a[i]})
	}
	for ; j < len(b); j++ {
		out = append(out, diffLine{'+', b[j]})
	}
	return out
}

// commonTable holds, for each pair of places, how many lines the rests have in
// common; nil when it would be too large.
func commonTable(a, b []string) [][]int32 {
	if len(a)*len(b) > maxDiff {
		return nil
	}
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}
