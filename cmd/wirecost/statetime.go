package main

import (
	"errors"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/harness/keyedstate"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/statetime"
	"github.com/wirecost/wirecost/records"
)

// A timing is what state is asked for with --runtime.
type timing struct {
	undo         *cleanups
	runtime      string
	rounds, keys int
	choice       statetime.Choice
	codecs       []string
}

func (t *timing) bind(f *pflag.FlagSet) {
	f.StringVar(&t.runtime, "runtime", "", "measure the accesses in the released `FLINK`, too: "+jvm.StateRuntimes())
	f.IntVar(&t.rounds, "rounds", 8, "with --runtime: passes over all accesses")
	f.IntVar(&t.keys, "keys", 0, fmt.Sprintf("with --runtime: keys of each state (default %d, less where lists would be large)", statetime.DefaultKeys))
}

func listStateRuntimes() ([]entry, error) {
	var list []entry
	for _, r := range runtimes {
		if jvm.StateCodecs(r.Name) != nil {
			list = append(list, entry{r.Name, r.Doc})
		}
	}
	return list, nil
}

// timedForms are the values of --format with --runtime.
var timedForms = map[string]func(*statetime.Report, io.Writer) error{
	"text": (*statetime.Report).Text, "json": (*statetime.Report).JSON, "md": (*statetime.Report).Markdown,
}

// checkTiming refuses what makes no sense together with --runtime, or without it.
func (q *stateQuestion) checkTiming(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	if q.runtime == "" {
		switch {
		case changed("rounds"), changed("keys"):
			return errors.New("--rounds and --keys are of what is measured: add --runtime flink2")
		case strings.Contains(q.codec, ","):
			return errors.New("--codec takes a list with --runtime only")
		}
		return nil
	}
	known := jvm.StateCodecs(q.runtime)
	switch {
	case known == nil:
		return fmt.Errorf("--runtime %q: there are %s", q.runtime, jvm.StateRuntimes())
	case timedForms[q.format] == nil:
		return fmt.Errorf("--format %q: with --runtime there are text, json and md", q.format)
	case q.window:
		return errors.New("--window: with --runtime there is no window: times are of state without a namespace")
	case q.rounds < 1 || q.rounds > 1000:
		return fmt.Errorf("--rounds %d: from 1 to 1000", q.rounds)
	case changed("keys") && (q.keys < 1 || q.keys > 1<<20):
		return fmt.Errorf("--keys %d: from 1 to %d", q.keys, 1<<20)
	}
	if q.codecs = strings.Split(q.codec, ","); q.codec == "" {
		q.codecs = known[:1]
	}
	for i, c := range q.codecs {
		if !slices.Contains(known, c) {
			return fmt.Errorf("--codec %s: --runtime %s has %s", c, q.runtime, strings.Join(known, ", "))
		}
		if slices.Contains(q.codecs[:i], c) {
			return fmt.Errorf("--codec: %s stands there twice", c)
		}
	}
	q.choice = statetime.Choice{TTL: q.ttl, Lengths: statetime.Lengths}
	if changed("kind") {
		q.choice.Kind = state.Kind(q.kind)
	}
	if changed("elements") {
		q.choice.Lengths = []int{q.elements}
		if q.choice.Kind == state.Value {
			return errors.New("--elements is of lists and of what is reduced, not of a value state")
		}
	}
	return nil
}

// measure measures, and prints bytes and times.
func (q *stateQuestion) measure(cmd *cobra.Command) error {
	accesses, err := q.choice.Accesses()
	if err != nil {
		return fmt.Errorf("--kind %s: %w", q.kind, err)
	}
	cfg := q.config()
	cfg.Records = 1 << bits.Len64(q.records-1) // as rings are
	set, err := q.set(cmd, &cfg)
	if err != nil {
		return err
	}
	set.Records = 1 << (bits.Len64(set.Records) - 1) // there may be fewer of the user's
	sub, err := q.timed(set, cfg)
	if err != nil {
		return err
	}
	run := &jvm.StateRun{Lab: lab(), Set: set, Runtime: q.runtime, Codecs: sub.Carrying(), Accesses: accesses, MaxParallelism: q.maxParallelism,
		Measure: measure.Config{Rounds: q.rounds, Seed: q.seed}}
	if run.Keys, err = q.choice.Keys(q.keys, sub.Record); err != nil {
		return err
	}
	progress := newProgress(cmd.ErrOrStderr())
	defer q.undo.add(progress.close)()
	run.Seen = harness.Observer{Progress: progress.step, Schedule: progress.schedule}
	times, err := run.Run(cmd.Context())
	progress.close()
	if times == nil {
		return err
	}
	return errors.Join(q.print(cmd, sub, accesses, times), err)
}

// stateLine is the line of Flink, which chooses the key's serializer.
var stateLine = map[string]javatype.Line{jvm.Flink2.Name: javatype.Flink2, jvm.Flink1.Name: javatype.Flink1}

// timed describes the records, and the state that they are put into.
func (q *stateQuestion) timed(set *records.Set, cfg keyedstate.Config) (statetime.Subject, error) {
	var list []statetime.Codec
	for _, name := range q.codecs {
		f, err := serializer(name)
		if err != nil {
			return statetime.Subject{}, err
		}
		list = append(list, statetime.Codec{Format: f, Line: stateLine[q.runtime]})
	}
	return statetime.SubjectOf(set, cfg, list)
}

func (q *stateQuestion) print(cmd *cobra.Command, sub statetime.Subject, accesses []statetime.Access, times *statetime.Times) error {
	r, err := statetime.Of(sub, accesses, times)
	if err != nil {
		return err
	}
	if err := timedForms[q.format](r, cmd.OutOrStdout()); err != nil {
		return err
	}
	switch failed := harness.Failed(&results.File{Failures: times.Failures}); {
	case cmd.Context().Err() != nil:
		return nil
	case failed != nil:
		return failed
	case !r.Measured():
		return errors.New("no time was measured: the lines below the table say why")
	}
	return nil
}
