package proof_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/content/starter"
)

// lawTexts reads the sample of laws beside the project, if it is there.
func lawTexts(t testing.TB) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir("../../../shared/laws", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".md") && d.Name() != "README.md" {
			text, err := os.ReadFile(path)
			texts[d.Name()] = string(text)
			return err
		}
		return nil
	})
	if err != nil || len(texts) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatalf("no law texts beside the project: %v", err)
		}
		t.Skip("no law texts beside the project")
	}
	return texts
}

// registry knows the laws of the sample with their articles.
func registry(t testing.TB) *law.Registry {
	t.Helper()
	entries := map[string]law.Entry{}
	for name, text := range lawTexts(t) {
		v, err := law.ParseFile(name, []byte(text))
		if err != nil {
			continue
		}
		e := entries[v.Title]
		e.Slug, e.Title = v.Title, v.Title
		for _, a := range v.Articles {
			e.Articles = append(e.Articles, [2]int{a.Number, a.Sub})
		}
		entries[v.Title] = e
	}
	var list []law.Entry
	for _, e := range entries {
		list = append(list, e)
	}
	return law.NewRegistry(list...)
}

// split takes the front matter off a starter file and makes fields of it.
func split(text string) (kind string, fields []proof.Field) {
	_, rest, _ := strings.Cut(text, "---\n")
	head, body, _ := strings.Cut(rest, "\n---\n")
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "title", "answer", "summary":
			fields = append(fields, proof.Field{Name: name, Text: strings.Trim(value, `"'`)})
		case "cover_alt":
			fields = append(fields, proof.Field{Name: name, Text: value, Form: proof.Alt})
		}
	}
	return kind, append(fields, proof.Field{Name: "body", Text: body, Form: proof.Markdown})
}

var kinds = map[string]string{"guides": "guide", "notices": "notice", "news": "news", "qa": "qa", "pages": "page"}

// TestStarterIsClean runs everything over correct texts of ours: blockers and
// warnings there would be false alarms.
func TestStarterIsClean(t *testing.T) {
	reg := registry(t)
	lists := proof.Compile(proof.Seed())
	hints, texts := map[proof.Rule]int{}, 0
	files := starter.Files()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".md") {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		texts++
		_, fields := split(string(text))
		in := proof.Input{Kind: kinds[filepath.Dir(path)], Day: "2026-11-24", Written: "2026-11-12", Fields: fields, Lists: lists, Laws: reg}
		for _, f := range proof.Check(in) {
			if f.Severity != proof.Hint {
				t.Errorf("%s: %s %s…【%s】…%s: %s", path, f.Rule, f.Before, f.Excerpt, f.After, f.Message)
			} else {
				hints[f.Rule]++
			}
		}
		return nil
	})
	if err != nil || texts < 40 {
		t.Fatal(texts, err)
	}
	for _, r := range []proof.Rule{proof.RuleJargon, proof.RulePlain, proof.RuleLong} {
		delete(hints, r) // advice on style, which even good texts get now and then
	}
	if len(hints) > 0 {
		t.Errorf("hints in correct texts: %v", hints)
	}
}

// TestLawsAreNearlyClean runs everything over 590,000 characters of law. What it
// finds there is really so: half-width brackets, blanks, 帐目 in the texts as they
// were digitised, 残废 in a law of 1953, offices under former names in old ones.
func TestLawsAreNearlyClean(t *testing.T) {
	reg := registry(t)
	lists := proof.Compile(proof.Seed())
	count, chars := map[proof.Rule]int{}, 0
	real := []proof.Rule{proof.RuleHalf, proof.RuleFull, proof.RuleIndent, proof.RuleSpace, proof.RuleWord, proof.RuleSensitive, proof.RuleOffice}
	for name, text := range lawTexts(t) {
		_, body, ok := strings.Cut(text, "<!-- INFO END -->")
		if !ok {
			body = text
		}
		chars += len([]rune(body))
		in := proof.Input{Kind: "page", Day: "2026-11-24", Fields: []proof.Field{{Name: "body", Text: body, Form: proof.Markdown}}, Lists: lists, Laws: reg}
		for _, f := range proof.Check(in) {
			count[f.Rule]++
			if !slices.Contains(real, f.Rule) {
				t.Errorf("%s: %s %s…【%s】…%s: %s", name, f.Rule, f.Before, f.Excerpt, f.After, f.Message)
			}
		}
	}
	if count[proof.RuleWord] > 3 || count[proof.RuleSpace] > 5 || count[proof.RuleOffice] > 16 || count[proof.RuleIndent] > 1 || chars < 500_000 {
		t.Errorf("%d characters, %v", chars, count)
	}
}
