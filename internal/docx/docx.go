package docx

import (
	"io"
	"strings"
)

// Options is what the caller knows or wants.
type Options struct {
	// Name is the file's name as it was chosen. It helps to name what was sent
	// instead of a .docx; the content decides.
	Name string

	// Fragment says that it is a piece to put into a text: its first lines stay
	// where they are, even if they look like a title.
	Fragment bool
	// Own maps the address of a picture that is ours already to its address in
	// a text, /media/{key}/{name}. Nil knows none.
	Own func(src string) (string, bool)
}

// Document is what a file or a piece of the clipboard holds for us.
type Document struct {
	Title  string // of one line
	Issuer string // 发文机关 of the red head: 示例区司法局; "" without one
	DocNo  string // 发文字号: 示例司发〔2026〕12号
	To     string // 主送机关, without the colon
	Signer string // 落款; several are parted by 、
	Date   string // 成文日期, 2006-01-02; "" when there is none or no day in it

	Markdown string    // the body; pictures by Picture.Ref, see Place
	Pictures []Picture // in the order they first appear
	Report   []Note    // what was dropped, changed or must be looked at, in the order of the text
}

// Picture is one picture of the document, as often as it is shown.
type Picture struct {
	Ref  string // its destination in the Markdown until Place: picture-1.png
	Name string // for people: 图1.png
	Type string // MIME type by its content
	Alt  string // what it shows, as the author described it; often ""
	Data []byte
	At   string // where it first stands, for people
}

// Place puts the addresses of stored pictures into the Markdown. A picture
// without an address leaves the text, and the report says where it was.
func (d *Document) Place(address func(Picture) string) {
	var pairs []string
	for _, p := range d.Pictures {
		to := address(p)
		if to == "" {
			d.Markdown = dropPicture(d.Markdown, p.Ref)
			continue
		}
		pairs = append(pairs, "]("+p.Ref, "]("+to, `src="`+p.Ref+`"`, `src="`+to+`"`)
	}
	d.Markdown = strings.NewReplacer(pairs...).Replace(d.Markdown)
}

// Level says what the person has to do about a note.
type Level string

// The levels.
const (
	Found   Level = "found"   // was recognised; nothing to do
	Dropped Level = "dropped" // is not in the text any more
	Check   Level = "check"   // was carried over and must be looked at
)

// Note is one line of the import report.
type Note struct {
	Level   Level  `json:"level"`
	Message string `json:"message"`      // a Chinese sentence
	At      string `json:"at,omitempty"` // the nearest heading or words: 在“二、报名办法”之后
}

// Read makes a Document of a .docx file. A file that is none, or that must be
// put right first, is a *Refusal. It never writes, and reaches out to nothing.
func Read(r io.ReaderAt, size int64, opts Options) (Document, error) {
	p, err := open(r, size, opts.Name)
	if err != nil {
		return Document{}, err
	}
	return p.read(opts)
}

// read goes through the parts of an opened package.
func (p *pkg) read(opts Options) (Document, error) {
	main, err := p.mainPart()
	if err != nil {
		return Document{}, err
	}
	if err := p.refuseMarked(main); err != nil {
		return Document{}, err
	}
	rd := &reader{pkg: p, part: main.name, rels: main.rels}
	if err := rd.prepare(); err != nil {
		return Document{}, err
	}
	body := main.tree.first("w:body")
	if body == nil {
		return Document{}, refuse(Damaged, "document has no body")
	}
	blocks := rd.blocks(body)
	rd.farewell()
	return finish(blocks, &rd.gathered, opts)
}

// finish does what file and clipboard have in common.
func finish(blocks []*block, g *gathered, opts Options) (Document, error) {
	d := Document{}
	if err := secret(blocks); err != nil {
		return d, err
	}
	blocks = arrange(blocks, &d, g, opts.Fragment)
	d.Markdown = write(blocks, g)
	d.Pictures = g.shown()
	d.Report = g.report()
	if len(d.Markdown) > maxMarkdown {
		return Document{}, refuse(TooMuchText, "text of %d bytes", len(d.Markdown))
	}
	if strings.TrimSpace(d.Markdown) == "" && d.Title == "" {
		return Document{}, refuse(NoText, "document has no text")
	}
	return d, nil
}
