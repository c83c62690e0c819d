package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/media"
)

type importCmd struct {
	Dir     string `arg:"" type:"existingdir" help:"Content tree: guides/*.md, notices/*.md, …, stations.csv, sessions.csv."`
	Publish bool   `help:"Publish all documents, not only those with state: published."`
	Restore bool   `help:"Into an empty installation: take the publication times of the files."`
}

// Run imports the tree through an os.Root, so that no link in it leads outside.
func (c importCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		root, err := os.OpenRoot(c.Dir)
		if err != nil {
			return err
		}
		defer root.Close()
		progress := newProgress(env, "导入")
		report, err := core.content.Import(env.ctx, auth.System(), root.FS(), content.ImportOptions{
			Publish: c.Publish, Restore: c.Restore, PutMedia: core.putMedia, Progress: progress.show})
		progress.done()
		if err != nil {
			return err
		}
		failed := printReport(env, report)
		more, err := core.events.ImportTree(env.ctx, auth.System(), root.FS())
		if err != nil {
			return err
		}
		for _, p := range more.Problems {
			fmt.Fprintln(env.stderr, p)
		}
		fmt.Fprintf(env.stdout, "活动和站点：新增 %d，更新 %d，未变 %d，有误 %d\n", more.Created, more.Updated, more.Unchanged, len(more.Problems))
		bad, err := core.importSearch(env, root.FS())
		if err != nil {
			return err
		}
		if failed || len(more.Problems) > 0 || bad {
			return errFailed
		}
		return nil
	})
}

// importSearch brings in what editors have set about search; bad says that a
// part of it did not come through.
func (c *core) importSearch(env *environment, tree fs.FS) (bad bool, err error) {
	if _, err := fs.Stat(tree, "search"); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	desk, err := c.offlineDesk(env.ctx)
	if err != nil {
		return false, err
	}
	r, err := desk.Import(env.ctx, auth.System(), tree)
	if err != nil {
		return false, err
	}
	for _, p := range r.Problems {
		fmt.Fprintln(env.stderr, p)
	}
	fmt.Fprintf(env.stdout, "搜索设置：新增 %d，未变 %d，保留现有 %d，有误 %d\n", r.Created, r.Unchanged, r.Kept, len(r.Problems))
	return len(r.Problems) > 0, nil
}

// printReport prints each line of the report and the sum; true if a file, or a
// part of one, did not come through.
func printReport(env *environment, r content.Report) (failed bool) {
	for _, item := range r.Items {
		fmt.Fprintln(env.stderr, item)
		failed = failed || item.Level == content.Error
	}
	fmt.Fprintf(env.stdout, "文档：新增 %d，更新 %d，未变 %d，保留现有 %d，失败 %d\n", r.Created, r.Updated, r.Unchanged, r.Kept, r.Failed)
	return failed || r.Failed > 0
}

// putMedia stores a file that came beside a text.
func (c *core) putMedia(ctx context.Context, name string, _ int64, r io.Reader) (string, error) {
	o, err := c.media.Add(ctx, auth.System(), name, r, media.AddOptions{})
	if err != nil {
		return "", err
	}
	return o.URL(), nil
}

// openMedia opens what is stored at a /media/… address.
func (c *core) openMedia(ctx context.Context, address string) (io.ReadCloser, error) {
	ref, err := media.ParsePath(address)
	if err != nil {
		return nil, err
	}
	f, err := c.media.Open(ctx, ref.Key, ref.Variant, media.Range{})
	if err != nil {
		return nil, err
	}
	return f.Body, nil
}

type exportCmd struct {
	Dir string `arg:"" help:"Folder to write the content tree to; made if missing."`
}

// Run writes the tree.
func (c exportCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		if err := os.MkdirAll(c.Dir, 0o755); err != nil {
			return err
		}
		root, err := os.OpenRoot(c.Dir)
		if err != nil {
			return err
		}
		defer root.Close()
		create := creator(root)
		progress := newProgress(env, "导出")
		report, err := core.content.Export(env.ctx, create, content.ExportOptions{OpenMedia: core.openMedia, Progress: progress.show})
		progress.done()
		if err != nil {
			return err
		}
		failed := printReport(env, report)
		if err := core.events.ExportTree(env.ctx, create); err != nil {
			return err
		}
		desk, err := core.offlineDesk(env.ctx)
		if err != nil {
			return err
		}
		if err := desk.Export(env.ctx, create); err != nil {
			return err
		}
		if failed {
			return errFailed
		}
		return nil
	})
}

// creator opens files below root for writing and makes their folders.
func creator(root *os.Root) func(string) (io.WriteCloser, error) {
	return func(name string) (io.WriteCloser, error) {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return nil, err
		}
		return root.Create(name)
	}
}

type lawCmd struct {
	Import lawImportCmd `cmd:"" help:"Import law texts from Markdown files or folders."`
}

type lawImportCmd struct {
	Paths []string `arg:"" name:"path" type:"path" help:"Files or folders."`
}

// Run imports the laws, and renders anew what cites them.
func (c lawImportCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		var changed []string
		bad := 0
		folders := byFolder(c.Paths)
		for _, dir := range slices.Sorted(maps.Keys(folders)) {
			r, err := core.importLaws(env, dir, folders[dir])
			if err != nil {
				return err
			}
			changed, bad = append(changed, r.Changed...), bad+len(r.Bad)
		}
		n, err := core.content.Rerender(env.ctx, changed)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "引用已更新的文档：%d\n", n)
		if bad > 0 {
			return errFailed
		}
		return nil
	})
}

// byFolder groups files by their folder, so that the books of one code are
// imported together; a folder stands for all in it.
func byFolder(paths []string) map[string][]string {
	groups := make(map[string][]string)
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			groups[p] = append(groups[p], ".")
			continue
		}
		groups[filepath.Dir(p)] = append(groups[filepath.Dir(p)], filepath.Base(p))
	}
	return groups
}

func (c *core) importLaws(env *environment, dir string, names []string) (r law.Report, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	r, err = c.laws.Import(env.ctx, auth.System(), root.FS(), names...)
	if err != nil {
		return r, err
	}
	for _, b := range r.Bad {
		fmt.Fprintln(env.stderr, b)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(env.stderr, n)
	}
	fmt.Fprintf(env.stdout, "法规：读取 %d 个文件 %d 条；新法 %d，新版本 %d，更换 %d，未变 %d，有误 %d\n",
		r.Files, r.Articles, r.Laws, r.Versions, r.Replaced, r.Unchanged, len(r.Bad))
	return r, nil
}
