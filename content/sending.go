package content

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Channel is a way by which a text leaves the site.
type Channel string

// The channels, in the order of the form.
const (
	ToWeChat  Channel = "wechat"
	ToWeibo   Channel = "weibo"
	ToSheet   Channel = "a4"
	ToBooklet Channel = "a5"
	ToPoster  Channel = "poster"
	ToBoard   Channel = "led"
	ToPortal  Channel = "portal"
	ToOther   Channel = "other"
)

// Channels lists them.
var Channels = []Channel{ToWeChat, ToWeibo, ToSheet, ToBooklet, ToPoster, ToBoard, ToPortal, ToOther}

var channelLabels = map[Channel]string{ToWeChat: "公众号", ToWeibo: "微博", ToSheet: "A4 单页", ToBooklet: "A5 小册", ToPoster: "海报",
	ToBoard: "电子屏", ToPortal: "门户网站", ToOther: "别的地方"}

// Label is the Chinese name.
func (c Channel) Label() string { return channelLabels[c] }

// Sent is the form of one sending.
type Sent struct {
	Channel Channel
	Place   string // which account, station or board; up to 100 characters
	Copies  int    // on paper; 0 for what has none
	Note    string // up to 500 characters
}

// Sending is a row of the ledger of what went where.
type Sending struct {
	Sent
	ID, DocumentID, EditionID string
	Number                    int    // of the edition
	Title                     string // of the document today; only in OutdatedSendings
	At                        time.Time
	ActorName                 string
	Recalled                  time.Time // corrected or taken back there; zero when not
	RecalledName              string
	Outdated                  bool // another edition is live, or none
}

// Edition is the name of the edition that went out.
func (s Sending) Edition() string { return Edition{Number: s.Number}.Label() }

type sendingRow struct {
	ID           string  `db:"id"`
	DocumentID   string  `db:"document_id"`
	EditionID    string  `db:"edition_id"`
	Number       int     `db:"number"`
	Channel      Channel `db:"channel"`
	Place        string  `db:"place"`
	Copies       int     `db:"copies"`
	Note         string  `db:"note"`
	At           int64   `db:"at"`
	ActorName    string  `db:"actor_name"`
	RecalledAt   *int64  `db:"recalled_at"`
	RecalledName string  `db:"recalled_name"`
	Title        string  `db:"title"`
	Live         bool    `db:"live"`
}

const sendingSelect = `SELECT s.id, s.document_id, s.edition_id, s.number, s.channel, s.place, s.copies, s.note, s.at, s.actor_name,
	s.recalled_at, s.recalled_name, d.title, (d.live_id = s.edition_id AND d.live_state = 'published') AS live
	FROM sending s JOIN documents d ON d.id = s.document_id `

func (r sendingRow) sending() Sending {
	return Sending{Sent: Sent{r.Channel, r.Place, r.Copies, r.Note}, ID: r.ID, DocumentID: r.DocumentID, EditionID: r.EditionID, Number: r.Number,
		Title: r.Title, At: db.Time(&r.At), ActorName: r.ActorName, Recalled: db.Time(r.RecalledAt), RecalledName: r.RecalledName, Outdated: !r.Live}
}

func (s *Sent) tidy() error {
	s.Place, s.Note = oneLine(s.Place), strings.TrimSpace(s.Note)
	switch {
	case !slices.Contains(Channels, s.Channel):
		return errs.Bad("channel", "请选发到哪里。")
	case utf8.RuneCountInString(s.Place) > 100:
		return errs.Bad("place", "地方最多 100 个字，请缩短。")
	case s.Channel == ToOther && s.Place == "":
		return errs.Bad("place", "请写明发到了哪里。")
	case s.Copies < 0 || s.Copies > 1_000_000:
		return errs.Bad("copies", "份数写 0 到 1000000 之间的数。")
	case utf8.RuneCountInString(s.Note) > maxLine:
		return errs.Bad("note", "备注最多 500 个字，请缩短。")
	}
	return nil
}

