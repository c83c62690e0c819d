// Package sheet writes spreadsheets (.xlsx) that a bureau can hand on: figures
// are numbers, and everything else is text, so that an ID of 18 digits keeps all
// of them and no cell is ever run as a formula.
package sheet

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/songfa/songfa/internal/errs"
)

// Book is a workbook of one or more sheets.
type Book struct {
	Sheets []Sheet
}

// Sheet is one page of a book. A cell is an int64 or an int (a number), a
// float64, or a string (always text).
type Sheet struct {
	Name   string // at most 31 characters
	Title  string // above the table; "" for none
	Notes  []string
	Header []string
	Rows   [][]any
	Foot   [][]any // totals, in bold
	Widths []float64
	Chart  *Chart
}

// Chart is a stacked bar chart of columns of its sheet.
type Chart struct {
	Title  string
	First  int // first column of numbers, from 0
	Last   int
	Anchor string // cell at its upper left corner
}

// maxRows is what one sheet of the format holds.
const maxRows = 1_048_576

// Bytes writes the book.
func (b Book) Bytes() (_ []byte, err error) {
	defer errs.Wrap(&err, "write spreadsheet")
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range b.Sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err != nil {
			return nil, err
		}
		if err := s.write(f); err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.Name, err)
		}
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// write streams the rows and puts the chart beside them.
func (s Sheet) write(f *excelize.File) error {
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	stream, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	for i, width := range s.Widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	w := rowWriter{stream: stream}
	if s.Title != "" {
		w.put([]any{s.Title}, bold)
	}
	for _, n := range s.Notes {
		w.put([]any{n}, 0)
	}
	w.put(texts(s.Header), bold)
	header := w.rows
	for _, r := range s.Rows {
		w.put(r, 0)
	}
	last := w.rows
	for _, r := range s.Foot {
		w.put(r, bold)
	}
	if w.err != nil {
		return w.err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	if s.Chart == nil || last <= header {
		return nil
	}
	return s.chart(f, header, last)
}

// rowWriter writes rows one below the other, until the first error.
type rowWriter struct {
	stream *excelize.StreamWriter
	rows   int // written so far
	err    error
}

func (w *rowWriter) put(cells []any, style int) {
	if w.err != nil {
		return
	}
	if w.rows == maxRows {
		w.err = errs.New(errs.TooLarge, "行数太多，一张表放不下。请缩短统计期再导出。", "more than %d rows", maxRows)
		return
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = excelize.Cell{StyleID: style, Value: c}
	}
	w.rows++
	cell, err := excelize.CoordinatesToCellName(1, w.rows)
	if err == nil {
		err = w.stream.SetRow(cell, row)
	}
	w.err = err
}

func texts(list []string) []any {
	cells := make([]any, len(list))
	for i, t := range list {
		cells[i] = t
	}
	return cells
}

func (s Sheet) chart(f *excelize.File, header, last int) error {
	chart := &excelize.Chart{Type: excelize.BarStacked, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: s.Chart.Title}}}}
	for col := s.Chart.First; col <= s.Chart.Last; col++ {
		name, err := excelize.ColumnNumberToName(col + 1)
		if err != nil {
			return err
		}
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name:       fmt.Sprintf("'%s'!$%s$%d", s.Name, name, header),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", s.Name, header+1, last),
			Values:     fmt.Sprintf("'%s'!$%s$%d:$%s$%d", s.Name, name, header+1, name, last),
		})
	}
	return f.AddChart(s.Name, s.Chart.Anchor, chart)
}
