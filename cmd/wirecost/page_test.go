package main

import (
	"bytes"
	"testing"

	"github.com/wirecost/wirecost/harness/report"
)

func TestLocale(t *testing.T) {
	for _, tt := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", false},
		{"", "", "C", false},
		{"", "", "en_US.UTF-8", true},
		{"", "C.utf8", "POSIX", true},
		{"C", "C.UTF-8", "C.UTF-8", false},
		{"de_DE.ISO-8859-1", "", "de_DE.UTF-8", false},
	} {
		env := map[string]string{"LC_ALL": tt.all, "LC_CTYPE": tt.ctype, "LANG": tt.lang}
		if got := utf8Locale(func(k string) string { return env[k] }); got != tt.want {
			t.Errorf("%v: got UTF-8 %v, want %v", env, got, tt.want)
		}
	}
}

// What is no terminal has no colours and the default width, unless a flag says; a dumb one has ASCII.
func TestPage(t *testing.T) {
	for _, tt := range []struct {
		term string
		page page
		want report.Options
	}{
		{"xterm", page{}, report.Options{}},
		{"xterm", page{width: 132, wide: true}, report.Options{Width: 132, Wide: true}},
		{"dumb", page{}, report.Options{ASCII: true}},
	} {
		t.Setenv("LC_ALL", "C.UTF-8")
		t.Setenv("TERM", tt.term)
		if got := tt.page.options(&bytes.Buffer{}); got != tt.want {
			t.Errorf("TERM=%s, %+v: got %+v, want %+v", tt.term, tt.page, got, tt.want)
		}
	}
}
