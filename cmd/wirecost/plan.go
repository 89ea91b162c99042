package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/near"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// plan turns the flags into a plan.
func (m *measurement) plan(cmd *cobra.Command) (*harness.Plan, error) {
	if err := cmp.Or(m.class.choose(cmd, m), m.chooseRuntimes(cmd), m.check(cmd), m.own.check(cmd)); err != nil {
		return nil, err
	}
	var s *schemas.Schema
	var reader *sample.Reader
	codecs, err := m.codecNames(cmd)
	if err := cmp.Or(err, m.class.check(m, codecs)); err != nil {
		return nil, err
	}
	if err := m.class.read(cmd, &m.subject); err != nil {
		return nil, err
	}
	if m.own.given() {
		var in io.Closer
		if reader, in, err = m.own.open(cmd, &m.subject); err == nil {
			s = reader.Schema
			defer in.Close()
		}
	} else {
		s, err = m.choose()
	}
	if err != nil {
		return nil, err
	}
	p := &harness.Plan{
		Lab:     lab(),
		Facts:   results.Facts{CommandLine: strings.Join(os.Args, " "), Class: m.class.name},
		Measure: measure.Config{Rounds: m.rounds, Budget: m.budget, Seed: m.seed, Ref: m.ref},
		Duet:    m.duet != "",
	}
	for _, r := range m.times {
		p.Runtimes = append(p.Runtimes, r.Name)
	}
	p.Codecs = m.dynamic(cmd, s, codecs)
	if err := m.checkRef(s, p.Codecs); err != nil {
		return nil, err
	}
	if err := m.chooseOps(p); err != nil {
		return nil, err
	}
	var subject *harness.Subject
	if reader != nil {
		subject, err = m.drawn(cmd, reader, p)
	} else {
		subject, err = m.records(cmd, s, p)
	}
	m.class.of(subject)
	p.Subjects = []*harness.Subject{subject}
	return p, err
}

// dynamic puts the codec that needs no generated code in the place of protobuf, where the schema has none. Its row says what
// it is by its name.
func (m *measurement) dynamic(cmd *cobra.Command, s *schemas.Schema, names []string) []string {
	i := slices.Index(names, protobuf.Format.Name)
	if i < 0 || s.Message != nil || m.ref == protobuf.Format.Name {
		return names
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: %s needs generated code, which built-in streams have: %s stands in its place, and is slower\n",
		protobuf.Format.Name, protobuf.Dynamic.Name)
	names = slices.Delete(slices.Clone(names), i, i+1)
	if !slices.Contains(names, protobuf.Dynamic.Name) {
		names = slices.Insert(names, i, protobuf.Dynamic.Name)
	}
	return names
}

// lab is everything that this program can measure.
func lab() harness.Lab {
	return harness.Lab{Formats: slices.Concat(all.Formats, all.Released), Exchanges: exchange.All, Runtimes: runtimes, Stream: streams.Get}
}

// runtimes lists whose implementations can be timed.
var runtimes = []harness.Runtime{harness.Go, jvm.Flink2, jvm.Flink1, jvm.Flink2Mixed, jvm.Flink1Mixed}

// chooseRuntimes reads --runtime, and what follows from it where the user does not say otherwise.
func (m *measurement) chooseRuntimes(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	for name := range strings.SplitSeq(m.runtimes, ",") {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(runtimes, func(r harness.Runtime) bool { return r.Name == name })
		if i < 0 {
			all, _ := listRuntimes()
			return fmt.Errorf("--runtime: unknown runtime %q: %s", name, near.Hint(name, names(all)))
		}
		if slices.ContainsFunc(m.times, func(r harness.Runtime) bool { return r.Name == name }) {
			continue
		}
		m.times = append(m.times, runtimes[i])
		if name == harness.Go.Name {
			continue
		}
		if !given("budget") {
			m.budget += flinkBudget
		}
		if !given("codec") && !given("duet") && !m.class.given() {
			m.codecs += map[bool]string{true: flinkCodecs, false: flink1Codecs}[strings.HasPrefix(name, jvm.Flink2.Name)]
		}
	}
	switch {
	case m.duet != "" && (len(m.times) > 1 || !m.inGo()):
		return errors.New("--duet measures two codecs of runtime go: leave --runtime out")
	case m.inDepth && (len(m.times) > 1 || !m.inGo()):
		return errors.New("keyby measures runtime go: those of Flink have no exchange here")
	case m.layouts > 0 && !m.inGo():
		return errors.New("--layouts are those of runtime go, which --runtime leaves out")
	}
	return nil
}

// inGo reports whether runtime go is among those of --runtime.
func (m *measurement) inGo() bool {
	return slices.ContainsFunc(m.times, func(r harness.Runtime) bool { return r.Name == harness.Go.Name })
}

// mostRounds is more than anybody waits for.
const mostRounds = 1_000_000

