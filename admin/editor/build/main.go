// Command build bundles the visual editor: admin/editor/src and the packages it
// names into admin/editor/dist, which the binary embeds. It is run by `make
// assets`, needs `npm ci` before it, and is no part of songfa itself.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := build("admin/editor"); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}
