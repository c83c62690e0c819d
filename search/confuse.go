package search

import "strings"

// What people confuse, by ear and by eye. These tables are all there is to
// configure: everything else follows from them.

// confusedInitials are beginnings of syllables that speakers of southern and
// western dialects do not tell apart.
var confusedInitials = [][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"n", "l"}}

// confusedFinals are ends of syllables that they do not tell apart.
var confusedFinals = [][2]string{{"ing", "in"}, {"eng", "en"}, {"ang", "an"}}

// confusedSyllables are h and f before u, which take other letters in writing.
var confusedSyllables = [][2]string{{"hu", "fu"}, {"hua", "fa"}, {"hui", "fei"}, {"huan", "fan"}, {"huang", "fang"}, {"hun", "fen"}}

// hotlines are numbers that are dialled by heart, and typed so.
var hotlines = []string{"12348", "12333", "12345", "12351", "12338"}

// looksAlike are groups of characters that are taken for each other when written
// by strokes or copied from a paper.
var looksAlike = [][]rune{
	[]rune("己已巳"), []rune("未末"), []rune("土士"), []rune("日曰"), []rune("侯候"), []rune("辩辨辫"), []rune("货贷"), []rune("账帐"),
	[]rune("折拆析"), []rune("技枝"), []rune("裁栽载"), []rune("偿尝赏"), []rune("薪新"), []rune("暂哲"), []rune("仲伸种"), []rune("伤份"),
	[]rune("险检验俭捡"), []rune("诉拆"), []rune("劳荣"), []rune("资姿"), []rune("协胁"), []rune("延廷"), []rune("援缓暖"), []rune("休体"),
	[]rune("持特待"), []rune("拖施"), []rune("欠次"), []rune("赔陪培倍"), []rune("证征"), []rune("社杜"), []rune("保堡"), []rune("认人"),
	[]rune("官宫"), []rune("合台"), []rune("同司"), []rune("司可"), []rune("徒徙"), []rune("戊戌戍"), []rune("究穷"), []rune("住往"), []rune("性姓"),
	[]rune("派脉"), []rune("遣遗"), []rune("职识"), []rune("养荞"), []rune("孕孚"), []rune("退迟"), []rune("辞辟"), []rune("丧衰"),
}

// confuse notes for each sound which others it is taken for.
func (p *pinyin) confuse() {
	p.alike, p.kin = make([]sound, len(p.names)), make([][]sound, len(p.names))
	class := map[string]sound{}
	members := map[sound][]sound{}
	for i, name := range p.names {
		s, key := sound(i), plainSound(name)
		if _, ok := class[key]; !ok {
			class[key] = s
		}
		p.alike[i] = class[key]
		members[p.alike[i]] = append(members[p.alike[i]], s)
	}
	for i := range p.names {
		for _, other := range members[p.alike[i]] {
			if int(other) != i {
				p.kin[i] = append(p.kin[i], other)
			}
		}
	}
}

// plainSound is the same for all syllables that are confused.
func plainSound(name string) string {
	for _, pair := range confusedSyllables {
		if name == pair[0] {
			name = pair[1]
		}
	}
	for _, pair := range confusedInitials {
		if rest, ok := strings.CutPrefix(name, pair[0]); ok {
			name = pair[1] + rest
			break
		}
	}
	for _, pair := range confusedFinals {
		if rest, ok := strings.CutSuffix(name, pair[0]); ok {
			return rest + pair[1]
		}
	}
	return name
}
