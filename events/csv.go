package events

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxFile is the largest table that is read, in bytes; a year of a district is
// far below it.
const maxFile = 32 << 20

// table is a CSV file as read: a header and the rows that have its shape.
type table struct {
	name     string
	titles   map[string]string // other words for columns
	columns  []string
	rows     []row
	problems []Problem
}

// row is one line of a table.
type row struct {
	line  int
	cells map[string]string // by column; missing ones are ""
}

// problem names the row.
func (t *table) problem(line int, field, format string, args ...any) {
	t.problems = append(t.problems, Problem{File: t.name, Line: line, Field: field, Message: fmt.Sprintf(format, args...)})
}

// readTable reads a CSV file in UTF-8, with or without BOM, or in GBK, as Excel
// saves it in China. known are the columns it may have, required those it must.
func readTable(name string, r io.Reader, known, required []string) (*table, error) {
	return readTitled(name, r, nil, known, required)
}

// readTitled is readTable for a file whose columns may be headed by other words:
// titles gives the column of each.
func readTitled(name string, r io.Reader, titles map[string]string, known, required []string) (*table, error) {
	t := &table{name: name, titles: titles}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		t.problem(0, "", "文件超过 32 MB，请分成几份导入。")
		return t, nil
	}
	text, ok := decode(data)
	if !ok {
		t.problem(0, "", "文件编码无法识别，请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。")
		return t, nil
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		t.problem(1, "", "文件是空的，或第一行不是表头。")
		return t, nil
	}
	if t.header(header, known, required) {
		t.read(reader)
	}
	return t, nil
}

// decode returns UTF-8 without BOM.
func decode(data []byte) ([]byte, bool) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return data, bytes.IndexByte(data, 0) < 0
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	return text, err == nil && !bytes.ContainsRune(text, utf8.RuneError) && bytes.IndexByte(text, 0) < 0
}

// header takes the column names; without a required one nothing can be read.
func (t *table) header(cells, known, required []string) bool {
	for _, c := range cells {
		c = strings.ToLower(oneLine(narrow(c)))
		if column, ok := t.titles[c]; ok {
			c = column
		}
		switch {
		case c == "":
		case !slices.Contains(known, c):
			t.problem(1, c, "无法识别的列，已忽略。可用的列：%s。", strings.Join(known, "、"))
			c = ""
		case slices.Contains(t.columns, c):
			t.problem(1, c, "这一列出现了两次，后一列已忽略。")
			c = ""
		}
		t.columns = append(t.columns, c)
	}
	complete := true
	for _, c := range required {
		if !slices.Contains(t.columns, c) {
			t.problem(1, c, "缺少这一列，文件没有导入。")
			complete = false
		}
	}
	return complete
}

func (t *table) read(reader *csv.Reader) {
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			t.problem(parse.StartLine, "", "引号没有成对，这一行没有导入。单元格里的引号要写成两个。")
			continue
		}
		if err != nil { // the data is in memory, so only a parse error can occur
			t.problem(0, "", "读取中断：%v。", err)
			return
		}
		line, _ := reader.FieldPos(0)
		t.add(line, cells)
	}
}

func (t *table) add(line int, cells []string) {
	r := row{line: line, cells: make(map[string]string, len(t.columns))}
	empty := true
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		empty = empty && cell == ""
		switch {
		case i >= len(t.columns):
			if cell != "" {
				t.problem(line, "", "这一行比表头多出内容“%s”，没有导入。含逗号的单元格要加引号。", clip(cell))
				return
			}
		case t.columns[i] != "":
			r.cells[t.columns[i]] = unguard(cell)
		}
	}
	if !empty { // Excel leaves lines of nothing but commas
		t.rows = append(t.rows, r)
	}
}

// hash stands for what the row says; the version it was exported with is not
// part of that.
func (r row) hash() string {
	var parts []string
	for column, cell := range r.cells {
		if cell != "" && column != "version" {
			parts = append(parts, column+"="+cell)
		}
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// clip shortens a cell for a message.
func clip(s string) string {
	r := []rune(oneLine(s))
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return string(r)
}

// guard keeps Excel from running a cell as a formula, by a quote in front, as
// Excel itself writes it; unguard takes it off.
func guard(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != "" && strings.ContainsRune("=+-@\t\r", rune(rest[0])) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != cell && rest != "" && strings.ContainsRune("=+-@\t\r", rune(rest[0])) {
		return cell[1:]
	}
	return cell
}

// writeTable writes a CSV file that Excel opens without asking: with BOM, and
// CRLF at the line ends.
func writeTable(w io.Writer, columns []string, rows func(write func(map[string]string) error) error) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(columns); err != nil {
		return err
	}
	record := make([]string, len(columns))
	err := rows(func(cells map[string]string) error {
		for i, c := range columns {
			record[i] = guard(cells[c])
		}
		return out.Write(record)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
