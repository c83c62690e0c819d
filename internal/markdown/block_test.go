package markdown_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/markdown"
)

func TestBlocks(t *testing.T) {
	cfg := markdown.Config{
		Cite: cite,
		Quote: func(citation string) []markdown.Quote {
			if citation != "《劳动合同法》第三十条" {
				return nil
			}
			return []markdown.Quote{{Paragraphs: []string{"第三十条　用人单位应当……", "（一）<甲>"}, Version: "2012-12-28 版"}}
		},
		Media: func(dest string) (markdown.Resource, bool) {
			return markdown.Resource{URL: dest, Note: "DOCX，23 KB"}, dest == "/media/k/表.docx"
		},
	}
	for _, c := range []struct{ name, src, want, text string }{
		{"law with a word of ours", ":::法条 《劳动合同法》第三十条\n意思是要按时发。\n:::",
			`<div class="lawquote"><strong>法条：《劳动合同法》<a class="cite" href="/laws/x/1">第三十条</a></strong><blockquote><p>第三十条　用人单位应当……</p><p>（一）&lt;甲&gt;</p></blockquote>` +
				`<p class="small muted">2012-12-28 版</p><p>意思是要按时发。</p></div>`,
			"法条：《劳动合同法》第三十条\n第三十条　用人单位应当……\n（一）<甲>\n2012-12-28 版\n意思是要按时发。"},
		{"law that is not loaded", ":::法条 某某办法第九条\n:::", `<div class="lawquote"><strong>法条：某某办法第九条</strong></div>`, "法条：某某办法第九条"},
		{"steps", ":::步骤\n1. 投诉\n2. 仲裁\n:::", `<div class="howto"><strong>步骤</strong><ol class="steps"><li>投诉</li><li>仲裁</li></ol></div>`, "投诉\n仲裁"},
		{"contact as a list", ":::联系 监察大队\n- 电话：0571-12345678 转 2、12333\n- 地址：幸福路 12348 号\n- 门口有**指示牌**\n:::",
			`<div class="contact"><strong>联系：监察大队</strong><dl class="kv"><div><dt>电话</dt><dd><a class="nw" href="tel:057112345678">0571-12345678</a> 转 2、<a class="nw" href="tel:12333">12333</a></dd></div>` +
				`<div><dt>地址</dt><dd>幸福路 12348 号</dd></div></dl><p>门口有<strong>指示牌</strong></p></div>`,
			"联系：监察大队\n电话\n0571-12345678 转 2、12333\n地址\n幸福路 12348 号\n门口有指示牌"},
		{"contact as lines", ":::联系\n电话:13800001111\n时间：周一至周五\n:::",
			`<div class="contact"><strong>联系</strong><dl class="kv"><div><dt>电话</dt><dd><a class="nw" href="tel:13800001111">13800001111</a></dd></div><div><dt>时间</dt><dd>周一至周五</dd></div></dl></div>`,
			"电话\n13800001111\n时间\n周一至周五"},
		{"attachments", ":::附件\n- [申请表](/media/k/表.docx)\n:::",
			`<div class="attach"><strong>附件</strong><ul><li><a href="/media/k/%E8%A1%A8.docx">申请表</a><span class="small muted">（DOCX，23 KB）</span></li></ul></div>`, "申请表"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := render(t, cfg, c.src)
			if got := flat(doc.HTML); got != c.want && strings.ReplaceAll(got, "/media/k/表.docx", "/media/k/%E8%A1%A8.docx") != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			if doc.Text != c.text {
				t.Errorf("text\n got %q\nwant %q", doc.Text, c.text)
			}
		})
	}
}

// Every block that an editor offers is one that the renderer knows.
func TestBlocksAreKnown(t *testing.T) {
	for _, b := range markdown.Blocks() {
		html := render(t, markdown.Config{}, ":::"+b.Word+" "+b.Title+"\n"+b.Sample+"\n:::\n").HTML
		if !strings.HasPrefix(html, "<div class=") || strings.Contains(html, ":::") || b.Hint == "" {
			t.Errorf("%s: %s", b.Word, html)
		}
	}
}
