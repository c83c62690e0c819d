package media_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/media"
)

func sealed(c *media.Config) { c.Vault = vault.New([]byte(strings.Repeat("v", 32))) }

func (k *desk) get(key string) media.Object {
	k.t.Helper()
	o, err := k.Get(k.t.Context(), key)
	if err != nil {
		k.t.Fatal(err)
	}
	return o
}

func (k *desk) describe(o media.Object, d media.Description) media.Object {
	k.t.Helper()
	o, err := k.Describe(k.t.Context(), editor, o.Key, o.Version, d)
	if err != nil {
		k.t.Fatal(err)
	}
	return o
}

// sample is a picture unlike the others.
func sample(n int) []byte { return jpegSample(quarters(200+n, 150), 1) }

func TestDescribe(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, sealed)
		o := k.add("现场.jpg", sample(0))
		if !o.NeedsAlt() || o.FocusX != 50 || o.FocusY != 50 || o.Version != 1 {
			t.Errorf("at first: %+v", o)
		}
		said := media.Description{Alt: " 律师 在工地答问 ", Tags: []string{"工地", "工资", "工地"}, FocusX: 30, FocusY: 0, People: true, Agreed: "王建国，书面", Until: "2027-06-30"}
		now := k.describe(o, said)
		if now.Alt != "律师 在工地答问" || !slices.Equal(now.Tags, []string{"工地", "工资"}) || now.FocusX != 30 || now.FocusY != 0 ||
			now.NeedsAlt() || !now.Consent.People || !now.Consent.Noted || now.Consent.Until != "2027-06-30" || now.Version != 2 {
			t.Errorf("described: %+v", now)
		}
		var row string
		if err := db.Get(t.Context(), d.Reader(), &row, `SELECT consent FROM media WHERE key = $1`, o.Key); err != nil || row == "" || strings.Contains(row, "王") {
			t.Errorf("kept as %q, %v", row, err)
		}
		if who, err := k.Agreed(t.Context(), o.Key); err != nil || who != "王*" {
			t.Errorf("masked %q, %v", who, err)
		}
		if _, err := k.RevealAgreed(t.Context(), editor, o.Key, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("revealed without a reason: %v", err)
		}
		if who, err := k.RevealAgreed(t.Context(), editor, o.Key, "本人来电核对"); err != nil || who != "王建国，书面" {
			t.Errorf("revealed %q, %v", who, err)
		}
		if _, err := k.Describe(t.Context(), editor, o.Key, 1, said); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale version: %v", err)
		}
		kept := k.describe(now, now.Description()) // an empty field keeps who agreed
		if !kept.Consent.Noted {
			t.Errorf("who agreed was lost: %+v", kept.Consent)
		}
		if nobody := k.describe(kept, media.Description{Decorative: true}); nobody.Consent.Noted || nobody.NeedsAlt() || len(nobody.Tags) != 0 {
			t.Errorf("nobody in it any more: %+v", nobody)
		}
	})
}

func TestDescribeRefuses(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t), sealed)
	o := k.add("a.png", pngSample(quarters(10, 10)))
	long := strings.Repeat("长", 201)
	for name, tt := range map[string]struct {
		actor auth.Actor
		key   string
		d     media.Description
		kind  errs.Kind
		field string
	}{
		"a stranger":         {auth.Actor{ID: "x"}, o.Key, media.Description{Alt: "a"}, errs.Forbidden, ""},
		"unknown":            {editor, strings.Repeat("0", 64), media.Description{}, errs.NotFound, ""},
		"a long alt":         {editor, o.Key, media.Description{Alt: long}, errs.Invalid, "alt"},
		"words for nothing":  {editor, o.Key, media.Description{Alt: "花边", Decorative: true}, errs.Invalid, "alt"},
		"a long tag":         {editor, o.Key, media.Description{Tags: []string{long}}, errs.Invalid, "tags"},
		"many tags":          {editor, o.Key, media.Description{Tags: strings.Split("a b c d e f g h i j k l m", " ")}, errs.Invalid, "tags"},
		"beside the picture": {editor, o.Key, media.Description{FocusX: 101}, errs.Invalid, "focus"},
		"no day":             {editor, o.Key, media.Description{People: true, Until: "2027-02-30"}, errs.Invalid, "until"},
		"agreed, nobody":     {editor, o.Key, media.Description{Agreed: "王"}, errs.Invalid, "people"},
	} {
		_, err := k.Describe(t.Context(), tt.actor, tt.key, o.Version, tt.d)
		if !errs.Is(err, tt.kind) || errs.FieldOf(err) != tt.field {
			t.Errorf("%s: %v at %q", name, err, errs.FieldOf(err))
		}
	}
	if now := k.get(o.Key); now.Version != o.Version {
		t.Errorf("a refusal changed it: %+v", now)
	}
}

