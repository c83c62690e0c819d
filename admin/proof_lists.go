package admin

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/content/wordlist"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// proofSection is the entry of the menu for what machine checks go by.
const proofSection = "/admin/proof/"

const proofRowsOnPage = 100

// proofRoutes are those of the machine checks, their lists and their runs.
func (a *Admin) proofRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		write   = []auth.Permission{auth.Write}
		publish = []auth.Permission{auth.Publish}
	)
	return []route{
		{get, "/proof/", write, a.proofList},
		{post, "/proof/check", write, a.checkTyped},
		{get, "/proof/lists.csv", write, a.proofFile},
		{post, "/proof/import", publish, a.importProof},
		{get, "/proof/runs/", write, a.sweeps},
		{post, "/proof/runs/", publish, a.askSweep},
		{get, "/proof/new", publish, a.newProofRow},
		{post, "/proof/new", publish, a.saveProofRow},
		{get, "/proof/:id", publish, a.showProofRow},
		{post, "/proof/:id", publish, a.saveProofRow},
	}
}

type proofListPage struct {
	shell
	List  proof.List
	Lists []proof.List
	Query string
	Rows  []proof.Row
	Total int
	Page  int
	May   bool // change the lists
}

// Address is a page of the list.
func (p proofListPage) Address(page int) string {
	q := url.Values{"list": {string(p.List)}}
	if p.Query != "" {
		q.Set("q", p.Query)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return proofSection + "?" + q.Encode()
}

// Previous and Next are the numbers of the pages beside; 0 for none.
func (p proofListPage) Previous() int { return p.Page - 1 }

// Next is the number of the next page, 0 on the last.
func (p proofListPage) Next() int {
	if p.Page*proofRowsOnPage >= p.Total {
		return 0
	}
	return p.Page + 1
}

func (a *Admin) proofList(r *request) error { return a.renderProofList(r, nil) }

func (a *Admin) renderProofList(r *request, ps problems) error {
	p := proofListPage{List: listOf(r.query("list")), Lists: proof.AllLists, Query: strings.TrimSpace(r.query("q")), May: r.actor.Can(auth.Publish)}
	p.Page, _ = strconv.Atoi(r.query("page"))
	p.Page = min(max(1, p.Page), 1000)
	var err error
	p.Rows, p.Total, err = a.cfg.Words.Rows(r.ctx, wordlist.Filter{List: p.List, Text: p.Query, Page: p.Page, Limit: proofRowsOnPage})
	if err != nil {
		return err
	}
	p.shell = a.shell(r, proofSection, "校对词表")
	p.Problems = ps
	return a.render(r, "proof_list", p)
}

// listOf reads the name of a list; the first one for any other.
func listOf(name string) proof.List {
	for _, l := range proof.AllLists {
		if string(l) == name {
			return l
		}
	}
	return proof.AllLists[0]
}

// proofFile sends one list, or all of them, as a file for spreadsheets.
func (a *Admin) proofFile(r *request) error {
	list := proof.List(r.query("list"))
	if list != "" {
		list = listOf(string(list))
	}
	rows, err := a.cfg.Words.All(r.ctx, list)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := proof.WriteCSV(&file, rows); err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="songfa-lists.csv"`)
	return r.Send(file.Bytes())
}

func (a *Admin) importProof(r *request) error {
	r.again = func(why web.Problem) error { return a.renderProofList(r, problemsOf(r.err, why.Message)) }
	head, err := r.FormFile("file")
	if err != nil {
		return errs.Bad("file", "请选择要导入的 CSV 文件。")
	}
	file, err := head.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	if _, _, err := a.cfg.Words.Import(r.ctx, r.actor, file); err != nil {
		return err
	}
	return a.done(r, proofSection, "proof_import")
}

type proofRowPage struct {
	shell
	Row        proof.Row
	Except     string // as typed, one a line
	Lists      []proof.List
	Severities []proof.Severity
	Rules      []proof.Rule
}

// New reports that the row is not stored yet.
func (p proofRowPage) New() bool { return p.Row.ID == "" }

func (a *Admin) newProofRow(r *request) error {
	return a.renderProofRow(r, &proofRowPage{Row: proof.Row{List: listOf(r.query("list"))}}, nil)
}

func (a *Admin) showProofRow(r *request) error {
	row, err := a.cfg.Words.Row(r.ctx, r.param("id"))
	if err != nil {
		return err
	}
	return a.renderProofRow(r, &proofRowPage{Row: row, Except: strings.Join(row.Except, "\n")}, nil)
}

func (a *Admin) saveProofRow(r *request) error {
	get := r.form.Get
	p := &proofRowPage{Except: get("except"), Row: proof.Row{ID: r.param("id"), Version: r.version(), List: proof.List(get("list")),
		Word: get("word"), Value: get("value"), Note: get("note"), Severity: proof.Severity(get("severity")),
		Except: lines(get("except")), From: get("from"), To: get("to")}}
	r.again = func(why web.Problem) error { return a.renderProofRow(r, p, problemsOf(r.err, why.Message)) }
	back := proofSection + "?list=" + string(listOf(string(p.Row.List)))
	if get("go") == "delete" {
		if err := a.cfg.Words.Remove(r.ctx, r.actor, p.Row.ID, p.Row.Version); err != nil {
			return err
		}
		return a.done(r, back, "proof_drop")
	}
	if _, err := a.cfg.Words.Save(r.ctx, r.actor, p.Row); err != nil {
		return err
	}
	return a.done(r, back, "proof_row")
}

func (a *Admin) renderProofRow(r *request, p *proofRowPage, ps problems) error {
	p.Lists, p.Severities, p.Rules = proof.AllLists, proof.Severities, proof.Rules()
	title := "新词条"
	if !p.New() {
		title = "词条：" + p.Row.Word
	}
	p.shell = a.shell(r, proofSection, title)
	p.Problems = ps
	return a.render(r, "proof_row", p)
}

// sweepHitsOnPage is how much of a run one page shows.
const sweepHitsOnPage = 100

type sweepPage struct {
	shell
	Runs []content.Sweep
	Run  content.Sweep // whose hits are shown; zero before the first
	Hits []content.Hit
	Page int
	May  bool
}

// Next is the number of the next page, 0 on the last.
func (p sweepPage) Next() int {
	if len(p.Hits) < sweepHitsOnPage {
		return 0
	}
	return p.Page + 1
}

// Previous is the number of the page before, 0 on the first.
func (p sweepPage) Previous() int { return p.Page - 1 }

func (a *Admin) sweeps(r *request) error { return a.renderSweeps(r, nil) }

func (a *Admin) renderSweeps(r *request, ps problems) (err error) {
	p := sweepPage{May: r.actor.Can(auth.Publish)}
	p.Page, _ = strconv.Atoi(r.query("page"))
	p.Page = min(max(1, p.Page), 10_000)
	if p.Runs, err = a.cfg.Content.Sweeps(r.ctx, 10); err != nil {
		return err
	}
	for _, run := range p.Runs {
		if p.Run.ID == "" || run.ID == r.query("run") {
			p.Run = run
		}
	}
	if p.Run.ID != "" {
		if p.Hits, err = a.cfg.Content.SweepHits(r.ctx, p.Run.ID, (p.Page-1)*sweepHitsOnPage, sweepHitsOnPage); err != nil {
			return err
		}
	}
	p.shell = a.shell(r, proofSection, "全站校对")
	p.Problems = ps
	return a.render(r, "proof_runs", p)
}

func (a *Admin) askSweep(r *request) error {
	r.again = func(why web.Problem) error { return a.renderSweeps(r, problemsOf(r.err, why.Message)) }
	if err := a.cfg.Content.AskSweep(r.ctx, r.actor); err != nil {
		return err
	}
	return a.done(r, "/admin/proof/runs/", "proof_run")
}
