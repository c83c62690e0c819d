package themes

// organizePages are the pages of the organizer's walk with every field set.
func (m maker) organizePages() []Page {
	return []Page{m.organize(), m.organizeStep(), m.organizeCheck(), m.organizeState(), m.organizeConfirm(), m.organizeConflict(), m.organizeReport(), m.organizeGiven()}
}

// emptyOrganizePages have nothing but what is always there.
func emptyOrganizePages(sh func(path, title string) Shell) []Page {
	return []Page{
		&OrganizePage{Shell: sh("/organize/", "请律师来讲")},
		&OrganizeStepPage{Shell: sh("/organize/when", "时间地点")},
		&OrganizeCheckPage{Shell: sh("/organize/check", "提交前核对一遍")},
		&OrganizeStatePage{Shell: sh("/organize/request", "申请的进度")},
		&OrganizeConfirmPage{Shell: sh("/organize/withdraw", "撤回申请")},
		&OrganizeConflictPage{Shell: sh("/organize/when", "两份不一样")},
		&OrganizeReportPage{Shell: sh("/organize/report", "报结果")},
	}
}

func (m maker) organize() Page {
	return &OrganizePage{Shell: m.shell("/organize/", "请律师来讲", Link{"活动", "/events/"}), Phone: "0000-6100000", Hours: m.say("周一至周五 8:30—17:30"),
		Types:    []SessionType{{"enterprise", m.say("送法进企业"), "企"}, {"site", m.say("法律进工地"), "工"}, {"village", m.say("法律进乡村"), "村"}, {"jobfair", m.say("招聘会普法"), "聘"}, {"community", m.say("法律进社区"), "社"}, {"school", m.say("法律进学校"), "学"}},
		Stations: []Station{m.station("东湖镇工作站", "镇街工作站", "东湖镇"), m.station("北园街道工作站", "镇街工作站", "北园街道")}, LeadDays: 5, ReplyDays: 3,
		Greeting: m.say("已经撤回"), Resumed: Link{m.say("接着填：东湖电子有限公司"), "/organize/request"},
		Start:  m.form("/organize/start", "给我查询码，开始填", FormGroup{Fields: []FormField{m.field("phone", "手机号", PhoneField)}}),
		Resume: m.form("/organize/open", "打开", FormGroup{Fields: []FormField{m.field("code", "查询码", TextField), m.field("last4", "电话后四位", TextField)}})}
}

func (m maker) form(action, submit string, groups ...FormGroup) OrganizeForm {
	return OrganizeForm{Action: action, Hidden: []Hidden{{"version", m.say("3")}}, Groups: groups, Submit: m.say(submit),
		Problems: []FieldProblem{{"", m.say("有一处没看懂，请改好再存。")}}}
}

func (m maker) field(name, label string, kind FieldKind) FormField {
	return FormField{Name: name, Label: m.say(label), Hint: m.say("照这样写"), Kind: kind, Value: m.say("138 0000 0000"), Error: m.say("少了一位，请补全。"),
		Complete: "off", Max: 60, Unit: m.say("人"), Width: "l", Options: []Option{{Value: "enterprise", Name: m.say("送法进企业"), Glyph: "企", Selected: true}, {Value: "site", Name: m.say("法律进工地"), Glyph: "工"}}}
}

func (m maker) steps() []RequestStep {
	return []RequestStep{{m.say("单位"), "/organize/unit", true, false}, {m.say("活动"), "/organize/session", true, false}, {m.say("时间地点"), "/organize/when", false, true},
		{m.say("人数"), "/organize/people", false, false}, {m.say("需要什么"), "/organize/needs", false, false}, {m.say("核对"), "/organize/check", false, false}}
}

func (m maker) holidays() []Notice {
	return []Notice{{Text: m.say("9 月 25 日至 27 日放假，9 月 20 日（周日）上班"), Link: Link{Text: m.say("这几天要安排活动，请先打电话商量。")}}}
}

func (m maker) organizeStep() Page {
	group := FormGroup{Legend: m.say("希望的时间"), Hint: m.say("写两个时间。"), Row: true, Fields: []FormField{m.field("d1", "首选日期", DateField), m.field("t1", "开始", TimeField)}}
	others := FormGroup{Fields: []FormField{m.field("type", "类型", Picks), m.field("equipment", "现场有什么", Ticks), m.field("agree", "都属实", Tick), m.field("town", "在哪个镇街", Choice), m.field("topic", "想听什么", AreaField), m.field("expected", "大约多少人", CountField)}}
	return &OrganizeStepPage{Shell: m.shell("/organize/when", "什么时间、在哪里讲", Link{"请律师来讲", "/organize/"}), OrganizeForm: m.form("/organize/when", "保存，下一步", group, others, FormGroup{Row: true, Fields: []FormField{m.field("places", "名额", CountField)}}),
		Step: 3, Steps: m.steps(), Code: m.say("ABCDE-FGHJK"), Keep: 30, Notices: m.holidays(), Back: Link{m.say("上一步"), "/organize/session"}, Saved: true}
}

