package themes

import (
	"bytes"
	"strings"
	"testing"
)

func TestAssetAddresses(t *testing.T) {
	theme := open(t, Config{Base: "/sfj/pufa"})
	a := theme.set.Load().assets
	green, _ := a.address("site.css", defaultPalette)
	blue, _ := a.address("site.css", paletteOf("#1b4f8f"))
	if green == blue || !assetName.MatchString(strings.TrimPrefix(blue, AssetPath)) {
		t.Fatalf("addresses %s and %s", green, blue)
	}
	got, ok := theme.Asset(strings.TrimPrefix(blue, AssetPath))
	if !ok || !got.Immutable || got.ContentType != "text/css; charset=utf-8" || !bytes.Contains(got.Body, []byte("--accent:#1b4f8f")) {
		t.Errorf("blue: %v %v %s", ok, got.Immutable, got.ContentType)
	}
	old, ok := theme.Asset("site.0123456789-1b4f8f.css")
	if !ok || old.Immutable || !bytes.Equal(old.Body, got.Body) {
		t.Error("the address of an older version must still answer, but not for ever")
	}
	for _, name := range []string{"", "nothing.css", "site.0123456789-1b4f8f.js", "../layout.html", "site.css/", "/site.css"} {
		if _, ok := theme.Asset(name); ok {
			t.Errorf("%q has an answer", name)
		}
	}
	if page := render(t, theme, errorPage()); !strings.Contains(page, `href="/sfj/pufa`+green+`"`) {
		t.Errorf("the page does not link to %s", green)
	}
}

// Another node, or this one after a restart, gives the same address.
func TestAssetAddressIsStable(t *testing.T) {
	one, _ := open(t, Config{}).set.Load().assets.address("site.css", defaultPalette)
	two, _ := open(t, Config{Base: "/x"}).set.Load().assets.address("site.css", defaultPalette)
	if one != two {
		t.Errorf("%s and %s", one, two)
	}
}

func TestEveryAssetIsWhole(t *testing.T) {
	theme := open(t, Config{})
	for name := range theme.set.Load().assets.files {
		a, ok := theme.Asset(name)
		if !ok || len(a.Body) == 0 || bytes.Contains(a.Body, []byte("$")) || bytes.Contains(a.Body, []byte("@import")) {
			t.Errorf("%s is not finished", name)
		}
		if strings.HasSuffix(name, ".css") && bytes.Count(a.Body, []byte("{")) != bytes.Count(a.Body, []byte("}")) {
			t.Errorf("%s has braces left over", name)
		}
	}
}

func TestMinify(t *testing.T) {
	for in, want := range map[string]string{
		"/* a */ a {\n  color: red;\n  margin: 0 auto;\n}\n": "a{color:red;margin:0 auto}",
		`a::before { content: "a ;  b: { }"; }`:              `a::before{content:"a ;  b: { }"}`,
		"a :hover, a > b { width: calc(1px + 2px); }":        "a :hover,a > b{width:calc(1px + 2px)}",
		"@media (min-width: 45em) and (x) { a { b: c } }":    "@media (min-width:45em) and (x){a{b:c}}",
		"": "",
	} {
		if got := string(minify([]byte(in))); got != want {
			t.Errorf("minify(%q) = %q, want %q", in, got, want)
		}
	}
}
