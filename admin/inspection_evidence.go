package admin

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// evidenceLast is how many publications of each column are in the bundle.
const evidenceLast = 20

// evidenceFile is one file of the bundle.
type evidenceFile struct {
	Name string
	Data []byte
}

// evidence answers with the bundle, once the audit holds its fingerprint.
func (a *Admin) evidence(r *request) error {
	p, err := a.inspectionPage(r)
	if err != nil {
		return err
	}
	files, err := a.evidenceFiles(r, p)
	if err != nil {
		return err
	}
	bundle, err := bundled(files, p.At)
	if err != nil {
		return err
	}
	if err := a.cfg.Content.NoteEvidence(r.ctx, r.actor, p.Verdict, fingerprint(bundle)); err != nil {
		return err
	}
	r.Attachment("自查证据-" + stamp(p.At, "20060102-1504") + ".zip")
	r.Set("Content-Type", "application/zip")
	return r.Send(bundle)
}

func (a *Admin) evidenceFiles(r *request, p inspectionPage) ([]evidenceFile, error) {
	columns, err := table(columnRows(p))
	if err != nil {
		return nil, err
	}
	rows, err := a.publicationRows(r, p)
	if err != nil {
		return nil, err
	}
	published, err := table(rows)
	if err != nil {
		return nil, err
	}
	foot := [][]string{{"项目", "内容"}}
	for _, t := range p.Footer {
		value := t.Value
		if value == "" {
			value = "缺"
		}
		foot = append(foot, []string{t.Name, value})
	}
	footer, err := table(foot)
	if err != nil {
		return nil, err
	}
	page, err := a.evidencePage(p)
	return []evidenceFile{{"自查.html", page}, {"栏目.csv", columns}, {"发布记录.csv", published}, {"页脚.csv", footer}}, err
}

// evidencePage is the page as a file that needs nothing else.
func (a *Admin) evidencePage(p inspectionPage) ([]byte, error) {
	p.File = true
	var buf bytes.Buffer
	if err := a.templates["inspection"].ExecuteTemplate(&buf, "evidence", p); err != nil {
		return nil, fmt.Errorf("render the evidence: %w", err)
	}
	return buf.Bytes(), nil
}

func columnRows(p inspectionPage) [][]string {
	rows := [][]string{{"栏目", "代号", "检查口径", "负责人", "承诺几天更新", "按几天算", "内容篇数", "最后更新（服务器时间）", "状态", "还有几天", "检查时间", "规则"}}
	for _, c := range p.Columns {
		rows = append(rows, []string{c.Name, c.Slug, c.Watched().Label(), c.OwnerName, days(c.Rhythm), days(c.Limit), strconv.Itoa(c.Documents),
			exact(c.Last), c.Light.Label(), c.Remaining(), exact(p.At), p.Rules})
	}
	return rows
}

func (a *Admin) publicationRows(r *request, p inspectionPage) ([][]string, error) {
	rows := [][]string{{"栏目", "标题", "版次", "发布时间（服务器时间）", "首次发布", "在本系统建档（服务器时间）", "地址"}}
	for _, c := range p.Columns {
		list, err := a.cfg.Content.Publications(r.ctx, c.Slug, evidenceLast)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			rows = append(rows, []string{c.Name, d.Title, strconv.Itoa(d.Number), exact(d.At), exact(d.First), exact(d.Created), a.srv.URL(d.Address)})
		}
	}
	return rows, nil
}

// days writes a number of days; nothing for none.
func days(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func exact(t time.Time) string { return stamp(t, "2006-01-02 15:04:05") }

// table writes rows as Excel reads them.
func table(rows [][]string) ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteString("\xEF\xBB\xBF") // so that Excel reads it as UTF-8
	w := csv.NewWriter(&buf)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i := range row {
			safe[i] = harmless(row[i])
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return buf.Bytes(), w.Error()
}

// bundled zips the files with a list of their fingerprints, in the format that
// sha256sum -c reads.
func bundled(files []evidenceFile, at time.Time) ([]byte, error) {
	var sums strings.Builder
	for _, f := range files {
		sums.WriteString(fingerprint(f.Data) + "  " + f.Name + "\n")
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range append(files, evidenceFile{"SHA256SUMS", []byte(sums.String())}) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return buf.Bytes(), err
}

func fingerprint(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
