package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	xwebp "golang.org/x/image/webp"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/media"
)

// desk is a library over a folder, with all that is around it.
type desk struct {
	*media.Library
	t      testing.TB
	dir    string // of the store
	temp   string // for uploads on their way
	ledger *ledger.Ledger
	now    time.Time
}

var editor = auth.Actor{ID: "u1", Name: "王编辑", Roles: []auth.Role{auth.Editor}}

func newDesk(t testing.TB, d *db.DB, change ...func(*media.Config)) *desk {
	t.Helper()
	k := &desk{t: t, dir: t.TempDir(), temp: t.TempDir(), now: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
	k.ledger = ledger.New(d, func() time.Time { return k.now })
	cfg := media.Config{Store: openDisk(t, k.dir), DB: d, Ledger: k.ledger, TempDir: k.temp, Now: func() time.Time { return k.now }}
	for _, c := range change {
		c(&cfg)
	}
	k.Library = media.New(cfg)
	return k
}

func (k *desk) add(name string, b []byte) media.Object {
	k.t.Helper()
	o, err := k.Add(k.t.Context(), editor, name, bytes.NewReader(b), media.AddOptions{})
	if err != nil {
		k.t.Fatalf("add %s: %v", name, err)
	}
	return o
}

func (k *desk) read(key string, v media.Variant, r media.Range) ([]byte, *media.File) {
	k.t.Helper()
	f, err := k.Open(k.t.Context(), key, v, r)
	if err != nil {
		k.t.Fatalf("open %s %v: %v", key, v, err)
	}
	defer f.Body.Close()
	b, err := io.ReadAll(f.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return b, f
}

func TestAddKeepsAPictureWithoutItsMetadata(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		sample := jpegSample(quarters(1000, 500), 6) // lies on its side: shown 500×1000
		o, err := k.Add(t.Context(), editor, `C:\照片\现场 1.JPEG`, bytes.NewReader(sample), media.AddOptions{Alt: " 律师在  工地 "})
		if err != nil {
			t.Fatal(err)
		}
		b, f := k.read(o.Key, media.Variant{}, media.Range{})
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != o.Key {
			t.Error("the key is not the hash of what is stored")
		}
		if bytes.Contains(b, []byte(secret)) {
			t.Error("the metadata is still in it")
		}
		want := media.Object{Key: o.Key, Name: "现场 1.jpeg", Type: "image/jpeg", Size: int64(len(b)), Width: 500, Height: 1000,
			Widths: []int{320}, Alt: "律师在 工地", CreatedAt: k.now, CreatedBy: "u1", Content: o.Key,
			Version: 1, FocusX: 50, FocusY: 50, Likeness: o.Likeness, Pending: true}
		if fmt.Sprintf("%+v", o) != fmt.Sprintf("%+v", want) {
			t.Errorf("object\n %+v, want\n %+v", o, want)
		}
		if got, err := k.Get(t.Context(), o.Key); err != nil || fmt.Sprint(got) != fmt.Sprint(o) {
			t.Errorf("get: %+v, %v", got, err)
		}
		if f.Type != "image/jpeg" || !f.Inline || f.Size != o.Size || f.Name != o.Name {
			t.Errorf("file %+v", f)
		}
		for _, v := range o.Variants() {
			checkTurned(t, k, o.Key, v)
		}
		k.wantLedger(o.Key)
	})
}

// checkTurned: orientation 6 is turned to the right, so the stored left bottom
// corner (blue) is shown left on top.
func checkTurned(t *testing.T, k *desk, key string, v media.Variant) {
	t.Helper()
	b, f := k.read(key, v, media.Range{})
	decode := map[string]func(io.Reader) (image.Image, error){media.WebP: xwebp.Decode, media.JPEG: jpeg.Decode}[v.Format]
	img, err := decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", v.Name(), err)
	}
	if img.Bounds().Dx() != 320 || img.Bounds().Dy() != 640 || f.Type != v.Type() || f.Size != int64(len(b)) {
		t.Errorf("%s is %v, file %+v", v.Name(), img.Bounds(), f)
	}
	near(t, v.Name()+" left top", img.At(40, 80), color.RGBA{20, 20, 230, 255})
	near(t, v.Name()+" right top", img.At(280, 80), color.RGBA{230, 20, 20, 255})
	near(t, v.Name()+" left bottom", img.At(40, 560), color.White)
	near(t, v.Name()+" right bottom", img.At(280, 560), color.RGBA{20, 200, 20, 255})
}

