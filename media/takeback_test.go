package media_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/media/mediatest"
)

func (k *desk) withdraw(d *db.DB, key string) {
	k.t.Helper()
	err := d.Update(k.t.Context(), func(ctx context.Context, tx *db.Tx) error { return k.Withdraw(ctx, tx, editor, key, "试试") })
	if err != nil {
		k.t.Fatal(err)
	}
}

// refused tells of which kind the answers for an object and a variant of it are.
func (k *desk) refused(o media.Object, kind errs.Kind) {
	k.t.Helper()
	for _, v := range append([]media.Variant{{}}, o.Variants()...) {
		if _, err := k.Open(k.t.Context(), o.Key, v, media.Range{}); !errs.Is(err, kind) {
			k.t.Errorf("open %v: %v, want %v", v, err, kind)
		}
		if _, err := k.Head(k.t.Context(), o.Key, v); !errs.Is(err, kind) {
			k.t.Errorf("head %v: %v, want %v", v, err, kind)
		}
	}
}

// files are how many of the store lie below a key.
func (k *desk) files(key string) int {
	k.t.Helper()
	found, err := os.ReadDir(filepath.Join(k.dir, key))
	if err != nil && !os.IsNotExist(err) {
		k.t.Fatal(err)
	}
	return len(found)
}

func TestWithdrawnIsGoneEverywhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		raw := jpegSample(quarters(1000, 500), 1)
		o := k.add("现场.jpg", raw)
		far := &desk{t: t, dir: k.dir, ledger: ledger.New(d, time.Now)} // another node: it knows by the journal alone
		far.Library = media.New(media.Config{Store: openDisk(t, k.dir), DB: d, Ledger: far.ledger, TempDir: t.TempDir()})
		for _, node := range []*desk{k, far} { // both have served it
			refresh(t, node)
			node.read(o.Key, media.Variant{}, media.Range{})
			node.read(o.Key, o.Variants()[0], media.Range{})
		}
		k.withdraw(d, o.Key)
		k.refused(o, errs.Gone)
		refresh(t, far)
		far.refused(o, errs.Gone)
		if k.files(o.Key) == 0 {
			t.Fatal("nothing is left to sweep")
		}
		for want := 1; want >= 0; want-- {
			if n, err := far.Sweep(t.Context()); err != nil || n != want {
				t.Errorf("swept %d, %v, want %d", n, err, want)
			}
		}
		if n := k.files(o.Key); n != 0 {
			t.Errorf("%d files are left", n)
		}
		if again := k.add("现场.jpg", raw); again.Key != o.Key {
			t.Errorf("the same bytes are %s, were %s", again.Key, o.Key)
		}
		refresh(t, far)
		if b, _ := far.read(o.Key, media.Variant{}, media.Range{}); len(b) == 0 {
			t.Error("it came back empty")
		}
	})
}

// refresh is what the journal's watcher does all the time.
func refresh(t *testing.T, k *desk) {
	t.Helper()
	if _, err := k.ledger.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Copies in memory go too, and a store that is away only delays the deleting.
func TestWithdrawnFromAServer(t *testing.T) {
	minio := mediatest.StartMinIO(t)
	store := openS3(t, minio, minio.NewBucket())
	d := dbtest.SQLite(t)
	k := newDesk(t, d, func(c *media.Config) { c.Store = store })
	o := k.add("现场.jpg", jpegSample(quarters(1000, 500), 1))
	k.read(o.Key, media.Variant{}, media.Range{})
	k.withdraw(d, o.Key)
	k.refused(o, errs.Gone)
	minio.Kill()
	if _, err := k.Sweep(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("swept without a server: %v", err)
	}
	minio.Restart()
	eventually(t, "stat after restart", func() error { return store.Ping(t.Context()) })
	k.now = k.now.Add(2 * time.Minute) // whoever had it in hand has given up
	if n, err := k.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	for info, err := range store.List(t.Context(), o.Key+"/") {
		t.Errorf("left: %v, %v", info.Name, err)
	}
}

// A picture that two objects stand on stays until the second is gone, and what
// somebody uploads while its bytes wait to be deleted is not deleted.
func TestSweepSparesWhatIsNeeded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		raw := jpegSample(quarters(400, 300), 1)
		o := k.add("现场.jpg", raw)
		k.withdraw(d, o.Key)
		k.add("现场.jpg", raw)
		if n, err := k.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("swept %d, %v", n, err)
		}
		if b, _ := k.read(o.Key, media.Variant{}, media.Range{}); len(b) == 0 {
			t.Error("its bytes are gone")
		}
	})
}

func TestForgetPrivateSparesWhatIsHeldAndNew(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	held, lost := k.private(jpegSample(quarters(40, 30), 1)), k.private(jpegSample(quarters(41, 30), 1))
	known := map[string]bool{held.Key: true}
	for _, step := range []struct {
		before time.Time
		dry    bool
		want   int
	}{{time.Now().Add(-time.Hour), false, 0}, {time.Now().Add(time.Hour), true, 1}, {time.Now().Add(time.Hour), false, 1}, {time.Now().Add(time.Hour), false, 0}} {
		if n, err := k.ForgetPrivate(t.Context(), known, step.before, step.dry); err != nil || n != step.want {
			t.Errorf("%+v: forgot %d, %v", step, n, err)
		}
	}
	if _, _, err := k.OpenPrivate(t.Context(), held.Key); err != nil {
		t.Error(err)
	}
	if _, _, err := k.OpenPrivate(t.Context(), lost.Key); !errs.Is(err, errs.NotFound) {
		t.Errorf("the lost one: %v", err)
	}
}

func TestPublishOnlyWhatWasStaged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p, other := k.private(jpegSample(quarters(400, 300), 1)), k.private(jpegSample(quarters(410, 300), 1))
		staged, err := k.Stage(t.Context(), p.Key, "现场.jpg", "现场")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Get(t.Context(), p.Key); !errs.Is(err, errs.NotFound) {
			t.Errorf("staged is public: %v", err)
		}
		publish := func(key string) error {
			return d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error { return staged.Publish(ctx, tx, editor, key) })
		}
		if err := publish(other.Key); !errs.Is(err, errs.Conflict) {
			t.Errorf("published another: %v", err)
		}
		if err := publish(p.Key); err != nil {
			t.Fatal(err)
		}
		o, err := k.Get(t.Context(), p.Key)
		if err != nil || o.Alt != "现场" {
			t.Fatalf("%+v, %v", o, err)
		}
		if b, _ := k.read(o.Key, o.Variants()[0], media.Range{}); !bytes.HasPrefix(b, []byte("RIFF")) {
			t.Error("its variant is no WebP")
		}
	})
}
