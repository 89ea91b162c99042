// Package checks is the commands that judge a change: compare, gate and doctor. They are the same in wirecost and in wiregate,
// which links no codec. Like those of wirecost they are flags, files and printing: what is judged, and how, is the business of
// harness/comparison and harness/gate.
package checks

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/comparison"
)

// A Status is an error with an exit status of its own. Its text, if any, is printed.
type Status struct {
	Code int
	Err  error
}

func (s Status) Error() string {
	if s.Err == nil {
		return ""
	}
	return s.Err.Error()
}

// Unwrap returns the error.
func (s Status) Unwrap() error { return s.Err }

// ExitStatus returns the status with which the program ends.
func (s Status) ExitStatus() int { return s.Code }

// open reads a file of results, "-" for standard input.
func open(cmd *cobra.Command, name string) (*comparison.Side, error) {
	if name == "-" {
		return comparison.Read(cmd.InOrStdin(), "standard input")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return comparison.Read(f, name)
}

// A form is how something is printed, by the value of --format.
type form struct {
	name  string
	write func(io.Writer) error
}

// print writes one of the forms.
func print(cmd *cobra.Command, name string, forms ...form) error {
	var names []string
	for _, f := range forms {
		if f.name == name {
			return f.write(cmd.OutOrStdout())
		}
		names = append(names, f.name)
	}
	return fmt.Errorf("--format %q: there are %s", name, strings.Join(names, ", "))
}
