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
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
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
}

const (
	defaultBudget = 10 * time.Minute
	defaultSeed   = 1
)

// NewGate returns the command gate. program is the name of the program that has it.
func NewGate(program string) *cobra.Command {
	c := &gateConfig{program: program}
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

The exit status is 0 if nothing is wrong, 1 if the gate failed or had nothing to compare, 2 on a regression, 3 on a
warning under --strict, and 4 if the answer is not known.`,
		Example: strings.ReplaceAll(`  wirecost gate --base origin/main ./...
  wirecost gate --base v1.4.0 --bench 'Encode|Decode' --budget 5m --format md ./codec
  wirecost gate --against results/baseline.txt --head-file new.txt
  wirecost gate init`, "wirecost", program),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) },
	}
	c.bind(cmd)
	cmd.AddCommand(newInit())
	return cmd
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
	if c.against != "" {
		v, err = c.files(cmd, policy)
	} else {
		v, err = c.revisions(cmd, args, policy)
	}
	if err != nil {
		return err
	}
	v.Command = c.command(args)
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
	var md, object bytes.Buffer
	return errors.Join(v.Markdown(&md), v.JSON(&object),
		write(filepath.Join(c.raw, "verdict.md"), &md), write(filepath.Join(c.raw, "verdict.json"), &object))
}

// check refuses what makes no sense before anything is built.
func (c *gateConfig) check(cmd *cobra.Command, args []string) error {
	for _, name := range []string{"bench", "budget", "seed"} {
		if c.against != "" && cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s goes with --base: --against reads files and measures nothing", name)
		}
	}
	switch {
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
	var lines strings.Builder
	for _, r := range c.rules {
		fmt.Fprintln(&lines, r)
	}
	for _, a := range c.accepts {
		fmt.Fprintln(&lines, "accept", a)
	}
	flags, err := gate.ParsePolicy(strings.NewReader(lines.String()), "--rule and --accept")
	if err != nil {
		return nil, err
	}
	p.Rules, p.Accepts, p.Strict = append(p.Rules, flags.Rules...), append(p.Accepts, flags.Accepts...), c.strict
	return p, p.Check()
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

// command is how to repeat this, in a shell.
func (c *gateConfig) command(args []string) string {
	words := []string{c.program, "gate"}
	flag := func(name, value, unless string) {
		if value != unless {
			words = append(words, "--"+name, quote(value))
		}
	}
	flag("base", c.base, "")
	flag("against", c.against, "")
	flag("head-file", c.head, "")
	flag("bench", c.bench, ".")
	flag("policy", c.policy, "")
	flag("budget", c.budget.String(), defaultBudget.String())
	flag("seed", strconv.FormatUint(c.seed, 10), strconv.Itoa(defaultSeed))
	for _, r := range c.rules {
		flag("rule", r, "")
	}
	for _, a := range c.accepts {
		flag("accept", a, "")
	}
	if c.strict {
		words = append(words, "--strict")
	}
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
