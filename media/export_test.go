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
