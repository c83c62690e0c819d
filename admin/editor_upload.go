package admin

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// editorRoutes are those that the visual editor's script asks.
func (a *Admin) editorRoutes() []route {
	write := []auth.Permission{auth.Write}
	return []route{
		{http.MethodPost, "/editor/upload", write, a.editorUpload},
		{http.MethodPost, "/preview/page", write, a.previewPage},
	}
}

// uploaded is what the script puts into the text.
type uploaded struct {
	Markdown string `json:"markdown"`
	Src      string `json:"src"` // root-relative
	Name     string `json:"name"`
	Picture  bool   `json:"picture"`
}

// editorUpload takes in one file that was pasted or dropped. An error answers
// with its sentence as JSON, for the script to show.
func (a *Admin) editorUpload(r *request) error {
	r.again = func(why web.Problem) error { return r.JSON(fiber.Map{"message": why.Message}) }
	files, err := r.files("file")
	if err != nil {
		return err
	}
	if len(files) > 1 {
		return errs.Bad("file", "一次只能上传一个文件，请一个一个放进来。")
	}
	alt := strings.TrimSpace(r.form.Get("alt"))
	o, err := a.add(r, files[0], media.Description{Alt: alt})
	if err != nil {
		return atFile(err, files[0].Filename)
	}
	if alt == "" {
		alt = o.Alt // the library knew the picture already
	}
	return r.JSON(uploaded{snippet(o, alt), o.URL(), o.Name, o.IsPicture()})
}
