package site

import (
	"context"
	"errors"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/media"
)

// media answers /media/{key}/{name}: the bytes of an object or of one of its
// sizes, or a part of them. They are streamed, never held whole.
func (s *Site) media(_ context.Context, c *fiber.Ctx) error {
	ref, err := media.ParsePath(media.PathPrefix + c.Params("key") + "/" + url.PathEscape(c.Params("name")))
	if err != nil {
		return err
	}
	if c.Method() == fiber.MethodGet && c.Get(fiber.HeaderRange) == "" && c.Get(fiber.HeaderIfNoneMatch) == "" {
		return s.sendFile(c, ref, media.Range{}, false)
	}
	file, err := s.cfg.Media.Head(c.UserContext(), ref.Key, ref.Variant)
	if err != nil {
		return err
	}
	if matches(c.Get(fiber.HeaderIfNoneMatch), file.ETag) {
		fileHeaders(c, file)
		c.Status(fiber.StatusNotModified)
		return nil
	}
	if c.Method() == fiber.MethodHead {
		fileHeaders(c, file)
		c.Response().Header.SetContentLength(int(file.Size))
		c.Response().SkipBody = true
		return nil
	}
	if cond := c.Get(fiber.HeaderIfRange); cond != "" && cond != file.ETag {
		return s.sendFile(c, ref, media.Range{}, false) // of another version: the whole
	}
	part, partial, err := media.ParseRange(c.Get(fiber.HeaderRange), file.Size)
	if errors.Is(err, media.ErrRange) {
		return outside(c, file)
	}
	if err != nil {
		return err
	}
	return s.sendFile(c, ref, part, partial)
}

// sendFile streams an object, or a part of it. It does not use the handler's
// context, which ends before the stream does; stores bound their own waiting.
func (s *Site) sendFile(c *fiber.Ctx, ref media.Ref, part media.Range, partial bool) error {
	file, err := s.cfg.Media.Open(c.UserContext(), ref.Key, ref.Variant, part)
	if err != nil {
		return err
	}
	fileHeaders(c, file)
	length := file.Size
	if partial {
		length = part.Length
		c.Status(fiber.StatusPartialContent)
		c.Set(fiber.HeaderContentRange, part.ContentRange(file.Size))
	}
	return c.SendStream(file.Body, int(length))
}

// mediaCache lets a file be shown from memory for five minutes and asks again
// after: it may have been replaced, or taken down because somebody in it has
// taken back the consent. Asking costs no bytes.
const mediaCache = "public, max-age=300, must-revalidate"

// fileHeaders say what it is. A browser shows pictures and the like and
// downloads the rest; nothing here may run as a page of ours.
func fileHeaders(c *fiber.Ctx, f *media.File) {
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderETag, f.ETag)
	c.Set(fiber.HeaderCacheControl, mediaCache)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	how := "inline"
	if !f.Inline {
		how = "attachment"
	}
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	if strings.HasPrefix(f.Type, "image/svg") { // a document of its own when opened
		c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	}
}

// outside answers a range that the file has not.
func outside(c *fiber.Ctx, f *media.File) error {
	c.Set(fiber.HeaderContentRange, "bytes */"+strconv.FormatInt(f.Size, 10))
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.Status(fiber.StatusRequestedRangeNotSatisfiable).SendString("要的那一段不在文件里，请重新下载。\n")
}

// matches compares If-None-Match with an ETag that never changes.
func matches(header, etag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == etag || one == "*" {
			return true
		}
	}
	return false
}
