package content

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"strconv"
)

// textForm names the encoding that Hash is taken over. A new field of Text is a
// new form: what was approved under the old one then no longer counts, which is
// right, since nobody has approved the new field.
const textForm = "songfa text 1"

// Hash is the fingerprint of everything that readers see of a text: SHA-256 in
// hex over the name of the form and then each field, in the order of the struct,
// as its name, the number of bytes and the bytes; a list is its name, the number
// of entries and the entries. Two texts have one hash exactly when they are
// Equal. Approvals, checks and outputs are bound to it.
func (t Text) Hash() string {
	w := fieldHash{sha256.New()}
	io.WriteString(w, textForm+"\n")
	w.field("title", t.Title)
	w.field("answer", t.Answer)
	w.field("summary", t.Summary)
	w.field("body", t.Body)
	w.list("topics", t.Topics)
	w.field("column", t.Column)
	w.list("audience", t.Audience)
	w.list("sources", t.Sources)
	w.field("checked", t.Checked)
	w.field("written", t.Written)
	w.field("author", t.Author)
	w.field("origin", t.Origin)
	w.field("cover", t.Cover)
	w.field("cover_alt", t.CoverAlt)
	w.count("attachments", len(t.Attachments))
	for _, a := range t.Attachments {
		w.field("file", a.File)
		w.field("name", a.Name)
	}
	return hex.EncodeToString(w.Sum(nil))
}

// fieldHash writes fields so that no two different texts write the same bytes.
type fieldHash struct{ hash.Hash }

func (w fieldHash) field(name, value string) {
	w.count(name, len(value))
	io.WriteString(w, value+"\n")
}

func (w fieldHash) list(name string, values []string) {
	w.count(name, len(values))
	for _, v := range values {
		w.field("entry", v)
	}
}

func (w fieldHash) count(name string, n int) {
	io.WriteString(w, name+" "+strconv.Itoa(n)+"\n")
}
