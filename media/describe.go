package media

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

// Consent is what is known of the agreement of people who can be recognised.
type Consent struct {
	People    bool      // there is somebody
	Noted     bool      // who agreed is noted, sealed
	Until     string    // last day, 2006-01-02; "" without limit
	Withdrawn time.Time // taken back then; zero: it stands
}

// Description is what people say of an object.
type Description struct {
	Alt        string // what it shows, for those who do not see it
	Decorative bool   // it shows nothing that wants words; then Alt is empty
	Tags       []string
	FocusX     int // percent
	FocusY     int
	People     bool
	Agreed     string // who agreed and how, "王建国，书面"; "" keeps what is noted
	Until      string // 2006-01-02 or ""
}

// Description is what was said of it so far.
func (o Object) Description() Description {
	return Description{Alt: o.Alt, Decorative: o.Decorative, Tags: o.Tags, FocusX: o.FocusX, FocusY: o.FocusY,
		People: o.Consent.People, Until: o.Consent.Until}
}

const (
	maxAlt    = 200 // characters: one sentence, since it is read aloud
	maxTags   = 12
	maxTag    = 20
	maxAgreed = 100
)

func cleanAlt(alt string) (string, error) {
	alt = strings.Join(strings.Fields(alt), " ")
	if utf8.RuneCountInString(alt) > maxAlt {
		return "", errs.Bad("alt", "图片说明请控制在 200 字以内")
	}
	return alt, nil
}

// cleanTags puts tags in order, each once.
func cleanTags(tags []string) ([]string, error) {
	var clean []string
	for _, t := range tags {
		if t = strings.Join(strings.Fields(t), " "); t == "" {
			continue
		}
		if utf8.RuneCountInString(t) > maxTag {
			return nil, errs.Bad("tags", "标签“"+t+"”太长，请控制在 20 字以内")
		}
		clean = append(clean, t)
	}
	slices.Sort(clean)
	if clean = slices.Compact(clean); len(clean) > maxTags {
		return nil, errs.Bad("tags", "一个素材最多 12 个标签")
	}
	return clean, nil
}

func (d *Description) clean() (err error) {
	if d.Alt, err = cleanAlt(d.Alt); err != nil {
		return err
	}
	if d.Decorative && d.Alt != "" {
		return errs.Bad("alt", "装饰图不用写说明；图里有内容的，请去掉“只是装饰”")
	}
	if d.Tags, err = cleanTags(d.Tags); err != nil {
		return err
	}
	if d.FocusX < 0 || d.FocusX > 100 || d.FocusY < 0 || d.FocusY > 100 {
		return errs.Bad("focus", "重点位置请填 0 到 100")
	}
	if d.Until != "" {
		if _, err := time.Parse(time.DateOnly, d.Until); err != nil {
			return errs.Bad("until", "同意到哪一天，请写成 2027-12-31，没有期限就留空")
		}
	}
	if d.Agreed = strings.Join(strings.Fields(d.Agreed), " "); utf8.RuneCountInString(d.Agreed) > maxAgreed {
		return errs.Bad("agreed", "谁同意的，请控制在 100 字以内")
	}
	if !d.People && (d.Agreed != "" || d.Until != "") {
		return errs.Bad("people", "写了谁同意、同意到哪天，请同时勾选“认得出人”")
	}
	return nil
}

// Describe says what an object is. version is what the person has read of it: a
// stale one is a Conflict. Somebody who has taken the consent back stays taken
// back until a new one is noted.
func (l *Library) Describe(ctx context.Context, actor auth.Actor, key string, version int, d Description) (_ Object, err error) {
	defer errs.Wrap(&err, "describe media %s", key)
	if err := mayAdd(actor); err != nil {
		return Object{}, err
	}
	if err := d.clean(); err != nil {
		return Object{}, err
	}
	agreed, err := l.seal(key, d)
	if err != nil {
		return Object{}, err
	}
	err = l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := l.get(ctx, tx, key)
		if err != nil {
			return err
		}
		if o.Version != version {
			return errs.New(errs.Conflict, "这个素材的说明刚被别人改过，请看过现在的样子再保存。", "media %s: version %d is stale, now %d", key, version, o.Version)
		}
		return l.write(ctx, tx, actor, o, d, agreed)
	})
	if err != nil {
		return Object{}, err
	}
	return l.Get(ctx, key)
}

// SetAlt says what a picture shows and leaves the rest of what is said of it.
func (l *Library) SetAlt(ctx context.Context, actor auth.Actor, key, alt string) error {
	o, err := l.Get(ctx, key)
	if err != nil {
		return err
	}
	said := o.Description()
	said.Alt, said.Decorative = alt, said.Decorative && strings.TrimSpace(alt) == ""
	_, err = l.Describe(ctx, actor, key, o.Version, said)
	return err
}

