package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/records/infer"
)

// An inference is what infer is asked for.
type inference struct {
	file, name string
	skip       int
}

func newInfer() *cobra.Command {
	i := &inference{}
	cmd := &cobra.Command{
		Use:   "infer",
		Short: "draft a schema from JSON lines that have none",
		Long: `Infer reads records as JSON lines and prints an Avro schema by which they are read: a draft, for you to look at. The doc of
each field says what was seen.

  a field that is null or left out somewhere    a union with null
  numbers                                       int, long, or double if one has a fraction
  integers between the years 1990 and 2100      timestamp-millis, -micros or -nanos
  texts                                         string; uuid if all are; enum if they are at most 16 different ones that
                                                can be symbols, each there 10 times on average
  texts that are times                          string, with a profile that makes such times
  objects                                       record; map if they have many different keys of which each has few, more
                                                than 256, or one that is no name in Avro
  values of several types                       a union

The file is read once, in memory bounded by the number of different fields.`,
		Example: `  wirecost infer --input events.jsonl > events.avsc
  wirecost profile --schema events.avsc --input events.jsonl > events.profile.json
  wirecost run --schema events.avsc --profile events.profile.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return i.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&i.file, "input", "", "`FILE` of JSON lines, - for standard input")
	f.StringVar(&i.name, "name", "", "full `NAME` of the record (default that of the file, or Record)")
	f.IntVar(&i.skip, "skip-bad", 0, "go on behind so many bad lines: `N`")
	cmd.MarkFlagRequired("input")
	return cmd
}

func (i *inference) run(cmd *cobra.Command) error {
	if i.skip < 0 {
		return fmt.Errorf("--skip-bad %d: from 0", i.skip)
	}
	in, name, err := input(cmd, i.file)
	if err != nil {
		return err
	}
	defer in.Close()
	var draft infer.Draft
	skipped, first := 0, error(nil)
	err = eachLine(cmd, in, name, line, func(json []byte) error {
		if len(strings.TrimSpace(string(json))) == 0 {
			return nil
		}
		err := draft.Add(json)
		if err != nil && skipped < i.skip {
			if skipped++; first == nil {
				first = err
			}
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if skipped > 0 {
		complain(cmd.ErrOrStderr(), fmt.Sprintf("warning: skipped %s; the first: %v", plural.Count(skipped, "bad line"), first))
	}
	if draft.Records() == 0 {
		return errors.New(name + " has no records")
	}
	text, err := draft.Schema(i.record())
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

// record returns the name of the record: that of --name, or of the file as far as it can be one.
func (i *inference) record() string {
	if i.name != "" {
		return i.name
	}
	base, _, _ := strings.Cut(filepath.Base(i.file), ".")
	return infer.Name(base)
}
