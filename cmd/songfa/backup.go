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
	for name, file := range map[string]string{backupDB: snapshot, backupSecret: c.cfg.SecretFile, backupConfig: filepath.Join(c.cfg.Data, backupConfig)} {
		if err := addFile(out, name, file); err != nil && !(name == backupConfig && errors.Is(err, fs.ErrNotExist)) {
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

// Run restores into an empty data directory. Media go to the store of the
// settings, which may be another than the one they came from.
func (c restoreCmd) Run(env *environment) error {
	cfg := env.cfg
	if _, err := os.Stat(filepath.Join(cfg.Data, backupDB)); err == nil {
		return errs.New(errs.Conflict, "数据目录里已有数据。请换一个空的 --data 目录再恢复，以免覆盖。", "%s holds a database", cfg.Data)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	store, err := media.Open(cfg.MediaURL, cfg.Data)
	if err != nil {
		return err
	}
	defer store.Close()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := readBackup(env.ctx, f, cfg, store)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "已恢复到 %s，素材 %d 个。索引在启动时自动重建\n", cfg.Data, n)
	return nil
}

// readBackup puts the database in its place last: without it the directory
// still counts as empty, and the restore can be run again.
func readBackup(ctx context.Context, r io.Reader, cfg config, store media.Store) (objects int, err error) {
	defer errs.Wrap(&err, "read backup")
	zip, err := gzip.NewReader(r)
	if err != nil {
		return 0, errs.New(errs.Invalid, "这不是送法的备份文件，请检查文件名。", "%w", err)
	}
	in := tar.NewReader(zip)
	part := filepath.Join(cfg.Data, backupDB+".part")
	found := false
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		switch name := path.Clean(h.Name); {
		case name == backupDB:
			err, found = writeFile(part, in), true
		case name == backupSecret:
			err = writeFile(cfg.SecretFile, in)
		case name == backupConfig:
			err = writeFile(filepath.Join(cfg.Data, backupConfig), in)
		case strings.HasPrefix(name, backupMedia):
			err = store.Put(ctx, strings.TrimPrefix(name, backupMedia), in)
			objects++
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	if !found {
		return 0, errs.New(errs.Invalid, "备份文件里没有数据库，请换一个备份。", "no database in the archive")
	}
	return objects, os.Rename(part, filepath.Join(cfg.Data, backupDB))
}

func writeFile(name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}
