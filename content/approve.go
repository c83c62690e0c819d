package content

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// A link to one decision lives as long as this, and dies of so many wrong codes.
const (
	LinkLife  = 48 * time.Hour
	linkTries = 5
)

// Link leads a leader's phone to one decision: one stage, of one text. What is
// kept of it opens nothing: token and code are only known by their hashes.
type Link struct {
	ID, EditionID, DocumentID string
	Stage                     string
	Hash                      string // of the text it is about
	Person, Name              string
	Password                  bool // the second factor is the account's own password, not a code
	Made, Expires             time.Time
	MadeBy, MadeName          string
	Used, Dead                time.Time
}

// Alive reports whether it can still be used.
func (l Link) Alive(now time.Time) bool {
	return l.Used.IsZero() && l.Dead.IsZero() && now.Before(l.Expires)
}

// NewLink is a link as its maker sees it, once.
type NewLink struct {
	Link
	Token string // the last part of /approve/{token}
	Code  string // six digits, to be told by another way; "" when the account's password is asked
}

type linkRow struct {
	ID         string `db:"id"`
	EditionID  string `db:"edition_id"`
	DocumentID string `db:"document_id"`
	Stage      string `db:"stage"`
	Hash       string `db:"hash"`
	Person     string `db:"person"`
	Name       string `db:"name"`
	CodeHash   string `db:"code_hash"`
	MadeBy     string `db:"made_by"`
	MadeName   string `db:"made_name"`
	MadeAt     int64  `db:"made_at"`
	ExpiresAt  int64  `db:"expires_at"`
	UsedAt     *int64 `db:"used_at"`
	DeadAt     *int64 `db:"dead_at"`
}

const linkColumns = `id, edition_id, document_id, stage, hash, person, name, code_hash, made_by, made_name, made_at, expires_at, used_at, dead_at`

func (r linkRow) link() Link {
	return Link{ID: r.ID, EditionID: r.EditionID, DocumentID: r.DocumentID, Stage: r.Stage, Hash: r.Hash, Person: r.Person, Name: r.Name,
		Password: r.CodeHash == "", Made: time.UnixMilli(r.MadeAt).UTC(), Expires: time.UnixMilli(r.ExpiresAt).UTC(),
		MadeBy: r.MadeBy, MadeName: r.MadeName, Used: db.Time(r.UsedAt), Dead: db.Time(r.DeadAt)}
}

// MakeLink makes a link for a person to decide on the stage that waits. Whoever
// submitted the text, whoever reviewed it before, and publishers may. Older
// links to the same stage end.
func (s *Store) MakeLink(ctx context.Context, actor auth.Actor, editionID string, version int64, person string) (n NewLink, err error) {
	defer errs.Wrap(&err, "make link for edition %s", editionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, editionID); err != nil {
		return n, err
	}
	who, err := s.actorOf(ctx, person)
	if err != nil {
		return n, err
	}
	e, err := s.Edition(ctx, editionID)
	if err != nil {
		return n, err
	}
	switch {
	case e.Version != version:
		return n, stale(e, version)
	case !mayInvite(actor, e):
		return n, errs.New(errs.Forbidden, "审批链接由提交人、前一步的审核人或有发布权限的同事生成。", "actor %s neither submitted nor reviewed", actor.ID)
	case e.State != Submitted && !e.Review.Urgent.Open():
		return n, errs.New(errs.Conflict, "这一篇现在不在审核中，不用生成链接。", "edition is %s", e.State)
	case !e.Review.Clear():
		return n, errs.New(errs.Conflict, "还没有做保密审查，不能请领导审批。", "edition is not cleared")
	}
	if err := e.Review.Refusal(who, e.Trail); err != nil {
		return n, errs.New(errs.Conflict, "“"+e.Review.Current().Name+"”这一步不能请"+who.Name+"审：可能不在名单里，或者写过、审过这一篇。", "%w", err)
	}
	n = s.newLink(actor, who, e)
	return n, s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.putLink(ctx, tx, actor, n) })
}

func mayInvite(actor auth.Actor, e Edition) bool {
	if actor.Can(auth.Publish) {
		return true
	}
	if sub, ok := e.Last(ActSubmit); ok && sub.Actor == actor.ID {
		return true
	}
	for _, p := range e.Review.Passed {
		if p.Person == actor.ID {
			return true
		}
	}
	return false
}

func (s *Store) newLink(actor, who auth.Actor, e Edition) NewLink {
	n := NewLink{Token: strings.ToLower(rand.Text()), Link: Link{ID: db.NewID(), EditionID: e.ID, DocumentID: e.DocumentID,
		Stage: e.Review.Current().Name, Hash: e.Hash(), Person: who.ID, Name: who.Name, Made: s.now(), Expires: s.now().Add(LinkLife),
		MadeBy: actor.ID, MadeName: actor.Name}}
	if n.Password = !strings.HasPrefix(who.ID, approverPrefix) && s.cfg.Verify != nil; !n.Password {
		digits, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			panic(err) // the machine has no randomness
		}
		n.Code = fmt.Sprintf("%06d", digits)
	}
	return n
}

