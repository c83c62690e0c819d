package proof

import (
	"bytes"
	_ "embed" // for the list in data/
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/internal/errs"
)

//go:embed data/lists.csv
var seedCSV []byte

// Seed is the list this program comes with. Editors change their copy of it.
var Seed = sync.OnceValue(func() []Row {
	rows, err := ReadCSV(bytes.NewReader(seedCSV))
	if err != nil {
		panic("proof: embedded list: " + err.Error()) // the tests read it
	}
	return rows
})

// csvHead is the first line of a list as a file.
var csvHead = []string{"list", "word", "value", "note", "severity", "except", "from", "to"}

const (
	maxCSV  = 8 << 20
	maxRows = 50_000
	maxCell = 500 // characters
)

// WriteCSV writes rows the way spreadsheets of this country open them: UTF-8 with
// a byte order mark. A cell that a spreadsheet would run gets an apostrophe.
func WriteCSV(w io.Writer, rows []Row) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	_ = out.Write(csvHead) // Error tells
	for _, r := range rows {
		cells := []string{string(r.List), r.Word, r.Value, r.Note, string(r.Severity), strings.Join(r.Except, "|"), r.From, r.To}
		for i, c := range cells {
			if c != "" && strings.ContainsRune("=+-@\t", rune(c[0])) {
				cells[i] = "'" + c
			}
		}
		_ = out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

// ReadCSV reads what WriteCSV wrote, also when a spreadsheet stored it as GBK. The
// error of a bad line is Invalid and names it; nothing of the file counts then.
func ReadCSV(r io.Reader) (rows []Row, err error) {
	defer errs.Wrap(&err, "read list")
	text, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxCSV {
		return nil, errs.New(errs.TooLarge, "文件太大，请分几次导入。", "over %d bytes", maxCSV)
	}
	if text = bytes.TrimPrefix(text, []byte("\uFEFF")); !utf8.Valid(text) {
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return nil, errs.Bad("file", "文件的文字编码认不出来，请在表格软件里另存为“CSV UTF-8”。")
		}
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord, in.Comment, in.TrimLeadingSpace = -1, '#', true
	head, err := in.Read()
	if err != nil || len(head) < 2 || strings.TrimSpace(head[0]) != csvHead[0] {
		return nil, errs.Bad("file", "第一行应是列名："+strings.Join(csvHead, ",")+"。请先导出一份，在上面改。")
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return nil, errs.Bad("file", "第 "+strconv.Itoa(line)+" 行不是 CSV 的写法，请检查引号。")
		}
		row, why := rowOf(head, cells)
		if why != "" {
			return nil, errs.Bad("file", "第 "+strconv.Itoa(line)+" 行："+why)
		}
		if rows = append(rows, row); len(rows) > maxRows {
			return nil, errs.New(errs.TooLarge, "行数太多，请分几次导入。", "over %d rows", maxRows)
		}
	}
}

// rowOf makes a row of one line; why is what is wrong with it.
func rowOf(head, cells []string) (r Row, why string) {
	get := func(name string) string {
		i := slices.IndexFunc(head, func(h string) bool { return strings.TrimSpace(h) == name })
		if i < 0 || i >= len(cells) {
			return ""
		}
		cell := strings.TrimSpace(cells[i])
		if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@", rune(cell[1])) {
			cell = cell[1:]
		}
		return cell
	}
	r = Row{List: List(get("list")), Word: get("word"), Value: get("value"), Note: get("note"),
		Severity: Severity(get("severity")), From: get("from"), To: get("to")}
	if x := get("except"); x != "" {
		r.Except = strings.Split(x, "|")
	}
	return r.Tidy()
}

// Tidy brings a row into the form it is stored in; why is what is wrong with it, a
// Chinese sentence, or "".
func (r Row) Tidy() (_ Row, why string) {
	r.Word, r.Value, r.Note = strings.TrimSpace(r.Word), strings.TrimSpace(r.Value), strings.TrimSpace(r.Note)
	var except []string
	for _, x := range r.Except {
		if x = strings.TrimSpace(x); x != "" && !slices.Contains(except, x) {
			except = append(except, x)
		}
	}
	r.Except = except
	if r.List == Phones {
		r.Word = digitsOf(r.Word)
	}
	return r, r.wrong()
}

func (r Row) wrong() string {
	switch {
	case !slices.Contains(AllLists, r.List):
		return "没有“" + string(r.List) + "”这个词表，请从列表选择。"
	case r.Word == "":
		return "请填写要查的词。"
	case r.List == Switches && Rule(r.Word).Label() == "":
		return "没有“" + r.Word + "”这个检查项。"
	case r.List == Phones && len(r.Word) != 11:
		return "请填写 11 位手机号码。"
	case r.List == Leaders && r.Value == "":
		return "请填写担任这个职务的人的姓名。"
	case r.List != Phones && r.List != Switches && utf8.RuneCountInString(r.Word) < 2 && r.Word != "兹" && r.Word != "俾":
		return "词至少要两个字，一个字会到处误报。"
	case r.Severity != "" && !slices.Contains(Severities, r.Severity):
		return "没有“" + string(r.Severity) + "”这一级，请用 block、warn、hint 或 off。"
	case r.Word == r.Value:
		return "要查的词和改成的词一样。"
	}
	for _, day := range []string{r.From, r.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return "日期“" + day + "”请写成 2026-11-01 的样子。"
		}
	}
	if r.From != "" && r.To != "" && r.From > r.To {
		return "起始日期晚于结束日期。"
	}
	for _, x := range r.Except {
		if !strings.Contains(x, r.Word) {
			return "例外“" + x + "”里没有“" + r.Word + "”，不会起作用。"
		}
	}
	for _, cell := range append([]string{r.Word, r.Value, r.Note}, strings.Join(r.Except, "|")) {
		if utf8.RuneCountInString(cell) > maxCell {
			return "一格最多 " + strconv.Itoa(maxCell) + " 个字。"
		}
	}
	return ""
}
