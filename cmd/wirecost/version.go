package main

import (
	"cmp"
	"runtime/debug"
)

// version says which build this is: the module's version, or "devel" with the revision of the checkout, and Go's.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	of := map[string]string{}
	for _, s := range info.Settings {
		of[s.Key] = s.Value
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" { // go run and go test know of no release
		v = "devel"
		if rev := of["vcs.revision"]; rev != "" {
			v += " " + rev[:min(len(rev), 12)]
		}
		if of["vcs.modified"] == "true" {
			v += "+dirty"
		}
	}
	return v + ", " + cmp.Or(info.GoVersion, "Go unknown")
}
