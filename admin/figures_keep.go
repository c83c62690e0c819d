package admin

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// bookPage keeps what the figures stand on beside the reports: periods,
// opening figures, adjustments and definitions. Tab says which.
type bookPage struct {
	shell
	Tab         string
	MayFreeze   bool
	Periods     []figures.Period
	Openings    []namedRow
	Adjustments []namedRow
	Defs        []figures.Definition
	Def         *figures.Definition // of which the history is shown
	History     []figures.Definition
	Measures    []figures.Definition
	Towns       []events.Town
	Types       []events.Type
	Names       map[string]string
	Imported    string // what a file brought
	Form        map[string]string
}

// Typed is what stood in a field.
func (p bookPage) Typed(name string) string { return p.Form[name] }

const ages = "1949-10-01" // before anything was counted

func (a *Admin) figureBook(r *request) error { return a.renderBook(r, &bookPage{Tab: r.param("tab")}) }

func (a *Admin) renderBook(r *request, p *bookPage) (err error) {
	store := a.cfg.Events.Figures()
	p.MayFreeze, p.Types, p.Names = r.actor.Can(auth.Freeze), events.Types(), names()
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Measures, err = store.Definitions(r.ctx, ""); err != nil {
		return err
	}
	all := figures.Query{From: ages, To: "2199-12-31"}.For(r.actor)
	title := ""
	switch p.Tab {
	case "periods":
		title = "统计期和封账"
		p.Periods, err = store.Periods(r.ctx)
	case "opening":
		title = "期初数"
		p.Openings, err = a.layerRows(r, p, store.Openings, all)
	case "adjustments":
		title = "更正"
		p.Adjustments, err = a.layerRows(r, p, store.Adjustments, all)
	case "definitions":
		title = "口径"
		p.Defs = p.Measures
		if code := r.query("code"); code != "" {
			if p.History, err = store.History(r.ctx, code); err == nil {
				p.Def = &p.History[len(p.History)-1]
			}
		}
	default:
		return nowhere(r)
	}
	if err != nil {
		return err
	}
	ps := p.Problems
	p.shell = a.shell(r, figuresSection, title)
	p.Problems = ps
	return a.render(r, "figure_book", p)
}

func (a *Admin) layerRows(r *request, p *bookPage, list func(context.Context, figures.Query) ([]figures.Row, error), q figures.Query) ([]namedRow, error) {
	rows, err := list(r.ctx, q)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, row := range rows {
		if row.SourceKind == "session" {
			ids = append(ids, row.SourceID)
		}
	}
	sessions, err := a.cfg.Events.SessionNames(r.ctx, ids)
	v := view{Towns: p.Towns}
	named := make([]namedRow, len(rows))
	for i, row := range rows {
		named[i] = nameRow(row, sessions)
		named[i].TownName = v.label(figures.ByTown, row.Town)
	}
	return named, err
}

// changeBook does what a form of the page says.
func (a *Admin) changeBook(r *request) error {
	p := &bookPage{Tab: r.param("tab"), Form: map[string]string{}}
	for name := range r.form {
		p.Form[name] = r.form.Get(name)
	}
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderBook(r, p)
	}
	do, ok := map[string]func(*request, *bookPage) error{"period": a.addPeriod, "freeze": a.freezePeriod, "opening": a.addOpening,
		"import": a.importOpenings, "drop": a.dropOpening, "adjust": a.addAdjustment, "define": a.define}[r.form.Get("go")]
	if !ok {
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
	}
	return do(r, p)
}

func (a *Admin) bookDone(r *request, word string) error {
	return a.done(r, figuresSection+r.param("tab"), word)
}

func (a *Admin) addPeriod(r *request, _ *bookPage) error {
	get := r.form.Get
	if _, err := a.cfg.Events.Figures().CreatePeriod(r.ctx, r.actor, get("name"), get("from"), get("to")); err != nil {
		return err
	}
	return a.bookDone(r, "save")
}

func (a *Admin) freezePeriod(r *request, _ *bookPage) error {
	if r.form.Get("sure") == "" {
		return errs.Bad("sure", "封账以后不能撤回，请先勾“我已核对”。")
	}
	if _, err := a.cfg.Events.Figures().Freeze(r.ctx, r.actor, r.form.Get("id"), int(r.version())); err != nil {
		return err
	}
	return a.bookDone(r, "freeze")
}

func (a *Admin) addOpening(r *request, _ *bookPage) error {
	o, err := openingOf(r.form.Get)
	if err != nil {
		return err
	}
	if _, err := a.cfg.Events.Figures().SaveOpening(r.ctx, r.actor, o); err != nil {
		return err
	}
	return a.bookDone(r, "save")
}

func (a *Admin) dropOpening(r *request, _ *bookPage) error {
	if err := a.cfg.Events.Figures().DropOpening(r.ctx, r.actor, r.form.Get("id")); err != nil {
		return err
	}
	return a.bookDone(r, "save")
}

func (a *Admin) addAdjustment(r *request, _ *bookPage) error {
	o, err := openingOf(r.form.Get)
	if err != nil {
		return err
	}
	if err := a.cfg.Events.Figures().Adjust(r.ctx, r.actor, figures.Change{Fact: o.Fact, Reason: r.form.Get("reason")}); err != nil {
		return err
	}
	return a.bookDone(r, "save")
}

