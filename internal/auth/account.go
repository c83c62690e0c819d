package auth

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

// Config says how long a sign-in lasts.
type Config struct {
	Vault    *vault.Vault  // seals the secrets of second factors
	Idle     time.Duration // without a request; 0 is 30 minutes
	Lifetime time.Duration // in all; 0 is 12 hours
	Now      func() time.Time
}

// Store keeps accounts, signed-in sessions and failed attempts.
type Store struct {
	db     *db.DB
	ledger *ledger.Ledger
	cfg    Config
}

// New makes a store.
func New(d *db.DB, l *ledger.Ledger, cfg Config) *Store {
	if cfg.Idle == 0 {
		cfg.Idle = 30 * time.Minute
	}
	if cfg.Lifetime == 0 {
		cfg.Lifetime = 12 * time.Hour
	}
	return &Store{db: d, ledger: l, cfg: cfg}
}

// Account is a member of the staff.
type Account struct {
	ID      string
	Name    string // to sign in with
	Display string // shown beside what they did
	Rights
	Disabled   bool
	MustChange bool // the password was given by somebody else, or is too old
	Aged       bool // it is too old
	MustFactor bool // a role wants a second factor, and there is none yet
	HasFactor  bool
	CreatedAt  time.Time
}

// Actor is the account as it acts.
func (a Account) Actor() Actor {
	return Actor{ID: a.ID, Name: a.Display, Roles: a.Roles, Towns: a.Towns, Columns: a.Columns}
}

type accountRow struct {
	ID         string `db:"id"`
	Name       string `db:"name"`
	Display    string `db:"display"`
	Password   string `db:"password"`
	Roles      string `db:"roles"`
	Towns      string `db:"towns"`
	Columns    string `db:"columns"`
	Disabled   bool   `db:"disabled"`
	MustChange bool   `db:"must_change"`
	CreatedAt  int64  `db:"created_at"`
	PasswordAt int64  `db:"password_at"`
	TOTPSecret string `db:"totp_secret"`
	TOTPWanted string `db:"totp_wanted"`
	TOTPAt     *int64 `db:"totp_at"`
}

const accountColumns = `a.id, a.name, a.display, a.password, a.roles, a.towns, a.columns, a.disabled, a.must_change, a.created_at,
	a.password_at, a.totp_secret, a.totp_wanted, a.totp_at`

func (r accountRow) account() (Account, error) {
	a := Account{ID: r.ID, Name: r.Name, Display: r.Display, Disabled: r.Disabled, MustChange: r.MustChange, HasFactor: r.TOTPAt != nil, CreatedAt: db.Time(&r.CreatedAt)}
	for _, list := range []struct {
		text string
		to   any
	}{{r.Roles, &a.Roles}, {r.Towns, &a.Towns}, {r.Columns, &a.Columns}} {
		if err := db.FromJSON(list.text, list.to); err != nil {
			return a, err
		}
	}
	return a, nil
}

// NewAccount is the form of a new member.
type NewAccount struct {
	Name, Display, Password string
	Rights
	MustChange bool
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

func (n *NewAccount) normalize() error {
	n.Name = strings.ToLower(strings.TrimSpace(n.Name))
	n.Display = strings.TrimSpace(n.Display)
	if n.Display == "" {
		n.Display = n.Name
	}
	if !namePattern.MatchString(n.Name) {
		return errs.Bad("name", "用户名用 2 到 32 个小写字母、数字、点或横线，以字母开头。")
	}
	if utf8.RuneCountInString(n.Display) > 30 {
		return errs.Bad("display", "姓名最多 30 个字。")
	}
	if err := n.Rights.normalize(); err != nil {
		return err
	}
	return validPassword(n.Name, n.Display, n.Password)
}

// Add creates an account.
func (s *Store) Add(ctx context.Context, actor Actor, n NewAccount) (_ Account, err error) {
	defer errs.Wrap(&err, "add account")
	if err := actor.Must(Users); err != nil {
		return Account{}, err
	}
	if err := n.normalize(); err != nil {
		return Account{}, err
	}
	id, hash, now := db.NewID(), hashPassword(n.Password), s.cfg.Now().UnixMilli()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO account (id, name, display, password, roles, towns, columns, disabled, must_change, password_at, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $9, $9, $9)`, id, n.Name, n.Display, hash, db.JSON(n.Roles),
			db.JSON(n.Towns), db.JSON(n.Columns), n.MustChange, now)
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, "已有这个用户名，请换一个。", "account name taken: %w", err)
		}
		s.ledger.Record(tx, actor.Entry("user.add", "user:"+id, "新建账号 "+n.Name))
		return err
	})
	if err != nil {
		return Account{}, err
	}
	return s.ByID(ctx, id)
}

// EnsureAdmin makes the account admin on an empty installation and reports
// whether it did.
func (s *Store) EnsureAdmin(ctx context.Context, password string, mustChange bool) (bool, error) {
	var n int
	if err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM account`); err != nil || n > 0 {
		return false, err
	}
	_, err := s.Add(ctx, System(), NewAccount{Name: "admin", Display: "管理员", Password: password, Rights: Rights{Roles: []Role{Admin}}, MustChange: mustChange})
	if errs.Is(err, errs.Conflict) { // another node was first
		return false, nil
	}
	return err == nil, err
}

