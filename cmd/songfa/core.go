package main

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/wordlist"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/media"
)

// core is what every command that touches data needs: database, object store
// and the stores over them. serve adds index, theme and web in build.go.
type core struct {
	cfg    config
	log    *slog.Logger
	secret []byte
	now    func() time.Time

	db      *db.DB
	ledger  *ledger.Ledger
	staff   *auth.Store
	laws    *law.Store
	content *content.Store
	words   *wordlist.Store
	events  *events.Store
	objects media.Store
	media   *media.Library
}

// openCore builds straight down, and takes down what it had built when a later
// part fails.
func openCore(ctx context.Context, cfg config, log *slog.Logger) (_ *core, err error) {
	c := &core{cfg: cfg, log: log, now: cfg.now}
	if c.now == nil {
		c.now = time.Now
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, errs.New(errs.Unavailable, "数据目录无法建立，请检查 --data 的位置和权限。", "make data directory: %w", err)
	}
	if c.secret, err = loadSecret(cfg.SecretFile); err != nil {
		return nil, err
	}
	if c.db, err = db.Open(ctx, db.Config{URL: cfg.DatabaseURL}); err != nil {
		return nil, err
	}
	if c.objects, err = media.Open(cfg.MediaURL, cfg.Data); err != nil {
		return nil, err
	}
	c.ledger = ledger.New(c.db, c.now)
	if _, err := c.ledger.Refresh(ctx); err != nil {
		return nil, err
	}
	c.staff = auth.New(c.db, c.ledger, auth.Config{Now: c.now, Vault: vault.New(c.key("accounts"))})
	c.media = media.New(media.Config{Store: c.objects, DB: c.db, Ledger: c.ledger, Now: c.now, Log: log, Vault: vault.New(c.key("personal"))})
	c.laws = law.New(law.Config{DB: c.db, Ledger: c.ledger, Now: c.now})
	if err := c.laws.Reload(ctx); err != nil {
		return nil, err
	}
	c.words = wordlist.New(wordlist.Config{DB: c.db, Ledger: c.ledger, Now: c.now})
	c.content = content.New(content.Config{TwoPerson: c.cfg.Site.TwoPerson, DB: c.db, Ledger: c.ledger, Now: c.now, Laws: c.laws.Registry(),
		Secret: c.key("preview"), Proof: c.proof, Media: c.resource, Uses: c.documentUses, Articles: c.laws.Provisions,
		Vault: vault.New(c.key("approvers")), Account: c.staff.Acting, Verify: c.staff.Prove})
	c.events = events.New(events.Config{DB: c.db, Ledger: c.ledger, Now: c.now, UIDSuffix: cfg.Site.CalendarID,
		Vault: vault.New(c.key("personal")), Rules: c.cfg.Rules,
		Pictures: events.Pictures{Hide: c.media.Withdraw, Drop: c.media.DropPrivate, Use: c.sessionUses}})
	c.events.Figures().Attach(c.countContent())
	return c, nil
}

func (c *core) close() error {
	var err error
	if c.objects != nil {
		err = c.objects.Close()
	}
	if c.db != nil {
		err = errors.Join(err, c.db.Close())
	}
	return err
}

// requestReindex tells every node through the journal to build its index anew.
func (c *core) requestReindex(ctx context.Context) error {
	return c.db.Update(ctx, func(_ context.Context, tx *db.Tx) error {
		c.ledger.Record(tx, auth.System().Entry("index.rebuild", "index", "要求各节点重建索引"), ledger.Change{Kind: "index", ID: "rebuild"})
		return nil
	})
}

// key derives the key of one purpose from the secret.
func (c *core) key(purpose string) []byte {
	k, err := hkdf.Key(sha256.New, c.secret, nil, "songfa "+purpose, 32)
	if err != nil { // only for absurd lengths
		panic(err)
	}
	return k
}

// loadSecret reads the secret, or makes it at first start. It is written wholly
// or not at all: half a key would lock out everybody later.
func loadSecret(path string) (_ []byte, err error) {
	defer errs.Wrap(&err, "secret file %s", path)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecret(path)
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < 32 {
		return nil, errs.New(errs.Invalid, "密钥文件损坏：应是 64 位以上的十六进制数。请从备份恢复它。", "not 32 bytes of hex")
	}
	return secret, nil
}

func makeSecret(path string) ([]byte, error) {
	secret := make([]byte, 32)
	rand.Read(secret)
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, hex.EncodeToString(secret))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	// Link fails when another process was first; then its secret is the one.
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return loadSecret(path)
	} else if err != nil {
		return nil, err
	}
	return secret, nil
}

// newLogger writes text lines for the journal of the machine.
func newLogger(env *environment) *slog.Logger {
	return slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: env.cfg.level}))
}

// withCore opens the core for one command and closes it after.
func withCore(env *environment, fn func(*core) error) error {
	c, err := openCore(env.ctx, env.cfg, newLogger(env))
	if err != nil {
		return err
	}
	return errors.Join(fn(c), c.close())
}
