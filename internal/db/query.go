package db

import (
	"context"
	"database/sql"
	"strings"

	"github.com/georgysavva/scany/v2/sqlscan"

	"github.com/songfa/songfa/internal/errs"
)

// Queryer is what a [Reader] and a [Tx] have in common.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Reader reads from the database outside a transaction.
type Reader struct {
	db    *sql.DB
	stmts *stmtCache // nil on PostgreSQL, whose driver keeps its own
}

// QueryContext implements Queryer.
func (r *Reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := refuseNUL(args); err != nil {
		return nil, err
	}
	if r.stmts == nil {
		return r.db.QueryContext(ctx, query, args...)
	}
	st, err := r.stmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// ExecContext implements Queryer only to refuse: writing goes through Update.
func (r *Reader) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, errs.New(errs.Internal, "", "db: write outside Update")
}

// Select reads all rows into dst, a pointer to a slice of structs (columns by
// `db:"name"` tag or snake_case field name) or of plain values.
func Select(ctx context.Context, q Queryer, dst any, query string, args ...any) error {
	return classify(sqlscan.Select(ctx, q, dst, query, args...))
}

// Get reads exactly one row into dst; no row is a NotFound.
func Get(ctx context.Context, q Queryer, dst any, query string, args ...any) error {
	return classify(sqlscan.Get(ctx, q, dst, query, args...))
}

// Exec runs a statement and returns how many rows it changed.
func Exec(ctx context.Context, q Queryer, query string, args ...any) (int64, error) {
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, classify(err)
	}
	n, err := res.RowsAffected()
	return n, classify(err)
}

// In expands a list for `column IN (…)`: it returns "$n,$n+1,…" starting after
// the given number of earlier arguments, and the arguments.
func In[T any](after int, values []T) (string, []any) {
	var b strings.Builder
	args := make([]any, len(values))
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(Placeholder(after + i + 1))
		args[i] = v
	}
	return b.String(), args
}

// refuseNUL keeps the byte 0 out of text: PostgreSQL cannot hold it, and SQLite
// would cut the text there when others read it.
func refuseNUL(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && strings.IndexByte(s, 0) >= 0 {
			return errs.New(errs.Invalid, "内容中有无法保存的特殊字符，请删除后再试。", "NUL byte in a query argument")
		}
	}
	return nil
}
