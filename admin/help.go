package admin

import (
	"embed"
	"html/template"
	"path"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

//go:embed help/*.md
var helpFiles embed.FS

// helpPage is one text of the help; its first line is the title.
type helpPage struct {
	Name, Title string
	Body        template.HTML
}

func loadHelp(r *markdown.Renderer) []helpPage {
	entries, err := helpFiles.ReadDir("help")
	if err != nil {
		panic(err) // embedded: a bug
	}
	var pages []helpPage
	for _, e := range entries {
		text, err := helpFiles.ReadFile(path.Join("help", e.Name()))
		if err != nil {
			panic(err)
		}
		title, body, _ := strings.Cut(string(text), "\n")
		doc, err := r.Render([]byte(body))
		if err != nil {
			panic(err)
		}
		pages = append(pages, helpPage{Name: strings.TrimSuffix(e.Name(), ".md"), Title: strings.TrimPrefix(title, "# "), Body: template.HTML(doc.HTML)})
	}
	return pages
}

type helpView struct {
	shell
	Page  helpPage
	Pages []helpPage
}

func (a *Admin) showHelp(r *request) error {
	i := slices.IndexFunc(a.help, func(p helpPage) bool { return p.Name == r.param("page") })
	if i < 0 {
		return errs.New(errs.NotFound, "", "no such help page")
	}
	return a.render(r, "help", helpView{a.shell(r, helpOf(r.actor), a.help[i].Title), a.help[i], a.help})
}
