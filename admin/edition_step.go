package admin

import (
	"context"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// step is a verb that needs nothing but the edition.
func step(do func(*content.Store, context.Context, auth.Actor, string, int64) (content.Edition, error)) verb {
	return func(a *Admin, r *request, p *editionPage) error {
		return a.act(r, p, func(e content.Edition) (content.Edition, error) {
			return do(a.cfg.Content, r.ctx, r.actor, e.ID, e.Version)
		})
	}
}

func (a *Admin) scheduleEdition(r *request, p *editionPage) error {
	due := moment(p.Due)
	if due.IsZero() {
		return errs.Bad("due", "请选择定时发布的日期和时间（北京时间）。")
	}
	return a.act(r, p, func(e content.Edition) (content.Edition, error) {
		return a.cfg.Content.Schedule(r.ctx, r.actor, e.ID, e.Version, due)
	})
}

func (a *Admin) returnEdition(r *request, p *editionPage) error {
	return a.act(r, p, func(e content.Edition) (content.Edition, error) {
		return a.cfg.Content.Return(r.ctx, r.actor, e.ID, e.Version, p.Reason)
	})
}

func (a *Admin) withdrawEdition(r *request, p *editionPage) error {
	return a.act(r, p, func(e content.Edition) (content.Edition, error) {
		return a.cfg.Content.Withdraw(r.ctx, r.actor, e.ID, e.Version, p.Reason)
	})
}

func (a *Admin) unpublishEdition(r *request, p *editionPage) error {
	return a.act(r, p, func(e content.Edition) (content.Edition, error) {
		return a.cfg.Content.Unpublish(r.ctx, r.actor, e.ID, e.Version, p.Reason, p.MovedTo)
	})
}

// deleteDraft asks for a tick besides the button: what is deleted is gone.
func (a *Admin) deleteDraft(r *request, p *editionPage) error {
	if r.form.Get("sure") == "" {
		return errs.Bad("sure", "删除后不能找回。确定要删，请先勾选“我确定”。")
	}
	if err := a.cfg.Content.DeleteDraft(r.ctx, r.actor, p.Edition.ID, p.Edition.Version); err != nil {
		return err
	}
	return a.done(r, "/admin/documents/", "delete")
}
