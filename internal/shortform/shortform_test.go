package shortform

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
)

const address = "https://sfj.example.gov.cn/guides/qianxin"

func TestWeibo(t *testing.T) {
	post := Weibo("工资被拖欠怎么办", "先留证据，再去劳动监察大队投诉，不收钱。", address)
	if post != "【工资被拖欠怎么办】先留证据，再去劳动监察大队投诉，不收钱。 "+address {
		t.Error(post)
	}
	long := Weibo("工资被拖欠怎么办", strings.Repeat("老板不给钱，先留证据。", 40), address)
	if w := WeiboWidth(long, address); w > WeiboMost || w < WeiboMost*3/4 || !strings.HasSuffix(long, "。 "+address) {
		t.Errorf("%d: %s", w, long)
	}
}

// However long the parts are, a post fits, and has title and address.
func TestWeiboFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringMatching(`[工资a1，。 ]{1,200}`).Draw(t, "title")
		text := rapid.StringMatching(`[老板不给钱a1，。！ ]{0,400}`).Draw(t, "text")
		post := Weibo(title, text, address)
		if w := WeiboWidth(post, address); w > WeiboMost {
			t.Fatalf("%d wide: %s", w, post)
		}
		if !strings.HasPrefix(post, "【") || !strings.HasSuffix(post, address) {
			t.Fatal(post)
		}
	})
}

func TestBoard(t *testing.T) {
	got := Board("【工资被拖欠怎么办】", "先留证据，再去劳动监察大队投诉，不收钱；一年之内申请仲裁，电话 12348。")
	want := []string{"【工资被拖欠怎么办】", "先留证据，再去劳动监察大队投诉，不收钱；", "一年之内申请仲裁，电话 12348。"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
}

// Lines fit, lose nothing but blanks, and do not begin with a mark that closes.
func TestBoardLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([工资老板不给钱]{1,30}|[，。；（）《》]|[0-9]{1,9}| ){0,30}`).Draw(t, "text")
		lines := Board(text)
		for i, line := range lines {
			if Width(line) > BoardLine || line == "" {
				t.Fatalf("line %q", line)
			}
			if i > 0 && !strings.Contains(text, " ") && strings.ContainsRune(noStart, []rune(line)[0]) && !strings.ContainsRune(noStart, []rune(lines[i-1])[0]) {
				t.Fatalf("line begins with %q after %q", line, lines[i-1])
			}
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(strings.Join(lines, "")) != squeeze(text) {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

func TestGBK(t *testing.T) {
	out, err := GBK([]string{"工资", "12348"})
	if err != nil {
		t.Fatal(err)
	}
	back, err := simplifiedchinese.GBK.NewDecoder().Bytes(out)
	if err != nil || string(back) != "工资\r\n12348\r\n" {
		t.Errorf("%q, %v", back, err)
	}
	if _, err := GBK([]string{"姓𠮷"}); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err), "𠮷") {
		t.Errorf("%v", err)
	}
}
