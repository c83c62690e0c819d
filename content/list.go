package content

import (
	"context"
	"time"
)

// Item is a published document in a list.
type Item struct {
	ID       string
	Kind     Kind
	Slug     string
	Title    string
	Answer   string
	Excerpt  string
	Topics   []string
	Column   string
	Origin   string
	Cover    string
	CoverAlt string
	First    time.Time // 发布时间
	Updated  time.Time // when the live edition was published
}

// Address is the document's root-relative address.
func (i Item) Address() string { return Address(i.Kind, i.Slug) }

// Filter narrows a public list; empty fields do not.
type Filter struct {
	Kind   Kind
	Topic  string
	Column string
	Page   int // from 1; 0 is 1
	Size   int // items on a page; 0 is 20
}

// Listing is one page of a list.
type Listing[T any] struct {
	Items []T
	Total int
	Page  int // from 1
	Size  int
}

// Pages is how many pages there are, at least 1.
func (l Listing[T]) Pages() int { return max(1, (l.Total+l.Size-1)/max(1, l.Size)) }

// DeskItem is a document in a list of the staff: by its newest edition.
type DeskItem struct {
	ID      string // of the document
	Kind    Kind
	Slug    string
	Title   string
	Column  string
	HeadID  string
	State   State // of the newest edition
	Number  int
	Live    State // what readers get: Published, Withdrawn, Unpublished or ""
	First   time.Time
	Updated time.Time
	Due     time.Time // when Scheduled
	Last    Step      // who did what last
}

// Address is the document's root-relative address.
func (i DeskItem) Address() string { return Address(i.Kind, i.Slug) }

// DeskFilter narrows a staff list; empty fields do not.
type DeskFilter struct {
	Kind   Kind
	State  State // Draft, Submitted, Scheduled: of the newest edition; others: what readers get
	Topic  string
	Column string
	Title  string // a part of the title
	Page   int    // from 1; 0 is 1
	Size   int    // items on a page; 0 is 20
}

// List lists published documents, the newest publication first.
func (s *Store) List(ctx context.Context, f Filter) (Listing[Item], error) {
	return Listing[Item]{Page: 1, Size: 20}, nil
}

// Latest lists the n newest published documents of the kinds, or of all.
func (s *Store) Latest(ctx context.Context, n int, kinds ...Kind) ([]Item, error) { return nil, nil }

// ByIDs reads the published ones of these documents, in the given order.
func (s *Store) ByIDs(ctx context.Context, ids []string) ([]Item, error) { return nil, nil }

// Desk lists documents for staff, the last changed first.
func (s *Store) Desk(ctx context.Context, f DeskFilter) (Listing[DeskItem], error) {
	return Listing[DeskItem]{Page: 1, Size: 20}, nil
}

// Related lists up to n published documents that cite the same articles, then
// such with the same topics.
func (s *Store) Related(ctx context.Context, documentID string, n int) ([]Item, error) {
	return nil, nil
}

// CitedBy lists up to 20 published documents that cite the article; number 0
// means any article of the law.
func (s *Store) CitedBy(ctx context.Context, lawSlug string, number, sub int) ([]Item, error) {
	return nil, nil
}

// CitedArticles counts, for each article of a law that published documents
// cite, how many do; keys are law.ArticleID.
func (s *Store) CitedArticles(ctx context.Context, lawSlug string) (map[string]int, error) {
	return nil, nil
}
