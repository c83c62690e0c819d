package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"golang.org/x/net/html"

	"github.com/songfa/songfa/content/starter"
	"github.com/songfa/songfa/internal/markdown"
)

// answer is what roundtrip.js says of a text.
type answer struct {
	Saved  string   // opened and saved
	Anew   string   // every block written anew
	Again  string   // and once more
	Edited string   // a paragraph more in front and at the end
	Raw    []string // blocks kept as source
}

// node runs the editor's reading and writing over texts, without a browser.
func node(t *testing.T, texts map[string]string) map[string]answer {
	t.Helper()
	program := os.Getenv("SONGFA_TEST_NODE")
	if program == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("SONGFA_TEST_NODE is not set; `make test` sets it")
		}
		t.Skip("SONGFA_TEST_NODE is not set")
	}
	script, _, err := bundle("../src/roundtrip.js", api.PlatformNode)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "roundtrip.cjs")
	if err := os.WriteFile(file, script, 0o644); err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, file)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers map[string]answer
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// samples reads testdata/samples.txt.
func samples(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/samples.txt")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, part := range strings.Split(string(b), "\n%%%% ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		if name, bare := strings.CutSuffix(name, " (no end)"); bare {
			texts[name] = text
		} else {
			texts[name] = text + "\n"
		}
	}
	if len(texts) < 200 {
		t.Fatalf("only %d samples", len(texts))
	}
	return texts
}

// starters are the bodies of the starter content.
func starters(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(starter.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".md") {
			return err
		}
		b, err := fs.ReadFile(starter.Files(), path)
		if parts := strings.SplitN(string(b), "---\n", 3); len(parts) == 3 {
			texts[path] = parts[2]
		}
		return err
	})
	if err != nil || len(texts) < 30 {
		t.Fatalf("%d starters, %v", len(texts), err)
	}
	return texts
}

// TestRoundTrip: a text that is opened and saved is the same byte for byte; one
// that is edited keeps every block that was not touched; and a block that is
// written anew means the same to a reader: the site renders it alike.
func TestRoundTrip(t *testing.T) {
	texts := samples(t)
	maps.Copy(texts, starters(t))
	answers := node(t, texts)
	r := markdown.New(markdown.Config{})
	same := 0
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text, a := texts[name], answers[name]
		if a.Saved != text {
			t.Errorf("%s: opened and saved\n got %q\nwant %q", name, a.Saved, text)
		}
		if body := strings.TrimSpace(text); !strings.Contains(a.Edited, body) || !strings.HasPrefix(a.Edited, "前加。\n\n") {
			t.Errorf("%s: with two paragraphs more\n got %q\nwant %q in it", name, a.Edited, body)
		}
		if a.Again != a.Anew {
			t.Errorf("%s: the normal form has no rest\n got %q\nwant %q", name, a.Again, a.Anew)
		}
		if a.Anew == text {
			same++
			continue
		}
		if got, want := meaning(t, r, a.Anew), meaning(t, r, text); got != want {
			t.Errorf("%s: written anew\n got %q\nfrom %q\n got %s\nwant %s", name, a.Anew, text, got, want)
		}
	}
	t.Logf("%d of %d texts are byte-equal in the normal form", same, len(texts))
}

// TestRaw: only what the editor has no node for is kept as source.
func TestRaw(t *testing.T) {
	texts := samples(t)
	maps.Copy(texts, starters(t))
	for name, a := range node(t, texts) {
		for _, raw := range a.Raw {
			if !strings.Contains(raw, "<") && !strings.Contains(raw, "]:") && !strings.Contains(raw, ": ") {
				t.Errorf("%s: %q is kept as source", name, raw)
			}
		}
		if strings.HasSuffix(name, ".md") && len(a.Raw) > 0 {
			t.Errorf("%s: starter content is kept as source: %q", name, a.Raw)
		}
	}
}

// meaning is what readers get of a text: its elements and words. The order in
// which marks over the same words are nested means nothing, nor do spaces at
// the edges of a block.
func meaning(t *testing.T, r *markdown.Renderer, text string) string {
	t.Helper()
	doc, err := r.Render([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(doc.HTML))
	if err != nil {
		t.Fatal(err)
	}
	var m meant
	m.walk(root, nil, false)
	return m.String()
}

type meant struct {
	out   strings.Builder
	marks string // of the words written last
	space bool   // seen since
	start bool   // nothing written in this block yet
}

func (m *meant) String() string { return m.out.String() }

var inlineMarks = []string{"a", "em", "strong", "del", "code", "b", "i", "s"}

func (m *meant) walk(n *html.Node, marks []string, pre bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && pre:
			m.put(marks, c.Data)
		case c.Type == html.TextNode:
			for i, word := range strings.FieldsFunc(c.Data, space) {
				m.space = m.space || i > 0 || space(rune(c.Data[0]))
				m.put(marks, word)
			}
			if c.Data != "" && space(rune(c.Data[len(c.Data)-1])) {
				m.space = true
			}
		case c.Type == html.ElementNode && slices.Contains(inlineMarks, c.Data) && !pre:
			m.walk(c, append(slices.Clone(marks), element(c)), pre)
		case c.Type == html.ElementNode:
			m.out.WriteString("\n" + element(c))
			m.space, m.start, m.marks = false, true, ""
			m.walk(c, marks, pre || c.Data == "pre")
			m.out.WriteString("\n/" + c.Data)
			m.space, m.start, m.marks = false, true, ""
		default:
			m.walk(c, marks, pre)
		}
	}
}

func space(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }

func (m *meant) put(marks []string, words string) {
	slices.Sort(marks)
	key := strings.Join(slices.Compact(slices.Clone(marks)), "+")
	if m.space && !m.start {
		m.out.WriteByte(' ')
	}
	if key != m.marks || m.start {
		m.out.WriteString("{" + key + "}")
	}
	m.out.WriteString(words)
	m.space, m.start, m.marks = false, false, key
}

func element(n *html.Node) string {
	var b strings.Builder
	b.WriteString(n.Data)
	for _, a := range n.Attr {
		b.WriteString(" " + a.Key + "=" + a.Val)
	}
	return b.String()
}

// TestKinds: the editor knows the blocks that the site knows, and no others.
func TestKinds(t *testing.T) {
	b, err := os.ReadFile("../src/dialect.js")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(b), "export const kinds = [")
	list, _, _ = strings.Cut(list, "]")
	ours := strings.Split(strings.ReplaceAll(list, `"`, ""), ", ")
	var theirs []string
	for _, block := range markdown.Blocks() {
		theirs = append(theirs, block.Word)
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	if !slices.Equal(ours, theirs) {
		t.Errorf("the editor knows %q, the site %q", ours, theirs)
	}
}
