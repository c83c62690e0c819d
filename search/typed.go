package search

import (
	"cmp"
	"slices"
	"strings"
)

// What is typed in Latin letters is read as pinyin: whole (gongshang), in initials
// (gs), mixed with each other and with Chinese (gs认定, 讨xin). The text becomes a
// row of units, and the cheapest way through it, word by word, is what it says.

// unit is what one character of the text is to reading pinyin.
type unit struct {
	han    rune // a Chinese character
	letter byte // or a letter of pinyin
	from   int  // its place in the folded text, [from, to)
	to     int
	wall   bool // or something that stays as it is and no word goes across
	token  int  // the place behind its token, in units: where reading may go on without having read it
}

// maxInitials is how near its end a token may go on in initials, in letters.
const maxInitials = 12

// maxLetters is how many letters of a text are read as pinyin.
const maxLetters = maxQuestion

// units makes the row; ok is false when there is nothing to read.
func (x *Index) units(v *view, f *folded, tokens []token) (row []unit, ok bool, err error) {
	letters := 0
	known := map[string]bool{}
	for _, t := range tokens {
		switch t.kind {
		case charToken:
			row = append(row, unit{han: f.rune(t.from), from: t.from, to: t.to})
		case articleToken:
			row = append(row, unit{wall: true, from: t.from, to: t.to})
		case latinToken:
			word, rest, err := v.pinyinIn(t, known)
			if err != nil {
				return nil, false, err
			}
			if letters+len(word) > maxLetters {
				word, rest = "", t.from
			}
			letters += len(word)
			end := len(row) + len(word)
			for k := len(row) - 1; k >= 0 && word != "" && row[k].letter != 0 && row[k].to == t.from; k-- {
				row[k].token = end // analysis cuts long tokens anywhere
			}
			for i := range len(word) { // a letter's own place would be lost with marks of tones
				row = append(row, unit{letter: word[i], from: t.from, to: rest, token: end})
			}
			if rest < t.to {
				row = append(row, unit{wall: true, from: rest, to: t.to})
			}
		}
	}
	return row, letters > 1, nil
}

// pinyinIn is what a Latin token begins with that may be pinyin, and where the
// rest of it begins; "" when it is a word of the index itself, such as gps. What
// was asked of the index is kept in known.
func (v *view) pinyinIn(t token, known map[string]bool) (word string, rest int, err error) {
	word, rest = asTyped(t.term), t.to
	if len(word) == 1 { // says nothing
		return "", t.from, nil
	}
	if word == "" { // ldht38
		word = strings.TrimRight(t.term, "0123456789")
		rest = t.from + len(word)
		if len(word) < 2 || asTyped(word) != word {
			return "", t.from, nil
		}
	}
	if latinWords[word] {
		return "", t.from, nil
	}
	is, asked := known[t.term]
	if !asked {
		if is, err = v.has(t.term); err != nil {
			return "", t.from, err
		}
		known[t.term] = is
	}
	if is {
		return "", t.from, nil
	}
	return word, rest, nil
}

