package main

import (
	"context"
	"time"

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
