package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// intake decides what an imported file does to the stored document, inside the
// transaction.
type intake struct {
	*work
	opt    ImportOptions
	report *Report
}

// restored are the publication times of a file, in a restore.
type restored struct{ first, latest time.Time }

// take is the decision: nothing stored, nothing new, changed only in the file,
// or changed on both sides.
func (in *intake) take(ctx context.Context, a *arrival) error {
	d, err := in.stored(ctx, a.sheet.Kind, a.sheet.Slug)
	if errs.Is(err, errs.NotFound) {
		return in.add(ctx, a)
	}
	if err != nil {
		return err
	}
	head, err := readEdition(ctx, in.tx, d.HeadID)
	if err != nil {
		return err
	}
	same, untouched := head.Text.Equal(a.sheet.Text), d.ImportHead == mark(head)
	switch {
	case same && (!untouched || in.goal(a) != Published || head.State != Draft):
		in.report.Unchanged++
		return nil
	case !same && d.ImportHash == a.hash():
		in.report.Unchanged++ // the file is as it was, a person has gone on from it
		return nil
	case !untouched:
		in.report.Kept++
		in.say(a.file, "", Warning, "这篇内容在后台改过，文件也变了。已保留后台的，请人工合并。")
		return nil
	}
	return in.renew(ctx, a, head, same)
}

// stored finds the document of an address, also when it was renamed since.
func (in *intake) stored(ctx context.Context, kind Kind, slug string) (documentRow, error) {
	var id string
	err := db.Get(ctx, in.tx, &id, `SELECT id FROM documents WHERE kind = $1 AND slug = $2
		UNION ALL SELECT document_id FROM redirects WHERE kind = $1 AND slug = $2 AND document_id <> '' LIMIT 1`, kind, slug)
	if err != nil {
		return documentRow{}, err
	}
	return lockDocument(ctx, in.tx, id)
}

// goal is the state the file asks for.
func (in *intake) goal(a *arrival) State {
	if a.sheet.State == "" && in.opt.Publish {
		return Published
	}
	if a.sheet.State == "" {
		return Draft
	}
	return a.sheet.State
}

func (in *intake) add(ctx context.Context, a *arrival) error {
	e, err := in.create(ctx, a.sheet.Kind, a.sheet.Slug, a.sheet.Text, a.rendering)
	if err != nil {
		return err
	}
	in.report.Created++
	_, err = in.finish(ctx, a, e)
	return err
}

// renew brings a changed file to a document nobody has touched since.
func (in *intake) renew(ctx context.Context, a *arrival, head Edition, same bool) error {
	if !same {
		c := change{action: ActSave, text: &a.sheet.Text, rendering: &a.rendering, note: "导入"}
		if !head.State.Work() {
			c.action = ActRevise
		}
		var err error
		if head, err = in.step(ctx, head.ID, head.Version, c); err != nil {
			return err
		}
	}
	public, err := in.finish(ctx, a, head)
	if same && !public {
		in.report.Unchanged++ // still not fit
	} else {
		in.report.Updated++
	}
	return err
}

// finish takes a new draft to the state the file asks for, as far as its text
// allows, and notes what the file was. It reports whether readers have it.
func (in *intake) finish(ctx context.Context, a *arrival, e Edition) (public bool, err error) {
	if goal := in.goal(a); goal != Draft {
		published, err := in.goPublic(ctx, a, e, goal)
		var ps Problems
		switch {
		case errors.As(err, &ps):
			for _, p := range ps {
				in.say(a.file, p.Field, Error, p.Message)
			}
			in.say(a.file, "", Warning, "还不能发布，已存为草稿。")
		case err != nil:
			return false, err
		default:
			e, public = published, !published.State.Work()
		}
	}
	_, err = db.Exec(ctx, in.tx, `UPDATE documents SET import_hash = $2, import_head = $3 WHERE id = $1`, e.DocumentID, a.hash(), mark(e))
	return public, err
}

func (in *intake) goPublic(ctx context.Context, a *arrival, e Edition, goal State) (Edition, error) {
	c := change{action: ActPublish, rendering: &a.rendering, note: "导入"}
	if in.opt.Restore && !a.sheet.Published.IsZero() && !a.sheet.Published.After(in.at) {
		c.restore = &restored{first: a.sheet.Published, latest: a.sheet.Published}
		if latest := a.sheet.Updated; latest.After(a.sheet.Published) && !latest.After(in.at) {
			c.restore.latest = latest
		}
		c.note = "恢复，发布时间取自文件：" + c.restore.first.In(zone).Format(time.DateTime)
	}
	if c.restore == nil && reviewOf(in.columns, a.sheet.Kind, e.Column).has() && e.State == Draft {
		// What is imported walks the same stages as what is typed.
		in.say(a.file, "", Warning, "这个栏目的内容要按步骤审核，已存为草稿。请在后台提交审核。")
		return e, nil
	}
	e, err := in.step(ctx, e.ID, e.Version, c)
	if err != nil || goal != Withdrawn {
		return e, err
	}
	reason := a.sheet.Reason
	if reason == "" {
		reason = "导入时已撤回"
	}
	return in.step(ctx, e.ID, e.Version, change{action: ActWithdraw, reason: reason, rendering: &a.rendering, note: "导入"})
}

func (in *intake) say(file, field string, level Level, message string) {
	in.report.Items = append(in.report.Items, ReportItem{File: file, Field: field, Level: level, Message: message})
}

// hash is what the file says, once its media have addresses.
func (a *arrival) hash() string {
	sum := sha256.Sum256([]byte(db.JSON(struct {
		Text  Text
		State State
	}{a.sheet.Text, a.sheet.State})))
	return hex.EncodeToString(sum[:])
}

// mark names an edition in the very form in which an import left it.
func mark(e Edition) string { return e.ID + ":" + strconv.FormatInt(e.Version, 10) }
