package media

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"math/bits"
	"slices"
	"strconv"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Two pictures of one likeness look alike: their hashes differ in few bits.
// Copies in another size or quality differ in 0 to 4 of 64, two photos of one
// afternoon in 15 and more.
const alike = 6

// even is how much lighter one of two neighbours must be to count, in 1/256 of a
// shade: in a flat area saving as JPEG alone tips the balance.
const even = 2 * 256

// likeness is a difference hash: which of two neighbours in a grid of 9×8 mean
// greys is the lighter one, in 16 hex digits. A picture of one colour has none.
func likeness(img *image.RGBA) string {
	var grey [8][9]int
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range 8 {
		for x := range 9 {
			grey[y][x] = meanGrey(img, image.Rect(x*w/9, y*h/8, max((x+1)*w/9, x*w/9+1), max((y+1)*h/8, y*h/8+1)))
		}
	}
	var hash uint64
	for y := range 8 {
		for x := range 8 {
			hash <<= 1
			if grey[y][x] > grey[y][x+1]+even {
				hash |= 1
			}
		}
	}
	if hash == 0 || hash == ^uint64(0) {
		return ""
	}
	return fmt.Sprintf("%016x", hash)
}

// meanGrey is in 1/256 of a shade, so that a faint slope still leans one way.
func meanGrey(img *image.RGBA, r image.Rectangle) int {
	r = r.Add(img.Rect.Min).Intersect(img.Rect)
	sum, n := 0, max(1, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := img.Pix[img.PixOffset(x, y):]
			sum += 299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])
		}
	}
	return sum / n * 256 / 1000
}

// Similar finds pictures that look like this one, the most alike first, at most
// six: a hint for people, who decide.
func (l *Library) Similar(ctx context.Context, o Object) (_ []Object, err error) {
	defer errs.Wrap(&err, "look for pictures like %s", o.Key)
	mine, err := strconv.ParseUint(o.Likeness, 16, 64)
	if err != nil {
		return nil, nil
	}
	var rows []struct{ Key, Likeness string }
	if err := db.Select(ctx, l.db.Reader(), &rows, `SELECT key, likeness FROM media WHERE likeness <> '' AND key <> $1`, o.Key); err != nil {
		return nil, err
	}
	type near struct {
		key  string
		bits int
	}
	var found []near
	for _, r := range rows {
		if other, err := strconv.ParseUint(r.Likeness, 16, 64); err == nil {
			if n := bits.OnesCount64(mine ^ other); n <= alike {
				found = append(found, near{r.Key, n})
			}
		}
	}
	slices.SortFunc(found, func(a, b near) int { return cmp.Or(a.bits-b.bits, cmp.Compare(a.key, b.key)) })
	var keys []string
	for _, f := range found[:min(6, len(found))] {
		keys = append(keys, f.key)
	}
	objects, err := l.GetMany(ctx, keys)
	var list []Object
	for _, key := range keys {
		if o, ok := objects[key]; ok {
			list = append(list, o)
		}
	}
	return list, err
}
