package content

// Citation is one article that an edition cites. A range, 第十条至第十二条, is
// one Citation for each of its articles.
type Citation struct {
	Source      bool   // from Text.Sources, else from the body
	LawSlug     string // "" when the law is not loaded
	Law         string // as written
	Number, Sub int    // Number is 0 when only a law is named
	Clause      int
	Item        int
}