// latinWords are what people write in letters and mean so.
var latinWords = wordSet(`app gps qq hr vip ktv ceo ai id ok pdf word excel wifi it pos atm pua http https www com html null select admin login
	password email phone test help home index salary labor labour work job pay boss law lawyer company contract injury`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// piece is one step of a way through the row.
type piece struct {
	end    int      // in units
	words  []string // what it may say, the likeliest first; nil for what stays
	han    int      // characters of it that were typed as such
	short  int      // characters of it of which only the beginning was typed
	blurry int      // syllables that were typed as dialect has them
	filler bool
	lone   bool // one syllable that goes with nothing
}

// What the steps cost. A word is cheap, and the cheaper the more it is at home in
// the index; a lone syllable says little; what cannot be read is left alone.
const (
	costWord   = 1
	costShort  = .7 // for a word in initials, and costEach for each of these
	costEach   = .15
	costBlurry = .3
	costChar   = 1.5
	costLeft   = 2.2 // for a token that is not read, and for each of its letters
	costLetter = .1
	costMore   = .35 // for each letter more than foreign words have
	gainCommon = .4
	gainHan    = .1
)

// reader is at work on one row.
type reader struct {
	x      *Index
	v      *view
	row    []unit
	vocs   []*vocabulary
	blurry bool // read what dialect makes of syllables
	open   bool // the row may end within a word, and within a syllable
	err    error
}

// read finds the cheapest way; nil when nothing could be read.
func (r *reader) read() []piece {
	type state struct {
		cost float32
		from int
		last piece
		some bool
	}
	best := make([]state, len(r.row)+1)
	best[0].some = true
	for i := range r.row {
		if !best[i].some {
			continue
		}
		r.steps(i, func(p piece, cost float32) {
			if to := &best[p.end]; !to.some || best[i].cost+cost < to.cost {
				*to = state{best[i].cost + cost, i, p, true}
			}
		})
	}
	if r.err != nil || !best[len(r.row)].some {
		return nil
	}
	var way []piece
	told, lone, full := false, false, false
	for at := len(r.row); at > 0; at = best[at].from {
		p := best[at].last
		way = append(way, p)
		if p.words != nil && !p.filler {
			told, full = true, full || p.short == 0
		}
		lone = lone || p.lone
	}
	if !told || lone && !full { // salary can be read as 撒, 落 and the initials of 人员
		return nil
	}
	slices.Reverse(way)
	return way
}

// steps lists what may come at i.
func (r *reader) steps(i int, step func(piece, float32)) {
	u := r.row[i]
	switch {
	case u.wall:
		step(piece{end: i + 1}, 0)
		return
	case u.han != 0:
		step(piece{end: i + 1}, 0)
	case i == 0 || r.row[i-1].token != u.token: // the whole token
		step(piece{end: u.token}, leave(u.token-i))
	}
	for _, w := range r.wordsAt(i) {
		step(w.piece, w.cost)
	}
	if u.letter == 0 {
		return
	}
	p := r.x.sounds
	for n := 1; n <= maxSyllable && i+n <= u.token; n++ {
		if s, ok := p.sound[letters(r.row[i:i+n])]; ok {
			step(piece{end: i + n, words: []string{string(p.chars[s][:1])}, filler: true, lone: true}, costChar)
		}
	}
}

// foreignWord is how many letters words have that are no pinyin.
const foreignWord = 9

// leave is what it costs to leave a token alone.
func leave(letters int) float32 {
	return costLeft + costLetter*float32(min(letters, foreignWord)) + costMore*float32(max(0, letters-foreignWord))
}

func letters(row []unit) string {
	var b [maxLatin]byte
	for i := range row {
		b[i] = row[i].letter
	}
	return string(b[:len(row)])
}

// costed is a step with its price.
type costed struct {
	piece
	cost float32
}

// candidate is one word that fits.
type candidate struct {
	text string
	one  bool // character
	fit
	common float32
}

// fit is how a word was typed.
type fit struct{ end, han, short, blurry, letters int }

// everydayCommon is how common an everyday word is at least.
const everydayCommon = .3

// maxGuesses is how many words one place may stand for.
const maxGuesses = 4

// wordsAt are the words that may begin at i, those of one place and manner
// together.
func (r *reader) wordsAt(i int) (list []costed) {
	var found []candidate
	for _, voc := range r.vocs {
		for _, n := range voc.near(r.row[i:], r.blurry) {
			sp := voc.spellings[n]
			w := voc.words[sp.word]
			r.match(w.runes, sp.sounds, fit{end: i}, func(f fit) {
				if f.letters == 0 || f.short > 0 && len(w.runes) < 2 || f.letters == 1 && f.han == 0 {
					return
				}
				c := candidate{text: w.text, one: len(w.runes) == 1, fit: f}
				if r.err == nil {
					c.common, r.err = r.v.howCommon(r.x.analyzer, w.text)
				}
				switch {
				case w.common && c.one: // in the order of everyday.txt: 钱 before 前
					c.common = everydayCommon - everydayCommon*float32(sp.word)/float32(len(voc.words))
				case w.common:
					c.common = max(c.common, everydayCommon)
				case w.leads:
					c.common = max(c.common, everydayCommon/2)
				}
				if c.common > 0 {
					found = append(found, c)
				}
			})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(a.end-b.end, a.short-b.short, a.blurry-b.blurry, b.han-a.han, cmp.Compare(b.common, a.common), cmp.Compare(a.text, b.text))
	})
	for k := 0; k < len(found); {
		c := found[k]
		p := piece{end: c.end, han: c.han, short: c.short, blurry: c.blurry, filler: c.one || fillerOnly(c.text), lone: c.one && c.han == 0}
		for ; k < len(found) && found[k].fit == c.fit; k++ {
			if w := found[k]; len(p.words) < maxGuesses && !slices.Contains(p.words, w.text) && 3*w.common >= c.common {
				p.words = append(p.words, w.text)
			}
		}
		list = append(list, costed{p, c.cost()})
	}
	return list
}

func (c candidate) cost() float32 {
	if c.one && slices.Contains(fillerWords, c.text) { // 是 rather than 市
		return costWord - gainCommon
	}
	cost := costWord + costBlurry*float32(c.blurry) - gainCommon*min(1, c.common) - gainHan*float32(c.han)
	if c.short > 0 {
		cost += costShort + costEach*float32(c.short)
	}
	return cost
}

// fillerOnly reports a word that says nothing, and so little that an English word
// may be read as it by accident: women is not 我们.
func fillerOnly(word string) bool {
	return len(word) <= len("我们") && slices.Contains(fillerWords, word)
}

// near are the spellings that may fit what the row begins with.
func (voc *vocabulary) near(row []unit, blurry bool) []int32 {
	if row[0].han != 0 {
		name := voc.sounds.names[voc.sounds.reading(row[0].han)]
		if len(row) > 1 && row[1].letter != 0 && len(name) == 1 {
			name += string(row[1].letter)
		}
		return voc.byHead[name[:min(2, len(name))]]
	}
	if len(row) < 2 || row[1].letter == 0 {
		return voc.byHead[string(row[0].letter)]
	}
	two := string([]byte{row[0].letter, row[1].letter})
	if len(row) > maxInitials && row[maxInitials].token == row[0].token {
		return voc.byHead[two]
	}
	list := slices.Concat(voc.byHead[two], voc.byInitials[two])
	if row[1].letter == 'h' && len(row) > 2 { // zhht: the h is part of the initial
		list = append(list, voc.byInitials[string([]byte{row[0].letter, row[2].letter})]...)
	}
	if blurry {
		for _, other := range blurredHeads(two) {
			list = append(list, voc.byHead[other]...)
		}
	}
	return list
}

// blurredHeads are what else syllables may begin with that are typed beginning so.
func blurredHeads(two string) (list []string) {
	for _, pair := range confusedInitials {
		for _, way := range [][2]string{pair, {pair[1], pair[0]}} {
			if rest, ok := strings.CutPrefix(two, way[0]); ok {
				if other := (way[1] + rest + "h")[:2]; !slices.Contains(list, other) && other != two {
					list = append(list, other)
				}
			}
		}
	}
	for _, pair := range confusedSyllables {
		for _, way := range [][2]string{pair, {pair[1], pair[0]}} {
			if other := way[1][:2]; way[0][:2] == two && !slices.Contains(list, other) {
				list = append(list, other)
			}
		}
	}
	return list
}

// match tries to read the rest of a word from the row at f.end.
func (r *reader) match(word []rune, sounds []sound, f fit, found func(fit)) {
	if len(word) == 0 {
		found(f)
		return
	}
	if f.end == len(r.row) {
		if r.open {
			found(f)
		}
		return
	}
	if r.row[f.end].wall {
		return
	}
	if u := r.row[f.end]; u.han != 0 {
		if u.han == word[0] {
			f.end, f.han = f.end+1, f.han+1
			r.match(word[1:], sounds[1:], f, found)
		}
		return
	}
	name := r.x.sounds.names[sounds[0]]
	if r.begins(f.end, name) {
		g := f
		g.end, g.letters = g.end+len(name), g.letters+len(name)
		r.match(word[1:], sounds[1:], g, found)
	}
	if r.blurry {
		for _, s := range r.x.sounds.kin[sounds[0]] {
			if other := r.x.sounds.names[s]; r.begins(f.end, other) {
				g := f
				g.end, g.letters, g.blurry = g.end+len(other), g.letters+len(other), g.blurry+1
				r.match(word[1:], sounds[1:], g, found)
			}
		}
	}
	if r.open { // gongz
		if n := len(r.row) - f.end; n > 1 && n < len(name) && r.begins(f.end, name[:n]) && !(n == 2 && name[1] == 'h') {
			g := f
			g.end, g.letters = g.end+n, g.letters+n
			found(g)
		}
	}
	if r.row[f.end].token-f.end > maxInitials { // nobody types so many
		return
	}
	for n := 1; n <= 2 && n < len(name); n++ { // zh or z
		if (n == 1 || name[1] == 'h') && r.begins(f.end, name[:n]) {
			g := f
			g.end, g.letters, g.short = g.end+n, g.letters+n, g.short+1
			r.match(word[1:], sounds[1:], g, found)
		}
	}
}

// begins reports that the row has these letters at i, in one token.
func (r *reader) begins(i int, name string) bool {
	if i+len(name) > r.row[i].token {
		return false
	}
	for k := range len(name) {
		if r.row[i+k].letter != name[k] {
			return false
		}
	}
	return true
}
