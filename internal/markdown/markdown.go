package markdown

import (
	"github.com/songfa/songfa/internal/errs"
)

// MaxSource is the most bytes of Markdown one document may have: some 170,000
// Chinese characters.
const MaxSource = 512 << 10

// Config holds the questions a Renderer asks about the world outside the
// text. Each may be nil.
type Config struct {
	// Cite finds the citations of law in the running text of one block
	// (paragraph, heading, table cell). Overlapping links: the first wins.
	Cite func(text string) []Link
	// Media maps a relative destination (of an image, an attachment or
	// another document), or one below /media/, to its address. It is asked
	// with the destination as the author wrote it, unescaped; false leaves the
	// link as it is.
	Media func(dest string) (Resource, bool)
	// Quote finds the words of the articles that the title of a 法条 block
	// names; none when they are not loaded.
	Quote func(citation string) []Quote
}

// Quote is one article of a law as it stands in force.
type Quote struct {
	Paragraphs []string // 款, and 项 each on its own, without markup
	Version    string   // where the words are from: 2012-12-28 修正，2013-07-01 起施行
}

// Link is one citation in a run of text. Start and End are byte offsets and
// cover what is linked: the article number, not the name of the law.
type Link struct {
	Start, End int
	Href       string // "" when the law is known but not loaded: marked, not linked
	Title      string // shown on hover; may be ""
}

// Resource is where a relative destination really lives.
type Resource struct {
	URL           string // root-relative: "/media/ab12/sfz.webp"
	SrcSet        string // other widths: "/media/ab12/480.webp 480w, …"; "" for none
	Width, Height int    // pixels, so that a page does not jump; 0 when unknown
	Note          string // shown after a link to an attachment: "DOCX，23 KB"
}

// Document is what Render makes of a text.
type Document struct {
	HTML   string    // sanitised, balanced, without style or script; root-relative links
	TOC    []Heading // the headings outside callouts, quotes and lists, in order
	Text   string    // what a reader reads, one block a line: for search and excerpts
	Images []Image   // every image, in order
	Links  []string  // every other destination but citations and #fragments, once each
}

// Heading is one entry of the contents list. Levels start at 2, since the
// page's title is the h1, and never skip one on the way down.
type Heading struct {
	Level int
	ID    string // what follows # in the address; keeps Han
	Text  string
}

// Image is one image as the author wrote it.
type Image struct {
	Dest string
	Alt  string // "" asks the editor for a description
}

// Renderer turns Markdown into a Document. It is safe for concurrent use.
type Renderer struct {
	cfg Config
	*engine
}

// New builds a Renderer. It costs about as much as rendering a guide; keep
// it, and use With for hooks that belong to one document.
func New(cfg Config) *Renderer { return &Renderer{cfg: cfg, engine: newEngine()} }

// With is the same Renderer with other hooks. It is cheap: call it per
// document to resolve links relative to that document or to note what it cites.
func (r *Renderer) With(cfg Config) *Renderer { return &Renderer{cfg: cfg, engine: r.engine} }

// Render makes HTML, contents list and plain text of a Markdown body (without
// front matter). Any input renders, except one over MaxSource (TooLarge) or
// one that nests beyond reason (Invalid).
func (r *Renderer) Render(src []byte) (Document, error) {
	if len(src) > MaxSource {
		return Document{}, errs.New(errs.TooLarge, "正文太长，请拆成几篇，或把附件另行上传。", "render markdown: %d bytes", len(src))
	}
	return r.render(clean(src))
}
