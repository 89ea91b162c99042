package keyedstate

import (
	"fmt"
	"io"
	"strings"

	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/plural"
)

// Text writes r for a terminal or a log.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s, key %s (%s), codec %s; mean of %s\n\n", r.Schema, Phrase(r.Kind), r.Key, r.KeyType, r.Codec, plural.Count(r.Records, "record"))
	for _, p := range r.Parts {
		fmt.Fprintf(&b, "%-5s  %-11s  %8.1f B\n", p.Of, p.Name, p.Bytes)
	}
	fmt.Fprintf(&b, "%-5s  %-11s  %8.1f B\n", "entry", "", r.Entry)
	each := ""
	if r.Entries > 1 {
		each = fmt.Sprintf(" with %d entries each", r.Entries)
	}
	fmt.Fprintf(&b, "\na million keys%s: %.0f MB before compression\n", each, r.Million/1e6)
	_, err := io.WriteString(w, escape.Text(b.String()))
	return err
}

// Phrase returns a kind of state with its article.
func Phrase(k state.Kind) string {
	article := "a"
	if strings.IndexAny(string(k), "aeiou") == 0 {
		article = "an"
	}
	return fmt.Sprintf("%s %s state", article, k)
}
