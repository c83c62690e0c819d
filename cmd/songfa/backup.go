package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

// Names in the archive. Media keep their names below media/.
const (
	backupDB     = "songfa.db"
	backupSecret = "secret"
	backupConfig = "songfa.toml"
	backupMedia  = "media/"
)

type backupCmd struct {
	File string `arg:"" help:"Archive to write (.tar.gz); must not exist yet."`
}

// Run writes the archive beside its final name and renames it at the end: a
// file of that name is a whole backup. The database is copied first, so every
// object it knows is still to be found in the store afterwards.
func (c backupCmd) Run(env *environment) error {
	return withCore(env, func(core *core) (err error) {
		if _, err := os.Stat(c.File); err == nil {
			return errs.New(errs.Conflict, "备份文件已存在，请换一个文件名。", "%s exists", c.File)
		}
		part := c.File + ".part"
		f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // it holds the secret
		if err != nil {
			return err
		}
		defer os.Remove(part)
		if err := errors.Join(core.writeBackup(env.ctx, f), f.Sync(), f.Close()); err != nil {
			return err
		}
		if err := os.Rename(part, c.File); err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "已备份到 %s\n", c.File)
		return nil
	})
}

func (c *core) writeBackup(ctx context.Context, w io.Writer) error {
	tmp, err := os.MkdirTemp("", "songfa-backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	snapshot := filepath.Join(tmp, backupDB)
	if err := c.db.Snapshot(ctx, snapshot); err != nil {
		return err
	}
	zip := gzip.NewWriter(w)
	out := tar.NewWriter(zip)
	for _, f := range []struct{ name, file string }{
		{backupConfig, filepath.Join(c.cfg.Data, backupConfig)}, // first: it says where the rest goes
		{backupSecret, c.cfg.SecretFile},
		{backupDB, snapshot},
	} {
		if err := addFile(out, f.name, f.file); err != nil && !(f.name == backupConfig && errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	for info, err := range c.objects.List(ctx, "") {
		if err != nil {
			return err
		}
		if err := c.addObject(ctx, out, info); err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), zip.Close())
}

func addFile(out *tar.Writer, name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return addBytes(out, name, info.Size(), f)
}

func (c *core) addObject(ctx context.Context, out *tar.Writer, info media.Info) error {
	body, info, err := c.objects.Open(ctx, info.Name, media.Range{})
	if err != nil {
		return err
	}
	defer body.Close()
	return addBytes(out, backupMedia+info.Name, info.Size, body)
}

func addBytes(out *tar.Writer, name string, size int64, r io.Reader) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := io.Copy(out, r)
	return err
}

type restoreCmd struct {
	File string `arg:"" type:"existingfile" help:"Archive that songfa backup wrote."`
}

// Run restores into an empty data directory.
func (c restoreCmd) Run(env *environment) error {
	if err := mustBeEmpty(env.cfg); err != nil {
		return err
	}
	if err := os.MkdirAll(env.cfg.Data, 0o700); err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	r := restorer{cfg: env.cfg, flags: env.flags}
	if err := errors.Join(r.read(env.ctx, f), r.close()); err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "已恢复到 %s，素材 %d 个。索引在启动时自动重建\n", r.cfg.Data, r.objects)
	return nil
}

// mustBeEmpty refuses a place that holds a database, or what goes with one: an
// old write-ahead log or index would be taken for that of the restored database.
func mustBeEmpty(cfg config) error {
	if db.IsPostgresURL(cfg.DatabaseURL) {
		return errs.New(errs.Invalid, "数据库在 PostgreSQL 上，请用 pg_restore 恢复它，素材用 songfa media copy。", "restore: not a SQLite database")
	}
	for _, name := range []string{cfg.DatabaseURL, cfg.DatabaseURL + "-wal", filepath.Join(cfg.Data, indexDir)} {
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return errs.New(errs.Conflict, "数据目录里已有数据。请换一个空的 --data 目录再恢复，以免覆盖。", "%s exists", name)
		}
	}
	return nil
}

// restorer is one run of restore.
type restorer struct {
	cfg     config
	flags   Globals
	store   media.Store // opened with the first object
	objects int
}

func (r *restorer) close() error {
	if r.store == nil {
		return nil
	}
	return r.store.Close()
}

// read puts the database in its place last: without it the directory still
// counts as empty, and the restore can be run again.
func (r *restorer) read(ctx context.Context, archive io.Reader) (err error) {
	defer errs.Wrap(&err, "read backup")
	zip, err := gzip.NewReader(archive)
	if err != nil {
		return errs.New(errs.Invalid, "这不是送法的备份文件，请检查文件名。", "%w", err)
	}
	in := tar.NewReader(zip)
	part := ""
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		name := path.Clean(h.Name)
		if name == backupDB {
			part = r.cfg.DatabaseURL + ".part"
		}
		if err := r.entry(ctx, name, part, in); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	if part == "" {
		return errs.New(errs.Invalid, "备份文件里没有数据库，请换一个备份。", "no database in the archive")
	}
	return os.Rename(part, strings.TrimSuffix(part, ".part"))
}

// entry restores one file of the archive; the database goes to part.
func (r *restorer) entry(ctx context.Context, name, part string, in io.Reader) (err error) {
	switch {
	case name == backupConfig:
		return r.config(in)
	case name == backupSecret:
		return writeFile(r.cfg.SecretFile, in)
	case name == backupDB:
		return writeFile(part, in)
	case !strings.HasPrefix(name, backupMedia):
		return nil
	}
	if r.store == nil {
		if r.store, err = media.Open(r.cfg.MediaURL, r.cfg.Data); err != nil {
			return err
		}
	}
	r.objects++
	return r.store.Put(ctx, strings.TrimPrefix(name, backupMedia), in)
}

// config restores the settings. From here on they say where things go, as they
// will when the server runs.
func (r *restorer) config(in io.Reader) error {
	if err := writeFile(filepath.Join(r.cfg.Data, backupConfig), in); err != nil {
		return err
	}
	cfg, err := loadConfig(r.flags)
	if err != nil {
		return err
	}
	r.cfg = cfg
	return mustBeEmpty(cfg)
}

func writeFile(name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}
