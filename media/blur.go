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

	"github.com/songfa/songfa/internal/errs"
)

// Area is a part of a picture as shown, in thousandths of its width and height
// from the upper left corner.
type Area struct{ X, Y, W, H int }

// maxAreas is how many areas one picture has at most.
const maxAreas = 200

// blockSteps and blockShades are how much is left of an area: so many blocks
// along its longer side, each of one of so many shades a channel. A face of
// 6×6 flat blocks holds less than its outline; nothing can be computed back.
const (
	blockSteps  = 6
	blockShades = 8
)

// Blur makes another private picture of a private one, in which nothing can be
// recognised in the areas: they are coarse blocks of their mean colour. It is
// encoded anew, upright and without anything but pixels. The first one stays.
func (l *Library) Blur(ctx context.Context, key string, areas []Area) (_ Private, err error) {
	defer errs.Wrap(&err, "blur private picture")
	if len(areas) == 0 {
		return Private{}, errs.Bad("area", "请先选出要打码的地方。")
	}
	if len(areas) > maxAreas {
		return Private{}, errs.Bad("area", "要打码的地方太多，这样的照片请换一张。")
	}
	img, err := l.openUpright(ctx, key)
	if err != nil {
		return Private{}, err
	}
	for _, a := range areas {
		pixelate(img, a.in(img.Rect))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, onWhite(img), &jpeg.Options{Quality: 88}); err != nil {
		return Private{}, fmt.Errorf("encode: %w", err)
	}
	up, err := l.receive(ctx, "已打码.jpg", &b)
	if err != nil {
		return Private{}, err
	}
	defer up.discard()
	return l.keepPrivate(ctx, up)
}

// openUpright decodes a private picture as it is shown.
func (l *Library) openUpright(ctx context.Context, key string) (*image.RGBA, error) {
	release, err := l.hire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	body, p, err := l.OpenPrivate(ctx, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, l.cfg.MaxImage+1))
	if err != nil {
		return nil, err
	}
	clean, pic, err := preparePicture(p.Type, raw, l.cfg.MaxPixels)
	if err != nil {
		return nil, err
	}
	img, err := decode(p.Type, clean)
	if err != nil {
		return nil, broken(err)
	}
	flat := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Src)
	return upright(flat, pic.orientation), nil
}

// in is the area in pixels, at least one block and never outside.
func (a Area) in(r image.Rectangle) image.Rectangle {
	at := func(side, thousandths int) int { return side * min(max(thousandths, 0), 1000) / 1000 }
	x0, y0 := at(r.Dx(), a.X), at(r.Dy(), a.Y)
	x1, y1 := (r.Dx()*min(max(a.X+a.W, 0), 1000)+999)/1000, (r.Dy()*min(max(a.Y+a.H, 0), 1000)+999)/1000
	return image.Rect(x0, y0, max(x1, x0+1), max(y1, y0+1)).Add(r.Min).Intersect(r)
}

// pixelate fills an area with flat blocks.
func pixelate(img *image.RGBA, area image.Rectangle) {
	step := max(8, (max(area.Dx(), area.Dy())+blockSteps-1)/blockSteps)
	for y := area.Min.Y; y < area.Max.Y; y += step {
		for x := area.Min.X; x < area.Max.X; x += step {
			block := image.Rect(x, y, x+step, y+step).Intersect(area)
			draw.Draw(img, block, image.NewUniform(mean(img, block)), image.Point{}, draw.Src)
		}
	}
}

// mean is the mean colour of a block in few shades.
func mean(img *image.RGBA, block image.Rectangle) color.RGBA {
	var sum [3]int
	for y := block.Min.Y; y < block.Max.Y; y++ {
		line := img.Pix[img.PixOffset(block.Min.X, y):]
		for x := range block.Dx() {
			for c := range sum {
				sum[c] += int(line[4*x+c])
			}
		}
	}
	shade := func(c int) uint8 {
		level := sum[c] / (block.Dx() * block.Dy()) * blockShades / 256
		return uint8((2*level + 1) * 256 / (2 * blockShades))
	}
	return color.RGBA{shade(0), shade(1), shade(2), 255}
}
