package checks

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/gate/build"
	"github.com/wirecost/wirecost/harness/gate/trial"
	"github.com/wirecost/wirecost/harness/measure"
)

// revisions builds and measures both sides.
func (c *gateConfig) revisions(cmd *cobra.Command, args []string, policy *gate.Policy) (v *gate.Verdict, err error) {
	ctx := cmd.Context()
	start := time.Now()
	c.say(cmd, "checking out the merge base with %s", c.base)
	lab, err := trial.OpenLocal(ctx, ".", c.base, args)
	if err != nil {
		return nil, err
	}
	defer lab.Close()
	core, taken := measure.TakeCore()
	defer core.Release()
	lab.Core = core
	j := gate.NewJudge(policy)
	j.Verdict.Base, j.Verdict.Head = build.Short(lab.Base), "the working tree"
	for _, w := range lab.Warnings {
		j.Warn("%s", w)
	}
	if taken != nil {
		j.Note("%v", taken)
	}
	if measure.Processors() == 1 {
		j.Note("this machine has one core, which the gate shares with what it measures: it tells less")
	}
	t := &trial.Trial{
		Config: trial.Config{Subjects: lab.Subjects, Bench: c.bench, Budget: c.budget, Seed: c.seed, NoTime: trial.NoTime(),
			NoInstructions: trial.NoInstructions()},
		Lab:   lab,
		Judge: j,
		Wall:  func() time.Duration { return time.Since(start) },
		Say:   func(format string, args ...any) { c.say(cmd, format, args...) },
	}
	var written error
	if c.raw != "" {
		if err := os.MkdirAll(c.raw, 0o777); err != nil {
			return nil, err
		}
		t.Raw = func(side trial.Side, r io.Reader) {
			if err := write(filepath.Join(c.raw, side.String()+".txt"), r); err != nil {
				written = err
			}
		}
	}
	if v, err = t.Run(ctx); err == nil {
		err = written
	}
	return v, err
}

// say prints progress.
func (c *gateConfig) say(cmd *cobra.Command, format string, args ...any) {
	fmt.Fprintf(cmd.ErrOrStderr(), c.program+": "+format+"\n", args...)
}

func write(name string, r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o666)
}
