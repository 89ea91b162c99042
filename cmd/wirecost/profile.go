package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness/fidelity"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/guide"
	"github.com/wirecost/wirecost/records/learn"
	"github.com/wirecost/wirecost/records/sample"
)

// A lesson is what profile is asked for.
type lesson struct {
	subject
	own
	out  string
	keep bool
}

// promised are the codecs in which records of a learned profile are compared with the sample.
const promised = "avro,avro-blocksize,protobuf-dynamic,msgpack,msgpack-array,cbor,json"

// mostSample is how many bytes of the sample's records are kept to compare sizes with.
const mostSample = 6 << 20

// mostMemory is how much the collector lets the program have while it learns, so that it has less than 64 MiB with its own
// code: what is kept is a third of it, and the collector would let garbage double that.
const mostMemory = 40 << 20

func newProfile() *cobra.Command {
	l := &lesson{}
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "learn from a file of records what records of a schema are like",
		Long: `Profile reads a sample of your records and prints a profile, a JSON file that --profile of the other commands takes: how
often each field is null, how long and of which characters texts are, how numbers are distributed, which values repeat how
often, how large arrays and maps are. The sample is read once, in bounded memory, however large it is: JSON lines (Avro's
JSON, or plain JSON where that is clear), an Avro container file, whose schema serves if there is no --schema, or framed
records (encode --format raw, with Confluent's magic byte and schema id).

The profile holds no value of the sample: ranges begin and end on a fixed grid, frequent values have stand-ins of the same
length and kinds of characters, counts below 5 are joined with their neighbours. --keep-values keeps the frequent values as
they are, and the file says so. This is thrift, not anonymisation: how many records there were, how often what occurs,
lengths and the range of times can be read from a profile, and so can the names and symbols of the schema.

What is learned is checked: 20,000 records made by the profile have the mean size of the sample's, to 2 %, in each of avro,
avro-blocksize, protobuf, msgpack, msgpack-array, cbor and json. If not, the codec and the field that are furthest off are
named, and the exit status is 4.

What a profile can say, in a schema (the attribute profile of a field or of a type) or in the file of --profile; examples of
each key, and the names by which a field that nothing describes gets values that look like it, are in docs/profile.md:

` + guide.Help(helpWidth),
		Example: `  wirecost profile --schema order.avsc --input orders.jsonl --out order.profile.json
  wirecost run --schema order.avsc --profile order.profile.json
  kcat -C -t orders -e | wirecost profile --schema order.avsc --input - --skip-bad 10 > order.profile.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd) },
	}
	l.subject.bind(cmd, "")
	f := cmd.Flags()
	l.own.bind(cmd)
	f.StringVar(&l.out, "out", "", "write the profile to `FILE` instead of standard output")
	f.BoolVar(&l.keep, "keep-values", false, "keep the most frequent values of the sample as they are: only for a sample that may be shown")
	cmd.MarkFlagRequired("input")
	return cmd
}

func (l *lesson) run(cmd *cobra.Command) (err error) {
	if l.out == "-" {
		return errors.New("--out -: leave it out, and the profile is on standard output")
	}
	if err := l.own.check(cmd); err != nil {
		return err
	}
	if before := debug.SetMemoryLimit(-1); before > mostMemory {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(mostMemory))
	}
	r, in, err := l.own.open(cmd, &l.subject)
	if err != nil {
		return err
	}
	defer in.Close()
	out := cmd.OutOrStdout()
	if l.out != "" {
		file, err := openOut(l.out)
		if err != nil {
			return err
		}
		defer file.Close()
		out = file
	}
	profile, ring, err := l.learn(cmd, r)
	if err != nil {
		return err
	}
	if file, ok := out.(*outFile); ok {
		err = file.begin()
	}
	if _, werr := out.Write(profile); err != nil || werr != nil {
		return cmp.Or(err, werr)
	}
	return l.check(cmd, r, ring, profile)
}

// learn returns the profile of the records of r, and records of it to compare sizes with.
func (l *lesson) learn(cmd *cobra.Command, r *sample.Reader) ([]byte, *sample.Ring, error) {
	learner, err := learn.New(r.Schema)
	if err != nil {
		return nil, nil, err
	}
	ring, err := sample.DrawEach(r, fidelity.Made, mostSample, 1, func(record any) error {
		return cmp.Or(cmd.Context().Err(), learner.Add(record))
	})
	if err != nil {
		return nil, nil, err
	}
	profile, err := learner.Profile(l.keep)
	return profile, ring, err
}

// check compares records that the profile makes with those of the sample, and says what there is to say.
func (l *lesson) check(cmd *cobra.Command, r *sample.Reader, ring *sample.Ring, profile []byte) error {
	l.own.noteSkipped(cmd, r)
	if l.keep {
		complain(cmd.ErrOrStderr(), "note: the most frequent values of the sample are in the profile, as --keep-values asks")
	}
	plan, err := records.Compile(r.Schema, profile)
	if err != nil {
		return fmt.Errorf("the learned profile: %w", err)
	}
	formats, err := all.Find(promised)
	if err != nil {
		return err
	}
	v, err := fidelity.Check(formats, r.Schema, ring.Each(r.Type), fidelity.MadeBy(plan, 1, fidelity.Made))
	if err != nil {
		return err
	}
	said := fmt.Sprintf("learned from %s: %v", plural.Count(int(r.Read()), "record"), v)
	if !v.Kept() {
		return status{exitInconclusive, errors.New(said)}
	}
	complain(cmd.ErrOrStderr(), said)
	return nil
}
