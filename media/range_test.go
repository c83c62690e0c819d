package media_test

import (
	"errors"
	"testing"

	"github.com/songfa/songfa/media"
)

func TestParseRange(t *testing.T) {
	whole := media.Range{}
	for _, tt := range []struct {
		header  string
		size    int64
		want    media.Range
		partial bool
		bad     bool // 416
	}{
		{"", 10, whole, false, false},
		{"bytes=0-0", 10, media.Range{Start: 0, Length: 1}, true, false},
		{"bytes=0-9", 10, media.Range{Start: 0, Length: 10}, true, false},
		{"bytes=0-99", 10, media.Range{Start: 0, Length: 10}, true, false},
		{"bytes=4-", 10, media.Range{Start: 4, Length: 6}, true, false},
		{"bytes= 4-", 10, media.Range{Start: 4, Length: 6}, true, false},
		{"bytes=-3", 10, media.Range{Start: 7, Length: 3}, true, false},
		{"bytes=-30", 10, media.Range{Start: 0, Length: 10}, true, false},
		{"bytes=10-", 10, whole, true, true},
		{"bytes=10-20", 10, whole, true, true},
		{"bytes=-0", 10, whole, true, true},
		{"bytes=0-", 0, whole, true, true},
		{"bytes=-5", 0, whole, true, true},
		{"bytes=5-4", 10, whole, false, false},
		{"bytes=0-1,3-4", 10, whole, false, false},
		{"bytes=a-b", 10, whole, false, false},
		{"bytes=-", 10, whole, false, false},
		{"bytes=+1-2", 10, whole, false, false},
		{"bytes=1--2", 10, whole, false, false},
		{"bytes=99999999999999999999-", 10, whole, false, false},
		{"items=0-1", 10, whole, false, false},
		{"bytes 0-1", 10, whole, false, false},
	} {
		got, partial, err := media.ParseRange(tt.header, tt.size)
		if got != tt.want || partial != tt.partial || errors.Is(err, media.ErrRange) != tt.bad || (err != nil) != tt.bad {
			t.Errorf("%q of %d: %+v, partial %v, %v", tt.header, tt.size, got, partial, err)
		}
	}
}

func TestContentRange(t *testing.T) {
	for r, want := range map[media.Range]string{
		{Start: 0, Length: 10}:  "bytes 0-9/100",
		{Start: 90}:             "bytes 90-99/100",
		{Start: 90, Length: 50}: "bytes 90-99/100",
	} {
		if got := r.ContentRange(100); got != want {
			t.Errorf("%+v: %s, want %s", r, got, want)
		}
	}
}

func FuzzRange(f *testing.F) {
	for _, h := range []string{"bytes=0-1", "bytes=-5", "bytes=5-", "bytes=9-8", "bytes=1-2,3-4", "x"} {
		f.Add(h, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		r, partial, err := media.ParseRange(header, size)
		if err != nil || !partial {
			if r != (media.Range{}) {
				t.Errorf("a range %+v with partial %v, %v", r, partial, err)
			}
			return
		}
		if r.Start < 0 || r.Length <= 0 || r.Start+r.Length > size {
			t.Errorf("%q of %d gives %+v", header, size, r)
		}
	})
}