func (a *Admin) define(r *request, _ *bookPage) error {
	get := r.form.Get
	d := figures.Definition{Code: get("code"), Name: get("name"), Text: get("text"), Counts: get("counts"), ValidFrom: get("valid_from")}
	if err := a.cfg.Events.Figures().Redefine(r.ctx, r.actor, d); err != nil {
		return err
	}
	return a.done(r, figuresSection+"definitions?code="+d.Code, "save")
}

// openingOf reads the fields of an opening figure: from a form or a row of a file.
func openingOf(get func(string) string) (o figures.Opening, err error) {
	o.Measure, o.Category, o.Date, o.Town, o.Type, o.Host = get("measure"), get("category"), strings.TrimSpace(get("date")), get("town"), get("type"), get("host")
	o.Source = get("source")
	if o.Qty, err = wholeNumber(get("qty")); err != nil {
		return o, errs.Bad("qty", "数量“"+get("qty")+"”应是整数。")
	}
	if o.Fen, err = fen(get("amount")); err != nil {
		return o, errs.Bad("amount", "金额“"+get("amount")+"”应写成 12000 或 12000.50，单位是元。")
	}
	return o, nil
}

// wholeNumber reads 15,000; nothing is 0.
func wholeNumber(s string) (int64, error) {
	if s = strings.NewReplacer(",", "", "，", "", " ", "").Replace(s); s == "" {
		return 0, nil
	}
	return strconv.ParseInt(s, 10, 64)
}

// fen reads yuan with at most two decimals.
func fen(s string) (int64, error) {
	s = strings.TrimSuffix(strings.NewReplacer(",", "", "，", "", " ", "").Replace(s), "元")
	if s == "" {
		return 0, nil
	}
	whole, cents, _ := strings.Cut(s, ".")
	if len(cents) > 2 || strings.ContainsAny(cents, "+-") {
		return 0, errors.New("more than two decimals")
	}
	return strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
}

// openingColumns are the titles of the file; Chinese ones serve as well.
var openingColumns = map[string]string{"指标": "measure", "类别": "category", "数量": "qty", "金额": "amount", "日期": "date", "镇街": "town", "类型": "type", "组织单位": "host", "出处": "source"}

// maxOpenings is how many rows one file may bring.
const maxOpenings = 5000

// importOpenings reads a CSV file of opening figures. The rows that are right
// come in, and each that is not is named; reading a file twice changes nothing.
func (a *Admin) importOpenings(r *request, p *bookPage) error {
	files, err := r.files("file")
	if err != nil {
		return err
	}
	body, err := files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, 4<<20))
	if err != nil {
		return err
	}
	towns, err := a.cfg.Events.TownsFor(r.ctx, r.actor)
	if err != nil {
		return err
	}
	rows, err := openingRows(raw)
	if err != nil {
		return err
	}
	var bad problems
	changed, same := 0, 0
	for i, row := range rows {
		o, err := openingOf(func(name string) string { return row[name] })
		if err == nil {
			o.Measure, o.Town, o.Type = byName(o.Measure), townCode(towns, o.Town), typeCode(o.Type)
			var did bool
			if did, err = a.cfg.Events.Figures().SaveOpening(r.ctx, r.actor, o); did {
				changed++
			} else if err == nil {
				same++
			}
		}
		switch {
		case err == nil:
		case errs.Is(err, errs.Invalid):
			bad = append(bad, problem{"file", fmt.Sprintf("第 %d 行：%s", i+2, errs.MessageOf(err))})
		default:
			return err
		}
	}
	p.Imported = fmt.Sprintf("导入了 %d 条，%d 条没有变化，%d 条有误。", changed, same, len(bad))
	if len(bad) > 0 {
		return bad[:min(len(bad), maxLineProblems)]
	}
	return a.bookDone(r, "import")
}

// openingRows reads the file: UTF-8, with a BOM or without, or GBK.
func openingRows(raw []byte) ([]map[string]string, error) {
	text := strings.TrimPrefix(string(raw), "\ufeff")
	if strings.ToValidUTF8(text, "") != text {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil {
			return nil, errs.Bad("file", "文件的编码无法识别，请在 Excel 中另存为“CSV UTF-8”。")
		}
		text = string(decoded)
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	records, err := c.ReadAll()
	if err != nil || len(records) < 2 {
		return nil, errs.Bad("file", "文件里没有数据。第一行写 指标、数量、日期、出处 等标题，下面一行一条。")
	}
	if len(records) > maxOpenings {
		return nil, errs.Bad("file", fmt.Sprintf("一次最多导入 %d 行，请分成几个文件。", maxOpenings))
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, cell := range record {
			if i < len(records[0]) {
				title := strings.TrimSpace(records[0][i])
				if name, ok := openingColumns[title]; ok {
					title = name
				}
				row[title] = strings.TrimPrefix(clean(strings.TrimSpace(cell)), "'")
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// byName turns the name of a measure into its code; a code stays.
func byName(s string) string {
	for _, d := range figures.Builtin() {
		if d.Name == s {
			return d.Code
		}
	}
	return s
}

func townCode(towns []events.Town, s string) string {
	for _, t := range towns {
		if t.Name == s {
			return t.Code
		}
	}
	return s
}

func typeCode(s string) string {
	for _, t := range events.Types() {
		if t.Label() == s {
			return string(t)
		}
	}
	return s
}