func (m maker) organizeCheck() Page {
	return &OrganizeCheckPage{Shell: m.shell("/organize/check", "提交前核对一遍", Link{"请律师来讲", "/organize/"}), Steps: m.steps(), Code: m.say("ABCDE-FGHJK"),
		Parts:   []CheckPart{{m.say("单位"), []CheckRow{{m.say("单位名称"), m.say("东湖电子有限公司"), "/organize/unit?edit=1#f-unit"}, {m.say("联系人"), "", "/organize/unit?edit=1"}}}},
		Missing: []FieldProblem{{"/organize/session?edit=1#f-topic", m.say("请写想听什么。")}}, Warnings: m.all("离首选时间不到 5 个工作日。"),
		Notices: m.holidays(), Form: m.form("/organize/submit", "提交", FormGroup{Fields: []FormField{m.field("reason", "原因", AreaField)}}), Reply: m.say("3 个工作日内")}
}

func (m maker) organizeState() Page {
	return &OrganizeStatePage{Shell: m.shell("/organize/request", "东湖电子：加班怎么算", Link{"请律师来讲", "/organize/"}), Code: m.say("ABCDE-FGHJK"), Fresh: true, Greeting: m.say("已经提交"), No: "SF-2026-00147",
		Unit: m.say("东湖电子有限公司"), State: Badge{m.say("审核中"), Info}, Explain: m.say("司法局正在看。"), Decider: m.say("东湖镇司法所"), Due: m.say("11 月 27 日（周五）前答复"), Reason: m.say("时间和别的场次冲突。"), Instead: m.say("改到下周二下午。"),
		When: m.say("9 月 22 日 周二 15:00"), Where: m.say("东湖镇 3 号楼二车间"), Missing: []FieldProblem{{"/organize/when?edit=1", m.say("请填首选日期。")}},
		Steps: []StateStep{{m.say("提交"), true, false}, {m.say("审核"), false, true}, {m.say("发布"), false, false}}, Links: []Link{{m.say("活动页面"), "/events/SF-2026-00147"}},
		SignUps: &SignUpCounts{12, 3, 60}, Actions: []Link{{m.say("接着填"), "/organize/when"}, {m.say("撤回"), "/organize/withdraw"}}, CloneTo: "/organize/again",
		Past: []PastRequest{{"01JD", m.say("东湖电子：劳动合同"), sampleTime(1, 9, 0), Badge{m.say("已核实"), Good}}}, Messages: []Notice{{Text: m.say("已安排律师。"), Date: sampleTime(5, 9, 0)}}, ContactTel: "0000-6101001"}
}

func (m maker) organizeConfirm() Page {
	return &OrganizeConfirmPage{Shell: m.shell("/organize/withdraw", "撤回这份申请", Link{"请律师来讲", "/organize/"}), Text: m.say("撤回以后不再安排。"),
		OrganizeForm: m.form("/organize/withdraw", "撤回", FormGroup{Fields: []FormField{m.field("reason", "原因", TextField)}}), Back: Link{m.say("不撤了"), "/organize/request"}}
}

func (m maker) organizeConflict() Page {
	return &OrganizeConflictPage{Shell: m.shell("/organize/when", "这一步刚才有人改过", Link{"请律师来讲", "/organize/"}), Rows: []Difference{{m.say("首选日期"), m.say("9 月 22 日"), m.say("9 月 24 日")}, {m.say("地点"), "", m.say("食堂")}},
		Mine: m.form("/organize/when", "用我刚填的"), Theirs: Link{m.say("用已经存着的"), "/organize/when"}}
}

func (m maker) organizeReport() Page {
	handed := m.field("handout_handed", "发了", CountField)
	handed.Row = "-0"
	return &OrganizeReportPage{Shell: m.shell("/organize/report", "报结果", Link{"请律师来讲", "/organize/"}), Problems: []FieldProblem{{"f-attendance", m.say("请填到场人数。")}}, Session: m.sessions()[0], Due: m.say("9 月 15 日（周二）前"), Reason: m.say("人数和签到表不符。"),
		Action: "/organize/report", Draft: "/organize/report/draft", Hidden: []Hidden{{"rev", m.say("4")}},
		Parts: []ReportPart{{"people", m.say("来了多少人"), "", []FormGroup{{Row: true, Fields: []FormField{m.field("attendance", "一共到场", CountField)}}, {Legend: m.say("其中"), Hint: m.say("估计就行"), Fold: true, Fields: []FormField{m.field("women", "妇女", CountField)}}}},
			{"handouts", m.say("发了什么"), m.say("领了 50 份"), []FormGroup{{Legend: m.say("《工资手册》"), Hidden: []Hidden{{"handout_title", m.say("工资手册")}}, Row: true, Fields: []FormField{handed}}}},
			{"photos", m.say("照片"), "", nil}},
		Photos: []ReportPhoto{{m.say("ab12"), "/media/ab12/320.webp", m.say("现场照片 1"), m.say("签到表，不公开")}}, Warnings: m.all("到场人数是名额的 4 倍。"),
		Send: []FormGroup{{Fields: []FormField{m.field("override", "情况说明", TextField)}}}, Saved: sampleTime(10, 20, 30)}
}

func (m maker) organizeGiven() Page {
	p := m.organizeReport().(*OrganizeReportPage)
	p.Given, p.Action, p.Draft, p.Problems = true, "", "", nil
	return p
}
