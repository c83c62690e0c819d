package content

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Rights by column: who is bound to some columns has to do with the texts that
// name one of them, and with no others. A text without a column is for those who
// are bound to none.

// ours refuses a text of another column than the actor's.
func ours(actor auth.Actor, column string) error {
	if actor.InColumn(column) {
		return nil
	}
	return errs.New(errs.Forbidden, "这一篇不在您负责的栏目里。要改的请联系那个栏目的编辑，或者请管理员调整您的栏目。", "actor %s is not in column %q", actor.ID, column)
}

// into refuses to put a text where the actor has no say.
func into(actor auth.Actor, column string) error {
	if actor.InColumn(column) {
		return nil
	}
	return errs.Bad("column", "您的账号只负责部分栏目，请选其中的一个栏目。")
}

// oursBy is ours for the text that a query finds by id. What does not exist is
// left to the use case.
func oursBy(ctx context.Context, q db.Queryer, actor auth.Actor, query, id string) error {
	if len(actor.Columns) == 0 {
		return nil
	}
	var column string
	err := db.Get(ctx, q, &column, query, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return ours(actor, column)
}

// Where the column of a row is read.
const (
	columnOfEdition  = `SELECT column_slug FROM editions WHERE id = $1`
	columnOfDocument = `SELECT head_column FROM documents WHERE id = $1`
	columnOfSending  = `SELECT e.column_slug FROM sending s JOIN editions e ON e.id = s.edition_id WHERE s.id = $1`
	columnOfMark     = `SELECT e.column_slug FROM mark m JOIN editions e ON e.id = m.edition_id WHERE m.id = $1`
)

// EditionFor is Edition for the staff of its column.
func (s *Store) EditionFor(ctx context.Context, actor auth.Actor, id string) (Edition, error) {
	e, err := s.Edition(ctx, id)
	if err == nil {
		err = ours(actor, e.Column)
	}
	if err != nil {
		return Edition{}, err
	}
	return e, nil
}

// DocumentFor is Document for the staff of the column its newest edition is in.
func (s *Store) DocumentFor(ctx context.Context, actor auth.Actor, id string) (Document, error) {
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfDocument, id); err != nil {
		return Document{}, err
	}
	return s.Document(ctx, id)
}

// EditionsFor is Editions as far as they are in the actor's columns: a document
// may have been in another before.
func (s *Store) EditionsFor(ctx context.Context, actor auth.Actor, documentID string) ([]Edition, error) {
	list, err := s.Editions(ctx, documentID)
	return slices.DeleteFunc(list, func(e Edition) bool { return !actor.InColumn(e.Column) }), err
}

// ColumnsFor lists the columns somebody may choose from.
func (s *Store) ColumnsFor(ctx context.Context, actor auth.Actor) ([]Column, error) {
	list, err := s.Columns(ctx)
	return slices.DeleteFunc(list, func(c Column) bool { return !actor.InColumn(c.Slug) }), err
}

// inColumns narrows a query to the actor's columns; "" for who is bound to none.
func inColumns(actor auth.Actor, column string, n int) (cond string, args []any) {
	if len(actor.Columns) == 0 {
		return "", nil
	}
	list, args := db.In(n, actor.Columns)
	return " AND " + column + " IN (" + list + ")", args
}
