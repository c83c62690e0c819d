package content

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// change is one use case on an edition, with what it was given.
type change struct {
	action    Action
	reason    string
	due       time.Time
	movedTo   string
	text      *Text      // Save
	rendering *rendering // Save; and made here for every step that shows the text to readers
	note      string     // more for the audit
	how       How        // of the revision a new text leaves; "" is the action's
	restore   *restored  // Publish in a restore
	remark    string     // Approve
	reasons   []string   // Return, Refuse
	way       Way        // of a decision; "" is AtDesk
	amend     *Amendment // Amend
	walk      *Walk      // where the edition is in its review; read by step
	blockers  Problems   // what machine checks found in a text that goes to readers
}

// step takes an edition through one row of the table.
func (s *Store) step(ctx context.Context, actor auth.Actor, editionID string, version int64, c change) (e Edition, err error) {
	defer errs.Wrap(&err, "%s edition %s", c.action, editionID)
	seen, err := readEdition(ctx, s.cfg.DB.Reader(), editionID)
	if err != nil {
		return e, err
	}
	if c.rendering == nil && seen.Version == version {
		// Rendered outside the transaction, from the very version that the
		// transaction then insists on.
		r, err := s.render(ctx, seen.Text)
		if err != nil {
			return e, err
		}
		c.rendering = &r
		if c.blockers, err = s.blockers(ctx, actor, seen, c.action); err != nil {
			return e, err
		}
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := s.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		e, err = w.step(ctx, editionID, version, c)
		return err
	})
	return e, err
}

// work is one transaction of one actor. An import runs many steps in one.
type work struct {
	*Store
	tx      *db.Tx
	actor   auth.Actor
	at      time.Time
	how     How // of all its revisions, "" is the actions'
	topics  []Topic
	columns []Column
}

func (s *Store) begin(ctx context.Context, tx *db.Tx, actor auth.Actor) (*work, error) {
	w := &work{Store: s, tx: tx, actor: actor, at: s.now()}
	var err error
	if w.topics, err = readTopics(ctx, tx); err != nil {
		return nil, err
	}
	w.columns, err = readColumns(ctx, tx)
	return w, err
}

func (w *work) create(ctx context.Context, kind Kind, slug string, text Text, r rendering) (Edition, error) {
	d := documentRow{ID: db.NewID(), Kind: kind, Slug: slug, CreatedAt: w.at.UnixMilli(), Editions: 1}
	e := Edition{ID: db.NewID(), DocumentID: d.ID, Number: 1, Version: 1, State: Draft, Text: text,
		Rendered: r.Rendered, Created: w.at, Updated: w.at}
	e.record(ActCreate, w.actor, w.at, "")
	var err error
	if slug == "" {
		d.Slug, err = freeSlug(ctx, w.tx, kind, text.Title, d.ID)
	} else {
		err = needSlug(ctx, w.tx, kind, slug, d.ID)
	}
	if err != nil {
		return e, err
	}
	w.head(&d, e)
	if err := d.insert(ctx, w.tx); err != nil {
		return e, err
	}
	if err := newEditionRow(e).insert(ctx, w.tx); err != nil {
		return e, err
	}
	if err := writeCitations(ctx, w.tx, d, e); err != nil {
		return e, err
	}
	if err := w.keepRevision(ctx, Edition{}, e, change{action: ActCreate}); err != nil {
		return e, err
	}
	w.log(d, e, change{action: ActCreate})
	if e.Review, err = w.reviewNow(ctx, d, e); err != nil {
		return e, err
	}
	return e, w.writeTopics(ctx, d, &e)
}

// step is the heart of the workflow: guard, change, write.
func (w *work) step(ctx context.Context, editionID string, version int64, c change) (Edition, error) {
	e, err := readEdition(ctx, w.tx, editionID)
	if err != nil {
		return e, err
	}
	d, err := lockDocument(ctx, w.tx, e.DocumentID)
	if err != nil {
		return e, err
	}
	if w.tx.Postgres() { // it may have changed while we waited for the lock
		if e, err = readEdition(ctx, w.tx, editionID); err != nil {
			return e, err
		}
	}
	if e.Version != version || c.rendering == nil {
		return e, stale(e, version)
	}
	t, err := row(e.State, c.action)
	if err != nil {
		return e, err
	}
	if c.walk, err = w.readWalk(ctx, d, e, c.action); err != nil {
		return e, err
	}
	if err := w.guard(t, d, e, &c); err != nil {
		return e, err
	}
	switch c.action {
	case ActRevise:
		return w.revise(ctx, d, e, c)
	case ActDelete:
		return e, w.delete(ctx, d, e, c)
	}
	if e, err = w.move(ctx, t, d, e, c); err != nil {
		return e, err
	}
	return w.goOn(ctx, e, c)
}

