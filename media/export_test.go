package media

// For tests of what cannot be reached from outside without a broken disk.
var (
	DiskErr     = diskErr
	PartSize    = partSize
	CleanName   = func(name, mime string) string { return cleanName(name, typeByMIME(mime)) }
	StripJPEG   = stripJPEG
	StripPNG    = stripPNG
	StripWebP   = stripWebP
	StripGIF    = stripGIF
	PrepareSVG  = func(b []byte) ([]byte, error) { out, _, err := prepareSVG(b); return out, err }
	Orientation = exifOrient
)

// PrepareAndRender does to a picture what Add does, and counts the variants.
func PrepareAndRender(mime string, raw []byte) (int, error) {
	clean, p, err := preparePicture(mime, raw, 1<<30)
	if err != nil {
		return 0, err
	}
	n := 0
	err = renderVariants(mime, clean, p, p.variantWidths([]int{320, 640, 1280}), func(Variant) bool { return false },
		func(rendered) error { n++; return nil })
	return n, err
}
