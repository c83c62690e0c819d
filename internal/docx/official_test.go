package docx_test

import "maps"

// corpus are the files, by name. Each is built as Word or WPS would save it.
func corpus() map[string]func() *file {
	all := map[string]func() *file{}
	maps.Copy(all, officialFiles())
	maps.Copy(all, plainFiles())
	return all
}

// officialFiles are whole 公文 of a bureau.
func officialFiles() map[string]func() *file {
	return map[string]func() *file{
		"notice-red-head": func() *file { // 通知, with letter head, attachments and 版记
			return doc(
				styled("", r("000012", body)),
				styled(centered, r("示例区司法局文件", redHead)),
				styled(centered, r("示例司发〔2026〕12号", body)),
				styled(`<w:pBdr><w:bottom w:val="single" w:color="FF0000"/></w:pBdr>`),
				title("关于开展2026年度“送法进工地”"), title("活动的通知"),
				p(),
				toAll("各镇（街道）司法所，局机关各科室："),
				text("　　为贯彻落实《保障农民工工资支付条例》，切实维护农民工合法权益，经研究，决定开展“送法进工地”活动。现将有关事项通知如下："),
				heading1("一、活动时间"), text("2026年12月1日至12月31日。"),
				heading1("二、活动内容"),
				styled("", r("（一）普法宣讲。", kaiFace), r("组织律师、法律援助工作者到工地讲解劳动合同、工资支付、工伤认定等知识。", body)),
				styled("", r("（二）现场咨询。", kaiFace), r("设置咨询台，当场解答，登记线索。", body)),
				heading1("三、有关要求"),
				text("1.高度重视，精心组织。"), text("2.注重实效，防止走过场。"), text("3.及时报送活动情况。"),
				text("附件：1.活动安排表"), text("　　　2.工地名单"),
				signed("示例区司法局"), signed("2026年11月20日"),
				text("（此件公开发布）"),
				styled(`<w:pageBreakBefore/>`, r("附件1", blackFace)), title("活动安排表"),
				tbl(tr("日期", "工地", "律师"), tr("12月3日", "示例路工地", "张律师"), tr("12月10日", "滨河工地", "李律师")),
				styled(`<w:pageBreakBefore/>`, r("附件2", blackFace)), title("工地名单"),
				text("1.示例路工地"), text("2.滨河工地"),
				styled("", r("抄送：区人力资源社会保障局，区住房城乡建设局。", body)),
				styled("", r("示例区司法局办公室　　　　2026年11月20日印发", body)))
		},
		"letter": func() *file { // 函: number below the head, one signer, Chinese date
			return doc(
				styled(centered, r("示例区司法局", redHead)),
				styled(right, r("示例司函（2026）第3号", body)),
				title("示例区司法局关于商请协助开展"), title("法治宣传的函"),
				toAll("区住房和城乡建设局："),
				text("根据年度普法计划，我局拟于12月在重点工地开展法治宣传。为做好相关工作，现商请贵局协助以下事项："),
				text("一、提供在建工地名单和联系人；"), text("二、通知施工单位安排场地。"),
				text("专此致函，请予支持。"),
				text("（联系人：王老师；联系电话：0531-12348）"),
				signed("示例区司法局"), signed("二〇二六年十一月二十日"))
		},
		"minutes": func() *file { // 会议纪要
			return doc(
				title("示例区普法依法治理工作联席会议纪要"),
				styled(centered, r("（2026年11月18日）", body)),
				text("11月18日，区司法局召开联席会议，研究年末普法工作。会议由示例区司法局局长主持。现纪要如下："),
				heading1("一、关于送法进工地活动"),
				text("会议听取了活动筹备情况汇报。会议认为，欠薪问题多发于年末，宣传必须提前。"),
				heading1("二、关于经费保障"),
				text("会议议定："),
				text("（一）所需经费从普法专项中列支；"), text("（二）各司法所据实报销。"),
				text("出席：区司法局、区人社局、区住建局。"), text("请假：区工会。"))
		},
		"plan-chapters": func() *file { // 方案 with three levels, automatic numbers of chineseCounting
			f := doc(
				title("示例区2026年法律援助惠民工程实施方案"),
				text("为进一步扩大法律援助覆盖面，制定本方案。"),
				numbered(1, 0, "工作目标"), text("全年办理法律援助案件800件以上。"),
				numbered(1, 0, "主要任务"),
				numbered(1, 1, "降低门槛"), text("将农民工请求支付劳动报酬案件全部纳入。"),
				numbered(1, 1, "畅通渠道"),
				numbered(1, 2, "设立专窗"), text("在中心设农民工专窗。"),
				numbered(1, 2, "网上申请"), text("开通网上申请。"),
				numbered(1, 0, "保障措施"), text("加强组织领导。"),
				signed("示例区司法局"), signed("2026 年 3 月 5 日"))
			f.numbering = list(0, "chineseCountingThousand", "%1、", "chineseCountingThousand", "（%2）", "decimal", "%3.") + num(1, 0)
			return f
		},
		"joint": func() *file { // 联合行文: three signers, number in full-width brackets
			return doc(
				styled(centered, r("示例区司法局　示例区人力资源和社会保障局文件", redHead)),
				styled(centered, r("示例司联发［2026］7号", body)),
				title("关于建立劳动争议多元化解机制的意见"),
				toAll("各镇人民政府、街道办事处："),
				text("经区政府同意，现提出如下意见。"),
				styled(right, r("示例区司法局", body)), styled(right, r("示例区人力资源和社会保障局", body)), styled(right, r("示例区总工会", body)),
				styled(right, r("2026年6月8日", body)))
		},
		"rules": func() *file { // 办法 by chapters and articles
			return doc(
				title("示例区公共法律服务站点管理办法"),
				styled(centered, r("（示例区司法局2026年1月6日印发）", body)),
				styled(centered, r("第一章　总　则", blackFace)),
				text("第一条　为规范站点管理，制定本办法。"),
				text("第二条　站点的设立、运行和监督，适用本办法。"),
				styled(centered, r("第二章　设立", blackFace)),
				styled(centered, r("第一节　条件", blackFace)),
				text("第三条　设立站点应当具备下列条件："),
				text("（一）有固定场所；"), text("（二）有专人值守。"),
				text("第四条　本办法自2026年2月1日起施行。"))
		},
		"bulletin-signed-one-line": func() *file { // 公告: signature and date in one line by spaces
			return doc(
				title("公　　告"),
				text("示例路公共法律服务站点自2026年12月1日起迁至示例路12号。特此公告。"),
				styled(right, r("示例区司法局　　2026年11月20日", body)))
		},
		"month-only": func() *file {
			return doc(title("2026年工作要点"), text("抓好普法。"), signed("示例区司法局"), signed("2026年11月"))
		},
		"no-structure": func() *file { // nothing to be found: all stays
			return doc(text("今天下了雪，窗口照常开放。"), text("来的人不多，十二个。"))
		},
		"run-in-bold": func() *file {
			return doc(title("普法工作总结"),
				styled("", r("一、突出重点。", "<w:b/>"), r("全年举办讲座四十场。")),
				styled("", r("二、突出实效。", "<w:b/>"), r("解答咨询三千人次。")),
				text("三、存在不足。宣传不够深入，覆盖面不够广，一些同志认识不到位。"))
		},
		"subtitle": func() *file {
			return doc(title("把法送到工友身边"), styled(centered, r("——示例区司法局2026年普法侧记", kaiFace)), text("清晨六点，工地的灯已经亮了。"))
		},
		"internal-draft": func() *file {
			return doc(title("年度普法工作方案"), styled(centered, r("（征求意见稿）")), text("一个字也还没有定。"))
		},
	}
}
