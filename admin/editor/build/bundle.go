package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// build writes dist/editor.js and dist/licences.txt below dir.
func build(dir string) error {
	script, inputs, err := bundle(filepath.Join(dir, "src", "editor.js"), api.PlatformBrowser)
	if err != nil {
		return err
	}
	licences, err := collect(dir, inputs)
	if err != nil {
		return err
	}
	dist := filepath.Join(dir, "dist")
	if err := os.WriteFile(filepath.Join(dist, "licences.txt"), licences, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "editor.js"), script, 0o644)
}

// bundle makes one file of a script and all it imports, and tells which files
// went into it. The same sources make the same bytes.
func bundle(entry string, platform api.Platform) (script []byte, inputs []string, err error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Bundle: true, Format: api.FormatIIFE, Platform: platform, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Charset: api.CharsetUTF8,
		LegalComments: api.LegalCommentsNone, Metafile: true,
		Banner: map[string]string{"js": "/* songfa, Apache-2.0, with packages under their own licences: see the file of licences beside this one. */"},
	})
	for _, m := range result.Errors {
		where := ""
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d: ", m.Location.File, m.Location.Line)
		}
		err = errors.Join(err, fmt.Errorf("bundle %s: %s%s", entry, where, m.Text))
	}
	if err != nil {
		return nil, nil, err
	}
	var meta struct {
		Inputs map[string]struct{} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, nil, err
	}
	for name := range meta.Inputs {
		inputs = append(inputs, name)
	}
	slices.Sort(inputs)
	return result.OutputFiles[0].Contents, inputs, nil
}

// collect puts the licence texts of the packages into one file. A package
// without one must not be shipped.
func collect(dir string, inputs []string) ([]byte, error) {
	var out strings.Builder
	out.WriteString("The visual editor of songfa is made from these packages.\n")
	seen := map[string]bool{}
	for _, name := range inputs {
		_, inside, ok := strings.Cut(filepath.ToSlash(name), "node_modules/")
		if !ok {
			continue
		}
		parts := strings.SplitN(inside, "/", 3)
		pkg := parts[0]
		if strings.HasPrefix(pkg, "@") {
			pkg = strings.Join(parts[:2], "/")
		}
		if seen[pkg] {
			continue
		}
		seen[pkg] = true
		text, err := licence(filepath.Join(dir, "node_modules", filepath.FromSlash(pkg)))
		if err != nil {
			return nil, fmt.Errorf("licence of %s: %w", pkg, err)
		}
		out.WriteString("\n" + strings.Repeat("-", 72) + "\n" + text)
	}
	return []byte(out.String()), nil
}

// licence is what package.json says of a package, and the text it comes with.
func licence(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", err
	}
	var about struct{ Name, Version, License string }
	if err := json.Unmarshal(b, &about); err != nil {
		return "", err
	}
	found, err := filepath.Glob(filepath.Join(dir, "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
	if err != nil || len(found) == 0 {
		return "", errors.Join(err, errors.New("no licence file"))
	}
	text, err := os.ReadFile(found[0])
	return about.Name + " " + about.Version + ", " + about.License + "\n\n" + string(text), err
}
