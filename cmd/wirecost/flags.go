package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/wirecost/wirecost/internal/near"
)

// checkFlags refuses, before any subcommand, what none can make sense of.
func checkFlags(cmd *cobra.Command, _ []string) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		list, ok := f.Value.(pflag.SliceValue)
		if err == nil && (f.Value.String() == "" || ok && slices.Contains(list.GetSlice(), "")) { // an unset shell variable, as a rule
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

// flagError says what is wrong with a flag, and which was meant. Behind an unknown command no flag is known either: the
// command is the mistake then.
func flagError(cmd *cobra.Command, err error) error {
	if args := cmd.Flags().Args(); !cmd.HasParent() && len(args) > 0 {
		return unknownCommand(cmd, args)
	}
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		// A name behind a single dash is read as letters, each of which is a flag.
		typed := cmp.Or(unknown.GetSpecifiedShortnames(), unknown.GetSpecifiedName())
		if meant, ok := near.Name(typed, flagNames(cmd)); ok {
			return fmt.Errorf("%w: did you mean %q?", err, "--"+meant)
		}
	}
	return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// unknownCommand refuses arguments of the root command: a subcommand would have taken them.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unknown command %q: %s", args[0], near.Hint(args[0], commandNames(root)))
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
