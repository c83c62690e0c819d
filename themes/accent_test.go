package themes

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever colour a bureau picks, text can be read: 4.5 to 1 in both lights.
func TestAnyAccentCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := derive(rgb{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b")})
		for _, c := range []struct {
			what   string
			ink    rgb
			ground rgb
			least  float64
		}{
			{"accent on white", p.accent, white, 4.5},
			{"accent on soft", p.accent, p.soft, 4.5},
			{"strong on soft", p.strong, p.soft, 4.5},
			{"on accent", p.on, p.accent, 4.5},
			{"on strong", p.on, p.strong, 4.5},
			{"sharp on white", p.sharp, white, 9},
			{"dark accent on paper", p.darkAccent, paper, 4.5},
			{"dark accent on soft", p.darkAccent, p.darkSoft, 4.5},
			{"on dark accent", p.darkOn, p.darkAccent, 4.5},
			{"on dark strong", p.darkOn, p.darkStrong, 4.5},
			{"dark sharp on black", p.darkSharp, rgb{}, 9},
		} {
			if got := c.ink.contrast(c.ground); got < c.least {
				t.Fatalf("%s: %s on %s is %.2f to 1", c.what, c.ink, c.ground, got)
			}
		}
		if again := paletteOf("#" + p.name()); again != p {
			t.Fatalf("the address %s leads to another palette", p.name())
		}
	})
}

func TestReadableAccentStaysAsGiven(t *testing.T) {
	for _, given := range []string{"#0d5f54", "#1b4f8f", "#8a1f1c", "#5a2b74"} {
		if got := paletteOf(given).accent.String(); got != given {
			t.Errorf("%s became %s", given, got)
		}
	}
}

func TestNonsenseAccentIsTheDefault(t *testing.T) {
	for _, given := range []string{"", "red", "#12", "0d5f540", "#gggggg", "#-12345", `#0d5f54;}`} {
		if paletteOf(given) != defaultPalette {
			t.Errorf("%q is taken for a colour", given)
		}
	}
}

// The tokens that the accent code must know are those of the style sheet.
func TestTokensAgree(t *testing.T) {
	theme := open(t, Config{})
	css := string(theme.set.Load().assets.files["tokens.css"])
	if !strings.Contains(css, "--bg:"+paper.String()) {
		t.Errorf("the dark paper is not %s any more", paper)
	}
	for _, word := range regexp.MustCompile(`\$[a-z-]+`).FindAllString(css, -1) {
		if strings.Contains(defaultPalette.replacer().Replace(word), "$") {
			t.Errorf("%s is not known", word)
		}
	}
}

// Both ways of naming colours agree on a few whose values are published.
func TestOKLCHKnownValues(t *testing.T) {
	for _, c := range []struct {
		in          rgb
		l, c        float64
		description string
	}{{rgb{255, 255, 255}, 1, 0, "white"}, {rgb{255, 0, 0}, .628, .2577, "red"}, {rgb{0, 0, 255}, .452, .3132, "blue"}} {
		l, chroma, hue := c.in.oklch()
		if diff(l, c.l) > .001 || diff(chroma, c.c) > .001 {
			t.Errorf("%s is %.3f %.4f", c.description, l, chroma)
		}
		if back := oklch(l, chroma, hue); diff(float64(back.r), float64(c.in.r)) > 1 || diff(float64(back.g), float64(c.in.g)) > 1 || diff(float64(back.b), float64(c.in.b)) > 1 {
			t.Errorf("%s comes back as %s", c.description, back)
		}
	}
}

func diff(a, b float64) float64 { return max(a-b, b-a) }
