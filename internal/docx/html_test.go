package docx_test

import (
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/docx"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

// pastes are what clipboards hold, cut to what matters.
func pastes() map[string]string {
	png := "data:image/png;base64," + base64.StdEncoding.EncodeToString(dot(3))
	return map[string]string{
		"word": `Version:0.9
StartHTML:0000000105
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head><body lang=ZH-CN><!--StartFragment-->
<p class=MsoNormal align=center style='text-align:center'><span style='font-size:22.0pt;font-family:方正小标宋简体'>关于开展法治
宣传的通知<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span style='font-size:16.0pt;font-family:黑体'>一、总体
要求</span></p>
<p class=MsoNormal style='text-indent:32.0pt'><span style='font-size:16.0pt;font-family:仿宋_GB2312'>各单位要<b>高度
重视</b>，于<span lang=EN-US>12</span>月底前<s>完成</s>落实。<span style='display:none;mso-hide:all'>隐藏</span>面积<span lang=EN-US>50m<sup>2</sup></span></span></p>
<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US style='font-family:Wingdings;mso-list:Ignore'>l<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>身份证</p>
<p class=MsoListParagraph style='margin-left:39.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>n<span>&nbsp; </span></span><![endif]>原件</p>
<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>l<span>&nbsp; </span></span><![endif]>合同</p>
<p class=MsoNormal style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>（一）</span><![endif]>报名办法</p>
<p class=MsoNormal>拨打电话<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[1]<![endif]></span></span></a>。</p>
<p class=MsoNormal><img width=300 height=200 src="file:///C:/Users/wang/AppData/clip_image002.jpg" v:shapes="图片_1"></p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1 width="33%"><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1"><span>[1]</span></a> 法定节假日除外。</p></div></div>
<!--EndFragment--></body></html>`,
		"word-table": `<table class=MsoTableGrid border=1><tr style='mso-yfti-irow:0'><td colspan=2 style='mso-border-alt:solid'><p class=MsoNormal align=center><b>时间安排</b></p></td></tr>
<tr><td rowspan=2><p>12月</p></td><td><p>宣讲</p></td></tr><tr><td><p>咨询<o:p></o:p></p></td></tr></table><p>见上表。</p>`,
		"word-tracked": `<p>定<ins cite="mailto:张三" datetime="2026-11-20T09:00">加</ins><del cite="mailto:李四" datetime="2026-11-20T09:00">减</del>稿<a class=msocomanchor id="_anchor_1" href="#_msocom_1">[张1]</a></p><div style='mso-element:comment-list'><div style='mso-element:comment'><p>这里不对</p></div></div>`,
		"wps": `<html><body><p style="text-align:center;"><span style="mso-spacerun:'yes';font-family:方正小标宋简体;mso-fareast-font-family:方正小标宋简体;font-size:22.0000pt;">会议纪要</span></p><p style="text-indent:32.0000pt;"><span style="font-family:仿宋;font-size:16.0000pt;">&nbsp;&nbsp;会议议定：</span></p>
<p><span style="font-size:16.0000pt;">1.增设窗口。</span></p><p><span style="font-size:16.0000pt;">2.延长时间。</span></p><p><img src="` + png + `" alt="wps1"/></p></body></html>`,
		"wechat": `<section style="box-sizing:border-box"><section><section style="text-align:center"><span leaf="" style="font-size:18px;font-weight:bold">以案释法</span></section></section>
<section><p style="text-indent:2em"><span leaf="">　　老张在工地<strong><span leaf="">干了三个月</span></strong>，工钱没拿到。</span></p><p><br></p></section>
<section><img class="rich_pages wxw-img" data-ratio="0.66" data-src="https://mmbiz.qpic.cn/mmbiz_png/abc/640?wx_fmt=png" src="data:image/gif;base64,iVBORw0KGgo="></section>
<p>第一步<span style="text-decoration:underline">&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</span></p>
<ol class="list-paddingleft-1"><li><section><span leaf="">留好证据</span></section></li><li><p>打<a href="tel:12348">12348</a></p><ul><li><p>工作日</p></li></ul></li></ol>
<mp-common-profile data-nickname="某号"></mp-common-profile><iframe class="video_iframe" data-src="https://v.qq.com/x"></iframe><section><mp-style-type data-value="3"></mp-style-type></section>
<p><a href="https://mp.weixin.qq.com/s/abc">往期</a>和<a href="javascript:void(0);">点我</a></p></section>`,
		"web-headings": `<h1>总标题</h1><h2>申请条件</h2><p>第一行<br>第二行</p><h3>例外</h3><blockquote><p>引用</p></blockquote><hr><pre>一行
  两行</pre><table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>`,
		"scripts":     `<p onclick="alert(1)">看<script>alert(1)</script>见<style>p{}</style><svg><text>画</text></svg><object data="x">物</object></p><textarea>填</textarea><p>5 < 6 &amp; *不粗*</p>`,
		"own-picture": `<p>门口</p><img src="https://sf.example.gov.cn/sfj/media/ab12/men.png" alt="大门">`,
		"only-text":   `没有标签的一行`,
	}
}

func options() docx.Options {
	return docx.Options{Fragment: true, Own: func(src string) (string, bool) {
		path, ok := strings.CutPrefix(src, "https://sf.example.gov.cn/sfj")
		return path, ok && strings.HasPrefix(path, "/media/")
	}}
}

func TestPaste(t *testing.T) {
	for name, src := range pastes() {
		t.Run(name, func(t *testing.T) {
			d, err := docx.CleanHTML(src, options())
			must(t, err)
			compare(t, filepath.Join("testdata", "paste-"+name+".golden"), golden(d))
		})
	}
}

func TestPasteOfNothing(t *testing.T) {
	for _, src := range []string{"", "<p>&nbsp;</p>", "<style>x</style>"} {
		if _, err := docx.CleanHTML(src, docx.Options{Fragment: true}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", src, err)
		}
	}
}

// TestWholePageFindsTitle: the same clipboard as a document of its own.
func TestWholePageFindsTitle(t *testing.T) {
	d, err := docx.CleanHTML(pastes()["word"], docx.Options{})
	must(t, err)
	if d.Title != "关于开展法治宣传的通知" || strings.Contains(d.Markdown, d.Title) {
		t.Errorf("title %q, text\n%s", d.Title, d.Markdown)
	}
}

func FuzzCleanHTML(f *testing.F) {
	for _, src := range pastes() {
		f.Add(src)
	}
	renderer := markdown.New(markdown.Config{})
	f.Fuzz(func(t *testing.T, src string) {
		d, err := docx.CleanHTML(src, options())
		if err != nil {
			return
		}
		if _, err := renderer.Render([]byte(d.Markdown)); err != nil {
			t.Errorf("our renderer refuses it: %v\n%q", err, d.Markdown)
		}
	})
}
