package checks

import (
	"cmp"
	"runtime/debug"
)

// Version says which build this is: the module's version and Go's.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	return v + ", " + cmp.Or(info.GoVersion, "Go unknown")
}
