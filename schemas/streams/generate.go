//go:build ignore

// Generate writes the code of the streams again.
package main

import (
	"log"

	"github.com/wirecost/wirecost/codegen"
)

func main() {
	// The package is called streams, not generated: gob writes the names of packages, and so they are part of its sizes.
	files, err := codegen.Folder(".", "github.com/wirecost/wirecost/schemas/streams/generated", "streams")
	if err == nil {
		err = codegen.Write("generated", files)
	}
	if err != nil {
		log.Fatal(err)
	}
}
