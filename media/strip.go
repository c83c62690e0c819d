package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// The functions here copy a picture without what it says about the person who
// took it: place, time, camera, author, comments, embedded previews, and what
// is hung on behind its end. The pixels and their colours stay bit for bit.
// Stripping twice changes nothing.

var errCut = errors.New("file ends too early")

// stripPNG keeps the chunks a picture is drawn from. still is false for APNG.
func stripPNG(src []byte) (dst []byte, still bool, err error) {
	const signature = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(src, []byte(signature)) {
		return nil, false, errors.New("no PNG signature")
	}
	dst = append(make([]byte, 0, len(src)), signature...)
	still = true
	for rest := src[len(signature):]; ; {
		if len(rest) < 12 {
			return nil, false, errCut
		}
		n := int64(binary.BigEndian.Uint32(rest)) + 12 // length, type, data, CRC
		if n > int64(len(rest)) {
			return nil, false, errCut
		}
		kind := string(rest[4:8])
		if keepPNG(kind) {
			dst = append(dst, rest[:n]...)
		}
		if kind == "acTL" {
			still = false
		}
		if kind == "IEND" {
			return dst, still, nil
		}
		rest = rest[n:]
	}
}

func keepPNG(kind string) bool {
	switch kind {
	case "IHDR", "PLTE", "IDAT", "IEND",
		"tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "mDCV", "cLLI",
		"acTL", "fcTL", "fdAT":
		return true
	}
	return false
}

// stripWebP keeps the chunks a picture is drawn from. still is false when it moves.
func stripWebP(src []byte) (dst []byte, still bool, err error) {
	if len(src) < 12 || string(src[:4]) != "RIFF" || string(src[8:12]) != "WEBP" {
		return nil, false, errors.New("no WebP signature")
	}
	end := 8 + int64(binary.LittleEndian.Uint32(src[4:]))
	if end > int64(len(src)) {
		return nil, false, errCut
	}
	dst = append(make([]byte, 0, len(src)), src[:12]...)
	still = true
	for rest := src[12:max(12, end)]; len(rest) >= 8; {
		kind := string(rest[:4])
		n := 8 + int64(binary.LittleEndian.Uint32(rest[4:]))
		padded := n + n%2
		if n > int64(len(rest)) {
			return nil, false, errCut
		}
		switch kind {
		case "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP":
			at := len(dst)
			dst = append(dst, rest[:n]...)
			if n%2 == 1 {
				dst = append(dst, 0)
			}
			if kind == "VP8X" && n > 8 {
				dst[at+8] &^= 0x08 | 0x04 // no EXIF, no XMP any more
			}
		}
		if kind == "ANIM" || kind == "ANMF" {
			still = false
		}
		rest = rest[min(padded, int64(len(rest))):]
	}
	binary.LittleEndian.PutUint32(dst[4:], uint32(len(dst)-8))
	return dst, still, nil
}

// stripGIF drops comments and the blocks of applications, but for the one that
// says how often the picture repeats.
func stripGIF(src []byte) ([]byte, error) {
	if len(src) < 13 || string(src[:4]) != "GIF8" {
		return nil, errors.New("no GIF signature")
	}
	pos := 13 + gifTable(src[10])
	if pos > len(src) {
		return nil, errCut
	}
	dst := append(make([]byte, 0, len(src)), src[:pos]...)
	for {
		if pos >= len(src) {
			return nil, errCut
		}
		var end int
		keep := true
		switch src[pos] {
		case 0x3b: // the end; nothing behind it is copied
			return append(dst, 0x3b), nil
		case 0x2c: // a frame
			if pos+10 > len(src) {
				return nil, errCut
			}
			end = gifBlocks(src, pos+10+gifTable(src[pos+9])+1)
		case 0x21: // an extension
			if pos+3 > len(src) {
				return nil, errCut
			}
			end = gifBlocks(src, pos+2)
			name := src[min(pos+3, len(src)):min(pos+14, len(src))]
			repeats := string(name) == "NETSCAPE2.0" || string(name) == "ANIMEXTS1.0"
			keep = src[pos+1] == 0xf9 || src[pos+1] == 0x01 || src[pos+1] == 0xff && repeats
		default:
			return nil, errors.New("unknown GIF block")
		}
		if end < 0 {
			return nil, errCut
		}
		if keep {
			dst = append(dst, src[pos:end]...)
		}
		pos = end
	}
}