// guard checks everything that the row asks for.
func (w *work) guard(t transition, d documentRow, e Edition, c *change) error {
	if err := w.may(t, e, c); err != nil {
		return err
	}
	if c.text != nil {
		if err := into(w.actor, c.text.Column); err != nil {
			return err
		}
	}
	if c.reason = oneLine(c.reason); t.reason && c.reason == "" {
		return errs.Bad("reason", "请写明原因。")
	}
	if len([]rune(c.reason)) > maxLine {
		return errs.Bad("reason", "原因最多 500 个字，请缩短。")
	}
	switch c.action {
	case ActRevise:
		if d.HeadID != d.LiveID {
			return errs.New(errs.Conflict, "这篇内容已有一份修改稿，请在那一份上修改。", "document %s has an edition in work", d.ID)
		}
	case ActPublish, ActSchedule:
		if w.needsSecond(w.actor, e) {
			return errs.New(errs.Forbidden, "自己写的内容要由另一人发布，请找同事审核。", "actor %s wrote edition %s", w.actor.ID, e.ID)
		}
	case ActUnpublish:
		if !validTarget(c.movedTo, Address(d.Kind, d.Slug)) {
			return errs.Bad("moved_to", "转到的地址请写成 /guides/… 或 https://…，不能是它自己；没有就留空。")
		}
	}
	if err := w.judge(e, c); err != nil {
		return err
	}
	switch c.action {
	case ActSubmit, ActPublish, ActSchedule, ActForce, ActUrge:
		if err := judgeAmendment(d, e); err != nil {
			return err
		}
	}
	if c.action == ActSchedule && !c.due.After(w.at) {
		return errs.Bad("due", "定时发布的时间要晚于现在。")
	}
	if !t.fit {
		return c.blockers.err()
	}
	return append(fit(d.Kind, e.Text, *c.rendering, w.topics, w.columns, w.today()), c.blockers...).err()
}

// move changes the one edition and what its document says of it.
func (w *work) move(ctx context.Context, t transition, d documentRow, e Edition, c change) (Edition, error) {
	was := e
	e.State, e.Version, e.Updated = t.to, e.Version+1, w.at
	e.Due, e.Reason = time.Time{}, ""
	if t.reason && c.action != ActUrge {
		e.Reason = c.reason
	}
	if t.to == Draft && (c.action == ActSave || c.action == ActAmend || c.action == ActClear) {
		e.Reason = e.returnReason() // stays in sight until it is submitted again
	}
	if c.text != nil {
		e.Text = *c.text
	}
	if c.amend != nil {
		e.Change = *c.amend
	}
	e.Rendered = c.rendering.Rendered
	e.record(c.action, w.actor, w.at, cmp.Or(c.reason, c.remark))
	var err error
	switch c.action {
	case ActPublish, ActForce:
		err = w.golive(ctx, &d, &e, c.restore)
	case ActSchedule:
		e.Due = c.due.UTC().Truncate(time.Millisecond)
	case ActWithdraw, ActRestore:
		d.LiveState, d.MovedTo = t.to, ""
	case ActUnpublish:
		d.LiveState, d.MovedTo = t.to, c.movedTo
	}
	if err != nil {
		return e, err
	}
	if d.HeadID == e.ID {
		w.head(&d, e)
	}
	w.log(d, e, c)
	if c.text != nil {
		if err := w.keepRevision(ctx, was, e, c); err != nil {
			return e, err
		}
	}
	if err := w.write(ctx, d, e, c); err != nil {
		return e, err
	}
	if err := w.minutes(ctx, d, was, e, c); err != nil {
		return e, err
	}
	e.Review, err = w.reviewNow(ctx, d, e)
	return e, err
}

// returnReason is why the edition was last returned, unless it has been
// submitted since.
func (e Edition) returnReason() string { return returnReason(e.Trail) }

func returnReason(trail []Step) string {
	for _, s := range slices.Backward(trail) {
		switch s.Action {
		case ActReturn:
			return s.Reason
		case ActSubmit:
			return ""
		}
	}
	return ""
}

