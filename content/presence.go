package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Person is somebody who has an edition open to work on it. It is a courtesy and
// no lock: two may save, and their texts are merged.
type Person struct {
	Account string
	Name    string
	Since   time.Time
}

const (
	// hereFor is how long a page that was opened counts as open when nothing is
	// heard from it: browsers without script say nothing.
	hereFor = 10 * time.Minute
	// beatFor is how long it counts after a sign of life; scripts give one every
	// 20 seconds.
	beatFor = time.Minute
)

// Arrive notes that the actor has opened an edition in a form.
func (s *Store) Arrive(ctx context.Context, actor auth.Actor, editionID, key string) error {
	return s.here(ctx, actor, editionID, key, hereFor)
}

// Beat is a sign of life from the form.
func (s *Store) Beat(ctx context.Context, actor auth.Actor, editionID, key string) error {
	return s.here(ctx, actor, editionID, key, beatFor)
}

func (s *Store) here(ctx context.Context, actor auth.Actor, editionID, key string, d time.Duration) (err error) {
	defer errs.Wrap(&err, "note presence at %s", editionID)
	now := s.now()
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO presence (edition_id, form_key, account, name, since, until) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (edition_id, form_key) DO UPDATE SET until = excluded.until, name = excluded.name,
			since = CASE WHEN presence.until <= excluded.since THEN excluded.since ELSE presence.since END
			WHERE presence.account = excluded.account`,
			editionID, key, actor.ID, actor.Name, now.UnixMilli(), now.Add(d).UnixMilli())
		return err
	})
}

// Leave notes that the form was closed.
func (s *Store) Leave(ctx context.Context, actor auth.Actor, editionID, key string) (err error) {
	defer errs.Wrap(&err, "note absence from %s", editionID)
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM presence WHERE edition_id = $1 AND form_key = $2 AND account = $3`, editionID, key, actor.ID)
		return err
	})
}

// Here lists who else has the edition open now, by how long.
func (s *Store) Here(ctx context.Context, actor auth.Actor, editionID string) (_ []Person, err error) {
	defer errs.Wrap(&err, "who is at %s", editionID)
	var rows []struct {
		Account string `db:"account"`
		Name    string `db:"name"`
		Since   int64  `db:"since"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT account, min(name) AS name, min(since) AS since FROM presence
		WHERE edition_id = $1 AND account <> $2 AND until > $3 GROUP BY account ORDER BY min(since), account`,
		editionID, actor.ID, s.now().UnixMilli())
	list := make([]Person, len(rows))
	for i, r := range rows {
		list[i] = Person{r.Account, r.Name, time.UnixMilli(r.Since).UTC()}
	}
	return list, err
}
