package admin

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/wechat"
	"github.com/songfa/songfa/media"
)

// pushDraft brings the text with its pictures into the drafts of the 公众号 and
// notes it. A person publishes it there.
func (a *Admin) pushDraft(r *request, p *outputsPage) error {
	if a.cfg.WeChat == nil {
		return errs.New(errs.Conflict, "公众号的接口还没有设置，请用复制的办法。", "no wechat account is set up")
	}
	if len([]rune(p.Edition.Title)) > wechat.MaxTitle {
		return errs.New(errs.Conflict, "公众号的标题最多 64 个字，这一篇太长。请用复制的办法，在公众号里缩短。", "title is too long for a draft")
	}
	article, err := wechat.Render(bodyOf(p.Edition), wechat.Options{Whole: a.whole, Foot: a.foot(p.Edition)})
	if err != nil {
		return err
	}
	cover := p.Edition.Cover
	if cover == "" && len(article.Pictures) > 0 {
		cover = article.Pictures[0]
	}
	if cover == "" {
		return errs.New(errs.Conflict, "公众号的草稿要有封面。请先给这篇内容配一张题图，发布后再推。", "no cover")
	}
	name, body, err := a.pictureBytes(r.ctx, cover)
	if err != nil {
		return err
	}
	d := wechat.Draft{Title: p.Edition.Title, Author: clipRunes(p.Edition.Author, wechat.MaxAuthor), Digest: p.Digest, Source: p.Address, HTML: article.HTML}
	if d.Cover, err = a.cfg.WeChat.UploadCover(r.ctx, name, body); err != nil {
		return err
	}
	for _, address := range article.Pictures {
		if name, body, err = a.pictureBytes(r.ctx, address); err != nil {
			return err
		}
		there, err := a.cfg.WeChat.UploadPicture(r.ctx, name, body)
		if err != nil {
			return err
		}
		d.HTML = strings.ReplaceAll(d.HTML, `src="`+address+`"`, `src="`+there+`"`)
	}
	id, err := a.cfg.WeChat.AddDraft(r.ctx, d)
	if err != nil {
		return err
	}
	return a.cfg.Content.Send(r.ctx, r.actor, p.Edition.ID, content.Sent{Channel: content.ToWeChat, Place: "草稿箱", Note: "草稿编号 " + id})
}

// wechatTypes are the pictures WeChat takes in a text.
var wechatTypes = []string{"image/jpeg", "image/png"}

// pictureBytes reads a picture of ours by its address, in a form WeChat takes:
// JPEG or PNG of at most a megabyte.
func (a *Admin) pictureBytes(ctx context.Context, address string) (name string, body []byte, err error) {
	local, ok := strings.CutPrefix(address, a.srv.URL(""))
	if !ok {
		local = address
	}
	ref, err := media.ParsePath(local)
	if err != nil {
		return "", nil, errs.New(errs.Conflict, "有一张图片不在素材库里，推不到公众号。请先上传到素材库。", "picture %s is not ours", address)
	}
	object, err := a.cfg.Media.Get(ctx, ref.Key)
	if err != nil {
		return "", nil, err
	}
	for _, v := range append([]media.Variant{{}}, object.Variants()...) {
		f, err := a.cfg.Media.Open(ctx, ref.Key, v, media.Range{})
		if err != nil {
			return "", nil, err
		}
		if slices.Contains(wechatTypes, f.Type) && f.Size <= wechat.MaxPicture {
			body, err = io.ReadAll(f.Body)
			_ = f.Body.Close() // it was read
			return f.Name, body, err
		}
		_ = f.Body.Close() // nothing was read
	}
	return "", nil, errs.New(errs.Conflict, "“"+object.Name+"”太大，或者不是 JPG、PNG，公众号不收。请换一张 1 MB 以内的。", "no form of %s fits", ref.Key)
}
