package merge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/merge"
)

// shown writes a comparison in one line: [-gone-]{+new+}.
func shown(list []merge.Run) string {
	var b strings.Builder
	for _, r := range list {
		switch r.Op {
		case merge.Keep:
			b.WriteString(r.Text)
		case merge.Delete:
			b.WriteString("[-" + r.Text + "-]")
		case merge.Insert:
			b.WriteString("{+" + r.Text + "+}")
		}
	}
	return b.String()
}

func TestDiffReads(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"same", "拖欠工资怎么办", "拖欠工资怎么办", "拖欠工资怎么办"},
		{"nothing", "", "", ""},
		{"from nothing", "", "新写的。", "{+新写的。+}"},
		{"a character", "第三十条", "第三十一条", "第三十{+一+}条"},
		{"a number is whole", "自2008年起每年250天", "自2025年起每年248天", "自[-2008-]{+2025+}年起每年[-250-]{+248+}天"},
		{"a word is whole", "登录 songfa.cn 查看", "登录 songfu.cn 查看", "登录 [-songfa-]{+songfu+}.cn 查看"},
		{"not shredded", "用人单位应当按月支付工资。", "公司必须每月发工资。", "[-用人单位应当按月支付工资。-]{+公司必须每月发工资。+}"},
		{"words", "请到劳动监察大队投诉。", "请到劳动保障监察大队投诉。", "请到劳动{+保障+}监察大队投诉。"},
		{"a sentence more", "先留证据。再去投诉。", "先留证据。打12333。再去投诉。", "先留证据。{+打12333。+}再去投诉。"},
		{"a paragraph more", "一段。\n\n三段。\n", "一段。\n\n二段。\n\n三段。\n", "一段。\n\n{+二段。\n\n+}三段。\n"},
		{"a bracket", "依据《劳动法》办理", "依据《劳动法》《劳动合同法》办理", "依据《劳动法》{+《劳动合同法》+}办理"},
		{"a line gone", "- 甲\n- 乙\n- 丙\n", "- 甲\n- 丙\n", "- 甲\n[-- 乙\n-]- 丙\n"},
		{"accent stays on its letter", "cafe\u0301", "cafe", "[-cafe\u0301-]{+cafe+}"},
		{"outside the basic plane", "𠮷祥", "吉祥", "[-𠮷-]{+吉+}祥"},
		{"family of emoji", "👨‍👩‍👧好", "👨‍👩‍👦好", "[-👨‍👩‍👧-]{+👨‍👩‍👦+}好"},
	} {
		if got := shown(merge.Diff(tt.old, tt.new)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// told writes a merge in one line: the kinds by letter, conflicts with both sides.
func told(parts []merge.Part) string {
	var b strings.Builder
	for _, p := range parts {
		switch p.Kind {
		case merge.Same:
			b.WriteString(p.Base)
		case merge.Conflict:
			fmt.Fprintf(&b, "⟨%s|%s|%s⟩", p.Base, p.Mine, p.Theirs)
		default:
			fmt.Fprintf(&b, "%c⟨%s→%s⟩", "?MTB"[p.Kind], p.Base, p.Text(""))
		}
	}
	return b.String()
}

func TestThreeReads(t *testing.T) {
	for _, tt := range []struct{ name, base, mine, theirs, want string }{
		{"both ends of a sentence", "先留证据，再去投诉。", "请先留证据，再去投诉。", "先留证据，再去投诉或者仲裁。", "M⟨→请⟩先留证据，再去投诉T⟨→或者仲裁⟩。"},
		{"two lines", "甲\n乙\n", "甲一\n乙\n", "甲\n乙二\n", "甲M⟨→一⟩\n乙T⟨→二⟩\n"},
		{"the same", "十五日内", "十日内", "十日内", "十B⟨五→⟩日内"},
		{"one place, the clause is shown", "受理以后，十五日内办结，不收费。", "受理以后，十日内办结，不收费。", "受理以后，三十日内办结，不收费。", "受理以后，⟨十五日内办结，|十日内办结，|三十日内办结，⟩不收费。"},
		{"both add at the end", "一。\n", "一。\n二。\n", "一。\n三。\n", "一。\n⟨|二。\n|三。\n⟩"},
		{"gone and changed", "甲。乙乙乙。丙。", "甲。丙。", "甲。乙乙改。丙。", "甲。⟨乙乙乙。||乙乙改。⟩丙。"},
		{"a change beside the conflict goes in", "把材料交给窗口，等十天。", "把全部材料交给前台，等十天。", "把材料交给大厅，等十天。", "⟨把材料交给窗口，|把全部材料交给前台，|把材料交给大厅，⟩等十天。"},
	} {
		if got := told(merge.Three(tt.base, tt.mine, tt.theirs)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if got := told(merge.Two("一样。我的。", "一样。他的。")); got != "一样。⟨|我|他⟩的。" {
		t.Errorf("without a base: %s", got)
	}
	parts := merge.ThreeItems([]string{"甲\n", "乙\n"}, []string{"甲\n", "乙\n", "丙\n"}, []string{"乙\n"})
	if got := told(parts); got != "T⟨甲\n→⟩乙\nM⟨→丙\n⟩" {
		t.Errorf("items: %s", got)
	}
}

func TestChoices(t *testing.T) {
	parts := merge.Three("一。\n", "一。\n我。\n", "一。\n他。\n")
	for choice, want := range map[merge.Choice]string{
		merge.TakeMine: "一。\n我。\n", merge.TakeTheirs: "一。\n他。\n", merge.TakeBase: "一。\n",
		merge.TheirsFirst: "一。\n他。\n我。\n", merge.MineFirst: "一。\n我。\n他。\n", "nonsense": "一。\n他。\n我。\n",
	} {
		if got := merge.Text(parts, func(int) merge.Choice { return choice }); got != want {
			t.Errorf("%s: %q, want %q", choice, got, want)
		}
	}
	if n := merge.Conflicts(parts); n != 1 {
		t.Errorf("%d conflicts, want 1", n)
	}
}

// words are what generated texts are made of: few, so that they meet.
var words = []string{"工资", "投诉", "先", "去", "的", "，", "。", "\n", "\n\n", "15", "2026", "ab", "《", "》", "🙂", "e\u0301"}

func text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 40).Draw(t, "words"), "")
	})
}

