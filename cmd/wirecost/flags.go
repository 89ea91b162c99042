package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// checkFlags refuses, before any subcommand, what none can make sense of.
func checkFlags(cmd *cobra.Command, _ []string) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.String() == "" { // an unset shell variable, as a rule
			err = fmt.Errorf("--%s is empty: give it a value or leave it out", f.Name)
		}
		for _, other := range f.Annotations[excludes] {
			if err == nil && cmd.Flags().Changed(other) {
				err = fmt.Errorf("--%s and --%s exclude each other", f.Name, other)
			}
		}
	})
	return err
}

// excludes is the annotation of a flag that names those which cannot stand beside it.
const excludes = "excludes"

// exclusive makes a flag and each of the others exclude each other, in words of our own: cobra only completes by it.
func exclusive(cmd *cobra.Command, flag string, others ...string) {
	cmd.Flags().SetAnnotation(flag, excludes, others)
	for _, other := range others {
		cmd.MarkFlagsMutuallyExclusive(flag, other)
	}
}

// noArgs refuses arguments, which are files or names of streams as a rule, and says which flags take them.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.Flags().Lookup("input") != nil:
		return fmt.Errorf("%s takes no argument %q: the record type is --schema FILE or --stream NAME, the records --input FILE", cmd.Name(), args[0])
	case cmd.Flags().Lookup("schema") != nil:
		return fmt.Errorf("%s takes no argument %q: the record type is --schema FILE or --stream NAME", cmd.Name(), args[0])
	}
	return fmt.Errorf("%s takes no argument %q", cmd.Name(), args[0])
}
