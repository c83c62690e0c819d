package themes

// LawsPage is /laws/.
type LawsPage struct {
	Shell
	Groups []LawGroup
}

// LawGroup is a heading with laws below it.
type LawGroup struct {
	Name string // 法律, 行政法规, 司法解释; may be ""
	Laws []LawItem
}

// LawItem is a law in a list.
type LawItem struct {
	Title    string // 中华人民共和国劳动合同法
	Href     string
	InForce  string // 2006-01-02; "" when unknown
	Articles int
	Status   Badge // 现行有效, 已废止
}

// LawPage is a law whole: /laws/{law}.
type LawPage struct {
	Shell
	Law      LawHead
	Contents []LawPart // what is in it
	Parts    []LawPart // the text: headings with the provisions below them
	CitedBy  []Card    // 被这些指南引用
}

// LawHead is what the pages of a law and of an article have in common.
type LawHead struct {
	Title    string
	Short    string // 劳动合同法
	Href     string // of the version in force
	Status   Badge  // 现行有效, 已废止, 尚未施行, 旧版本
	InForce  string // 2006-01-02; "" when unknown
	History  []string
	Versions []LawVersion // newest first
	Notice   *Notice      // repealed, or not the version in force; may be nil
}

// LawVersion is a dated text of a law.
type LawVersion struct {
	Date    string // 2006-01-02, names the version
	InForce string
	Href    string
	Status  Badge
	Shown   bool // it is the one on this page
}

// LawPart is a chapter or section: its heading, its range and its provisions.
type LawPart struct {
	Level      int    // 2 for 编 or 章, 3 for 节 below a 章 …; 0 for what stands before the first heading
	ID         string // anchor
	Heading    string // 第四章 劳动合同的解除和终止
	Range      string // 第三十六条至第五十条; may be ""
	Provisions []Provision
}

// ArticlePage is one article: /laws/{law}/{number}.
type ArticlePage struct {
	Shell
	Law        LawHead
	Chapter    []string // headings above it, outermost first
	Provision  Provision
	Prev, Next *Link
	CitedBy    []Card
	Sessions   []Session
}
