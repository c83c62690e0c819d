package admin

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"path"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/admin/editor"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

//go:embed static
var staticFiles embed.FS

// bundles are the files that go out, and what they are made of, in this order.
var bundles = map[string][]string{
	"desk.css": {"tokens.css", "parts.css", "frame.css", "form.css", "table.css", "plan.css", "edit.css", "visual.css", "text.css", "figures.css", "media.css", "changes.css", "review.css", "outputs.css", "proof.css"},
	"desk.js":  {"desk.js", "preview.js", "review.js", "outputs.js", "autosave.js"},
	"blur.js":  {"blur.js"},
	"proof.js": {"proof.js"},
	"media.js": {"media.js"},
	"icon.svg": {"icon.svg"},
}

type asset struct {
	body        []byte
	contentType string
}

// assets are files under names that hold their hash, so that browsers keep
// them for ever.
type assets struct {
	files map[string]asset  // by served name
	names map[string]string // served name by plain name
}

func loadAssets() assets {
	a := assets{files: map[string]asset{}, names: map[string]string{}}
	for name, parts := range bundles {
		var body []byte
		for _, part := range parts {
			b, err := staticFiles.ReadFile("static/" + part)
			if err != nil {
				panic(err) // embedded: a bug
			}
			body = append(body, b...)
		}
		a.put(name, body)
	}
	for _, name := range editor.Names {
		if body, err := editor.Files.ReadFile("dist/" + name); err == nil { // not there when it was built without npm
			a.put(name, body)
		}
	}
	return a
}

func (a assets) put(name string, body []byte) {
	sum := sha256.Sum256(body)
	served := hex.EncodeToString(sum[:6]) + "-" + name
	a.files[served] = asset{body, mime.TypeByExtension(path.Ext(name))}
	a.names[name] = served
}

// has reports whether a file is there to be served.
func (a assets) has(name string) bool { return a.names[name] != "" }

// address is where a bundle is, relative to the root of the site.
func (a assets) address(name string) string { return "/static/admin/" + a.names[name] }

func (a *Admin) asset(c *fiber.Ctx) error {
	f, ok := a.assets.files[c.Params("file")]
	if !ok {
		return errs.New(errs.NotFound, "", "no such file")
	}
	web.CacheableForever(c)
	c.Set(fiber.HeaderContentType, f.contentType)
	return c.Send(f.body)
}
