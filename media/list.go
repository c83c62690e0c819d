package media

import (
	"context"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Wanting is a list of what somebody has to do something about.
type Wanting string

// The lists.
const (
	WantsAlt       Wanting = "alt"       // pictures nobody has described
	WantsUse       Wanting = "unused"    // used nowhere
	WantsConsent   Wanting = "consent"   // people in it, and nobody said who agreed
	WantsRenewal   Wanting = "expiring"  // consent that ends within 30 days, or has
	WantsAway      Wanting = "withdrawn" // consent that was taken back, and it is still here
	renewalDays            = 30
	maxListed              = 500
	defaultOnAPage         = 50
)

// wanting is the condition of each list; $6 is the day until which a consent
// must last.
var wanting = map[Wanting]string{
	"":           `TRUE`,
	WantsAlt:     `type LIKE 'image/%' AND alt = '' AND NOT decorative`,
	WantsUse:     `NOT EXISTS (SELECT 1 FROM media_use u WHERE u.key = media.key)`,
	WantsConsent: `people AND consent = '' AND withdrawn_at IS NULL`,
	WantsRenewal: `people AND withdrawn_at IS NULL AND consent_until <> '' AND consent_until <= $6`,
	WantsAway:    `withdrawn_at IS NOT NULL`,
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	Text     string  // in the name, the alt text or a tag
	Tag      string  // exactly
	Want     Wanting // what is to be done about it; unknown ones are none
	Pictures bool    // only pictures
	Files    bool    // only what is no picture
	After    string  // key of the last one of the page before
	Limit    int     // at most so many; 0 is 50
}

// List shows the newest first.
func (l *Library) List(ctx context.Context, f Filter) (_ []Object, err error) {
	defer errs.Wrap(&err, "list media")
	if f.Limit <= 0 {
		f.Limit = defaultOnAPage
	}
	like := ""
	if f.Text != "" {
		like = "%" + likeEscaper.Replace(strings.ToLower(f.Text)) + "%"
	}
	want, ok := wanting[f.Want]
	if !ok {
		want = "FALSE"
	}
	return selectObjects(ctx, l.db.Reader(), `WHERE ($1 = '' OR lower(name) LIKE $1 ESCAPE '!' OR lower(alt) LIKE $1 ESCAPE '!'
			OR EXISTS (SELECT 1 FROM media_tag t WHERE t.key = media.key AND lower(t.tag) LIKE $1 ESCAPE '!'))
		AND ($2 = FALSE OR type LIKE 'image/%') AND ($3 = FALSE OR type NOT LIKE 'image/%')
		AND ($4 = '' OR (created_at, key) < (SELECT m.created_at, m.key FROM media m WHERE m.key = $4))
		AND ($6 = $6) AND ($7 = '' OR EXISTS (SELECT 1 FROM media_tag t WHERE t.key = media.key AND t.tag = $7)) AND `+want+`
		ORDER BY created_at DESC, key DESC LIMIT $5`, like, f.Pictures, f.Files, f.After, min(f.Limit, maxListed), l.renewBefore(), f.Tag)
}

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// renewBefore is the day until which a consent must last not to be listed.
func (l *Library) renewBefore() string { return l.day(renewalDays) }

// Counts says how long each list of what is wanting is.
func (l *Library) Counts(ctx context.Context) (_ map[Wanting]int, err error) {
	defer errs.Wrap(&err, "count media")
	counts := map[Wanting]int{}
	for want, where := range wanting {
		where = strings.ReplaceAll(where, "$6", "$1")
		var n int
		if err := db.Get(ctx, l.db.Reader(), &n, `SELECT count(*) FROM media WHERE ($1 = $1) AND `+where, l.renewBefore()); err != nil {
			return nil, err
		}
		counts[want] = n
	}
	return counts, nil
}

// Tag is a word that objects are filed under.
type Tag struct {
	Name  string `db:"tag"`
	Count int    `db:"n"`
}

// Tags lists those in use, the most used first, at most 60.
func (l *Library) Tags(ctx context.Context) (tags []Tag, err error) {
	defer errs.Wrap(&err, "list tags")
	err = db.Select(ctx, l.db.Reader(), &tags, `SELECT tag, count(*) AS n FROM media_tag GROUP BY tag ORDER BY n DESC, tag LIMIT 60`)
	return tags, err
}
