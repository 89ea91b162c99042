package checks

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/wirecost/wirecost/harness/gate"
)

// A gateConfig is what gate is asked for.
type gateConfig struct {
	program               string
	base, against, head   string
	bench, policy, format string
	raw                   string
	rules, accepts        []string
	strict                bool
	budget                time.Duration
	seed                  uint64
	schemas               *SchemaGate
}

// A SchemaGate judges two revisions of a schema instead of benchmarks. Programs that link codecs have one.
type SchemaGate struct {
	Bind  func(cmd *cobra.Command) // the flag schema and those that go with it
	Flags []string                 // those that go with it
	Asked func() bool              // the flag schema was given
	Judge func(*cobra.Command, SchemaQuestion) (*gate.Verdict, error)
}

// A SchemaQuestion is what the flags of every gate say to that of schemas.
type SchemaQuestion struct {
	Base   string // revision
	Policy *gate.Policy
	Seed   uint64
}

const (
	defaultBudget = 10 * time.Minute
	defaultSeed   = 1
)

// NewGate returns the command gate. program is the name of the program that has it; schemas is nil where that links no codec.
func NewGate(program string, schemas *SchemaGate) *cobra.Command {
	c := &gateConfig{program: program, schemas: schemas}
	cmd := &cobra.Command{
		Use:   "gate --base REV [PACKAGES]",
		Short: "fail if benchmarks got slower or allocate more, or records grew",
		Long: `Gate builds the test binaries of two revisions of the Go module in the working directory, the merge base with REV and
the working tree, and judges their benchmarks: allocations exactly, CPU time in pairs of processes that run at once on
one core, with new code layouts for each pair. It fails only where the lower bound of the slowdown is beyond the
tolerance; what it could not have seen is inconclusive, never a pass. Where both sides link to the same program
nothing is run.

--against FILE judges what is exact of two files of results instead; time is never compared with a stored number. What
may grow by how much stands in ` + gate.PolicyFile + `, or in flags: gate init writes one.
` + schemaHelp(schemas) + `
The exit status is 0 if nothing is wrong, 1 if the gate failed or had nothing to compare, 2 on a regression, 3 on a
warning under --strict, and 4 if the answer is not known.`,
		Example: strings.ReplaceAll(`  wirecost gate --base origin/main ./...
  wirecost gate --base v1.4.0 --bench 'Encode|Decode' --budget 5m --format md ./codec
  wirecost gate --against results/baseline.txt --head-file new.txt
`+schemaExample(schemas)+`  wirecost gate init`, "wirecost", program),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) },
	}
	c.bind(cmd)
	if schemas != nil {
		schemas.Bind(cmd)
	} else { // for who looks for it
		f := cmd.Flags()
		f.String("schema", "", "")
		f.MarkHidden("schema")
	}
	cmd.AddCommand(newInit())
	return cmd
}

// schemaHelp is what a program with codecs says of schemas.
func schemaHelp(schemas *SchemaGate) string {
	if schemas == nil {
		return ""
	}
	return `
--schema FILE judges a schema instead of benchmarks, in the same two revisions: bytes of a mean record in each codec,
which fields they are of, what Flink makes of them, a keyBy and keyed state. Files that the schema names are those of
the same revision. Nothing is built or timed, so it takes seconds.
`
}

func schemaExample(schemas *SchemaGate) string {
	if schemas == nil {
		return ""
	}
	return "  wirecost gate --schema order.avsc --base origin/main --rate 250000\n"
}

