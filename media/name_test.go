package media_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"流程图.jpg":                    "流程图.jpg",
		"流程图.JPEG":                   "流程图.jpeg",
		"流程图.png":                    "流程图.jpg",
		"通知.最终版":                     "通知.最终版.jpg",
		`C:\Users\wang\a.jpg`:        "a.jpg",
		"../../etc/passwd":           "passwd.jpg",
		"a/b/":                       "未命名.jpg",
		"":                           "未命名.jpg",
		".jpg":                       "未命名.jpg",
		" . a  b . .jpg":             "a b.jpg",
		`a<script>"x"?*|:.jpg`:       "ascriptx.jpg",
		"a\r\nSet-Cookie: x.jpg":     "aSet-Cookie x.jpg",
		"gnp.exe\u202egpj.jpg":       "gnp.exegpj.jpg", // turns the direction of writing
		"50%23.jpg":                  "5023.jpg",
		"w640.jpg":                   "pic-w640.jpg",
		"e\u0301.jpg":                "\u00e9.jpg",
		"A?\u0300.jpg":               "\u00c0.jpg", // what is left may join
		"\xff\xfea.jpg":              "a.jpg",
		strings.Repeat("长", 300):     strings.Repeat("长", 80) + ".jpg",
		strings.Repeat("a.jpg", 100): "",
	} {
		got := media.CleanName(in, "image/jpeg")
		if want != "" && got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestNamesMakeAddressesThatReadBack(t *testing.T) {
	key := strings.Repeat("ab", 32)
	rapid.Check(t, func(t *rapid.T) {
		name := media.CleanName(rapid.String().Draw(t, "name"), rapid.SampledFrom([]string{"image/jpeg", "application/pdf", "image/webp"}).Draw(t, "type"))
		if !utf8.ValidString(name) || len(name) > 255 || strings.ContainsAny(name, "/\\\r\n\x00\"") {
			t.Fatalf("bad name %q", name)
		}
		if again := media.CleanName(name, "image/jpeg"); strings.HasSuffix(name, ".jpg") && again != name {
			t.Fatalf("%q cleaned twice is %q", name, again)
		}
		ref, err := media.ParsePath(media.URL(key, name))
		if err != nil || ref != (media.Ref{Key: key, Name: name}) {
			t.Fatalf("%q reads back as %+v, %v", name, ref, err)
		}
		if ref, err := media.ParsePath("/media/" + key + "/" + name); err != nil || ref.Name != name {
			t.Fatalf("not escaped, %q reads back as %+v, %v", name, ref, err)
		}
	})
}

func TestParsePathRefuses(t *testing.T) {
	key := strings.Repeat("ab", 32)
	for _, bad := range []string{
		"", "/", "/media/", "/media/" + key, "/media/" + key + "/", "/media/" + key + "/a/b", "/media/" + key[:63] + "/a",
		"/media/" + strings.ToUpper(key) + "/a", "/x/" + key + "/a", "media/" + key + "/a", "/media/../" + key + "/a",
	} {
		if ref, err := media.ParsePath(bad); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s reads as %+v, %v", bad, ref, err)
		}
	}
	for name, want := range map[string]media.Variant{
		"w640.webp": {Width: 640, Format: media.WebP}, "w320.jpg": {Width: 320, Format: media.JPEG},
		"w0640.webp": {}, "w640.png": {}, "w-1.jpg": {}, "w123456.jpg": {}, "W640.webp": {}, "w640.webp.jpg": {},
	} {
		if ref, err := media.ParsePath("/media/" + key + "/" + name); err != nil || ref.Variant != want {
			t.Errorf("%s reads as %+v, %v", name, ref, err)
		}
	}
}
