package main

import "fmt"

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the chain of the audit; ends with 1 and the first broken row when it does not hold."`
}

type auditVerifyCmd struct{}

// Run walks the whole audit.
func (auditVerifyCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		if err := core.ledger.Verify(env.ctx); err != nil {
			return err
		}
		fmt.Fprintln(env.stdout, "操作记录完整，没有被改动。")
		return nil
	})
}
