package poster

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"
	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/qr"
)

// cells measures as a grid does: Chinese is two wide, Latin one.
func cells(s string) fixed.Int26_6 {
	n := 0
	for _, r := range s {
		n += 1 + min(1, utf8.RuneLen(r)-1)
	}
	return fixed.I(n)
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		lines int
		want  string
	}{
		{"东湖镇安置房工地", 20, 3, "东湖镇安置房工地"},
		{"东湖镇安置房工地：工资怎么要", 16, 3, "东湖镇安置房工|地：工资怎么要"},
		{"怎么发、怎么要", 7, 3, "怎么|发、怎|么要"},
		{"看《劳动法》", 4, 4, "看|《劳|动|法》"},
		{"报 SF-2026-00012 这一场", 14, 3, "报|SF-2026-00012|这一场"},
		{"18:30–20:00 开始", 12, 3, "18:30–20:00|开始"},
		{"https://sfj.example/events", 10, 3, "https://sf|j.example/|events"},
		{"一二三四五六七八九十", 8, 2, "一二三四|五六七…"},
		{"", 8, 2, ""},
	} {
		got := strings.Join(wrap(cells, tt.text, fixed.I(tt.width), tt.lines), "|")
		if got != tt.want {
			t.Errorf("%s in %d: %s, want %s", tt.text, tt.width, got, tt.want)
		}
	}
}

// No line is wider than it may be, unless it is one character, and nothing but
// blanks is lost.
func TestWrapKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("工资怎么要、，。（）《》“”SF-2026 18:30–")), 0, 60, -1).Draw(t, "text")
		width := fixed.I(rapid.IntRange(8, 40).Draw(t, "width"))
		lines := wrap(cells, text, width, 1000)
		for _, l := range lines {
			if cells(l) > width && utf8.RuneCountInString(l) > 1 {
				t.Fatalf("line %q is too wide", l)
			}
		}
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			t.Fatalf("lost something: %q", got)
		}
	})
}

func sheet(t *testing.T) Sheet {
	t.Helper()
	code, err := qr.New("https://sfj.example.gov.cn/pufa/events/SF-2026-00012")
	if err != nil {
		t.Fatal(err)
	}
	return Sheet{Kind: "法律进工地", Title: "东湖镇安置房工地：工资怎么发、怎么要", Code: code.Image(10), Accent: color.RGBA{0x0d, 0x5f, 0x54, 0xff},
		Rows: []Row{{"时间", "11 月 28 日 周六 18:30–20:00"}, {"地点", "东湖镇 安置房二期项目部食堂，从 2 号门进，登记后往右走"}, {"讲什么", strings.Repeat("工资专用账户怎么看，欠薪怎么投诉。", 30)}},
		Call: "扫码报名", Note: "不收费。也可以打 0000-6101001，说“报 SF-2026-00012 这一场”", Link: "https://sfj.example.gov.cn/pufa/events/SF-2026-00012",
		Foot: "东湖镇司法所　示例区司法局　法律热线 12348"}
}

// What is drawn holds the code, pixel by pixel, and ink where the title stands;
// without a Chinese font the code is there all the same.
func TestDraw(t *testing.T) {
	f, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !f.Chinese() {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chinese font; make test installs fonts-noto-cjk")
		}
		t.Skip("no Chinese font on this machine")
	}
	img := drawn(t, f, sheet(t))
	if dir := os.Getenv("SONGFA_SCREENSHOTS"); dir != "" {
		var b bytes.Buffer
		png.Encode(&b, img)
		os.WriteFile(filepath.Join(dir, "poster.png"), b.Bytes(), 0o644)
	}
	if inked(img, image.Rect(margin, margin, width-margin, 500)) < 5000 {
		t.Error("no title")
	}
}

func TestDrawWithoutChinese(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latin.ttf")
	if err := os.WriteFile(path, goregular.TTF, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(path); !errs.Is(err, errs.Invalid) {
		t.Errorf("a font without Chinese: %v", err)
	}
	if _, err := Find(filepath.Join(t.TempDir(), "none.ttf")); !errs.Is(err, errs.Invalid) {
		t.Errorf("no file: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "broken.ttf")
	if err := os.WriteFile(broken, []byte("送法"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(broken); !errs.Is(err, errs.Invalid) {
		t.Errorf("no font: %v", err)
	}
	defer func(list []string) { usual = list }(usual)
	usual = []string{path}
	f, err := Find("")
	if err != nil || f.Chinese() {
		t.Fatalf("found %+v, %v", f, err)
	}
	img := drawn(t, f, sheet(t))
	if inked(img, image.Rect(margin+600, 1200, width-margin, height-margin)) < 500 {
		t.Error("the number is not on the poster")
	}
}

// drawn is the poster, after a look at its size and its code.
func drawn(t *testing.T, f *Font, s Sheet) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := f.Draw(&b, s); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil || img.Bounds().Dx() != width || img.Bounds().Dy() != height {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	code := s.Code.Bounds()
	for y := height - margin - code.Dy() - 200; y < height-margin; y++ {
		if same(img, s.Code, image.Pt(margin, y)) {
			return img
		}
	}
	t.Fatal("the code is not on the poster")
	return nil
}

func same(img, code image.Image, at image.Point) bool {
	for y := 0; y < code.Bounds().Dy(); y += 5 {
		for x := 0; x < code.Bounds().Dx(); x += 5 {
			a, _, _, _ := img.At(at.X+x, at.Y+y).RGBA()
			b, _, _, _ := code.At(x, y).RGBA()
			if a != b {
				return false
			}
		}
	}
	return true
}

func inked(img image.Image, in image.Rectangle) (n int) {
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				n++
			}
		}
	}
	return n
}