func (c *gateConfig) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.base, "base", "", "compare with the merge base of HEAD and `REV`")
	f.StringVar(&c.against, "against", "", "judge what is exact against a `FILE` of results")
	f.StringVar(&c.head, "head-file", "", "the other `FILE` of results, with --against; - is standard input")
	f.StringVar(&c.bench, "bench", ".", "run only benchmarks that match `REGEXP`, as go test -bench does")
	f.StringVar(&c.policy, "policy", "", "policy `FILE` (default "+gate.PolicyFile+", if there is one)")
	f.StringArrayVar(&c.rules, "rule", nil, "a line of the policy, which counts before those of the file: `'UNIT FAIL WARN FILTER'`")
	f.StringArrayVar(&c.accepts, "accept", nil, "accept a change: `'UNIT FILTER REASON'`")
	f.BoolVar(&c.strict, "strict", false, "warnings fail, with status 3")
	f.DurationVar(&c.budget, "budget", defaultBudget, "wall time of it all; fixes the number of pairs before the first")
	f.StringVar(&c.format, "format", "text", "form of the verdict: `FORM` text, md, json, github (annotations of a workflow)")
	f.StringVar(&c.raw, "out", "", "also write to `DIR`: verdict.md, verdict.json, and what was measured, base.txt and head.txt in Go benchmark format")
	f.Uint64Var(&c.seed, "seed", defaultSeed, "seed of the order of benchmarks")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "md", "json", "github"}, cobra.ShellCompDirectiveNoFileComp))
}

func (c *gateConfig) run(cmd *cobra.Command, args []string) error {
	if err := c.check(cmd, args); err != nil {
		return err
	}
	policy, err := c.readPolicy()
	if err != nil {
		return err
	}
	var v *gate.Verdict
	switch {
	case c.judgesSchema():
		v, err = c.schemas.Judge(cmd, SchemaQuestion{c.base, policy, c.seed})
	case c.against != "":
		v, err = c.files(cmd, policy)
	default:
		v, err = c.revisions(cmd, args, policy)
	}
	if err != nil {
		return err
	}
	v.Command = c.command(cmd, args)
	if err := c.keep(v); err != nil {
		return err
	}
	if err := print(cmd, c.format, form{"text", v.Text}, form{"md", v.Markdown}, form{"json", v.JSON}, form{"github", v.Annotations}); err != nil {
		return err
	}
	if v.Exit != 0 {
		return Status{v.Exit, errors.New(strings.TrimPrefix(v.Headline(), "gate: "))}
	}
	return nil
}

// keep writes the verdict to the directory of --out.
func (c *gateConfig) keep(v *gate.Verdict) error {
	if c.raw == "" {
		return nil
	}
	if err := os.MkdirAll(c.raw, 0o777); err != nil {
		return err
	}
	var md, object, base, head bytes.Buffer
	if s := v.Schema; s != nil {
		err := errors.Join(s.Bench(&base, false), s.Bench(&head, true),
			write(filepath.Join(c.raw, "base.txt"), &base), write(filepath.Join(c.raw, "head.txt"), &head))
		if err != nil {
			return err
		}
	}
	return errors.Join(v.Markdown(&md), v.JSON(&object),
		write(filepath.Join(c.raw, "verdict.md"), &md), write(filepath.Join(c.raw, "verdict.json"), &object))
}

// judgesSchema reports whether schemas are judged, not benchmarks.
func (c *gateConfig) judgesSchema() bool { return c.schemas != nil && c.schemas.Asked() }

