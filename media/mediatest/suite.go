package mediatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

// Run holds a store against the contract. newStore gives an empty one and
// closes it with the test.
func Run(t *testing.T, newStore func(t *testing.T) media.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, media.Store)
	}{
		{"PutAndOpen", putAndOpen},
		{"Replace", replace},
		{"Ranges", ranges},
		{"Missing", missing},
		{"Names", names},
		{"Delete", deletes},
		{"List", list},
		{"Large", large},
		{"SameNameAtOnce", sameName},
		{"ManyNamesAtOnce", manyNames},
		{"DeleteWhilePut", deleteWhilePut},
		{"InterruptedSmall", func(t *testing.T, s media.Store) { interrupted(t, s, 100) }},
		{"InterruptedLarge", func(t *testing.T, s media.Store) { interrupted(t, s, 20<<20) }},
		{"CancelledPut", cancelledPut},
		{"Ping", func(t *testing.T, s media.Store) { ok(t, s.Ping(t.Context())) }},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newStore(t)) })
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("got %v (%v), want %v", err, errs.KindOf(err), kind)
	}
}

func put(t *testing.T, s media.Store, name, content string) {
	t.Helper()
	ok(t, s.Put(t.Context(), name, strings.NewReader(content)))
}

func get(t *testing.T, s media.Store, name string, r media.Range) (string, media.Info) {
	t.Helper()
	body, info, err := s.Open(t.Context(), name, r)
	ok(t, err)
	defer body.Close()
	b, err := io.ReadAll(body)
	ok(t, err)
	return string(b), info
}

func wantContent(t *testing.T, s media.Store, name, want string) {
	t.Helper()
	got, info := get(t, s, name, media.Range{})
	if got != want || info.Size != int64(len(want)) || info.Name != name {
		t.Errorf("%s holds %.40q, info %+v; want %.40q", name, got, info, want)
	}
}

func putAndOpen(t *testing.T, s media.Store) {
	before := time.Now().Add(-time.Minute)
	for _, content := range []string{"", "送", strings.Repeat("法", 100_000)} {
		put(t, s, "a/b-c_d.e/1", content)
		wantContent(t, s, "a/b-c_d.e/1", content)
		info, err := s.Stat(t.Context(), "a/b-c_d.e/1")
		ok(t, err)
		if info.Name != "a/b-c_d.e/1" || info.Size != int64(len(content)) || info.Modified.Before(before) {
			t.Errorf("stat says %+v", info)
		}
	}
}

func replace(t *testing.T, s media.Store) {
	put(t, s, "k", "a long text")
	put(t, s, "k", "short")
	wantContent(t, s, "k", "short")
}

func ranges(t *testing.T, s media.Store) {
	put(t, s, "k", "0123456789")
	put(t, s, "empty", "")
	for _, tt := range []struct {
		r    media.Range
		want string
	}{
		{media.Range{}, "0123456789"},
		{media.Range{Start: 0, Length: 1}, "0"},
		{media.Range{Start: 0, Length: 10}, "0123456789"},
		{media.Range{Start: 3, Length: 4}, "3456"},
		{media.Range{Start: 3}, "3456789"},
		{media.Range{Start: 9}, "9"},
		{media.Range{Start: 8, Length: 100}, "89"},
	} {
		got, info := get(t, s, "k", tt.r)
		if got != tt.want || info.Size != 10 {
			t.Errorf("%+v gives %q of %d, want %q of 10", tt.r, got, info.Size, tt.want)
		}
	}
	for _, r := range []media.Range{{Start: 10}, {Start: 11, Length: 1}, {Start: -1}, {Start: 1, Length: -1}} {
		if _, _, err := s.Open(t.Context(), "k", r); !errors.Is(err, media.ErrRange) || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%+v: %v (%v), want ErrRange", r, err, errs.KindOf(err))
		}
	}
	if _, _, err := s.Open(t.Context(), "empty", media.Range{Start: 0, Length: 1}); !errors.Is(err, media.ErrRange) {
		t.Errorf("range of an empty object: %v, want ErrRange", err)
	}
	_, _, err := s.Open(t.Context(), "missing", media.Range{Start: 1})
	wantKind(t, err, errs.NotFound)
}

