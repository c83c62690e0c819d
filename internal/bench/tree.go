package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// material is what made-up documents are put together from: sections of real
// guides, so that words, citations and markup are as in life.
type material struct {
	heads    []string // front matter without title and slug
	sections []string // from one "## " to the next
}

// exportMaterial takes the starter content out of a data directory.
func (b *bench) exportMaterial(ctx context.Context, data string) (m material, err error) {
	dir, err := b.dir("export")
	if err != nil {
		return m, err
	}
	p, err := start(ctx, b.tmp, b.songfa, "export", "--data", data, dir)
	if err != nil {
		return m, err
	}
	if err := p.finish(); err != nil {
		return m, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "guides", "*.md"))
	if err != nil {
		return m, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return m, err
		}
		m.add(string(text))
	}
	if len(m.heads) == 0 || len(m.sections) < 20 {
		return m, errors.New("the starter content has too little text")
	}
	return m, nil
}

func (m *material) add(text string) {
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !ok {
		return
	}
	var kept []string
	for line := range strings.Lines(head) {
		key, _, _ := strings.Cut(line, ":")
		switch key {
		case "title", "slug", "state", "published", "updated", "first":
		default:
			kept = append(kept, strings.TrimSuffix(line, "\n"))
		}
	}
	m.heads = append(m.heads, strings.Join(kept, "\n"))
	for i, section := range strings.Split("\n"+body, "\n## ") {
		if i > 0 && !strings.Contains(section, "[^") { // a footnote stands elsewhere
			m.sections = append(m.sections, section)
		}
	}
}

// write makes a content tree of n guides. The same n is the same tree.
func (m *material) write(dir string, n int) error {
	folder := filepath.Join(dir, "guides")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range n {
		var b bytes.Buffer
		fmt.Fprintf(&b, "---\ntitle: 第%d号工友的来信\nslug: %s\n%s\n---\n", i, slug(i), m.heads[rnd.IntN(len(m.heads))])
		for range 3 {
			fmt.Fprintf(&b, "\n## %s\n", m.sections[rnd.IntN(len(m.sections))])
		}
		fmt.Fprintf(&b, "\n本页编号 %s。\n", slug(i))
		if err := os.WriteFile(filepath.Join(folder, slug(i)+".md"), b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func slug(i int) string { return fmt.Sprintf("bench%05d", i) }
