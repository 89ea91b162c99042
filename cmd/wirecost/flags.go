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
	})
	return err
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
