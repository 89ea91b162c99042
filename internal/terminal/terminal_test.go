package terminal

import (
	"strings"
	"testing"
)

// A word that is wider than the page is broken, and a command is not.
func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		whole bool
		want  string
	}{
		{"one two three four", false, "> one two|. three|. four"},
		{"605 ns and 12 B, 3 % more", false, "> 605 ns|. and|. 12 B,|. 3 % more"},
		{"abcdefghijklmnopqrstuvwxyz", false, "> abcdefgh|. ijklmnop|. qrstuvwx|. yz"},
		{"a bcdefghijklmnop", true, "> a|. bcdefghijklmnop"},
		{"日本語日本語", false, "> 日本語日|. 本語"},
		{"", false, "> "},
	} {
		if got := strings.Join(Wrap(tt.text, 10, "> ", ". ", tt.whole), "|"); got != tt.want {
			t.Errorf("Wrap(%q): got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestBar(t *testing.T) {
	for _, tt := range []struct {
		share float64
		ascii bool
		want  string
	}{
		{0, false, ""}, {1, false, "████"}, {2, false, "████"}, {0.5, false, "██"}, {0.53, false, "██▏"}, {1e-9, false, "▏"},
		{0, true, ""}, {1, true, "####"}, {0.6, true, "##"}, {1e-9, true, "#"},
	} {
		if got := Bar(tt.share, 4, tt.ascii); got != tt.want {
			t.Errorf("Bar(%v, 4, %v): got %q, want %q", tt.share, tt.ascii, got, tt.want)
		}
	}
}
