package near

import "testing"

func TestName(t *testing.T) {
	names := []string{"avro", "json", "msgpack", "msgpack-array", "nexmark.Person", "nexmark.Bid", "run"}
	for typed, want := range map[string]string{
		"arvo":          "avro",
		"AVRO":          "avro",
		"jsn":           "json",
		"msg":           "msgpack",
		"msgpack-aray":  "msgpack-array",
		"nexmark.bid":   "nexmark.Bid",
		"nexmark.Bidd":  "nexmark.Bid",
		"bid":           "nexmark.Bid",
		"Bids":          "nexmark.Bid",
		"nexmark":       "nexmark.Person",
		"rnu":           "run",
		"nur":           "", // of three characters one may be wrong
		"ru":            "run",
		"nope":          "",
		"":              "",
		"avro,json":     "",
		"a\x00\xff\n\t": "",
	} {
		if got, ok := Name(typed, names); got != want || ok != (want != "") {
			t.Errorf("Name(%q) = %q, %v, want %q", typed, got, ok, want)
		}
	}
}

func TestHint(t *testing.T) {
	names := []string{"avro", "json"}
	for typed, want := range map[string]string{"avr": `did you mean "avro"?`, "gob": "there are avro, json"} {
		if got := Hint(typed, names); got != want {
			t.Errorf("Hint(%q) = %q, want %q", typed, got, want)
		}
	}
	if got := Hint("avro", nil); got != "there are none" {
		t.Errorf("Hint of no names = %q", got)
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"abc", "xabc", 1},
		{"abc", "ac", 1},
		{"abc", "acb", 1},
		{"abcd", "badc", 2},
		{"ca", "abc", 3},
		{"kitten", "sitting", 3},
	} {
		if got := edits([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
