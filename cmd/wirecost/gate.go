package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/cmd/internal/checks"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/gate/build"
	"github.com/wirecost/wirecost/harness/gate/schemacost"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

func newGate() *cobra.Command {
	g := &schemaGate{}
	return checks.NewGate("wirecost", &checks.SchemaGate{Bind: g.bind, Flags: schemaFlags, Asked: func() bool { return g.schema != nil }, Judge: g.judge})
}

// A schemaGate is what gate is asked about a schema.
type schemaGate struct {
	schema                   []string // the first has the record, others what it names
	typ, codec, key, profile string
	rate                     float64
	records                  uint64
}

// gateColumns are the codecs whose bytes of a field are shown, of those that are judged.
const gateColumns = "avro,protobuf-dynamic,json,pojo"

func (g *schemaGate) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&g.schema, "schema", nil, "judge an Avro schema `FILE` (.avsc) instead of benchmarks; again for files and folders with types that it names")
	f.StringVar(&g.typ, "type", "", "record `NAME` within --schema, if its root is not the record")
	f.StringVar(&g.codec, "codec", "all", "with --schema: the codecs that are judged, a `LIST` of names and globs")
	f.StringVar(&g.key, "key", "", "with --schema: key of the keyed state, `PATH[,PATH]` of fields (default the schema's keyBy, or its first field fit for one)")
	f.StringVar(&g.profile, "profile", "", "with --schema: external profile `FILE` of the records")
	f.Float64Var(&g.rate, "rate", 0, "with --schema: your records a second, for MB/s")
	f.Uint64Var(&g.records, "records", harness.DefaultRecords, "with --schema: how many records the bytes are a mean of")
	completesList(cmd, "codec", 0, listCodecPatterns)
}

// schemaFlags go with --schema alone.
var schemaFlags = []string{"type", "codec", "key", "profile", "rate", "records"}

func (g *schemaGate) check(cmd *cobra.Command) error {
	switch {
	case slices.Contains(g.schema, "-"):
		return errors.New("--schema -: standard input has no base revision: name a file of the repository")
	case cmd.Flags().Changed("rate") && !isRate(g.rate):
		return fmt.Errorf("--rate %v: it is a number of records a second, above 0", g.rate)
	case g.records == 0 || g.records > 1<<20:
		return fmt.Errorf("--records %d: from 1 to %d", g.records, 1<<20)
	}
	return nil
}

// A side is a revision of the schema: where its files are.
type side struct {
	name  string   // of the revision, in errors; "" for the working tree
	files []string // and folders of the schema, the first has the record
	names []string // what people call them
	typ   string
	work  string // the working directory
	prof  string // file of the external profile, "" for none
}

// judge judges the schema of the working tree against that of the base.
func (g *schemaGate) judge(cmd *cobra.Command, q checks.SchemaQuestion) (*gate.Verdict, error) {
	if err := g.check(cmd); err != nil {
		return nil, err
	}
	formats, err := all.Find(g.codec)
	if err != nil {
		return nil, err
	}
	ctx := cmd.Context()
	repo, err := build.Open(ctx, ".")
	if err != nil {
		return nil, err
	}
	commit, err := repo.Base(ctx, q.Base)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "wirecost-gate-")
	if err != nil {
		return nil, fmt.Errorf("a temporary directory for the base: %w", err)
	}
	defer os.RemoveAll(dir)
	work, err := repo.CheckOut(ctx, commit, dir)
	if err != nil {
		return nil, err
	}
	head := side{files: g.schema, names: g.schema, typ: g.typ, work: ".", prof: g.profile}
	base, err := g.baseOf(repo, build.Short(commit), work)
	if err != nil {
		return nil, err
	}
	j := gate.NewJudge(q.Policy)
	j.Verdict.Base, j.Verdict.Head = build.Short(commit), "the working tree"
	if err := g.compare(cmd, j, base, head, formats, q.Seed); err != nil {
		return nil, err
	}
	return j.Close(), nil
}