// check refuses what no plan can make sense of.
func (m *measurement) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case given("rounds") && (m.rounds < 1 || m.rounds > mostRounds):
		return fmt.Errorf("--rounds %d: from 1 to %d", m.rounds, mostRounds)
	case m.budget <= 0:
		return fmt.Errorf("--budget %v: above 0", m.budget)
	case m.layouts < 0:
		return fmt.Errorf("--layouts %d: from 2", m.layouts)
	case m.ring == 0 || m.ring > 1<<20:
		return fmt.Errorf("--records %d: from 1 to %d", m.ring, 1<<20)
	case m.out == "-" || given("out") && isOutput(m.out, cmd.OutOrStdout()):
		return fmt.Errorf("--out %s: standard output has the report already: name a file", m.out)
	case m.layouts == 1:
		return errors.New("--layouts 1 is the one layout that every run has: name 2 or more")
	case given("rate") && !isRate(m.rate):
		return fmt.Errorf("--rate %v: it is a number of records a second, above 0", m.rate)
	case given("per-core") && !isRate(m.perCore):
		return fmt.Errorf("--per-core %v: it is a number of records a second, above 0", m.perCore)
	}
	return nil
}

// isRate reports whether a rate prices anything: NaN and the infinities, which a flag may say, do not.
func isRate(rate float64) bool { return rate > 0 && !math.IsInf(rate, 1) }

// checkRef refuses a reference that is not among the codecs called names, or that cannot carry s: no ratio would refer to it.
func (m *measurement) checkRef(s *schemas.Schema, names []string) error {
	if m.ref == "" {
		return nil
	}
	for _, f := range lab().Formats {
		if f.Name != m.ref || !slices.Contains(names, f.Name) {
			continue
		}
		if _, err := f.New(s); err != nil {
			return fmt.Errorf("--ref %s: the codec cannot carry %s, so nothing can be compared with it: %w", m.ref, s.Name, err)
		}
		return nil
	}
	return fmt.Errorf("--ref %q is not among the codecs measured: %s", m.ref, near.Hint(m.ref, names))
}

func (m *measurement) choose() (*schemas.Schema, error) {
	if m.schema == nil && m.stream == "" {
		m.stream = defaultStream
	}
	return m.load()
}

// codecNames returns the codecs that a runtime of the run has, and says which of those asked for none has.
func (m *measurement) codecNames(cmd *cobra.Command) ([]string, error) {
	list := m.codecs
	if m.duet != "" {
		list = m.duet
	}
	find := all.Find
	if len(m.times) > 1 || !m.inGo() {
		find = all.FindReleased
	}
	formats, err := find(list)
	if err != nil {
		return nil, err
	}
	var names, without []string
	for _, f := range formats {
		if slices.ContainsFunc(m.times, func(r harness.Runtime) bool { return r.Has(f) }) {
			names = append(names, f.Name)
		} else {
			without = append(without, f.Name)
		}
	}
	if m.duet != "" && len(formats) != 2 {
		return nil, fmt.Errorf("--duet %s: name two codecs", m.duet)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("--runtime %s has none of the codecs %s", m.runtimes, strings.Join(without, ", "))
	}
	if len(without) > 0 && cmd.Flags().Changed("codec") {
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: --runtime %s leaves out %s\n", m.runtimes, strings.Join(without, ", "))
	}
	return names, nil
}

// chooseOps puts the ops of --ops into p.
func (m *measurement) chooseOps(p *harness.Plan) error {
	for name := range strings.SplitSeq(m.ops, ",") {
		op := harness.Op(strings.TrimSpace(name))
		switch {
		case op == "all":
			p.Ops = append(slices.Clone(harness.Ops), harness.Copy)
			p.Exchanges = []string{exchange.Local.Name}
		case op == harness.Move:
			p.Exchanges = []string{exchange.Local.Name}
		case !slices.Contains(harness.Ops, op) && op != harness.Copy:
			return fmt.Errorf("--ops: unknown op %q: %s", op, near.Hint(string(op), names(ops)))
		case !slices.Contains(p.Ops, op):
			p.Ops = append(p.Ops, op)
		}
	}
	if m.duet != "" && len(p.Exchanges) > 0 {
		if m.ops != defaultOps {
			return errors.New("--duet compares codecs on one core: leave move out of --ops")
		}
		p.Exchanges = nil
	}
	if !m.inGo() {
		if m.ops != defaultOps && len(p.Exchanges) > 0 && m.ops != "all" {
			return fmt.Errorf("--ops move is of runtime go, which --runtime %s leaves out", m.runtimes)
		}
		p.Exchanges = nil
	}
	if len(m.times) == 1 && m.inGo() && len(p.Ops) == 1 && p.Ops[0] == harness.Copy && len(p.Exchanges) == 0 {
		return errors.New("--ops copy is of Flink's runtimes: add one to --runtime")
	}
	if len(p.Exchanges) == 0 && (m.key != "" || m.noTimestamps) {
		return errors.New("--key and --no-timestamps concern the keyBy: add move to --ops")
	}
	if m.inGo() && len(p.Exchanges) == 0 && (m.rate > 0 || m.perCore > 0) {
		return errors.New("--rate and --per-core price a keyBy: add move to --ops")
	}
	return nil
}