func (k *desk) wantLedger(key string) {
	k.t.Helper()
	rows, err := k.ledger.Since(k.t.Context(), 0, 10)
	if err != nil || len(rows) != 1 || rows[0].Change != (ledger.Change{Kind: "media", ID: key}) {
		k.t.Errorf("journal %+v, %v", rows, err)
	}
	audit, err := k.ledger.Audit(k.t.Context(), ledger.AuditFilter{})
	if err != nil || len(audit) != 1 || audit[0].Action != "media.add" || audit[0].Actor != "u1" || audit[0].Object != "media:"+key {
		k.t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestAddJudgesByContent(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for _, tt := range []struct {
		upload   string
		content  []byte
		mime     string
		name     string
		inline   bool
		variants bool
	}{
		{"a.png", jpegSample(quarters(400, 300), 1), "image/jpeg", "a.jpg", true, true},
		{"a", pngSample(quarters(400, 300)), "image/png", "a.png", true, true},
		{"a.jpg", webpSample(quarters(400, 300)), "image/webp", "a.webp", true, true},
		{"a.gif", gifSample(quarters(400, 300)), "image/gif", "a.gif", true, false},
		{"a.svg", []byte(svgOpen + `<g/></svg>`), "image/svg+xml", "a.svg", true, false},
		{"b.svg", []byte("<?xml version='1.0'?>\n<!-- by hand -->\n<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'>\n<svg/>"), "image/svg+xml", "b.svg", true, false},
		{"申请表.pdf.exe", filler("%PDF-1.7\n"), "application/pdf", "申请表.pdf.exe.pdf", true, false},
		{"a.docx", zipSample("[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx", false, false},
		{"a.zip", zipSample("docProps/app.xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx", false, false},
		{"a.pptx", zipSample("ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation", "a.pptx", false, false},
		{"公文.ofd", zipSample("OFD.xml", "Doc_0/Document.xml"), "application/ofd", "公文.ofd", false, false},
		{"a.docx", zipSample("readme.md"), "application/zip", "a.zip", false, false},
		{"a.html", []byte("只是文字，没有标签"), "text/plain", "a.html.txt", false, false},
		{"站点.csv", []byte("名称,电话\n东湖镇,0000-1\n"), "text/csv", "站点.csv", false, false},
		{"a.mp3", filler("\xff\xfb\x90\x00"), "audio/mpeg", "a.mp3", true, false},
		{"a.mov", filler("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), "video/mp4", "a.mov.mp4", true, false},
	} {
		o := k.add(tt.upload, tt.content)
		if o.Type != tt.mime || o.Name != tt.name || o.Inline() != tt.inline || (len(o.Widths) > 0) != tt.variants {
			t.Errorf("%s: type %s, name %s, inline %v, widths %v; want %+v", tt.upload, o.Type, o.Name, o.Inline(), o.Widths, tt)
		}
		b, _ := k.read(o.Key, media.Variant{}, media.Range{})
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s: the metadata is still in it", tt.upload)
		}
	}
	left, err := os.ReadDir(k.temp)
	if err != nil || len(left) != 0 {
		t.Errorf("temporary files left: %v, %v", left, err)
	}
}

func TestAddRefuses(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t), func(c *media.Config) { c.MaxImage, c.MaxFile, c.MaxPixels = 300_000, 500_000, 1_000_000 })
	cut := errors.New("the line broke")
	for _, tt := range []struct {
		name    string
		content io.Reader
		kind    errs.Kind
		says    string
	}{
		{"empty", strings.NewReader(""), errs.Invalid, "空的"},
		{"html", strings.NewReader("<!DOCTYPE html><script>alert(1)</script>"), errs.Invalid, "不支持"},
		{"program", bytes.NewReader(filler("\x7fELF\x02\x01\x01\x00")), errs.Invalid, "不支持"},
		{"old Word", bytes.NewReader(filler("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")), errs.Invalid, "docx"},
		{"iPhone", bytes.NewReader(filler("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")), errs.Invalid, "JPG"},
		{"macros", bytes.NewReader(zipSample("word/document.xml", "word/vbaProject.bin")), errs.Invalid, "宏"},
		{"broken zip", bytes.NewReader(zipSample("a")[:40]), errs.Invalid, "损坏"},
		{"svg with script", strings.NewReader(svgOpen + "<script/></svg>"), errs.Invalid, "脚本"},
		{"html as svg", strings.NewReader("<!DOCTYPE html><svg></svg>"), errs.Invalid, "不支持"},
		{"text around svg", strings.NewReader("看 <svg onload=alert(1)>"), errs.Invalid, ""},
		{"big picture", bytes.NewReader(append(jpegSample(quarters(8, 8), 1), make([]byte, 300_000)...)), errs.TooLarge, "图片不能超过"},
		{"big file", bytes.NewReader(append(filler("%PDF-1.7\n"), make([]byte, 500_000)...)), errs.TooLarge, "文件不能超过"},
		{"bomb", bytes.NewReader(must2(encodePNG(image.NewGray(image.Rect(0, 0, 2000, 1000))))), errs.TooLarge, "2000×1000"},
		{"cut picture", bytes.NewReader(jpegSample(quarters(800, 600), 1)[:2000]), errs.Invalid, "损坏"},
		{"garbled picture", bytes.NewReader(garbled()), errs.Invalid, "损坏"},
		{"cut line", io.MultiReader(strings.NewReader("text"), iotest.ErrReader(cut)), errs.Internal, ""},
		{"cut line later", io.MultiReader(bytes.NewReader(filler("%PDF-1.7\n")), iotest.ErrReader(cut)), errs.Internal, ""},
	} {
		_, err := k.Add(t.Context(), editor, "x", tt.content, media.AddOptions{})
		if !errs.Is(err, tt.kind) || !strings.Contains(errs.MessageOf(err), tt.says) {
			t.Errorf("%s: %v (%v): %s; want %v with %q", tt.name, err, errs.KindOf(err), errs.MessageOf(err), tt.kind, tt.says)
		}
	}
	if left := append(files(t, k.dir), files(t, k.temp)...); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if all, err := k.List(t.Context(), media.Filter{}); err != nil || len(all) != 0 {
		t.Errorf("listed: %v, %v", all, err)
	}
}

func must2(b []byte, err error) []byte { return must(b, err) }

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// garbled is a PNG with every chunk in place and nonsense for pixels.
func garbled() []byte {
	plain := must2(encodePNG(quarters(400, 300)))
	out := append([]byte{}, plain[:33]...)
	out = append(out, chunk("IDAT", "nonsense")...)
	return append(out, chunk("IEND", "")...)
}

func TestAddTwiceIsOneObject(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	first := k.add("第一个名字.jpg", jpegSample(quarters(400, 300), 1))
	other := jpegSample(quarters(400, 300), 1)
	other = bytes.ReplaceAll(other, []byte("39.9042N"), []byte("31.2304N")) // taken elsewhere: the same picture
	second := k.add("第二个名字.jpg", other)
	if first.Key != second.Key || second.Name != "第一个名字.jpg" {
		t.Errorf("%+v and %+v", first, second)
	}
	k.wantLedger(first.Key)
}

func TestAddByManyAtOnceIsOneObject(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	sample := jpegSample(quarters(700, 300), 1)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { k.add("a.jpg", sample) })
	}
	wg.Wait()
	all, err := k.List(t.Context(), media.Filter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d objects, %v", len(all), err)
	}
	k.wantLedger(all[0].Key)
	if _, err := k.MakePending(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := files(t, k.dir), 1+len(all[0].Variants()); len(got) != want {
		t.Errorf("files %v, want %d", got, want)
	}
}

func TestAddNeedsPermission(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for role, want := range map[auth.Role]errs.Kind{"": errs.Forbidden, "auditor": errs.Forbidden} {
		_, err := k.Add(t.Context(), auth.Actor{ID: "x", Roles: []auth.Role{role}}, "a.txt", strings.NewReader("a"), media.AddOptions{})
		if !errs.Is(err, want) {
			t.Errorf("%q: %v, want %v", role, err, want)
		}
	}
	if _, err := k.Add(t.Context(), auth.Actor{ID: "x", Roles: []auth.Role{auth.Coordinator}}, "a.txt", strings.NewReader("a"), media.AddOptions{}); err != nil {
		t.Errorf("a coordinator brings photos of a session: %v", err)
	}
}

// writes counts what goes into a store.
type writes struct {
	media.Store
	mu    sync.Mutex
	names []string
}

func (w *writes) Put(ctx context.Context, name string, r io.Reader) error {
	w.mu.Lock()
	w.names = append(w.names, name)
	w.mu.Unlock()
	return w.Store.Put(ctx, name, r)
}

func TestLostVariantsAreMadeOnce(t *testing.T) {
	var seen *writes
	k := newDesk(t, dbtest.SQLite(t), func(c *media.Config) {
		seen = &writes{Store: c.Store}
		c.Store = seen
	})
	o := k.add("a.jpg", jpegSample(quarters(700, 300), 1))
	if _, err := k.MakePending(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{o.Key + "/original", o.Key + "/w320.jpg", o.Key + "/w320.webp", o.Key + "/w640.jpg", o.Key + "/w640.webp"}
	slices.Sort(seen.names)
	if !slices.Equal(seen.names, want) {
		t.Errorf("wrote %v, want %v", seen.names, want)
	}
	before, _ := k.read(o.Key, media.Variant{Width: 320, Format: media.WebP}, media.Range{})
	for _, v := range o.Variants() {
		if err := os.Remove(filepath.Join(k.dir, o.Key, v.Name())); err != nil {
			t.Fatal(err)
		}
	}
	seen.names = nil
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { k.read(o.Key, o.Variants()[i%4], media.Range{}) })
	}
	wg.Wait()
	slices.Sort(seen.names)
	if !slices.Equal(seen.names, want[1:]) {
		t.Errorf("wrote %v, want %v", seen.names, want[1:])
	}
	after, _ := k.read(o.Key, media.Variant{Width: 320, Format: media.WebP}, media.Range{})
	if !bytes.Equal(before, after) {
		t.Error("made again it is another picture, under an address that promises not to change")
	}
}

func TestVariantsOfTransparentPictures(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 800, 800)) // all transparent
	for y := range 400 {
		for x := range 800 {
			img.SetNRGBA(x, y, color.NRGBA{200, 0, 0, 255})
		}
	}
	k := newDesk(t, dbtest.SQLite(t))
	o := k.add("印章.png", pngSample(img))
	b, _ := k.read(o.Key, media.Variant{Width: 320, Format: media.JPEG}, media.Range{})
	near(t, "jpeg above", must(jpeg.Decode(bytes.NewReader(b))).At(160, 80), color.RGBA{200, 0, 0, 255})
	near(t, "jpeg below", must(jpeg.Decode(bytes.NewReader(b))).At(160, 240), color.White)
	b, _ = k.read(o.Key, media.Variant{Width: 320, Format: media.WebP}, media.Range{})
	if _, _, _, a := must(xwebp.Decode(bytes.NewReader(b))).At(160, 240).RGBA(); a != 0 {
		t.Errorf("webp below has alpha %d", a)
	}
}

