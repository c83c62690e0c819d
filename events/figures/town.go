package figures

import (
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// wholeDistrict refuses what one town must not decide for all: periods, freezing
// and definitions.
func wholeDistrict(actor auth.Actor) error {
	if len(actor.Towns) == 0 {
		return nil
	}
	return errs.New(errs.Forbidden, "统计期、封账和口径由局里统一管理，请联系局里的统计人员。", "actor %s is bound to towns", actor.ID)
}

// inTown refuses figures of other towns and of the whole district.
func inTown(actor auth.Actor, town string) error {
	if actor.InTown(town) {
		return nil
	}
	return errs.New(errs.Forbidden, "您的账号只负责部分镇街，只能登记这些镇街的数字，请先选镇街。", "actor %s is not in town %q", actor.ID, town)
}