func (s *Store) putLink(ctx context.Context, tx *db.Tx, actor auth.Actor, n NewLink) error {
	_, err := db.Exec(ctx, tx, `UPDATE approval_link SET dead_at = $3 WHERE edition_id = $1 AND stage = $2 AND used_at IS NULL AND dead_at IS NULL`,
		n.EditionID, n.Stage, n.Made.UnixMilli())
	if err != nil {
		return err
	}
	code := ""
	if !n.Password {
		code = s.codeHash(n.ID, n.Code)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO approval_link (`+linkColumns+`, token_hash, tries)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, NULL, $13, 0)`,
		n.ID, n.EditionID, n.DocumentID, n.Stage, n.Hash, n.Person, n.Name, code, n.MadeBy, n.MadeName,
		n.Made.UnixMilli(), n.Expires.UnixMilli(), tokenHash(n.Token))
	s.cfg.Ledger.Record(tx, actor.Entry("document.link", "document:"+n.DocumentID, "生成审批链接：请"+n.Name+"审“"+n.Stage+"”"))
	return err
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte("approve\n" + strings.ToLower(token)))
	return hex.EncodeToString(sum[:])
}

// codeHash needs the server's secret: a million codes are tried in no time by
// who has only the table.
func (s *Store) codeHash(link, code string) string { return s.linkMAC("code", link, code) }

// linkPass is what the browser keeps once the code was right.
func (s *Store) linkPass(link string) string { return s.linkMAC("pass", link, "") }

func (s *Store) linkMAC(use, link, value string) string {
	mac := hmac.New(sha256.New, s.cfg.Secret)
	mac.Write([]byte("songfa approve " + use + "\n" + link + "\n" + value))
	return hex.EncodeToString(mac.Sum(nil))
}

// Links lists the links of an edition, newest first.
func (s *Store) Links(ctx context.Context, editionID string) (_ []Link, err error) {
	defer errs.Wrap(&err, "list links of %s", editionID)
	var rows []linkRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+linkColumns+` FROM approval_link WHERE edition_id = $1 ORDER BY made_at DESC, id DESC`, editionID)
	list := make([]Link, len(rows))
	for i, r := range rows {
		list[i] = r.link()
	}
	return list, err
}

// OpenLink finds the link of a token. One that is used, dead or over is Gone,
// with the link in the answer where it was used.
func (s *Store) OpenLink(ctx context.Context, token string) (_ Link, err error) {
	l, _, err := s.openLink(ctx, token)
	return l, err
}

func (s *Store) openLink(ctx context.Context, token string) (l Link, code string, err error) {
	defer errs.Wrap(&err, "open approval link")
	var r linkRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+linkColumns+` FROM approval_link WHERE token_hash = $1`, tokenHash(token))
	if errs.Is(err, errs.NotFound) {
		return l, "", errs.New(errs.NotFound, "没有这个审批链接。请核对地址是不是复制完整，或向发送人要一个新的。", "no such link")
	}
	if err != nil {
		return l, "", err
	}
	l = r.link()
	switch {
	case !l.Used.IsZero():
		return l, "", errs.New(errs.Gone, "您已经审过这一篇，链接只能用一次。谢谢。", "link %s is used", l.ID)
	case !l.Dead.IsZero():
		return l, "", errs.New(errs.Gone, "这个链接已经作废。请向发送人要一个新的。", "link %s is dead", l.ID)
	case !s.now().Before(l.Expires):
		return l, "", errs.New(errs.Gone, "链接已经过了 48 小时。请向发送人要一个新的。", "link %s is over", l.ID)
	}
	return l, r.CodeHash, nil
}

// EnterLink trades the code, or the account's password, for the pass that the
// browser keeps. Each try counts before it is looked at; five wrong ones end the
// link for good.
func (s *Store) EnterLink(ctx context.Context, token, secret, address string) (_ Link, pass string, err error) {
	defer errs.Wrap(&err, "enter approval link")
	l, code, err := s.openLink(ctx, token)
	if err != nil {
		return l, "", err
	}
	left, err := s.tryLink(ctx, l)
	if err != nil {
		return l, "", err
	}
	if l.Password {
		err = s.cfg.Verify(ctx, l.Person, secret, address)
	} else if !hmac.Equal([]byte(s.codeHash(l.ID, digits(secret))), []byte(code)) {
		err = errs.New(errs.Invalid, "", "wrong code")
	}
	if err == nil {
		_, err = s.actorOf(ctx, l.Person)
		if err == nil {
			err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `UPDATE approval_link SET tries = tries - 1, dead_at = NULL WHERE id = $1 AND used_at IS NULL`, l.ID)
				return err
			})
		}
		return l, s.linkPass(l.ID), err
	}
	if !errs.Is(err, errs.Invalid) {
		return l, "", err
	}
	return l, "", s.wrongCode(ctx, l, left)
}

// tryLink counts a try and says how many are left after it.
func (s *Store) tryLink(ctx context.Context, l Link) (left int, err error) {
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var tries int
		err := db.Get(ctx, tx, &tries, `UPDATE approval_link SET tries = tries + 1 WHERE id = $1 AND tries < $2 AND dead_at IS NULL RETURNING tries`, l.ID, linkTries)
		left = linkTries - tries
		return err
	})
	if errs.Is(err, errs.NotFound) {
		return 0, errs.New(errs.Gone, "这个链接已经作废。请向发送人要一个新的。", "link %s has no tries left", l.ID)
	}
	return left, err
}

func (s *Store) wrongCode(ctx context.Context, l Link, left int) error {
	word := "口令"
	if l.Password {
		word = "密码"
	}
	if left > 0 {
		return errs.Bad("code", fmt.Sprintf("%s不对，请核对后再输。还能试 %d 次，都不对链接就作废。", word, left))
	}
	err := s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE approval_link SET dead_at = $2 WHERE id = $1 AND dead_at IS NULL`, l.ID, s.now().UnixMilli())
		s.cfg.Ledger.Record(tx, auth.System().Entry("document.link_dead", "document:"+l.DocumentID, "审批链接（"+l.Name+"）连错五次，已作废"))
		return err
	})
	if err != nil {
		return err
	}
	return errs.New(errs.Gone, word+"连错五次，链接已经作废。请向发送人要一个新的。", "link %s died of wrong codes", l.ID)
}

