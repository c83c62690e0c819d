package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Mark names a column as it is: a form that carries an old one is stale.
func (c Column) Mark() string {
	sum := sha256.Sum256([]byte(db.JSON(c)))
	return hex.EncodeToString(sum[:8])
}

// Column finds one by its slug.
func (s *Store) Column(ctx context.Context, slug string) (Column, error) {
	columns, err := s.Columns(ctx)
	if err != nil {
		return Column{}, err
	}
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Slug == slug })
	if i < 0 {
		return Column{}, errs.New(errs.NotFound, "没有这个栏目，可能已被去掉。请回到栏目列表查看。", "no column %q", slug)
	}
	return columns[i], nil
}

// SaveColumn makes a column, when seen is "", or changes the one that had the
// Mark seen. A slug is for ever. Texts in review go by the new stages at once:
// an approval counts for the stage that has its name.
func (s *Store) SaveColumn(ctx context.Context, actor auth.Actor, seen string, c Column) (_ Column, err error) {
	defer errs.Wrap(&err, "save column %q", c.Slug)
	if err := actor.Must(auth.Import); err != nil {
		return c, err
	}
	if c.Owner == "" {
		c.OwnerName = ""
	}
	c.Name, c.Intro, c.Review = oneLine(c.Name), oneLine(c.Intro), c.Review.tidy()
	if err := checkColumn(c).err(); err != nil {
		return c, err
	}
	summary := "修改栏目“" + c.Name + "”"
	if seen == "" {
		summary = "新建栏目“" + c.Name + "”"
	}
	return c, s.changeColumns(ctx, actor, summary, func(columns []Column) ([]Column, error) {
		i := slices.IndexFunc(columns, func(old Column) bool { return old.Slug == c.Slug })
		switch {
		case i >= 0 && seen == "":
			return nil, errs.Bad("slug", "已有代号是“"+c.Slug+"”的栏目，请换一个。")
		case i >= 0 && columns[i].Mark() != seen, i < 0 && seen != "":
			return nil, errs.New(errs.Conflict, "这个栏目刚被别人改过。请对照现在的设置，再改一次。", "column %s was changed", c.Slug)
		case i >= 0:
			columns[i] = c
			return columns, nil
		}
		return append(columns, c), nil
	})
}

// DeleteColumn takes a column away that no text names.
func (s *Store) DeleteColumn(ctx context.Context, actor auth.Actor, slug string) (err error) {
	defer errs.Wrap(&err, "delete column %q", slug)
	if err := actor.Must(auth.Import); err != nil {
		return err
	}
	return s.changeColumns(ctx, actor, "去掉栏目“"+slug+"”", func(columns []Column) ([]Column, error) {
		return slices.DeleteFunc(columns, func(c Column) bool { return c.Slug == slug }), nil
	})
}

func (s *Store) changeColumns(ctx context.Context, actor auth.Actor, summary string, change func([]Column) ([]Column, error)) error {
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		columns, err := readColumns(ctx, tx)
		if err != nil {
			return err
		}
		if columns, err = change(columns); err != nil {
			return err
		}
		if err := replaceColumns(ctx, tx, columns); err != nil {
			return err
		}
		if err := rehouse(ctx, tx, columns); err != nil {
			return err
		}
		s.cfg.Ledger.Record(tx, actor.Entry("site.columns", "site:columns", summary), ledger.Change{Kind: "site", ID: "columns"})
		return nil
	})
}

func checkColumn(c Column) Problems {
	var ps Problems
	if !ValidSlug(c.Slug) {
		ps.add("slug", "代号只用小写字母、数字和中间的短横线，例如 yi-an-shi-fa。")
	}
	if n := utf8.RuneCountInString(c.Name); n == 0 || n > 20 {
		ps.add("name", "请写栏目的名称，最多 20 个字。")
	}
	if utf8.RuneCountInString(c.Intro) > maxLine {
		ps.add("intro", "介绍最多 500 个字，请缩短。")
	}
	if slices.ContainsFunc(c.Kinds, func(k Kind) bool { return !k.Valid() }) {
		ps.add("kinds", "没有这个类别，请从列表中选择。")
	}
	if c.Owner != "" && c.OwnerName == "" {
		ps.add("owner", "没有这个账号，请从列表里选负责人。")
	}
	return append(append(ps, checkPromise(c)...), c.Review.check()...)
}

// checkPromise checks what an inspection goes by.
func checkPromise(c Column) Problems {
	var ps Problems
	if c.Rhythm < 0 || c.Rhythm > maxRhythm {
		ps.add("rhythm", "几天更新一次请写 0 到 3650 的整数，0 是不承诺。")
	}
	if c.Watch != "" && !slices.Contains(Watches, c.Watch) {
		ps.add("watch", "没有这种检查口径，请从列表里选。")
	}
	return ps
}
