//go:build !unix

package main

import "os"

// resumed returns nil: programs are not stopped here.
func resumed() <-chan os.Signal { return nil }