func (l *Library) write(ctx context.Context, tx *db.Tx, actor auth.Actor, o Object, d Description, agreed *string) error {
	n, err := db.Exec(ctx, tx, `UPDATE media SET alt = $2, decorative = $3, focus_x = $4, focus_y = $5, people = $6, consent_until = $7,
		consent = CASE WHEN NOT $6 THEN '' ELSE COALESCE($8, consent) END,
		withdrawn_at = CASE WHEN $8 IS NULL THEN withdrawn_at ELSE NULL END, version = version + 1 WHERE key = $1 AND version = $9`,
		o.Key, d.Alt, d.Decorative, d.FocusX, d.FocusY, d.People, d.Until, agreed, o.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "这个素材的说明刚被别人改过，请看过现在的样子再保存。", "media %s: somebody was first", o.Key)
	}
	if err := l.setTags(ctx, tx, o.Key, d.Tags); err != nil {
		return err
	}
	summary := "修改素材说明 " + o.Name
	if d.People != o.Consent.People || agreed != nil || d.Until != o.Consent.Until {
		summary += "，登记画面中人的同意"
	}
	l.cfg.Ledger.Record(tx, actor.Entry("media.describe", "media:"+o.Key, summary), ledger.Change{Kind: journalMedia, ID: o.Key})
	return nil
}

func (l *Library) setTags(ctx context.Context, tx *db.Tx, key string, tags []string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM media_tag WHERE key = $1`, key); err != nil {
		return err
	}
	for _, t := range tags {
		if _, err := db.Exec(ctx, tx, `INSERT INTO media_tag (tag, key) VALUES ($1, $2)`, t, key); err != nil {
			return err
		}
	}
	return nil
}

// consentContext binds who agreed to its object.
func consentContext(key string) string { return "media:" + key }

// seal is who agreed as it is kept; nil keeps what is there.
func (l *Library) seal(key string, d Description) (*string, error) {
	if d.Agreed == "" {
		return nil, nil
	}
	if l.cfg.Vault == nil {
		return nil, errs.New(errs.Internal, "", "no vault to note a consent in")
	}
	sealed, err := l.cfg.Vault.Seal(consentContext(key), d.Agreed)
	return &sealed, err
}

// Agreed is who agreed, masked: 王*. "" when nobody is noted.
func (l *Library) Agreed(ctx context.Context, key string) (_ string, err error) {
	defer errs.Wrap(&err, "who agreed to media %s", key)
	who, err := l.agreed(ctx, key)
	if who == "" {
		return "", err
	}
	name, _, _ := strings.Cut(who, "，")
	return vault.MaskName(name), err
}

func (l *Library) agreed(ctx context.Context, key string) (who string, err error) {
	var sealed string
	if err := db.Get(ctx, l.db.Reader(), &sealed, `SELECT consent FROM media WHERE key = $1`, key); err != nil || sealed == "" {
		return "", err
	}
	if l.cfg.Vault == nil {
		return "", errs.New(errs.Internal, "", "no vault to open a consent with")
	}
	return who, l.cfg.Vault.Open(consentContext(key), sealed, &who)
}

// RevealAgreed is who agreed in full, for a reason that the audit keeps.
func (l *Library) RevealAgreed(ctx context.Context, actor auth.Actor, key, reason string) (_ string, err error) {
	defer errs.Wrap(&err, "reveal who agreed to media %s", key)
	if err := mayAdd(actor); err != nil {
		return "", err
	}
	if reason = strings.Join(strings.Fields(reason), " "); reason == "" {
		return "", errs.Bad("reason", "请写明为什么要看。")
	}
	who, err := l.agreed(ctx, key)
	if err != nil {
		return "", err
	}
	return who, l.db.Update(ctx, func(_ context.Context, tx *db.Tx) error {
		l.cfg.Ledger.Record(tx, actor.Entry("media.reveal", "media:"+key, "查看画面中人的同意："+reason))
		return nil
	})
}

// WithdrawConsent notes that somebody in the picture wants to be seen no more.
// From then on it is listed until it is gone; where it is used says [Library.Uses].
func (l *Library) WithdrawConsent(ctx context.Context, actor auth.Actor, key string) (err error) {
	defer errs.Wrap(&err, "withdraw consent to media %s", key)
	if err := mayAdd(actor); err != nil {
		return err
	}
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE media SET people = TRUE, withdrawn_at = COALESCE(withdrawn_at, $2), version = version + 1 WHERE key = $1`,
			key, l.cfg.Now().UnixMilli())
		if err != nil {
			return err
		}
		if n == 0 {
			return gone(ctx, tx, key)
		}
		l.cfg.Ledger.Record(tx, actor.Entry("media.unconsent", "media:"+key, "画面中人撤回同意"), ledger.Change{Kind: journalMedia, ID: key})
		return nil
	})
}

// zone is the bureau's: a day ends where its people live.
var zone = time.FixedZone("CST", 8*60*60)

// day is a day from today on, 2006-01-02.
func (l *Library) day(from int) string {
	return l.cfg.Now().In(zone).AddDate(0, 0, from).Format(time.DateOnly)
}
