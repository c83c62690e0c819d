package content

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// ReviewItem is a text that waits for somebody: for a stage, for a publisher, or
// for the late review of an emergency.
type ReviewItem struct {
	DeskItem
	EditionID string
	Review    Walk // without Cleared's text; Log is whole
	Mine      bool // the actor may decide now
	Late      bool
	Due       time.Time
}

// maxQueue is how many waiting texts are looked through; more than a bureau has.
const maxQueue = 500

// ReviewQueue lists what waits in review, for this actor: what is late first,
// then what the actor may decide, then by when it is due.
func (s *Store) ReviewQueue(ctx context.Context, actor auth.Actor) (_ []ReviewItem, err error) {
	defer errs.Wrap(&err, "review queue")
	q := s.cfg.DB.Reader()
	columns, args := inColumns(actor, "d.head_column", 1)
	args = append([]any{maxQueue}, args...)
	var rows []queueRow
	err = db.Select(ctx, q, &rows, `SELECT `+deskColumns+`, e.id AS edition_id FROM documents d JOIN editions e ON e.id = d.head_id
		WHERE d.head_state = 'submitted'`+columns+` ORDER BY d.updated_at DESC, d.id DESC LIMIT $1`, args...)
	if err != nil {
		return nil, err
	}
	var forced []queueRow
	err = db.Select(ctx, q, &forced, `SELECT `+deskColumns+`, e.id AS edition_id FROM emergency x JOIN editions e ON e.id = x.edition_id
		JOIN documents d ON d.id = x.document_id WHERE x.confirmed_at IS NOT NULL AND x.done_at IS NULL`+columns+` ORDER BY x.due_at LIMIT $1`, args...)
	if err != nil {
		return nil, err
	}
	items, err := s.queueItems(ctx, q, actor, append(forced, rows...))
	if !actor.Can(auth.Write) && !actor.Can(auth.Audit) { // a leader sees what is theirs to decide
		items = slices.DeleteFunc(items, func(i ReviewItem) bool { return !i.Mine })
	}
	slices.SortStableFunc(items, func(a, b ReviewItem) int {
		return cmp.Or(cmp.Compare(order(b), order(a)), cmp.Compare(a.Due.UnixMilli(), b.Due.UnixMilli()))
	})
	return items, err
}

// order puts what is late and mine before the rest.
func order(i ReviewItem) int {
	n := 0
	if i.Mine {
		n += 2
	}
	if i.Late {
		n += 4
	}
	if !i.Due.IsZero() {
		n++
	}
	return n
}

type queueRow struct {
	deskRow
	EditionID string `db:"edition_id"`
}

func (s *Store) queueItems(ctx context.Context, q db.Queryer, actor auth.Actor, rows []queueRow) ([]ReviewItem, error) {
	columns, err := readColumns(ctx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.EditionID
	}
	logs, err := readReviewLogs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	urgent, err := readEmergencies(ctx, q)
	if err != nil {
		return nil, err
	}
	var items []ReviewItem
	for _, r := range rows {
		item, err := r.item()
		if err != nil {
			return nil, err
		}
		log := logs[r.EditionID]
		w := newWalk(reviewOf(columns, r.Kind, r.Column), loggedHash(log), log, urgent[r.EditionID], s.today())
		one := ReviewItem{DeskItem: item, EditionID: r.EditionID, Review: w, Due: w.Due()}
		if w.Urgent.Open() {
			one.Due = w.Urgent.Due
		}
		one.Mine = s.waitsFor(actor, one)
		one.Late = !one.Due.IsZero() && s.now().After(one.Due)
		items = append(items, one)
	}
	return items, nil
}

// waitsFor reports whether the actor can move the text on.
func (s *Store) waitsFor(actor auth.Actor, i ReviewItem) bool {
	w := i.Review
	switch {
	case w.Urgent.Waiting():
		return actor.Can(auth.Publish) && w.Urgent.AskedBy != actor.ID
	case w.Urgent.Open() && !w.Urgent.Refused.IsZero():
		return actor.Can(auth.Publish) // to withdraw or revise
	case w.Has() && !w.Done():
		return w.Refusal(actor, i.Trail) == nil
	}
	return actor.Can(auth.Publish)
}

// loggedHash is the hash of the text that is in review, without reading it: what
// the last step that could change it left.
func loggedHash(log []ReviewEntry) string {
	for _, e := range slices.Backward(log) {
		switch e.Act {
		case ActSubmit, ActSave, ActUrge, ActForce, ActPublish:
			return e.Hash
		}
	}
	return ""
}

func readReviewLogs(ctx context.Context, q db.Queryer, ids []string) (map[string][]ReviewEntry, error) {
	logs := map[string][]ReviewEntry{}
	for chunk := range slices.Chunk(ids, 200) {
		list, args := db.In(0, chunk)
		var rows []reviewRow
		err := db.Select(ctx, q, &rows, `SELECT `+reviewColumns+` FROM review_log WHERE edition_id IN (`+list+`) ORDER BY edition_id, seq`, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			e, err := r.entry()
			if err != nil {
				return nil, err
			}
			logs[r.Edition] = append(logs[r.Edition], e)
		}
	}
	return logs, nil
}

// readEmergencies finds all that are not done, by edition.
func readEmergencies(ctx context.Context, q db.Queryer) (map[string]*Emergency, error) {
	var rows []emergencyRow
	err := db.Select(ctx, q, &rows, `SELECT `+emergencyColumns+` FROM emergency WHERE done_at IS NULL`)
	all := make(map[string]*Emergency, len(rows))
	for _, r := range rows {
		all[r.EditionID] = r.emergency()
	}
	return all, err
}

// OpenEmergencies are what readers have and nobody has reviewed, by document.
func (s *Store) OpenEmergencies(ctx context.Context) (_ map[string]Emergency, err error) {
	defer errs.Wrap(&err, "list open emergencies")
	all, err := readEmergencies(ctx, s.cfg.DB.Reader())
	open := map[string]Emergency{}
	for _, e := range all {
		if e.Open() {
			open[e.DocumentID] = *e
		}
	}
	return open, err
}

// MayRead reports whether the actor may open the review of an edition: staff who
// write or audit, and whoever has or had a stage of it.
func (w Walk) MayRead(actor auth.Actor, trail []Step) error {
	if actor.Can(auth.Audit) || actor.Can(auth.Write) || w.Refusal(actor, trail) == nil {
		return nil
	}
	if slices.ContainsFunc(w.Log, func(e ReviewEntry) bool { return e.Person == actor.ID }) {
		return nil
	}
	return actor.Must(auth.Write)
}
