package events

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Names of the files in the content tree.
const (
	CalendarFile = "calendar.csv"
	StationsFile = "stations.csv"
	SessionsFile = "sessions.csv"
)

// Report is what an import did.
type Report struct {
	Created, Updated, Unchanged int
	Problems                    []Problem // rows that were left out, in the order of the files
}

func (r *Report) add(more Report) {
	r.Created += more.Created
	r.Updated += more.Updated
	r.Unchanged += more.Unchanged
	r.Problems = append(r.Problems, more.Problems...)
}

// ImportTree reads calendar.csv, stations.csv and sessions.csv from the root of
// the tree, those that are there, and seeds the holidays. Bad rows are in the
// report and the others are imported; the error is for what stops everything,
// such as a database that does not answer.
func (s *Store) ImportTree(ctx context.Context, actor auth.Actor, tree fs.FS) (report Report, err error) {
	defer errs.Wrap(&err, "import sessions and stations")
	if err := actor.Must(auth.Sessions); err != nil {
		return report, err
	}
	if err := s.SeedCalendar(ctx); err != nil {
		return report, err
	}
	files := []struct {
		name string
		read func(context.Context, auth.Actor, io.Reader) (Report, error)
	}{
		{CalendarFile, s.ImportCalendar},
		{StationsFile, s.ImportStations},
		{SessionsFile, s.ImportSessions}, // last: they name towns and stations
	}
	for _, file := range files {
		f, err := tree.Open(file.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			report.Problems = append(report.Problems, Problem{File: file.name, Message: "文件无法打开，没有导入。"})
			continue
		}
		part, err := file.read(ctx, actor, f)
		f.Close()
		if err != nil {
			return report, err
		}
		report.add(part)
	}
	return report, nil
}

// batch is how many rows share a transaction.
const batch = 200

// verdict is what becomes of a row whose thing exists already.
type verdict int

const (
	unchanged verdict = iota // the row says what is there, or what it said last time
	apply                    // the row has something new
	touched                  // it has, but a person has changed the thing since
)

// judge decides on a row: lastHash and lastVersion are what the previous import
// left, version is that of the thing now, and read the version that the row was
// exported with, 0 if it does not say.
func judge(hash, lastHash string, lastVersion, version, read int, same bool) verdict {
	switch {
	case same, hash == lastHash:
		return unchanged
	case read == version, read == 0 && lastHash != "" && lastVersion == version:
		return apply
	}
	return touched
}

const touchedMessage = "已在后台修改过，没有覆盖。请先导出最新的表格，在上面改好再导入。"

// inBatches runs each over the rows, some in a transaction; the reports of those
// that were committed add up.
func inBatches[T any](ctx context.Context, s *Store, rows []T, report *Report, each func(context.Context, *db.Tx, T, *Report) error) error {
	for chunk := range slices.Chunk(rows, batch) {
		var part Report
		err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			part = Report{} // the function may run twice
			for _, r := range chunk {
				if err := each(ctx, tx, r, &part); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		report.add(part)
	}
	return nil
}

// reject turns a person's mistake into a problem of the row; other errors stop
// the import.
func reject(report *Report, file string, line int, err error) error {
	if err == nil {
		return nil
	}
	if k := errs.KindOf(err); k != errs.Invalid && k != errs.Conflict {
		return err
	}
	report.Problems = append(report.Problems, Problem{File: file, Line: line, Field: errs.FieldOf(err), Message: errs.MessageOf(err)})
	return nil
}

// sortProblems puts them in the order of the file.
func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int { return a.Line - b.Line })
}
