package docx_test

// plainFiles each show one thing a document may hold.
func plainFiles() map[string]func() *file {
	return map[string]func() *file{
		"styles-word": func() *file { // Word in English
			f := doc(styled(`<w:pStyle w:val="Title"/>`, "How to claim wages 怎样讨薪"), styled(`<w:pStyle w:val="Heading1"/>`, "准备证据"), p("先留证据。"),
				styled(`<w:pStyle w:val="Heading2"/>`, "合同和工资条"), p("拍照。"), styled(`<w:pStyle w:val="Heading1"/>`, "去哪里"), p("到窗口。"))
			f.styles = style("Title", "Title", "") + style("Heading1", "heading 1", `<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr>`) + style("Heading2", "heading 2", `<w:basedOn w:val="Heading1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>`)
			return f
		},
		"styles-chinese-word": func() *file { // Word in Chinese: ids are numbers, names are the built-in ones
			f := doc(styled(`<w:pStyle w:val="a3"/>`, "怎样申请法律援助"), styled(`<w:pStyle w:val="1"/>`, "申请条件"), p("符合其一即可。"), styled(`<w:pStyle w:val="2"/>`, "经济困难"), p("出示证明。"), styled(`<w:pStyle w:val="1"/>`, "申请材料"), p("身份证。"))
			f.styles = style("a", "Normal", "") + style("1", "heading 1", `<w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>`) + style("2", "heading 2", `<w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>`) + style("a3", "Title", `<w:pPr><w:jc w:val="center"/></w:pPr>`)
			return f
		},
		"styles-wps": func() *file { // WPS: ids one higher than the level, the first heading is the title
			f := doc(styled(`<w:pStyle w:val="2"/>`+centered, "送法进乡村活动方案"), styled(`<w:pStyle w:val="3"/>`, "一、目的"), p("普及民法典。"), styled(`<w:pStyle w:val="4"/>`, "（一）对象"), p("村民。"))
			f.styles = style("1", "Normal", "") + style("2", "heading 1", `<w:pPr><w:outlineLvl w:val="0"/></w:pPr>`) + style("3", "heading 2", `<w:pPr><w:outlineLvl w:val="1"/></w:pPr>`) + style("4", "heading 3", `<w:pPr><w:outlineLvl w:val="2"/></w:pPr>`)
			return f
		},
		"numbering-formats": func() *file { // what shows, shows
			f := doc(numbered(1, 0, "总则"), p("甲"), numbered(1, 1, "范围"), p("乙"), numbered(1, 1, "术语"), p("丙"), numbered(2, 0, "先来"), p("丁"), numbered(2, 0, "后到"), numbered(3, 0, "设立"), p("戊"), numbered(3, 0, "变更"), numbered(4, 0, "一项"), numbered(4, 0, "二项"))
			f.numbering = list(0, "decimal", "%1", "decimal", "%1.%2") + list(1, "upperRoman", "%1.") + list(2, "chineseCounting", "第%1条") + list(3, "decimalEnclosedCircle", "%1") + num(1, 0) + num(2, 1) + num(3, 2) + num(4, 3)
			return f
		},
		"lists-nested": func() *file {
			f := doc(p("带上这些："), numbered(1, 0, "身份证"), numbered(1, 1, "原件"), numbered(1, 1, "复印件"), numbered(1, 0, "合同"), p("然后这样做："), numbered(2, 0, "填表"), numbered(2, 1, "姓名要和身份证一致"), numbered(2, 1, "电话写自己的"), numbered(2, 0, "交表"), numbered(2, 2, "交到窗口"), p("完。"))
			f.numbering = list(0, "bullet", "\uf0b7", "bullet", "o") + list(1, "decimal", "%1.", "lowerLetter", "%2)", "bullet", "-") + num(1, 0) + num(2, 1)
			return f
		},
		"lists-restart": func() *file {
			f := doc(numbered(1, 0, "甲"), numbered(1, 0, "乙"), numbered(2, 0, "又从一开始"), numbered(2, 0, "再二"), p("接着："), numbered(1, 0, "丙"), numbered(1, 0, "丁"))
			f.numbering = list(0, "decimal", "%1.") + num(1, 0) + `<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`
			return f
		},
		"inline-looks": func() *file {
			f := doc()
			site := f.rel("hyperlink", "https://www.12348.gov.cn/a_b?x=1&copy=2", true)
			bad := f.rel("hyperlink", "javascript:alert(1)", true)
			local := f.rel("hyperlink", `file:///C:\文件.doc`, true)
			f.body = []string{
				p(r("请"), r("一定", "<w:b/>"), r("带"), r("原件", "<w:i/>"), r("，"), r("旧的", "<w:strike/>"), r("不收。")),
				p(r("依据"), r("《劳动合同法》", "<w:b/>"), r("第三十九条"), r("，公司", "<w:b/>"), r("不得")),
				p(r("面积50m"), r("2", `<w:vertAlign w:val="superscript"/>`), r("，H"), r("2", `<w:vertAlign w:val="subscript"/>`), r("O")),
				p(r("又粗又斜", "<w:b/>", "<w:i/>"), r("只粗", "<w:b/>"), r("普通"), r("(粗)", "<w:b/>"), r("a")),
				p(r("详见"), link(site, "官方网站"), r("，或"), link(bad, "点这里"), r("，或"), link(local, "附件")),
				p(r("姓名"), r("        ", `<w:u w:val="single"/>`), r("，电话"), r("12348", `<w:u w:val="single"/>`)),
				p(r("看得见"), r("看不见", "<w:vanish/>"), r("又看得见")),
				p(r("注意", `<w:b/>`), r("　", `<w:b/>`), r("安全", `<w:b/>`), r("第一")),
			}
			return f
		},
		"escaping": func() *file { // signs of Markdown are only signs
			return doc(p("# 不是标题"), p("1. 不是列表。只是一句话"), p("- 不是列表"), p("> 不是引用"), p("2026. 年"), p("3~5天，6~8天"), p("*号*和_线_和`码`和[括号](x)"), p(r("<b>不是标签</b> &lt; &amp;amp; AT&T")),
				p(`反斜杠\*和C:\目录`), p("：：：提示 不是提示框"), p(":::提示"), p("第一行", br, "# 第二行", br, "- 第三行", br, "=== 第四行"), p("网址 http://www.a-b.cn/x_y_z?q=1 和 www.moj.gov.cn/a_b 和 a_b@c.com.cn 都在"), p("甲|乙", br, "---|---"), p("惊叹!", `<w:hyperlink r:id="none">`+r("没有地址的链接")+`</w:hyperlink>`), p("张**、李**"), p("+86 12348"), p("[^1]: 不是注释"), p("| 不是 | 表格 |"), p("{{hotline}} 不是数据项"))
		},
		"spaces": func() *file {
			return doc(p("　　段首两个全角空格"), p("    四个半角空格"), p(tab, "制表符后", tab, "两列"), p("行内  两个   空格"), p("姓　名"), p("a\u00a0b\u200bc\ufeffd\u00ade"), p("软", `<w:r><w:softHyphen/></w:r>`, "连字符和", `<w:r><w:noBreakHyphen/></w:r>`, "不断"), p("第一行", br, "第二行", br, br, "空一行以后"), p(), p("　　"), p("分页", `<w:r><w:br w:type="page"/></w:r>`, "之后"))
		},
		"table-grid": func() *file {
			return doc(p("窗口时间："), tbl(tr("镇街", "地址", "电话"), tr("示例镇", "示例路1号|东门", "12348"), tr(tc("", "滨河街道"), tc("", p("滨河路2号"), p("二楼")), tc("", p(r("电话", "<w:b/>"))))), p("以上。"))
		},
		"table-merged": func() *file {
			return doc(tbl(
				tr(tc(span3, "咨询统计表")),
				tr(tc(mergeFrom, "单位"), tc(span2, "人次")),
				tr(tc(mergeDown, ""), "上半年", "下半年"),
				tr(tc(mergeFrom, "示例镇"), "12", "30"),
				tr(tc(mergeDown, ""), tc(span2, p("合计"), p("42"))),
				tr("滨河街道", "5", "8")), p("完"))
		},
		"table-nested": func() *file {
			f := doc(tbl(tr("项目", "内容"), tr("材料", tc("", numbered(1, 0, "身份证"), numbered(1, 0, "合同"), p("都要原件"))), tr("时间", tc("", tbl(tr("上午", "9点"), tr("下午", "2点")), p()))))
			f.numbering = list(0, "decimal", "%1.") + num(1, 0)
			return f
		},
		"table-frame": func() *file { // one cell is a frame
			return doc(tbl(tr(tc("", p("温馨提示"), p("请带身份证。")))), p("之后"))
		},
		"table-irregular": func() *file {
			return doc(tbl(tr("甲", "乙", "丙"), tr("一"), "<w:tr><w:trPr><w:hidden/></w:trPr>"+tc("", "藏起来的行")+"</w:tr>", tr(tc("", ""), tc("", "二"))))
		},
		"pictures": func() *file {
			f := doc()
			a, b := f.media("image1.png", dot(10)), f.media("image2.png", dot(200))
			emf := f.media("image3.emf", []byte("\x01\x00\x00\x00EMF"))
			f.body = []string{title("活动报道"), text("现场气氛热烈。"), p(inlinePicture(a, "律师在工地答疑")), styled(centered, r("图1　现场")), p(r("两张："), inlinePicture(b, ""), anchoredPicture(a, "律师在工地答疑")), p(inlinePicture(emf, "印章")), text("最后一句。"),
				p(`<w:r><w:pict><v:shape alt="旧式图片"><v:imagedata r:id="` + b + `"/></v:shape></w:pict></w:r>`)}
			return f
		},
		"footnotes": func() *file {
			f := doc()
			first := f.note(p(`<w:r><w:footnoteRef/></w:r>`, " 见《劳动法》第五十条。"))
			second := f.endnote(p("尾注，", r("重点", "<w:b/>")) + p("第二段。"))
			f.body = []string{p("工资应当按月支付", first, "。"), p("另有规定", second, "的除外。"), tbl(tr("项", "注"), tr("甲", tc("", p("乙", first)))), p("完", first)}
			return f
		},
		"text-box": func() *file {
			return doc(p("框前", textBox(p("框里第一段"), p("框里第二段")), "框后"), p("下一段"))
		},
		"dropped": func() *file { // each is named with its place
			f := doc()
			head := f.rel("header", "header1.xml", false)
			f.parts["word/header1.xml"] = []byte(`<w:hdr ` + wordNames + `>` + p("内部页眉") + `</w:hdr>`)
			f.section = `<w:headerReference w:type="default" r:id="` + head + `"/>`
			f.body = []string{
				`<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>` + p(field(`TOC \o "1-3"`, "一、概况……1")) + `</w:sdtContent></w:sdt>`,
				p("公式", `<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>`, "在此"),
				p("图表在此", `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="c"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/></a:graphic></wp:inline></w:drawing></w:r>`),
				p("图形在此", `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="c"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"/></a:graphic></wp:inline></w:drawing></w:r>`),
				p("对象在此", `<w:r><w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12"/></w:object></w:r>`),
				p("第", field("PAGE", "3"), "页"),
				`<w:altChunk r:id="x"/>`,
			}
			return f
		},
		"fields": func() *file {
			return doc(p("更新于", field(`DATE \@ "yyyy年M月d日"`, "2026年11月20日"), "。"), p("见", field(`HYPERLINK "https://www.moj.gov.cn/"`, r("司法部", "<w:b/>"), r("网站")), "。"), p("如", field(`REF _Ref1 \h`, "表1"), "所示"), p(`<w:fldSimple w:instr=" AUTHOR ">`+r("宣传科")+`</w:fldSimple>`, "供稿"), p(field("SEQ 图", "1"), "号"), p(field(`EQ \o\ac(○,1)`), "带圈"))
		},
		"symbols": func() *file {
			return doc(p(`<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>`, "已交"), p(`<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>`, "未交"), p(`<w:r><w:sym w:font="怪字体" w:char="F0AB"/></w:r>`, "怪"), p(`<w:r><w:ruby><w:rt><w:r><w:t>fǎ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>法</w:t></w:r></w:rubyBase></w:ruby></w:r>`, "治"))
		},
		"bookmarks-and-tags": func() *file { // wrappers that say nothing
			return doc(p(`<w:bookmarkStart w:id="0" w:name="_GoBack"/>`, "书签", `<w:bookmarkEnd w:id="0"/>`, `<w:smartTag>`+r("济南")+`</w:smartTag>`, `<w:sdt><w:sdtContent>`+r("控件里的字")+`</w:sdtContent></w:sdt>`, `<w:proofErr w:type="spellStart"/>`, `<w:hyperlink w:anchor="_Toc1">`+r("文内跳转")+`</w:hyperlink>`), `<w:sdt><w:sdtContent>`+p("整段控件")+`</w:sdtContent></w:sdt>`, `<w:customXml>`+p("整段标记")+`</w:customXml>`)
		},
		"macros": func() *file { // .docm
			f := doc(title("带宏的通知"), text("正文还在。"))
			f.main, f.parts["word/vbaProject.bin"] = "application/vnd.ms-word.document.macroEnabled.main+xml", []byte("VBA")
			return f
		},
		"strict-utf16": func() *file { // ISO strict name spaces, in UTF-16
			f := doc()
			f.parts["word/document.xml"] = utf16LE(`<?xml version="1.0" encoding="UTF-16"?><x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:body><x:p><x:r><x:t>严格格式</x:t></x:r></x:p></x:body></x:document>`)
			return f
		},
		"control-characters": func() *file {
			f := doc()
			f.parts["word/document.xml"] = []byte("<w:document " + wordNames + "><w:body><w:p><w:r><w:t>前\x00\x01&#0;&#x1F;&#65;后\xff完</w:t></w:r></w:p></w:body></w:document>")
			return f
		},
	}
}

func utf16LE(s string) []byte {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}
