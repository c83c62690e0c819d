package themes

import "time"

// SearchPage is /search. Without a Query it is the empty form.
type SearchPage struct {
	Shell
	Problem   string // what is wrong with the address or the Query, and what to do; "" for nothing
	Total     int
	Meant     Link   // 您是不是要找; zero for nothing
	Corrected bool   // the hits are those of Meant already
	Verbatim  string // address of the search for the text as it was typed; "" for none
	Promoted  []Hit  // 推荐: what editors put on top of this query
	Exact     *Hit   // the article a query like 劳动合同法第38条 names
	Hits      []Hit
	Sessions  []Session // coming ones, when the query asks for some
	Related   []Link    // other queries that led to the same pages
	Kinds     []Facet
	Topics    []Facet
	Pager     Pager
	Popular   []Card    // for a search without a result
	Try       []Link    // shorter or more usual words
	Nearby    []Station // somebody to ask instead
	Away      bool      // the index does not answer; the page says what to do
}

// Found reports that there is something to show for the query.
func (p *SearchPage) Found() bool { return len(p.Promoted) > 0 || len(p.Hits) > 0 || p.Exact != nil }

// Hit is a search result.
type Hit struct {
	Title   []Span
	Href    string
	Kind    string    // 指南, 法条, 活动, 站点; "" for a page of no kind
	Status  Badge     // of a law: 现行有效, 已废止
	Date    time.Time // zero for none
	Note    string    // 东湖镇 · 项目部食堂
	Answer  []Span    // 一句话答案; empty for kinds without
	Snippet []Span    // where the words stand; empty when the Answer has them
}

// Facet narrows a search.
type Facet struct {
	Name    string
	Href    string
	Count   int
	Current bool
}
