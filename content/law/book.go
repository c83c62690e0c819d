package law

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// hash covers all that a reader sees of a version.
func (v Version) hash() string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("law: version does not encode: " + err.Error()) // plain strings and numbers
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// numbered counts the articles with a number.
func (v Version) numbered() int {
	n := 0
	for _, a := range v.Articles {
		if a.Number > 0 {
			n++
		}
	}
	return n
}

// gaps says where the numbers of the articles jump, the first two places; "" when
// they do not. A book begins where the one before it ended.
func (v Version) gaps() string {
	var found []string
	var last Article
	for _, a := range v.Articles {
		switch {
		case a.Number == 0:
			continue
		case last.Number == 0:
			if v.Book == "" && a.Number > 1 {
				found = append(found, "从"+a.Label+"开始")
			}
		case a.Number > last.Number+1,
			a.Number > last.Number && a.Sub > 0, // 第三条之一 without 第三条
			a.Number == last.Number && a.Sub > last.Sub+1:
			found = append(found, last.Label+"之后就是"+a.Label)
		}
		last = a
	}
	if len(found) > 2 {
		return fmt.Sprintf("%s，%s，等 %d 处", found[0], found[1], len(found))
	}
	return strings.Join(found, "，")
}

func (v Version) hasBooks() bool { return len(v.Articles) > 0 && v.Articles[0].Book != "" }

func (v Version) hasBook(book string) bool {
	return slices.ContainsFunc(v.Articles, func(a Article) bool { return a.Book == book })
}

// mergeBooks puts two parts of one version together: its books in the order of
// their numbers, which run through the whole law. A number in two books is an
// error.
func mergeBooks(a, b Version) (Version, error) {
	v := Version{Title: b.Title, Date: b.Date, InForce: max(a.InForce, b.InForce), Info: mergeInfo(a.Info, b.Info)}
	v.Articles = append(slices.Clone(a.Articles), b.Articles...)
	first := map[string]int{}
	owner := map[[2]int]string{}
	for _, x := range v.Articles {
		if x.Number == 0 {
			continue
		}
		key := [2]int{x.Number, x.Sub}
		if other, twice := owner[key]; twice {
			return Version{}, errs.New(errs.Invalid, x.Label+"在"+other+"和"+x.Book+"中重复", "article %s in two books", x.ID())
		}
		owner[key] = x.Book
		if n, ok := first[x.Book]; !ok || x.Number < n {
			first[x.Book] = x.Number
		}
	}
	slices.SortStableFunc(v.Articles, func(x, y Article) int { return first[x.Book] - first[y.Book] })
	for i := range v.Articles {
		v.Articles[i].Position = i
	}
	return v, nil
}

// mergeInfo is the lines of a history in the order of their dates, once each.
func mergeInfo(a, b []Info) []Info {
	var all []Info
	for _, in := range append(slices.Clone(a), b...) {
		if !slices.Contains(all, in) {
			all = append(all, in)
		}
	}
	slices.SortStableFunc(all, func(x, y Info) int {
		switch {
		case x.Date < y.Date:
			return -1
		case x.Date > y.Date:
			return 1
		}
		return 0
	})
	return all
}
