package stock

import (
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// mayKeep is for the keeper of the warehouse. The warehouse is the bureau's:
// who works for some towns asks it for copies, session by session.
func mayKeep(actor auth.Actor) error {
	if err := actor.Must(auth.Stock); err != nil {
		return err
	}
	if len(actor.Towns) > 0 {
		return errs.New(errs.Forbidden, "仓库的账由局里的材料保管员记。要资料请在场次的“材料”里申请。", "actor %s is bound to towns", actor.ID)
	}
	return nil
}