// Send notes that the live edition of a document went out. Only what readers get
// may: anything else is a Conflict.
func (s *Store) Send(ctx context.Context, actor auth.Actor, editionID string, sent Sent) (err error) {
	defer errs.Wrap(&err, "note sending of %s", editionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, editionID); err != nil {
		return err
	}
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	if err := sent.tidy(); err != nil {
		return err
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readEdition(ctx, tx, editionID)
		if err != nil {
			return err
		}
		d, err := lockDocument(ctx, tx, e.DocumentID)
		if err != nil {
			return err
		}
		if d.LiveID != e.ID || d.LiveState != Published {
			return errs.New(errs.Conflict, "只有正在网站上的一版才能往外发。请先发布，或者回到文档看看哪一版在线上。", "edition %s is not live", e.ID)
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO sending (id, document_id, edition_id, number, hash, channel, place, copies, note, at, actor, actor_name, recalled_at, recalled_name)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, '')`,
			db.NewID(), d.ID, e.ID, e.Number, e.Text.Hash(), sent.Channel, sent.Place, sent.Copies, sent.Note, s.now().UnixMilli(), actor.ID, actor.Name)
		s.cfg.Ledger.Record(tx, actor.Entry("document.send", "document:"+d.ID, "《"+e.Title+"》"+e.Label()+"发到"+sent.Channel.Label()+sent.Place))
		return err
	})
}

// Recalled notes that what went out was corrected or taken back there. Once noted
// it stays.
func (s *Store) Recalled(ctx context.Context, actor auth.Actor, id string) (err error) {
	defer errs.Wrap(&err, "note recall of sending %s", id)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfSending, id); err != nil {
		return err
	}
	if err := actor.Must(auth.Write); err != nil {
		return err
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var r sendingRow
		if err := db.Get(ctx, tx, &r, sendingSelect+`WHERE s.id = $1`, id); err != nil {
			if errs.Is(err, errs.NotFound) {
				err = errs.New(errs.NotFound, "台账里没有这一条。请刷新页面再看。", "%w", err)
			}
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE sending SET recalled_at = $2, recalled_name = $3 WHERE id = $1 AND recalled_at IS NULL`, id, s.now().UnixMilli(), actor.Name)
		if err != nil || n == 0 { // somebody did already
			return err
		}
		s.cfg.Ledger.Record(tx, actor.Entry("document.recall_sending", "document:"+r.DocumentID, "《"+r.Title+"》"+r.sending().Edition()+"在"+r.Channel.Label()+r.Place+"已更正或收回"))
		return nil
	})
}

// Sendings lists what of a document went where, newest first.
func (s *Store) Sendings(ctx context.Context, documentID string) (_ []Sending, err error) {
	defer errs.Wrap(&err, "list sendings of %s", documentID)
	return s.sendings(ctx, sendingSelect+`WHERE s.document_id = $1 ORDER BY s.at DESC, s.id DESC`, documentID)
}

// OutdatedSendings lists where texts still stand that readers no longer get here:
// what a correction has to reach. Newest first, up to 200.
func (s *Store) OutdatedSendings(ctx context.Context, actor auth.Actor) (_ []Sending, err error) {
	defer errs.Wrap(&err, "list outdated sendings")
	columns, args := inColumns(actor, "d.head_column", 0)
	return s.sendings(ctx, sendingSelect+`WHERE s.recalled_at IS NULL AND NOT (d.live_id = s.edition_id AND d.live_state = 'published')`+columns+`
		ORDER BY s.at DESC, s.id DESC LIMIT 200`, args...)
}

func (s *Store) sendings(ctx context.Context, query string, args ...any) ([]Sending, error) {
	var rows []sendingRow
	err := db.Select(ctx, s.cfg.DB.Reader(), &rows, query, args...)
	list := make([]Sending, len(rows))
	for i, r := range rows {
		list[i] = r.sending()
	}
	return list, err
}
