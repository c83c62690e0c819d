package law

// Registry is what the loaded laws are called and which articles they have.
// It is safe for concurrent use; Store.Reload replaces what it knows.
type Registry struct{}

// Citations finds the citations in a text that stands in no law.
func (r *Registry) Citations(text string) []Citation { return r.CitationsIn("", text) }

// CitationsIn finds the citations in a text of the law with this slug, where
// 本法第三条 and 本章第三条 mean that law.
func (r *Registry) CitationsIn(slug, text string) []Citation { return nil }

// Source reads a source as front matter gives it: one citation that fills the
// whole string, 《劳动合同法》第三十条, or the name of a law alone.
func (r *Registry) Source(s string) (Citation, bool) { return Citation{}, false }

// Resolve gives the slug of a law by any name it goes by, with or without 《》
// and 中华人民共和国; "" when it is not loaded.
func (r *Registry) Resolve(name string) string { return "" }

// Title is a law's name for short, 劳动合同法; "" for a slug that is not loaded.
func (r *Registry) Title(slug string) string { return "" }

// Has reports whether the version in force of a loaded law has this article.
func (r *Registry) Has(slug string, number, sub int) bool { return false }