// Each list of what is wanting holds what it says, and the counts agree.
func TestWantingLists(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, sealed)
		objects := map[string]media.Object{}
		for i, name := range []string{"bare", "decorative", "nobody", "soon", "later", "away"} {
			objects[name] = k.add(name+".jpg", sample(i))
		}
		objects["text"] = k.add("text.txt", []byte("一行"))
		for name, said := range map[string]media.Description{
			"decorative": {Decorative: true},
			"nobody":     {Alt: "人群", People: true},
			"soon":       {Alt: "王师傅", People: true, Agreed: "王", Until: "2026-12-24"},
			"later":      {Alt: "李师傅", People: true, Agreed: "李", Until: "2026-12-25"},
			"away":       {Alt: "张师傅", People: true, Agreed: "张"},
		} {
			k.describe(objects[name], said)
		}
		if err := k.WithdrawConsent(t.Context(), editor, objects["away"].Key); err != nil {
			t.Fatal(err)
		}
		k.use(d, "document", "d1", map[string][]string{"head": {objects["bare"].Key, objects["soon"].Key}})
		counts, err := k.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for want, names := range map[media.Wanting][]string{
			"": {"bare", "decorative", "nobody", "soon", "later", "away", "text"}, media.WantsAlt: {"bare"},
			media.WantsUse: {"decorative", "nobody", "later", "away", "text"}, media.WantsConsent: {"nobody"},
			media.WantsRenewal: {"soon"}, media.WantsAway: {"away"},
		} {
			var keys []string
			for _, name := range names {
				keys = append(keys, objects[name].Key)
			}
			got := k.keys(media.Filter{Want: want})
			slices.Sort(keys)
			slices.Sort(got)
			if !slices.Equal(got, keys) || counts[want] != len(keys) {
				t.Errorf("%q: %v, count %d, want %v", want, got, counts[want], names)
			}
		}
	})
}

func (k *desk) use(d *db.DB, kind, id string, uses map[string][]string) {
	k.t.Helper()
	err := d.Update(k.t.Context(), func(ctx context.Context, tx *db.Tx) error { return k.SetUses(ctx, tx, kind, id, uses) })
	if err != nil {
		k.t.Fatal(err)
	}
}

func TestUsesFollowWhoeverWritesThem(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		o := k.add("a.jpg", sample(0))
		if none, err := k.NoUses(t.Context()); err != nil || !none {
			t.Errorf("before: %v, %v", none, err)
		}
		k.use(d, "document", "d1", map[string][]string{"head": {o.Key}, "live": {o.Key, o.Key}})
		k.use(d, "session", "s1", map[string][]string{"photo": {o.Key}})
		k.use(d, "document", "d1", map[string][]string{"head": {o.Key}})
		uses, err := k.Uses(t.Context(), o.Key)
		if err != nil || !slices.Equal(uses, []media.Use{{Key: o.Key, Kind: "document", ID: "d1", Field: "head"}, {Key: o.Key, Kind: "session", ID: "s1", Field: "photo"}}) {
			t.Errorf("%+v, %v", uses, err)
		}
		if none, err := k.NoUses(t.Context()); err != nil || none {
			t.Errorf("after: %v, %v", none, err)
		}
	})
}