// check refuses what makes no sense before anything is built.
func (c *gateConfig) check(cmd *cobra.Command, args []string) error {
	for _, name := range []string{"bench", "budget", "seed"} {
		if c.against != "" && cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s goes with --base: --against reads files and measures nothing", name)
		}
	}
	given := cmd.Flags().Changed
	if c.schemas != nil && !c.schemas.Asked() {
		if i := slices.IndexFunc(c.schemas.Flags, given); i >= 0 {
			return fmt.Errorf("--%s goes with --schema", c.schemas.Flags[i])
		}
	}
	switch {
	case c.schemas == nil && given("schema"):
		return fmt.Errorf("--schema needs codecs, which %s does not link: wirecost gate --schema FILE does (go install github.com/wirecost/wirecost/cmd/wirecost@latest)", c.program)
	case c.judgesSchema() && (given("against") || given("head-file")):
		return errors.New("--schema and --against exclude each other: both revisions of a schema are in the repository")
	case c.judgesSchema() && (given("bench") || given("budget")):
		return errors.New("--schema runs no benchmark: leave out --bench and --budget")
	case c.judgesSchema() && len(args) > 0:
		return fmt.Errorf("--schema judges a file and builds no package %q", args[0])
	case !slices.Contains([]string{"text", "md", "json", "github"}, c.format):
		return fmt.Errorf("--format %q: there are text, md, json and github", c.format)
	case c.base == "" && c.against == "":
		return errors.New("gate needs something to compare with: --base REV builds and measures two revisions, --against FILE reads two files")
	case c.base != "" && c.against != "":
		return errors.New("--base and --against exclude each other: a stored file has no time to compare")
	case c.against != "" && c.head == "":
		return errors.New("--against needs the other file: --head-file FILE, or - for standard input")
	case c.head != "" && c.against == "":
		return errors.New("--head-file goes with --against")
	case c.against != "" && len(args) > 0:
		return fmt.Errorf("--against reads files and builds no package %q", args[0])
	case c.budget <= 0:
		return fmt.Errorf("--budget %v: above 0", c.budget)
	}
	return nil
}

// readPolicy reads the file and appends the lines of flags.
func (c *gateConfig) readPolicy() (*gate.Policy, error) {
	var text io.Reader = strings.NewReader("")
	name := cmp.Or(c.policy, gate.PolicyFile)
	f, err := os.Open(name)
	switch {
	case err == nil:
		defer f.Close()
		text = f
	case c.policy != "" || !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	p, err := gate.ParsePolicy(text, name)
	if err != nil {
		return nil, err
	}
	p.Strict = c.strict
	for _, line := range c.rules {
		r, err := gate.ParseRule(line)
		if err != nil {
			return nil, fmt.Errorf("--rule: %w", err)
		}
		p.Rules = append(p.Rules, r)
	}
	for _, line := range c.accepts {
		a, err := gate.ParseAccept(line)
		if err != nil {
			return nil, fmt.Errorf("--accept: %w", err)
		}
		p.Accepts = append(p.Accepts, a)
	}
	return p, nil
}

// files judges what is exact of two files.
func (c *gateConfig) files(cmd *cobra.Command, policy *gate.Policy) (*gate.Verdict, error) {
	base, err := open(cmd, c.against)
	if err != nil {
		return nil, err
	}
	head, err := open(cmd, c.head)
	if err != nil {
		return nil, err
	}
	j := gate.NewJudge(policy)
	if err := j.Files(base, head); err != nil {
		return nil, err
	}
	return j.Close(), nil
}

// command is how to repeat this, in a shell: all flags but those about where the verdict goes.
func (c *gateConfig) command(cmd *cobra.Command, args []string) string {
	words := []string{c.program, "gate"}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			switch {
			case f.Name == "format", f.Name == "out", value == f.DefValue:
			case f.Value.Type() == "bool":
				words = append(words, "--"+f.Name)
			default:
				words = append(words, "--"+f.Name, quote(value))
			}
		}
	})
	for _, a := range args {
		words = append(words, quote(a))
	}
	return strings.Join(words, " ")
}

// quote returns a word as a shell reads it.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:@,+") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// newInit returns the command that writes a policy.
func newInit() *cobra.Command {
	return &cobra.Command{
		Use:     "init",
		Short:   "write a policy file with comments: " + gate.PolicyFile,
		Long:    "Init writes " + gate.PolicyFile + " into the working directory: what the gate does without one, line by line, to be edited. A file that is there stays.",
		Example: "  wirecost gate init",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("gate init takes no argument %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := os.OpenFile(gate.PolicyFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already: edit it, or remove it first", gate.PolicyFile)
			}
			if err != nil {
				return err
			}
			_, err = io.WriteString(f, gate.Template)
			if err = errors.Join(err, f.Close()); err == nil {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\n", gate.PolicyFile)
			}
			return err
		},
	}
}
