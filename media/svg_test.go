package media_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

const svgOpen = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 20">`

func TestSVGKeepsTheDrawing(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"shapes", `<g fill="red"><path d="M0 0h1"/></g>`, `<g fill="red"><path d="M0 0h1"></path></g>`},
		{"text", `<text x="1">送法 &amp; <tspan>你</tspan></text>`, `<text x="1">送法 &amp; <tspan>你</tspan></text>`},
		{"local reference", `<use xlink:href="#a"/>`, `<use xlink:href="#a"></use>`},
		{"local paint", `<rect fill="url(#g)"/>`, `<rect fill="url(#g)"></rect>`},
		{"quoted local paint", `<rect fill="url( '#g')"/>`, `<rect fill="url( &#39;#g&#39;)"></rect>`},
		{"style", `<style>.a{fill:#123}</style>`, `<style>.a{fill:#123}</style>`},
		{"raster", `<image href="data:image/png;base64,AAAA"/>`, `<image href="data:image/png;base64,AAAA"></image>`},
		{"editor's leavings", `<metadata><rdf xmlns="http://x">who</rdf></metadata><!-- who -->`, ``},
		{"foreign attribute", `<g xmlns:i="http://inkscape" i:label="who" data-x="1"/>`, `<g></g>`},
		{"animation stands still", `<rect><animate attributeName="href" to="javascript:x"/></rect>`, `<rect></rect>`},
		{"stray text", `<g>who</g>`, `<g></g>`},
		{"doubled attribute", `<use href="#a" href="#b"/>`, `<use href="#a"></use>`},
	} {
		out, err := media.PrepareSVG([]byte(`<?xml version="1.0"?><!DOCTYPE svg>` + svgOpen + tt.in + `</svg>`))
		want := `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 20">` + tt.want + `</svg>`
		if err != nil || string(out) != want {
			t.Errorf("%s:\n got %s, %v\nwant %s", tt.name, out, err, want)
		}
	}
}

func TestSVGRefusesWhatActsOrReachesOut(t *testing.T) {
	for _, in := range []string{
		`<script>alert(1)</script>`,
		`<SCRIPT/>`,
		`<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>`,
		`<metadata><script/></metadata>`,
		`<g onclick="alert(1)"/>`,
		`<g ONLOAD="alert(1)"/>`,
		`<foreignObject><p/></foreignObject>`,
		`<use href="http://evil/x.svg#a"/>`,
		`<use xlink:href="data:image/svg+xml;base64,AAAA"/>`,
		`<image href="http://evil/x.png"/>`,
		`<image href="data:image/svg+xml;base64,AAAA"/>`,
		`<rect fill="url(http://evil/x)"/>`,
		`<rect style="fill:url(&quot;http://evil/x&quot;)"/>`,
		`<rect style="fill:u\72l(http://evil/x)"/>`,
		`<style>@import "http://evil/x.css";</style>`,
		`<style>.a{fill:url(http://evil/x)}</style>`,
		`<style>.a{fill:u<!-- -->rl(http://evil/x)}</style>`,
		`<style>.a{fill:u<g/>rl(http://evil/x)}</style>`,
		`<style><![CDATA[.a{fill:u]]><![CDATA[rl(http://evil/x)}]]></style>`,
		`<rect style="background:image-set('http://evil/x' 1x)"/>`,
		`<iframe src="http://evil"/>`,
	} {
		out, err := media.PrepareSVG([]byte(svgOpen + in + `</svg>`))
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err), "另存为 PNG") {
			t.Errorf("%s: got %s, %v", in, out, err)
		}
	}
	for _, in := range []string{
		``, `<svg`, `<html xmlns="http://www.w3.org/1999/xhtml"/>`, `<g/>`, `<svg/><svg/>`,
		`<!DOCTYPE svg [<!ENTITY a "b">]><svg/>`, `<svg>&a;</svg>`,
		`<svg>` + strings.Repeat("<g>", 200) + strings.Repeat("</g>", 200) + `</svg>`,
	} {
		if out, err := media.PrepareSVG([]byte(in)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.60s: got %s, %v", in, out, err)
		}
	}
}

func FuzzSVG(f *testing.F) {
	for _, in := range []string{
		`<g fill="red"><path d="M0 0h1"/></g>`, `<style>.a{fill:url(#a)}</style>`, `<use xlink:href="#a"/>`,
		`<script>1</script>`, `<text>a<![CDATA[<b>]]>&#10;</text>`, `<image href="data:image/png;base64,AA=="/>`,
		`<style>u<!-- -->rl(x)</style>`, `<g xml:space="preserve" x="&lt;&quot;'"/>`,
	} {
		f.Add([]byte(svgOpen + in + `</svg>`))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := media.PrepareSVG(in)
		if err != nil {
			return
		}
		again, err := media.PrepareSVG(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("not stable: %v\n%s\n%s", err, out, again)
		}
		for dec := xml.NewDecoder(bytes.NewReader(out)); ; {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("not XML: %v\n%s", err, out)
			}
			e, isElement := tok.(xml.StartElement)
			if !isElement {
				continue
			}
			if n := strings.ToLower(e.Name.Local); n == "script" || n == "foreignobject" || n == "animate" || n == "a" {
				t.Fatalf("element %s in\n%s", n, out)
			}
			for _, a := range e.Attr {
				n, v := strings.ToLower(a.Name.Local), strings.ToLower(strings.TrimSpace(a.Value))
				bad := strings.HasPrefix(n, "on") || n == "href" && !strings.HasPrefix(v, "#") && !strings.HasPrefix(v, "data:image/")
				if bad || a.Name.Space != "xmlns" && n != "xmlns" && n != "href" && strings.Contains(v, "javascript:") {
					t.Fatalf("attribute %s=%q in\n%s", a.Name.Local, a.Value, out)
				}
			}
		}
	})
}
