package media_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/media/mediatest"
)

// What is small and was read goes on being served when the server is away, in
// whole and in parts, and nothing else does.
func TestHotFilesAreServedWithoutTheServer(t *testing.T) {
	minio := mediatest.StartMinIO(t)
	store := openS3(t, minio, minio.NewBucket())
	k := newDesk(t, dbtest.SQLite(t), func(c *media.Config) { c.Store = store })
	picture := k.add("现场.jpg", jpegSample(quarters(1000, 500), 1))
	variant := picture.Variants()[0]
	text := k.add("名单.txt", bytes.Repeat([]byte("一行\n"), 100))
	unread := k.add("没看过.txt", []byte("没看过\n"))
	large := k.add("长.txt", bytes.Repeat([]byte("一行\n"), 50_000))
	whole, _ := k.read(text.Key, media.Variant{}, media.Range{})
	small, _ := k.read(picture.Key, variant, media.Range{})
	k.read(large.Key, media.Variant{}, media.Range{})

	minio.Kill()
	if b, f := k.read(text.Key, media.Variant{}, media.Range{}); !bytes.Equal(b, whole) || f.Size != int64(len(whole)) {
		t.Errorf("the file is %d bytes now", len(b))
	}
	for _, r := range []media.Range{{Start: 0, Length: 1}, {Start: 10}, {Start: 5, Length: 1 << 20}} {
		end := int64(len(whole))
		if r.Length > 0 {
			end = min(end, r.Start+r.Length)
		}
		if b, _ := k.read(text.Key, media.Variant{}, r); !bytes.Equal(b, whole[r.Start:end]) {
			t.Errorf("%+v gives %d bytes", r, len(b))
		}
	}
	if _, err := k.Open(t.Context(), text.Key, media.Variant{}, media.Range{Start: int64(len(whole))}); !errors.Is(err, media.ErrRange) {
		t.Errorf("a part outside: %v", err)
	}
	if b, _ := k.read(picture.Key, variant, media.Range{}); !bytes.Equal(b, small) {
		t.Errorf("the picture is %d bytes now, was %d", len(b), len(small))
	}
	if f, err := k.Head(t.Context(), picture.Key, variant); err != nil || f.Size != int64(len(small)) {
		t.Errorf("head of the picture: %+v, %v", f, err)
	}
	for what, key := range map[string]string{"unread": unread.Key, "large": large.Key} {
		if _, err := k.Open(t.Context(), key, media.Variant{}, media.Range{}); !errs.Is(err, errs.Unavailable) {
			t.Errorf("the %s one: %v", what, err)
		}
	}
}