// digits reads a code as people type it.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, typed)
}

// Asked is what a leader decides on.
type Asked struct {
	Link    Link
	Live                  // the text as readers will get it
	Stage   Stage         // the question
	Changes []FieldChange // since the last decision on this text; nil when there was none
	Since   *ReviewEntry  // that decision
	Marks   []Mark
	Found   []Finding // by the machine checks, without hints
}

// AskedBy opens what a link leads to, to the browser that has entered it. A
// wrong pass is SignIn: the code is asked for again.
func (s *Store) AskedBy(ctx context.Context, token, pass string) (a Asked, err error) {
	defer errs.Wrap(&err, "open approval")
	l, err := s.OpenLink(ctx, token)
	if err != nil {
		return Asked{Link: l}, err
	}
	if !hmac.Equal([]byte(pass), []byte(s.linkPass(l.ID))) {
		return Asked{Link: l}, errs.New(errs.SignIn, "请输入口令。", "no pass for the link")
	}
	a.Link = l
	if a.Edition, err = s.Edition(ctx, l.EditionID); err != nil {
		return a, err
	}
	if a.Document, err = s.Document(ctx, l.DocumentID); err != nil {
		return a, err
	}
	if a.Edition.Hash() != l.Hash || a.Review.Current().Name != l.Stage {
		return a, errs.New(errs.Gone, "链接发出以后，文字又改过，或者这一步已经由别人审了。请等新的链接。", "link %s is of another text or stage", l.ID)
	}
	a.Stage = a.Review.Current()
	if a.Changes, a.Since, err = s.ChangedSince(ctx, a.Edition); err != nil {
		return a, err
	}
	if a.Marks, err = s.Marks(ctx, l.EditionID); err != nil {
		return a, err
	}
	a.Found, err = s.Noted(ctx, a.Document, a.Text)
	return a, err
}

// Noted are the findings that a reviewer is shown: hints are for the author alone.
func (s *Store) Noted(ctx context.Context, d Document, t Text) ([]Finding, error) {
	list, err := s.Findings(ctx, d, t)
	return slices.DeleteFunc(list, func(f Finding) bool { return f.Severity == proof.Hint }), err
}

// Decide takes the one decision of a link; the rules are those of the desk.
func (s *Store) Decide(ctx context.Context, token, pass string, approve bool, d Decision) (e Edition, err error) {
	defer errs.Wrap(&err, "decide by link")
	a, err := s.AskedBy(ctx, token, pass)
	if err != nil {
		return e, err
	}
	who, err := s.actorOf(ctx, a.Link.Person)
	if err != nil {
		return e, err
	}
	r, err := s.render(ctx, a.Text)
	if err != nil {
		return e, err
	}
	c := change{action: ActApprove, remark: oneLine(d.Remark), way: ByPhone, rendering: &r, note: "手机链接，由" + a.Link.MadeName + "生成"}
	if !approve {
		c.action, c.remark, c.reason, c.reasons = ActReturn, "", d.sentence(), d.Reasons
		if a.State == Published {
			c.action = ActRefuse
		}
	}
	if c.blockers, err = s.blockers(ctx, who, a.Edition, c.action); err != nil {
		return e, err
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE approval_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND dead_at IS NULL AND expires_at > $2`,
			a.Link.ID, s.now().UnixMilli())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Gone, "您已经审过这一篇，链接只能用一次。谢谢。", "link %s is used", a.Link.ID)
		}
		w, err := s.begin(ctx, tx, who)
		if err != nil {
			return err
		}
		e, err = w.step(ctx, a.Edition.ID, a.Edition.Version, c)
		return err
	})
	return e, err
}
