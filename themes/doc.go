// Package themes turns page structs into pages: the contract with those who
// write themes, the default theme, and the operator's folder laid over it.
package themes
