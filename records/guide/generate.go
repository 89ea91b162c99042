//go:build ignore

// Generate writes docs/profile.md again.
package main

import (
	"log"
	"os"

	"github.com/wirecost/wirecost/records/guide"
)

func main() {
	page, err := guide.Page()
	if err == nil {
		err = os.WriteFile("../../docs/profile.md", []byte(page), 0o666)
	}
	if err != nil {
		log.Fatal(err)
	}
}
