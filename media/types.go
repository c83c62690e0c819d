package media

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/songfa/songfa/internal/errs"
)

// fileType is a type that may come in.
type fileType struct {
	mime   string
	exts   []string // the first is given to a file that has none of them
	inline bool     // a browser may show it; the rest is downloaded, never run
}

// The allow-list. What a browser would run (HTML, XML, scripts) is not in it.
var fileTypes = []fileType{
	{"image/jpeg", []string{".jpg", ".jpeg", ".jpe", ".jfif"}, true},
	{"image/png", []string{".png", ".apng"}, true},
	{"image/webp", []string{".webp"}, true},
	{"image/gif", []string{".gif"}, true},
	{"image/svg+xml", []string{".svg"}, true},
	{"application/pdf", []string{".pdf"}, true},
	{"audio/mpeg", []string{".mp3"}, true},
	{"audio/mp4", []string{".m4a"}, true},
	{"video/mp4", []string{".mp4", ".m4v"}, true},
	{mimeDOCX, []string{".docx"}, false},
	{mimeXLSX, []string{".xlsx"}, false},
	{mimePPTX, []string{".pptx"}, false},
	{mimeOFD, []string{".ofd"}, false},
	{mimeZIP, []string{".zip"}, false},
	{"text/plain", []string{".txt"}, false},
	{"text/csv", []string{".csv"}, false},
}

const (
	mimeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mimePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	mimeOFD  = "application/ofd"
	mimeZIP  = "application/zip"
	mimeSVG  = "image/svg+xml"
)

// typeByMIME finds a type of the list; an unknown one has no mime and is not inline.
func typeByMIME(mime string) fileType {
	i := slices.IndexFunc(fileTypes, func(t fileType) bool { return t.mime == mime })
	if i < 0 {
		return fileType{}
	}
	return fileTypes[i]
}

func (t fileType) picture() bool { return strings.HasPrefix(t.mime, "image/") }

// sniffSize is how much of the beginning the type is judged by.
const sniffSize = 3072

// sniff judges by the beginning. For a zip the whole file has the last word:
// see zipType.
func sniff(head []byte, name string) (fileType, error) {
	m := mimetype.Detect(head)
	mime, _, _ := strings.Cut(m.String(), ";")
	ext := strings.ToLower(path.Ext(name))
	if isText(m) && (ext == ".svg" || bytes.Contains(head, []byte("<svg"))) && mime != "text/html" {
		return typeByMIME(mimeSVG), nil // if it is none, the rewriting finds out
	}
	switch mime {
	case "text/plain", "text/csv", "text/tab-separated-values":
		if ext == ".csv" {
			return typeByMIME("text/csv"), nil
		}
		return typeByMIME("text/plain"), nil
	case "audio/x-m4a":
		return typeByMIME("audio/mp4"), nil
	case "image/vnd.mozilla.apng":
		return typeByMIME("image/png"), nil
	case mimeDOCX, mimeXLSX, mimePPTX:
		return typeByMIME(mimeZIP), nil
	}
	if t := typeByMIME(mime); t.mime != "" {
		return t, nil
	}
	return fileType{}, refuse(m)
}

// isText reports whether it is some kind of text: XML, too.
func isText(m *mimetype.MIME) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is("text/plain") {
			return true
		}
	}
	return false
}

func refuse(m *mimetype.MIME) error {
	advice := "可以上传：图片（JPG、PNG、WebP、GIF、SVG）、PDF、OFD、Word、Excel、PPT（docx、xlsx、pptx）、ZIP、MP3、MP4、TXT、CSV。"
	switch {
	case m.Is("image/heic"), m.Is("image/heif"):
		advice = "这是苹果手机的 HEIC 照片，请转换为 JPG 后再上传。"
	case m.Is("application/x-ole-storage"), m.Is("application/msword"), m.Is("application/vnd.ms-excel"), m.Is("application/vnd.ms-powerpoint"):
		advice = "这是旧版 Word、Excel、PPT 或 WPS 文件，请另存为 docx、xlsx、pptx 或 PDF 后再上传。"
	}
	return errs.New(errs.Invalid, "不支持上传这种文件。"+advice, "type %s is not allowed", m.String())
}

// zipType looks into a zip for what office file it is. Which entry comes first
// differs from program to program, so the beginning does not tell.
func zipType(r io.ReaderAt, size int64) (fileType, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fileType{}, errs.New(errs.Invalid, "文件已损坏，无法打开，请重新保存后再上传。", "read zip: %w", err)
	}
	mime := mimeZIP
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return fileType{}, errs.New(errs.Invalid, "文件中带有宏，出于安全不能上传，请另存为不带宏的 docx、xlsx 或 PDF。", "office file has macros")
		case name == "word/document.xml":
			mime = mimeDOCX
		case name == "xl/workbook.xml":
			mime = mimeXLSX
		case name == "ppt/presentation.xml":
			mime = mimePPTX
		case name == "ofd.xml":
			mime = mimeOFD
		}
	}
	return typeByMIME(mime), nil
}
