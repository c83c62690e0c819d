// Package markdown turns what an editor writes into HTML that is safe to
// store and to show.
package markdown
