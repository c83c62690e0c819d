package admin

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// mediaOnPage is how many objects one page of the list shows.
const mediaOnPage = 48

// mediaRoutes are those of the library.
func (a *Admin) mediaRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	pictures := []auth.Permission{auth.Write, auth.Sessions}
	return []route{
		{get, "/media/", pictures, a.media},
		{post, "/media/", pictures, a.uploadMedia},
		{post, "/media/one", pictures, a.uploadOne},
		{get, "/media/:key", pictures, a.showMedia},
		{post, "/media/:key", pictures, a.changeMedia},
	}
}

// wantingLists are the lists of what somebody has to do something about.
var wantingLists = []struct {
	Want  media.Wanting
	Label string
}{
	{"", "全部"}, {media.WantsAlt, "缺文字说明"}, {media.WantsConsent, "没登记谁同意"}, {media.WantsRenewal, "同意快到期"},
	{media.WantsAway, "已撤回同意"}, {media.WantsUse, "没有用到"},
}

type mediaPage struct {
	shell
	Filter  media.Filter
	Objects []media.Object
	More    bool // there are older ones
	Tags    []media.Tag
	Counts  map[media.Wanting]int
	Uploads []arrival // that just came in
	Said    media.Description
	Aged    int  // photos of sessions that are due for a look
	Plan    bool // who may look at them
}

// arrival is an object that just came in, with those that look like it.
type arrival struct {
	media.Object
	Similar []media.Object
}

// Lists are the facets of the page.
func (p mediaPage) Lists() any { return wantingLists }

// At is the address of the list with one thing changed.
func (p mediaPage) At(name, value string) string {
	q := url.Values{}
	for key, v := range map[string]string{"q": p.Filter.Text, "tag": p.Filter.Tag, "want": string(p.Filter.Want)} {
		if v != "" {
			q.Set(key, v)
		}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return "/admin/media/"
	}
	return "/admin/media/?" + q.Encode()
}

// Older is the address of the next page.
func (p mediaPage) Older() string { return p.At("after", p.Objects[len(p.Objects)-1].Key) }

func (a *Admin) media(r *request) error {
	return a.renderMedia(r, mediaPage{})
}

func (a *Admin) renderMedia(r *request, page mediaPage) (err error) {
	ps := page.Problems
	page.shell = a.shell(r, "/admin/media/", "素材")
	page.Problems = ps
	page.Filter = media.Filter{Text: strings.TrimSpace(r.query("q")), Tag: r.query("tag"), Want: media.Wanting(r.query("want")),
		After: r.query("after"), Limit: mediaOnPage + 1}
	objects, err := a.cfg.Media.List(r.ctx, page.Filter)
	if err != nil {
		return err
	}
	page.More = len(objects) > mediaOnPage
	page.Objects = objects[:min(len(objects), mediaOnPage)]
	if page.Tags, err = a.cfg.Media.Tags(r.ctx); err != nil {
		return err
	}
	if page.Counts, err = a.cfg.Media.Counts(r.ctx); err != nil {
		return err
	}
	if page.Plan = r.actor.Can(auth.Sessions); page.Plan {
		aged, err := a.cfg.Events.AgedPhotos(r.ctx, r.actor)
		if err != nil {
			return err
		}
		page.Aged = len(aged)
	}
	return a.render(r, "media", page)
}

// uploadMedia takes in several files. One that is refused does not keep the
// others out, and each is told by name. When a picture looks like one that is
// here, the page says so instead of going on.
func (a *Admin) uploadMedia(r *request) error {
	page := mediaPage{Said: saidOf(r)}
	r.again = func(why web.Problem) error {
		page.Problems = problemsOf(r.err, why.Message)
		return a.renderMedia(r, page)
	}
	files, err := r.files("file")
	if err != nil {
		return err
	}
	var refused problems
	hinted := false
	for _, f := range files {
		o, err := a.add(r, f, page.Said)
		if err != nil && len(files) == 1 {
			return atFile(err, f.Filename)
		}
		if err != nil {
			refused = append(refused, problem{"file", messageAt(err, f.Filename)})
			continue
		}
		like, err := a.cfg.Media.Similar(r.ctx, o)
		if err != nil {
			return err
		}
		hinted = hinted || len(like) > 0
		page.Uploads = append(page.Uploads, arrival{o, like})
	}
	if len(refused) > 0 {
		return refused
	}
	if hinted {
		page.Said = media.Description{}
		return a.renderMedia(r, page)
	}
	return a.done(r, "/admin/media/", "upload")
}

// uploadOne is the same for the page's script, which sends file by file and
// shows how far it is.
func (a *Admin) uploadOne(r *request) error {
	files, err := r.files("file")
	if err == nil {
		var o media.Object
		if o, err = a.add(r, files[0], saidOf(r)); err == nil {
			like, err := a.cfg.Media.Similar(r.ctx, o)
			if err != nil {
				return err
			}
			var similar []string
			for _, s := range like {
				similar = append(similar, s.Name)
			}
			return r.JSON(fiber.Map{"name": o.Name, "page": a.srv.Path("/admin/media/" + o.Key), "thumb": a.srv.Path(o.Thumbnail()),
				"picture": o.IsPicture(), "alt": !o.NeedsAlt(), "similar": similar})
		}
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooLarge) || errs.Is(err, errs.Unavailable) {
		return r.Status(web.Status(err)).JSON(fiber.Map{"error": errs.MessageOf(err)})
	}
	return err
}

// saidOf is what a form says of an object.
func saidOf(r *request) media.Description {
	return media.Description{Alt: strings.TrimSpace(r.form.Get("alt")), Decorative: r.form.Get("decorative") != "",
		Tags: words(r.form.Get("tags")), FocusX: percent(r.form.Get("focus_x")), FocusY: percent(r.form.Get("focus_y")),
		People: r.form.Get("people") != "", Agreed: r.form.Get("agreed"), Until: strings.TrimSpace(r.form.Get("until"))}
}

// percent reads 0 to 100; the middle when nothing is said, -1 for anything else.
func percent(s string) int {
	if strings.TrimSpace(s) == "" {
		return 50
	}
	if n := thousandth(s); n <= 100 {
		return n
	}
	return -1
}