// variant is a text after a few changes, or another one.
func variant(t *rapid.T, base, label string) string {
	if rapid.IntRange(0, 9).Draw(t, label+" anew") == 0 {
		return text().Draw(t, label)
	}
	list := []rune(base)
	for range rapid.IntRange(0, 4).Draw(t, label+" changes") {
		from := rapid.IntRange(0, len(list)).Draw(t, "from")
		to := min(len(list), from+rapid.IntRange(0, 6).Draw(t, "gone"))
		list = slices.Concat(list[:from], []rune(strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 4).Draw(t, "new"), "")), list[to:])
	}
	return string(list)
}

// checkDiff says that the runs hold both texts.
func checkDiff(t interface{ Fatalf(string, ...any) }, a, b string) {
	list := merge.Diff(a, b)
	if merge.Old(list) != a || merge.New(list) != b {
		t.Fatalf("diff of %q and %q: %q", a, b, shown(list))
	}
	for i, r := range list {
		if r.Text == "" || i > 0 && list[i-1].Op == r.Op {
			t.Fatalf("diff of %q and %q: run %d of %q", a, b, i, shown(list))
		}
	}
}

// sides are the texts that the parts are made of.
func sides(parts []merge.Part) (base, mine, theirs string) {
	for _, p := range parts {
		base, mine, theirs = base+p.Base, mine+p.Mine, theirs+p.Theirs
	}
	return base, mine, theirs
}

// checkThree holds every rule a merge keeps.
func checkThree(t interface{ Fatalf(string, ...any) }, base, mine, theirs string) {
	parts := merge.Three(base, mine, theirs)
	// All three texts are there in full: what either side typed is in the result or in a conflict.
	if b, m, th := sides(parts); b != base || m != mine || th != theirs {
		t.Fatalf("%q %q %q: parts %+v lose text", base, mine, theirs, parts)
	}
	for _, p := range parts {
		ok := map[merge.Kind]bool{
			merge.Same: p.Base == p.Mine && p.Base == p.Theirs, merge.Mine: p.Base == p.Theirs && p.Mine != p.Base,
			merge.Theirs: p.Base == p.Mine && p.Theirs != p.Base, merge.Both: p.Mine == p.Theirs && p.Mine != p.Base,
			merge.Conflict: p.Mine != p.Theirs,
		}[p.Kind]
		if !ok {
			t.Fatalf("%q %q %q: part %+v is of another kind", base, mine, theirs, p)
		}
	}
	swapped := merge.Three(base, theirs, mine)
	if len(swapped) != len(parts) {
		t.Fatalf("%q %q %q: not symmetric", base, mine, theirs)
	}
	for i, p := range swapped {
		if p.Mine != parts[i].Theirs || p.Theirs != parts[i].Mine || (p.Kind == merge.Conflict) != (parts[i].Kind == merge.Conflict) {
			t.Fatalf("%q %q %q: part %d is not symmetric: %+v %+v", base, mine, theirs, i, parts[i], p)
		}
	}
	for _, one := range []struct{ mine, theirs, want string }{{base, theirs, theirs}, {mine, base, mine}, {mine, mine, mine}} {
		got := merge.Three(base, one.mine, one.theirs)
		if n := merge.Conflicts(got); n > 0 || merge.Text(got, nil) != one.want {
			t.Fatalf("merge of %q with %q and %q: %d conflicts, %q", base, one.mine, one.theirs, n, merge.Text(got, nil))
		}
	}
	without := merge.Two(mine, theirs)
	if _, m, th := sides(without); m != mine || th != theirs {
		t.Fatalf("%q %q without a base: %+v", mine, theirs, without)
	}
}

func TestMergeKeepsItsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := text().Draw(t, "base")
		mine, theirs := variant(t, base, "mine"), variant(t, base, "theirs")
		checkDiff(t, mine, theirs)
		checkThree(t, base, mine, theirs)
	})
}

// TestNoSentenceIsLost: two people put whole sentences into one text, also at
// the same place. With both taken wherever they meet, every sentence is there in
// one piece.
func TestNoSentenceIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		write := func(text, who string) (string, []string) {
			var mine []string
			for range rapid.IntRange(0, 5).Draw(t, who) {
				n++
				sentence := fmt.Sprintf("%s%d号句。", who, n)
				spots := []int{0}
				for i, r := range text {
					if r == '。' {
						spots = append(spots, i+len("。"))
					}
				}
				at := rapid.SampledFrom(spots).Draw(t, "at")
				text, mine = text[:at]+sentence+text[at:], append(mine, sentence)
			}
			return text, mine
		}
		base, _ := write("开头。\n\n中间。\n\n末尾。", "甲")
		one, first := write(base, "甲")
		other, second := write(base, "乙")
		got := merge.Text(merge.Three(base, one, other), func(int) merge.Choice { return merge.TheirsFirst })
		for _, sentence := range slices.Concat(first, second) {
			if !strings.Contains(got, sentence) {
				t.Fatalf("%s is lost:\nbase   %s\nmine   %s\ntheirs %s\ngot    %s", sentence, base, one, other, got)
			}
		}
	})
}

// TestApart: what is changed in different lines never conflicts.
func TestApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "lines")
		base := make([]string, n)
		for i := range base {
			base[i] = fmt.Sprintf("第%d行写着不同的话。\n", i)
		}
		mine, theirs, want := slices.Clone(base), slices.Clone(base), slices.Clone(base)
		for i := range base {
			switch rapid.IntRange(0, 3).Draw(t, "who") {
			case 1:
				mine[i] = strings.Replace(base[i], "不同", "我改过", 1)
				want[i] = mine[i]
			case 2:
				theirs[i] = strings.Replace(base[i], "的话", "的句子", 1)
				want[i] = theirs[i]
			}
		}
		parts := merge.Three(strings.Join(base, ""), strings.Join(mine, ""), strings.Join(theirs, ""))
		if got := merge.Text(parts, nil); merge.Conflicts(parts) > 0 || got != strings.Join(want, "") {
			t.Fatalf("%d conflicts, %q", merge.Conflicts(parts), got)
		}
	})
}

// TestLargeTextsTakeABoundedTime compares and merges texts of 100 KB that are
// as unlike as can be; without bounds that takes minutes.
func TestLargeTextsTakeABoundedTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	write := func(alphabet int) string {
		var b strings.Builder
		for b.Len() < 100_000 {
			b.WriteRune(rune(0x4e00 + random.IntN(alphabet)))
			if random.IntN(40) == 0 {
				b.WriteString("。")
			}
			if random.IntN(200) == 0 {
				b.WriteString("\n")
			}
		}
		return b.String()
	}
	for _, alphabet := range []int{2, 50, 5000} {
		began := time.Now()
		checkThree(t, write(alphabet), write(alphabet), write(alphabet))
		if took := time.Since(began); took > 20*time.Second { // ten comparisons; two seconds each is an order above what is usual
			t.Errorf("alphabet of %d: %v", alphabet, took)
		}
	}
}

func FuzzThree(f *testing.F) {
	f.Add("先留证据，再去投诉。", "请先留证据，再去投诉。", "先留证据，再去仲裁。")
	f.Add("a\n\nb", "a\xff\n\nb", "a\u200d\u0301b\n")
	f.Add("", "\u0301", "\n\u0301")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		if len(base)+len(mine)+len(theirs) > 3000 {
			return
		}
		checkDiff(t, mine, theirs)
		checkThree(t, base, mine, theirs)
		for _, r := range merge.Diff(base, mine) {
			if utf8.ValidString(base) && utf8.ValidString(mine) && !utf8.ValidString(r.Text) {
				t.Fatalf("a character is cut: %q", r.Text)
			}
		}
	})
}