// baseOf finds the files of the base, which is checked out around work.
func (g *schemaGate) baseOf(repo *build.Repository, name, work string) (side, error) {
	s := side{name: name, typ: g.typ, work: work}
	for i, name := range g.schema {
		file, err := repo.In(work, name)
		if err != nil {
			return s, fmt.Errorf("--schema %w", err)
		}
		if i == 0 || exists(file) { // types may be new, the record is then
			s.files, s.names = append(s.files, file), append(s.names, name)
		}
	}
	var err error
	if g.profile == "" {
		return s, nil
	}
	if s.prof, err = repo.In(work, g.profile); err != nil || !exists(s.prof) {
		s.prof = g.profile // which has no other revision
	}
	return s, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func (g *schemaGate) compare(cmd *cobra.Command, j *gate.Judge, base, head side, formats []codecs.Format, seed uint64) error {
	if !exists(head.files[0]) && exists(base.files[0]) {
		return fmt.Errorf("%s: the working tree has no such file, and %s has: name the file that it became", g.schema[0], base.name)
	}
	h, err := head.plan()
	if err != nil {
		return err
	}
	warn(cmd, h.Warnings)
	revisions := []*schemacost.Revision{{}, {Plan: h}}
	n, _, err := harness.FitRecords(h, seed, int(g.records), defaultSet)
	if err != nil {
		return err
	}
	if exists(base.files[0]) {
		b, err := base.planAs(h.Schema)
		if err != nil {
			return fmt.Errorf("the base: %w", err)
		}
		revisions[0].Plan = b
		warn(cmd, slices.DeleteFunc(slices.Clone(b.Warnings), func(w string) bool { return slices.Contains(h.Warnings, w) }))
		m, _, err := harness.FitRecords(b, seed, int(g.records), defaultSet)
		if err != nil {
			return err
		}
		n = min(n, m)
	}
	if !cmd.Flags().Changed("records") {
		g.records = uint64(n)
	}
	for i, s := range []*side{&base, &head} {
		r := revisions[i]
		if r.Plan == nil {
			continue
		}
		if r.Key, err = g.keyOf(r.Plan); err != nil {
			return fmt.Errorf("%s%w", s.prefix(), err)
		}
		s.typ = r.Plan.Schema.Root.Name
		r.Alone = func(f codecs.Format) (float64, error) { return s.alone(cmd.Context(), f, seed, g.records) }
	}
	return schemacost.Judge(j, *revisions[0], *revisions[1], schemacost.Config{
		File: g.schema[0], Formats: formats, Columns: strings.Split(gateColumns, ","), Explain: explainConfig(), Line: lineOf,
		Framing: exchange.Config{Exchange: exchange.Local}.Framing(), Rate: g.rate, Seed: seed, Records: g.records,
	})
}

// keyOf returns the paths of --key, or those of the most natural key, nil if there is none.
func (g *schemaGate) keyOf(plan *records.Source) ([]string, error) {
	if g.key != "" {
		key := strings.Split(g.key, ",")
		if err := harness.CheckKey(plan.Schema, key); err != nil {
			return nil, fmt.Errorf("--key %s: %w", g.key, err)
		}
		return key, nil
	}
	key, err := harness.FirstKey(plan)
	if errors.Is(err, harness.ErrNoKey) {
		err = nil
	}
	return key, err
}

// prefix names a revision before a file, as git does.
func (s side) prefix() string {
	if s.name == "" {
		return ""
	}
	return s.name + ":"
}

// sources reads the schema's files, under the names that people know.
func (s side) sources() ([]schemas.Source, error) {
	var all []schemas.Source
	for i, file := range s.files {
		some, err := schemas.ReadSources(file)
		if err != nil {
			return nil, err
		}
		for _, source := range some {
			source.Name = s.prefix() + filepath.Join(s.names[i], strings.TrimPrefix(source.Name, filepath.Clean(file)))
			all = append(all, source)
		}
	}
	return all, nil
}

// plan reads the schema and plans its records.
func (s side) plan() (*records.Source, error) {
	sources, err := s.sources()
	if err != nil {
		return nil, err
	}
	schema, err := schemas.ParseSources(sources, s.typ)
	if err != nil {
		return nil, err
	}
	profile, err := readProfile(s.prof)
	if err != nil {
		return nil, err
	}
	dir := s.files[0]
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	plan, err := records.Config{External: profile, Hints: true}.Compile(schema.In(dir).At(s.work))
	if err != nil {
		name := s.prefix() + strings.Join(s.names, ", ")
		if s.prof != "" {
			name += " with " + s.prof
		}
		return nil, inFile(name, err)
	}
	return plan, nil
}

// planAs is plan of the record that became head: by the name of --type, or one that head's aliases give.
func (s side) planAs(head *schemas.Schema) (*records.Source, error) {
	plan, err := s.plan()
	if err == nil || s.typ == "" {
		return plan, err
	}
	sources, unread := s.sources()
	if unread != nil {
		return nil, err
	}
	names, unlisted := schemas.RecordNames(sources)
	for _, alias := range head.Root.Aliases {
		if unlisted == nil && slices.Contains(names, alias) {
			s.typ = alias
			return s.plan()
		}
	}
	return nil, err
}

// alone returns the mean bytes of the records in a format whose results depend on what its process did before: a process of its
// own encodes them.
func (s side) alone(ctx context.Context, f codecs.Format, seed, n uint64) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	args := []string{"generate", "--type", s.typ, "--codec", f.Name, "--format", "len", "--seed", fmt.Sprint(seed), "--records", fmt.Sprint(n)}
	for _, file := range s.files {
		if file, err = filepath.Abs(file); err != nil {
			return 0, err
		}
		args = append(args, "--schema", file)
	}
	if s.prof != "" {
		file, err := filepath.Abs(s.prof)
		if err != nil {
			return 0, err
		}
		args = append(args, "--profile", file)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Dir = s.work
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return 0, errors.New(strings.TrimPrefix(strings.TrimSpace(string(exit.Stderr)), "wirecost: "))
	}
	if err != nil {
		return 0, err
	}
	sum := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		size, err := strconv.Atoi(lines.Text())
		if err != nil {
			return 0, err
		}
		sum += size
	}
	return float64(sum) / float64(n), nil
}
