package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/songfa/songfa/search"
)

// question is all that is known of one: a file may say which articles answer it,
// and that must not reach the engine.
type question struct {
	QID   string `json:"qid"`
	Query string `json:"query"`
}

// maxLine bounds a line of a file, in bytes.
const maxLine = 16 << 20

// lines decodes a file of one JSON value a line.
func lines[T any](path string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := os.Open(path)
		if err != nil {
			yield(none, err)
			return
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		s.Buffer(nil, maxLine)
		for n := 1; s.Scan(); n++ {
			if len(s.Bytes()) == 0 {
				continue
			}
			var v T
			if err := json.Unmarshal(s.Bytes(), &v); err != nil {
				yield(none, fmt.Errorf("%s:%d: %w", path, n, err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(none, fmt.Errorf("%s: %w", path, err))
		}
	}
}

func articles(path string) iter.Seq2[search.Article, error] { return lines[search.Article](path) }

func questions(path string) (list []question, err error) {
	seen := map[string]bool{}
	for q, err := range lines[question](path) {
		if err != nil {
			return nil, err
		}
		if q.QID == "" || q.Query == "" || seen[q.QID] {
			return nil, fmt.Errorf("%s: question %q has no text, no qid, or is there twice", path, q.QID)
		}
		seen[q.QID] = true
		list = append(list, q)
	}
	if len(list) == 0 {
		return nil, errors.New(path + ": no question")
	}
	return list, nil
}
