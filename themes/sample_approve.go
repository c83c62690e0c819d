package themes

import "html/template"

// approvePages are the pages of a leader's decision with every field set.
func (m maker) approvePages() []Page {
	return []Page{
		&ApprovePage{Shell: m.shell("/approve/", "请您审核"), Action: "/approve/x", Name: m.say("李红 副局长"), Stage: m.say("终审"), Question: m.say("可以对外发布吗"),
			Problem: FieldProblem{"f-remark", m.say("请写一句为什么退回。")}, Kind: m.say("通知公告"), Column: m.say("通知"), Edition: m.say("第 2 版"), Sender: m.say("王编辑"), Until: m.say("11 月 26 日 17:04"),
			Since: m.say("和张科长 11 月 24 日退回的一稿比"), Changes: []ApproveChange{{m.say("正文"), []ApproveRun{{"", m.say("先去")}, {"old", m.say("劳动局")}, {"new", m.say("劳动监察")}}}},
			Text: m.say("关于领取工资手册的通知"), Answer: m.say("带身份证去领。"), Body: template.HTML("<p>" + template.HTMLEscapeString(m.say("正文。")) + "</p>"), Sources: []string{m.say("《劳动合同法》第三十条")},
			Note: m.say("时间改了"), Findings: []string{m.say("12 月 4 日是周五，不是周三")}, Marks: []string{m.say("劳动局：写全称")}, Reasons: []Option{{Value: "错别字", Name: m.say("错别字"), Selected: true}}, Remark: m.say("时间不对")},
	}
}

// emptyApprovePages have nothing but what is always there.
func emptyApprovePages(sh func(path, title string) Shell) []Page {
	return []Page{
		&ApprovePage{Shell: sh("/approve/", "请您审核"), Action: "/approve/x", Name: "李红", Stage: "终审", Text: "通知", Body: "<p>正文。</p>"},
		&ApprovePage{Shell: sh("/approve/", "请您审核"), Action: "/approve/x", Name: "李红", Stage: "终审", AskCode: true},
		&ApprovePage{Shell: sh("/approve/", "请您审核"), Action: "/approve/x", Name: "李红", Stage: "终审", AskCode: true, Password: true},
		&ApprovePage{Shell: sh("/approve/", "谢谢"), Done: "已通过，网站上现在就能看到。"},
	}
}
