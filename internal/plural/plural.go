// Package plural writes counts as English does.
package plural

import "fmt"

// Count returns n with the name of what is counted: "1 byte", "3 bytes".
func Count(n int, name string) string {
	if n != 1 {
		name += "s"
	}
	return fmt.Sprint(n, " ", name)
}