// gifTable is the length of the colour table that flags announce.
func gifTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifBlocks finds the end of a chain of sub-blocks, or -1.
func gifBlocks(src []byte, pos int) int {
	for pos < len(src) {
		n := int(src[pos])
		pos += 1 + n
		if n == 0 {
			return pos
		}
	}
	return -1
}

// stripJPEG keeps the segments a picture is drawn from. Of EXIF only the
// orientation stays, in a block of our own: without it a photo lies on its side.
func stripJPEG(src []byte) (dst []byte, orientation int, err error) {
	if len(src) < 4 || src[0] != 0xff || src[1] != 0xd8 {
		return nil, 0, errors.New("no JPEG signature")
	}
	dst = append(make([]byte, 0, len(src)+len(exifOrientation)), src[:2]...)
	orientation, insert := 1, 2 // after the start, or after the JFIF header that must be first
	for pos := 2; ; {
		marker, at, ok := nextMarker(src, pos)
		if !ok {
			return nil, 0, errCut
		}
		if marker == 0xd9 {
			dst = append(dst, 0xff, 0xd9)
			break
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			return nil, 0, errors.New("JPEG marker out of place")
		}
		if at+2 > len(src) {
			return nil, 0, errCut
		}
		end := at + int(binary.BigEndian.Uint16(src[at:]))
		if end < at+2 || end > len(src) {
			return nil, 0, errCut
		}
		payload := src[at+2 : end]
		if marker == 0xe1 && orientation == 1 {
			orientation = exifOrient(payload)
		}
		if kept := keepJPEG(marker, payload); kept != nil {
			dst = append(dst, 0xff, marker)
			dst = binary.BigEndian.AppendUint16(dst, uint16(len(kept)+2))
			dst = append(dst, kept...)
			if marker == 0xe0 && insert == 2 {
				insert = len(dst)
			}
		}
		pos = end
		if marker == 0xda {
			pos = scanEnd(src, end)
			dst = append(dst, src[end:pos]...)
		}
	}
	if orientation != 1 {
		block := bytes.Clone(exifOrientation)
		block[exifOrientationAt] = byte(orientation)
		dst = slices.Insert(dst, insert, block...)
	}
	return dst, orientation, nil
}

// nextMarker reads the marker at pos, with its fill bytes; at is behind it.
func nextMarker(src []byte, pos int) (marker byte, at int, ok bool) {
	if pos >= len(src) || src[pos] != 0xff {
		return 0, 0, false
	}
	for pos < len(src) && src[pos] == 0xff {
		pos++
	}
	if pos >= len(src) || src[pos] == 0 {
		return 0, 0, false
	}
	return src[pos], pos + 1, true
}

// scanEnd finds the marker that ends the compressed data from pos on.
func scanEnd(src []byte, pos int) int {
	for ; pos+1 < len(src); pos++ {
		if src[pos] != 0xff {
			continue
		}
		next := src[pos+1]
		if next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return pos
		}
	}
	return len(src)
}

// keepJPEG returns what stays of a segment, or nil.
func keepJPEG(marker byte, payload []byte) []byte {
	switch {
	case marker == 0xe0: // JFIF, without its preview
		if len(payload) < 14 || string(payload[:5]) != "JFIF\x00" {
			return nil
		}
		kept := bytes.Clone(payload[:14])
		kept[12], kept[13] = 0, 0
		return kept
	case marker == 0xe2: // the colour profile; the same marker also carries previews
		if !bytes.HasPrefix(payload, []byte("ICC_PROFILE\x00")) {
			return nil
		}
	case marker == 0xee: // how the colours are coded
		if !bytes.HasPrefix(payload, []byte("Adobe")) {
			return nil
		}
		return payload[:min(len(payload), 12)]
	case marker >= 0xe0 && marker <= 0xef, marker == 0xfe, marker >= 0xf0 && marker <= 0xfd:
		return nil
	}
	return payload
}

// exifOrientation is an EXIF block that says nothing but the orientation.
var exifOrientation = []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08" +
	"\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00")

// exifOrientationAt is the index of its low byte.
const exifOrientationAt = 29

// exifOrient reads the orientation from an APP1 segment; 1 if it has none.
func exifOrient(payload []byte) int {
	tiff, ok := bytes.CutPrefix(payload, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	count := int64(order.Uint16(tiff[at:]))
	for i := range count {
		e := at + 2 + 12*i
		if e+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}