// missing runs on a store that has never held anything, then on one that has.
func missing(t *testing.T, s media.Store) {
	for range 2 {
		_, _, err := s.Open(t.Context(), "no/such", media.Range{})
		wantKind(t, err, errs.NotFound)
		_, err = s.Stat(t.Context(), "no/such")
		wantKind(t, err, errs.NotFound)
		ok(t, s.Delete(t.Context(), "no/such"))
		put(t, s, "a/b", "x")
		_, err = s.Stat(t.Context(), "a") // a folder or prefix is no object
		wantKind(t, err, errs.NotFound)
		_, _, err = s.Open(t.Context(), "a", media.Range{})
		wantKind(t, err, errs.NotFound)
	}
}

func names(t *testing.T, s media.Store) {
	for _, name := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.hidden",
		"A", "a b", "a\\b", "a\x00b", "a?b", "a%2fb", "送", "a\n", strings.Repeat("a", 201),
	} {
		wantKind(t, s.Put(t.Context(), name, strings.NewReader("x")), errs.Invalid)
		_, _, err := s.Open(t.Context(), name, media.Range{})
		wantKind(t, err, errs.Invalid)
		_, err = s.Stat(t.Context(), name)
		wantKind(t, err, errs.Invalid)
		wantKind(t, s.Delete(t.Context(), name), errs.Invalid)
	}
	if got := listed(t, s, ""); len(got) != 0 {
		t.Errorf("bad names left %v", got)
	}
}

func deletes(t *testing.T, s media.Store) {
	put(t, s, "a/1", "x")
	put(t, s, "a/2", "y")
	ok(t, s.Delete(t.Context(), "a/1"))
	_, err := s.Stat(t.Context(), "a/1")
	wantKind(t, err, errs.NotFound)
	wantContent(t, s, "a/2", "y")
	ok(t, s.Delete(t.Context(), "a/1"))
	ok(t, s.Delete(t.Context(), "a/2"))
	put(t, s, "a/1", "again")
	wantContent(t, s, "a/1", "again")
}

func listed(t *testing.T, s media.Store, prefix string) []string {
	t.Helper()
	got := []string{}
	for info, err := range s.List(t.Context(), prefix) {
		ok(t, err)
		got = append(got, info.Name)
	}
	slices.Sort(got)
	return got
}

func list(t *testing.T, s media.Store) {
	if got := listed(t, s, ""); len(got) != 0 {
		t.Errorf("an empty store lists %v", got)
	}
	for _, name := range []string{"a/1", "a/2", "ab/1", "b", "a-b/1"} {
		put(t, s, name, name)
	}
	for prefix, want := range map[string][]string{
		"":     {"a-b/1", "a/1", "a/2", "ab/1", "b"},
		"a":    {"a-b/1", "a/1", "a/2", "ab/1"},
		"a/":   {"a/1", "a/2"},
		"a/2":  {"a/2"},
		"none": {},
	} {
		if got := listed(t, s, prefix); !slices.Equal(got, want) {
			t.Errorf("prefix %q lists %v, want %v", prefix, got, want)
		}
	}
	for info, err := range s.List(t.Context(), "a/") { // sizes, and stopping early
		ok(t, err)
		if info.Size != 3 {
			t.Errorf("%s is listed with %d bytes", info.Name, info.Size)
		}
		break
	}
}

// largeSize and largeMemory: an upload must not be held in memory.
const (
	largeSize   = 64 << 20
	largeMemory = 40 << 20
)

func large(t *testing.T, s media.Store) {
	peak := newPeak()
	sent := sha256.New()
	ok(t, s.Put(t.Context(), "large", io.TeeReader(peak.reader(pseudoRandom(largeSize)), sent)))
	body, info, err := s.Open(t.Context(), "large", media.Range{})
	ok(t, err)
	defer body.Close()
	if info.Size != largeSize {
		t.Errorf("size is %d, want %d", info.Size, int64(largeSize))
	}
	received := sha256.New()
	_, err = io.Copy(received, peak.reader(body))
	ok(t, err)
	if !bytes.Equal(received.Sum(nil), sent.Sum(nil)) {
		t.Error("what came back is not what was put")
	}
	t.Logf("%d MB there and back took %.1f MB of memory", largeSize>>20, float64(peak.growth())/(1<<20))
	if peak.growth() > largeMemory {
		t.Errorf("it took %d bytes of memory, want at most %d", peak.growth(), largeMemory)
	}
	tail, _ := get(t, s, "large", media.Range{Start: largeSize - 5})
	if len(tail) != 5 {
		t.Errorf("the last 5 bytes are %d", len(tail))
	}
}