// List names all accounts by name.
func (s *Store) List(ctx context.Context) (_ []Account, err error) {
	defer errs.Wrap(&err, "list accounts")
	var rows []accountRow
	if err := db.Select(ctx, s.db.Reader(), &rows, `SELECT `+accountColumns+` FROM account a ORDER BY a.name`); err != nil {
		return nil, err
	}
	accounts := make([]Account, len(rows))
	for i, r := range rows {
		if accounts[i], err = r.account(); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// ByID finds an account.
func (s *Store) ByID(ctx context.Context, id string) (Account, error) {
	return s.one(ctx, `a.id = $1`, id)
}

// ByName finds an account by what one types to sign in.
func (s *Store) ByName(ctx context.Context, name string) (Account, error) {
	return s.one(ctx, `a.name = $1`, strings.ToLower(strings.TrimSpace(name)))
}

// row is an account with what only this package may see.
func (s *Store) row(ctx context.Context, id string) (r accountRow, err error) {
	err = db.Get(ctx, s.db.Reader(), &r, `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, id)
	return r, err
}

// actorOf is the account of a row as it acts; for the books only, without rights.
func actorOf(r accountRow) Actor { return Actor{ID: r.ID, Name: r.Display} }

func (s *Store) one(ctx context.Context, where string, arg any) (_ Account, err error) {
	defer errs.Wrap(&err, "find account")
	var r accountRow
	if err := db.Get(ctx, s.db.Reader(), &r, `SELECT `+accountColumns+` FROM account a WHERE `+where, arg); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = errs.New(errs.NotFound, "没有这个账号，请检查用户名。", "%w", err)
		}
		return Account{}, err
	}
	return r.account()
}

// SetPassword gives an account a new password and signs it out everywhere.
// mustChange asks its owner to choose their own at the next sign-in.
func (s *Store) SetPassword(ctx context.Context, actor Actor, id, password string, mustChange bool) (err error) {
	defer errs.Wrap(&err, "set password of %s", id)
	if actor.ID != id {
		if err := actor.Must(Users); err != nil {
			return err
		}
	}
	a, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	if err := validPassword(a.Name, a.Display, password); err != nil {
		return err
	}
	if err := s.fresh(ctx, id, password); err != nil {
		return err
	}
	hash := hashPassword(password)
	return s.change(ctx, actor, id, "user.password", "修改 "+a.Name+" 的密码",
		`UPDATE account SET password = $2, must_change = $3, updated_at = $4, password_at = $4 WHERE id = $1`, hash, mustChange, s.cfg.Now().UnixMilli())
}

// ChangePassword lets the owner change it, who must know the old one.
func (s *Store) ChangePassword(ctx context.Context, actor Actor, old, password string) error {
	var hash string
	if err := db.Get(ctx, s.db.Reader(), &hash, `SELECT password FROM account WHERE id = $1`, actor.ID); err != nil {
		return err
	}
	if !checkPassword(hash, old) {
		return errs.Bad("old", "原密码不对，请重新输入。")
	}
	return s.SetPassword(ctx, actor, actor.ID, password, false)
}

// SetRights changes what an account may do, and where.
func (s *Store) SetRights(ctx context.Context, actor Actor, id string, r Rights) (err error) {
	defer errs.Wrap(&err, "set rights of %s", id)
	if err := actor.Must(Users); err != nil {
		return err
	}
	if err := r.normalize(); err != nil {
		return err
	}
	a, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, id, "user.roles", "修改 "+a.Name+" 的角色和范围："+r.String(),
		`UPDATE account SET roles = $2, towns = $3, columns = $4, updated_at = $5 WHERE id = $1`,
		db.JSON(r.Roles), db.JSON(r.Towns), db.JSON(r.Columns), s.cfg.Now().UnixMilli())
}

// SetDisabled locks an account out, or lets it in again.
func (s *Store) SetDisabled(ctx context.Context, actor Actor, id string, disabled bool) (err error) {
	defer errs.Wrap(&err, "disable %s", id)
	if err := actor.Must(Users); err != nil {
		return err
	}
	a, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	summary := "启用账号 " + a.Name
	if disabled {
		summary = "停用账号 " + a.Name
	}
	return s.change(ctx, actor, id, "user.disable", summary,
		`UPDATE account SET disabled = $2, updated_at = $3 WHERE id = $1`, disabled, s.cfg.Now().UnixMilli())
}

// change updates one account, signs it out everywhere, and refuses to leave the
// installation without an administrator.
func (s *Store) change(ctx context.Context, actor Actor, id, action, summary, update string, args ...any) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if action == "user.password" {
			if err := s.leavePassword(ctx, tx, id); err != nil {
				return err
			}
		}
		if _, err := db.Exec(ctx, tx, update, append([]any{id}, args...)...); err != nil {
			return err
		}
		var admins int
		err := db.Get(ctx, tx, &admins, `SELECT count(*) FROM account WHERE NOT disabled AND roles LIKE '%"admin"%'`)
		if err != nil {
			return err
		}
		if admins == 0 {
			return errs.New(errs.Conflict, "至少要留一个能用的管理员账号，请先设置另一个管理员。", "no administrator would be left")
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE account = $1`, id); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry(action, "user:"+id, summary))
		return nil
	})
}
