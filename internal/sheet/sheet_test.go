package sheet_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/songfa/songfa/internal/sheet"
)

func TestNumbersAreNumbersAndTheRestIsText(t *testing.T) {
	id := "370400199001011234" // 18 digits: as a number, Excel would keep 15
	b, err := sheet.Book{Sheets: []sheet.Sheet{
		{Name: "数字", Title: "2026 年", Header: []string{"镇街", "场次"}, Rows: [][]any{{"东湖镇", int64(12)}, {"=HYPERLINK(\"http://x\")", int64(3)}},
			Foot: [][]any{{"合计", int64(15)}}, Chart: &sheet.Chart{Title: "各镇街场次", First: 1, Last: 1, Anchor: "E2"}},
		{Name: "明细", Header: []string{"编号", "电话"}, Rows: [][]any{{id, "013800000000"}}},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		sheet, cell, want string
		text              bool
	}{
		{"数字", "B3", "12", false}, {"数字", "A4", "=HYPERLINK(\"http://x\")", true}, {"数字", "B5", "15", false},
		{"明细", "A2", id, true}, {"明细", "B2", "013800000000", true},
	} {
		got, err := f.GetCellValue(c.sheet, c.cell)
		if err != nil || got != c.want {
			t.Errorf("%s!%s is %q, want %q, %v", c.sheet, c.cell, got, c.want, err)
		}
		typ, err := f.GetCellType(c.sheet, c.cell)
		if text := typ == excelize.CellTypeInlineString || typ == excelize.CellTypeSharedString; err != nil || text != c.text {
			t.Errorf("%s!%s has type %v, %v", c.sheet, c.cell, typ, err)
		}
		if formula, err := f.GetCellFormula(c.sheet, c.cell); err != nil || formula != "" {
			t.Errorf("%s!%s is the formula %q", c.sheet, c.cell, formula)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	charts := 0
	for _, file := range z.File {
		if strings.HasPrefix(file.Name, "xl/charts/chart") {
			charts++
		}
	}
	if charts != 1 {
		t.Errorf("%d charts in the book", charts)
	}
}