func TestVariantsOfStrangeShapes(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for _, tt := range []struct {
		w, h   int
		widths []int
	}{
		{319, 5000, nil}, {320, 10, nil}, {321, 10, []int{320}}, {3000, 1, []int{320, 640, 1280}},
		{700, 30_000, []int{320}}, // a long picture; at 640 it would be higher than WebP can be
	} {
		o := k.add("a.png", must2(encodePNG(image.NewGray(image.Rect(0, 0, tt.w, tt.h)))))
		if !slices.Equal(o.Widths, tt.widths) {
			t.Errorf("%d×%d has widths %v, want %v", tt.w, tt.h, o.Widths, tt.widths)
		}
		for _, v := range o.Variants() {
			k.read(o.Key, v, media.Range{})
		}
	}
}

func TestOpenAndHead(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	o := k.add("a.jpg", jpegSample(quarters(700, 300), 1))
	whole, _ := k.read(o.Key, media.Variant{}, media.Range{})
	etags := map[string]bool{}
	for _, v := range append(o.Variants(), media.Variant{}) {
		b, f := k.read(o.Key, v, media.Range{})
		head, err := k.Head(t.Context(), o.Key, v)
		if err != nil || head.Body != nil || head.Size != int64(len(b)) || head.Type != f.Type || head.ETag != f.ETag {
			t.Errorf("%v: head %+v, %v; file %+v", v, head, err, f)
		}
		etags[f.ETag] = true
		part, f := k.read(o.Key, v, media.Range{Start: 2, Length: 3})
		if !bytes.Equal(part, b[2:5]) || f.Size != int64(len(b)) {
			t.Errorf("%v: part %x of %d", v, part, f.Size)
		}
	}
	if len(etags) != 5 {
		t.Errorf("%d different ETags, want 5", len(etags))
	}
	if _, err := k.Open(t.Context(), o.Key, media.Variant{}, media.Range{Start: int64(len(whole))}); !errors.Is(err, media.ErrRange) {
		t.Errorf("outside: %v", err)
	}
	for _, v := range []media.Variant{{Width: 1280, Format: media.WebP}, {Width: 321, Format: media.WebP}, {Width: 320, Format: "gif"}} {
		if _, err := k.Open(t.Context(), o.Key, v, media.Range{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("%v: %v", v, err)
		}
		if _, err := k.Head(t.Context(), o.Key, v); !errs.Is(err, errs.NotFound) {
			t.Errorf("head %v: %v", v, err)
		}
	}
	if _, err := k.Open(t.Context(), strings.Repeat("0", 64), media.Variant{}, media.Range{}); !errs.Is(err, errs.NotFound) {
		t.Errorf("unknown key: %v", err)
	}
}

func TestListNarrows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		var keys []string
		for i, name := range []string{"工资条.txt", "100_做法.txt", "Poster.txt"} {
			k.now = k.now.Add(time.Duration(i/2) * time.Minute) // the first two at the same time
			keys = append(keys, k.add(name, []byte(name)).Key)
		}
		picture := k.add("宣传.png", pngSample(quarters(10, 10)))
		picture = k.describe(picture, media.Description{Alt: " 工地  普法 ", Tags: []string{"农民工", " 工地 "}})
		k.describe(k.get(keys[0]), media.Description{Tags: []string{"农民工日"}})
		for _, tt := range []struct {
			name string
			f    media.Filter
			want []string
		}{
			{"name", media.Filter{Text: "工资"}, keys[:1]},
			{"case", media.Filter{Text: "poSTer"}, keys[2:]},
			{"underscore is a letter", media.Filter{Text: "_"}, keys[1:2]},
			{"percent is a letter", media.Filter{Text: "%"}, nil},
			{"alt", media.Filter{Text: "工地 普法"}, []string{picture.Key}},
			{"pictures", media.Filter{Pictures: true}, []string{picture.Key}},
			{"files", media.Filter{Files: true, Text: "poster"}, keys[2:]},
			{"nothing", media.Filter{Text: "没有"}, nil},
			{"a tag", media.Filter{Tag: "农民工"}, []string{picture.Key}},
			{"in a tag", media.Filter{Text: "民工"}, []string{picture.Key, keys[0]}},
			{"a list nobody knows", media.Filter{Want: "odd"}, nil},
		} {
			if got := k.keys(tt.f); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
		all := k.keys(media.Filter{})
		var paged []string
		for after := ""; ; after = paged[len(paged)-1] {
			page := k.keys(media.Filter{After: after, Limit: 1})
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
		}
		if len(all) != 4 || !slices.Equal(all, paged) {
			t.Errorf("all %v, page by page %v", all, paged)
		}
		many, err := k.GetMany(t.Context(), append(keys, "none"))
		if err != nil || len(many) != 3 || many[keys[0]].Name != "工资条.txt" {
			t.Errorf("get many: %v, %v", many, err)
		}
	})
}

