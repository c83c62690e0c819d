package search

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Files of the content tree.
const (
	SynonymsFile = "search/synonyms.txt"
	PromotedFile = "search/promoted.csv"
)

// promotedHeader names the columns of PromotedFile; what is in a cell is apart
// by |.
var promotedHeader = []string{"queries", "targets"}

const cellSign = " | "

// OfflineDesk is a desk for commands: it reads and writes what editors set, and
// searches nothing, because the index may be open in a server.
func OfflineDesk(ctx context.Context, index Config, cfg DeskConfig) (_ *Desk, err error) {
	defer errs.Wrap(&err, "open search settings")
	index.Dir = ""
	if cfg.Index, err = newIndex(index, index.Laws.Registry()); err != nil {
		return nil, err
	}
	if err := cfg.Index.learnTopics(ctx); err != nil {
		return nil, err
	}
	return NewDesk(ctx, cfg)
}

// Export writes what editors set into the content tree; nothing where they set
// nothing.
func (d *Desk) Export(ctx context.Context, create func(name string) (io.WriteCloser, error)) (err error) {
	defer errs.Wrap(&err, "export search settings")
	own, err := d.Synonyms(ctx)
	if err != nil {
		return err
	}
	list, err := d.AllPromoted(ctx)
	if err != nil {
		return err
	}
	if own.Text != "" {
		err = writeFile(create, SynonymsFile, func(w io.Writer) error {
			_, err := io.WriteString(w, own.Text+"\n")
			return err
		})
	}
	if err == nil && len(list) > 0 {
		err = writeFile(create, PromotedFile, func(w io.Writer) error { return d.writePromoted(ctx, w, list) })
	}
	return err
}

func writeFile(create func(name string) (io.WriteCloser, error), name string, write func(io.Writer) error) error {
	w, err := create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(w), w.Close())
}

// writePromoted writes them in the order of their queries, which is the same on
// every machine.
func (d *Desk) writePromoted(ctx context.Context, w io.Writer, list []Promoted) error {
	var rows [][]string
	for _, p := range list {
		var targets []string
		for _, t := range p.Targets {
			path, err := d.presentPath(ctx, t)
			if err != nil {
				return err
			}
			targets = append(targets, path)
		}
		rows = append(rows, []string{strings.Join(p.Queries, cellSign), strings.Join(targets, cellSign)})
	}
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	table := csv.NewWriter(w)
	return table.WriteAll(append([][]string{promotedHeader}, rows...))
}

// presentPath is where a target is now: documents are renamed.
func (d *Desk) presentPath(ctx context.Context, t Target) (string, error) {
	id, ok := strings.CutPrefix(t.Entry, documentID(""))
	if !ok {
		return t.Path, nil
	}
	live, err := d.index.cfg.Content.LiveByIDs(ctx, []string{id})
	if err != nil || len(live) == 0 {
		return t.Path, err
	}
	return live[0].Address(), nil
}

// Imported counts what Import did. What is there already is never overwritten.
type Imported struct {
	Created, Unchanged, Kept int
	Problems                 []string // Chinese, with the file and the place in it
}

// Import reads what Export wrote, or somebody by hand.
func (d *Desk) Import(ctx context.Context, actor auth.Actor, tree fs.FS) (r Imported, err error) {
	defer errs.Wrap(&err, "import search settings")
	if err := actor.Must(auth.Import); err != nil {
		return r, err
	}
	return r, errors.Join(d.importSynonyms(ctx, actor, tree, &r), d.importPromoted(ctx, actor, tree, &r))
}

func (d *Desk) importSynonyms(ctx context.Context, actor auth.Actor, tree fs.FS, r *Imported) error {
	text, err := fs.ReadFile(tree, SynonymsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := d.Synonyms(ctx)
	if err != nil {
		return err
	}
	switch {
	case now.Text == tidyLines(string(text)):
		r.Unchanged++
		return nil
	case now.Text != "":
		r.Kept++
		return nil
	}
	err = d.SaveSynonyms(ctx, actor, string(text), now.Version)
	var bad LineProblems
	if errors.As(err, &bad) {
		for _, p := range bad {
			r.Problems = append(r.Problems, SynonymsFile+"："+p.String())
		}
		return nil
	}
	if err == nil {
		r.Created++
	}
	return err
}

func (d *Desk) importPromoted(ctx context.Context, actor auth.Actor, tree fs.FS, r *Imported) error {
	f, err := tree.Open(PromotedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	table := csv.NewReader(f)
	table.FieldsPerRecord = len(promotedHeader)
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			r.Problems = append(r.Problems, fmt.Sprintf("%s 第 %d 行：应当是两列（queries 和 targets）的 CSV，请检查引号和逗号。", PromotedFile, broken.Line))
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := table.FieldPos(0)
		row[0] = strings.TrimPrefix(row[0], "\ufeff") // Excel begins with one
		if slices.Equal(row, promotedHeader) {
			continue
		}
		if err := d.importPromotedRow(ctx, actor, row, line, r); err != nil {
			return err
		}
	}
}

func (d *Desk) importPromotedRow(ctx context.Context, actor auth.Actor, row []string, line int, r *Imported) error {
	p := Promoted{Queries: strings.Split(row[0], "|")}
	texts, err := d.checkQueries(&p)
	if err == nil {
		var taken bool
		if taken, err = d.taken(ctx, texts); taken {
			r.Kept++
			return err
		}
	}
	if err == nil {
		_, err = d.SavePromoted(ctx, actor, p, strings.Split(row[1], "|"))
	}
	if errs.Is(err, errs.Invalid) {
		r.Problems = append(r.Problems, fmt.Sprintf("%s 第 %d 行：%s", PromotedFile, line, errs.MessageOf(err)))
		return nil
	}
	if err == nil {
		r.Created++
	}
	return err
}

// taken reports that one of the queries has a promoted answer.
func (d *Desk) taken(ctx context.Context, texts []string) (bool, error) {
	list, args := db.In(0, texts)
	var n int
	err := db.Get(ctx, d.cfg.DB.Reader(), &n, `SELECT count(*) FROM search_promoted_query WHERE text IN (`+list+`)`, args...)
	return n > 0, err
}
