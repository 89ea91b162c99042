package main

import (
	"fmt"
	"math/bits"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// A verification is what verify is asked for.
type verification struct {
	subject
	profile, format string
	seed, records   uint64
	random          int
}

// mostRandom is how many random schemas a run compares: a JVM makes the classes of each.
const mostRandom = 10000

// committed is the evidence without a JDK.
const committed = "what is committed is codecs/flink/testdata/vectors: 24 records of each of 14 schemas, as Flink 2.3.0 and 1.20.4, Kryo and Java Avro wrote them, which go test compares"

func newVerify() *cobra.Command {
	v := &verification{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "compare every byte with what the released Flink, Java Avro and Kryo write",
		Long: `Verify has the released systems write generated records, and compares every byte with ours: the codecs of ` + "flink2 and flink1" + `,
and avro as Java writes it. Without --schema and --stream it goes through all built-in streams, and with --random N through N schemas more that are
drawn from --seed: one that differs is printed. It needs a JDK 17 and wirecost flink build, once. The exit status is 1 if a
byte differs, and 4 if nothing could be compared.`,
		Example: "  wirecost verify --random 50\n  wirecost verify --schema order.avsc\n  wirecost verify --stream nexmark.Bid --records 4096",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&v.profile, "profile", "", "external profile `FILE` of the records")
	f.Uint64Var(&v.seed, "seed", 1, "seed of the records, and of random schemas")
	f.Uint64Var(&v.records, "records", harness.DefaultRecords, "records of each schema, rounded up to a power of two")
	f.IntVar(&v.random, "random", 0, "compare `N` random schemas, too")
	exclusive(cmd, "random", "schema", "stream", "type", "profile")
	f.StringVar(&v.format, "format", "text", "`FORM` text, json")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (v *verification) run(cmd *cobra.Command) error {
	switch {
	case v.format != "text" && v.format != "json":
		return fmt.Errorf("--format %q: there are text and json", v.format)
	case v.records == 0 || v.records > 1<<20:
		return fmt.Errorf("--records %d: from 1 to %d", v.records, 1<<20)
	case v.random < 0 || v.random > mostRandom:
		return fmt.Errorf("--random %d: from 0 to %d", v.random, mostRandom)
	}
	all, err := v.schemas()
	if err != nil {
		return err
	}
	verifier, err := jvm.NewVerifier(cmd.Context(), lab())
	if err != nil {
		return status{exitInconclusive, fmt.Errorf("nothing compared: %w; %s", err, committed)}
	}
	defer verifier.Close()
	var verdicts []jvm.Verdict
	n := 1 << bits.Len64(v.records-1)
	for _, s := range all {
		source, err := v.compile(cmd, s, v.profile)
		if err != nil {
			return err
		}
		sub, err := harness.Generate(source, measure.Data{Seed: v.seed, Records: n})
		if err != nil {
			return err
		}
		more, err := verifier.Verify(cmd.Context(), sub)
		if err != nil {
			return err
		}
		verdicts = append(verdicts, more...)
	}
	return v.print(cmd, jvm.Sum(verdicts, n*len(all)))
}

// schemas returns the schema that was chosen, or those of all streams.
func (v *verification) schemas() ([]*schemas.Schema, error) {
	if len(v.schema) > 0 || v.stream != "" || v.typ != "" {
		s, err := v.load()
		return []*schemas.Schema{s}, err
	}
	var all []*schemas.Schema
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	drawn, err := jvm.Random(v.seed, v.random)
	return append(all, drawn...), err
}

func (v *verification) print(cmd *cobra.Command, sum jvm.Verification) error {
	form := sum.Text
	if v.format == "json" {
		form = sum.JSON
	}
	if err := form(cmd.OutOrStdout()); err != nil {
		return err
	}
	switch {
	case sum.Differ > 0:
		return fmt.Errorf("not as the released systems write it: %s", plural.Count(sum.Differ, "codec"))
	case sum.Encodings == 0:
		return status{exitInconclusive, fmt.Errorf("no released codec carries the schema")}
	}
	return nil
}
