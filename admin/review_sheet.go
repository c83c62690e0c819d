package admin

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/sheet"
)

// reviewSheetPage is the 审核单 to print, and the copies that were sealed.
type reviewSheetPage struct {
	shell
	Sheet   content.Sheet
	Sealed  []content.Sealed
	Which   *content.Sealed // the copy that is shown; nil for the sheet as it stands
	Printed time.Time
}

// Short is the beginning of a fingerprint, enough to compare by eye.
func (reviewSheetPage) Short(hash string) string { return shortHash(hash) }

func shortHash(hash string) string {
	if len(hash) > 12 {
		return hash[:4] + " " + hash[4:8] + " " + hash[8:12]
	}
	return hash
}

func (a *Admin) reviewSheet(r *request) error {
	sh, sealed, err := a.cfg.Content.Sheet(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	p := reviewSheetPage{shell: a.shell(r, reviewSection, "审核单："+sh.Title), Sheet: sh, Sealed: sealed, Printed: a.cfg.Now()}
	if id := r.query("copy"); id != "" {
		for i := range sealed {
			if sealed[i].ID == id {
				p.Which, p.Sheet = &sealed[i], sealed[i].Sheet
			}
		}
		if p.Which == nil {
			return errs.New(errs.NotFound, "没有这份存档的审核单。", "no sealed sheet %s", id)
		}
	}
	return a.render(r, "review_sheet", p)
}

type sheetsPage struct {
	shell
	Month, Previous, Next string // 2006-01
	Sheets                []content.Sealed
}

// Short is the beginning of a fingerprint.
func (sheetsPage) Short(hash string) string { return shortHash(hash) }

func (a *Admin) reviewSheets(r *request) error {
	p, err := a.sheetsOf(r)
	if err != nil {
		return err
	}
	return a.render(r, "review_sheets", p)
}

// sheetsOf reads the sealed sheets of the month in the address, or of this one.
func (a *Admin) sheetsOf(r *request) (*sheetsPage, error) {
	month := r.query("month")
	first, err := time.ParseInLocation("2006-01", month, events.Zone)
	if err != nil {
		if month != "" {
			return nil, errs.Bad("month", "月份请写成 2026-11 的样子。")
		}
		now := a.cfg.Now().In(events.Zone)
		first = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, events.Zone)
	}
	p := &sheetsPage{shell: a.shell(r, reviewSection, "审核单台账"), Month: first.Format("2006-01"),
		Previous: first.AddDate(0, -1, 0).Format("2006-01"), Next: first.AddDate(0, 1, 0).Format("2006-01")}
	p.Sheets, err = a.cfg.Content.Sheets(r.ctx, r.actor, first, first.AddDate(0, 1, 0))
	return p, err
}

// sheetHeader is the head of the ledger of a month; stages are in one cell each.
var sheetHeader = []string{"发布时间", "标题", "类别", "栏目", "版次", "校次", "作者", "保密审查", "第一步", "第二步", "第三步", "第四步", "发布人", "应急发布", "文字指纹", "存档指纹", "地址"}

func sheetRow(s content.Sealed) []string {
	row := []string{stamp(s.At, "2006-01-02 15:04"), s.Title, s.Kind.Label(), s.Column, strconv.Itoa(s.Number), strconv.Itoa(s.Rounds), strings.Join(s.Writers, "、"), ""}
	if c := s.Cleared; c != nil {
		row[7] = c.Name + " " + stamp(c.At, "01-02 15:04")
	}
	for i := range content.MaxStages {
		cell := ""
		if i < len(s.Stages) {
			cell = s.Stages[i].Name + "："
			if p := s.Stages[i].Passed; p != nil {
				cell += p.Name + " " + stamp(p.At, "01-02 15:04")
			} else {
				cell += "未审"
			}
		}
		row = append(row, cell)
	}
	published, urgent := "", ""
	if s.Published != nil {
		published = s.Published.Name
	}
	if u := s.Urgent; u != nil {
		urgent = u.AskedName + "提出，" + u.ConfirmedName + "确认：" + u.Reason + "；" + u.OutcomeLabel()
	}
	return append(row, published, urgent, s.Hash, s.Seal, s.Address)
}

func (a *Admin) sheetsCSV(r *request) error {
	p, err := a.sheetsOf(r)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	buf.WriteString("\xEF\xBB\xBF") // so that Excel reads it as UTF-8
	w := csv.NewWriter(&buf)
	w.UseCRLF = true
	rows := [][]string{sheetHeader}
	for _, s := range p.Sheets {
		row := sheetRow(s)
		for i := range row {
			row[i] = harmless(row[i])
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	r.Attachment("审核单-" + p.Month + ".csv")
	r.Set("Content-Type", "text/csv; charset=utf-8")
	return r.Send(buf.Bytes())
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "-") || strings.HasPrefix(cell, "@") {
		return "'" + cell
	}
	return cell
}

func (a *Admin) sheetsXLSX(r *request) error {
	p, err := a.sheetsOf(r)
	if err != nil {
		return err
	}
	page := sheet.Sheet{Name: "审核单", Title: a.cfg.Bureau + " " + p.Month + " 审核单台账", Header: sheetHeader}
	for _, s := range p.Sheets {
		var cells []any
		for _, c := range sheetRow(s) {
			cells = append(cells, c)
		}
		page.Rows = append(page.Rows, cells)
	}
	b, err := sheet.Book{Sheets: []sheet.Sheet{page}}.Bytes()
	if err != nil {
		return err
	}
	r.Attachment("审核单-" + p.Month + ".xlsx")
	r.Set("Content-Type", sheetType)
	return r.Send(b)
}
