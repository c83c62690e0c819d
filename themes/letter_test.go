package themes

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// signedWith is the answer to a sign-up around four words.
func signedWith(words []string) Page {
	now := sampleTime(10, 18, 30)
	return &SignedPage{Shell: Shell{Site: Site{URL: "https://sfj.example.gov.cn", Name: "示例区司法局"}, Path: "/events/SF-2026-00001/signup", Title: "报上名了"},
		Session: Session{Title: "春季招聘会", Href: "/events/SF-2026-00001", Starts: now, Ends: now}, Action: "/signup/", Party: 2,
		Code: words[0], Raw: words[1], Name: words[2], QR: QR{Size: 29, Path: words[3], Text: "报名码 " + words[0] + " 的二维码"}}
}

// A page with words set into it is the page that the template makes of them,
// whatever the words are.
func TestLetterIsThePage(t *testing.T) {
	theme, err := Open(Config{Base: "/sfj/pufa"})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-Z0-9 张·𠮷<>&'";{}/-]{0,12}`), 4, 4).Draw(t, "words")
		want, err := theme.Render(signedWith(words))
		if err != nil {
			t.Fatal(err)
		}
		got, err := theme.RenderWith(signedWith, words...)
		if err != nil || string(got) != string(want) {
			t.Fatalf("got %s, %v\nwant %s", got, err, want)
		}
	})
	if n := len(theme.current().letters.kept); n != 1 {
		t.Errorf("%d letters kept, want the one", n)
	}
}

// A page that differs in anything else is another letter.
func TestLettersAreNotMixedUp(t *testing.T) {
	theme, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for n := range maxLetters + 10 {
		page := func(words []string) Page {
			p := signedWith(words).(*SignedPage)
			p.No = fmt.Sprintf("SF-2026-%05d", n)
			return p
		}
		words := []string{"ABCDE-FGHJK", "ABCDEFGHJK", "张*", "M4 4h7v1h-7z"}
		for range 2 {
			got, err := theme.RenderWith(page, words...)
			want, werr := theme.Render(page(words))
			if err != nil || werr != nil || string(got) != string(want) {
				t.Fatalf("session %d: %v %v\n%s\nwant\n%s", n, err, werr, got, want)
			}
		}
	}
	if n := len(theme.current().letters.kept); n > maxLetters {
		t.Errorf("%d letters kept, at most %d", n, maxLetters)
	}
}

// A theme that puts a word where text would not do is rendered each time.
func TestLetterOfAThemeThatComputes(t *testing.T) {
	dir := t.TempDir()
	text := `{{define "main"}}<p title={{.Name}}>{{.Code}}{{if eq .Name "张*"}}!{{end}}</p><a href="/x?q={{.Name}}">{{.Raw}}</a>{{.QR.Path}}{{end}}`
	if err := os.WriteFile(filepath.Join(dir, "signed.html"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	theme, err := Open(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"ABCDE", "ABCDE", "张*", "M"}
	got, err := theme.RenderWith(signedWith, words...)
	want, werr := theme.Render(signedWith(words))
	if err != nil || werr != nil || string(got) != string(want) {
		t.Errorf("got %s, %v, %v, want %s", got, err, werr, want)
	}
}

func BenchmarkLetter(b *testing.B) {
	theme, err := Open(Config{})
	if err != nil {
		b.Fatal(err)
	}
	words := []string{"ABCDE-FGHJK", "ABCDEFGHJK", "张*", "M4 4h7v1h-7z"}
	b.Run("template", func(b *testing.B) {
		for b.Loop() {
			if _, err := theme.Render(signedWith(words)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("letter", func(b *testing.B) {
		for b.Loop() {
			if _, err := theme.RenderWith(signedWith, words...); err != nil {
				b.Fatal(err)
			}
		}
	})
}
