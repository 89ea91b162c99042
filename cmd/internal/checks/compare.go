package checks

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/gate"
)

// NewCompare returns the command compare. program is the name of the program that has it.
func NewCompare(program string) *cobra.Command {
	var ref, format string
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "compare two files of results, as far as they can be compared",
		Long: `Compare reads two files in the Go benchmark format, written by run, keyby, go test -bench or anything that benchstat
reads, and says what changed. Bytes and allocations are compared exactly. Times of two runs are of different hours,
which move them more than a change does: what is judged is each codec's ratio to the reference codec of its own run,
so that the hour cancels; raw times stand beside it without a verdict. To judge time itself, measure both revisions
now: gate --base.

Files that differ in a key on which a number hangs are not compared in it: the keys are named with both values, and
the exit status is 4. A file named - is standard input.`,
		Example: strings.ReplaceAll(`  wirecost compare old.txt new.txt
  wirecost compare --format md old.txt new.txt
  go test -bench . -count 6 ./... | wirecost compare old.txt -`, "wirecost", program),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("compare takes two files of results, OLD and NEW; got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains([]string{"text", "md", "json"}, format) {
				return fmt.Errorf("--format %q: there are text, md and json", format)
			}
			return compare(cmd, args[0], args[1], ref, format)
		},
	}
	cmd.Flags().StringVar(&ref, "ref", "", "`CODEC` that ratios refer to (default the one that ran twice in both files)")
	cmd.Flags().StringVar(&format, "format", "text", "form of the report: `FORM` text, md, json")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "md", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func compare(cmd *cobra.Command, oldName, newName, ref, format string) error {
	if oldName == "-" && newName == "-" {
		return errors.New("compare - -: standard input is one file")
	}
	old, err := open(cmd, oldName)
	if err != nil {
		return err
	}
	new, err := open(cmd, newName)
	if err != nil {
		return err
	}
	c, err := comparison.Compare(old, new, comparison.Options{Ref: ref})
	if err != nil {
		return err
	}
	err = print(cmd, format, form{"text", c.Text}, form{"md", c.Markdown}, form{"json", c.JSON})
	if err == nil && len(c.Refused) > 0 {
		return Status{gate.ExitInconclusive, fmt.Errorf("not comparable: %s", c.Refused[0].Difference)}
	}
	return err
}
