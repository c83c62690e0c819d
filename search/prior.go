package search

import "math"

// priorWeight is what the prior of a law adds to the score of its articles.
const priorWeight = 1.7

// readPriors finds how likely each law is what people ask about, before they
// say anything: by how many articles of other laws name it. A law that the
// others build on is the one of daily life; the rules of a rare trade, which
// use the same words, are seldom meant. The prior is log(1 + articles).
//
// What is no law has the prior of the law that is named most: an answer that we
// wrote for the question is never behind a statute for being no statute.
func (v *view) readPriors() error {
	v.priors = make([]float32, v.size)
	v.priorMost = 0
	return v.eachTerm(fieldCalled, "", 1<<20, func(name string) error {
		named := 0
		if err := v.each(fieldMention, name, false, func(posting) { named++ }); err != nil {
			return err
		}
		prior := float32(math.Log(1 + float64(named)))
		v.priorMost = max(v.priorMost, prior)
		return v.each(fieldCalled, name, false, func(p posting) { v.priors[p.doc] = prior })
	})
}

// prior is that of a document.
func (v *view) prior(d uint32) float32 {
	if k := v.kinds[d]; k == articleKind || k == lawKind {
		return priorWeight * v.priors[d]
	}
	return priorWeight * v.priorMost
}