// golive makes e what readers get.
func (w *work) golive(ctx context.Context, d *documentRow, e *Edition, r *restored) error {
	first := w.at
	e.Published = w.at
	if r != nil {
		first, e.Published = r.first, r.latest
	}
	if d.FirstAt == nil {
		d.FirstAt = db.Millis(first)
	}
	if d.LiveID != "" {
		_, err := db.Exec(ctx, w.tx, `UPDATE editions SET state = $2, version = version + 1 WHERE id = $1`, d.LiveID, Superseded)
		if err != nil {
			return err
		}
		if err := deleteCitations(ctx, w.tx, d.LiveID); err != nil {
			return err
		}
	}
	d.LiveID, d.LiveState, d.MovedTo, d.LiveAt = e.ID, Published, "", db.Millis(e.Published)
	d.LiveColumn = columnOf(w.columns, d.Kind, e.Column)
	return nil
}

// head notes in the document what lists show of its newest edition.
func (w *work) head(d *documentRow, e Edition) {
	d.HeadID, d.HeadState, d.Title, d.UpdatedAt = e.ID, e.State, e.Title, e.Updated.UnixMilli()
	d.HeadColumn = columnOf(w.columns, d.Kind, e.Column)
}

func (w *work) write(ctx context.Context, d documentRow, e Edition, c change) error {
	r := newEditionRow(e)
	if err := r.updateState(ctx, w.tx); err != nil {
		return err
	}
	if c.text != nil {
		if err := r.updateText(ctx, w.tx); err != nil {
			return err
		}
	}
	if err := r.updateRendered(ctx, w.tx); err != nil {
		return err
	}
	if err := writeCitations(ctx, w.tx, d, e); err != nil {
		return err
	}
	if err := d.update(ctx, w.tx); err != nil {
		return err
	}
	return w.writeTopics(ctx, d, &e)
}

// revise adds a draft with the text of e and leaves e as it is.
func (w *work) revise(ctx context.Context, d documentRow, from Edition, c change) (Edition, error) {
	d.Editions++
	e := Edition{ID: db.NewID(), DocumentID: d.ID, Number: d.Editions, Version: 1, State: Draft, Text: from.Text,
		Rendered: c.rendering.Rendered, Created: w.at, Updated: w.at}
	if c.text != nil {
		e.Text = *c.text
	}
	e.record(ActRevise, w.actor, w.at, "")
	if err := newEditionRow(e).insert(ctx, w.tx); err != nil {
		return e, err
	}
	if err := writeCitations(ctx, w.tx, d, e); err != nil {
		return e, err
	}
	if err := w.keepRevision(ctx, from, e, c); err != nil {
		return e, err
	}
	w.head(&d, e)
	if err := d.update(ctx, w.tx); err != nil {
		return e, err
	}
	w.log(d, e, c)
	var err error
	if e.Review, err = w.reviewNow(ctx, d, e); err != nil {
		return e, err
	}
	return e, w.writeTopics(ctx, d, &e)
}

func (w *work) delete(ctx context.Context, d documentRow, e Edition, c change) error {
	if err := deleteCitations(ctx, w.tx, e.ID); err != nil {
		return err
	}
	if d.LiveID == "" {
		if _, err := db.Exec(ctx, w.tx, `DELETE FROM document_topics WHERE document_id = $1`, d.ID); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, w.tx, `DELETE FROM edition_revision WHERE edition_id = $1`, e.ID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, w.tx, `DELETE FROM word_import WHERE edition_id = $1`, e.ID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, w.tx, `DELETE FROM editions WHERE id = $1`, e.ID); err != nil {
		return err
	}
	w.log(d, e, c)
	if d.LiveID == "" {
		if w.cfg.Uses != nil {
			if err := w.cfg.Uses(ctx, w.tx, d.ID, nil); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, w.tx, `DELETE FROM documents WHERE id = $1`, d.ID)
		return err
	}
	live, err := readEdition(ctx, w.tx, d.LiveID)
	if err != nil {
		return err
	}
	w.head(&d, live)
	d.UpdatedAt = w.at.UnixMilli()
	if err := d.update(ctx, w.tx); err != nil {
		return err
	}
	return w.writeTopics(ctx, d, &live)
}

// log writes both books: the journal for index and caches, the audit for people.
func (w *work) log(d documentRow, e Edition, c change) {
	summary := c.action.Label() + "《" + e.Title + "》" + e.Label()
	if c.reason != "" {
		summary += "：" + c.reason
	}
	if c.note != "" {
		summary += "（" + c.note + "）"
	}
	w.cfg.Ledger.Record(w.tx, w.actor.Entry("document."+string(c.action), "document:"+d.ID, summary),
		ledger.Change{Kind: "document", ID: d.ID})
}