func pseudoRandom(size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{1}), size)
}

// memoryPeak samples the heap while bytes pass.
type memoryPeak struct {
	base, top uint64
}

func newPeak() *memoryPeak {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return &memoryPeak{base: m.HeapInuse}
}

func (p *memoryPeak) growth() uint64 {
	if p.top < p.base {
		return 0
	}
	return p.top - p.base
}

func (p *memoryPeak) reader(r io.Reader) io.Reader { return &samplingReader{r: r, peak: p} }

type samplingReader struct {
	r    io.Reader
	peak *memoryPeak
	n    int
}

func (s *samplingReader) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if s.n += n; s.n >= 1<<20 || err != nil {
		s.n = 0
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.peak.top = max(s.peak.top, m.HeapInuse)
	}
	return n, err
}

// sameName: readers see one of the texts, whole.
func sameName(t *testing.T, s media.Store) {
	text := func(i int) string { return strings.Repeat(fmt.Sprint(i), 300_000) }
	put(t, s, "k", text(0))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := s.Put(t.Context(), "k", strings.NewReader(text(i))); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			body, _, err := s.Open(t.Context(), "k", media.Range{})
			if err != nil {
				t.Error(err)
				return
			}
			defer body.Close()
			b, err := io.ReadAll(body)
			if err != nil || len(b) != 300_000 || strings.Trim(string(b), string(b[:1])) != "" {
				t.Errorf("read %d mixed bytes, %v", len(b), err)
			}
		})
	}
	wg.Wait()
}

func manyNames(t *testing.T, s media.Store) {
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			if err := s.Put(t.Context(), fmt.Sprintf("d%d/n%d", i%4, i), strings.NewReader(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range 32 {
		wantContent(t, s, fmt.Sprintf("d%d/n%d", i%4, i), fmt.Sprint(i))
	}
}

// deleteWhilePut: a folder may be emptied by one while another puts into it.
func deleteWhilePut(t *testing.T, s media.Store) {
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 10 {
				name := fmt.Sprintf("d/n%d", i)
				if err := s.Put(t.Context(), name, strings.NewReader("x")); err != nil {
					t.Error(err)
				}
				if err := s.Delete(t.Context(), name); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := listed(t, s, ""); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

// interrupted: the source fails after some bytes. What was there stays.
func interrupted(t *testing.T, s media.Store, after int64) {
	cut := errors.New("the cable was pulled")
	source := func() io.Reader { return io.MultiReader(pseudoRandom(after), iotest.ErrReader(cut)) }
	if err := s.Put(t.Context(), "k", source()); !errors.Is(err, cut) {
		t.Errorf("put says %v, want the source's error", err)
	}
	_, err := s.Stat(t.Context(), "k")
	wantKind(t, err, errs.NotFound)
	if got := listed(t, s, ""); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
	put(t, s, "k", "before")
	if err := s.Put(t.Context(), "k", source()); !errors.Is(err, cut) {
		t.Errorf("put says %v, want the source's error", err)
	}
	wantContent(t, s, "k", "before")
}

// cancelledPut: the caller leaves in the middle.
func cancelledPut(t *testing.T, s media.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := io.MultiReader(pseudoRandom(10<<20), readerFunc(func(p []byte) (int, error) {
		cancel()
		return len(p), nil // it would go on for ever
	}))
	if err := s.Put(ctx, "k", r); !errors.Is(err, context.Canceled) {
		t.Errorf("put says %v, want context.Canceled", err)
	}
	if got := listed(t, s, ""); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
	put(t, s, "k", "after")
	wantContent(t, s, "k", "after")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
