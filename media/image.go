package media

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	xwebp "golang.org/x/image/webp"

	"github.com/songfa/songfa/internal/errs"
)

// picture is what is known of a picture without decoding it.
type picture struct {
	width, height int  // as shown
	orientation   int  // EXIF: 1 upright … 8; how the stored pixels must be turned
	still         bool // can be made smaller; not moving, not drawn by SVG
}

// maxSide is the longest side WebP has.
const maxSide = 16383

// variantWidths picks the widths that make the picture smaller.
func (p picture) variantWidths(widths []int) []int {
	picked := []int{}
	for _, w := range widths {
		if p.still && w < p.width && p.heightFor(w) <= maxSide {
			picked = append(picked, w)
		}
	}
	return picked
}

func (p picture) heightFor(width int) int {
	return max(1, int((int64(p.height)*int64(width)+int64(p.width)/2)/int64(p.width)))
}

func broken(err error) error {
	return errs.New(errs.Invalid, "图片已损坏或格式特殊，无法打开。请用看图软件另存为 JPG 或 PNG 后再上传。", "read picture: %w", err)
}

// preparePicture measures a picture and takes its metadata out. Nothing is
// decoded: a small file may promise more pixels than there is memory.
func preparePicture(mime string, raw []byte, maxPixels int) (clean []byte, p picture, err error) {
	if mime == mimeSVG {
		return prepareSVG(raw)
	}
	cfg, err := decodeConfig(mime, raw)
	if err != nil {
		return nil, picture{}, broken(err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 {
		return nil, picture{}, broken(fmt.Errorf("%d×%d pixels", cfg.Width, cfg.Height))
	}
	if int64(cfg.Width)*int64(cfg.Height) > int64(maxPixels) {
		return nil, picture{}, errs.New(errs.TooLarge,
			fmt.Sprintf("图片尺寸太大（%d×%d），请缩小到 %d 万像素以内再上传。", cfg.Width, cfg.Height, maxPixels/10000),
			"picture has %d×%d pixels", cfg.Width, cfg.Height)
	}
	p = picture{width: cfg.Width, height: cfg.Height, orientation: 1}
	switch mime {
	case "image/jpeg":
		p.still = true
		clean, p.orientation, err = stripJPEG(raw)
	case "image/png":
		clean, p.still, err = stripPNG(raw)
	case "image/webp":
		clean, p.still, err = stripWebP(raw)
	case "image/gif":
		clean, err = stripGIF(raw)
	default:
		return nil, picture{}, fmt.Errorf("no picture type: %s", mime)
	}
	if err != nil {
		return nil, picture{}, broken(err)
	}
	if p.orientation >= 5 {
		p.width, p.height = p.height, p.width
	}
	return clean, p, nil
}

func decodeConfig(mime string, b []byte) (image.Config, error) {
	switch r := bytes.NewReader(b); mime {
	case "image/jpeg":
		return jpeg.DecodeConfig(r)
	case "image/png":
		return png.DecodeConfig(r)
	case "image/webp":
		return xwebp.DecodeConfig(r)
	default:
		return gif.DecodeConfig(r)
	}
}

func decode(mime string, b []byte) (image.Image, error) {
	switch r := bytes.NewReader(b); mime {
	case "image/jpeg":
		return jpeg.Decode(r)
	case "image/png":
		return png.Decode(r)
	case "image/webp":
		return xwebp.Decode(r)
	default:
		return nil, fmt.Errorf("no variants of %s", mime)
	}
}
