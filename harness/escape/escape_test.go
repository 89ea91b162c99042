package escape_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/wirecost/wirecost/harness/escape"
)

func TestEscapes(t *testing.T) {
	for _, tt := range []struct{ in, line, word, markdown, code string }{
		{"", "", "", "", "``"},
		{"a.b[]", "a.b[]", "a.b[]", "a.b[]", "`a.b[]`"},
		{"größe 日本 “x”", "größe 日本 “x”", "größe 日本 “x”", "größe 日本 “x”", "`größe 日本 “x”`"},
		{"\x1b]0;x\x07", `\u001b]0;x\u0007`, `"\u001b]0;x\u0007"`, `\u001b]0;x\u0007`, "`\\u001b]0;x\\u0007`"},
		{"\u009b31m", `\u009b31m`, `"\u009b31m"`, `\u009b31m`, "`\\u009b31m`"},
		{"\u202ertl", `\u202ertl`, `"\u202ertl"`, `\u202ertl`, "`\\u202ertl`"},
		{"a\nb\tc\r", `a\nb\tc\r`, `"a\nb\tc\r"`, `a\nb\tc\r`, "`a\\nb\\tc\\r`"},
		{"\x9b\xff", `\x9b\xff`, `"\x9b\xff"`, `\x9b\xff`, "`\\x9b\\xff`"},
		{"\U000e0041", `\udb40\udc41`, `"\udb40\udc41"`, `\udb40\udc41`, "`\\udb40\\udc41`"},
		{"say \"\u200b\"", `say "\u200b"`, `"say \"\u200b\""`, `say "\u200b"`, "`say \"\\u200b\"`"},
		{"<b>|`*x*`[y](z)", "<b>|`*x*`[y](z)", "<b>|`*x*`[y](z)", "&lt;b>\\|\\`\\*x\\*\\`[y]\\(z)", "`` <b>|`*x*`[y](z) ``"},
	} {
		for _, got := range []struct{ by, got, want string }{
			{"Line", escape.Line(tt.in), tt.line},
			{"Word", escape.Word(tt.in), tt.word},
			{"Markdown", escape.Markdown(tt.in), tt.markdown},
			{"Code", escape.Code(tt.in), tt.code},
		} {
			if got.got != got.want {
				t.Errorf("%s(%q): got %s, want %s", got.by, tt.in, got.got, got.want)
			}
		}
	}
}

func TestText(t *testing.T) {
	const in, want = "a\x1b[1m\n\n\u202eb\n", "a\\u001b[1m\n\n\\u202eb\n"
	if got := escape.Text(in); got != want {
		t.Errorf("Text(%q): got %q, want %q", in, got, want)
	}
}

// JSON is the value that it was, with nothing in it that a terminal obeys.
func TestJSON(t *testing.T) {
	in := map[string]string{"k\u202e": "<a> \x1b]0;x\x07\n"}
	var b strings.Builder
	if err := escape.JSON(&b, in); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"k\\u202e\": \"<a> \\u001b]0;x\\u0007\\n\"\n}\n"; b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
	var again map[string]string
	if err := json.Unmarshal([]byte(b.String()), &again); err != nil || !maps.Equal(again, in) {
		t.Errorf("got %q and error %v, want %q", again, err, in)
	}
}

func TestShort(t *testing.T) {
	for _, tt := range []struct {
		in   string
		most int
		want string
	}{
		{"abcdef", 6, "abcdef"},
		{"äöüäöü", 6, "äöüäöü"},
		{"abcdefghijklm", 10, "abcdef…klm"},
		{strings.Repeat("ä", 13), 10, "ääääää…äää"},
	} {
		if got := escape.Short(tt.in, tt.most); got != tt.want {
			t.Errorf("Short(%q, %d): got %s, want %s", tt.in, tt.most, got, tt.want)
		}
	}
}

// Whatever the text, all of a line is shown, and another pass changes nothing.
func FuzzLine(f *testing.F) {
	f.Add("a\x1b\u009b\u202e\xff\U000e0041 b")
	f.Fuzz(func(t *testing.T, s string) {
		got := escape.Line(s)
		if again := escape.Line(got); again != got || !utf8.ValidString(got) {
			t.Errorf("%q: got %q, then %q", s, got, again)
		}
		for _, r := range got {
			if !unicode.IsGraphic(r) {
				t.Errorf("%q: got %q with %U", s, got, r)
			}
		}
	})
}
