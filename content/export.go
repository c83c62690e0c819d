package content

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"path"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// exporter is one run of Export.
type exporter struct {
	*Store
	create func(path string) (io.WriteCloser, error)
	opt    ExportOptions
	report Report
}

// Export writes the whole content tree through create, which opens a file by
// its slash-separated path and makes its folders. Of each document it writes
// the edition readers get, or the draft of one that never was public; media go
// into a folder beside the text. A document that was unpublished is a line of
// redirects.csv.
func (s *Store) Export(ctx context.Context, create func(path string) (io.WriteCloser, error), opt ExportOptions) (_ Report, err error) {
	defer errs.Wrap(&err, "export content")
	x := &exporter{Store: s, create: create, opt: opt}
	if err := x.lists(ctx); err != nil {
		return x.report, err
	}
	if err := x.documents(ctx); err != nil {
		return x.report, err
	}
	return x.report, x.redirects(ctx)
}

func (x *exporter) put(name string, data []byte) (err error) {
	defer errs.Wrap(&err, "write %s", name)
	return x.stream(name, bytes.NewReader(data))
}

func (x *exporter) stream(name string, r io.Reader) error {
	f, err := x.create(name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

const (
	topicsFile    = "topics.yaml"
	columnsFile   = "columns.yaml"
	redirectsFile = "redirects.csv"
)

func (x *exporter) lists(ctx context.Context) error {
	topics, err := x.Topics(ctx)
	if err != nil {
		return err
	}
	columns, err := x.Columns(ctx)
	if err != nil {
		return err
	}
	if len(topics) > 0 {
		if err := x.yaml(topicsFile, topics); err != nil {
			return err
		}
	}
	if len(columns) > 0 {
		return x.yaml(columnsFile, columns)
	}
	return nil
}

func (x *exporter) yaml(name string, v any) error {
	b, err := encodeYAML(v)
	if err != nil {
		return err
	}
	return x.put(name, b)
}

func encodeYAML(v any) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := e.Encode(v)
	return b.Bytes(), err
}

// exportBatch bounds the memory: so many texts are held at once.
const exportBatch = 100

func (x *exporter) documents(ctx context.Context) error {
	var total int
	q := x.cfg.DB.Reader()
	if err := db.Get(ctx, q, &total, `SELECT count(*) FROM documents WHERE live_state <> 'unpublished'`); err != nil {
		return err
	}
	for after, done := "", 0; ; {
		var rows []liveRow
		err := db.Select(ctx, q, &rows, `SELECT `+liveColumns+`, e.body FROM documents d
			JOIN editions e ON e.id = CASE WHEN d.live_id = '' THEN d.head_id ELSE d.live_id END
			WHERE d.live_state <> 'unpublished' AND d.id > $1 ORDER BY d.id LIMIT $2`, after, exportBatch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := x.document(ctx, r); err != nil {
				return err
			}
			done++
			if x.opt.Progress != nil {
				x.opt.Progress(done, total)
			}
		}
		if len(rows) < exportBatch {
			return nil
		}
		after = rows[len(rows)-1].DocID
	}
}

func (x *exporter) document(ctx context.Context, r liveRow) (err error) {
	defer errs.Wrap(&err, "export %s", Address(r.Kind, r.Slug))
	e, err := r.edition()
	if err != nil {
		return err
	}
	file := r.Kind.Dir() + "/" + r.Slug + ".md"
	if r.LiveID != "" && r.HeadID != r.LiveID {
		x.say(file, "", Info, "还有一份没有发布的修改稿，没有导出。")
	}
	s := newSheet(r.Kind, r.Slug, e, db.Time(r.FirstAt))
	if s.Text, err = x.media(ctx, file, r.Slug, e.Text); err != nil {
		return err
	}
	b, err := s.bytes()
	if err != nil {
		return err
	}
	x.report.Created++
	return x.put(file, b)
}

// newSheet says of an edition what its file says. Work states are drafts: who
// is to review what is not content.
func newSheet(kind Kind, slug string, e Edition, first time.Time) sheet {
	s := sheet{Kind: kind, Slug: slug, Text: e.Text, State: Draft}
	if e.State != Published && e.State != Withdrawn {
		return s
	}
	s.State, s.Published = e.State, first
	if !e.Published.Truncate(time.Second).Equal(first.Truncate(time.Second)) {
		s.Updated = e.Published
	}
	if e.State == Withdrawn {
		s.Reason = e.Reason
	}
	return s
}

// media copies the stored files of a text beside it and rewrites their
// addresses to relative ones.
func (x *exporter) media(ctx context.Context, file, slug string, t Text) (Text, error) {
	if x.opt.OpenMedia == nil {
		return t, nil
	}
	beside := map[string]string{} // address to path from the text
	taken := map[string]bool{}
	for _, address := range mediaOf(t) {
		part := mediaForm.FindStringSubmatch(address)
		name := besideName(part[2])
		if name == "" {
			name = part[1]
		}
		p := slug + "/" + name
		if taken[p] {
			p = slug + "/" + part[1][:16] + "/" + name
		}
		err := x.copy(ctx, address, path.Join(path.Dir(file), p))
		if errs.Is(err, errs.NotFound) {
			x.say(file, "", Warning, "素材库里没有“"+address+"”，链接原样写出。")
			continue
		}
		if err != nil {
			return t, err
		}
		taken[p], beside[unescape(address)] = true, p
	}
	if len(beside) == 0 {
		return t, nil
	}
	if p, ok := beside[unescape(t.Cover)]; ok {
		t.Cover = p
	}
	t.Attachments = append([]Attachment(nil), t.Attachments...)
	for i, a := range t.Attachments {
		if p, ok := beside[unescape(a.File)]; ok {
			t.Attachments[i].File = p
		}
	}
	t.Body = rewrite(t.Body, func(dest string) (string, bool) {
		p, ok := beside[dest]
		return destination(p), ok
	})
	return t, nil
}

func (x *exporter) copy(ctx context.Context, address, name string) (err error) {
	defer errs.Wrap(&err, "copy %s", address)
	r, err := x.opt.OpenMedia(ctx, address)
	if err != nil {
		return err
	}
	defer r.Close()
	return x.stream(name, r)
}

func (x *exporter) say(file, field string, level Level, message string) {
	x.report.Items = append(x.report.Items, ReportItem{File: file, Field: field, Level: level, Message: message})
}

// redirects writes where old addresses lead; an empty target is gone.
func (x *exporter) redirects(ctx context.Context) error {
	list, err := x.Redirects(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	lines := [][]string{{"from", "to"}}
	for _, r := range list {
		lines = append(lines, []string{r.From, r.To})
	}
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	return x.put(redirectsFile, []byte(b.String()))
}
