package db

import (
	"context"
	"database/sql"
	"strconv"
	"sync"
)

// maxStmts bounds the cache. Our SQL is a few hundred fixed texts; only lists
// of varying length make new ones, and those are simply not kept past it.
const maxStmts = 500

// stmtCache keeps prepared statements by their text. Preparing costs more than
// running a small statement.
type stmtCache struct {
	prepare func(context.Context, string) (*sql.Stmt, error)
	mu      sync.RWMutex
	stmts   map[string]*sql.Stmt
}

func newStmtCache(prepare func(context.Context, string) (*sql.Stmt, error)) *stmtCache {
	return &stmtCache{prepare: prepare, stmts: make(map[string]*sql.Stmt)}
}

func (c *stmtCache) get(ctx context.Context, query string) (*sql.Stmt, error) {
	c.mu.RLock()
	st := c.stmts[query]
	c.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	st, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if had := c.stmts[query]; had != nil {
		st.Close()
		return had, nil
	}
	if len(c.stmts) >= maxStmts {
		for q, old := range c.stmts { // any one: the map's order is random
			old.Close()
			delete(c.stmts, q)
			break
		}
	}
	c.stmts[query] = st
	return st, nil
}

func (c *stmtCache) close() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for q, st := range c.stmts {
		st.Close()
		delete(c.stmts, q)
	}
}

// Placeholder is "$n".
func Placeholder(n int) string { return "$" + strconv.Itoa(n) }