func (k *desk) keys(f media.Filter) (keys []string) {
	k.t.Helper()
	objects, err := k.List(k.t.Context(), f)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, o := range objects {
		keys = append(keys, o.Key)
	}
	return keys
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.add("好.txt", []byte("good"))
	lost := k.add("丢.txt", []byte("lost"))
	short := k.add("短.txt", []byte("short"))
	rotten := k.add("烂.txt", []byte("rotten"))
	k.check(false, nil)
	original := func(key string) string { return filepath.Join(k.dir, key, "original") }
	for _, err := range []error{
		os.Remove(original(lost.Key)),
		os.WriteFile(original(short.Key), []byte("sh"), 0o600),
		os.WriteFile(original(rotten.Key), []byte("Rotten"), 0o600),
		os.WriteFile(filepath.Join(k.dir, "stranger"), []byte("x"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	quick := map[string]string{lost.Key: "丢失", short.Key: "大小", "stranger": "多出"}
	k.check(false, quick)
	quick[rotten.Key] = "损坏"
	k.check(true, quick)
	// Uploading the lost file again brings it back.
	if back := k.add("丢.txt", []byte("lost")); back.Key != lost.Key || back.CreatedAt != lost.CreatedAt {
		t.Errorf("it came back as %+v", back)
	}
	delete(quick, lost.Key)
	k.check(true, quick)
}

func (k *desk) check(deep bool, want map[string]string) {
	k.t.Helper()
	got := map[string]string{}
	if err := k.Check(k.t.Context(), deep, func(p media.Problem) { got[p.Key] = p.What }); err != nil {
		k.t.Fatal(err)
	}
	for key, says := range want {
		if !strings.Contains(got[key], says) {
			k.t.Errorf("deep %v: %s is %q, want %q", deep, key, got[key], says)
		}
	}
	if len(got) != len(want) {
		k.t.Errorf("deep %v: problems %v, want %v", deep, got, want)
	}
}

func TestWhatPagesSayOfAnObject(t *testing.T) {
	key := strings.Repeat("ab", 32)
	photo := media.Object{Key: key, Name: "a.jpg", Size: 3 << 20, Widths: []int{320, 640, 1280}}
	for what, pair := range map[string][2]string{
		"srcset":          {photo.SrcSet(), "/media/{key}/w320.webp 320w, /media/{key}/w640.webp 640w, /media/{key}/w1280.webp 1280w"},
		"fallback":        {photo.Fallback(), "/media/{key}/w640.jpg"},
		"thumbnail":       {photo.Thumbnail(), "/media/{key}/w320.webp"},
		"note":            {photo.Note(), "JPG，3.0 MB"},
		"small srcset":    {media.Object{Key: key, Name: "图.png"}.SrcSet(), ""},
		"small fallback":  {media.Object{Key: key, Name: "图.png"}.Fallback(), "/media/{key}/%E5%9B%BE.png"},
		"small thumbnail": {media.Object{Key: key, Name: "a.png"}.Thumbnail(), "/media/{key}/a.png"},
		"one width":       {media.Object{Key: key, Widths: []int{320}}.Fallback(), "/media/{key}/w320.jpg"},
		"small note":      {media.Object{Name: "表.docx", Size: 100}.Note(), "DOCX，1 KB"},
		"note in KB":      {media.Object{Name: "表.docx", Size: 23 << 10}.Note(), "DOCX，23 KB"},
	} {
		if want := strings.ReplaceAll(pair[1], "{key}", key); pair[0] != want {
			t.Errorf("%s is %s, want %s", what, pair[0], want)
		}
	}
}
