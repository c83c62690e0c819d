package markdown

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// example is one example of a specification.
type example struct {
	Markdown string `json:"markdown"`
	HTML     string `json:"html"`
}

// goldmarkDir is where the module cache keeps goldmark: the examples of the
// CommonMark specification (CC-BY-SA) are read there and not copied.
func goldmarkDir(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatalf("find goldmark: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// keepsPassing checks that every example goldmark renders as specified is
// rendered the same with our emphasis.
func keepsPassing(t *testing.T, examples []example, atLeast int, stock, ours goldmark.Markdown) {
	t.Helper()
	passed := 0
	for _, e := range examples {
		if convert(t, stock, e.Markdown) != strings.TrimSpace(e.HTML) {
			continue
		}
		passed++
		if got := convert(t, ours, e.Markdown); got != strings.TrimSpace(e.HTML) {
			t.Errorf("%q\n got %s\nwant %s", e.Markdown, got, e.HTML)
		}
	}
	if passed < atLeast {
		t.Errorf("goldmark itself passes only %d examples, want %d: are they read right?", passed, atLeast)
	}
}

func convert(t *testing.T, md goldmark.Markdown, src string) string {
	t.Helper()
	var b bytes.Buffer
	if err := md.Convert([]byte(src), &b); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

func TestCommonMarkExamplesKeepPassing(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(goldmarkDir(t), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []example
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	options := goldmark.WithRendererOptions(html.WithXHTML(), html.WithUnsafe())
	keepsPassing(t, examples, 640, goldmark.New(options), goldmark.New(options, goldmark.WithExtensions(hanEmphasis{}, callouts{}, boundedTables{})))
}

// exampleText cuts one example out of goldmark's own collections.
var exampleText = regexp.MustCompile(`(?s)//- - - - - - - - -//\n(.*?)//- - - - - - - - -//\n(.*?)//= = =`)

func TestGFMExamplesKeepPassing(t *testing.T) {
	options := goldmark.WithRendererOptions(html.WithUnsafe())
	for name, atLeast := range map[string]int{"strikethrough": 4, "table": 12, "tasklist": 3, "linkify": 20, "footnote": 5, "definition_list": 5} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(goldmarkDir(t), "extension", "_test", name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			var examples []example
			for _, m := range exampleText.FindAllStringSubmatch(string(raw), -1) {
				examples = append(examples, example{m[1], m[2]})
			}
			others := goldmark.WithExtensions(extension.Linkify, extension.TaskList, extension.Footnote, extension.DefinitionList)
			table := extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))
			keepsPassing(t, examples, atLeast,
				goldmark.New(options, others, goldmark.WithExtensions(extension.Strikethrough, table)),
				goldmark.New(options, others, goldmark.WithExtensions(hanEmphasis{}, callouts{}, boundedTables{})))
		})
	}
}
