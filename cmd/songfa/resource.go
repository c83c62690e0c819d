package main

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
	"github.com/songfa/songfa/media"
)

// resourceDeadline bounds one look into the database while a text is rendered.
const resourceDeadline = 2 * time.Second

// resource tells the renderer of a text what the library knows of a picture or
// file in it. What the library does not know stays as the author wrote it.
func (c *core) resource(ctx context.Context, address string) (markdown.Resource, bool) {
	ref, err := media.ParsePath(address)
	if err != nil || !ref.Variant.IsOriginal() {
		return markdown.Resource{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, resourceDeadline)
	defer cancel()
	o, err := c.media.Get(ctx, ref.Key)
	if err != nil {
		if !errs.Is(err, errs.NotFound) {
			c.log.Warn("picture rendered without its sizes", "media", ref.Key, "err", err)
		}
		return markdown.Resource{}, false
	}
	if !o.IsPicture() {
		return markdown.Resource{URL: media.URL(ref.Key, ref.Name), Note: o.Note()}, true
	}
	return markdown.Resource{URL: o.Fallback(), SrcSet: o.SrcSet(), Width: o.Width, Height: o.Height}, true
}

// Whose uses the library keeps.
const (
	usedByDocument = "document"
	usedBySession  = "session"
)

// documentUses tells the library which files the texts of a document name.
func (c *core) documentUses(ctx context.Context, tx *db.Tx, document string, uses map[string][]string) error {
	keys := map[string][]string{}
	for field, addresses := range uses {
		for _, address := range addresses {
			if ref, err := media.ParsePath(address); err == nil { // what is no address of ours is nobody's file
				keys[field] = append(keys[field], ref.Key)
			}
		}
	}
	return c.media.SetUses(ctx, tx, usedByDocument, document, keys)
}

// sessionUses tells it which pictures a session shows.
func (c *core) sessionUses(ctx context.Context, tx *db.Tx, session string, keys []string) error {
	return c.media.SetUses(ctx, tx, usedBySession, session, map[string][]string{"photo": keys})
}

// deriveUses makes up for what an installation from before uses were kept has
// not told.
func (c *core) deriveUses(ctx context.Context) error {
	if none, err := c.media.NoUses(ctx); err != nil || !none {
		return err
	}
	if err := c.content.DeriveUses(ctx); err != nil {
		return err
	}
	return c.events.DerivePhotoUses(ctx)
}