func TestDeleteIsSafe(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		boss, reviewer := auth.Actor{ID: "b", Roles: []auth.Role{auth.Admin}}, auth.Actor{ID: "r", Roles: []auth.Role{auth.Reviewer}}
		o := k.add("a.jpg", sample(0))
		k.use(d, "document", "d1", map[string][]string{"live": {o.Key}})
		refuse := func(actor auth.Actor, how media.Deletion, kind errs.Kind) {
			t.Helper()
			if err := k.Delete(t.Context(), actor, o.Key, how); !errs.Is(err, kind) {
				t.Errorf("%s %+v: %v, want %v", actor.ID, how, err, kind)
			}
		}
		refuse(auth.Actor{ID: "x"}, media.Deletion{}, errs.Forbidden)
		refuse(boss, media.Deletion{}, errs.Conflict)
		refuse(boss, media.Deletion{Force: true}, errs.Invalid)
		refuse(reviewer, media.Deletion{Force: true, Reason: "不要了"}, errs.Forbidden)
		if err := k.WithdrawConsent(t.Context(), editor, o.Key); err != nil {
			t.Fatal(err)
		}
		refuse(editor, media.Deletion{Force: true, Reason: "本人要求"}, errs.Forbidden)
		if err := k.Delete(t.Context(), reviewer, o.Key, media.Deletion{Force: true, Reason: "本人要求"}); err != nil {
			t.Fatal(err)
		}
		k.refused(o, errs.Gone)
		if n, err := k.Sweep(t.Context()); err != nil || n != 1 || k.files(o.Key) != 0 {
			t.Errorf("swept %d, %d files left, %v", n, k.files(o.Key), err)
		}
		_, err := k.Add(t.Context(), editor, "b.jpg", bytes.NewReader(sample(0)), media.AddOptions{})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err), "撤回同意") {
			t.Errorf("it came in again: %v", err)
		}
		free := k.add("free.jpg", sample(1))
		if err := k.Delete(t.Context(), editor, free.Key, media.Deletion{}); err != nil {
			t.Errorf("an unused one: %v", err)
		}
		k.refused(free, errs.Gone)
	})
}

func TestReplaceKeepsTheAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		first, second := jpegSample(quarters(1000, 500), 1), jpegSample(quarters(700, 700), 1)
		o := k.describe(k.add("旧.jpg", first), media.Description{Alt: "表", Tags: []string{"表"}, FocusX: 10, FocusY: 10})
		was, f := k.read(o.Key, media.Variant{}, media.Range{})
		variant := media.Variant{Width: 640, Format: media.WebP}
		k.read(o.Key, variant, media.Range{})
		now, err := k.Replace(t.Context(), editor, o.Key, "新.jpg", bytes.NewReader(second))
		if err != nil {
			t.Fatal(err)
		}
		is, after := k.read(o.Key, media.Variant{}, media.Range{})
		if now.Key != o.Key || !now.Replaced() || now.Alt != "表" || now.FocusX != 50 || now.Width != 700 || bytes.Equal(was, is) || f.ETag == after.ETag {
			t.Errorf("replaced: %+v, tags %s and %s", now, f.ETag, after.ETag)
		}
		if _, v := k.read(o.Key, variant, media.Range{}); v.ETag == f.ETag || v.Type != "image/webp" {
			t.Errorf("its variant: %+v", v)
		}
		if n, err := k.Sweep(t.Context()); err != nil || n != 1 || k.files(o.Key) != 0 {
			t.Errorf("the old bytes: swept %d, %d files, %v", n, k.files(o.Key), err)
		}
		// The bytes of before are another object now, under an address of its own.
		again := k.add("旧.jpg", first)
		if again.Key == o.Key || again.Width != 1000 {
			t.Errorf("the old picture is %+v", again)
		}
		if b, _ := k.read(again.Key, media.Variant{}, media.Range{}); !bytes.Equal(b, was) {
			t.Error("its bytes are others")
		}
		if same := k.add("又.jpg", second); same.Key != o.Key {
			t.Errorf("the new picture is twice there: %s", same.Key)
		}
		// A page from before asks for sizes the new one does not have.
		small, err := k.Replace(t.Context(), editor, o.Key, "小.jpg", bytes.NewReader(sample(0)))
		if err != nil {
			t.Fatal(err)
		}
		whole, _ := k.read(small.Key, media.Variant{}, media.Range{})
		if b, _ := k.read(small.Key, variant, media.Range{}); !bytes.Equal(b, whole) {
			t.Error("a size that is gone is not the picture itself")
		}
		for name, b := range map[string][]byte{"a.txt": []byte("文字"), "a.pdf": []byte("%PDF-1.4\n%%EOF\n")} {
			if _, err := k.Replace(t.Context(), editor, o.Key, name, bytes.NewReader(b)); !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "file" {
				t.Errorf("%s in place of a picture: %v", name, err)
			}
		}
		if _, err := k.Replace(t.Context(), auth.Actor{ID: "x"}, o.Key, "a.jpg", bytes.NewReader(second)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a stranger: %v", err)
		}
	})
}

