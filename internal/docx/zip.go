package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

// Limits no honest file comes near, so that time and memory stay in proportion.
const (
	maxFile     = 50 << 20  // bytes of the file
	maxEntries  = 4000      // parts in it
	maxUnpacked = 400 << 20 // bytes of all parts as they say of themselves
	maxPart     = 32 << 20  // bytes of one XML part
	maxRatio    = 300       // unpacked to packed, of a part over ratioFrom
	ratioFrom   = 4 << 20   // bytes; honest XML of a few KB packs as well as a bomb
	maxPicture  = 20 << 20  // bytes of one picture
	maxPictures = 200 << 20 // bytes of all pictures
	maxMarkdown = 512 << 10 // bytes; as markdown.MaxSource
)

// pkg is an opened package of parts.
type pkg struct {
	files    map[string]*zip.File // by name, lower case
	macros   bool
	pictures int64 // bytes of pictures read so far
}

// open judges the bytes and opens the package.
func open(r io.ReaderAt, size int64, name string) (*pkg, error) {
	if size > maxFile {
		return nil, refuseLarge(size)
	}
	if err := judge(r, size, name); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refuse(Truncated, "zip has no directory")
	}
	if len(z.File) > maxEntries {
		return nil, refuse(Bomb, "zip has %d entries", len(z.File))
	}
	p := &pkg{files: make(map[string]*zip.File, len(z.File))}
	var total uint64
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, refuse(Password, "zip entry is encrypted")
		}
		if total += f.UncompressedSize64; f.UncompressedSize64 > maxUnpacked || total > maxUnpacked || tooDense(f) {
			return nil, refuse(Bomb, "zip unpacks to over %d bytes or beyond the ratio", total)
		}
		p.files[partName(f.Name)] = f
	}
	return p, p.judgeParts()
}

func tooDense(f *zip.File) bool {
	return f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/max(1, f.CompressedSize64) > maxRatio
}

// partName is the one spelling of a part's name: some writers use backslashes,
// a leading slash, or other capitals than in the relationships.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/"))
}

// judgeParts tells other office files in zips from .docx.
func (p *pkg) judgeParts() error {
	has := func(name string) bool { return p.files[name] != nil }
	switch {
	case has("ofd.xml"):
		return refuse(OFD, "file is OFD")
	case has("content.xml") && !has("[content_types].xml"):
		return refuse(ODT, "file is OpenDocument")
	case has("xl/workbook.xml"), has("xl/workbook.bin"):
		return refuse(OtherOffice, "file is a workbook")
	case has("ppt/presentation.xml"):
		return refuse(OtherOffice, "file is a presentation")
	case !has("[content_types].xml"):
		return refuse(NotWord, "zip has no content types")
	}
	for name := range p.files {
		p.macros = p.macros || strings.HasSuffix(name, "vbaproject.bin")
	}
	return nil
}

// bytes reads one part; nil when there is none.
func (p *pkg) bytes(name string, limit int64) ([]byte, error) {
	f := p.files[partName(name)]
	if f == nil {
		return nil, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, refuse(Damaged, "a part cannot be opened")
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), err != nil:
		return nil, refuse(Damaged, "a part cannot be read")
	case int64(len(b)) > limit:
		return nil, refuse(Bomb, "a part is over %d bytes", limit)
	}
	return b, nil
}

// tree parses one part; nil when there is none.
func (p *pkg) tree(name string) (*node, error) {
	b, err := p.bytes(name, maxPart)
	if err != nil || b == nil {
		return nil, err
	}
	return parseXML(b)
}

// part is one part with what it points to.
type part struct {
	name string
	tree *node
	rels map[string]relation
}

// relation is one arrow from a part to another, or out of the file.
type relation struct {
	kind     string // the last word of its type: image, hyperlink, footnotes
	target   string // a part's name, or an address when external
	external bool
}

// mainPart finds the text: by the package's relations, or where it always is.
func (p *pkg) mainPart() (part, error) {
	name := "word/document.xml"
	roots, err := p.relations("")
	if err != nil {
		return part{}, err
	}
	for _, r := range roots {
		if r.kind == "officeDocument" && p.files[partName(r.target)] != nil {
			name = r.target
		}
	}
	if p.files[partName(name)] == nil {
		return part{}, refuse(NotWord, "package has no document")
	}
	return p.open(name)
}

func (p *pkg) open(name string) (_ part, err error) {
	o := part{name: name}
	if o.tree, err = p.tree(name); err != nil {
		return o, err
	}
	o.rels, err = p.relations(name)
	return o, err
}

// relations reads what a part points to; of the package itself for "".
func (p *pkg) relations(name string) (map[string]relation, error) {
	dir, file := path.Split(name)
	tree, err := p.tree(dir + "_rels/" + file + ".rels")
	if err != nil || tree == nil {
		return nil, err
	}
	rels := make(map[string]relation)
	for _, n := range tree.kids {
		r := relation{kind: path.Base(n.get("Type")), target: n.get("Target"), external: n.get("TargetMode") == "External"}
		if !r.external {
			if !strings.HasPrefix(r.target, "/") {
				r.target = dir + r.target
			}
			r.target = partName(r.target)
		}
		rels[n.get("Id")] = r
	}
	return rels, nil
}

// related opens the first part of a kind that a part points to: its styles.
func (p *pkg) related(rels map[string]relation, kind string) (part, error) {
	for _, r := range rels {
		if r.kind == kind && !r.external && p.files[partName(r.target)] != nil {
			return p.open(r.target)
		}
	}
	return part{}, nil
}

var zipMagic = []byte("PK")

func isZip(head []byte) bool { return bytes.HasPrefix(head, zipMagic) }
