package gate

import (
	"fmt"
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// Annotations writes v as commands of a GitHub workflow, which shows each beside the change: errors for what fails, warnings
// for the rest.
func (v *Verdict) Annotations(w io.Writer) error {
	var b strings.Builder
	for _, r := range v.telling() {
		level := ""
		switch r.Outcome {
		case Regression, Failed:
			level = "error"
		case Warning, Inconclusive:
			level = "warning"
		default:
			continue
		}
		fmt.Fprintf(&b, "::%s title=%s::%s\n", level, property("gate: "+string(r.Outcome)), message(r.sentence()))
	}
	for _, s := range v.Warnings {
		fmt.Fprintf(&b, "::warning title=gate::%s\n", message(s))
	}
	for _, s := range v.Refused {
		fmt.Fprintf(&b, "::warning title=%s::%s\n", property("gate: not comparable"), message(s))
	}
	fmt.Fprintf(&b, "::notice title=gate::%s\n", message(v.Headline()))
	_, err := io.WriteString(w, b.String())
	return err
}

// sentence is the row in one line.
func (r Row) sentence() string {
	s := fmt.Sprintf("%s %s", r.label(), r.Unit)
	if r.Outcome == Failed {
		return s
	}
	s += ": " + r.change()
	if r.Outcome == Inconclusive {
		s += "; it would have seen " + r.seen()
	}
	return s
}

// A workflow command ends at a line end and takes % for an escape.
var (
	messages   = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	properties = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func message(s string) string  { return messages.Replace(escape.Line(s)) }
func property(s string) string { return properties.Replace(escape.Line(s)) }
