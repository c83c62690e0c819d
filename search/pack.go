package search

import (
	"bytes"
	_ "embed" // for the phrases
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
)

// phrases are what statutes say over and over, the commonest last: with them as
// a dictionary what is stored of an article takes half of its size, without a
// third off. A change makes the index rebuild itself.
//
//go:embed phrases.txt
var phrasesText string

// packer makes what is stored with an entry small, and reads it back. It is
// safe for concurrent use.
type packer struct {
	dictionary []byte
	writers    sync.Pool // *flate.Writer
	readers    sync.Pool // io.ReadCloser that is a flate.Resetter
}

// packing is the one packer: its phrases never change.
var packing = sync.OnceValue(newPacker)

func newPacker() *packer {
	skeleton := `"o":["wages"],"d":17,"r":true,"s":"","a":"",{"k":"guide","i":"01","p":"/guides/","t":"{"k":"article","i":"","p":"/laws/","t":"《》第条","b":"`
	return &packer{dictionary: []byte(strings.ReplaceAll(phrasesText, "\n", "") + skeleton)}
}

func (p *packer) pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, ok := p.writers.Get().(*flate.Writer)
	if ok {
		w.Reset(&out) // keeps the dictionary
	} else {
		var err error
		if w, err = flate.NewWriterDict(&out, flate.BestCompression, p.dictionary); err != nil {
			return nil, err
		}
	}
	defer p.writers.Put(w)
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (p *packer) unpack(b []byte) ([]byte, error) {
	r, ok := p.readers.Get().(io.ReadCloser)
	if ok {
		if err := r.(flate.Resetter).Reset(bytes.NewReader(b), p.dictionary); err != nil {
			return nil, err
		}
	} else {
		r = flate.NewReaderDict(bytes.NewReader(b), p.dictionary)
	}
	defer p.readers.Put(r)
	return io.ReadAll(r)
}
