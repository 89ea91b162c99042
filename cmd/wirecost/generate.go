package main

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A generation is what generate is asked for.
type generation struct {
	subject
	seed, from, records uint64
	profile             string
	codec, format       string
}

func newGenerate() *cobra.Command {
	g := &generation{}
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "generate representative records of a schema, as JSON lines or encoded",
		Long: `Generate prints records of a schema as JSON lines in the Avro JSON encoding, or encoded with --codec. Record i is the
same wherever and whenever it is generated: it depends on the schema, the profile, the seed and i alone. How values are
distributed is said by annotations in the schema ("profile", or the "arg.properties" of avro-random-generator) or by
an external profile; fields without either have sensible defaults.

` + shufflesHelp,
		Example: `  wirecost generate --stream orders.Order --records 2
  wirecost generate --schema order.avsc --seed 7 --from 1000000 --records 10
  wirecost generate --stream nexmark.Bid --codec pojo --format raw --records 100000 > bids.bin`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.run(cmd) },
	}
	g.subject.bind(cmd, "")
	cmd.Flags().Uint64Var(&g.seed, "seed", 1, "seed of the records")
	cmd.Flags().Uint64Var(&g.records, "records", 10, "how many records")
	cmd.Flags().Uint64Var(&g.from, "from", 0, "index of the first record")
	cmd.Flags().StringVar(&g.profile, "profile", "", "external profile `FILE`")
	g.bindHints(cmd)
	cmd.Flags().StringVar(&g.codec, "codec", "", "encode with `CODEC` instead of printing JSON lines")
	cmd.Flags().StringVar(&g.format, "format", "hex", "with --codec: `FORM` hex, base64, raw, len")
	completes(cmd, "codec", listCodecs)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(wireNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (g *generation) run(cmd *cobra.Command) error {
	if g.codec == "" && cmd.Flags().Changed("format") {
		return fmt.Errorf("--format needs --codec: without it generate prints JSON lines")
	}
	if g.from+g.records < g.from {
		return fmt.Errorf("--from %d --records %d: indices end at 2^64-1", g.from, g.records)
	}
	s, err := g.load()
	if err != nil {
		return err
	}
	plan, err := g.compile(cmd, s, g.profile)
	if err != nil {
		return err
	}
	if g.codec != "" {
		return g.encode(cmd, s, plan)
	}
	return g.print(cmd, plan, func(dst []byte, record any) ([]byte, error) { return appendLine(dst, plan.Type, record) })
}

func (g *generation) encode(cmd *cobra.Command, s *schemas.Schema, plan *records.Source) error {
	p, w, err := openPipe(s, g.codec, g.format)
	if err != nil {
		return err
	}
	err = g.print(cmd, plan, func(dst []byte, record any) ([]byte, error) {
		b, err := p.Encode(record)
		return w.put(dst, b), err
	})
	if err == nil && g.records > 0 {
		noteShuffles(cmd, p, w)
	}
	return err
}

// appendLine appends a record of type t as a line of JSON.
func appendLine(dst []byte, t *access.Type, record any) ([]byte, error) {
	r, err := t.Ref(record)
	if err != nil {
		return dst, err
	}
	dst, err = access.AppendJSON(dst, t, r)
	return append(dst, '\n'), err
}

// print writes the records that the flags choose, each as write appends it.
func (g *generation) print(cmd *cobra.Command, plan *records.Source, write func(dst []byte, record any) ([]byte, error)) error {
	gen, out := plan.Generator(g.seed), bufio.NewWriter(cmd.OutOrStdout())
	var text []byte
	for i := g.from; i < g.from+g.records; i++ {
		var err error
		if text, err = write(text[:0], gen.New(i)); err == nil {
			_, err = out.Write(text)
		}
		if err == nil {
			err = cmd.Context().Err()
		}
		if err != nil {
			out.Flush()
			return fmt.Errorf("record %d: %w", i, err)
		}
	}
	return out.Flush()
}
