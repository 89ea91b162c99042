package main

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "339c39f0a1b2c3d4e5f6"}
	modified := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, tt := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.3", []debug.BuildSetting{revision}, "v1.2.3, go1.26.0"},
		{"v1.2.3+dirty", []debug.BuildSetting{revision, modified}, "v1.2.3+dirty, go1.26.0"},
		{"(devel)", []debug.BuildSetting{revision}, "devel 339c39f0a1b2, go1.26.0"},
		{"(devel)", []debug.BuildSetting{revision, modified}, "devel 339c39f0a1b2+dirty, go1.26.0"},
		{"", nil, "devel, go1.26.0"},
	} {
		info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: tt.version}, Settings: tt.settings}
		if got := versionOf(info); got != tt.want {
			t.Errorf("versionOf(%q, %v) = %q, want %q", tt.version, tt.settings, got, tt.want)
		}
	}
}
