package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"maps"
	"slices"

	"github.com/gen2brain/webp"
	xdraw "golang.org/x/image/draw"

	"github.com/songfa/songfa/internal/errs"
)

// Qualities at which text in a screenshot is still sharp.
const (
	webpQuality = 80
	jpegQuality = 82
)

// rendered is a variant in memory.
type rendered struct {
	Variant
	bytes []byte
}

// renderVariants makes the picture in every width and both formats, without
// those that skip names. A picture that does not decode is Invalid.
func renderVariants(mime string, b []byte, p picture, widths []int, skip func(Variant) bool, keep func(rendered) error) error {
	if !p.still {
		return nil
	}
	img, err := decode(mime, b)
	if err != nil {
		return broken(err)
	}
	whole, shown := img, p
	// From the widest down, each from the one before: cheaper, and as good. The
	// smallest is made of the whole, as it was at the upload: one name, one picture.
	for i, w := range slices.Backward(widths) {
		if i == 0 {
			img, p = whole, shown
		}
		small := scale(img, p, w)
		img, p = small, picture{width: w, height: small.Rect.Dy(), orientation: 1, still: true}
		for _, format := range []string{WebP, JPEG} {
			v := Variant{w, format}
			if skip(v) {
				continue
			}
			b, err := encode(small, format)
			if err != nil {
				return fmt.Errorf("encode %s: %w", format, err)
			}
			if err := keep(rendered{v, b}); err != nil {
				return err
			}
		}
	}
	return nil
}

