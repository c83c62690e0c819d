package content

import (
	"context"
	"net/url"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/ledger"
)

// rename gives a document another address; what readers may have on paper leads
// to the new one.
func (w *work) rename(ctx context.Context, documentID, slug string) (Document, error) {
	d, err := lockDocument(ctx, w.tx, documentID)
	if err == nil {
		err = oursBy(ctx, w.tx, w.actor, columnOfDocument, documentID)
	}
	if err != nil {
		return Document{}, err
	}
	needed := auth.Write
	if d.LiveID != "" {
		needed = auth.Publish // readers may have the old address on paper
	}
	if err := w.actor.Must(needed); err != nil {
		return Document{}, err
	}
	if d.Slug == slug {
		return d.document(), nil
	}
	if err := needSlug(ctx, w.tx, d.Kind, slug, d.ID); err != nil {
		return Document{}, err
	}
	if _, err := db.Exec(ctx, w.tx, `DELETE FROM redirects WHERE kind = $1 AND slug = $2`, d.Kind, slug); err != nil {
		return Document{}, err
	}
	if d.LiveID != "" {
		_, err := db.Exec(ctx, w.tx, `INSERT INTO redirects (kind, slug, document_id, target, created_at) VALUES ($1, $2, $3, '', $4)`,
			d.Kind, d.Slug, d.ID, w.at.UnixMilli())
		if err != nil {
			return Document{}, err
		}
	}
	if _, err := db.Exec(ctx, w.tx, `UPDATE documents SET slug = $2, updated_at = $3 WHERE id = $1`, d.ID, slug, w.at.UnixMilli()); err != nil {
		return Document{}, err
	}
	entry := w.actor.Entry("document.rename", "document:"+d.ID, "《"+d.Title+"》改地址："+d.Slug+" → "+slug)
	w.cfg.Ledger.Record(w.tx, entry, ledger.Change{Kind: "document", ID: d.ID})
	d.Slug = slug
	return d.document(), nil
}

// validTarget allows a path of this site or an https address, but not the
// address itself, which would send readers in a circle.
func validTarget(target, own string) bool {
	if target == "" {
		return true
	}
	u, err := url.Parse(target)
	if err != nil || len(target) > maxLine || strings.ContainsAny(target, "\\ \t\r\n") {
		return false
	}
	if u.Scheme == "" && u.Host == "" {
		return strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "//") && strings.TrimSuffix(u.Path, "/") != own
	}
	return u.Scheme == "https" && u.Host != ""
}
