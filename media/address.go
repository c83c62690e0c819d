package media

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// PathPrefix begins every address of this package, relative to the site's root.
const PathPrefix = "/media/"

// The formats a variant comes in.
const (
	WebP = "webp"
	JPEG = "jpg"
)

// Variant is a smaller picture of an object; the zero Variant is the object itself.
type Variant struct {
	Width  int    // pixels
	Format string // WebP or JPEG
}

// IsOriginal reports whether it means the object itself.
func (v Variant) IsOriginal() bool { return v == Variant{} }

// Name is the last part of the variant's address: w640.webp.
func (v Variant) Name() string { return fmt.Sprintf("w%d.%s", v.Width, v.Format) }

// Type is the variant's MIME type.
func (v Variant) Type() string {
	if v.Format == JPEG {
		return "image/jpeg"
	}
	return "image/webp"
}

var (
	variantForm = regexp.MustCompile(`^w([1-9][0-9]{1,4})\.(webp|jpg)$`)
)

// IsKey reports whether s has the form of an object's key.
func IsKey(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

// parseVariant reads the name of a variant.
func parseVariant(name string) (Variant, bool) {
	m := variantForm.FindStringSubmatch(name)
	if m == nil {
		return Variant{}, false
	}
	w, _ := strconv.Atoi(m[1]) // the form holds at most five digits
	return Variant{Width: w, Format: m[2]}, true
}

// URL is the address of an object, relative to the site's root.
func URL(key, name string) string { return PathPrefix + key + "/" + url.PathEscape(name) }

// VariantURL is the address of a variant; format is WebP or JPEG.
func VariantURL(key string, width int, format string) string {
	return PathPrefix + key + "/" + Variant{width, format}.Name()
}

// Ref is what an address of this package points to.
type Ref struct {
	Key     string
	Name    string // as in the address; only decoration for an object
	Variant Variant
}

// ParsePath reads an address made by URL or VariantURL, escaped or not, without
// the base path. Anything else is NotFound.
func ParsePath(path string) (Ref, error) {
	bad := errs.New(errs.NotFound, "", "media address %q", path)
	rest, ok := strings.CutPrefix(path, PathPrefix)
	if !ok {
		return Ref{}, bad
	}
	key, name, ok := strings.Cut(rest, "/")
	if !ok || !IsKey(key) || name == "" || strings.Contains(name, "/") {
		return Ref{}, bad
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain // a name with a bare % in it was not escaped
	}
	v, _ := parseVariant(name)
	return Ref{Key: key, Name: name, Variant: v}, nil
}