// scale makes the picture width pixels wide and turns it upright. It averages
// whole blocks down to less than twice the size and interpolates the rest:
// the scalers of x/image with wide kernels keep 32 bytes per pixel.
func scale(img image.Image, p picture, width int) *image.RGBA {
	w, h := width, p.heightFor(width)
	if p.orientation >= 5 {
		w, h = h, w
	}
	if n := img.Bounds().Dx() / w; n > 1 {
		img = shrink(img, n)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.ApproxBiLinear.Scale(dst, dst.Rect, img, img.Bounds(), draw.Src, nil)
	return upright(dst, p.orientation)
}

// shrink averages blocks of n×n pixels.
func shrink(src image.Image, n int) *image.RGBA {
	b := src.Bounds()
	w, h := (b.Dx()+n-1)/n, (b.Dy()+n-1)/n
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	stripe := image.NewRGBA(image.Rect(0, 0, b.Dx(), n))
	sums := make([]uint32, 4*w)
	for y := range h {
		rows := min(n, b.Dy()-y*n)
		// draw knows fast ways from each kind of image to RGBA.
		draw.Draw(stripe, image.Rect(0, 0, b.Dx(), rows), src, b.Min.Add(image.Pt(0, y*n)), draw.Src)
		clear(sums)
		for r := range rows {
			line := stripe.Pix[r*stripe.Stride:]
			for x := range b.Dx() {
				at := 4 * (x / n)
				sums[at] += uint32(line[4*x])
				sums[at+1] += uint32(line[4*x+1])
				sums[at+2] += uint32(line[4*x+2])
				sums[at+3] += uint32(line[4*x+3])
			}
		}
		for x := range w {
			count := uint32(rows * min(n, b.Dx()-x*n))
			for c := range 4 {
				dst.Pix[y*dst.Stride+4*x+c] = uint8((sums[4*x+c] + count/2) / count)
			}
		}
	}
	return dst
}

// upright turns by EXIF orientation: 2–4 mirror and turn over, 5–8 also swap
// the sides.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			dx, dy := turn(x, y, w, h, orientation)
			copy(dst.Pix[dst.PixOffset(dx, dy):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}

// turn says where the stored pixel (x, y) is shown.
func turn(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default: // 8
		return y, w - 1 - x
	}
}

func encode(img *image.RGBA, format string) ([]byte, error) {
	var b bytes.Buffer
	if format == JPEG {
		err := jpeg.Encode(&b, onWhite(img), &jpeg.Options{Quality: jpegQuality})
		return b.Bytes(), err
	}
	var m image.Image = img
	if img.Opaque() { // the same bytes; saves the encoder a slow conversion
		m = &image.NRGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	}
	err := webp.Encode(&b, m, webp.Options{Quality: webpQuality, Method: 4})
	return b.Bytes(), err
}

// onWhite gives a picture that is transparent the paper it is shown on.
func onWhite(img *image.RGBA) *image.RGBA {
	if img.Opaque() {
		return img
	}
	dst := image.NewRGBA(img.Rect)
	draw.Draw(dst, dst.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(dst, dst.Rect, img, img.Rect.Min, draw.Over)
	return dst
}

func variantName(content string, v Variant) string { return content + "/" + v.Name() }

func (l *Library) putVariant(ctx context.Context, content string, v rendered) error {
	return l.store.Put(ctx, variantName(content, v.Variant), bytes.NewReader(v.bytes))
}

// wanted is the size to serve when v is asked for. A page that was made before
// its picture was replaced may ask for a width that the new one has not: then it
// is the next wider one, or the picture itself.
func wanted(o Object, v Variant) (Variant, error) {
	if v.Format != WebP && v.Format != JPEG {
		return v, noVariant(o, v)
	}
	if slices.Contains(o.Widths, v.Width) {
		return v, nil
	}
	if !o.Replaced() || !o.IsPicture() {
		return v, noVariant(o, v)
	}
	for _, w := range o.Widths {
		if w > v.Width {
			return Variant{w, v.Format}, nil
		}
	}
	return Variant{}, nil
}

func noVariant(o Object, v Variant) error {
	return errs.New(errs.NotFound, "没有这个尺寸的图片。", "media %s has no variant %s", o.Key, v.Name())
}

func (l *Library) openVariant(ctx context.Context, o Object, v Variant, r Range) (io.ReadCloser, Info, error) {
	body, info, err := l.open(ctx, variantName(o.Content, v), r)
	if !errs.Is(err, errs.NotFound) {
		return body, info, err
	}
	if err := l.remake(ctx, o, v); err != nil {
		return nil, Info{}, err
	}
	return l.open(ctx, variantName(o.Content, v), r)
}

func (l *Library) statVariant(ctx context.Context, o Object, v Variant) (Info, error) {
	info, err := l.stat(ctx, variantName(o.Content, v))
	if !errs.Is(err, errs.NotFound) {
		return info, err
	}
	if err := l.remake(ctx, o, v); err != nil {
		return Info{}, err
	}
	return l.stat(ctx, variantName(o.Content, v))
}

// remake makes the variants of an object again from its bytes. Of those who
// miss one at the same time, the first works and the others find it done.
func (l *Library) remake(ctx context.Context, o Object, v Variant) (err error) {
	defer errs.Wrap(&err, "make variants of %s", o.Key)
	unlock, err := l.making.lock(ctx, o.Content)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := l.store.Stat(ctx, variantName(o.Content, v)); !errs.Is(err, errs.NotFound) {
		return err
	}
	return l.render(ctx, o)
}

// makeVariants makes those that are missing.
func (l *Library) makeVariants(ctx context.Context, o Object) (err error) {
	defer errs.Wrap(&err, "make variants of %s", o.Key)
	unlock, err := l.making.lock(ctx, o.Content)
	if err != nil {
		return err
	}
	defer unlock()
	return l.render(ctx, o)
}

// render makes the variants that are not in the store. What is there stays: its
// bytes have been served, and their name says that they do not change.
func (l *Library) render(ctx context.Context, o Object) error {
	there := map[Variant]bool{}
	for _, v := range o.Variants() {
		_, err := l.store.Stat(ctx, variantName(o.Content, v))
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		there[v] = err == nil
	}
	if !slices.Contains(slices.Collect(maps.Values(there)), false) {
		return nil
	}
	release, err := l.hire(ctx)
	if err != nil {
		return err
	}
	defer release()
	body, _, err := l.store.Open(ctx, originalName(o.Content), Range{})
	if err != nil {
		return err
	}
	defer body.Close()
	b := make([]byte, o.Size)
	if _, err := io.ReadFull(body, b); err != nil {
		return fmt.Errorf("read original: %w", err)
	}
	_, p, err := preparePicture(o.Type, b, l.cfg.MaxPixels)
	if err != nil {
		return err
	}
	return renderVariants(o.Type, b, p, o.Widths, func(v Variant) bool { return there[v] },
		func(v rendered) error { return l.putVariant(ctx, o.Content, v) })
}
