package markdown_test

import (
	"testing"

	"github.com/songfa/songfa/internal/markdown"
)

func TestRebase(t *testing.T) {
	for in, want := range map[string]string{
		`<a href="/laws/a/1">`:                     `<a href="/sfj/pufa/laws/a/1">`,
		`<a class="cite" href="/" title="a">`:      `<a class="cite" href="/sfj/pufa/" title="a">`,
		`<a href="//other.example/">`:              `<a href="//other.example/">`,
		`<a href="https://x.example/a">`:           `<a href="https://x.example/a">`,
		`<a href="#第一节">`:                          `<a href="#第一节">`,
		`<img src="/media/a/b.webp" alt="a">`:      `<img src="/sfj/pufa/media/a/b.webp" alt="a">`,
		`<img srcset="/m/a 1w, /m/b 2w" src="/m">`: `<img srcset="/sfj/pufa/m/a 1w, /sfj/pufa/m/b 2w" src="/sfj/pufa/m">`,
		`<p>写成 href="/x" 就行</p>`:                   `<p>写成 href="/x" 就行</p>`,
	} {
		if got := markdown.Rebase(in, ""); got != in {
			t.Errorf("without a base path: %s became %s", in, got)
		}
		if got := markdown.Rebase(in, "/sfj/pufa"); got != want {
			t.Errorf("Rebase(%s) = %s, want %s", in, got, want)
		}
	}
}
