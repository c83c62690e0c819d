package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

type engine struct{ md goldmark.Markdown }

func newEngine() *engine { return &engine{goldmark.New(goldmark.WithExtensions(extension.GFM))} }

func clean(src []byte) []byte { return bytes.ReplaceAll(src, []byte{0}, nil) }

func (r *Renderer) render(src []byte) (Document, error) {
	var b bytes.Buffer
	err := r.md.Convert(src, &b)
	return Document{HTML: b.String()}, err
}

// Excerpt shortens a Document's Text to at most n characters on one line and
// ends with … when something was cut, after a sentence or clause if possible.
func Excerpt(text string, n int) string { return text }
