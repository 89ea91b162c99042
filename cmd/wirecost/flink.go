package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/harness/measure"
)

func newFlink() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "flink",
		Short: "the released Flink, for --runtime flink2 and flink1",
		Long:  "flink has the commands about the worker around the released serializers of Flink, which --runtime flink2 and flink1 measure.",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "build",
		Short: "build the worker around the released Flink, once",
		Long: `Build compiles the worker around the serializers of Flink 2.3.0 and 1.20.4 into your cache folder, from sources that are part
of this program. It needs a JDK 17 and Maven, and the network unless Maven's local repository has the jars. It prints the
folder; where that is built already, it does nothing else. The exit status is 4 if the machine lacks a JDK, Maven or jars, and
1 if the sources do not compile.`,
		Example: "  wirecost flink build",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := jvm.Build(cmd.Context(), jvm.FindToolchain(cmd.Context()), cmd.ErrOrStderr())
			if errors.As(err, new(measure.Unmeasured)) {
				return status{exitInconclusive, fmt.Errorf("flink build: %w", err)}
			}
			if err != nil {
				return fmt.Errorf("flink build: %w", err)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), dir)
			return err
		},
	})
	return cmd
}
