package law

import (
	_ "embed" // for the tables in data/
	"strings"
	"sync"
)

//go:embed data/laws.csv
var lawsCSV string

// known is a row of data/laws.csv.
type known struct {
	name    string
	slug    string
	aliases []string
	by      string // the law that took its place
	since   string // and the day from which it did
}

// knownLaws is data/laws.csv by name.
var knownLaws = sync.OnceValue(func() map[string]known {
	laws := map[string]known{}
	for _, row := range table(lawsCSV) {
		k := known{name: row[0], slug: row[1], by: row[3], since: row[4]}
		if row[2] != "" {
			k.aliases = strings.Split(row[2], "|")
		}
		laws[k.name] = k
	}
	return laws
})

// Aliases are the other names that a law of this name is cited by.
func Aliases(name string) []string { return namesOf(name)[1:] }

// namesOf are all names a law is cited by: its own, those of our table, and
// the own name without the authority in front (关于审理劳动争议案件…).
func namesOf(name string) []string {
	names := append([]string{name}, knownLaws()[name].aliases...)
	short := name
	for cut := true; cut; {
		cut = false
		for _, who := range []string{"最高人民法院", "最高人民检察院", "国务院", "公安部", "司法部", "、"} {
			if rest, ok := strings.CutPrefix(short, who); ok {
				short, cut = rest, true
			}
		}
	}
	if short != name && strings.HasPrefix(short, "关于") {
		names = append(names, short)
	}
	return names
}
