//go:build ignore

// Generate writes the code of the streams again.
package main

import (
	"log"

	"github.com/wirecost/wirecost/codegen"
)

func main() {
	files, err := codegen.Folder(".", "github.com/wirecost/wirecost/schemas/streams")
	if err == nil {
		err = codegen.Write(".", files)
	}
	if err != nil {
		log.Fatal(err)
	}
}
