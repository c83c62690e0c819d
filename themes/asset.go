package themes

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/songfa/songfa/internal/errs"
)

// AssetPath is where assets live, below the base path.
const AssetPath = "/static/theme/"

// Asset is a static file of the theme.
type Asset struct {
	Body        []byte
	ContentType string
	ETag        string // quoted
	Immutable   bool   // the address holds the hash of these bytes: may be kept for ever
}

// Asset finds the file that an address below AssetPath names, given the part
// after it: site.1f2e3d4c5b-0d5f54.css. An address of another version of the
// file still gets the present one, so that a page from before an update is not
// left bare; that answer is not Immutable.
func (t *Theme) Asset(address string) (Asset, bool) {
	return t.current().assets.find(address)
}

// assets are the files below static/, by name without that folder.
type assets struct {
	files map[string][]byte // CSS joined and made small
	dyed  sync.Map          // name and accent → hashed: those that pages ask for
}

// hashed is a file in one accent.
type hashed struct {
	body []byte
	hash string
}

func newAssets(files map[string][]byte) (*assets, error) {
	a := &assets{files: map[string][]byte{}}
	for name, data := range files {
		rel, ok := strings.CutPrefix(name, "static/")
		if !ok {
			continue
		}
		if path.Ext(name) == ".css" {
			css, err := join(files, name, nil)
			if err != nil {
				return nil, err
			}
			data = minify(css)
		}
		a.files[rel] = data
	}
	if css, ok := a.files["site.css"]; ok {
		a.files[paperSheet] = []byte(onPaper.Replace(string(css)))
	}
	return a, nil
}

// paperSheet is site.css with the rules for printers made those of the screen:
// the preview of a printed page.
const paperSheet = "site.paper.css"

var onPaper = strings.NewReplacer("@media print", "@media all", "@media screen", "@media not all", "(prefers-color-scheme:dark)", "(max-width:0)")

var importRule = regexp.MustCompile(`(?m)^@import "([^"]+)";[ \t]*$`)

// join puts the files that a style sheet imports in the place of the import:
// one request for the reader, and an overlay can replace one of them alone.
func join(files map[string][]byte, name string, above []string) ([]byte, error) {
	data, ok := files[name]
	if !ok || len(above) > 8 {
		return nil, errs.New(errs.Invalid, "主题样式 "+name+" 不存在，或者引用成了圈。", "import %s from %s", name, strings.Join(above, ", "))
	}
	var err error
	out := importRule.ReplaceAllFunc(data, func(rule []byte) []byte {
		file := path.Join(path.Dir(name), string(importRule.FindSubmatch(rule)[1]))
		part, perr := join(files, file, append(above, name))
		if perr != nil {
			err = perr
		}
		return part
	})
	return out, err
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssString  = regexp.MustCompile(`"[^"\n]*"`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssTight   = regexp.MustCompile(` ?([{};,]) ?`)
	cssColon   = regexp.MustCompile(`: `)
)

// minify takes comments and needless blanks out of a style sheet and leaves
// strings alone.
func minify(css []byte) []byte {
	css = cssComment.ReplaceAll(css, nil)
	var out bytes.Buffer
	last := 0
	for _, at := range append(cssString.FindAllIndex(css, -1), []int{len(css), len(css)}) {
		part := cssSpace.ReplaceAll(css[last:at[0]], []byte(" "))
		part = cssTight.ReplaceAll(part, []byte("$1"))
		part = cssColon.ReplaceAll(part, []byte(":"))
		out.Write(bytes.ReplaceAll(part, []byte(";}"), []byte("}")))
		out.Write(css[at[0]:at[1]])
		last = at[1]
	}
	return bytes.TrimSpace(out.Bytes())
}

// dye is a file with its $accent words replaced; other kinds stay as they are.
// What a page asks for is kept; what an address asks for could be anything.
func (a *assets) dye(name string, p palette, keep bool) (hashed, bool) {
	data, ok := a.files[name]
	if !ok {
		return hashed{}, false
	}
	key := name + p.name()
	if h, ok := a.dyed.Load(key); ok {
		return h.(hashed), true
	}
	if ext := path.Ext(name); ext == ".css" || ext == ".svg" {
		data = []byte(p.replacer().Replace(string(data)))
	}
	sum := sha256.Sum256(data)
	h := hashed{data, hex.EncodeToString(sum[:5])}
	if keep {
		a.dyed.Store(key, h)
	}
	return h, true
}

// address is where a file in an accent lives: site.1f2e3d4c5b-0d5f54.css.
func (a *assets) address(name string, p palette) (string, bool) {
	h, ok := a.dye(name, p, true)
	if !ok {
		return "", false
	}
	ext := path.Ext(name)
	return AssetPath + strings.TrimSuffix(name, ext) + "." + h.hash + "-" + p.name() + ext, true
}

// assetName takes such an address apart.
var assetName = regexp.MustCompile(`^(.+)\.([0-9a-f]{10})-([0-9a-f]{6})(\.[a-z0-9]+)$`)

func (a *assets) find(address string) (Asset, bool) {
	name, hash, p := address, "", defaultPalette
	if m := assetName.FindStringSubmatch(address); m != nil {
		name, hash, p = m[1]+m[4], m[2], paletteOf("#"+m[3])
	}
	h, ok := a.dye(name, p, false)
	if !ok {
		return Asset{}, false
	}
	return Asset{Body: h.body, ContentType: contentType(name), ETag: `"` + h.hash + `"`, Immutable: hash == h.hash}, true
}

// contentType goes by the name: the files are the operator's own.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/x-icon"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}
