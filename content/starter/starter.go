// Package starter holds the content that a new install begins with: guides on
// labour law in plain Chinese, and the stations and sessions of a fictional
// district. It is an ordinary content tree and goes the way of every import.
package starter

import "embed"

//go:embed *.yaml *.csv guides notices news qa pages
var files embed.FS

// Files is the tree.
func Files() embed.FS { return files }
