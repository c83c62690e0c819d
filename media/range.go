package media

import (
	"strconv"
	"strings"
)

// ParseRange reads the Range header of a request for an object of size bytes.
// partial is false when the whole should be sent with 200: no header, several
// ranges, another unit, or nonsense, as RFC 9110 allows. An ErrRange asks for
// 416. The Range has its Length set, cut at the end of the object.
func ParseRange(header string, size int64) (r Range, partial bool, err error) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Contains(spec, ",") {
		return Range{}, false, nil
	}
	first, last, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return Range{}, false, nil
	}
	if first == "" {
		return suffixRange(last, size)
	}
	start, ok := parseDigits(first)
	if !ok {
		return Range{}, false, nil
	}
	end := size - 1
	if last != "" {
		n, ok := parseDigits(last)
		if !ok || n < start {
			return Range{}, false, nil
		}
		end = min(n, end)
	}
	if start >= size {
		return Range{}, true, outside(Range{Start: start}, size)
	}
	return Range{Start: start, Length: end - start + 1}, true, nil
}

func suffixRange(last string, size int64) (Range, bool, error) {
	n, ok := parseDigits(last)
	if !ok {
		return Range{}, false, nil
	}
	if n == 0 || size == 0 {
		return Range{}, true, outside(Range{Start: size}, size)
	}
	n = min(n, size)
	return Range{Start: size - n, Length: n}, true, nil
}

// parseDigits takes digits only: ParseInt alone would also take a sign.
func parseDigits(s string) (int64, bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// ContentRange is the header of a 206 answer.
func (r Range) ContentRange(size int64) string {
	end := size - 1
	if r.Length > 0 {
		end = min(end, r.Start+r.Length-1)
	}
	return "bytes " + strconv.FormatInt(r.Start, 10) + "-" + strconv.FormatInt(end, 10) + "/" + strconv.FormatInt(size, 10)
}
