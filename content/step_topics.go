package content

import (
	"context"

	"github.com/songfa/songfa/internal/db"
)

// writeTopics writes the rows that lists by topic read: for staff those of the
// head edition, for readers those of the live one while it is published. e is
// one of the two.
func (w *work) writeTopics(ctx context.Context, d documentRow, e *Edition) error {
	if err := w.writeUses(ctx, d, e); err != nil {
		return err
	}
	if d.HeadID == e.ID {
		if err := w.putTopics(ctx, d, false, e.Topics, d.UpdatedAt); err != nil {
			return err
		}
	}
	if d.LiveID != e.ID {
		return nil
	}
	if d.LiveState != Published {
		return w.putTopics(ctx, d, true, nil, 0)
	}
	return w.putTopics(ctx, d, true, e.Topics, *d.FirstAt)
}

func (w *work) putTopics(ctx context.Context, d documentRow, live bool, topics []string, at int64) error {
	if _, err := db.Exec(ctx, w.tx, `DELETE FROM document_topics WHERE document_id = $1 AND live = $2`, d.ID, live); err != nil {
		return err
	}
	for _, t := range topics {
		_, err := db.Exec(ctx, w.tx, `INSERT INTO document_topics (document_id, live, topic, kind, at) VALUES ($1, $2, $3, $4, $5)`,
			d.ID, live, t, d.Kind, at)
		if err != nil {
			return err
		}
	}
	return nil
}
