package qr_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/qr"
)

// The path fills exactly the modules that the image has black, and leaves the
// margin white: the page and the poster show the same code.
func TestPathAndImageAreTheSameCode(t *testing.T) {
	run := regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	rapid.Check(t, func(t *rapid.T) {
		text := "https://sfj.example/pufa/events/" + rapid.StringMatching(`SF-20[0-9]{2}-[0-9]{5}|[0-9a-z]{1,120}`).Draw(t, "text")
		c, err := qr.New(text)
		if err != nil {
			t.Fatal(err)
		}
		const pixels = 3
		img := c.Image(pixels)
		black := map[[2]int]bool{}
		for _, m := range run.FindAllStringSubmatch(c.Path(), -1) {
			x, y, w := atoi(m[1]), atoi(m[2]), atoi(m[3])
			if m[3] != m[4] {
				t.Fatalf("run does not close: %v", m)
			}
			for i := range w {
				black[[2]int{x + i, y}] = true
			}
		}
		if got := run.ReplaceAllString(c.Path(), ""); got != "" {
			t.Fatalf("path has more than runs: %q", got)
		}
		if len(black) < 100 {
			t.Fatalf("only %d black modules", len(black))
		}
		for y := range c.Size() {
			for x := range c.Size() {
				at := [2]int{x, y}
				if (img.GrayAt(x*pixels+1, y*pixels+1).Y == 0) != black[at] {
					t.Fatalf("module %v differs", at)
				}
				if margin := min(x, y, c.Size()-1-x, c.Size()-1-y) < qr.Quiet; margin && black[at] {
					t.Fatalf("margin is black at %v", at)
				}
			}
		}
	})
}

func TestTooLongIsRefused(t *testing.T) {
	if _, err := qr.New(strings.Repeat("长", 3000)); !errs.Is(err, errs.Invalid) {
		t.Errorf("got %v", err)
	}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
