package checks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/gate/checkup"
	"github.com/wirecost/wirecost/harness/measure"
)

// What doctor runs: pairs of a program that does nothing but reckon.
const (
	workFlag    = "work"
	workTurns   = 60_000_000 // 0.1 s or so
	leastChecks = 6
)

// NewDoctor returns the command doctor. program is the name of the program that has it, and more looks at what that alone needs.
func NewDoctor(program string, more ...func(context.Context) checkup.Finding) *cobra.Command {
	var format string
	var budget time.Duration
	var work bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "say what this machine can measure, and what would help",
		Long: `Doctor looks at what measuring hangs on: cores, pinning, load, time that the hypervisor takes, the clock rate, Go and
valgrind, and runs a program against itself in pairs on one core, as the gate runs two revisions. What it finds wrong
has a remedy. The exit status is 4 if times cannot be judged here.`,
		Example: "  " + program + " doctor\n  " + program + " doctor --budget 30s --format json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("doctor takes no argument %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case work:
				fmt.Fprintln(cmd.OutOrStdout(), reckon(workTurns))
				return nil
			case !slices.Contains([]string{"text", "json"}, format):
				return fmt.Errorf("--format %q: there are text and json", format)
			case budget < 0:
				return fmt.Errorf("--budget %v: not negative", budget)
			}
			return examine(cmd, budget, format, more)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "form of the report: `FORM` text, json")
	cmd.Flags().DurationVar(&budget, "budget", 10*time.Second, "wall time of the pairs")
	cmd.Flags().BoolVar(&work, workFlag, false, "be one of a pair")
	cmd.Flags().MarkHidden(workFlag)
	return cmd
}

// reckon keeps a core busy.
func reckon(turns int) uint64 {
	x := uint64(88172645463325252)
	for range turns {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// examine collects the facts and prints what they say.
func examine(cmd *cobra.Command, budget time.Duration, format string, more []func(context.Context) checkup.Finding) error {
	machine := measure.Machine()
	core, taken := measure.TakeCore()
	defer core.Release()
	m := checkup.Machine{Cores: measure.Processors(), Governor: machine.Governor, Virt: machine.Virt, Valgrind: versionOf("valgrind", "--version")}
	m.Go = versionOf("go", "env", "GOVERSION")
	for _, l := range measure.Limits() {
		m.Limits = append(m.Limits, l.Error())
	}
	if taken != nil {
		m.Taken = taken.Error()
	}
	before := measure.ReadLoad()
	m.Load = before.Average
	var err error
	if m.Pairs, err = pairsOf(cmd, core, budget); err != nil {
		return err
	}
	m.Steal = measure.ReadLoad().StealSince(before)
	findings := checkup.Look(m)
	for _, look := range more {
		findings = append(findings, look(cmd.Context()))
	}
	err = print(cmd, format, form{"text", func(w io.Writer) error { return doctorText(w, findings) }}, form{"json", func(w io.Writer) error { return escape.JSON(w, findings) }})
	if i := slices.IndexFunc(findings, func(f checkup.Finding) bool { return f.Fatal }); i >= 0 && err == nil {
		return Status{gate.ExitInconclusive, errors.New(findings[i].What + ": " + findings[i].Value)}
	}
	return err
}

// pairsOf runs this program against itself until the budget is used up.
func pairsOf(cmd *cobra.Command, core measure.Core, budget time.Duration) ([]float64, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := measure.Program{Path: self, Args: []string{"doctor", "--" + workFlag}}
	var u []float64
	for begin := time.Now(); len(u) < leastChecks || time.Since(begin) < budget; {
		a, b, err := core.Pair(cmd.Context(), p, p)
		if err != nil {
			return nil, err
		}
		x := math.Log(float64(b.CPU) / float64(a.CPU))
		if len(u)%2 == 1 {
			x = -x // the second was the first
		}
		u = append(u, x)
	}
	return u, nil
}

// versionOf returns what a program says of itself, "" if it is not there.
func versionOf(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSpace(string(out)), name+"-")
}

func doctorText(w io.Writer, findings []checkup.Finding) error {
	var b strings.Builder
	for _, f := range findings {
		sign := "ok  "
		if !f.OK {
			sign = "look"
		}
		fmt.Fprintf(&b, "%s  %-10s  %s\n", sign, f.What, f.Value)
		if f.Remedy != "" {
			fmt.Fprintf(&b, "                  remedy: %s\n", f.Remedy)
		}
	}
	_, err := io.WriteString(w, escape.Text(b.String()))
	return err
}
