package stock

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Shortage is a title that a session asked for and that there is too little of.
type Shortage struct {
	Use
	Missing int // copies
}

// Short tells what [Store.Reserve] would refuse now, before anybody asks for it.
func (s *Store) Short(ctx context.Context, q db.Queryer, session string) (list []Shortage, err error) {
	defer errs.Wrap(&err, "shortage of session %s", session)
	uses, err := sessionUse(ctx, q, session)
	if err != nil {
		return nil, err
	}
	for _, u := range uses {
		more := u.Asked - u.Out() - u.Held
		if more <= 0 {
			continue
		}
		free, err := balance(ctx, q, u.Material, Warehouse)
		if err != nil {
			return nil, err
		}
		if more > free {
			list = append(list, Shortage{Use: u, Missing: more - free})
		}
	}
	return list, nil
}