// Two addresses may have one content; the bytes stay until both are gone.
func TestReplaceByWhatIsThere(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	a, b := k.add("a.txt", []byte("一")), k.add("b.txt", []byte("二"))
	if _, err := k.Replace(t.Context(), editor, a.Key, "b.txt", strings.NewReader("二")); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{b.Key, a.Key} {
		if got, _ := k.read(key, media.Variant{}, media.Range{}); string(got) != "二" {
			t.Errorf("%s is %q", key[:8], got)
		}
	}
	if err := k.Delete(t.Context(), editor, b.Key, media.Deletion{}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ := k.read(a.Key, media.Variant{}, media.Range{}); string(got) != "二" {
		t.Errorf("after the other is gone: %q", got)
	}
}

// scene is the same view in any size.
func scene(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			g := uint8(128 + 60*math.Sin(9*u+4*v) + 60*math.Cos(7*v-13*u*v))
			img.SetNRGBA(x, y, color.NRGBA{g, g / 2, 255 - g, 255})
		}
	}
	return img
}

func TestSimilar(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	o := k.add("大.jpg", jpegSample(scene(600, 400), 1))
	copied := k.add("小.png", pngSample(scene(300, 200)))
	k.add("别的.jpg", portrait(9))
	found, err := k.Similar(t.Context(), copied)
	if err != nil || len(found) != 1 || found[0].Key != o.Key {
		t.Errorf("%+v, %v", found, err)
	}
	plain := k.add("白.png", pngSample(quarters(1, 1)))
	if found, err := k.Similar(t.Context(), plain); err != nil || len(found) != 0 {
		t.Errorf("like a plain one: %+v, %v", found, err)
	}
}

// The other sizes come after the answer, survive the end of the process, and who
// asks before gets them all the same.
func TestVariantsComeAfterTheAnswer(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		o := k.add("大.jpg", jpegSample(quarters(1400, 700), 1))
		if !o.Pending || k.files(o.Key) != 2 {
			t.Errorf("at once: %d files, %+v", k.files(o.Key), o)
		}
		small, _ := k.read(o.Key, media.Variant{Width: 320, Format: media.WebP}, media.Range{})
		next := newDesk(t, d, func(c *media.Config) { c.Store = openDisk(t, k.dir) }) // a process that starts after a crash
		if n, err := next.MakePending(t.Context()); err != nil || n != 1 {
			t.Errorf("made %d, %v", n, err)
		}
		if n := k.files(o.Key); n != 1+len(o.Variants()) || k.get(o.Key).Pending {
			t.Errorf("then: %d files, %+v", n, k.get(o.Key))
		}
		if again, _ := k.read(o.Key, media.Variant{Width: 320, Format: media.WebP}, media.Range{}); !bytes.Equal(small, again) {
			t.Error("what was served already has changed")
		}
		if n, err := next.MakePending(t.Context()); err != nil || n != 0 {
			t.Errorf("made again: %d, %v", n, err)
		}
		eager := k.add("先要.jpg", jpegSample(quarters(1401, 700), 1))
		k.read(eager.Key, media.Variant{Width: 640, Format: media.JPEG}, media.Range{})
		if n := k.files(eager.Key); n != 1+len(eager.Variants()) {
			t.Errorf("asked for: %d files", n)
		}
	})
}

// The worker does both by itself.
func TestRunWorksOff(t *testing.T) {
	d := dbtest.SQLite(t)
	k := newDesk(t, d)
	o := k.add("大.jpg", jpegSample(quarters(700, 700), 1))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	ended := make(chan struct{})
	go func() { k.Run(ctx); close(ended) }()
	eventually(t, "made", func() error {
		if k.get(o.Key).Pending {
			return context.DeadlineExceeded
		}
		return nil
	})
	cancel()
	<-ended
}
