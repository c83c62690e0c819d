package docx

import (
	"bytes"
	"encoding/binary"
	"io"
	"path"
	"strings"
	"unicode/utf16"
)

var oleMagic = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}

// judge refuses what is no zip, by its first bytes, naming what it is.
func judge(r io.ReaderAt, size int64, name string) error {
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return refuse(Damaged, "file cannot be read")
	} else {
		head = head[:n]
	}
	if isZip(head) {
		return nil
	}
	if bytes.HasPrefix(head, oleMagic) {
		return refuse(oleReason(r, size, head, name), "file is a compound file")
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n"))
	switch {
	case len(head) == 0:
		return refuse(NoText, "file has no bytes")
	case bytes.HasPrefix(text, []byte(`{\rtf`)):
		return refuse(RTF, "file is RTF")
	case bytes.HasPrefix(text, []byte("%pdf")):
		return refuse(PDF, "file is PDF")
	case bytes.HasPrefix(text, []byte("mime-version:")), bytes.HasPrefix(text, []byte("<html")), bytes.HasPrefix(text, []byte("<!doctype html")),
		bytes.Contains(text, []byte("<html")) && bytes.HasPrefix(text, []byte("<")) && !bytes.Contains(text, []byte("mso-application")):
		return refuse(HTML, "file is HTML")
	case bytes.HasPrefix(text, []byte("<?xml")):
		return refuse(FlatXML, "file is XML")
	}
	return refuse(NotWord, "file is of no type we know")
}

// oleReason tells the old formats from an encrypted .docx, which hides in the
// same kind of container.
func oleReason(r io.ReaderAt, size int64, head []byte, name string) Reason {
	names := oleNames(r, size, head)
	switch {
	case strings.Contains(names, "EncryptedPackage"), strings.Contains(names, "EncryptionInfo"):
		return Password
	case strings.EqualFold(path.Ext(name), ".wps"), strings.EqualFold(path.Ext(name), ".wpt"):
		return WPS
	case strings.Contains(names, "WordDocument"), strings.EqualFold(path.Ext(name), ".doc"):
		return OldWord
	case strings.Contains(names, "Workbook"), strings.Contains(names, "PowerPoint Document"):
		return OtherOffice
	}
	return OldWord
}

// oleNames are the names in the first sectors of the directory of a compound
// file, [MS-CFB] 2.6; "" when the header leads nowhere.
func oleNames(r io.ReaderAt, size int64, head []byte) string {
	if len(head) < 52 {
		return ""
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift < 7 || shift > 16 {
		return ""
	}
	at := (int64(binary.LittleEndian.Uint32(head[48:])) + 1) << shift
	if at >= size {
		return ""
	}
	dir := make([]byte, min(8192, size-at))
	n, _ := r.ReadAt(dir, at)
	var names strings.Builder
	for dir = dir[:n]; len(dir) >= 128; dir = dir[128:] {
		length := int(binary.LittleEndian.Uint16(dir[64:]))
		if length < 2 || length > 64 {
			continue
		}
		units := make([]uint16, 0, 32)
		for i := 0; i+1 < length-1; i += 2 {
			units = append(units, binary.LittleEndian.Uint16(dir[i:]))
		}
		names.WriteString(string(utf16.Decode(units)) + "\n")
	}
	return names.String()
}

// marks are the elements of tracked changes; each stands for one.
var marks = map[string]bool{
	"w:ins": true, "w:del": true, "w:moveFrom": true, "w:moveTo": true,
	"w:rPrChange": true, "w:pPrChange": true, "w:sectPrChange": true, "w:tblPrChange": true, "w:tblGridChange": true,
	"w:trPrChange": true, "w:tcPrChange": true, "w:tblPrExChange": true, "w:numberingChange": true,
	"w:cellIns": true, "w:cellDel": true, "w:cellMerge": true,
}

// refuseMarked refuses a document with changes to accept or comments to answer.
func (p *pkg) refuseMarked(main part) error {
	var changes, comments tally
	count := func(n *node) bool {
		if marks[n.name] && n.get("w:author") != "" || n.name == "w:ins" || n.name == "w:del" {
			changes.add(n.get("w:author"))
		}
		return true
	}
	main.tree.each(count)
	for _, kind := range []string{"footnotes", "endnotes"} {
		notes, err := p.related(main.rels, kind)
		if err != nil {
			return err
		}
		notes.tree.each(count)
	}
	said, err := p.related(main.rels, "comments")
	if err != nil {
		return err
	}
	if said.tree != nil {
		for _, c := range said.tree.kids {
			if c.name == "w:comment" {
				comments.add(c.get("w:author"))
			}
		}
	}
	if changes.total+comments.total > 0 {
		return refuseTracked(changes, comments)
	}
	return nil
}
